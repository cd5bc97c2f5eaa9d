// The vault forgets: buyers' personal data, sealed under keys that are destroyed 30 days after creation. The only
// room that sees a person in the clear. Key design, record format, ring file and purge recipe: reference in
// src/vault/README.md. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "audit/audit.h"
#include "json/json.h"
#include "productflow/clock.h"
#include "storage/store.h"
#include "vault/certificate.h"
#include "vault/key_provider.h"

namespace pf::vault {

inline constexpr std::chrono::hours kEpoch{1};
inline constexpr std::uint32_t kRetentionEpochs = 720;  // 30 days; may be shortened, never lengthened
inline constexpr std::uint32_t kRetentionDaysMax = 30;

// Stored on disk in the record key: do not renumber.
enum class Field : std::uint8_t { shipping = 1, billing = 2, email = 3, phone = 4, message = 5, extra = 6 };
std::string_view field_name(Field field);
// What a buyer can be found by. Stored on disk in the index key: do not renumber.
enum class IndexField : std::uint8_t { email = 1, phone = 2, postcode = 3, name = 4 };

inline constexpr std::size_t kFieldBytesMax = 64u << 10;  // of one field of a buyer: longer than any honest message
inline constexpr std::size_t kSubjectBytesMax = 1024;     // of a channel's name, and of its order number
inline constexpr std::size_t kAlikeMax = 20;              // one person's orders of a day
inline constexpr std::size_t kBlobBytesMax = 32u << 20;   // half a unit of work (storage::kUnitBytesMax)

// Text about a person. It has no formatter and does not compare; reading it is an explicit act.
class Private {
 public:
  Private() = default;
  explicit Private(std::string text) : text_(std::move(text)) {}
  ~Private();  // wiped
  Private(const Private&) = default;
  Private(Private&&) = default;
  Private& operator=(const Private&) = default;
  Private& operator=(Private&&) = default;
  const std::string& in_the_clear() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

// shipping, billing: a JSON object of first_name, last_name, company_name, street_name, house_number,
// house_number_addition, address_2, zip_code, city, state, country_code, vat_number (those that are known).
// email, phone, message: the text. extra: a JSON object of whatever else the channel sent about the buyer.
struct Buyer {
  std::vector<std::pair<Field, Private>> fields;
  const Private* find(Field field) const;
};

// A channel's name: 1 to 40 of a-z 0-9 _ - . such as manual, amazon or shopify.
bool is_channel(std::string_view name);

// Whose data: names the record and is bound into every seal (AAD).
struct Subject {
  std::string channel;
  std::string channel_order_id;
};

// Kept in the order record; holds nothing about the person.
struct PersonRef {
  std::string rid;          // 16 bytes, HMAC of the subject
  std::uint32_t epoch = 0;  // hours since 1970; the key that seals it, and dies kRetentionEpochs later
  Time created{};
};
// What `epoch` becomes when a buyer was erased on request: no key was ever made for it.
inline constexpr std::uint32_t kErasedEpoch = 0;

enum class PersonState { present, purged };

// A hit of the blind index. The order room knows which order has this `rid`.
struct Found {
  std::string rid;
  std::uint32_t epoch = 0;
  friend bool operator==(const Found&, const Found&) = default;
};

// One actor may reveal so many buyers in an hour: a full day's parcels, and far less than the whole shop's.
inline constexpr std::uint32_t kRevealsPerHourMax = 3'600;
// Each takes half a second of Argon2id, one at a time; more are no person who mistypes.
inline constexpr std::uint32_t kUnsealTriesPerHour = 20;
struct RevealCount {
  std::string actor;  // id
  std::string name;
  std::uint32_t hour = 0, day = 0, refused = 0;  // of the last hour and day that he was active in
};

// Bytes of another room that an erasure has rewritten without the person: they must leave the disk too.
struct ErasedRange {
  std::string family, from, to;
};
struct ErasureReport {
  std::uint64_t orders = 0, records = 0, index_records = 0;
  std::vector<ErasedRange> ranges{};
  bool clean = false;
  std::string remaining;
  std::uint64_t certificate = 0;
};

struct PurgeReport {
  Time at{};
  bool dry_run = false;
  std::uint32_t live_min = 0;     // epochs below are gone
  std::uint32_t gone_before = 0;  // the line that the certificate before this one drew
  std::uint32_t keys_destroyed = 0, index_keys_destroyed = 0;
  std::uint64_t index_records = 0;     // search tokens that went
  std::vector<std::uint32_t> slots{};  // of the key ring, whose keys went
  storage::PurgeFigures figures{};
  std::uint64_t certificate = 0;  // its number; 0: an empty hour is worth none
};
struct VaultStatus {
  Time now{};  // the vault's own time T
  std::uint32_t epoch = 0, live_min = 0, live_keys = 0;
  std::vector<std::uint32_t> live_hours{};  // the epochs of the live keys, ascending
  std::string clock_alarm;                  // empty, or "set_back: ...", "set_forward: ..." with what to do
  std::string ring_warning;                 // empty, or damaged keys or an unfit file system, with what to do
  std::optional<PurgeReport> last_purge{};
  std::vector<RevealCount> reveals{};  // since the start, by who revealed most in his last hour
  bool sealed = false;
  std::string sealed_because;  // a sentence
  KeyProvider provider = KeyProvider::key_file;
  std::string key_place;  // a key file's path (empty: beside the ring), or a credential's name
};

// The answer to everything that needs a key while the vault is sealed: `unavailable`, with one fault "vault", "sealed".
Error sealed_error();
bool is_sealed_error(const Error& error);

// Where a text is sealed: one field of one living buyer, and a piece of its ciphertext to look for in files.
struct Holding {
  Field field = Field::shipping;
  std::string sealed;
};
struct Trace {
  std::string file, what;  // relative to the folder; "as text", "in base64", ...
  std::uint64_t count = 0;
};
struct Proof {
  std::vector<Trace> traces;
  std::uint64_t files = 0, bytes = 0;
  std::vector<std::string> unreadable;  // files that could not be looked at: the proof does not cover them
};
// Shorter texts are found everywhere by chance; longer ones are no single text about a person.
inline constexpr std::size_t kProvableBytesMin = 4, kProvableBytesMax = 1'000;

class Vault {
 public:
  // The line below which epochs are dead: asked by the store's compactions, moved by the vault.
  using LiveMin = std::shared_ptr<std::atomic<std::uint32_t>>;
  // "pii", "pii_index", "vault". Give open() the same `live_min`.
  static std::vector<storage::Family> families(const LiveMin& live_min = nullptr);
  // The ring lives in folder/keyring/ring.bin, made on first use, its master key sealed beside it (key_provider.h).
  // Keys that are due die here, before anything is read. A lost ring is made anew: whoever was sealed before is gone,
  // and the audit log says so. Starts sealed when the master key waits for a person. `unavailable` for a damaged ring,
  // another shop's, or an older copy of this shop's.
  static Result<std::unique_ptr<Vault>> open(storage::Store& store, audit::Audit& audit, const Clock& clock,
                                             const std::filesystem::path& folder, const LiveMin& live_min);
  ~Vault();

