#include "http/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <cstring>

namespace pf::http {
namespace {

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                    void*) {
  static constexpr unsigned char kHttp[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kHttp, sizeof kHttp - 1, in, in_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

Result<TlsContext> server_context(const std::filesystem::path& certificate, const std::filesystem::path& key,
                                  const std::filesystem::path& client_ca) {
  const TlsContext context(SSL_CTX_new(TLS_server_method()), FreeContext());
  if (!context) return error(ErrorCode::internal, "TLS could not be started.");
  // BSI TR-02102-2: TLS 1.2 and 1.3, forward secrecy, authenticated ciphers.
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set1_groups_list(context.get(), "X25519:P-256:P-384");
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                         SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context.get(), 1);  // a record with one call of the kernel instead of two
  SSL_CTX_set_session_cache_mode(context.get(),
                                 SSL_SESS_CACHE_OFF);  // tickets only, so nothing of a client is kept here
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    ERR_clear_error();
    return error(ErrorCode::invalid, "The certificate " + certificate.string() + " and the key " + key.string() +
                                         " cannot be used together. Both must be PEM, and belong to each other.");
  }
  if (!client_ca.empty()) {
    STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(client_ca.c_str());
    if (names == nullptr || SSL_CTX_load_verify_locations(context.get(), client_ca.c_str(), nullptr) != 1) {
      sk_X509_NAME_pop_free(names, X509_NAME_free);
      ERR_clear_error();
      return error(ErrorCode::invalid,
                   "The authority for client certificates " + client_ca.string() + " cannot be read. It must be PEM.");
    }
    SSL_CTX_set_client_CA_list(context.get(), names);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    static constexpr unsigned char kId[] = "productflow";  // or resumption with a certificate is refused
    SSL_CTX_set_session_id_context(context.get(), kId, sizeof kId - 1);
  }
  return context;
}

std::string client_certificate_of(const SSL* ssl) {
  X509* certificate = SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr || SSL_get_verify_result(ssl) != X509_V_OK) return {};
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) return {};
  std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

Result<TlsContext> client_context(const std::filesystem::path& ca) {
  const TlsContext context(SSL_CTX_new(TLS_client_method()), FreeContext());
  if (!context) return error(ErrorCode::internal, "TLS could not be started.");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_load_verify_locations(context.get(), ca.c_str(), nullptr) != 1) {
    ERR_clear_error();
    return error(ErrorCode::invalid, "The authority's certificate " + ca.string() + " cannot be read. It must be PEM.");
  }
  return context;
}

Result<TlsContext> outbound_context(const std::string& pem) {
  const TlsContext context(SSL_CTX_new(TLS_client_method()), FreeContext());
  if (!context) return error(ErrorCode::internal, "TLS could not be started.");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (pem.empty()) {
    SSL_CTX_set_default_verify_paths(context.get());
    // Where distributions keep what the machine trusts; the library knows Debian's place alone.
    for (const char* file : {"/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem", "/etc/ssl/ca-bundle.pem"})
      if (::access(file, R_OK) == 0) SSL_CTX_load_verify_locations(context.get(), file, nullptr);
    ERR_clear_error();
    return context;
  }
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                         &BIO_free_all);
  X509_STORE* trusted = SSL_CTX_get_cert_store(context.get());
  int found = 0;
  while (X509* one = in ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr) : nullptr) {
    found += X509_STORE_add_cert(trusted, one) == 1;
    X509_free(one);
  }
  ERR_clear_error();
  if (found == 0)
    return invalid("authority", "format",
                   "The authority must be one certificate or several as PEM, with their BEGIN and END lines.");
  X509_STORE_set_flags(trusted, X509_V_FLAG_PARTIAL_CHAIN);  // a server's own certificate may be named itself
  return context;
}

}  // namespace pf::http
