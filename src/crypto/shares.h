// A secret in three shares, of which any two give it back and one alone tells nothing: Shamir's scheme over GF(2^8), by
// libgfshare. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "crypto/crypto.h"

namespace pf::crypto {

inline constexpr std::size_t kShares = 3;
struct Share {
  std::uint8_t number = 0;  // 1, 2 or 3: where the line through the secret was looked at
  SecretBytes bytes{};      // as many as the secret has
};
std::vector<Share> split_secret(std::string_view secret);
// Nothing unless they are two different shares of one length. Shares of two secrets, or damaged ones, give some other
// secret: the caller must check what comes.
std::optional<SecretBytes> join_shares(const Share& one, const Share& other);

}  // namespace pf::crypto
