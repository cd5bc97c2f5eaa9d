// TLS: versions, ciphers and certificates.
#pragma once

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>
#include <string>

#include "productflow/result.h"

namespace pf::http {

struct FreeContext {
  void operator()(SSL_CTX* p) const { SSL_CTX_free(p); }
};
using TlsContext = std::shared_ptr<SSL_CTX>;  // shared: a reload leaves connections on the old one until they end

// With `client_ca`, callers may show a certificate that it signed; others are let in without one.
Result<TlsContext> server_context(const std::filesystem::path& certificate, const std::filesystem::path& key,
                                  const std::filesystem::path& client_ca = {});
// The verified certificate of the peer as DER, or empty.
std::string client_certificate_of(const SSL* ssl);

// For the client: trusts `ca` alone.
Result<TlsContext> client_context(const std::filesystem::path& ca);
// The same for somebody else's server: trusts the certificates in `pem` alone; empty: what the machine trusts.
Result<TlsContext> outbound_context(const std::string& pem);

}  // namespace pf::http
