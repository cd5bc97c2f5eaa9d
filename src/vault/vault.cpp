// Invariants
//  1. A key is on both copies of the ring before the first record is sealed with it.
//  2. Keys are destroyed first, bytes after: a crash between leaves ciphertext that nobody can open.
//  3. `mutex` is taken inside the store's writer lock, never the other way round: whoever holds it does not write.
#include "vault/vault.h"

#include <algorithm>
#include <mutex>

#include "crypto/crypto.h"
#include "productflow/text.h"
#include "search/index.h"
#include "vault/ring.h"
#include "vault/time_keeper.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

constexpr std::chrono::seconds kFloorEvery{60};   // how exactly T survives a crash
constexpr std::size_t kFieldBytesMax = 64u << 10; // of one field of a buyer

std::uint32_t epoch_of(Time time) {
  return static_cast<std::uint32_t>(std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count());
}
Time start_of(std::uint32_t epoch) { return Time{std::chrono::hours{epoch}}; }
// The first epoch that still lives at T: key of e dies when T >= start(e) + retention.
std::uint32_t live_min_at(Time t) {
  const std::uint32_t epoch = epoch_of(t);
  return epoch >= kRetentionEpochs ? epoch - kRetentionEpochs + 1 : 0;
}

std::string subject_bytes(const Subject& subject) { return subject.channel + std::string(1, '\0') + subject.channel_order_id; }

std::string padded(std::string_view text) {
  std::string out;
  put_be32(out, static_cast<std::uint32_t>(text.size()));
  out.append(text);
  std::size_t size = kSmallestPadded;
  while (size < out.size()) size *= 2;
  out.resize(size, '\0');
  return out;
}

std::string record_head(std::uint32_t epoch, Time created, std::uint16_t flags) {
  std::string head{kRecordVersion, kAlgorithmAesGcm};
  put_be16(head, flags);
  put_be32(head, epoch);
  put_be64(head, static_cast<std::uint64_t>(created.time_since_epoch().count()));
  return head;
}

std::string binding(std::string_view head, std::string_view tenant, std::string_view subject, Field field) {
  std::string out("pf.pii.v1\0", 10);
  out.append(head.substr(0, 2)).append(head.substr(4)).append(tenant);
  put_be16(out, static_cast<std::uint16_t>(subject.size()));
  out.append(subject).push_back(static_cast<char>(field));
  return out;
}

std::string digits_of(std::string_view text) {
  std::string out;
  for (char c : text)
    if (c >= '0' && c <= '9') out.push_back(c);
  if (out.starts_with("00")) out.erase(0, 2);
  return out;
}
std::string without_blanks(std::string_view text) {
  std::string out;
  for (char c : search::folded(text))
    if (c != ' ' && c != '-') out.push_back(c);
  return out;
}

// "Jan de Vries" -> "J*** d*** V***"; digits keep their first too.
std::string masked_text(std::string_view text) {
  std::string out;
  for (std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    std::size_t first = 1;
    while (first < word.size() && (static_cast<unsigned char>(word[first]) & 0xc0) == 0x80) ++first;
    if (!out.empty()) out.push_back(' ');
    out.append(word.substr(0, first)).append("***");
  }
  return out;
}

json::Value masked_address(std::string_view text) {
  const auto address = json::parse(text);
  json::Value out{json::Members{}};
  if (!address.ok() || address->as_object() == nullptr) return out;
  for (const auto& [name, value] : *address->as_object())
    if (value.as_string() != nullptr) out.set(name, name == "country_code" ? *value.as_string() : masked_text(*value.as_string()));
  return out;
}

std::string masked_mail(std::string_view mail) {
  const std::size_t at = mail.find('@');
  return at == std::string_view::npos ? masked_text(mail) : masked_text(mail.substr(0, at)) + "@***";
}

std::string date_of(Time time) { return rfc3339(time).substr(0, 10); }

Error purged_error(Time when) {
  return error(ErrorCode::gone, "The buyer's details were deleted for good on " + date_of(when) + ". Ask the marketplace if you need them.");
}

}  // namespace

Private::~Private() { crypto::wipe(text_); }

std::string_view field_name(Field field) {
  switch (field) {
    case Field::shipping: return "shipping_customer";
    case Field::billing: return "billing_customer";
    case Field::email: return "email";
    case Field::phone: return "phone_number";
    case Field::message: return "comment";
    case Field::extra: return "extra";
  }
  return "";
}

const Private* Buyer::find(Field field) const {
  for (const auto& [key, value] : fields)
    if (key == field) return &value;
  return nullptr;
}

