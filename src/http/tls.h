// The server's side of TLS: versions, ciphers and the certificate.
#pragma once

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>

#include "productflow/result.h"

namespace pf::http {

struct FreeContext { void operator()(SSL_CTX* p) const { SSL_CTX_free(p); } };
using TlsContext = std::shared_ptr<SSL_CTX>;  // shared: a reload leaves connections on the old one until they end

Result<TlsContext> server_context(const std::filesystem::path& certificate, const std::filesystem::path& key);

}  // namespace pf::http
