// Passkeys: what a browser's authenticator says when one is made and when it signs (W3C Web Authentication, Level 2).
// Pure functions over a stranger's bytes; every length is checked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "productflow/result.h"

namespace pf::access {

inline constexpr std::size_t kPasskeyBytesMax = 16u << 10;  // of anything that an authenticator sends

// What the appliance expects the answer to be about.
struct PasskeyAsked {
  std::string challenge;  // base64url, as it was handed out
  std::string origin;     // "https://shop.local:8443"
  std::string rp_id;      // "shop.local": the name that the passkey belongs to
};
struct NewPasskey {
  std::string id;   // credential id, bytes
  std::string key;  // COSE_Key, bytes: ES256, EdDSA (Ed25519) or RS256
  std::uint32_t count = 0;
  bool verified = false;  // the authenticator knew the person by PIN or finger: good as the only factor
  bool backed_up = false;
};
struct PasskeyUsed {
  std::uint32_t count = 0;
  bool verified = false;
};

// navigator.credentials.create: clientDataJSON and attestationObject. The attestation itself is not asked for.
Result<NewPasskey> read_new_passkey(const PasskeyAsked& asked, std::string_view client_data,
                                    std::string_view attestation);
// navigator.credentials.get: whether the passkey's key signed this challenge for this place. A counter that does not
// rise (where the authenticator counts at all) is a copied authenticator: refused.
Result<PasskeyUsed> check_passkey(const PasskeyAsked& asked, std::string_view key, std::uint32_t last_count,
                                  std::string_view client_data, std::string_view authenticator_data,
                                  std::string_view signature);

}  // namespace pf::access
