// 1. A key is on the disk before a document that is sealed with it is kept.
// 2. Keys are destroyed first, bytes after: a crash between leaves ciphertext that nobody can open.
// 3. *live_year never exceeds the year below which keys are destroyed: compactions drop only what has none.
#include "archive/archive.h"

#include <algorithm>

#include "archive/archive_keys.h"
#include "json/members.h"
#include "productflow/text.h"

namespace pf::archive {
namespace {

constexpr std::string_view kBound{"pf.archive.v1\0", 14};
constexpr std::size_t kReasonBytesMax = 500;  // as of buyers
constexpr std::size_t kActorsMax = 1'000;

std::string document_key(std::uint16_t gone, std::string_view name) {
  return year_key(gone) + crypto::sha256(name).substr(0, kNameHashBytes);
}
std::string head_of(std::uint16_t gone, Time sealed_at) {
  std::string head{'\1', '\1', '\0', '\0'};
  put_be16(head, gone);
  put_be64(head, static_cast<std::uint64_t>(sealed_at.time_since_epoch().count()));
  return head;
}
std::string bound(std::string_view head, std::string_view shop, std::string_view name) {
  return std::string(kBound).append(head).append(shop).append(name);
}
crypto::SecretBytes document_secret(const crypto::SecretBytes& key, std::string_view record_key) {
  return crypto::hkdf_sha256(key.bytes(), record_key, "pf/v1/archive/doc", crypto::kGcmKeyBytes);
}

// The first year whose documents live: noon of the first of January in UTC is a day of that year everywhere.
std::uint16_t live_year_at(Time t) {
  const auto day = std::chrono::floor<std::chrono::days>(t - std::chrono::hours{12});
  return static_cast<std::uint16_t>(static_cast<int>(std::chrono::year_month_day(day).year()) + 1);
}

Result<YearCount> count_in(const storage::Reader& read, storage::FamilyRef list, std::uint16_t gone) {
  PF_LET(const auto record, read.get(list, count_key(gone)));
  YearCount count{gone};
  if (record && record->size() == 16) {
    count.documents = get_be64(*record);
    count.bytes = get_be64(std::string_view(*record).substr(8));
  }
  return count;
}

Error gone_error(std::uint16_t year) {
  return error(ErrorCode::gone, "This document was kept until the end of " + std::to_string(year - 1) +
                                    ", as long as the settings said. Its key is destroyed; nobody can read it.");
}

}  // namespace

std::vector<storage::Family> Archive::families(const LiveYear& live_year) {
  const auto dead = [live_year](std::string_view key) {
    return live_year && key.size() >= 2 && get_be16(key) < live_year->load();
  };
  return {{.name = std::string(kArchiveFamily), .kind = storage::Family::Kind::sealed, .is_dead = dead, .cut_bytes = 2},
          {.name = std::string(kListFamily)}};
}

Archive::Archive(storage::Store& store, vault::Vault& vault, audit::Audit& audit, const std::filesystem::path& folder,
                 LiveYear live_year)
    : store_(store),
      vault_(vault),
      audit_(audit),
      live_year_(std::move(live_year)),
      family_(store.family(kArchiveFamily)),
      list_(store.family(kListFamily)),
      ring_(folder / "keyring" / "archive.bin") {}

Result<std::unique_ptr<Archive>> Archive::open(storage::Store& store, vault::Vault& vault, audit::Audit& audit,
                                               const std::filesystem::path& folder, LiveYear live_year) {
  std::unique_ptr<Archive> archive(new Archive(store, vault, audit, folder, std::move(live_year)));
  PF_TRY(archive->ring_.open());
  return archive;
}

Result<ArchiveSettings> Archive::settings(const storage::Reader& read) const {
  PF_LET(const auto record, read.get(list_, kSettingsKey));
  if (!record) return ArchiveSettings{};
  PF_LET(const auto body, json::parse(*record));
  if (json::number_in(body, "v") != kArchiveVersion)
    return error(ErrorCode::unsupported, "A newer ProductFlow has written the archive's settings: start that one.");
  return ArchiveSettings{json::flag_in(body, "on"), static_cast<int>(json::number_in(body, "years"))};
}

Result<> Archive::save_settings(const access::Actor& by, const ArchiveSettings& wanted) {
  if (wanted.years < 1 || wanted.years > kYearsMax)
    return invalid("years", "range", "years can be 1 to 30: whole calendar years after that of the document");
  return store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto before, settings(work));
    if (before == wanted) return {};
    work.put(list_, kSettingsKey,
             json::write(json::Value::object({{"v", kArchiveVersion}, {"on", wanted.on}, {"years", wanted.years}})));
    return audit_.append(work, by, "archive.settings", "",
                         json::Value::object({{"enabled", wanted.on}, {"years", wanted.years}}));
  });
}

