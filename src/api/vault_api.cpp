#include "api/vault_api.h"

#include <algorithm>

#include "api/list_page.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "orders/remains.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

struct VaultRooms {
  storage::Store& store;
  vault::Vault& vault;
  audit::Audit& audit;
};

std::string hour(std::uint32_t epoch) {
  return rfc3339(Time{std::chrono::hours{epoch}});
}

json::Value report_value(const vault::PurgeReport& report) {
  return json::Value::object(
      {{"at", rfc3339(report.at)},
       {"dry_run", report.dry_run},
       {"gone_before", hour(report.live_min)},
       {"keys_destroyed", report.keys_destroyed},
       {"records", report.figures.records_dropped},
       {"bytes", report.figures.bytes_dropped},
       {"files", report.figures.files_dropped},
       {"clean", report.figures.clean},
       {"remaining", report.figures.remaining},
       {"certificate", report.certificate > 0 ? json::Value(report.certificate) : json::Value()}});
}

// Day by day, newest first: which is alive, and when it goes. A day is gone with the last of its hours.
json::Value calendar(const vault::VaultStatus& status) {
  constexpr std::uint32_t kHours = 24, kDaysGoneShown = 14;
  json::Value days = json::Value::array();
  const std::uint32_t today = status.epoch / kHours, oldest = status.live_min / kHours;
  for (std::uint32_t day = today; day + kDaysGoneShown >= oldest && days.as_array()->size() < 60; --day) {
    const std::uint32_t first = day * kHours, last = first + kHours - 1;
    const char* state = last < status.live_min ? "gone" : first < status.live_min ? "going" : "alive";
    const auto keys =
        std::ranges::count_if(status.live_hours, [&](auto hour) { return hour >= first && hour <= last; });
    days.push(json::Value::object({{"date", hour(first).substr(0, 10)},
                                   {"state", state},
                                   {"live_keys", static_cast<std::uint64_t>(keys)},
                                   {"gone_at", hour(last + vault::kRetentionEpochs)}}));
    if (day == 0) break;
  }
  return days;
}

json::Value reveals_value(const vault::VaultStatus& status) {
  json::Value list = json::Value::array();
  for (const auto& count : status.reveals)
    list.push(json::Value::object({{"actor_id", count.actor},
                                   {"actor_name", count.name},
                                   {"this_hour", count.hour},
                                   {"today", count.day},
                                   {"refused", count.refused}}));
  return list;
}

json::Value certificate_value(const vault::Certificate& certificate) {
  json::Value value = certificate.body;
  value.set("hash", hex(certificate.hash));
  value.set("statement", certificate.statement);
  value.set("signature", base64url(certificate.signature));
  return value;
}

Result<Answer> certificates(const VaultRooms& rooms, const Call& call) {
  constexpr std::uint64_t kCertificatesShown = 50;  // without another wish
  PF_LET(const Paging paging, paging_of(call, kCertificatesShown));
  const auto before = static_cast<std::uint64_t>(std::max<std::int64_t>(0, parse_int(paging.cursor).value_or(0)));
  PF_LET(const auto page,
         rooms.vault.certificates(rooms.store.read(), before, static_cast<std::size_t>(paging.per_page)));
  json::Value list = json::Value::array();
  for (const auto& one : page) list.push(certificate_value(one));
  const bool more = page.size() == paging.per_page && page.back().number > 1;
  return Answer{
      .body = cursor_body(call, std::move(list), paging.per_page, more ? std::to_string(page.back().number) : "")};
}

Result<Answer> certificate(const VaultRooms& rooms, const Call& call) {
  const auto number = parse_int(call.path_value("number"));
  PF_LET(const auto one, rooms.vault.certificate(rooms.store.read(), static_cast<std::uint64_t>(std::max<std::int64_t>(
                                                                         0, number.value_or(0)))));
  if (!one) return error(ErrorCode::not_found, "There is no such certificate.");
  return Answer{.body = data(certificate_value(*one))};
}

