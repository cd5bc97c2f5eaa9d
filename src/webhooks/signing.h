// Secrets and signatures of Standard Webhooks (version of the specification: 1.0.0, scheme v1). Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pf::webhooks {

inline constexpr std::size_t kSecretBytes = 32;  // the specification asks for 24 to 64

std::string base64(std::string_view bytes);  // RFC 4648 section 4, padded
// "whsec_" and the bytes in base64: what the receiver is given.
std::string secret_text(std::string_view secret);
// The header webhook-signature: "v1," and the base64 of HMAC-SHA256 over "id.timestamp.body", one for each secret,
// separated by blanks, so that a receiver may change its secret in its own time.
std::string signature(std::span<const std::string> secrets, std::string_view id, std::int64_t seconds,
                      std::string_view body);

}  // namespace pf::webhooks
