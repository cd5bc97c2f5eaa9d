#include "api/schedules_api.h"

#include <array>

#include "api/rows.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

struct ScheduleRooms {
  storage::Store& store;
  jobs::Schedules& schedules;
  const access::Access& access;
};

constexpr std::array<std::string_view, 7> kWeekdays{"sunday",   "monday", "tuesday", "wednesday",
                                                    "thursday", "friday", "saturday"};

struct ScheduleBody {
  std::optional<std::string> name, task, at, time_zone, profile, folder, url, username, password, kind, mode,
      mapping_id, on, rule;
  std::optional<std::int64_t> every_minutes, keep;
  std::optional<std::vector<std::string>> weekdays;
  std::optional<bool> enabled;
  std::optional<json::Value> mapping;
  template <class V>
  void fields(V& visit) {
    visit("name", name, "What it is called here.");
    visit("task", task, "export_folder, import_folder, import_url or rules.");
    visit("enabled", enabled, "False: it does nothing; true without.");
    visit("every_minutes", every_minutes, "1 to 1440, counted from midnight in UTC; 0: at a time of the day.");
    visit("at", at, "The time of the day where it is, such as 07:30.");
    visit("time_zone", time_zone, "Where that time is shown, such as Europe/Amsterdam; the shop's without.");
    visit("weekdays", weekdays, "monday to sunday; none: every day.");
    visit("profile", profile, "Of an export: the id of its profile.");
    visit("folder", folder,
          "Below exchange/out or exchange/in of the data folder, such as supplier; that itself without.");
    visit("keep", keep, "Of an export: how many files, with the time in their names; 1: always the same file.");
    visit("url", url, "Of import_url: https, at a host that is allowed (GET /api/v1/webhook-host).");
    visit("username", username, "Of import_url, where its server asks who we are (HTTP Basic). It is shown; a token belongs in the password.");
    visit("password", password,
          "Goes with it to that host alone; never shown again. Absent: it stays; null or empty: none from now on.");
    visit("kind", kind, "Of an import: product, stock or model.");
    visit("mode", mode, "Of an import: upsert, create or update.");
    visit("mapping", mapping, "Of an import: what its columns mean, as POST /api/v1/import takes it.");
    visit("mapping_id", mapping_id, "Of an import, instead: a saved mapping (GET /api/v1/import-mapping).");
    visit("on", on, "Of rules: product (all of them) or order (those that are open); product without.");
    visit("rule", rule, "Of rules: the id of one alone, in force or not; without, all that are in force.");
  }
};

json::Value schedule_value(const jobs::Schedule& schedule) {
  json::Value weekdays = json::Value::array();
  for (std::size_t day = 0; day < kWeekdays.size(); ++day)
    if (schedule.when.weekdays >> day & 1u) weekdays.push(kWeekdays[day]);
  const auto or_null = [](const std::string& text) { return text.empty() ? json::Value() : json::Value(text); };
  return json::Value::object(
      {{"id", schedule.id},
       {"name", schedule.name},
       {"task", jobs::task_name(schedule.task)},
       {"enabled", schedule.enabled},
       {"every_minutes", schedule.when.every_minutes},
       {"at", jobs::clock_text(schedule.when.minute_of_day)},
       {"time_zone", schedule.when.time_zone},
       {"weekdays", std::move(weekdays)},
       {"profile", schedule.profile},
       {"folder", schedule.folder},
       {"keep", schedule.keep},
       {"url", schedule.url},
       {"username", schedule.username},
       {"has_password", !schedule.password_for.empty()},
       {"kind", schedule.kind},
       {"mode", schedule.mode},
       {"mapping", schedule.mapping.empty() ? json::Value() : json::parse(schedule.mapping).value()},
       {"mapping_id", schedule.mapping_id},
       {"on", schedule.on},
       {"rule", schedule.rule == 0 ? json::Value() : json::Value(std::to_string(schedule.rule))},
       {"next_at", moment(schedule.next_at)},
       {"last_status", or_null(schedule.last_status)},
       {"last_message", or_null(schedule.last_message)},
       {"last_at", moment(schedule.last_at)},
       {"by", schedule.by},
       {"created_at", rfc3339(schedule.created_at)},
       {"updated_at", rfc3339(schedule.updated_at)}});
}

