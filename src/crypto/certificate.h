// X.509 for the appliance's own authority (RFC 5280): P-256 keys, PEM texts. Plain functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "productflow/clock.h"
#include "productflow/result.h"

namespace pf::crypto {

struct Identity {
  std::string certificate_pem, key_pem;
};

inline constexpr std::chrono::days kAuthorityLife{3650};
inline constexpr std::chrono::days kLeafLife{397};  // browsers refuse longer ones (CA/Browser Forum, ballot SC31)

Result<Identity> make_authority(std::string_view common_name, Time now);
// `names` are DNS names and IP addresses (SAN); serverAuth; signed by `authority`.
Result<Identity> issue_server(const Identity& authority, const std::vector<std::string>& names, Time now);
// A program's: clientAuth alone; `common_name` is for people who read it.
Result<Identity> issue_client(const Identity& authority, std::string_view common_name, std::chrono::days life,
                              Time now);
// The certificate itself (ITU-T X.690), of which a fingerprint is made; invalid for what is no PEM.
Result<std::string> der_of(std::string_view certificate_pem);
// PKCS#12 (RFC 7292) of a certificate, its key and who issued it, as browsers and Java take it: AES-256, SHA-256.
Result<std::string> bundle(const Identity& identity, std::string_view authority_pem, std::string_view name,
                           std::string_view password);
Result<Time> expires_at(std::string_view certificate_pem);
Result<std::string> fingerprint_sha256(std::string_view certificate_pem);  // hex with colons, as browsers show it

}  // namespace pf::crypto
