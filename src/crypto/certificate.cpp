#include "crypto/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <utility>

#include "crypto/bytes.h"

namespace pf::crypto {
namespace {

constexpr std::size_t kNameBytesMax = 253;  // of a DNS name (RFC 1035)
constexpr std::size_t kCommonNameMax = 64;  // X.520's upper bound; clients read the alternative names

using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;

Error failed(std::string_view doing) {
  ERR_clear_error();
  return error(ErrorCode::internal, "The certificate could not be handled (" + std::string(doing) + ").");
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}
Memory reading(std::string_view pem) {
  return Memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Result<Certificate> read_certificate(std::string_view pem) {
  Certificate certificate(PEM_read_bio_X509(reading(pem).get(), nullptr, nullptr, nullptr));
  if (!certificate) {
    ERR_clear_error();
    return error(ErrorCode::invalid, "This is not a certificate in PEM form.");
  }
  return certificate;
}

bool add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (extension == nullptr) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool set_common(X509* certificate, EVP_PKEY* key, std::string_view common_name, Time now, std::chrono::days life) {
  // 159 random bits, positive (RFC 5280 section 4.1.2.2).
  unsigned char serial[20];
  if (RAND_bytes(serial, sizeof serial) != 1) return false;
  serial[0] &= 0x7f;
  serial[0] |= 0x40;
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  const bool numbered = number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  // A day back, for clients whose clock is behind.
  const auto start =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch() - std::chrono::days{1}).count();
  std::time_t from = start, to = start + std::chrono::duration_cast<std::chrono::seconds>(life).count();
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto entry = [&](const char* field, std::string_view value) {
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, bytes(value), static_cast<int>(value.size()), -1,
                                      0) == 1;
  };
  return numbered && X509_set_version(certificate, X509_VERSION_3) == 1 &&
         X509_time_adj_ex(X509_getm_notBefore(certificate), 0, 0, &from) &&
         X509_time_adj_ex(X509_getm_notAfter(certificate), 0, 0, &to) && X509_set_pubkey(certificate, key) == 1 &&
         entry("O", "ProductFlow") && entry("CN", common_name);
}

Result<Identity> written(X509* certificate, EVP_PKEY* key) {
  Memory certificate_text(BIO_new(BIO_s_mem())), key_text(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(certificate_text.get(), certificate) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key_text.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return failed("writing");
  return Identity{text_of(certificate_text.get()), text_of(key_text.get())};
}

bool is_address(const std::string& name) {
  ASN1_OCTET_STRING* address = a2i_IPADDRESS(name.c_str());
  ASN1_OCTET_STRING_free(address);
  ERR_clear_error();
  return address != nullptr;
}

// A name enters OpenSSL's list of extensions as text, where a comma would start another entry.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= kNameBytesMax &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:*_") ==
             std::string_view::npos;
}

Result<Key> read_key(std::string_view pem, const char* whose) {
  Key key(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, nullptr, nullptr));
  if (!key) {
    ERR_clear_error();
    return error(ErrorCode::invalid, std::string(whose) + " key cannot be read.");
  }
  return key;
}

// A leaf of `authority`: what both sides have in common, then `own`.
Result<Identity> issue(const Identity& authority, std::string_view common_name, std::chrono::days life, Time now,
                       const std::vector<std::pair<int, std::string>>& own) {
  PF_LET(const Certificate issuer, read_certificate(authority.certificate_pem));
  PF_LET(const Key issuer_key, read_key(authority.key_pem, "The authority's"));
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  const auto extend = [&](int kind, const std::string& value) {
    return add_extension(certificate.get(), issuer.get(), kind, value);
  };
  if (!key || !certificate ||
      !set_common(certificate.get(), key.get(), common_name.substr(0, kCommonNameMax), now, life) ||
      X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get())) != 1 ||
      !extend(NID_basic_constraints, "critical,CA:FALSE") || !extend(NID_key_usage, "critical,digitalSignature") ||
      !extend(NID_subject_key_identifier, "hash") || !extend(NID_authority_key_identifier, "keyid") ||
      !std::ranges::all_of(own, [&](const auto& one) { return extend(one.first, one.second); }) ||
      X509_sign(certificate.get(), issuer_key.get(), EVP_sha256()) == 0)
    return failed("issuing it");
  return written(certificate.get(), key.get());
}

}  // namespace