// What was sent of it; the password apart.
Result<jobs::Schedules::NewPassword> take_schedule(const Call& call, jobs::Schedule& schedule) {
  PF_LET(auto body, json::read_fields<ScheduleBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body));
  const auto set = [](auto& to, auto& from) {
    if (from) to = *std::move(from);
  };
  set(schedule.name, body.name);
  set(schedule.enabled, body.enabled);
  set(schedule.when.every_minutes, body.every_minutes);
  set(schedule.when.time_zone, body.time_zone);
  set(schedule.profile, body.profile);
  set(schedule.folder, body.folder);
  set(schedule.keep, body.keep);
  set(schedule.url, body.url);
  set(schedule.username, body.username);
  set(schedule.kind, body.kind);
  set(schedule.mode, body.mode);
  if (body.mapping) {  // an empty one says nothing; one takes the other's place
    schedule.mapping = *body.mapping == json::Value(json::Members{}) ? std::string() : json::write(*body.mapping);
    if (!body.mapping_id) schedule.mapping_id.clear();
  }
  if (body.mapping_id) {
    schedule.mapping_id = *std::move(body.mapping_id);
    if (!body.mapping && !schedule.mapping_id.empty()) schedule.mapping.clear();
  }
  set(schedule.on, body.on);
  if (body.rule) {
    const auto id = body.rule->empty() ? std::optional<std::int64_t>(0) : parse_int(*body.rule);
    if (!id || *id < 0) return invalid("rule", "unknown", "rule is the id of a rule, or empty for all.");
    schedule.rule = static_cast<std::uint64_t>(*id);
  }
  if (body.task) {
    const auto task = jobs::task_named(*body.task);
    if (!task) return invalid("task", "unknown", "task can be export_folder, import_folder, import_url or rules.");
    schedule.task = *task;
  }
  if (body.at) {
    const auto minute = jobs::minute_of_day(*body.at);
    if (!minute) return invalid("at", "format", "at is a time of the day such as 07:30.");
    schedule.when.minute_of_day = *minute;
  }
  if (body.weekdays) {
    schedule.when.weekdays = 0;
    for (const std::string& name : *body.weekdays) {
      const auto day = std::find(kWeekdays.begin(), kWeekdays.end(), name);
      if (day == kWeekdays.end()) return invalid("weekdays", "unknown", "weekdays are monday to sunday.");
      schedule.when.weekdays |= 1u << (day - kWeekdays.begin());
    }
  }
  if (call.body.find("password") == nullptr) return jobs::Schedules::NewPassword();
  return jobs::Schedules::NewPassword(crypto::SecretBytes::copy_of(body.password.value_or("")));
}

// A schedule does what its maker might do by hand, so he must be allowed to.
Result<> may_do(const Call& call, const jobs::Schedule& schedule) {
  const bool is_export = schedule.task == jobs::Task::export_folder;
  const auto needs = [&](Permission permission) -> Result<> {
    if (call.actor.can(permission)) return {};
    return error(ErrorCode::forbidden,
                 "This schedule needs the right " + std::string(access::permission_name(permission)) + " besides.");
  };
  if (schedule.task == jobs::Task::rules) {
    PF_TRY(needs(Permission::catalog_write));
    return schedule.on == "order" ? needs(Permission::orders_write) : Result<>();
  }
  PF_TRY(needs(is_export ? Permission::exports : Permission::imports));
  PF_TRY(needs(is_export                  ? Permission::catalog_read
               : schedule.kind == "stock" ? Permission::stock_write
                                          : Permission::catalog_write));
  return {};
}

Result<Answer> list_schedules(const ScheduleRooms& rooms, const Call& call) {
  PF_LET(const auto schedules, rooms.schedules.list(rooms.store.read()));
  json::Value list = json::Value::array();
  for (const auto& schedule : schedules) list.push(schedule_value(schedule));
  return small_list(call, std::move(list));
}

Result<Answer> show_schedule(const ScheduleRooms& rooms, const Call& call) {
  PF_LET(const auto schedule, rooms.schedules.find(rooms.store.read(), call.path_value("id")));
  return Answer{.body = data(schedule_value(schedule))};
}

