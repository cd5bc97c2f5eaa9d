#include "api/model_api.h"

#include <algorithm>
#include <map>

#include "api/associations_api.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "gate/shape.h"

namespace pf::api {
namespace {

using catalog::Described;
using catalog::DescribeMode;
using catalog::ModelKind;

struct ModelRooms {
  storage::Store& store;
  catalog::Products& products;
};

// --- lists ---

Result<Answer> attribute_list(const ModelRooms& rooms, const Call& call) {
  const auto read = rooms.store.read();
  PF_LET(const auto model, rooms.products.models().known(read));
  PF_LET(const auto uses, rooms.products.attribute_uses(read));
  // A cell per channel or currency is its attribute's; of several the fullest counts.
  std::map<std::string, std::uint64_t, std::less<>> of_described;
  std::vector<std::pair<std::string, std::uint64_t>> free;
  for (const auto& [name, count] : uses) {
    const auto cell = model->cell(name);
    if (cell.attribute == nullptr) {
      free.emplace_back(name, count);
      continue;
    }
    auto& most = of_described[cell.attribute->said.code];
    most = std::max(most, count);
  }
  const bool with_choices = call.query_value("choices").value_or("") == "1";
  json::Value list = catalog::described_all(*model, ModelKind::attribute);
  for (auto& one : *list.as_array()) {
    const auto at = of_described.find(*one.find("code")->as_string());
    one.set("described", true);
    if (with_choices)
      one.set("choices",
              *catalog::described(*model, ModelKind::attribute, *one.find("code")->as_string())->value.find("choices"));
    one.set("products", at == of_described.end() ? std::uint64_t{0} : at->second);
  }
  for (const auto& [name, count] : free) {
    json::Value one = json::write_fields(catalog::Attribute{.code = name});
    one.erase("choices");
    one.set("choices_count", 0);
    one.set("described", false);
    one.set("products", count);
    list.push(std::move(one));
  }
  return small_list(call, std::move(list), {"choices"});
}

json::Value labels_value(const catalog::Labels& labels) {
  json::Value out{json::Members{}};
  for (const auto& [locale, text] : labels) out.set(locale, text);
  return out;
}

Result<Answer> family_list(const ModelRooms& rooms, const Call& call) {
  const auto read = rooms.store.read();
  PF_LET(const auto model, rooms.products.models().known(read));
  PF_LET(const auto counts, rooms.products.counts(read, "family"));
  std::map<std::string, std::uint64_t> all(counts.begin(), counts.end());
  for (const auto& [code, known] : model->families) all.emplace(code, 0);
  json::Value list = json::Value::array();
  for (const auto& [code, count] : all) {
    json::Value one = json::Value::object({{"code", code}, {"products", count}});
    if (const auto at = model->families.find(code); at != model->families.end()) {
      const auto& said = at->second->said;
      one.set("described", true);
      one.set("labels", labels_value(said.labels));
      one.set("parent", said.parent.empty() ? json::Value(nullptr) : json::Value(said.parent));
      one.set("attributes", std::uint64_t{model->family(code)->attributes.size()});
    }
    list.push(std::move(one));
  }
  return small_list(call, std::move(list));
}

Result<Answer> category_list(const ModelRooms& rooms, const Call& call) {
  const auto read = rooms.store.read();
  PF_LET(const auto model, rooms.products.models().known(read));
  PF_LET(const auto counts, rooms.products.counts(read, "category"));
  std::map<std::string, std::uint64_t> all(counts.begin(), counts.end());
  for (const auto& [path, known] : model->categories) all.emplace(path, 0);
  json::Value list = json::Value::array();
  for (const auto& [path, held] : all) {
    if (call.limits && !call.limits->category({path})) continue;
    const auto at = model->categories.find(path);
    const auto* said = at == model->categories.end() ? nullptr : &at->second->said;
    const auto slash = path.rfind('/');
    const std::string parent(model->category_above(path));
    std::uint64_t count = held;
    if (auto below = model->with_those_below(path); below.size() > 1) {
      PF_LET(count, rooms.products.count_in(read, std::move(below)));
    }
    json::Value one = json::Value::object({{"path", path},
                                           {"name", slash == std::string::npos ? path : path.substr(slash + 1)},
                                           {"parent", parent.empty() ? json::Value(nullptr) : json::Value(parent)},
                                           {"products", count}});
    if (said != nullptr) {
      one.set("described", true);
      one.set("labels", labels_value(said->labels));
      one.set("position", said->position);
    }
    list.push(std::move(one));
  }
  return small_list(call, std::move(list));
}

// --- the tree of categories ---

struct MoveBody {
  std::optional<std::string> parent, before;
  template <class V>
  void fields(V& visit) {
    visit("parent", parent, "The category that it is to stand below; null or left out: none, it goes to the top.");
    visit("before", before, "The neighbour that it is to stand before; null or left out: last.");
  }
};
struct PlaceBody {
  std::string path;
  std::optional<std::string> parent;
  std::optional<std::int64_t> position;
  std::optional<bool> top, described;
  template <class V>
  void fields(V& visit) {
    visit("path", path, "The category.");
    visit("parent", parent, "What it stands below; null: what its path says.");
    visit("top", top, "true: it stands at the top, whatever its path says.");
    visit("position", position, "Its place among its neighbours, from the smallest.");
    visit("described", described, "false forgets what was said of its place, where nothing else was said of it.");
  }
};
struct PlacesBody {
  std::vector<PlaceBody> categories;
  template <class V>
  void fields(V& visit) {
    visit("categories", categories, "Those that change, as a move answers how they were before.");
  }
};

json::Value places_value(const std::vector<catalog::CategoryPlace>& places) {
  json::Value out = json::Value::array();
  for (const auto& one : places)
    out.push(json::Value::object({{"path", one.path},
                                  {"parent", one.parent.empty() ? json::Value(nullptr) : json::Value(one.parent)},
                                  {"top", one.parent.empty()},
                                  {"position", one.position},
                                  {"described", one.described}}));
  return out;
}

// Every category, described or only named by products.
Result<std::vector<catalog::CategoryPlace>> all_places(const ModelRooms& rooms, const storage::Reader& reader) {
  PF_LET(const auto model, rooms.products.models().known(reader));
  PF_LET(const auto counts, rooms.products.counts(reader, "category"));
  std::map<std::string, std::uint64_t> all(counts.begin(), counts.end());
  for (const auto& [path, known] : model->categories) all.emplace(path, 0);
  std::vector<catalog::CategoryPlace> out;
  for (const auto& [path, ignored] : all) {
    const auto at = model->categories.find(path);
    out.push_back({path, std::string(model->category_above(path)),
                   at == model->categories.end() ? 0 : at->second->said.position, at != model->categories.end()});
  }
  return out;
}

Result<Answer> move_category(const ModelRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<MoveBody>(call.body));
  PF_LET(const auto path, catalog::parse_category(call.path_value("path")));
  const std::string parent = body.parent.value_or(""), ahead_of = body.before.value_or("");
  std::vector<catalog::CategoryPlace> before;
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto all, all_places(rooms, work));
    const auto known = [&](const std::string& name) {
      return std::ranges::find(all, name, &catalog::CategoryPlace::path);
    };
    if (known(path) == all.end()) return error(ErrorCode::not_found, "There is no category \"" + path + "\".");
    if (!parent.empty() && known(parent) == all.end())
      return invalid("parent", "unknown", "There is no category " + parent + ".");
    if (parent == path) return invalid("parent", "circle", "A category cannot stand below itself.");
    std::vector<catalog::CategoryPlace> neighbours;
    for (const auto& one : all)
      if (one.parent == parent && one.path != path) neighbours.push_back(one);
    std::ranges::stable_sort(neighbours, {}, &catalog::CategoryPlace::position);  // as the page shows them
    auto at = neighbours.end();
    if (!ahead_of.empty()) {
      at = std::ranges::find(neighbours, ahead_of, &catalog::CategoryPlace::path);
      if (at == neighbours.end())
        return invalid("before", "unknown", "The category " + ahead_of + " does not stand there.");
    }
    neighbours.insert(at, {path, parent, 0, true});
    std::vector<catalog::CategoryPlace> places;
    if (const auto above = known(parent); above != all.end() && !above->described)
      places.push_back({above->path, above->parent, above->position, true});
    for (std::size_t i = 0; i < neighbours.size(); ++i) {
      auto& one = neighbours[i];
      one.position = static_cast<std::int64_t>(i);
      one.described = true;
      places.push_back(one);
    }
    PF_LET(before, rooms.products.models().place_categories(work, call.actor, places, path));
    return {};
  }));
  return Answer{.body = data(json::Value::object({{"path", path}, {"before", places_value(before)}}))};
}

