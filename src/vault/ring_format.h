// The bytes of keyring/ring.bin. Stored on disk: do not change. Pure functions; every byte read is hostile.
//
//   2 header pages of 4 KiB, A at 0 and B at 4096; the one with a valid HMAC and the higher generation counts:
//     "PFRING01" | ring id 16 | be64 generation | be32 epoch seconds | be32 retention in epochs | be64 floor_ms |
//     be64 anchor_ms | be64 anchor_boot_ms | be64 jump_ms | be32 destroyed_upto | u8 length, boot id (40) |
//     zeros up to 128 | the secrets' key: nonce 12, AES-256-GCM under HKDF(master, "pf/v1/wrap") 32, tag 16 |
//     zeros up to 220 | be32 CRC-32 of these 220 bytes |
//     HMAC-SHA256 of these 224 bytes under HKDF(master, "pf/v1/floor") | zeros
//   The secrets' key seals what outlives a change of the master key (vault_keys.h, "s"); its seal binds "pf.secrets.v1"
//   | ring id. Rings of the first version have zeros there and for the CRC: theirs is HKDF(master, salt ring id,
//   "pf/v1/secret"). The CRC is for who has no master key: a sealed vault goes by a whole page that nobody vouches for.
//   1024 slots of 128 bytes, copy A at 8192, copy B at 139264 (both on 4 KiB):
//     be32 epoch or day | u8 type (1 data key, 2 blind-index key) | u8 state (0 empty, 1 live, 2 destroyed) | u16 0 |
//     nonce 12 | AES-256-GCM of the key under HKDF(master, "pf/v1/wrap") 32 | tag 16 | be32 CRC-32 of all before |
//     zeros. The seal binds "pf.slot.v1" | ring id | be32 epoch or day | u8 type.
//   The data key of epoch e lies in slot e mod 896, the blind-index key of day d in slot 896 + d mod 128: no free list
//   that a crash could damage, and the slot of a destroyed key is known for good.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/crypto.h"
#include "productflow/clock.h"

namespace pf::vault {

inline constexpr std::size_t kPageBytes = 4096, kSlots = 1024, kSlotBytes = 128, kRingIdBytes = 16, kBootIdBytes = 40;
inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kDataSlots = 896;  // more than 721 live epochs; the rest: more than 32 live days
inline constexpr std::size_t kCopyA = 2 * kPageBytes, kCopyB = kCopyA + kSlots * kSlotBytes;
inline constexpr std::size_t kRingBytes = kCopyB + kSlots * kSlotBytes;

enum class KeyType : std::uint8_t { data = 1, index = 2, archive = 3 };  // the last in a file of its own (src/archive)
enum class SlotState : std::uint8_t { empty = 0, live = 1, destroyed = 2 };

struct RingHeader {
  std::string ring_id{};             // 16 random bytes, also the tenant in every seal
  std::uint64_t generation = 0;      // counts header writes
  Time floor{};                      // T was at least this
  Time anchor{};                     // T at a moment of the boot `boot_id`,
  milliseconds anchor_boot{};        // and CLOCK_BOOTTIME then
  Time jump{};                       // T when the wall clock was first found too far ahead at a boot; 0: it was not
  std::uint32_t destroyed_upto = 0;  // keys of epochs below are gone, or being destroyed
  std::string boot_id{};
  std::string sealed_secret{};  // the secrets' key, 60 bytes; empty in a ring of the first version
};

std::string header_page(const RingHeader& header, std::string_view hmac_key);
std::optional<RingHeader> read_header_page(std::string_view page, std::string_view hmac_key);
// What a page claims, without a key to check it: whole, as far as its checksum tells.
std::optional<RingHeader> claimed_header(std::string_view page);

std::string seal_secret(std::string_view secret, std::string_view ring_id, std::string_view wrap_key);
std::optional<crypto::SecretBytes> open_secret(std::string_view sealed, std::string_view ring_id,
                                               std::string_view wrap_key);
// ISO 3309, as in zlib. Tells a torn write from a whole one; it is no protection against people, seals are.
std::uint32_t crc32(std::string_view bytes);

std::size_t slot_of(KeyType type, std::uint32_t number);
// Whether the key is useless once every epoch below `epoch` is dead.
bool key_is_dead(KeyType type, std::uint32_t number, std::uint32_t epoch);

struct Slot {
  std::uint32_t number = 0;
  KeyType type = KeyType::data;
  SlotState state = SlotState::empty;
};
std::string live_slot(KeyType type, std::uint32_t number, std::string_view ring_id, std::string_view wrap_key,
                      std::string_view key);
std::string tombstone_slot(KeyType type, std::uint32_t number);
// What a slot says of itself, wherever it lies; nothing if its checksum or any of it is wrong.
std::optional<Slot> read_any_slot(std::string_view bytes);
// The same of one of the ring's; nothing if its checksum or any of it is wrong, also for zeros (never written).
std::optional<Slot> read_slot(std::string_view bytes, std::size_t slot);
// The key in a live slot; nothing if it was altered or is another ring's.
std::optional<crypto::SecretBytes> open_slot(std::string_view bytes, std::string_view ring_id,
                                             std::string_view wrap_key);

}  // namespace pf::vault
