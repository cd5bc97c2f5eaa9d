// Stored on disk: do not change. (Design and reasons: README.md.)
//
// Family "pii", sealed:
//   key   = be16 day | be32 epoch | rid 16 | u8 field         (no personal data, no order number)
//   value = head 16 | nonce 12 (random) | ciphertext | tag 16
//   head  = u8 version 1 | u8 algorithm 1 (AES-256-GCM) | be16 flags | be32 epoch | be64 created_ms
//   plain = be32 length | text | zeros up to 64, 128, 256, 512 ... bytes
//   key   = HKDF(epoch's key, salt rid, "pf/v1/rec")
//   bound = "pf.pii.v1\0" | head | ring id 16 | be16 length, channel | be16 length, order number | u8 field
//   rid   = first 16 bytes of HMAC(the secret "rid", ring id | be16 length, channel | be16 length, order number);
//           a new shop's secret "rid" is HKDF(master, "pf/v1/rid"), and stays when the master key changes
// A blob is sealed for another room, which keeps it: head with flags 1 | nonce 12 | ciphertext | tag 16, unpadded
//   key   = HKDF(epoch's key, salt ring id, "pf/v1/blob"), bound = head | label
// Family "pii_index", sealed:
//   key   = be16 day | u8 index field | token 16 | rid 16     (many buyers of a day may share a postcode)
//   value = be32 epoch
//   token = first 16 bytes of HMAC(day's key, u8 index field | 0 | normalised value)
// Family "vault":
//   "ring"                -> ring id 16 | be64 generation | be32 destroyed_upto, last seen: an older ring put back is
//                            noticed | and, while the ring could not say so itself because it was sealed, be32 epochs
//                            below are dead | be64 T in ms
//   "t" channel           -> be32 days that its buyers are kept, fewer than 30
//   "remaking"            -> nothing; the ring was lost, and one with another id may stand there
//   "c" be64 number       -> a certificate: JSON statement | Ed25519 signature 64 over it
//   "h"                   -> be64 number of the newest certificate | its hash 32: makes a cut-off end visible
//   "e" random 16         -> JSON: an erasure whose bytes may be on disk still
//   "s" name              -> a secret that outlives a change of the master key: nonce 12 | ciphertext | tag 16
//   key   = the ring's (ring_format.h), bound = "pf.secret.v1" | ring id | name
// An epoch is an hour since 1970, a day 24 of them. A record's epoch is the one whose key dies when the record must: of
// a buyer who is kept 30 days the hour he came, of one who is kept fewer days as many days earlier.
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
inline constexpr std::uint16_t kFlagsRecord = 0, kFlagsBlob = 1;
inline constexpr std::size_t kSmallestPadded = 64;
inline constexpr std::uint32_t kEpochsPerDay = 24;

inline std::uint16_t day_of(std::uint32_t epoch) {
  return static_cast<std::uint16_t>(epoch / kEpochsPerDay);
}
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
inline constexpr std::string_view kRingSeenKey = "ring", kRemakingKey = "remaking";
inline constexpr std::string_view kCertificatePrefix = "c", kCertificateHeadKey = "h";
inline std::string certificate_key(std::uint64_t number) {
  std::string key(kCertificatePrefix);
  put_be64(key, number);
  return key;
}
inline constexpr std::string_view kOwedErasurePrefix = "e", kKeptDaysPrefix = "t";
inline std::string secret_key(std::string_view name) {
  return "s" + std::string(name);
}
inline bool record_is_dead(std::string_view key, std::uint32_t live_min) {
  return key.size() >= 6 && get_be32(key.substr(2)) < live_min;
}
inline bool index_is_dead(std::string_view key, std::uint32_t live_min) {
  return key.size() >= 2 && (std::uint32_t{get_be16(key)} + 1) * kEpochsPerDay <= live_min;
}

}  // namespace pf::vault
