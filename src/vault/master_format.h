// The bytes of keyring/master.bin: the master key, sealed under what its provider gives. Stored on disk: do not change.
// Pure functions; every byte read is hostile.
//
//   2 pages of 4 KiB, A at 0 and B at 4096; the whole one with the higher generation counts, alone:
//     "PFMASTER" | be32 version 1 | be64 generation | u8 provider (key_provider.h) | u8 number of keys, 1 or 2 |
//     be16 length of the place | salt 16 | be32 Argon2id passes | be32 Argon2id KiB (both 0 but for a passphrase) |
//     place: key file's path or credential's name | keys | be32 CRC-32 of all before | zeros
//   A key: nonce 12 | AES-256-GCM of 32 bytes | tag 16, under HKDF(provider's secret, salt, "pf/v1/kek"); its seal
//   binds "pf.master.v1", all bytes before the keys, and u8 its place among them. Two keys: the master key is being
//   changed from the first to the second, and the ring has slots of both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/key_provider.h"
#include "vault/ring_format.h"

namespace pf::vault {

inline constexpr std::size_t kMasterFileBytes = 2 * kPageBytes;

struct MasterPage {
  std::uint64_t generation = 0;
  KeyProvider provider = KeyProvider::key_file;
  std::string place{}, salt{};
  PassphraseCost cost{0, 0};
  std::vector<std::string> sealed_keys{};
};

// The key that seals the master key.
crypto::SecretBytes lock_key(std::string_view provider_secret, std::string_view salt);
// Replaces the page's sealed keys. REQUIRES: 1 or 2 keys, and the generation and place that it will be written with
void seal_keys(MasterPage& page, std::string_view lock_key, const std::vector<std::string_view>& keys);
// All of them; nothing if the key is wrong or a byte differs.
std::optional<std::vector<crypto::SecretBytes>> open_keys(const MasterPage& page, std::string_view lock_key);

std::string master_page(const MasterPage& page);
std::optional<MasterPage> read_master_page(std::string_view bytes);

}  // namespace pf::vault