Result<Answer> order_categories(const ModelRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<PlacesBody>(call.body));
  if (body.categories.empty()) return invalid("categories", "required", "Name at least one category.");
  std::vector<catalog::CategoryPlace> places, before;
  for (const auto& one : body.categories) {
    const auto slash = one.path.rfind('/');
    const auto by_path = slash == std::string::npos ? std::string() : one.path.substr(0, slash);
    const auto parent = one.top.value_or(false) ? std::string() : one.parent.value_or(by_path);
    places.push_back({one.path, parent, one.position.value_or(0), one.described.value_or(true)});
  }
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(before, rooms.products.models().place_categories(work, call.actor, places, places[0].path));
    return {};
  }));
  return Answer{.body = data(json::Value::object({{"path", places[0].path}, {"before", places_value(before)}}))};
}

Result<Answer> unit_list(const ModelRooms& rooms, const Call& call) {
  PF_LET(const auto model, rooms.products.models().known(rooms.store.read()));
  json::Value list = json::Value::array();
  for (const auto& family : model->units->families()) {
    json::Value units = json::Value::array();
    for (const auto& unit : family.units)
      units.push(json::Value::object({{"code", unit.code},
                                      {"symbol", unit.symbol},
                                      {"labels", labels_value(unit.labels)},
                                      {"built_in", unit.built_in}}));
    list.push(json::Value::object({{"family", family.code},
                                   {"labels", labels_value(family.labels)},
                                   {"built_in", family.built_in},
                                   {"units", std::move(units)}}));
  }
  return small_list(call, std::move(list));
}

