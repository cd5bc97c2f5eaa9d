// Forgetting: keys first, then bytes, then the certificate.
#include <algorithm>

#include "productflow/text.h"
#include "vault/vault_impl.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

// A reader of certificates needs no ProductFlow: hours are written as people write them.
std::string hour_text(std::uint32_t epoch) {
  return rfc3339(start_of(epoch));
}

json::Value statement_of(const PurgeReport& report) {
  json::Value slots = json::Value::array();
  for (const std::uint32_t slot : report.slots) slots.push(slot);
  return json::Value::object({{"gone_from", hour_text(report.gone_before)},
                              {"gone_before", hour_text(report.live_min)},
                              {"keys_destroyed", report.keys_destroyed},
                              {"index_keys_destroyed", report.index_keys_destroyed},
                              {"slots", std::move(slots)},
                              {"records", report.figures.records_dropped},
                              {"index_records", report.index_records},
                              {"files", report.figures.files_dropped},
                              {"bytes", report.figures.bytes_dropped},
                              {"clean", report.figures.clean},
                              {"remaining", report.figures.remaining}});
}

PurgeReport report_of(const Certificate& certificate) {
  const json::Value& body = certificate.body;
  const auto number = [&](std::string_view name) -> std::uint64_t {
    const json::Value* value = body.find(name);
    return value != nullptr ? static_cast<std::uint64_t>(value->as_int().value_or(0)) : 0;
  };
  const auto text = [&](std::string_view name) -> std::string {
    const json::Value* value = body.find(name);
    return value != nullptr && value->as_string() != nullptr ? *value->as_string() : std::string();
  };
  const auto time = [&](std::string_view name) {
    const auto parsed = parse_time(text(name));
    return parsed.ok() ? *parsed : Time{};
  };
  PurgeReport report;
  report.certificate = certificate.number;
  report.at = time("at");
  report.live_min = epoch_of(time("gone_before"));
  report.gone_before = epoch_of(time("gone_from"));
  report.keys_destroyed = static_cast<std::uint32_t>(number("keys_destroyed"));
  report.index_keys_destroyed = static_cast<std::uint32_t>(number("index_keys_destroyed"));
  report.index_records = number("index_records");
  if (const json::Value* slots = body.find("slots"); slots != nullptr && slots->as_array() != nullptr)
    for (const json::Value& slot : *slots->as_array())
      report.slots.push_back(static_cast<std::uint32_t>(slot.as_int().value_or(0)));
  report.figures.files_dropped = number("files");
  report.figures.bytes_dropped = number("bytes");
  report.figures.records_dropped = number("records");
  if (const json::Value* clean = body.find("clean"); clean != nullptr && clean->as_bool() != nullptr)
    report.figures.clean = *clean->as_bool();
  report.figures.remaining = text("remaining");
  return report;
}

bool is_purge(const Certificate& certificate) {
  const json::Value* kind = certificate.body.find("kind");
  return kind != nullptr && kind->as_string() != nullptr && *kind->as_string() == kPurgeKind;
}

// Counts what is sealed below a line.
std::uint64_t count_below(const storage::Reader& read, storage::FamilyRef family, const std::string& end,
                          std::uint64_t* bytes) {
  std::uint64_t count = 0;
  for (auto row = read.scan(family, "", end); row.valid(); row.next()) {
    ++count;
    if (bytes != nullptr) *bytes += row.value().size();
  }
  return count;
}

}  // namespace

// From what the ring still knows, so that a crash between keys and certificate leaves nothing out. While sealed no
// certificate draws the line: then what the purge before this one has counted is not counted again.
void Vault::Impl::count_graves(PurgeReport& report) const {
  const std::uint32_t counted = ring.is_sealed() ? std::max(certified_upto, bytes_upto) : certified_upto;
  report.gone_before = std::min(counted, report.live_min);
  for (const Ring::Grave& grave : ring.graves(report.gone_before, report.live_min)) {
    report.slots.push_back(static_cast<std::uint32_t>(grave.slot));
    ++(grave.key.type == KeyType::data ? report.keys_destroyed : report.index_keys_destroyed);
  }
}

