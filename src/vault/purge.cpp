// Forgetting: keys first, then bytes, then the report.
#include <algorithm>

#include "productflow/text.h"
#include "vault/vault_impl.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

json::Value report_json(const PurgeReport& report) {
  return json::Value::object({{"at", rfc3339(report.at)},
                              {"live_min", report.live_min},
                              {"keys_destroyed", report.keys_destroyed},
                              {"files_dropped", report.figures.files_dropped},
                              {"bytes_dropped", report.figures.bytes_dropped},
                              {"records_dropped", report.figures.records_dropped},
                              {"clean", report.figures.clean},
                              {"remaining", report.figures.remaining}});
}

Result<PurgeReport> read_report(Time at, std::string_view text) {
  PF_LET(const auto body, json::parse(text));
  const auto number = [&](std::string_view name) -> std::uint64_t {
    const json::Value* value = body.find(name);
    return value != nullptr ? static_cast<std::uint64_t>(value->as_int().value_or(0)) : 0;
  };
  PurgeReport report;
  report.at = at;
  report.live_min = static_cast<std::uint32_t>(number("live_min"));
  report.keys_destroyed = static_cast<std::uint32_t>(number("keys_destroyed"));
  report.figures.files_dropped = number("files_dropped");
  report.figures.bytes_dropped = number("bytes_dropped");
  report.figures.records_dropped = number("records_dropped");
  if (const json::Value* clean = body.find("clean"); clean != nullptr && clean->as_bool() != nullptr)
    report.figures.clean = *clean->as_bool();
  if (const json::Value* remaining = body.find("remaining"); remaining != nullptr && remaining->as_string() != nullptr)
    report.figures.remaining = *remaining->as_string();
  return report;
}

}  // namespace

Result<PurgeReport> Vault::purge(const access::Actor& by, bool dry_run) {
  const std::lock_guard purging(impl_->purge_mutex);
  PurgeReport report;
  report.dry_run = dry_run;
  bool was_unclean = false;
  {
    const std::lock_guard lock(impl_->mutex);
    report.at = impl_->keeper.now();
    report.live_min = std::max(live_min_at(report.at), impl_->ring.header().destroyed_upto);
    if (dry_run) {
      report.keys_destroyed = impl_->ring.live_data_keys_below(report.live_min);
    } else {
      PF_TRY(impl_->destroy_due());
      PF_TRY(impl_->keep_floor(true));  // both pages of the ring's header know what is destroyed
      report.live_min = impl_->ring.header().destroyed_upto;
      report.keys_destroyed = impl_->keys_unreported;
      was_unclean = impl_->last_purge && !impl_->last_purge->figures.clean;
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
  PF_TRY(impl_->remember_ring());

  const storage::FamilyRef records[] = {impl_->pii}, index[] = {impl_->index};
  PF_LET(report.figures, impl_->store.purge_range(records, "", end));
  PF_LET(const auto of_index, impl_->store.purge_range(index, "", end_day));
  report.figures.files_dropped += of_index.files_dropped;
  report.figures.bytes_dropped += of_index.bytes_dropped;
  report.figures.clean = report.figures.clean && of_index.clean;
  if (report.figures.remaining.empty()) report.figures.remaining = of_index.remaining;

  // What somebody asked for, or what did something, is worth a certificate; an empty hour is not.
  if (report.keys_destroyed > 0 || report.figures.records_dropped > 0 || was_unclean ||
      by.kind != access::Actor::Kind::system) {
    PF_TRY(impl_->store.write_even_when_full([&](storage::Write& work) -> Result<> {
      Time at = report.at;
      for (;; at += milliseconds{1}) {  // two in one millisecond keep both
        PF_LET(const auto there, work.get(impl_->own, purge_key(at)));
        if (!there) break;
      }
      work.put(impl_->own, purge_key(at), json::write(report_json(report)));
      return impl_->audit.append(work, by, "vault.purge", "", report_json(report));
    }));
  }
  const std::lock_guard lock(impl_->mutex);
  impl_->keys_unreported -= report.keys_destroyed;
  impl_->last_purge = report;
  impl_->purged_before = true;
  impl_->bytes_upto = report.live_min;
  impl_->purge_again = report.figures.clean ? milliseconds::max() : impl_->clock.since_boot() + kUncleanPurgeAgain;
  return report;
}

Result<> Vault::tick() {
  bool due = false;
  {
    const std::lock_guard lock(impl_->mutex);
    PF_TRY(impl_->destroy_due());
    PF_TRY(impl_->keep_floor(false));
    // Also once after every start: a crash may have come between the keys and the bytes.
    due = !impl_->purged_before || impl_->ring.header().destroyed_upto > impl_->bytes_upto ||
          impl_->clock.since_boot() >= impl_->purge_again;
  }
  if (!due) return {};
  PF_TRY(purge(access::system_actor(), false));
  return {};
}

Result<std::vector<PurgeReport>> Vault::purges(const storage::Reader& read, std::size_t count) const {
  std::vector<PurgeReport> reports;
  auto row = read.scan(impl_->own, "p", "q");
  for (row.seek_for_prev("q"); row.valid() && reports.size() < count; row.prev()) {
    if (row.key().size() != 9) continue;
    const Time at{milliseconds{static_cast<std::int64_t>(get_be64(row.key().substr(1)))}};
    PF_LET(auto report, read_report(at, row.value()));
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace pf::vault