Result<Answer> certificates_verify(const VaultRooms& rooms, const Call&) {
  PF_LET(const auto verdict, rooms.vault.verify_certificates(rooms.store.read()));
  json::Value keys = json::Value::array(), unvouched = json::Value::array();
  for (const auto& [number, key] : verdict.keys)
    keys.push(json::Value::object({{"from_certificate", number}, {"key", key}}));
  for (const std::uint64_t number : verdict.unvouched) unvouched.push(number);
  return Answer{.body = data(json::Value::object({{"certificates", verdict.certificates},
                                                  {"whole", verdict.fault.empty()},
                                                  {"fault", verdict.fault},
                                                  {"keys", std::move(keys)},
                                                  {"unvouched", std::move(unvouched)}}))};
}

json::Value remains_value() {
  json::Value list = json::Value::array();
  for (const auto& one : orders::kRemains)
    list.push(json::Value::object({{"what", std::string(one.what)}, {"why", std::string(one.why)}}));
  return list;
}

json::Value key_value(const vault::VaultStatus& status) {
  return json::Value::object({{"provider", vault::provider_name(status.provider)}, {"place", status.key_place}});
}

Result<Answer> show(const VaultRooms& rooms, const Call&) {
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
                                                  {"ring_warning", status.ring_warning},
                                                  {"signing_key", base64url(rooms.vault.signing_key())},
                                                  {"sealed", status.sealed},
                                                  {"sealed_because", status.sealed_because},
                                                  {"key", key_value(status)},
                                                  {"days", calendar(status)},
                                                  {"reveals", reveals_value(status)},
                                                  {"remains", remains_value()},
                                                  {"purges", std::move(certificates)}}))};
}

struct PurgeBody {
  std::optional<bool> dry_run;
  template <class V>
  void fields(V& visit) {
    visit("dry_run", dry_run, "true: only say what is due.");
  }
};

Result<Answer> purge(const VaultRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<PurgeBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body));
  PF_LET(const auto report, rooms.vault.purge(call.actor, body.dry_run.value_or(false)));
  return Answer{.body = data(report_value(report))};
}

struct ClockBody {
  bool confirm = false;
  template <class V>
  void fields(V& visit) {
    visit("confirm", confirm, "true: the box's clock is right as it stands now. What is over by it goes at once.");
  }
};

Result<Answer> confirm_clock(const VaultRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<ClockBody>(call.body));
  if (!body.confirm) return invalid("confirm", "required", "Send confirm: true when the box's clock is right.");
  if (!rooms.vault.status().clock_alarm.starts_with("set_forward"))
    return error(ErrorCode::conflict, "The clock is not in doubt, so there is nothing to confirm.");
  PF_TRY(rooms.vault.confirm_clock(call.actor));
  PF_TRY(rooms.vault.tick());
  return show(rooms, call);
}

}  // namespace

std::vector<Row> vault_routes(storage::Store& store, vault::Vault& vault, audit::Audit& audit) {
  const VaultRooms rooms{store, vault, audit};
  const auto with = handlers_with(rooms);
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
      {.method = Method::post,
       .path = "/api/v1/vault/clock",
       .permission = P::vault_manage,
       .summary = "Say that a clock which was set far ahead is right; buyers whose time is over by it are destroyed",
       .accepts = BodyKind::json,
       .body_schema = json::schema<ClockBody>(),
       .answer_schema = gate::data_shape(shapes::kVault),
       .handler = with(confirm_clock),
       .fresh_sign_in = true},
      {.method = Method::get,
       .path = "/api/v1/vault/certificate",
       .permission = P::settings_read,
       .summary = "The signed certificates of what was destroyed, newest first",
       .answer_schema = gate::page_shape(shapes::kCertificate),
       .handler = with(certificates),
       .query = {{"cursor", "meta.next_cursor of the page before."}, {"per_page", "1 to 200."}}},
      {.method = Method::get,
       .path = "/api/v1/vault/certificate/verify",
       .permission = P::settings_read,
       .summary = "Check the certificates' signatures and their chain",
       .answer_schema = gate::data_shape(shapes::kCertificatesVerdict),
       .handler = with(certificates_verify)},
      {.method = Method::get,
       .path = "/api/v1/vault/certificate/{number}",
       .permission = P::settings_read,
       .summary = "One certificate, with the very bytes that are signed",
       .answer_schema = gate::data_shape(shapes::kCertificate),
       .handler = with(certificate)},
  };
}

}  // namespace pf::api