Result<> Archive::keep(storage::Write& work, const ArchiveSettings& settings, std::string_view name, int year,
                       std::string_view bytes) {
  if (name.empty() || name.size() > kNameBytesMax || bytes.size() > kDocumentBytesMax)
    return error(ErrorCode::too_large, "The document is too large for the archive.");
  PF_LET(const auto there, work.get(list_, listed_key(name)));
  if (there) return error(ErrorCode::conflict, "A document of this name is in the archive already.");
  const Time now = vault_.now();
  const auto gone = static_cast<std::uint16_t>(year + settings.years + 1);
  if (gone < live_year_at(now) || gone > live_year_at(now) + kYearsMax + 1)
    return error(ErrorCode::conflict,
                 "A document of " + std::to_string(year) + " is not archived today: look at the clock.");
  PF_LET(const auto wrap, vault_.archive_wrap());
  const std::string shop = vault_.shop_id(), key = document_key(gone, name), head = head_of(gone, now);
  std::string record;
  {
    const std::lock_guard lock(mutex_);
    PF_LET(const auto secret, ring_.key_for_sealing(gone, shop, wrap.bytes()));
    const std::string nonce = crypto::random_bytes(crypto::kGcmNonceBytes);
    record =
        head + nonce + crypto::gcm_seal(document_secret(secret, key).bytes(), nonce, bound(head, shop, name), bytes);
  }
  work.put(family_, key, record);
  std::string listed;
  put_be16(listed, gone);
  put_be64(listed, static_cast<std::uint64_t>(now.time_since_epoch().count()));
  put_be32(listed, static_cast<std::uint32_t>(bytes.size()));
  work.put(list_, listed_key(name), listed);
  PF_LET(const auto count, count_in(work, list_, gone));
  std::string counted;
  put_be64(counted, count.documents + 1);
  put_be64(counted, count.bytes + bytes.size());
  work.put(list_, count_key(gone), counted);
  return {};
}

Result<std::optional<Listed>> Archive::find(const storage::Reader& read, std::string_view name) const {
  PF_LET(const auto record, read.get(list_, listed_key(name)));
  if (!record || record->size() != 14) return std::optional<Listed>{};
  const std::string_view bytes = *record;
  return std::optional(Listed{get_be16(bytes), Time{milliseconds{static_cast<std::int64_t>(get_be64(bytes.substr(2)))}},
                              get_be32(bytes.substr(10))});
}

Result<> Archive::count_look(const access::Actor& by) {
  const auto hour = std::chrono::floor<std::chrono::hours>(vault_.now()).time_since_epoch().count();
  const std::lock_guard lock(mutex_);
  auto found = std::ranges::find(looks_, by.id, [](const auto& one) { return one.first; });
  if (found == looks_.end()) {
    if (looks_.size() >= kActorsMax) looks_.clear();
    found = looks_.insert(looks_.end(), {by.id, {hour, 0}});
  }
  auto& [counted, count] = found->second;
  if (counted != hour) count = 0;
  counted = hour;
  if (++count > kLooksPerHourMax)
    return error(ErrorCode::too_many,
                 "So many archived documents were opened in this hour that no more are shown to you until the next.");
  return {};
}