Result<Answer> association_type_list(const ModelRooms& rooms, const Call& call) {
  PF_LET(const auto model, rooms.products.models().known(rooms.store.read()));
  return small_list(call, association_types_value(*model));
}

// With the number of their records.
Result<Answer> reference_kind_list(const ModelRooms& rooms, const Call& call) {
  const auto read = rooms.store.read();
  PF_LET(const auto model, rooms.products.models().known(read));
  json::Value list = catalog::described_all(*model, ModelKind::reference_kind);
  for (auto& one : *list.as_array()) {
    PF_LET(const auto records, rooms.products.references().count(read, *one.find("code")->as_string()));
    one.set("records", records);
  }
  return small_list(call, std::move(list));
}

Result<Answer> plain_list(const ModelRooms& rooms, const Call& call, ModelKind kind) {
  PF_LET(const auto model, rooms.products.models().known(rooms.store.read()));
  return small_list(call, catalog::described_all(*model, kind));
}

// --- one ---

std::string name_in(const Call& call, ModelKind kind) {
  return call.path_value(kind == ModelKind::category ? "path" : "code");
}

Answer one_answer(Described described, int status) {
  Answer out{.status = status, .body = data(std::move(described.value))};
  if (!described.etag.empty()) out.headers.emplace_back("etag", described.etag);
  return out;
}

Result<Answer> show_one(const ModelRooms& rooms, const Call& call, ModelKind kind) {
  PF_LET(const auto model, rooms.products.models().known(rooms.store.read()));
  const std::string name = name_in(call, kind);
  auto found = catalog::described(*model, kind, name);
  if (!found || (kind == ModelKind::category && call.limits && !call.limits->category({name})))
    return error(ErrorCode::not_found,
                 "Nobody described the " + std::string(catalog::model_kind_name(kind)) + " \"" + name + "\".");
  return one_answer(*std::move(found), 200);
}

// What products hold goes only when somebody says that he knows.
bool is_forced(const Call& call) {
  return call.query_value("force").value_or("") == "1";
}
Result<> ask_about(std::vector<FieldFault> uses) {
  if (uses.empty()) return {};
  Error in_use = error(ErrorCode::conflict, "");
  for (const auto& use : uses) in_use.message += use.message + " ";
  in_use.message += "Say force=1 to do it all the same.";
  in_use.faults = std::move(uses);
  return in_use;
}

