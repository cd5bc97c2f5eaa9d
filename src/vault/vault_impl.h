// The vault's inside, shared by its .cpp files.
//
// Invariants
//  1. A key is on both copies of the ring before the first record is sealed with it.
//  2. Keys are destroyed first, bytes after: a crash between leaves ciphertext that nobody can open.
//  3. `mutex` is taken inside the store's writer lock, never the other way round: whoever holds it does not write to
//     the store. `purge_mutex` is taken before both.
//  4. *live_min never exceeds ring.header().destroyed_upto: compactions drop only what has no key any more.
//  5. While the ring is sealed its header cannot be written. The store remembers in its place (kRingSeenKey) which
//     epochs are dead, before their keys are destroyed, and T; whoever opens the ring next goes by the later of both.
#pragma once

#include <algorithm>
#include <map>
#include <mutex>

#include "vault/ring.h"
#include "vault/time_keeper.h"
#include "vault/vault.h"

namespace pf::vault {

inline constexpr std::chrono::seconds kFloorEvery{60};         // how exactly T survives a crash
inline constexpr std::chrono::minutes kUncleanPurgeAgain{10};  // while a long read holds purged bytes

inline std::uint32_t epoch_of(Time time) {
  return static_cast<std::uint32_t>(
      std::chrono::floor<std::chrono::hours>(std::max(time, Time{})).time_since_epoch().count());
}
inline Time start_of(std::uint32_t epoch) {
  return Time{std::chrono::hours{epoch}};
}
// The first epoch that still lives at T: key of e dies when T >= start(e) + retention.
inline std::uint32_t live_min_at(Time t) {
  const std::uint32_t epoch = epoch_of(t);
  return epoch >= kRetentionEpochs ? epoch - kRetentionEpochs + 1 : 0;
}

// The epoch whose key dies `retention` epochs after `created`, for a retention that was shortened.
inline std::uint32_t epoch_dying_after(std::uint32_t created, std::uint32_t retention) {
  const std::uint32_t earlier = kRetentionEpochs - std::min(retention, kRetentionEpochs);
  return created > earlier ? created - earlier : 0;
}

Error damaged_error();  // a record that does not open

inline constexpr std::string_view kPurgeKind = "purge";
// The line below which the newest certificate of a purge says that all is gone; 0 if there is none.
Result<std::uint32_t> last_certified(const storage::Reader& read, storage::FamilyRef family);

struct Vault::Impl {
  Impl(storage::Store& s, audit::Audit& a, const Clock& c, Ring r, LiveMin l);

  storage::Store& store;
  audit::Audit& audit;
  const Clock& clock;
  const LiveMin live_min;
  const storage::FamilyRef pii, index, own;

  mutable std::mutex mutex;  // guards all below but purge_mutex
  Ring ring;
  mutable TimeKeeper keeper;
  milliseconds floor_written{};
  crypto::SecretBytes rid_key;
  const crypto::SecretBytes mark_key = crypto::SecretBytes::random(32);  // of this process alone
  Signer signer;
  std::uint32_t certified_upto = 0;  // the line that the newest certificate of a purge drew
  std::uint32_t bytes_upto = 0;      // bytes of epochs below are known to be gone
  bool purged_before = false;
  milliseconds purge_again{};  // not before this uptime, after a purge that was not clean
  std::optional<PurgeReport> last_purge;

  std::uint32_t sealed_upto = 0;  // the line that the store remembers of while the ring was sealed
  Time sealed_floor{};            // and T
  std::uint32_t unseal_failures = 0;
  std::int64_t unseal_hour = 0;  // of the failures, by uptime

  std::map<std::string, RevealCount> reveals;                                 // by actor
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> reveal_times;  // hour and day of the counts

  std::mutex purge_mutex;

  // All REQUIRE: mutex held.
  Result<> write_header(std::uint32_t destroyed_upto);
  Result<> keep_floor(bool at_once);
  Result<> destroy_due();  // the keys; cheap when none is due
  bool is_dead(std::uint32_t epoch, Time t) const {
    return epoch < std::max(live_min_at(t), ring.header().destroyed_upto);
  }
  Result<> count_reveal(const access::Actor& by);
  void count_graves(PurgeReport& report) const;
  // The key to open `epoch`, or gone, or unavailable while the clock is in doubt.
  Result<crypto::SecretBytes> key_to_open(std::uint32_t epoch) const;

  // The record-id secret and the signing key. REQUIRES: the ring is open, mutex not held
  Result<> load_secrets();
  struct KeptSecrets {
    std::string rid, signer;  // as the store has them
  };
  Result<KeptSecrets> kept_secrets() const;
  Result<> open_secrets(const KeptSecrets& kept);  // REQUIRES: mutex held
  std::optional<crypto::SecretBytes> open_kept(std::string_view name, std::string_view kept) const;
  std::string secret_binding(std::string_view name) const;
  // While sealed: the line and T that are due reach the store, before keys die. REQUIRES: mutex not held
  Result<> note_while_sealed();
  // A secret of the shop, made (`make`) if there is none that opens. REQUIRES: mutex not held
  Result<crypto::SecretBytes> secret(std::string_view name, const std::function<crypto::SecretBytes()>& make);

  std::string rid_of(const Subject& subject) const;
  Result<Buyer> open_all(const storage::Reader& read, const Subject& subject, const PersonRef& ref) const;
  Result<std::uint32_t> retention_of(const storage::Reader& read, std::string_view channel) const;  // in epochs
  std::string seen_record(std::uint32_t upto, Time floor) const;
  Result<> write_seen(const std::string& record);
  void forget_keys(std::string because);  // seals. REQUIRES: mutex held
  // Into the audit log, if the ring's opening found a page of its header that is not its own.
  Result<> note_forgery(storage::Write& work);
  Result<> remember_ring();  // in the store, so that an older ring put back is noticed. REQUIRES: mutex not held
};

}  // namespace pf::vault
