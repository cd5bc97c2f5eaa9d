// Stored on disk: do not change. `gone` is the year at whose beginning the document's key dies.
//
// Family "archive", sealed:
//   key   = be16 gone | SHA-256 of the name, 16 bytes
//   value = head 14 | nonce 12 (random) | ciphertext | tag 16
//   head  = u8 version 1 | u8 algorithm 1 (AES-256-GCM) | be16 flags 0 | be16 gone | be64 sealed_ms
//   key   = HKDF(the year's key, salt: the record's key, "pf/v1/archive/doc")
//   bound = "pf.archive.v1\0" | head | the shop's id | name
// Family "archive_list", which names nobody:
//   "c"              -> JSON of the settings, "v" their version
//   "l"              -> be16: what died before this year is certified
//   "n" name         -> be16 gone | be64 sealed_ms | be32 bytes of the document
//   "y" be16 gone    -> be64 documents | be64 bytes of them
// File keyring/archive.bin, beside the ring and in no backup, as in the ring written in place and never renamed:
//   "PFARCH01" | zeros up to 4096
//   64 slots of 128 bytes, copy A at 4096, copy B at 12288; the key of a year lies in slot year mod 64; each slot as in
//   the ring (vault/ring_format.h) with type 3, its number the year, and wrapped under the vault's archive key.
#pragma once

#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::archive {

inline constexpr std::string_view kArchiveFamily = "archive", kListFamily = "archive_list";
inline constexpr std::string_view kSettingsKey = "c", kCertifiedKey = "l";
inline constexpr int kArchiveVersion = 1;  // of settings; newer ones are refused
inline constexpr std::size_t kHeadBytes = 14, kNameHashBytes = 16;

inline std::string year_key(std::uint16_t gone) {
  std::string key;
  put_be16(key, gone);
  return key;
}
inline std::string listed_key(std::string_view name) {
  return "n" + std::string(name);
}
inline std::string count_key(std::uint16_t gone) {
  return "y" + year_key(gone);
}

}  // namespace pf::archive