Result<PurgeReport> Vault::purge(const access::Actor& by, bool dry_run) {
  const std::lock_guard purging(impl_->purge_mutex);
  PurgeReport report;
  report.dry_run = dry_run;
  bool was_unclean = false, sealed = false;
  if (!dry_run) PF_TRY(impl_->note_while_sealed());
  {
    const std::lock_guard lock(impl_->mutex);
    sealed = impl_->ring.is_sealed();
    report.at = impl_->keeper.now();
    report.live_min = std::max(live_min_at(report.at), impl_->ring.header().destroyed_upto);
    if (dry_run) {
      const auto hours = impl_->ring.live_hours();
      report.keys_destroyed =
          static_cast<std::uint32_t>(std::ranges::lower_bound(hours, report.live_min) - hours.begin());
    } else {
      PF_TRY(impl_->destroy_due());
      PF_TRY(impl_->keep_floor(true));  // both pages of the ring's header know what is destroyed
      report.live_min = impl_->ring.header().destroyed_upto;
      impl_->count_graves(report);
      was_unclean = impl_->last_purge && !impl_->last_purge->figures.clean;
    }
  }
  const std::string end = epoch_key(report.live_min), end_day = day_key(day_of(report.live_min));
  if (dry_run) {
    const auto read = impl_->store.read();
    report.figures.records_dropped = count_below(read, impl_->pii, end, &report.figures.bytes_dropped);
    report.index_records = count_below(read, impl_->index, end_day, nullptr);
    return report;
  }
  PF_TRY(impl_->remember_ring());

  {  // before the first flush, which drops what is dead
    const auto read = impl_->store.read();
    report.index_records = count_below(read, impl_->index, end_day, nullptr);
  }
  const storage::FamilyRef records[] = {impl_->pii}, index[] = {impl_->index};
  PF_LET(report.figures, impl_->store.purge_range(records, "", end));
  PF_LET(const auto of_index, impl_->store.purge_range(index, "", end_day));
  report.figures.files_dropped += of_index.files_dropped;
  report.figures.bytes_dropped += of_index.bytes_dropped;
  report.figures.clean = report.figures.clean && of_index.clean;
  if (report.figures.remaining.empty()) report.figures.remaining = of_index.remaining;

  // What somebody asked for, or what did something, is worth a certificate; an empty hour is not. While sealed nothing
  // can be signed: the audit log has the figures, and the certificate of the keys follows, from the tombstones.
  if (!report.slots.empty() || report.figures.records_dropped > 0 || was_unclean ||
      by.kind != access::Actor::Kind::system) {
    PF_TRY(impl_->store.write_even_when_full([&](storage::Write& work) -> Result<> {
      json::Value details = json::Value::object({{"keys_destroyed", report.keys_destroyed},
                                                 {"records", report.figures.records_dropped},
                                                 {"clean", report.figures.clean}});
      if (sealed) {
        details.set("gone_before", hour_text(report.live_min));
        return impl_->audit.append(work, by, "vault.purge", "", std::move(details));
      }
      PF_LET(const Certificate made,
             vault::certify(work, impl_->own, impl_->signer, kPurgeKind, report.at, statement_of(report)));
      report.certificate = made.number;
      details.set("certificate_hash", hex(made.hash));
      return impl_->audit.append(work, by, "vault.purge", "certificate:" + std::to_string(made.number),
                                 std::move(details));
    }));
  }
  const std::lock_guard lock(impl_->mutex);
  if (report.certificate > 0) impl_->certified_upto = report.live_min;
  impl_->last_purge = report;
  impl_->purged_before = true;
  impl_->bytes_upto = report.live_min;
  impl_->purge_again = report.figures.clean ? milliseconds::max() : impl_->clock.since_boot() + kUncleanPurgeAgain;
  return report;
}

Result<> Vault::tick() {
  bool due = false;
  Result<> changed;
  PF_TRY(impl_->note_while_sealed());
  {
    const std::lock_guard lock(impl_->mutex);
    // Retention goes on when a change of the master key cannot: what comes of it is said last.
    if (!impl_->ring.is_sealed()) changed = impl_->ring.finish_change();
    PF_TRY(impl_->destroy_due());
    PF_TRY(impl_->keep_floor(false));
    // Also once after every start: a crash may have come between the keys and the bytes.
    due = !impl_->purged_before || impl_->ring.header().destroyed_upto > impl_->bytes_upto ||
          impl_->clock.since_boot() >= impl_->purge_again;
  }
  PF_TRY(finish_erasures(access::system_actor()));
  if (due) PF_TRY(purge(access::system_actor(), false));
  return changed;
}

Result<std::vector<PurgeReport>> Vault::purges(const storage::Reader& read, std::size_t count) const {
  std::vector<PurgeReport> reports;
  for (std::uint64_t before = 0; reports.size() < count;) {
    PF_LET(const auto page, vault::certificates(read, impl_->own, before, 100));
    if (page.empty()) break;
    for (const Certificate& one : page)
      if (is_purge(one) && reports.size() < count) reports.push_back(report_of(one));
    before = page.back().number;
    if (before <= 1) break;
  }
  return reports;
}

Result<std::uint32_t> last_certified(const storage::Reader& read, storage::FamilyRef family) {
  for (std::uint64_t before = 0;;) {
    PF_LET(const auto page, certificates(read, family, before, 10));
    for (const Certificate& one : page)
      if (is_purge(one)) return report_of(one).live_min;
    if (page.empty() || page.back().number <= 1) return std::uint32_t{0};
    before = page.back().number;
  }
}

Result<std::vector<Certificate>> Vault::certificates(const storage::Reader& read, std::uint64_t before,
                                                     std::size_t count) const {
  return vault::certificates(read, impl_->own, before, count);
}
Result<std::optional<Certificate>> Vault::certificate(const storage::Reader& read, std::uint64_t number) const {
  return vault::certificate(read, impl_->own, number);
}
Result<CertificatesVerdict> Vault::verify_certificates(const storage::Reader& read) const {
  return vault::verify_certificates(read, impl_->own);
}
Result<Certificate> Vault::certify(storage::Write& work, std::string_view kind, const json::Value& details) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->ring.is_sealed()) return sealed_error();
  return vault::certify(work, impl_->own, impl_->signer, kind, impl_->keeper.now(), details);
}
std::string Vault::shop_id() const {
  return impl_->signer.shop;
}
std::string Vault::signing_key() const {
  return impl_->signer.key.open;
}

}  // namespace pf::vault