struct Vault::Impl {
  Impl(storage::Store& s, audit::Audit& a, const Clock& c, Ring r, LiveMin l)
      : store(s), audit(a), clock(c), ring(std::move(r)), live_min(std::move(l)), keeper(ring.header(), c), pii(s.family(kPiiFamily)), index(s.family(kIndexFamily)), own(s.family(kVaultFamily)) {}

  storage::Store& store;
  audit::Audit& audit;
  const Clock& clock;
  mutable std::mutex mutex;  // guards ring, keeper, floor_written
  Ring ring;
  const LiveMin live_min;
  mutable TimeKeeper keeper;
  milliseconds floor_written{-1'000'000'000};
  const storage::FamilyRef pii, index, own;
  std::optional<PurgeReport> last_purge;
  std::mutex purge_mutex;

  Time time() const {
    const std::lock_guard lock(mutex);
    return keeper.now();
  }

  // REQUIRES: mutex held.
  Result<> keep_floor(bool at_once) {
    if (!at_once && clock.since_boot() - floor_written < kFloorEvery && clock.since_boot() >= floor_written) return {};
    RingHeader header = ring.header();
    header.floor = keeper.now();
    header.anchor = keeper.anchor();
    header.anchor_boot = keeper.anchor_boot();
    header.boot_id = clock.boot_id().substr(0, 40);
    PF_TRY(ring.write_header(std::move(header)));
    floor_written = clock.since_boot();
    return {};
  }

  std::string rid_of(const Subject& subject) const {
    return crypto::hmac_sha256(ring.rid_key().bytes(), ring.header().ring_id + subject_bytes(subject)).substr(0, kRidBytes);
  }
  bool is_dead(std::uint32_t epoch, Time t) const { return epoch < std::max(live_min_at(t), ring.header().destroyed_upto); }

  std::string index_token(std::string_view day_key_bytes, IndexField field, std::string_view value) const {
    std::string covered(1, static_cast<char>(field));
    covered.push_back('\0');
    return crypto::hmac_sha256(day_key_bytes, covered.append(value)).substr(0, kTokenBytes);
  }

  Result<std::optional<std::string>> open_record(std::string_view record, const Subject& subject, const PersonRef& ref, Field field, std::string_view key) const {
    const Error damaged = error(ErrorCode::internal, "A sealed record does not open: it is damaged or belongs elsewhere.");
    if (record.size() < kRecordHeadBytes + kNonceBytes + crypto::kGcmTagBytes || record[0] != kRecordVersion || record[1] != kAlgorithmAesGcm) return damaged;
    const std::string_view head = record.substr(0, kRecordHeadBytes);
    if (get_be32(head.substr(4)) != ref.epoch) return damaged;
    const auto record_secret = crypto::hkdf_sha256(key, ref.rid, "pf/v1/rec", crypto::kGcmKeyBytes);
    const auto plain = crypto::gcm_open(record_secret.bytes(), record.substr(kRecordHeadBytes, kNonceBytes), binding(head, ring.header().ring_id, subject_bytes(subject), field), record.substr(kRecordHeadBytes + kNonceBytes));
    if (!plain || plain->size() < 4 || get_be32(plain->bytes()) > plain->size() - 4) return damaged;
    return std::optional<std::string>(plain->bytes().substr(4, get_be32(plain->bytes())));
  }

  Result<Buyer> open_all(const storage::Reader& read, const Subject& subject, const PersonRef& ref) const {
    crypto::SecretBytes key;
    {
      const std::lock_guard lock(mutex);
      const Time t = keeper.now();
      const auto live = ring.live_key(KeyType::data, ref.epoch);
      if (is_dead(ref.epoch, t) || !live) return purged_error(start_of(ref.epoch) + std::chrono::hours{kRetentionEpochs});
      key = crypto::SecretBytes::copy_of(*live);
    }
    Buyer buyer;
    for (auto row = read.scan_prefix(pii, epoch_key(ref.epoch).append(ref.rid)); row.valid(); row.next()) {
      const auto field = static_cast<Field>(row.key().back());
      PF_LET(auto text, open_record(row.value(), subject, ref, field, key.bytes()));
      if (text) buyer.fields.emplace_back(field, Private(*std::move(text)));
    }
    return buyer;
  }

  static json::Value report_json(const PurgeReport& report) {
    return json::Value::object({{"at", rfc3339(report.at)}, {"dry_run", report.dry_run}, {"live_min", report.live_min}, {"keys_destroyed", report.keys_destroyed},
                                {"files_dropped", report.figures.files_dropped}, {"bytes_dropped", report.figures.bytes_dropped},
                                {"records_dropped", report.figures.records_dropped}, {"clean", report.figures.clean}, {"remaining", report.figures.remaining}});
  }
};

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

Result<std::unique_ptr<Vault>> Vault::open(storage::Store& store, audit::Audit& audit, const Clock& clock, const std::filesystem::path& folder, const LiveMin& live_min) {
  PF_LET(auto ring, Ring::open(folder / "keyring", clock.now(), clock.since_boot(), clock.boot_id()));
  auto impl = std::make_unique<Impl>(store, audit, clock, std::move(ring), live_min);

  // An older ring put back would know keys that were destroyed since, and lack those made since.
  PF_LET(const auto seen, store.read().get(impl->own, "ring"));
  if (seen && seen->size() == 24) {
    if (seen->substr(0, 16) != impl->ring.header().ring_id)
      return error(ErrorCode::unavailable, "The key ring in " + folder.string() + "/keyring belongs to another shop. Put back this shop's own.");
    if (get_be64(std::string_view(*seen).substr(16)) > impl->ring.header().generation)
      return error(ErrorCode::unavailable, "The key ring in " + folder.string() + "/keyring is an old copy. Put back the newest; an old one is not used, because it remembers keys that were destroyed.");
  }
  auto vault = std::unique_ptr<Vault>(new Vault(std::move(impl)));
  {
    const std::lock_guard lock(vault->impl_->mutex);
    PF_TRY(vault->impl_->keep_floor(true));
    live_min->store(vault->impl_->ring.header().destroyed_upto);
  }
  PF_TRY(store.write_even_when_full([&](storage::Write& work) -> Result<> {
    std::string record = vault->impl_->ring.header().ring_id;
    put_be64(record, vault->impl_->ring.header().generation);
    work.put(vault->impl_->own, "ring", record);
    return {};
  }));
  return vault;
}

Time Vault::now() const { return impl_->time(); }

Result<PersonRef> Vault::seal(storage::Write& work, const Subject& subject, Time created, const Buyer& buyer) {
  const std::lock_guard lock(impl_->mutex);
  const Time t = impl_->keeper.now();
  created = std::min(created, t);
  PersonRef ref{impl_->rid_of(subject), epoch_of(created), created};
  if (impl_->is_dead(ref.epoch, t) || buyer.fields.empty()) return ref;
  for (const auto& [field, text] : buyer.fields)
    if (text.in_the_clear().size() > kFieldBytesMax) return invalid(std::string(field_name(field)), "length", std::string(field_name(field)) + " is longer than 64 KiB");

  PF_TRY(impl_->keep_floor(false));
  PF_LET(const auto key, impl_->ring.key(KeyType::data, ref.epoch, true));
  if (!key) return ref;  // destroyed: this hour does not come back
  const auto record_secret = crypto::hkdf_sha256(*key, ref.rid, "pf/v1/rec", crypto::kGcmKeyBytes);
  const std::string head = record_head(ref.epoch, created, 0), about = subject_bytes(subject);
  for (const auto& [field, text] : buyer.fields) {
    std::string plain = padded(text.in_the_clear());
    const std::string nonce = crypto::random_bytes(kNonceBytes);
    work.put(impl_->pii, record_key(ref.epoch, ref.rid, field),
             head + nonce + crypto::gcm_seal(record_secret.bytes(), nonce, binding(head, impl_->ring.header().ring_id, about, field), plain));
    crypto::wipe(plain);
  }

  // The blind index: tokens under the day's key, so they die with the day and cannot be linked across days.
  const std::uint16_t day = day_of(ref.epoch);
  PF_LET(const auto day_secret, impl_->ring.key(KeyType::index, day, true));
  if (!day_secret) return ref;
  std::string epoch_bytes;
  put_be32(epoch_bytes, ref.epoch);
  const auto index = [&](IndexField field, const std::string& value) {
    if (!value.empty()) work.put(impl_->index, index_key(day, field, impl_->index_token(*day_secret, field, value), ref.rid), epoch_bytes);
  };
  if (const Private* email = buyer.find(Field::email)) index(IndexField::email, search::folded(trim(email->in_the_clear())));
  if (const Private* phone = buyer.find(Field::phone)) index(IndexField::phone, digits_of(phone->in_the_clear()));
  for (const Field which : {Field::shipping, Field::billing}) {
    const Private* text = buyer.find(which);
    const auto address = text != nullptr ? json::parse(text->in_the_clear()) : Result<json::Value>(json::Value());
    if (!address.ok()) continue;
    const auto part = [&](std::string_view name) {
      const json::Value* value = address->find(name);
      return value != nullptr && value->as_string() != nullptr ? *value->as_string() : std::string();
    };
    index(IndexField::postcode, without_blanks(part("zip_code")));
    std::string name;
    for (const std::string& word : search::words_of(part("first_name") + " " + part("last_name"))) name += (name.empty() ? "" : " ") + word;
    index(IndexField::name, name);
  }
  return ref;
}

PersonState Vault::state(const PersonRef& ref) const {
  const std::lock_guard lock(impl_->mutex);
  const Time t = impl_->keeper.now();
  return impl_->is_dead(ref.epoch, t) || !impl_->ring.live_key(KeyType::data, ref.epoch) ? PersonState::purged : PersonState::present;
}

Time Vault::purge_at(const PersonRef& ref) const { return start_of(ref.epoch) + std::chrono::hours{kRetentionEpochs}; }

Result<Buyer> Vault::reveal(storage::Write& work, const access::Actor& by, std::string_view reason, const Subject& subject, const PersonRef& ref, std::string_view object) {
  if (trim(reason).empty()) return invalid("reason", "required", "Say why you need the buyer's details, for example ?reason=fulfilment. It is kept in the audit log.");
  if (!by.can(access::Permission::buyer_reveal)) return error(ErrorCode::forbidden, "Seeing a buyer's details needs the permission buyer.reveal.");
  PF_LET(auto buyer, impl_->open_all(work, subject, ref));
  json::Value fields = json::Value::array();
  for (const auto& [field, text] : buyer.fields) fields.push(field_name(field));
  PF_TRY(impl_->audit.append(work, by, "buyer.reveal", object, json::Value::object({{"reason", trim(reason).substr(0, 200)}, {"fields", std::move(fields)}})));
  return buyer;
}

Result<json::Value> Vault::masked(const storage::Reader& read, const Subject& subject, const PersonRef& ref) const {
  PF_LET(const auto buyer, impl_->open_all(read, subject, ref));
  json::Value out{json::Members{}};
  for (const auto& [field, text] : buyer.fields) {
    switch (field) {
      case Field::shipping: case Field::billing: out.set(field_name(field), masked_address(text.in_the_clear())); break;
      case Field::email: out.set(field_name(field), masked_mail(text.in_the_clear())); break;
      case Field::phone: out.set(field_name(field), "***" + text.in_the_clear().substr(text.in_the_clear().size() - std::min<std::size_t>(2, text.in_the_clear().size()))); break;
      case Field::message: case Field::extra: out.set(field_name(field), "***"); break;
    }
  }
  return out;
}

Result<std::string> Vault::seal_blob(std::string_view label, std::string_view bytes) {
  const std::lock_guard lock(impl_->mutex);
  const Time t = impl_->keeper.now();
  PF_TRY(impl_->keep_floor(false));
  PF_LET(const auto key, impl_->ring.key(KeyType::data, epoch_of(t), true));
  if (!key) return error(ErrorCode::unavailable, "The vault cannot seal now.");
  const std::string head = record_head(epoch_of(t), t, 1), nonce = crypto::random_bytes(kNonceBytes);
  const auto secret = crypto::hkdf_sha256(*key, impl_->ring.header().ring_id, "pf/v1/blob", crypto::kGcmKeyBytes);
  return head + nonce + crypto::gcm_seal(secret.bytes(), nonce, head + std::string(label), bytes);
}

Result<std::string> Vault::open_blob(std::string_view label, std::string_view sealed) const {
  const Error damaged = error(ErrorCode::internal, "A sealed piece does not open: it is damaged or belongs elsewhere.");
  if (sealed.size() < kRecordHeadBytes + kNonceBytes + crypto::kGcmTagBytes) return damaged;
  const std::string_view head = sealed.substr(0, kRecordHeadBytes);
  const std::uint32_t epoch = get_be32(head.substr(4));
  const std::lock_guard lock(impl_->mutex);
  const auto key = impl_->ring.live_key(KeyType::data, epoch);
  if (!key || impl_->is_dead(epoch, impl_->keeper.now())) return purged_error(start_of(epoch) + std::chrono::hours{kRetentionEpochs});
  const auto secret = crypto::hkdf_sha256(*key, impl_->ring.header().ring_id, "pf/v1/blob", crypto::kGcmKeyBytes);
  const auto plain = crypto::gcm_open(secret.bytes(), sealed.substr(kRecordHeadBytes, kNonceBytes), std::string(head) + std::string(label), sealed.substr(kRecordHeadBytes + kNonceBytes));
  if (!plain) return damaged;
  return std::string(plain->bytes());
}

Result<PurgeReport> Vault::purge(const access::Actor& by, bool dry_run) {
  const std::lock_guard purging(impl_->purge_mutex);
  PurgeReport report;
  report.dry_run = dry_run;
  {
    const std::lock_guard lock(impl_->mutex);
    report.at = impl_->keeper.now();
    report.live_min = std::max(live_min_at(report.at), impl_->ring.header().destroyed_upto);
    if (!dry_run) {
      // Keys first (invariant 2).
      PF_LET(report.keys_destroyed, impl_->ring.destroy_below(report.live_min));
      PF_TRY(impl_->keep_floor(true));
      impl_->live_min->store(report.live_min);
    }
  }
  const std::string end = epoch_key(report.live_min), end_day = day_key(day_of(report.live_min));
  if (dry_run) {
    const auto read = impl_->store.read();
    for (auto row = read.scan(impl_->pii, "", end); row.valid(); row.next()) {
      ++report.figures.records_dropped;
      report.figures.bytes_dropped += row.value().size();
    }
    return report;
  }
  const storage::FamilyRef records[] = {impl_->pii}, index[] = {impl_->index};
  PF_LET(report.figures, impl_->store.purge_range(records, "", end));
  PF_LET(const auto index_figures, impl_->store.purge_range(index, "", end_day));
  report.figures.files_dropped += index_figures.files_dropped;
  report.figures.bytes_dropped += index_figures.bytes_dropped;
  if (!index_figures.clean) {
    report.figures.clean = false;
    report.figures.remaining = index_figures.remaining;
  }
  if (report.keys_destroyed > 0 || report.figures.records_dropped > 0 || by.kind != access::Actor::Kind::system) {
    PF_TRY(impl_->store.write_even_when_full([&](storage::Write& work) -> Result<> {
      std::string key = "p";
      put_be64(key, static_cast<std::uint64_t>(report.at.time_since_epoch().count()));
      work.put(impl_->own, key, json::write(Impl::report_json(report)));
      return impl_->audit.append(work, by, "vault.purge", "", Impl::report_json(report));
    }));
  }
  const std::lock_guard lock(impl_->mutex);
  impl_->last_purge = report;
  return report;
}

VaultStatus Vault::status() const {
  const std::lock_guard lock(impl_->mutex);
  VaultStatus status;
  status.now = impl_->keeper.now();
  status.epoch = epoch_of(status.now);
  status.live_min = std::max(live_min_at(status.now), impl_->ring.header().destroyed_upto);
  status.live_keys = impl_->ring.live_data_keys();
  status.clock_alarm = impl_->keeper.alarm();
  status.last_purge = impl_->last_purge;
  return status;
}

Result<> Vault::tick() {
  bool due = false;
  {
    const std::lock_guard lock(impl_->mutex);
    PF_TRY(impl_->keep_floor(false));
    due = live_min_at(impl_->keeper.now()) > impl_->live_min->load();
  }
  if (!due) return {};
  PF_TRY(purge(access::system_actor(), false));
  return {};
}

Result<std::vector<PurgeReport>> Vault::purges(const storage::Reader& read, std::size_t count) const {
  std::vector<PurgeReport> reports;
  auto row = read.scan(impl_->own, "p", "q");
  for (row.seek_for_prev("q"); row.valid() && reports.size() < count; row.prev()) {
    PF_LET(const auto body, json::parse(row.value()));
    const auto number = [&](std::string_view name) { return body.find(name) != nullptr ? static_cast<std::uint64_t>(body.find(name)->as_int().value_or(0)) : 0; };
    PurgeReport report;
    report.at = Time{milliseconds{static_cast<std::int64_t>(get_be64(row.key().substr(1)))}};
    report.live_min = static_cast<std::uint32_t>(number("live_min"));
    report.keys_destroyed = static_cast<std::uint32_t>(number("keys_destroyed"));
    report.figures.files_dropped = number("files_dropped");
    report.figures.bytes_dropped = number("bytes_dropped");
    report.figures.records_dropped = number("records_dropped");
    if (const json::Value* clean = body.find("clean"); clean != nullptr && clean->as_bool() != nullptr) report.figures.clean = *clean->as_bool();
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace pf::vault
