#include "vault/vault.h"

#include <algorithm>

#include "crypto/crypto.h"
#include "productflow/text.h"
#include "vault/archivist.h"
#include "vault/blind_index.h"
#include "vault/mask.h"
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
// Before their time.
Error no_details_error() {
  return error(ErrorCode::gone,
               "There are no details of a buyer: none came with the order, or their keys were lost with a key ring.");
}

}  // namespace

Error damaged_error() {
  return error(ErrorCode::internal, "A sealed record does not open: it was altered, or belongs elsewhere.");
}

Error sealed_error() {
  Error sealed =
      error(ErrorCode::unavailable,
            "The vault is sealed: buyers' details can neither be shown nor taken in until it is unsealed, on "
            "the page \"Vault\" or with: productflow vault unseal.");
  sealed.faults.push_back({"vault", "sealed", "is sealed"});
  return sealed;
}

bool is_sealed_error(const Error& error) {
  return error.code == ErrorCode::unavailable && !error.faults.empty() && error.faults[0].code == "sealed";
}

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
  if (ring.is_sealed()) return {};  // the store keeps it
  const Time t = keeper.now();
  const milliseconds up = clock.since_boot();
  const bool fresh = up >= floor_written && up - floor_written < kFloorEvery &&
                     epoch_of(t) == epoch_of(ring.header().floor) && !keeper.moved();
  if (fresh && !at_once) return {};
  return write_header(ring.header().destroyed_upto);
}

Result<> Vault::Impl::destroy_due() {
  std::uint32_t live = live_min_at(keeper.now());
  if (ring.is_sealed()) live = std::min(live, sealed_upto);  // what the store remembers
  if (live > ring.header().destroyed_upto || ring.owes_destruction()) {
    const std::uint32_t upto = std::max(live, ring.header().destroyed_upto);
    if (!ring.is_sealed()) PF_TRY(write_header(upto));
    PF_TRY(ring.destroy_below(upto));
  }
  live_min->store(ring.header().destroyed_upto);
  return {};
}

Result<crypto::SecretBytes> Vault::Impl::key_to_open(std::uint32_t epoch) const {
  if (is_dead(epoch, keeper.now())) return purged_error(epoch);
  if (!ring.lives(KeyType::data, epoch)) return no_details_error();
  if (is_dead(epoch, keeper.doubted()))
    return error(ErrorCode::unavailable,
                 "The clock was set far ahead, so these details are locked. Set the clock right, or confirm it: "
                 "productflow vault confirm-clock.");
  const auto live = ring.live_key(KeyType::data, epoch);
  if (!live) return sealed_error();
  return crypto::SecretBytes::copy_of(*live);
}

// By uptime: whoever sets the clock does not get a fresh hour.
Result<> Vault::Impl::count_reveal(const access::Actor& by) {
  if (is_archivist(by)) return {};
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
    if (rid_of(subject) != ref.rid) return no_details_error();
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

  PF_LET(const std::uint32_t retention, impl_->retention_of(work, subject.channel));
  const std::lock_guard lock(impl_->mutex);
  if (impl_->ring.is_sealed()) return sealed_error();
  PF_TRY(impl_->destroy_due());
  PF_TRY(impl_->keep_floor(false));
  const Time t = impl_->keeper.now();
  created = std::clamp(created, Time{}, t);
  PersonRef ref{impl_->rid_of(subject), epoch_dying_after(epoch_of(created), retention), created};
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

Result<std::string> Vault::seal_blob(std::string_view label, std::string_view bytes, const PersonRef* with) {
  if (bytes.size() > kBlobBytesMax)
    return error(ErrorCode::too_large, "A sealed piece may have at most 32 MiB. Split it into smaller parts.");
  crypto::SecretBytes secret;
  std::string head;
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->ring.is_sealed()) return sealed_error();
    PF_TRY(impl_->destroy_due());
    PF_TRY(impl_->keep_floor(false));
    const Time t = impl_->keeper.now();
    const std::uint32_t epoch = with != nullptr && !impl_->is_dead(with->epoch, t) ? with->epoch : epoch_of(t);
    PF_LET(const auto key, impl_->ring.key_to_seal(KeyType::data, epoch));
    if (!key) return error(ErrorCode::unavailable, "The vault cannot seal in this hour. Check the clock.");
    secret = crypto::hkdf_sha256(*key, impl_->ring.header().ring_id, "pf/v1/blob", crypto::kGcmKeyBytes);
    head = record_head(epoch, t, kFlagsBlob);
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
  const bool gone = impl_->is_dead(ref.epoch, impl_->keeper.now()) || !impl_->ring.lives(KeyType::data, ref.epoch);
  return gone ? PersonState::purged : PersonState::present;
}

Time Vault::purge_at(const PersonRef& ref) const {
  // One who was erased would have gone then, at the latest.
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

Result<> Vault::check(const storage::Reader& read, const Subject& subject, const PersonRef& ref,
                      const std::function<Result<>(const Buyer&)>& judge) const {
  PF_LET(const auto buyer, impl_->open_all(read, subject, ref));
  return judge(buyer);
}

Result<json::Value> Vault::masked(const storage::Reader& read, const Subject& subject, const PersonRef& ref) const {
  PF_LET(const auto buyer, impl_->open_all(read, subject, ref));
  return pf::vault::masked(buyer);
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
    if (impl_->ring.is_sealed()) return sealed_error();
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

// ---- time

Result<> Vault::confirm_clock(const access::Actor& by) {
  PF_TRY(impl_->store.write_even_when_full([&](storage::Write& work) {
    return impl_->audit.append(work, by, "vault.clock_confirmed", "",
                               json::Value::object({{"clock", rfc3339(impl_->clock.now())}}));
  }));
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->keeper.believe_the_wall();
    PF_TRY(impl_->keep_floor(true));
  }
  return impl_->note_while_sealed();
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
  status.sealed = impl_->ring.is_sealed();
  status.sealed_because = impl_->ring.sealed_because();
  status.provider = impl_->ring.master_key().provider();
  status.key_place = impl_->ring.master_key().place();
  status.last_purge = impl_->last_purge;
  for (const auto& [actor, count] : impl_->reveals) status.reveals.push_back(count);
  std::ranges::sort(status.reveals, std::greater<>{}, &RevealCount::hour);
  return status;
}

}  // namespace pf::vault
