#include "vault/vault.h"

#include <algorithm>

#include "crypto/crypto.h"
#include "productflow/text.h"
#include "vault/blind_index.h"
#include "vault/mask.h"
#include "vault/master_key.h"
#include "vault/record.h"
#include "vault/vault_impl.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

constexpr std::size_t kReasonBytesMax = 200;  // kept in the audit log for good

Error purged_error(std::uint32_t epoch) {
  if (epoch == kErasedEpoch)
    return error(ErrorCode::gone, "The buyer's details were erased for good, on request, before their time.");
  const std::string date = rfc3339(start_of(epoch) + std::chrono::hours{kRetentionEpochs}).substr(0, 10);
  return error(ErrorCode::gone,
               "The buyer's details were deleted for good on " + date + ". Ask the marketplace if you need them.");
}

// Whether this is the ring that the store saw last, or a newer state of it.
Result<> check_ring(const RingHeader& header, std::string_view seen, bool remaking,
                    const std::filesystem::path& folder) {
  if (seen.size() != kRingIdBytes + 12)
    return error(ErrorCode::internal, "What the database knows of the key ring is damaged. Restore a backup.");
  const std::string_view rest = seen.substr(kRingIdBytes);
  if (seen.substr(0, kRingIdBytes) != header.ring_id) {
    if (remaking) return {};
    return error(ErrorCode::unavailable,
                 "The key ring in " + folder.string() + " belongs to another shop. Put back this shop's own.");
  }
  // One generation less is the other page of a ring whose newest page the disk lost.
  if (header.generation + 1 < get_be64(rest) || header.destroyed_upto < get_be32(rest.substr(8)))
    return error(ErrorCode::unavailable, "The key ring in " + folder.string() +
                                             " is an old copy. Put back the newest; an old one is not used, because "
                                             "it holds keys that were destroyed since.");
  return {};
}

Error damaged_error() {
  return error(ErrorCode::internal, "A sealed record does not open: it was altered, or belongs elsewhere.");
}

}  // namespace

Private::~Private() {
  crypto::wipe(text_);
}

std::string_view field_name(Field field) {
  switch (field) {
    case Field::shipping:
      return "shipping_customer";
    case Field::billing:
      return "billing_customer";
    case Field::email:
      return "email";
    case Field::phone:
      return "phone_number";
    case Field::message:
      return "comment";
    case Field::extra:
      return "extra";
  }
  return "";
}

const Private* Buyer::find(Field field) const {
  for (const auto& [key, value] : fields)
    if (key == field) return &value;
  return nullptr;
}

// ---- inside

Vault::Impl::Impl(storage::Store& s, audit::Audit& a, const Clock& c, Ring r, LiveMin l)
    : store(s),
      audit(a),
      clock(c),
      live_min(std::move(l)),
      pii(s.family(kPiiFamily)),
      index(s.family(kIndexFamily)),
      own(s.family(kVaultFamily)),
      ring(std::move(r)),
      keeper(ring.header(), c) {}

// T and what it condemns in one page: were the floor to follow later, a crash between would leave a ring that is ahead
// of its own clock.
Result<> Vault::Impl::write_header(std::uint32_t destroyed_upto) {
  const milliseconds up = clock.since_boot();
  RingHeader header = ring.header();
  keeper.write_to(header);
  header.destroyed_upto = destroyed_upto;
  PF_TRY(ring.write_header(std::move(header)));
  floor_written = up;
  return {};
}

Result<> Vault::Impl::keep_floor(bool at_once) {
  const Time t = keeper.now();
  const milliseconds up = clock.since_boot();
  const bool fresh = up >= floor_written && up - floor_written < kFloorEvery &&
                     epoch_of(t) == epoch_of(ring.header().floor) && !keeper.moved();
  if (fresh && !at_once) return {};
  return write_header(ring.header().destroyed_upto);
}

Result<> Vault::Impl::destroy_due() {
  const std::uint32_t live = live_min_at(keeper.now());
  if (live > ring.header().destroyed_upto || ring.owes_destruction()) {
    const std::uint32_t upto = std::max(live, ring.header().destroyed_upto);
    PF_TRY(write_header(upto));
    PF_TRY(ring.destroy_below(upto));
  }
  live_min->store(ring.header().destroyed_upto);
  return {};
}

