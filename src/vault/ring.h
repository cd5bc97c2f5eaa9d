// The key ring: a file of fixed size, written in place only, with the keys that open personal data. Destroying a key is
// overwriting its slot, both copies, with random bytes and then a tombstone. Never copied, never renamed once it holds
// a key, never in a backup. Bytes: ring_format.h. One thread at a time (the vault's mutex).
//
// Order of writes, each durable before the next:
//   a key is made:       slot A, slot B; only then is it used
//   keys are destroyed:  header (destroyed_upto), random to all A, tombstones to all A, the same to all B
//   the master key is changed:  master.bin with both (master_key.h), all A wrapped anew, all B,
//                               header twice, master.bin with the new one alone
// so a crash at any point leaves a key that was never used, a key whole on one copy, a header that says what is due, or
// a ring of which the old and the new master key together open every slot.
//
// A sealed ring knows which slots live and can destroy them, which needs no key; it can neither open nor make one, nor
// write the header: until it is unsealed, the caller keeps what the header would say (`line`).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/crypto.h"
#include "productflow/clock.h"
#include "productflow/result.h"
#include "vault/master_key.h"
#include "vault/ring_format.h"

namespace pf::vault {

// Of the ring with this id, what it could not write down while it was sealed.
struct RingKnown {
  std::string ring_id{};
  std::uint32_t destroyed_upto = 0;
  Time floor{};
};

class Ring {
 public:
  static bool exists(const std::filesystem::path& folder);
  // Opens folder/ring.bin with the master key beside it, or makes both. Finishes what a crash interrupted. Sealed when
  // the master key waits for a person. Errors (unavailable): a truncated or altered ring, a master key that is missing
  // or of another ring.
  static Result<Ring> open(const std::filesystem::path& folder, const Clock& clock, const RingKnown& known = {});
  Ring(Ring&& other) noexcept;
  Ring& operator=(Ring&&) = delete;
  ~Ring();

  const RingHeader& header() const { return header_; }
  Result<> write_header(
      RingHeader header);  // durable when it returns; its generation is set here. REQUIRES: not sealed

  bool is_sealed() const { return sealed_; }
  const std::string& sealed_because() const { return why_; }
  const MasterKey& master_key() const { return master_key_; }
  const crypto::SecretBytes& master() const { return master_; }
  void seal(std::string because);  // wipes every key from memory; a change that the disk cuts off is finished unsealed
  // With what the provider gives (given_secret); nothing for one that needs nobody. invalid: "passphrase", "shares".
  // Whatever goes wrong, the ring stays sealed as it was.
  Result<> unseal(const crypto::SecretBytes& provider_secret);
  // Wraps everything under a new master key, which the new lock holds. REQUIRES: not sealed
  Result<> change_master(NewLock lock);
  bool is_changing() const { return changing_; }  // the new lock holds already
  Result<> finish_change();                       // of one that a failing disk cut off; else nothing

  // The live key, made and durable on both copies if it was not there. Nothing if it is destroyed: it does not come
  // back. 32 bytes, valid until the next call that changes the ring. REQUIRES: not sealed
  Result<std::optional<std::string_view>> key_to_seal(KeyType type, std::uint32_t number);
  std::optional<std::string_view> live_key(KeyType type, std::uint32_t number) const;  // none while sealed
  bool lives(KeyType type, std::uint32_t number) const;                                // also while sealed
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
  std::vector<std::uint32_t> live_hours() const;  // the epochs of the live data keys, ascending
  crypto::SecretBytes rid_key() const;            // of a new shop; afterwards the store keeps it. REQUIRES: not sealed
  const crypto::SecretBytes& secret_key() const { return secret_key_; }

  Result<crypto::SecretBytes> bytes() const;  // of the whole file, as it is now

  // At the last opening a page of the header was whole and not this ring's own; the other one holds.
  bool was_forged() const { return forged_; }
  // Sentences, empty when all is well: keys whose both copies are damaged, whose buyers cannot be read; a file system
  // under the ring that keeps old blocks, so that overwriting does not destroy; a forged page; an unfinished change.
  std::string warning() const;

 private:
  // What the master key is good for here.
  struct Wrap {
    crypto::SecretBytes slots, header;
  };
  static Wrap wrap_of(std::string_view master);

  Ring(std::filesystem::path path, MasterKey master) : path_(std::move(path)), master_key_(std::move(master)) {}
  Result<> make(const Clock& clock);
  Result<> open_file();
  std::optional<RingHeader> newest_page(const std::function<std::optional<RingHeader>(std::string_view)>& read) const;
  Result<> load_claimed(const RingKnown& known);
  Result<> open_with(MasterKey::Keys keys, const RingKnown& known);
  void heed(const RingKnown& known);
  void forget(std::string because);  // every key and what is derived of one
  Result<> load_secret(std::string_view master);
  Result<> load_slots();
  std::optional<crypto::SecretBytes> unwrap(std::string_view slot) const;
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
  MasterKey master_key_;
  bool sealed_ = false;
  std::string why_;
  crypto::SecretBytes master_;
  Wrap wrap_, former_;     // former_: of the master key before, while slots of it may be there
  bool changing_ = false;  // the ring is not yet wholly wrapped anew
  crypto::SecretBytes secret_key_;
  std::string damage_;
  bool forged_ = false;
  std::string place_warning_;
};

}  // namespace pf::vault
