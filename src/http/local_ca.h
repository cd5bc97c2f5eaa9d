// The appliance's own certificate authority in a folder: ca.pem and ca.key, server.pem and server.key. Made on first
// run, the server's certificate again when its end is near or it lacks a name. A server.pem that the authority did not
// issue is the owner's own and is left alone.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "crypto/certificate.h"
#include "productflow/clock.h"
#include "productflow/result.h"

namespace pf::http {

inline constexpr std::chrono::days kRenewBefore{30};

struct TlsFiles {
  std::filesystem::path ca, certificate, key;
  bool renewed = false;  // the server should load them again
};
Result<TlsFiles> ensure_tls_files(const std::filesystem::path& folder, const std::string& listen_address, Time now);

// Who signs programs' certificates: clients.pem and clients.key, made on first use. Another one than the server's, so
// that browsers which trust our pages are not asked for a certificate of theirs.
Result<crypto::Identity> client_authority(const std::filesystem::path& folder, Time now);
// What a program must trust to reach the server: the local authority, or the owner's own certificate.
Result<std::string> authority_text(const std::filesystem::path& folder);

}  // namespace pf::http
