// One-time codes of an app on the phone: RFC 6238 with SHA-1, six digits, 30 seconds, as every such app knows them.
// Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "productflow/clock.h"

namespace pf::access {

inline constexpr std::chrono::seconds kTotpStep{30};
inline constexpr std::size_t kTotpSecretBytes = 20;  // RFC 4226 section 4: 160 bits recommended
inline constexpr int kTotpDigits = 6;
inline constexpr std::int64_t kTotpSkewSteps = 1;  // RFC 6238 section 5.2: at most one step for the network and clocks

std::string totp_code(std::string_view secret, std::int64_t step, int digits = kTotpDigits);
// The step whose code this is, at most kTotpSkewSteps from now and later than `last_used`: a code counts once.
std::optional<std::int64_t> totp_step(std::string_view secret, std::string_view code, Time now, std::int64_t last_used);
// RFC 4648 base32 without padding, as apps take it by hand.
std::string base32(std::string_view bytes);
// otpauth://totp/... for the QR code.
std::string totp_uri(std::string_view secret, std::string_view shop, std::string_view email);

}  // namespace pf::access
