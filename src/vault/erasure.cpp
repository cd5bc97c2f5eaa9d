// One buyer's data goes before its time (GDPR article 17): the records at once, their bytes with the rewriting of what
// held them, and a certificate of that. The hour's key lives on for the others.
#include "productflow/text.h"
#include "vault/vault_impl.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

constexpr std::string_view kErasureKind = "erasure";

json::Value owed_record(const ErasureReport& report) {
  json::Value list = json::Value::array();
  for (const ErasedRange& range : report.ranges)
    list.push(json::Value::object({{"family", range.family}, {"from", hex(range.from)}, {"to", hex(range.to)}}));
  return json::Value::object({{"orders", report.orders},
                              {"records", report.records},
                              {"index_records", report.index_records},
                              {"ranges", std::move(list)}});
}

struct Owed {
  std::string key;
  ErasureReport report;
};

Result<Owed> read_owed(std::string_view key, std::string_view record) {
  PF_LET(const auto body, json::parse(record));
  const auto number = [&](std::string_view name) -> std::uint64_t {
    const json::Value* value = body.find(name);
    return value != nullptr ? static_cast<std::uint64_t>(value->as_int().value_or(0)) : 0;
  };
  Owed owed{std::string(key), {}};
  owed.report.orders = number("orders");
  owed.report.records = number("records");
  owed.report.index_records = number("index_records");
  owed.report.clean = true;
  if (const json::Value* list = body.find("ranges"); list != nullptr && list->as_array() != nullptr)
    for (const json::Value& range : *list->as_array()) {
      const auto text = [&](std::string_view name) -> std::string {
        const json::Value* value = range.find(name);
        return value != nullptr && value->as_string() != nullptr ? *value->as_string() : std::string();
      };
      owed.report.ranges.push_back({text("family"), unhex(text("from")).value_or(""), unhex(text("to")).value_or("")});
    }
  return owed;
}

}  // namespace

Result<> Vault::erase(storage::Write& work, PersonRef& ref, ErasureReport& report) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->ring.is_sealed()) return sealed_error();  // it could not be certified
  }
  const std::string prefix = epoch_key(ref.epoch).append(ref.rid);
  std::vector<std::string> records, tokens;
  for (auto row = work.scan_prefix(impl_->pii, prefix); row.valid(); row.next()) records.emplace_back(row.key());
  // The token says nothing about whose it is; the rid behind it does.
  for (auto row = work.scan_prefix(impl_->index, day_key(day_of(ref.epoch))); row.valid(); row.next())
    if (row.key().ends_with(ref.rid)) tokens.emplace_back(row.key());
  for (const std::string& key : records) work.erase(impl_->pii, key);
  for (const std::string& key : tokens) work.erase(impl_->index, key);
  report.records += records.size();
  report.index_records += tokens.size();
  ++report.orders;
  std::string end = prefix;
  end.push_back('\xff');  // fields are small numbers
  report.ranges.push_back({std::string(kPiiFamily), prefix, std::move(end)});
  report.ranges.push_back({std::string(kIndexFamily), day_key(day_of(ref.epoch)),
                           day_key(static_cast<std::uint16_t>(day_of(ref.epoch) + 1))});
  ref.epoch = kErasedEpoch;
  return {};
}

Result<> Vault::owe_erasure(storage::Write& work, const ErasureReport& report) {
  std::string key(kOwedErasurePrefix);
  work.put(impl_->own, key.append(crypto::random_bytes(16)), json::write(owed_record(report)));
  return {};
}

Result<std::vector<ErasureReport>> Vault::finish_erasures(const access::Actor& by) {
  std::vector<ErasureReport> reports;
  std::vector<Owed> all;
  {
    const auto read = impl_->store.read();
    for (auto row = read.scan_prefix(impl_->own, kOwedErasurePrefix); row.valid(); row.next()) {
      PF_LET(auto owed, read_owed(row.key(), row.value()));
      all.push_back(std::move(owed));
    }
  }
  if (all.empty()) return reports;
  const std::lock_guard purging(impl_->purge_mutex);
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->ring.is_sealed()) return reports;  // they wait until they can be certified
  }
  for (Owed& owed : all) {
    ErasureReport& report = owed.report;
    for (const ErasedRange& range : report.ranges) {
      PF_LET(const auto figures, impl_->store.rewrite_range(impl_->store.family(range.family), range.from, range.to));
      report.clean = report.clean && figures.clean;
      if (report.remaining.empty()) report.remaining = figures.remaining;
    }
    if (!report.clean && by.kind == access::Actor::Kind::system) continue;  // the next beat tries again
    PF_TRY(impl_->store.write_even_when_full([&](storage::Write& work) -> Result<> {
      PF_LET(const auto still, work.get(impl_->own, owed.key));
      if (!still) return {};  // somebody was faster
      if (report.clean) {
        work.erase(impl_->own, owed.key);
        const json::Value details = json::Value::object({{"orders", report.orders},
                                                         {"records", report.records},
                                                         {"index_records", report.index_records},
                                                         {"clean", true}});
        PF_LET(const Certificate made, vault::certify(work, impl_->own, impl_->signer, kErasureKind, now(), details));
        report.certificate = made.number;
        return impl_->audit.append(
            work, by, "vault.erasure", "certificate:" + std::to_string(made.number),
            json::Value::object({{"certificate_hash", hex(made.hash)}, {"orders", report.orders}}));
      }
      return {};
    }));
    reports.push_back(report);
  }
  return reports;
}

}  // namespace pf::vault