Result<crypto::SecretBytes> Vault::Impl::key_to_open(std::uint32_t epoch) const {
  const auto live = ring.live_key(KeyType::data, epoch);
  if (!live || is_dead(epoch, keeper.now())) return purged_error(epoch);
  if (is_dead(epoch, keeper.doubted()))
    return error(ErrorCode::unavailable,
                 "The clock was set far ahead, so these details are locked. Set the clock right, or confirm it: "
                 "productflow vault confirm-clock.");
  return crypto::SecretBytes::copy_of(*live);
}

// By uptime: whoever sets the clock does not get a fresh hour.
Result<> Vault::Impl::count_reveal(const access::Actor& by) {
  constexpr std::size_t kActorsMax = 1'000;
  if (!reveals.contains(by.id) && reveals.size() >= kActorsMax) {
    reveals.clear();
    reveal_times.clear();
  }
  const auto hour = std::chrono::floor<std::chrono::hours>(clock.since_boot()).count(), day = hour / 24;
  RevealCount& count = reveals[by.id];
  auto& [counted_hour, counted_day] = reveal_times[by.id];
  if (count.actor.empty() || counted_hour != hour) count.hour = 0;
  if (count.actor.empty() || counted_day != day) count.day = count.refused = 0;
  counted_hour = hour;
  counted_day = day;
  count.actor = by.id;
  count.name = by.name;
  if (count.hour >= kRevealsPerHourMax) {
    ++count.refused;
    return error(ErrorCode::too_many,
                 "So many buyers were revealed in this hour that no more are shown to you until the next. If this is "
                 "not you, remove the token or change the password.");
  }
  ++count.hour;
  ++count.day;
  return {};
}

std::string Vault::Impl::rid_of(const Subject& subject) const {
  return crypto::hmac_sha256(rid_key.bytes(), ring.header().ring_id + subject_bytes(subject)).substr(0, kRidBytes);
}

Result<Buyer> Vault::Impl::open_all(const storage::Reader& read, const Subject& subject, const PersonRef& ref) const {
  crypto::SecretBytes secret;
  {
    const std::lock_guard lock(mutex);
    PF_LET(const auto key, key_to_open(ref.epoch));
    // Sealed under a ring that was lost; a key of the same hour in the new ring opens others.
    if (rid_of(subject) != ref.rid) return purged_error(ref.epoch);
    secret = record_secret(key.bytes(), ref.rid);
  }
  Buyer buyer;
  for (auto row = read.scan_prefix(pii, epoch_key(ref.epoch).append(ref.rid)); row.valid(); row.next()) {
    const auto field = static_cast<Field>(row.key().back());
    auto text =
        open_record(secret.bytes(), ref.epoch, ref.created, {ring.header().ring_id, subject, field}, row.value());
    if (!text) return damaged_error();
    buyer.fields.emplace_back(field, Private(*std::move(text)));
  }
  return buyer;
}

Result<crypto::SecretBytes> Vault::Impl::secret(std::string_view name,
                                                const std::function<crypto::SecretBytes()>& make) {
  const std::string bound = "pf.secret.v1" + ring.header().ring_id + std::string(name);
  PF_LET(const auto kept, store.read().get(own, secret_key(name)));
  if (kept && kept->size() > kNonceBytes)
    if (auto opened = crypto::gcm_open(ring.secret_key().bytes(), std::string_view(*kept).substr(0, kNonceBytes), bound,
                                       std::string_view(*kept).substr(kNonceBytes)))
      return *std::move(opened);
  // None yet, or one of a ring that was lost.
  crypto::SecretBytes made = make();
  const std::string nonce = crypto::random_bytes(kNonceBytes);
  PF_TRY(store.write_even_when_full([&](storage::Write& work) -> Result<> {
    work.put(own, secret_key(name), nonce + crypto::gcm_seal(ring.secret_key().bytes(), nonce, bound, made.bytes()));
    return {};
  }));
  return made;
}

Result<> Vault::Impl::remember_ring() {
  std::string record;
  {
    const std::lock_guard lock(mutex);
    record = ring.header().ring_id;
    put_be64(record, ring.header().generation);
    put_be32(record, ring.header().destroyed_upto);
  }
  return store.write_even_when_full([&](storage::Write& work) -> Result<> {
    work.put(own, kRingSeenKey, record);
    work.erase(own, kRemakingKey);
    return {};
  });
}