Result<Answer> describe_one(const ModelRooms& rooms, const Call& call, ModelKind kind, DescribeMode mode) {
  Described done;
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto before, rooms.products.models().known(work));
    PF_LET(done, rooms.products.models().describe(work, call.actor, kind, name_in(call, kind), call.body, mode,
                                                  header(call, "if-match")));
    if (kind != ModelKind::attribute || is_forced(call)) return {};
    const auto* was = before->attribute(name_in(call, kind));
    PF_LET(const auto after, rooms.products.models().known(work));
    const auto* is = after->attribute(name_in(call, kind));
    if (was == nullptr || is == nullptr) return {};
    PF_LET(auto uses, rooms.products.uses_of_choices(work, was->said, is->said));
    return ask_about(std::move(uses));
  }));
  const bool created = done.created;
  return one_answer(std::move(done), created ? 201 : 200);
}

Result<Answer> forget_one(const ModelRooms& rooms, const Call& call, ModelKind kind) {
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(auto uses, rooms.products.uses_of(work, kind, name_in(call, kind)));
    PF_TRY(rooms.products.models().forget(work, call.actor, kind, name_in(call, kind), header(call, "if-match")));
    return is_forced(call) ? Result<>() : ask_about(std::move(uses));
  }));
  return Answer{.status = 204};
}

json::Value enveloped_model(json::Value schema) {
  return json::Value::object({{"type", "object"}, {"properties", json::Value::object({{"data", std::move(schema)}})}});
}

json::Value reference_kind_list_schema() {
  json::Value schema = catalog::model_schema(ModelKind::reference_kind);
  json::Value properties = *schema.find("properties");
  properties.set("records", json::Value::object({{"type", "integer"}, {"description", "How many there are."}}));
  schema.set("properties", std::move(properties));
  return gate::list_schema(std::move(schema));
}

json::Value attribute_list_schema() {
  json::Value schema = catalog::model_schema(ModelKind::attribute);
  json::Value properties = *schema.find("properties");
  const auto with = [&](const char* name, const char* type, const char* summary) {
    properties.set(name, json::Value::object({{"type", type}, {"description", summary}}));
  };
  with("choices_count", "integer", "How many choices it has.");
  with("described", "boolean", "Whether somebody described it; otherwise products use it as it is.");
  with("products", "integer", "How many products have one.");
  schema.set("properties", std::move(properties));
  return gate::list_schema(std::move(schema));
}

}  // namespace

static std::vector<std::pair<std::string, std::string>> force(const char* summary) {
  return {{"force", summary}};
}