  Time now() const;  // T of security.md 4: what every expiry goes by

  // ---- While the vault is sealed, whatever needs a key answers sealed_error(); buyers who are gone stay gone, keys
  // that are due are destroyed all the same, and their bytes leave the disk. Their certificate follows when it is
  // unsealed.

  // Seals each field into the caller's unit of work. `created` is when the buyer's data came into being (placed_at,
  // clipped to T). Already expired: seals nothing and returns a ref whose state is purged. `invalid` above the limits.
  Result<PersonRef> seal(storage::Write& work, const Subject& subject, Time created, const Buyer& buyer);
  // The same buyer for another subject (a replacement sent after a return). The copy dies no later than he does. `gone`
  // after the purge.
  Result<PersonRef> seal_copy(storage::Write& work, const Subject& subject, const Subject& of, const PersonRef& ref);
  PersonState state(const PersonRef& ref) const;
  Time purge_at(const PersonRef& ref) const;
  // Everything in the clear; leaves an audit entry "buyer.reveal" about `object` in `work`. `gone` with the date after
  // the purge, `unavailable` while the clock is in doubt and the buyer would be gone by it, `too_many` above
  // kRevealsPerHourMax, where `by` is stopped for the rest of the hour.
  Result<Buyer> reveal(storage::Write& work, const access::Actor& by, std::string_view reason, const Subject& subject,
                       const PersonRef& ref, std::string_view object);
  // For lists and order pages: first letters and country only ("J*** V***", "1*** AB", "NL"); needs no audit entry.
  Result<json::Value> masked(const storage::Reader& read, const Subject& subject, const PersonRef& ref) const;

  // Orders of the last 30 days whose buyer has this e-mail address, phone number, postcode or name: exact but for case,
  // accents and punctuation. A hit may be of an address that was changed since; the caller looks.
  Result<std::vector<Found>> find(const storage::Reader& read, IndexField field, std::string_view value) const;