// ---- opening

std::vector<storage::Family> Vault::families(const LiveMin& live_min) {
  const auto dead = [&](bool (*rule)(std::string_view, std::uint32_t)) -> std::function<bool(std::string_view)> {
    if (!live_min) return {};
    return [live_min, rule](std::string_view key) { return rule(key, live_min->load()); };
  };
  using Kind = storage::Family::Kind;
  return {{.name = std::string(kPiiFamily), .kind = Kind::sealed, .is_dead = dead(record_is_dead), .cut_bytes = 2},
          {.name = std::string(kIndexFamily), .kind = Kind::sealed, .is_dead = dead(index_is_dead), .cut_bytes = 2},
          {.name = std::string(kVaultFamily)}};
}

Vault::Vault(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Vault::~Vault() = default;

Result<std::unique_ptr<Vault>> Vault::open(storage::Store& store, audit::Audit& audit, const Clock& clock,
                                           const std::filesystem::path& folder, const LiveMin& live_min) {
  const std::filesystem::path ring_folder = folder / "keyring";
  const storage::FamilyRef own = store.family(kVaultFamily);
  PF_LET(const auto seen, store.read().get(own, kRingSeenKey));
  if (seen && !Ring::exists(ring_folder))
    // Written down before another ring is made: a crash after that must not leave the shop with a stranger's ring.
    PF_TRY(store.write_even_when_full([&](storage::Write& work) -> Result<> {
      PF_LET(const auto known, work.get(own, kRemakingKey));
      if (known) return {};
      work.put(own, kRemakingKey, "");
      return audit.append(work, access::system_actor(), "vault.ring_lost", "",
                          json::Value::object({{"lost", hex(seen->substr(0, kRingIdBytes))}}));
    }));
  PF_LET(auto ring, Ring::open(ring_folder, clock));
  PF_LET(const auto remaking, store.read().get(own, kRemakingKey));
  if (seen) PF_TRY(check_ring(ring.header(), *seen, remaking.has_value(), ring_folder));

  auto impl = std::make_unique<Impl>(store, audit, clock, std::move(ring),
                                     live_min ? live_min : std::make_shared<std::atomic<std::uint32_t>>(0));
  impl->ring_folder = ring_folder;
  PF_LET(impl->rid_key,
         impl->secret("rid", [&] { return crypto::SecretBytes::copy_of(impl->ring.rid_key().bytes()); }));
  PF_LET(const auto seed, impl->secret("signer", [] { return crypto::SecretBytes::random(kKeyBytes); }));
  if (impl->rid_key.size() != kKeyBytes || seed.size() != kKeyBytes) return damaged_error();
  impl->signer = {crypto::signing_key_of(seed.bytes()), hex(impl->ring.header().ring_id)};
  PF_LET(impl->certified_upto, last_certified(store.read(), own));
  auto vault = std::unique_ptr<Vault>(new Vault(std::move(impl)));
  {
    const std::lock_guard lock(vault->impl_->mutex);
    PF_TRY(vault->impl_->destroy_due());
    PF_TRY(vault->impl_->keep_floor(true));
  }
  PF_TRY(vault->impl_->remember_ring());
  return vault;
}

Time Vault::now() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->keeper.now();
}

// ---- sealing