Result<Identity> make_authority(std::string_view common_name, Time now) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  if (!key || !certificate || !set_common(certificate.get(), key.get(), common_name, now, kAuthorityLife) ||
      X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get())) != 1 ||
      !add_extension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !add_extension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !add_extension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash") ||
      X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0)
    return failed("making the authority");
  return written(certificate.get(), key.get());
}

Result<Identity> issue_server(const Identity& authority, const std::vector<std::string>& names, Time now) {
  if (names.empty()) return error(ErrorCode::invalid, "A server's certificate needs at least one name or address.");
  std::string alternatives;
  for (const std::string& name : names) {
    if (!is_plain_name(name))
      return error(ErrorCode::invalid, "A server's name may only have letters, digits, dots, hyphens and colons.");
    alternatives += (alternatives.empty() ? "" : ",") + std::string(is_address(name) ? "IP:" : "DNS:") + name;
  }
  return issue(authority, names.front(), kLeafLife, now,
               {{NID_ext_key_usage, "serverAuth"}, {NID_subject_alt_name, alternatives}});
}

Result<Identity> issue_client(const Identity& authority, std::string_view common_name, std::chrono::days life,
                              Time now) {
  if (common_name.empty()) return error(ErrorCode::invalid, "A program's certificate needs a name.");
  return issue(authority, common_name, life, now, {{NID_ext_key_usage, "clientAuth"}});
}

Result<std::string> der_of(std::string_view certificate_pem) {
  PF_LET(const Certificate certificate, read_certificate(certificate_pem));
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.get(), &der);
  if (size <= 0) return failed("writing");
  std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

Result<std::string> bundle(const Identity& identity, std::string_view authority_pem, std::string_view name,
                           std::string_view password) {
  PF_LET(const Certificate certificate, read_certificate(identity.certificate_pem));
  PF_LET(Certificate authority, read_certificate(authority_pem));
  PF_LET(const Key key, read_key(identity.key_pem, "The certificate's"));
  STACK_OF(X509)* chain = sk_X509_new_null();
  if (chain == nullptr || sk_X509_push(chain, authority.get()) == 0) return failed("bundling");
  constexpr int kIterations = 600'000;  // PBKDF2 with SHA-256, OWASP 2023
  const std::string label(name), secret(password);
  PKCS12* made = PKCS12_create(secret.c_str(), label.c_str(), key.get(), certificate.get(), chain, NID_aes_256_cbc,
                               NID_aes_256_cbc, kIterations, kIterations, 0);
  sk_X509_free(chain);
  unsigned char* der = nullptr;
  const int size = made == nullptr ? -1 : i2d_PKCS12(made, &der);
  PKCS12_free(made);
  if (size <= 0) return failed("bundling");
  std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

Result<Time> expires_at(std::string_view certificate_pem) {
  PF_LET(const Certificate certificate, read_certificate(certificate_pem));
  std::tm when{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &when) != 1) return failed("reading its end");
  return Time{std::chrono::seconds{timegm(&when)}};
}

Result<std::string> fingerprint_sha256(std::string_view certificate_pem) {
  PF_LET(const Certificate certificate, read_certificate(certificate_pem));
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (X509_digest(certificate.get(), EVP_sha256(), digest, &size) != 1) return failed("reading its fingerprint");
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    if (i > 0) out.push_back(':');
    out.push_back(kDigits[digest[i] >> 4]);
    out.push_back(kDigits[digest[i] & 15]);
  }
  return out;
}

}  // namespace pf::crypto
