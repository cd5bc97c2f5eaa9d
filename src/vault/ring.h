// The key ring: a file of fixed size, written in place only, with the keys that open personal data. Destroying a key is
// overwriting its slot, both copies, with random bytes and then a tombstone. Never copied, never renamed once it holds
// a key, never in a backup. Bytes: ring_format.h. One thread at a time (the vault's mutex).
//
// Order of writes, each durable before the next:
//   a key is made:       slot A, slot B; only then is it used
//   keys are destroyed:  header (destroyed_upto), random to all A, tombstones to all A, random to all B, tombstones to
//   B
// so a crash at any point leaves a key that was never used, a key whole on one copy, or a header that says what is due.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/crypto.h"
#include "productflow/clock.h"
#include "productflow/result.h"
#include "vault/ring_format.h"

namespace pf::vault {

class Ring {
 public:
  static bool exists(const std::filesystem::path& folder);
  // Opens folder/ring.bin and folder/master.key, or makes both. Finishes what a crash interrupted. Errors
  // (unavailable): a truncated or altered ring, a master key that is missing or of another ring.
  static Result<Ring> open(const std::filesystem::path& folder, const Clock& clock);
  Ring(Ring&& other) noexcept;
  Ring& operator=(Ring&&) = delete;
  ~Ring();

  const RingHeader& header() const { return header_; }
  Result<> write_header(RingHeader header);  // durable when it returns; its generation is set here

  // The live key, made and durable on both copies if it was not there. Nothing if it is destroyed: it does not come
  // back. 32 bytes, valid until the next call that changes the ring.
  Result<std::optional<std::string_view>> key_to_seal(KeyType type, std::uint32_t number);
  std::optional<std::string_view> live_key(KeyType type, std::uint32_t number) const;
  // Destroys every key of epochs below `epoch` and every index key of days wholly below it, and looks on the disk
  // whether they went.
  Result<> destroy_below(std::uint32_t epoch);
  // A destruction failed half-way (a failing disk): keys below header().destroyed_upto may still be there.
  bool owes_destruction() const { return !owed_.empty(); }
  // Where destroyed keys lay: those that died when the line below which epochs are dead went from `from` to `upto`. A
  // slot tells of its last key only, so ask within the 896 hours of a round.
  struct Grave {
    Slot key;
    std::size_t slot = 0;
  };
  std::vector<Grave> graves(std::uint32_t from, std::uint32_t upto) const;
  std::vector<std::uint32_t> live_hours() const;                   // the epochs of the live data keys, ascending
  const crypto::SecretBytes& rid_key() const { return rid_key_; }  // of a new shop; afterwards the store keeps it
  const crypto::SecretBytes& secret_key() const { return secret_key_; }

  Result<crypto::SecretBytes> bytes() const;  // of the whole file, as it is now

  // Keys whose both copies are damaged: their buyers cannot be read. And a file system under the ring that keeps old
  // blocks, so that overwriting does not destroy; empty when neither.
  const std::string& warning() const { return warning_; }

 private:
  Ring() = default;
  Result<> make(const std::filesystem::path& folder, const Clock& clock);
  Result<> load(const std::filesystem::path& path);
  Result<> load_slots();
  std::vector<std::size_t> spoilt_and_dead(std::uint32_t epoch);
  Result<> destroy(const std::vector<std::size_t>& slots);
  Result<> verify_gone(const std::vector<std::size_t>& slots) const;

  int file_ = -1;
  std::filesystem::path path_;
  RingHeader header_;
  std::array<Slot, kSlots> slots_{};
  std::vector<std::size_t> owed_;    // slots whose destruction has begun and was not seen to end
  std::vector<std::size_t> spoilt_;  // slots with bytes that are no slot: wiped when whatever they held is dead
  crypto::SecretBytes keys_;         // kSlots x kKeyBytes, locked
  crypto::SecretBytes wrap_key_, header_key_, rid_key_, secret_key_;
  std::string warning_;
};

}  // namespace pf::vault