Result<PersonRef> Vault::seal(storage::Write& work, const Subject& subject, Time created, const Buyer& buyer) {
  if (subject.channel.size() > kSubjectBytesMax || subject.channel_order_id.size() > kSubjectBytesMax)
    return invalid("channel_order_id", "length", "The channel's name or order number is longer than 1,024 bytes.");
  Error faults{ErrorCode::invalid, "Some of the buyer's details are longer than 64 KiB.", {}};
  for (const auto& [field, text] : buyer.fields)
    if (text.in_the_clear().size() > kFieldBytesMax)
      faults.faults.push_back({std::string(field_name(field)), "length", "is longer than 64 KiB"});
  if (!faults.faults.empty()) return faults;

  const std::lock_guard lock(impl_->mutex);
  PF_TRY(impl_->destroy_due());
  PF_TRY(impl_->keep_floor(false));
  const Time t = impl_->keeper.now();
  created = std::clamp(created, Time{}, t);
  PersonRef ref{impl_->rid_of(subject), epoch_of(created), created};
  if (impl_->is_dead(ref.epoch, t) || buyer.fields.empty()) return ref;

  PF_LET(const auto key, impl_->ring.key_to_seal(KeyType::data, ref.epoch));
  if (!key) return ref;  // destroyed: this hour does not come back
  const auto secret = record_secret(*key, ref.rid);
  for (const auto& [field, text] : buyer.fields)
    work.put(impl_->pii, record_key(ref.epoch, ref.rid, field),
             seal_record(secret.bytes(), ref.epoch, created, {impl_->ring.header().ring_id, subject, field},
                         text.in_the_clear()));

  const std::uint16_t day = day_of(ref.epoch);
  PF_LET(const auto day_secret, impl_->ring.key_to_seal(KeyType::index, day));
  if (!day_secret) return ref;
  std::string epoch_bytes;
  put_be32(epoch_bytes, ref.epoch);
  for (auto& [field, value] : index_values(buyer)) {
    work.put(impl_->index, index_key(day, field, index_token(*day_secret, field, value), ref.rid), epoch_bytes);
    crypto::wipe(value);
  }
  return ref;
}

Result<std::string> Vault::seal_blob(std::string_view label, std::string_view bytes) {
  if (bytes.size() > kBlobBytesMax)
    return error(ErrorCode::too_large, "A sealed piece may have at most 32 MiB. Split it into smaller parts.");
  crypto::SecretBytes secret;
  std::string head;
  {
    const std::lock_guard lock(impl_->mutex);
    PF_TRY(impl_->destroy_due());
    PF_TRY(impl_->keep_floor(false));
    const Time t = impl_->keeper.now();
    PF_LET(const auto key, impl_->ring.key_to_seal(KeyType::data, epoch_of(t)));
    if (!key) return error(ErrorCode::unavailable, "The vault cannot seal in this hour. Check the clock.");
    secret = crypto::hkdf_sha256(*key, impl_->ring.header().ring_id, "pf/v1/blob", crypto::kGcmKeyBytes);
    head = record_head(epoch_of(t), t, kFlagsBlob);
  }
  const std::string nonce = crypto::random_bytes(kNonceBytes);
  return head + nonce + crypto::gcm_seal(secret.bytes(), nonce, head + std::string(label), bytes);
}

// ---- opening what was sealed

Result<std::string> Vault::open_blob(std::string_view label, std::string_view sealed) const {
  if (sealed.size() < kRecordHeadBytes + kNonceBytes + crypto::kGcmTagBytes) return damaged_error();
  const std::string_view head = sealed.substr(0, kRecordHeadBytes);
  const std::uint32_t epoch = get_be32(head.substr(4));
  if (head[0] != kRecordVersion || head[1] != kAlgorithmAesGcm || get_be16(head.substr(2)) != kFlagsBlob)
    return damaged_error();
  crypto::SecretBytes secret;
  {
    const std::lock_guard lock(impl_->mutex);
    PF_LET(const auto key, impl_->key_to_open(epoch));
    secret = crypto::hkdf_sha256(key.bytes(), impl_->ring.header().ring_id, "pf/v1/blob", crypto::kGcmKeyBytes);
  }
  const auto plain =
      crypto::gcm_open(secret.bytes(), sealed.substr(kRecordHeadBytes, kNonceBytes),
                       std::string(head) + std::string(label), sealed.substr(kRecordHeadBytes + kNonceBytes));
  if (!plain) return damaged_error();
  return std::string(plain->bytes());
}

PersonState Vault::state(const PersonRef& ref) const {
  const std::lock_guard lock(impl_->mutex);
  const bool gone = impl_->is_dead(ref.epoch, impl_->keeper.now()) || !impl_->ring.live_key(KeyType::data, ref.epoch);
  return gone ? PersonState::purged : PersonState::present;
}

Time Vault::purge_at(const PersonRef& ref) const {
  // One who was erased would have gone then.
  const std::uint32_t epoch = ref.epoch == kErasedEpoch ? epoch_of(ref.created) : ref.epoch;
  return start_of(epoch) + std::chrono::hours{kRetentionEpochs};
}

