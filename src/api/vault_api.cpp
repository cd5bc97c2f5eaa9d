#include "api/vault_api.h"

#include <algorithm>

#include "api/shapes.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using access::Permission;
using gate::Answer;
using gate::BodyKind;
using gate::Call;
using gate::Method;
using gate::Row;

struct Rooms {
  storage::Store& store;
  vault::Vault& vault;
  audit::Audit& audit;
};

json::Value data(json::Value value) {
  return json::Value::object({{"data", std::move(value)}});
}
std::string hour(std::uint32_t epoch) {
  return rfc3339(Time{std::chrono::hours{epoch}});
}

json::Value report_value(const vault::PurgeReport& report) {
  return json::Value::object({{"at", rfc3339(report.at)},
                              {"dry_run", report.dry_run},
                              {"gone_before", hour(report.live_min)},
                              {"keys_destroyed", report.keys_destroyed},
                              {"records", report.figures.records_dropped},
                              {"bytes", report.figures.bytes_dropped},
                              {"files", report.figures.files_dropped},
                              {"clean", report.figures.clean},
                              {"remaining", report.figures.remaining}});
}

Result<Answer> show(const Rooms& rooms, const Call&) {
  const auto status = rooms.vault.status();
  PF_LET(const auto purges, rooms.vault.purges(rooms.store.read(), 50));
  json::Value certificates = json::Value::array();
  for (const auto& purge : purges) certificates.push(report_value(purge));
  return Answer{.body = data(json::Value::object({{"now", rfc3339(status.now)},
                                                  {"hour", hour(status.epoch)},
                                                  {"gone_before", hour(status.live_min)},
                                                  {"live_keys", status.live_keys},
                                                  {"retention_days", vault::kRetentionEpochs / 24},
                                                  {"clock_alarm", status.clock_alarm},
                                                  {"purges", std::move(certificates)}}))};
}

struct PurgeBody {
  std::optional<bool> dry_run;
  template <class V>
  void fields(V& visit) {
    visit("dry_run", dry_run, "true: only say what is due.");
  }
};

Result<Answer> purge(const Rooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<PurgeBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body));
  PF_LET(const auto report, rooms.vault.purge(call.actor, body.dry_run.value_or(false)));
  return Answer{.body = data(report_value(report))};
}

json::Value entry_value(const audit::Entry& entry) {
  return json::Value::object({{"number", entry.number},
                              {"at", rfc3339(entry.at)},
                              {"actor_kind", entry.actor_kind},
                              {"actor_id", entry.actor_id},
                              {"actor_name", entry.actor_name},
                              {"action", entry.action},
                              {"object", entry.object},
                              {"details", entry.details},
                              {"hash", entry.hash}});
}

Result<Answer> audit_page(const Rooms& rooms, const Call& call) {
  constexpr std::int64_t kEntriesMax = 200;
  const auto number = [&](const char* name, std::int64_t otherwise) {
    return parse_int(call.query_value(name).value_or("")).value_or(otherwise);
  };
  const auto count = std::clamp<std::int64_t>(number("per_page", 50), 1, kEntriesMax);
  PF_LET(
      const auto entries,
      rooms.audit.page(rooms.store.read(), static_cast<std::uint64_t>(std::max<std::int64_t>(0, number("cursor", 0))),
                       static_cast<std::size_t>(count)));
  json::Value list = json::Value::array();
  for (const auto& entry : entries) list.push(entry_value(entry));
  const bool more = entries.size() == static_cast<std::size_t>(count) && entries.back().number > 1;
  return Answer{
      .body = json::Value::object(
          {{"data", std::move(list)},
           {"meta", json::Value::object({{"next_cursor", more ? json::Value(std::to_string(entries.back().number))
                                                              : json::Value(nullptr)}})}})};
}

Result<Answer> audit_verify(const Rooms& rooms, const Call&) {
  PF_LET(const auto verdict, rooms.audit.verify(rooms.store.read()));
  return Answer{.body = data(json::Value::object(
                    {{"entries", verdict.entries}, {"whole", verdict.fault.empty()}, {"fault", verdict.fault}}))};
}

}  // namespace

std::vector<Row> vault_routes(storage::Store& store, vault::Vault& vault, audit::Audit& audit) {
  const Rooms rooms{store, vault, audit};
  const auto with = [rooms](Result<Answer> (*function)(const Rooms&, const Call&)) -> gate::Handler {
    return [rooms, function](const Call& call) { return function(rooms, call); };
  };
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/vault",
       .permission = P::settings_read,
       .summary = "The state of the key ring, and the purges that were done",
       .answer_schema = gate::data_shape(shapes::kVault),
       .handler = with(show)},
      {.method = Method::post,
       .path = "/api/v1/vault/purge",
       .permission = P::vault_manage,
       .summary = "Destroy what is due now, or only say what it is",
       .accepts = BodyKind::json,
       .body_schema = json::schema<PurgeBody>(),
       .answer_schema = gate::data_shape(shapes::kPurge),
       .handler = with(purge),
       .fresh_sign_in = true},
      {.method = Method::get,
       .path = "/api/v1/audit",
       .permission = P::audit_read,
       .summary = "The audit log, newest first",
       .answer_schema = gate::page_shape(shapes::kAuditEntry),
       .handler = with(audit_page),
       .query = {{"cursor", "meta.next_cursor of the page before."}, {"per_page", "1 to 200."}}},
      {.method = Method::get,
       .path = "/api/v1/audit/verify",
       .permission = P::audit_read,
       .summary = "Check the audit log's chain",
       .answer_schema = gate::data_shape(shapes::kAuditVerdict),
       .handler = with(audit_verify)},
  };
}

}  // namespace pf::api
