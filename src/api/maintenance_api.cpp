#include "api/maintenance_api.h"

#include "gate/shape.h"

namespace pf::api {
namespace {

struct MaintenanceRooms {
  storage::Store& store;
  jobs::Maintenance& job;
};

json::Value run_value(const jobs::MaintenanceTask& task, const jobs::MaintenanceRun& run) {
  const bool never = run.status.empty();
  json::Value counts{json::Members{}};
  for (const std::string& name : task.counts) counts.set(name, run.number(name));
  json::Value out = json::Value::object(
      {{"status", never ? "never" : run.status}, {"progress", run.status == "done" ? std::int64_t{100} : run.percent}});
  if (task.in_parts) out.set("part", run.part);
  out.set("message", run.message);
  out.set("resumed", run.resumed);
  out.set("by", run.by);
  out.set("created_at", never ? json::Value(nullptr) : json::Value(rfc3339(run.created_at)));
  out.set("finished_at", never || !run.ended() ? json::Value(nullptr) : json::Value(rfc3339(run.finished_at)));
  out.set("counts", std::move(counts));
  return out;
}

json::Value run_shape(const jobs::MaintenanceTask& task) {
  std::string counts;
  for (const std::string& name : task.counts) counts += (counts.empty() ? "\"" : ",\"") + name + R"(":"count")";
  return gate::data_shape(
      R"({"status":"text","progress":"count",)" + std::string(task.in_parts ? R"("part":"text",)" : "") +
      R"("message":"text","resumed":"bool","by":"text","created_at":"time?","finished_at":"time?",)" + R"("counts":{)" +
      counts + "}}");
}

Result<Answer> answer_of(const MaintenanceRooms& rooms, const Result<jobs::MaintenanceRun>& run) {
  PF_TRY(run);
  return Answer{.body = data(run_value(rooms.job.task(), *run))};
}
Result<Answer> show_run(const MaintenanceRooms& rooms, const Call&) {
  return answer_of(rooms, rooms.job.latest(rooms.store.read()));
}
Result<Answer> start_run(const MaintenanceRooms& rooms, const Call& call) {
  return answer_of(rooms, rooms.job.start(call.actor));
}
Result<Answer> cancel_run(const MaintenanceRooms& rooms, const Call&) {
  return answer_of(rooms, rooms.job.cancel());
}

void add_rows(std::vector<Row>& all, storage::Store& store, jobs::Maintenance& job, const std::string& path,
              const char* what_it_does) {
  const auto with = handlers_with(MaintenanceRooms{store, job});
  const std::string& name = job.task().name;
  all.push_back({.method = Method::post,
                 .path = path,
                 .permission = Permission::settings_write,
                 .summary = what_it_does,
                 .success = 202,
                 .answer_schema = run_shape(job.task()),
                 .handler = with(start_run)});
  all.push_back(
      {.method = Method::get,
       .path = path,
       .permission = Permission::settings_read,
       .summary = "How far the latest " + name + " is, and what it came to: mended 0 means that all was right",
       .answer_schema = run_shape(job.task()),
       .handler = with(show_run)});
  all.push_back({.method = Method::post,
                 .path = path + "/cancel",
                 .permission = Permission::settings_write,
                 .summary = "Cancel the " + name + " that is running, if one is; what was mended until then stays",
                 .answer_schema = run_shape(job.task()),
                 .handler = with(cancel_run)});
}

}  // namespace

std::vector<Row> maintenance_routes(storage::Store& store, jobs::Maintenance& sales_recount,
                                    jobs::Maintenance& index_rebuild) {
  std::vector<Row> all;
  add_rows(all, store, sales_recount, "/api/v1/report/recount",
           "Add up again what orders say was sold, as a job; sums of reports that are wrong are mended");
  add_rows(all, store, index_rebuild, "/api/v1/index/rebuild",
           "Make the search index anew beside the one in use, as a job; what is wrong in that one is mended");
  return all;
}

}  // namespace pf::api
