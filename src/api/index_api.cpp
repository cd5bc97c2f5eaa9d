#include "api/index_api.h"

#include <algorithm>

#include "api/shapes.h"

namespace pf::api {
namespace {

struct IndexRooms {
  storage::Store& store;
  jobs::IndexRebuilds& rebuilds;
};

json::Value rebuild_value(const jobs::IndexRebuild& rebuild) {
  const bool never = rebuild.status.empty();
  // What is mended follows the last document, so it is whole when it is done.
  const std::uint64_t percent = rebuild.of == 0 ? 0 : std::min<std::uint64_t>(rebuild.documents * 100 / rebuild.of, 99);
  return json::Value::object(
      {{"status", never ? "never" : rebuild.status},
       {"progress", rebuild.status == "done" ? std::uint64_t{100} : percent},
       {"part", rebuild.part},
       {"message", rebuild.message},
       {"resumed", rebuild.resumed},
       {"by", rebuild.by},
       {"created_at", never ? json::Value(nullptr) : json::Value(rfc3339(rebuild.created_at))},
       {"finished_at", never || !rebuild.ended() ? json::Value(nullptr) : json::Value(rfc3339(rebuild.finished_at))},
       {"counts", json::Value::object({{"documents", rebuild.documents}, {"mended", rebuild.mended}})}});
}

Result<Answer> show_rebuild(const IndexRooms& rooms, const Call&) {
  PF_LET(const auto rebuild, rooms.rebuilds.latest(rooms.store.read()));
  return Answer{.body = data(rebuild_value(rebuild))};
}
Result<Answer> start_rebuild(const IndexRooms& rooms, const Call& call) {
  PF_LET(const auto rebuild, rooms.rebuilds.start(call.actor));
  return Answer{.body = data(rebuild_value(rebuild))};
}
Result<Answer> cancel_rebuild(const IndexRooms& rooms, const Call&) {
  PF_LET(const auto rebuild, rooms.rebuilds.cancel());
  return Answer{.body = data(rebuild_value(rebuild))};
}

}  // namespace

std::vector<Row> index_routes(storage::Store& store, jobs::IndexRebuilds& rebuilds) {
  const auto with = handlers_with(IndexRooms{store, rebuilds});
  return {
      {.method = Method::post,
       .path = "/api/v1/index/rebuild",
       .permission = Permission::settings_write,
       .summary = "Make the search index anew beside the one in use, as a job; what is wrong in that one is mended",
       .success = 202,
       .answer_schema = gate::data_shape(shapes::kIndexRebuild),
       .handler = with(start_rebuild)},
      {.method = Method::get,
       .path = "/api/v1/index/rebuild",
       .permission = Permission::settings_read,
       .summary = "How far the latest rebuild of the index is, and what it came to: mended 0 means that all was right",
       .answer_schema = gate::data_shape(shapes::kIndexRebuild),
       .handler = with(show_rebuild)},
      {.method = Method::post,
       .path = "/api/v1/index/rebuild/cancel",
       .permission = Permission::settings_write,
       .summary = "Cancel the rebuild of the index that is running, if one is; what was mended until then stays",
       .answer_schema = gate::data_shape(shapes::kIndexRebuild),
       .handler = with(cancel_rebuild)}};
}

}  // namespace pf::api