  // Those whose data came into being between the two times and who may be this buyer: the same e-mail address, or where
  // he has none, the same name and postcode. At most kAlikeMax, of `channel` and channels that keep buyers as long.
  Result<std::vector<Found>> find_alike(const storage::Reader& read, std::string_view channel, const Buyer& buyer,
                                        Time from, Time to) const;
  // Lets `judge` look at what reveal() would give, without an audit entry, since nobody sees it: what it gives back
  // says whether it is fit for something, and must hold nothing of it.
  Result<> check(const storage::Reader& read, const Subject& subject, const PersonRef& ref,
                 const std::function<Result<>(const Buyer&)>& judge) const;
  // Equal for the same name at the same address, under a key that is forgotten when the process ends: to compare, never
  // to store. Empty where no address is known; `gone` after the purge.
  Result<std::string> address_mark(const storage::Reader& read, const Subject& subject, const PersonRef& ref) const;

  // Short-lived private bytes beside records, such as a note about a buyer: sealed under the key of `with` if he lives,
  // so they die with him, else under that of the hour. `label` is bound in.
  Result<std::string> seal_blob(std::string_view label, std::string_view bytes, const PersonRef* with = nullptr);
  Result<std::string> open_blob(std::string_view label, std::string_view sealed) const;

  // Erases one buyer before his time: the sealed records and search tokens, in the caller's unit of work; `ref` is made
  // one of an erased buyer, for the caller to keep. Counts into `report`. finish_erasures() must follow the unit.
  Result<> erase(storage::Write& work, PersonRef& ref, ErasureReport& report);
  // In the same unit: what is owed to the disk, so that a crash does not forget it.
  Result<> owe_erasure(storage::Write& work, const ErasureReport& report);
  // Takes what erasures owe off the disk and certifies it; also called by tick(). The reports of what was owed.
  Result<std::vector<ErasureReport>> finish_erasures(const access::Actor& by);

  // Keys of the dead hours first, then their bytes, then the report to the audit log. Dry: says what is due.
  Result<PurgeReport> purge(const access::Actor& by, bool dry_run);
  VaultStatus status() const;
  // A person says that the wall clock is right: ends "set_forward". What is dead by it dies at the next tick. Audited.
  Result<> confirm_clock(const access::Actor& by);
  // Called by the house's timer about once a minute: moves the floor, rolls epochs, purges what is due.
  Result<> tick();
  // Purges that were done, newest first.
  Result<std::vector<PurgeReport>> purges(const storage::Reader& read, std::size_t count) const;

  // Whether a living buyer's sealed fields hold the text, ignoring case and accents; reveals nothing else.
  Result<std::vector<Holding>> holdings(const storage::Reader& read, const Subject& subject, const PersonRef& ref,
                                        std::string_view text) const;
  // Reads every file below `folder` through, unpacking the database's, and looks for the text in every encoding we know
  // of, for the search tokens it has on days that live, and for `held`.
  Result<Proof> search_files(const std::filesystem::path& folder, std::string_view text,
                             const std::vector<Holding>& held) const;

  // The signed chain of what was destroyed (certificate.h).
  Result<std::vector<Certificate>> certificates(const storage::Reader& read, std::uint64_t before,
                                                std::size_t count) const;
  Result<std::optional<Certificate>> certificate(const storage::Reader& read, std::uint64_t number) const;
  Result<CertificatesVerdict> verify_certificates(const storage::Reader& read) const;
  std::string shop_id() const;  // the ring's id, hex
  // ---- the master key. All audited, before they are done.
  Result<> seal_up(
      const access::Actor& by);  // forgets every key until unseal(), or a start that can do without a person
  Result<> unseal(const access::Actor& by, const KeyOffer& offer);  // too_many after kUnsealTriesPerHour failures
  // A new master key, kept as `change` says; every key is wrapped anew while the shop serves.
  Result<> change_key(const access::Actor& by, const KeyChange& change);

  // ---- how long a channel's buyers are kept: 1 to kRetentionDaysMax days, for what is sealed from now on
  Result<> keep_days(storage::Write& work, const access::Actor& by, std::string_view channel, std::uint32_t days);
  // Those that are shorter than kRetentionDaysMax, by name.
  Result<std::vector<std::pair<std::string, std::uint32_t>>> kept_days(const storage::Reader& read) const;

  // The ring as its file is now, and its master key: only to be sealed to the owner's key.
  struct RingCopy {
    std::uint64_t generation = 0;
    crypto::SecretBytes master, ring;
  };
  Result<RingCopy> copy_ring() const;
  // ---- for the sealed archive, whose keys are kept longer (src/archive). sealed_error() while the vault is sealed.
  Result<crypto::SecretBytes> archive_wrap() const;  // what its keys are wrapped under; outlives the master key
  // A statement of its own in the chain of certificates.
  Result<Certificate> certify(storage::Write& work, std::string_view kind, const json::Value& details);
  std::string signing_key() const;  // the open half, 32 bytes; empty if the vault was sealed since the start

 private:
  struct Impl;
  explicit Vault(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::vault
