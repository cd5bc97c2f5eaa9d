#include "api/mappings_api.h"

#include "api/rows.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "gate/shape.h"

namespace pf::api {
namespace {

struct MappingRooms {
  storage::Store& store;
  jobs::SavedMappings& mappings;
};

struct SavedMappingBody {
  std::optional<std::string> name;
  std::optional<json::Value> mapping;
  template <class V>
  void fields(V& visit) {
    visit("name", name, "What it is called, such as the supplier's name.");
    visit("mapping", mapping, "What the columns mean, as POST /api/v1/import takes it.");
  }
};

json::Value saved_mapping_value(const jobs::SavedMapping& saved) {
  return json::Value::object({{"id", saved.id},
                              {"name", saved.name},
                              {"mapping", json::parse(saved.mapping).value()},
                              {"by", saved.by},
                              {"updated_at", rfc3339(saved.updated_at)}});
}

Result<Answer> list_saved_mappings(const MappingRooms& rooms, const Call& call) {
  PF_LET(const auto all, rooms.mappings.list(rooms.store.read()));
  json::Value list = json::Value::array();
  for (const auto& one : all) list.push(saved_mapping_value(one));
  return small_list(call, std::move(list));
}

Result<Answer> show_saved_mapping(const MappingRooms& rooms, const Call& call) {
  PF_LET(const auto saved, rooms.mappings.find(rooms.store.read(), call.path_value("id")));
  return Answer{.body = data(saved_mapping_value(saved))};
}

Result<Answer> keep_mapping(const MappingRooms& rooms, const Call& call, const jobs::SavedMapping& before) {
  PF_LET(auto body, json::read_fields<SavedMappingBody>(call.body));
  PF_LET(const auto kept, rooms.mappings.keep(call.actor, before.id, body.name ? *std::move(body.name) : before.name,
                                              body.mapping ? json::write(*body.mapping) : before.mapping));
  return Answer{.body = data(saved_mapping_value(kept))};
}
Result<Answer> create_mapping(const MappingRooms& rooms, const Call& call) {
  return keep_mapping(rooms, call, {});
}
Result<Answer> change_mapping(const MappingRooms& rooms, const Call& call) {
  PF_LET(const auto before, rooms.mappings.find(rooms.store.read(), call.path_value("id")));
  return keep_mapping(rooms, call, before);
}

Result<Answer> remove_mapping(const MappingRooms& rooms, const Call& call) {
  PF_TRY(rooms.mappings.remove(call.actor, call.path_value("id")));
  return Answer{};
}

}  // namespace

std::vector<Row> mapping_routes(storage::Store& store, jobs::SavedMappings& mappings) {
  using P = Permission;
  const auto with = handlers_with(MappingRooms{store, mappings});
  return {
      {.method = Method::get,
       .path = "/api/v1/import-mapping",
       .permission = P::imports,
       .summary = "List saved mappings, by name; a schedule may name one",
       .answer_schema = gate::list_shape(shapes::kSavedMapping),
       .handler = with(list_saved_mappings),
       .query = small_list_parameters()},
      {.method = Method::post,
       .path = "/api/v1/import-mapping",
       .permission = P::imports,
       .summary = "Save a mapping under a name",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<SavedMappingBody>(),
       .answer_schema = gate::data_shape(shapes::kSavedMapping),
       .handler = with(create_mapping)},
      {.method = Method::get,
       .path = "/api/v1/import-mapping/{id}",
       .permission = P::imports,
       .summary = "One saved mapping",
       .answer_schema = gate::data_shape(shapes::kSavedMapping),
       .handler = with(show_saved_mapping)},
      {.method = Method::patch,
       .path = "/api/v1/import-mapping/{id}",
       .permission = P::imports,
       .summary = "Rename a saved mapping, or say anew what the columns mean; schedules that name it follow",
       .accepts = BodyKind::json,
       .body_schema = json::schema<SavedMappingBody>(),
       .answer_schema = gate::data_shape(shapes::kSavedMapping),
       .handler = with(change_mapping)},
      {.method = Method::del,
       .path = "/api/v1/import-mapping/{id}",
       .permission = P::imports,
       .summary = "Remove a saved mapping; schedules that name it fail until they are changed",
       .success = 204,
       .handler = with(remove_mapping)},
  };
}

}  // namespace pf::api