Result<Answer> create_schedule(const ScheduleRooms& rooms, const Call& call) {
  jobs::Schedule schedule;
  PF_LET(const auto settings, rooms.access.settings());
  schedule.when.time_zone = settings.time_zone;
  PF_LET(const auto password, take_schedule(call, schedule));
  PF_TRY(may_do(call, schedule));
  PF_LET(schedule, rooms.schedules.create(call.actor, std::move(schedule), password));
  return Answer{.body = data(schedule_value(schedule))};
}

Result<Answer> change_schedule(const ScheduleRooms& rooms, const Call& call) {
  PF_LET(auto schedule, rooms.schedules.find(rooms.store.read(), call.path_value("id")));
  PF_TRY(may_do(call, schedule));
  PF_LET(const auto password, take_schedule(call, schedule));
  PF_TRY(may_do(call, schedule));
  PF_LET(schedule, rooms.schedules.change(call.actor, call.path_value("id"), std::move(schedule), password));
  return Answer{.body = data(schedule_value(schedule))};
}

Result<Answer> remove_schedule(const ScheduleRooms& rooms, const Call& call) {
  PF_TRY(rooms.schedules.remove(call.actor, call.path_value("id")));
  return Answer{};
}

Result<Answer> run_schedule(const ScheduleRooms& rooms, const Call& call) {
  PF_LET(auto schedule, rooms.schedules.find(rooms.store.read(), call.path_value("id")));
  PF_TRY(may_do(call, schedule));
  PF_LET(schedule, rooms.schedules.run_now(call.path_value("id")));
  return Answer{.body = data(schedule_value(schedule))};
}

Result<Answer> list_runs(const ScheduleRooms& rooms, const Call& call) {
  PF_LET(const auto runs, rooms.schedules.runs(rooms.store.read(), call.path_value("id")));
  json::Value list = json::Value::array();
  for (const auto& run : runs)
    list.push(json::Value::object({{"id", std::to_string(run.number)},
                                   {"started_at", rfc3339(run.started_at)},
                                   {"finished_at", rfc3339(run.finished_at)},
                                   {"status", run.status},
                                   {"message", run.message}}));
  return small_list(call, std::move(list));
}

}  // namespace

std::vector<Row> schedule_routes(storage::Store& store, jobs::Schedules& schedules, const access::Access& access) {
  using P = Permission;
  const auto with = handlers_with(ScheduleRooms{store, schedules, access});
  return {
      {.method = Method::get,
       .path = "/api/v1/schedule",
       .permission = P::settings_read,
       .summary = "What happens by itself: files that are written, read and fetched",
       .answer_schema = gate::list_shape(shapes::kSchedule),
       .handler = with(list_schedules),
       .query = small_list_parameters()},
      {.method = Method::post,
       .path = "/api/v1/schedule",
       .permission = P::settings_write,
       .summary = "Make a schedule; needs the right to do by hand what it does, too",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<ScheduleBody>(),
       .answer_schema = gate::data_shape(shapes::kSchedule),
       .handler = with(create_schedule)},
      {.method = Method::get,
       .path = "/api/v1/schedule/{id}",
       .permission = P::settings_read,
       .summary = "One schedule, with its next run",
       .answer_schema = gate::data_shape(shapes::kSchedule),
       .handler = with(show_schedule)},
      {.method = Method::patch,
       .path = "/api/v1/schedule/{id}",
       .permission = P::settings_write,
       .summary = "Change a schedule, or switch it off",
       .accepts = BodyKind::json,
       .body_schema = json::schema<ScheduleBody>(),
       .answer_schema = gate::data_shape(shapes::kSchedule),
       .handler = with(change_schedule)},
      {.method = Method::del,
       .path = "/api/v1/schedule/{id}",
       .permission = P::settings_write,
       .summary = "Remove a schedule; what it wrote stays",
       .success = 204,
       .handler = with(remove_schedule)},
      {.method = Method::post,
       .path = "/api/v1/schedule/{id}/run",
       .permission = P::settings_write,
       .summary = "Do it now, besides its times",
       .answer_schema = gate::data_shape(shapes::kSchedule),
       .handler = with(run_schedule)},
      {.method = Method::get,
       .path = "/api/v1/schedule/{id}/run",
       .permission = P::settings_read,
       .summary = "The last runs of a schedule, newest first, and what came of each",
       .answer_schema = gate::list_shape(shapes::kScheduleRun),
       .handler = with(list_runs),
       .query = small_list_parameters()},
  };
}

}  // namespace pf::api