std::vector<gate::Row> model_routes(storage::Store& store, catalog::Products& products) {
  const ModelRooms rooms{store, products};
  std::vector<gate::Row> rows;
  const auto add = [&](ModelKind kind, const std::string& all, json::Value list_schema, gate::Handler list,
                       const std::string& one_summary) {
    const std::string base = "/api/v1/" + std::string(catalog::model_kind_name(kind));
    const std::string one = base + (kind == ModelKind::category ? "/{path}" : "/{code}");
    const json::Value schema = catalog::model_schema(kind), answer = enveloped_model(schema);
    // Who is limited to some categories or languages does not say what everybody's products must be.
    const gate::Keeps writers{.channels = true, .personal = true};
    const auto writes = [&](Method method, DescribeMode mode, const std::string& summary) {
      return gate::Row{
          .method = method,
          .path = one,
          .permission = Permission::catalog_write,
          .summary = summary,
          .accepts = BodyKind::json,
          .body_schema = schema,
          .answer_schema = answer,
          .handler = [rooms, kind, mode](const Call& call) { return describe_one(rooms, call, kind, mode); },
          .query = kind == ModelKind::attribute ? force("1 takes choices away that products have, without asking.")
                                                : std::vector<std::pair<std::string, std::string>>(),
          .other_success = 201,
          .keeps = writers};
    };
    rows.push_back({.method = Method::get,
                    .path = base,
                    .permission = Permission::catalog_read,
                    .summary = all,
                    .answer_schema = std::move(list_schema),
                    .handler = std::move(list),
                    .query = small_list_parameters(),
                    .keeps = gate::kKeepsAll});
    rows.push_back({.method = Method::get,
                    .path = one,
                    .permission = Permission::catalog_read,
                    .summary = "Show " + one_summary + ".",
                    .answer_schema = answer,
                    .handler = [rooms, kind](const Call& call) { return show_one(rooms, call, kind); },
                    .keeps = gate::kKeepsAll});
    rows.push_back(writes(Method::put, DescribeMode::put,
                          "Describe " + one_summary + ", whole: what the body does not name has its default."));
    rows.push_back(writes(Method::patch, DescribeMode::patch,
                          "Change " + one_summary + " by a JSON merge patch, or describe it if nobody did."));
    rows.push_back({.method = Method::del,
                    .path = one,
                    .permission = Permission::catalog_write,
                    .summary = "Take back what was said of " + one_summary + "; products keep what they hold.",
                    .success = 204,
                    .handler = [rooms, kind](const Call& call) { return forget_one(rooms, call, kind); },
                    .query = kind == ModelKind::attribute || kind == ModelKind::family || kind == ModelKind::category
                                 ? force("1 does it although products hold it, without asking.")
                                 : std::vector<std::pair<std::string, std::string>>(),
                    .keeps = writers});
  };
  const auto by = handlers_with(rooms);
  const auto plain = [&](ModelKind kind) -> gate::Handler {
    return [rooms, kind](const Call& call) { return plain_list(rooms, call, kind); };
  };
  const auto list_schema_of = [](ModelKind kind) { return gate::list_schema(catalog::model_schema(kind)); };
  add(ModelKind::attribute, "List attributes: those that are described, then those that products use besides.",
      attribute_list_schema(), by(attribute_list), "an attribute");
  add(ModelKind::group, "List groups of attributes.", list_schema_of(ModelKind::group), plain(ModelKind::group),
      "a group of attributes");
  add(ModelKind::family, "List families, described or in use, with the number of their products.",
      gate::list_shape(shapes::kFamily), by(family_list), "a family");
  add(ModelKind::category, "List categories, described or in use, with the number of products in and below each.",
      gate::list_shape(shapes::kCategory), by(category_list), "a category");
  add(ModelKind::channel, "List the channels that products are completed for.", list_schema_of(ModelKind::channel),
      plain(ModelKind::channel), "a channel");
  add(ModelKind::association_type,
      "List the kinds of links between products: those that are described, then the usual ones besides.",
      gate::list_shape(shapes::kAssociationType), by(association_type_list), "a kind of links between products");
  add(ModelKind::reference_kind, "List the kinds of reference records, with the number of their records.",
      reference_kind_list_schema(), by(reference_kind_list), "a kind of reference records");
  add(ModelKind::measurement_family,
      "List the families of units with how they convert: those that are built in, then the shop's own.",
      list_schema_of(ModelKind::measurement_family), plain(ModelKind::measurement_family), "a family of units");
  rows.front().query.emplace_back("choices", "1 shows the choices too.");
  const gate::Keeps tree_writers{.channels = true, .personal = true};
  rows.push_back(
      {.method = Method::post,
       .path = "/api/v1/category/{path}/move",
       .permission = Permission::catalog_write,
       .summary = "Give a category another place in the tree; products stay in it. Answers how it was before.",
       .accepts = BodyKind::json,
       .body_schema = json::schema<MoveBody>(),
       .answer_schema = gate::data_shape(shapes::kMoved),
       .handler = by(move_category),
       .keeps = tree_writers});
  rows.push_back({.method = Method::put,
                  .path = "/api/v1/category-order",
                  .permission = Permission::catalog_write,
                  .summary = "Put several categories in their places in one change, as to take a move back.",
                  .accepts = BodyKind::json,
                  .body_schema = json::schema<PlacesBody>(),
                  .answer_schema = gate::data_shape(shapes::kMoved),
                  .handler = by(order_categories),
                  .keeps = tree_writers});
  rows.push_back({.method = Method::get,
                  .path = "/api/v1/unit",
                  .permission = Permission::catalog_read,
                  .summary = "List the families of units that measurements are in, the standard unit of each first.",
                  .answer_schema = gate::list_shape(shapes::kUnits),
                  .handler = by(unit_list),
                  .query = small_list_parameters(),
                  .keeps = gate::kKeepsAll});
  return rows;
}

}  // namespace pf::api