Result<Buyer> Vault::reveal(storage::Write& work, const access::Actor& by, std::string_view reason,
                            const Subject& subject, const PersonRef& ref, std::string_view object) {
  if (trim(reason).empty())
    return invalid(
        "reason", "required",
        "Say why you need the buyer's details, for example ?reason=fulfilment. It is kept in the audit log.");
  if (!by.can(access::Permission::buyer_reveal))
    return error(ErrorCode::forbidden, "Seeing a buyer's details needs the permission buyer.reveal.");
  if (object.empty()) return error(ErrorCode::internal, "A buyer is only shown for an order.");
  {
    const std::lock_guard lock(impl_->mutex);
    PF_TRY(impl_->count_reveal(by));
  }
  PF_LET(auto buyer, impl_->open_all(work, subject, ref));
  json::Value fields = json::Value::array();
  for (const auto& [field, text] : buyer.fields) fields.push(field_name(field));
  PF_TRY(impl_->audit.append(
      work, by, "buyer.reveal", object,
      json::Value::object({{"reason", trim(reason).substr(0, kReasonBytesMax)}, {"fields", std::move(fields)}})));
  return buyer;
}

Result<json::Value> Vault::masked(const storage::Reader& read, const Subject& subject, const PersonRef& ref) const {
  PF_LET(const auto buyer, impl_->open_all(read, subject, ref));
  json::Value out{json::Members{}};
  for (const auto& [field, text] : buyer.fields) out.set(field_name(field), masked_field(field, text.in_the_clear()));
  return out;
}

Result<std::vector<Found>> Vault::find(const storage::Reader& read, IndexField field, std::string_view value) const {
  std::vector<Found> found;
  if (value.size() > kFieldBytesMax) return found;
  const std::string wanted = normalised(field, value);
  if (wanted.empty()) return found;
  std::vector<std::string> prefixes;
  Time doubted{}, t{};
  {
    const std::lock_guard lock(impl_->mutex);
    t = impl_->keeper.now();
    doubted = impl_->keeper.doubted();
    for (std::uint32_t day = day_of(live_min_at(t)); day <= day_of(epoch_of(t)); ++day)
      if (const auto secret = impl_->ring.live_key(KeyType::index, day))
        prefixes.push_back(index_key(static_cast<std::uint16_t>(day), field, index_token(*secret, field, wanted), ""));
  }
  for (const std::string& prefix : prefixes)
    for (auto row = read.scan_prefix(impl_->index, prefix); row.valid(); row.next()) {
      if (row.key().size() != prefix.size() + kRidBytes || row.value().size() != 4) return damaged_error();
      Found hit{std::string(row.key().substr(prefix.size())), get_be32(row.value())};
      // The day's key lives until its last hour is dead; its earlier hours are gone already.
      if (hit.epoch >= live_min_at(doubted)) found.push_back(std::move(hit));
    }
  return found;
}

Result<Vault::RingCopy> Vault::copy_ring() const {
  const std::lock_guard lock(impl_->mutex);
  RingCopy copy;
  copy.generation = impl_->ring.header().generation;
  PF_LET(copy.master, master_key(impl_->ring_folder, false));
  PF_LET(copy.ring, impl_->ring.bytes());
  return copy;
}

// ---- time

Result<> Vault::confirm_clock(const access::Actor& by) {
  PF_TRY(impl_->store.write_even_when_full([&](storage::Write& work) {
    return impl_->audit.append(work, by, "vault.clock_confirmed", "",
                               json::Value::object({{"clock", rfc3339(impl_->clock.now())}}));
  }));
  const std::lock_guard lock(impl_->mutex);
  impl_->keeper.believe_the_wall();
  return impl_->keep_floor(true);
}

VaultStatus Vault::status() const {
  const std::lock_guard lock(impl_->mutex);
  VaultStatus status;
  status.now = impl_->keeper.now();
  status.epoch = epoch_of(status.now);
  status.live_min = std::max(live_min_at(status.now), impl_->ring.header().destroyed_upto);
  status.live_hours = impl_->ring.live_hours();
  status.live_keys = static_cast<std::uint32_t>(status.live_hours.size());
  status.clock_alarm = impl_->keeper.alarm();
  status.ring_warning = impl_->ring.warning();
  status.last_purge = impl_->last_purge;
  for (const auto& [actor, count] : impl_->reveals) status.reveals.push_back(count);
  std::ranges::sort(status.reveals, std::greater<>{}, &RevealCount::hour);
  return status;
}

}  // namespace pf::vault
