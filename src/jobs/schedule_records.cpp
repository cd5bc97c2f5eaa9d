// Stored on disk, do not rename; members that an older record lacks are as in a new schedule.
#include "jobs/schedule_records.h"

#include "json/members.h"
#include "productflow/text.h"

namespace pf::jobs {
namespace {

constexpr std::int64_t kScheduleFormat = 1;

json::Value stored_time(const std::optional<Time>& time) {
  return time ? json::Value(rfc3339(*time)) : json::Value();
}
std::optional<Time> time_in(const json::Value& in, std::string_view name) {
  const auto parsed = parse_time(json::text_in(in, name));
  return parsed.ok() ? std::optional(*parsed) : std::nullopt;
}

}  // namespace

std::string schedule_record(const Schedule& schedule) {
  return json::write(json::Value::object({{"format_version", kScheduleFormat},
                                          {"name", schedule.name},
                                          {"task", task_name(schedule.task)},
                                          {"every_minutes", schedule.when.every_minutes},
                                          {"minute_of_day", schedule.when.minute_of_day},
                                          {"weekdays", std::uint64_t{schedule.when.weekdays}},
                                          {"time_zone", schedule.when.time_zone},
                                          {"enabled", schedule.enabled},
                                          {"profile", schedule.profile},
                                          {"folder", schedule.folder},
                                          {"keep", schedule.keep},
                                          {"url", schedule.url},
                                          {"username", schedule.username},
                                          {"password_for", schedule.password_for},
                                          {"kind", schedule.kind},
                                          {"mode", schedule.mode},
                                          {"mapping", schedule.mapping},
                                          {"mapping_id", schedule.mapping_id},
                                          {"on", schedule.on},
                                          {"rule", schedule.rule},
                                          {"known", schedule.known},
                                          {"known_since", schedule.known_since},
                                          {"next_at", stored_time(schedule.next_at)},
                                          {"last_status", schedule.last_status},
                                          {"last_message", schedule.last_message},
                                          {"last_at", stored_time(schedule.last_at)},
                                          {"by", schedule.by},
                                          {"created_at", rfc3339(schedule.created_at)},
                                          {"updated_at", rfc3339(schedule.updated_at)}}));
}

Result<Schedule> schedule_of_record(std::string_view id, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  if (json::number_in(in, "format_version") > kScheduleFormat)
    return error(ErrorCode::unsupported, "A schedule was written by a newer ProductFlow.");
  const auto text = [&](const char* name) { return json::text_in(in, name); };
  Schedule out;
  out.id = id;
  out.name = text("name");
  out.task = task_named(text("task")).value_or(Task::export_folder);
  out.when = {json::number_in(in, "every_minutes"), static_cast<int>(json::number_in(in, "minute_of_day")),
              static_cast<unsigned>(json::number_in(in, "weekdays")), text("time_zone")};
  out.enabled = json::flag_in(in, "enabled");
  out.profile = text("profile");
  out.folder = text("folder");
  out.keep = json::number_in(in, "keep");
  out.url = text("url");
  out.username = text("username");
  out.password_for = text("password_for");
  out.kind = text("kind");
  out.mode = text("mode");
  out.mapping = text("mapping");
  out.mapping_id = text("mapping_id");
  out.on = in.find("on") != nullptr ? text("on") : out.on;
  out.rule = static_cast<std::uint64_t>(json::number_in(in, "rule"));
  out.known = text("known");
  out.known_since = text("known_since");
  out.next_at = time_in(in, "next_at");
  out.last_status = text("last_status");
  out.last_message = text("last_message");
  out.last_at = time_in(in, "last_at");
  out.by = text("by");
  out.created_at = time_in(in, "created_at").value_or(Time{});
  out.updated_at = time_in(in, "updated_at").value_or(Time{});
  return out;
}

std::string run_record(const Run& run) {
  return json::write(json::Value::object({{"started_at", rfc3339(run.started_at)},
                                          {"finished_at", rfc3339(run.finished_at)},
                                          {"status", run.status},
                                          {"message", run.message}}));
}

Result<Run> run_of_record(std::uint64_t number, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  return Run{number, time_in(in, "started_at").value_or(Time{}), time_in(in, "finished_at").value_or(Time{}),
             json::text_in(in, "status"), json::text_in(in, "message")};
}

}  // namespace pf::jobs
