// Stored on disk: do not change. (Design and reasons: README.md.)
//
// Family "pii", sealed:
//   key   = be16 day | be32 epoch | rid 16 | u8 field         (no personal data, no order number)
//   value = u8 version 1 | u8 algorithm 1 (AES-256-GCM) | u16 flags 0 | be32 epoch | be64 created_ms | nonce 12 | ciphertext | tag 16
//   plain = be32 length | text | zeros up to 64, 128, 256, 512 ... bytes
// Family "pii_index", sealed:
//   key   = be16 day | u8 index field | token 16 | rid 16     value = be32 epoch
// Family "vault":
//   "ring"                -> ring id 16 | be64 generation last seen: an older ring put back is noticed
//   "p" be64 time in ms   -> JSON of a purge: its certificate
// An epoch is an hour since 1970, a day 24 of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "productflow/bytes.h"
#include "vault/vault.h"

namespace pf::vault {

inline constexpr std::string_view kPiiFamily = "pii", kIndexFamily = "pii_index", kVaultFamily = "vault";
inline constexpr std::size_t kRidBytes = 16, kTokenBytes = 16;
inline constexpr std::size_t kRecordHeadBytes = 16, kNonceBytes = 12;
inline constexpr char kRecordVersion = 1, kAlgorithmAesGcm = 1;
inline constexpr std::size_t kSmallestPadded = 64;
inline constexpr std::uint32_t kEpochsPerDay = 24;

enum class IndexField : std::uint8_t { email = 1, phone = 2, postcode = 3, name = 4 };

inline std::uint16_t day_of(std::uint32_t epoch) { return static_cast<std::uint16_t>(epoch / kEpochsPerDay); }
inline std::string epoch_key(std::uint32_t epoch) {
  std::string key;
  put_be16(key, day_of(epoch));
  put_be32(key, epoch);
  return key;
}
inline std::string record_key(std::uint32_t epoch, std::string_view rid, Field field) {
  std::string key = epoch_key(epoch).append(rid);
  key.push_back(static_cast<char>(field));
  return key;
}
inline std::string day_key(std::uint16_t day) {
  std::string key;
  put_be16(key, day);
  return key;
}
inline std::string index_key(std::uint16_t day, IndexField field, std::string_view token, std::string_view rid) {
  std::string key = day_key(day);
  key.push_back(static_cast<char>(field));
  return key.append(token).append(rid);
}
inline bool record_is_dead(std::string_view key, std::uint32_t live_min) { return key.size() >= 6 && get_be32(key.substr(2)) < live_min; }
inline bool index_is_dead(std::string_view key, std::uint32_t live_min) {
  return key.size() >= 2 && (std::uint32_t{get_be16(key)} + 1) * kEpochsPerDay <= live_min;
}

}  // namespace pf::vault
