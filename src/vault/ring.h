// The key ring: a file of fixed size, written in place only, with the keys that open personal data. Destroying a key is
// overwriting its slot, both copies, with random bytes and then a tombstone. Never copied, never renamed, never in a
// backup. One thread at a time (the vault's mutex).
//
// Stored on disk: do not change.
//   2 header pages of 4 KiB (A, B; the one with a valid HMAC and the higher generation counts):
//     "PFRING01" | ring id 16 | be64 generation | be32 epoch seconds | be32 retention | be64 floor_ms | be64 anchor_ms |
//     be64 anchor_boot_ms | be32 destroyed_upto | u8 length, boot id (40) | HMAC-SHA256 of all before
//   1024 slots of 128 bytes, copy A, then copy B:
//     be32 epoch | u8 type (1 data key, 2 blind-index key) | u8 state (0 empty, 1 live, 2 destroyed) | u16 0 | nonce 12 |
//     wrapped 32 | tag 16 | be32 CRC-32 of all before
//   A data key of epoch e lies in slot e mod 896, a blind-index key of day d in slot 896 + d mod 128.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/crypto.h"
#include "productflow/clock.h"
#include "productflow/result.h"

namespace pf::vault {

enum class KeyType : std::uint8_t { data = 1, index = 2 };

struct RingHeader {
  std::string ring_id;                  // 16 random bytes, also the tenant in every seal
  std::uint64_t generation = 0;         // of header writes
  Time floor{};                         // T was at least this
  Time anchor{};                        // T when this boot was first seen,
  milliseconds anchor_boot{};           // and CLOCK_BOOTTIME then
  std::uint32_t destroyed_upto = 0;     // keys of epochs below are gone, or being destroyed
  std::string boot_id;
};

class Ring {
 public:
  // Opens folder/ring.bin and folder/master.key, or makes both. Finishes what a crash interrupted. Errors: a damaged or
  // truncated ring, a master key of another ring.
  static Result<Ring> open(const std::filesystem::path& folder, Time now, milliseconds since_boot, std::string_view boot_id);
  Ring(Ring&& other) noexcept;
  Ring& operator=(Ring&&) = delete;
  ~Ring();

  const RingHeader& header() const { return header_; }
  Result<> write_header(RingHeader header);  // durable when it returns; its generation is set here

  // The live key, made and durable on both copies when it was not there and `make` says so. 32 bytes, valid until the
  // next call that changes the ring.
  Result<std::optional<std::string_view>> key(KeyType type, std::uint32_t number, bool make);
  std::optional<std::string_view> live_key(KeyType type, std::uint32_t number) const;
  // Destroys every key of epochs below `epoch` and every index key of days wholly below it. Writes destroyed_upto first.
  // Returns how many were live.
  Result<std::uint32_t> destroy_below(std::uint32_t epoch);
  std::uint32_t live_data_keys() const;
  const crypto::SecretBytes& rid_key() const { return rid_key_; }

 private:
  Ring() = default;
  Result<> load_slots();
  Result<> write_slot(std::size_t slot, bool copy_b, std::string_view bytes);
  Result<> destroy_slot(std::size_t slot);
  std::string sealed_slot(std::size_t slot, KeyType type, std::uint32_t number, std::string_view key) const;
  std::string slot_binding(KeyType type, std::uint32_t number) const;

  struct Slot { std::uint32_t number = 0; std::uint8_t type = 0, state = 0; };
  int file_ = -1;
  RingHeader header_;
  Slot slots_[1024];
  crypto::SecretBytes keys_;                             // 1024 x 32, locked
  crypto::SecretBytes wrap_key_, header_key_, rid_key_;
};

}  // namespace pf::vault