Result<std::string> Archive::reveal(const access::Actor& by, std::string_view name, std::string_view reason) {
  if (trim(reason).empty())
    return invalid("reason", "required",
                   "Say why the archived document is opened, for example ?reason=tax+audit. It is kept in the audit "
                   "log.");
  if (!by.can(access::Permission::archive_read))
    return error(ErrorCode::forbidden, "Opening archived documents needs the permission archive.read.");
  PF_LET(const auto listed, find(store_.read(), name));
  if (!listed) return error(ErrorCode::not_found, "No document of this name is in the archive.");
  if (listed->gone < live_year_at(vault_.now())) return gone_error(listed->gone);
  PF_LET(const auto wrap, vault_.archive_wrap());
  PF_TRY(count_look(by));
  std::string out;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_TRY(audit_.append(work, by, "archive.reveal", "document:" + std::string(name),
                         json::Value::object({{"reason", trim(reason).substr(0, kReasonBytesMax)}})));
    const std::string key = document_key(listed->gone, name), shop = vault_.shop_id();
    PF_LET(const auto record, work.get(family_, key));
    const std::lock_guard lock(mutex_);
    const auto secret = ring_.key(listed->gone, shop, wrap.bytes());
    if (!secret)
      return error(ErrorCode::unavailable,
                   "The key of this document is not here. A backup holds none: put back the escrow of then.");
    const std::string_view bytes = record ? std::string_view(*record) : std::string_view();
    constexpr std::size_t kSealedAt = kHeadBytes + crypto::kGcmNonceBytes;
    if (bytes.size() <= kSealedAt + crypto::kGcmTagBytes)
      return error(ErrorCode::internal, "The archived document is damaged. Restore a backup.");
    const auto opened =
        crypto::gcm_open(document_secret(*secret, key).bytes(), bytes.substr(kHeadBytes, crypto::kGcmNonceBytes),
                         bound(bytes.substr(0, kHeadBytes), shop, name), bytes.substr(kSealedAt));
    if (!opened) return error(ErrorCode::internal, "The archived document is damaged. Restore a backup.");
    out = opened->bytes();
    return {};
  }));
  return out;
}

Result<std::vector<YearCount>> Archive::years(const storage::Reader& read) const {
  std::vector<YearCount> all;
  for (auto row = read.scan_prefix(list_, "y"); row.valid(); row.next()) {
    if (row.key().size() != 3) continue;
    PF_LET(auto count, count_in(read, list_, get_be16(row.key().substr(1))));
    const std::lock_guard lock(mutex_);
    count.readable = ring_.lives(count.gone);
    all.push_back(count);
  }
  return all;
}

Result<std::optional<PurgedYears>> Archive::tick() {
  const std::lock_guard ticking(tick_mutex_);
  const auto status = vault_.status();
  if (!status.clock_alarm.empty()) return std::optional<PurgedYears>{};
  const std::uint16_t live = live_year_at(status.now);
  PurgedYears report;
  PF_LET(const auto certified, store_.read().get(list_, kCertifiedKey));
  const std::uint16_t from = certified && certified->size() == 2 ? get_be16(*certified) : std::uint16_t{0};
  {
    const std::lock_guard lock(mutex_);
    PF_TRY(ring_.destroy_below(live));
    if (live_year_->load() < live) live_year_->store(live);
    report.years = ring_.destroyed_from(from);
    std::erase_if(report.years, [&](std::uint16_t year) { return year >= live; });
  }
  // Nothing can be signed while the vault is sealed: bytes and certificate follow, from the tombstones.
  if (report.years.empty() || status.sealed) return std::optional<PurgedYears>{};
  const storage::FamilyRef families[] = {family_};
  PF_LET(report.figures, store_.purge_range(families, "", year_key(live)));
  {
    const auto read = store_.read();
    for (const std::uint16_t year : report.years) {
      PF_LET(const auto count, count_in(read, list_, year));
      report.documents += count.documents;
    }
  }
  // The list says of each of them for good that it was kept, and until when; only what counts them goes.
  PF_TRY(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    json::Value years = json::Value::array();
    for (const std::uint16_t year : report.years) {
      years.push(static_cast<std::uint64_t>(year));
      work.erase(list_, count_key(year));
    }
    PF_LET(const auto certificate, vault_.certify(work, "archive",
                                                  json::Value::object({{"gone_in", std::move(years)},
                                                                       {"keys_destroyed", report.years.size()},
                                                                       {"documents", report.documents},
                                                                       {"records", report.figures.records_dropped},
                                                                       {"files", report.figures.files_dropped},
                                                                       {"bytes", report.figures.bytes_dropped},
                                                                       {"clean", report.figures.clean},
                                                                       {"remaining", report.figures.remaining}})));
    report.certificate = certificate.number;
    work.put(list_, kCertifiedKey, year_key(live));
    return audit_.append(work, access::system_actor(), "archive.purge",
                         "certificate:" + std::to_string(certificate.number),
                         json::Value::object({{"documents", report.documents},
                                              {"keys_destroyed", report.years.size()},
                                              {"clean", report.figures.clean}}));
  }));
  return std::optional(std::move(report));
}

Result<crypto::SecretBytes> Archive::copy_ring() const {
  const std::lock_guard lock(mutex_);
  return ring_.bytes();
}

}  // namespace pf::archive
