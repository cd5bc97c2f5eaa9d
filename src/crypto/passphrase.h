// A key from a passphrase, by Argon2id (RFC 9106) of libsodium. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "crypto/crypto.h"

namespace pf::crypto {

inline constexpr std::size_t kPassphraseSaltBytes = 16, kPassphraseKeyBytes = 32;
inline constexpr std::uint32_t kPassphraseMemoryKibMax = 1u << 20;  // 1 GiB: more is no honest setting of ours
inline constexpr std::uint32_t kPassphrasePassesMax = 1'000;

// REQUIRES: salt 16 bytes. Nothing when there is not that much memory, or the cost is outside what Argon2 knows.
std::optional<SecretBytes> key_of_passphrase(std::string_view passphrase, std::string_view salt, std::uint32_t passes,
                                             std::uint32_t memory_kib);

}  // namespace pf::crypto
