#include "api/references_api.h"

#include "api/conditions.h"
#include "api/list_page.h"
#include "api/product_question.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "gate/list.h"
#include "gate/shape.h"

namespace pf::api {
namespace {

using catalog::WriteMode;

struct ReferenceRooms {
  storage::Store& store;
  catalog::Products& products;
};

Error nobody_described(const std::string& kind) {
  return error(ErrorCode::not_found, "Nobody described the kind of reference records \"" + kind + "\".");
}

// A record with how many products and records name it.
Result<json::Value> shown(const ReferenceRooms& rooms, const storage::Reader& read, const catalog::Model& model,
                          const catalog::ReferenceRecord& record, std::string_view locale) {
  const auto* kind = model.reference_kind(record.kind);
  if (kind == nullptr) return nobody_described(record.kind);
  json::Value out = catalog::reference_value(kind->said, record, locale);
  PF_LET(const auto used, rooms.products.references().uses(read, model, record.kind, record.code));
  out.set("products", used.products);
  out.set("records", used.records);
  return out;
}

Result<Answer> list_records(const ReferenceRooms& rooms, const Call& call) {
  const std::string& kind = call.path_value("of");
  PF_LET(auto asked, gate::list_question(call, {.columns = {}, .sortable = {}, .parameters = {"locale"}}));
  if (!asked.facets.empty() || !asked.fields.empty())
    return invalid(asked.facets.empty() ? "fields" : "facets", "unknown", "Records are listed whole and not counted.");
  const auto read = rooms.store.read();
  PF_LET(const auto languages, rooms.products.languages(read));
  PF_LET(const auto model, rooms.products.models().known(read));
  catalog::ReferenceQuery query;
  query.locale = languages.for_reading(wanted_locale(call));
  query.text = asked.text;
  query.where = conditions(asked);
  if (!asked.sort.empty()) {
    query.sort = asked.sort[0].column;
    query.descending = asked.sort[0].descending;
  }
  query.count = asked.per_page;
  query.offset = asked.offset();
  query.cursor = asked.cursor;
  PF_LET(const auto page, rooms.products.references().list(read, kind, query));
  json::Value items = json::Value::array();
  for (const auto& record : page.records) {
    PF_LET(auto one, shown(rooms, read, *model, record, query.locale));
    items.push(std::move(one));
  }
  const Paging paging{.page = asked.page, .per_page = asked.per_page, .cursor = asked.cursor};
  return Answer{.body = list_body(call, std::move(items), paging, page.total, page.next_cursor)};
}

Result<Answer> record_answer(const ReferenceRooms& rooms, const storage::Reader& read, const Call& call,
                             const catalog::ReferenceRecord& record, int status) {
  PF_LET(const auto languages, rooms.products.languages(read));
  PF_LET(const auto model, rooms.products.models().known(read));
  PF_LET(auto value, shown(rooms, read, *model, record, languages.for_reading(wanted_locale(call))));
  Answer out{.status = status, .body = data(std::move(value))};
  out.headers.emplace_back("etag", catalog::reference_etag(record));
  return out;
}

Result<Answer> show_record(const ReferenceRooms& rooms, const Call& call) {
  const auto read = rooms.store.read();
  PF_LET(const auto record, rooms.products.references().find(read, call.path_value("of"), call.path_value("code")));
  if (!record)
    return error(ErrorCode::not_found,
                 "There is no record \"" + call.path_value("code") + "\" of " + call.path_value("of") + ".");
  return record_answer(rooms, read, call, *record, 200);
}

Result<Answer> write_record(const ReferenceRooms& rooms, const Call& call, WriteMode mode) {
  std::optional<Answer> answer;
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto done,
           rooms.products.references().write(work, call.actor, call.path_value("of"), call.path_value("code"),
                                             call.body, mode, header(call, "if-match")));
    PF_LET(answer,
           record_answer(rooms, work, call, done.record, done.outcome == catalog::Outcome::created ? 201 : 200));
    return {};
  }));
  return *std::move(answer);
}

Result<Answer> put_record(const ReferenceRooms& rooms, const Call& call) {
  return write_record(rooms, call, WriteMode::replace);
}
Result<Answer> patch_record(const ReferenceRooms& rooms, const Call& call) {
  return write_record(rooms, call, WriteMode::upsert);
}

Result<Answer> remove_record(const ReferenceRooms& rooms, const Call& call) {
  PF_TRY(rooms.store.write([&](storage::Write& work) {
    return rooms.products.references().remove(work, call.actor, call.path_value("of"), call.path_value("code"),
                                              header(call, "if-match"));
  }));
  return Answer{.status = 204};
}

Result<Answer> record_history(const ReferenceRooms& rooms, const Call& call) {
  const auto read = rooms.store.read();
  PF_LET(auto entries, rooms.products.references().history(read, call.path_value("of"), call.path_value("code")));
  if (entries.empty())
    return error(ErrorCode::not_found,
                 "There never was a record \"" + call.path_value("code") + "\" of " + call.path_value("of") + ".");
  json::Value list = json::Value::array();
  for (auto& entry : entries) list.push(std::move(entry));
  return small_list(call, std::move(list));
}

json::Value body_schema() {
  const auto object = [](const char* summary) {
    return json::Value::object({{"type", "object"}, {"description", summary}});
  };
  return json::Value::object(
      {{"type", "object"},
       {"properties",
        json::Value::object({{"code", json::Value::object({{"type", "string"}})},
                             {"labels", object("What people see, by locale.")},
                             {"values", object("What is described of the kind: attribute -> value; of a localisable "
                                               "text an object of locales.")}})}});
}

}  // namespace

std::vector<gate::Row> references_routes(storage::Store& store, catalog::Products& products) {
  const ReferenceRooms rooms{store, products};
  const auto by = handlers_with(rooms);
  const std::string all = "/api/v1/reference/{of}", one = all + "/{code}";
  const gate::Keeps writers{.channels = true, .personal = true};  // as the model's: records are everybody's
  const std::pair<std::string, std::string> locale{"locale", "Whose label is shown, instead of Accept-Language."};
  auto list_query = gate::list_parameters();
  std::erase_if(list_query, [](const auto& one_of) { return one_of.first == "facets" || one_of.first == "fields"; });
  for (auto& [name, summary] : list_query) {
    if (name == "sort") summary = "code (the default), label or updated_at; - in front for descending.";
    if (name == "q") summary = "Words of code, labels and texts; the last one may be a beginning.";
  }
  list_query.push_back(locale);
  const auto answer = gate::data_shape(shapes::kReference);
  return {{.method = Method::get,
           .path = all,
           .permission = Permission::catalog_read,
           .summary = "List the reference records of a kind; filter by code, incomplete and what is described of it.",
           .answer_schema = gate::list_shape(shapes::kReference),
           .handler = by(list_records),
           .query = std::move(list_query),
           .keeps = gate::kKeepsAll},
          {.method = Method::get,
           .path = one,
           .permission = Permission::catalog_read,
           .summary = "Show a reference record, and how many products and records name it.",
           .answer_schema = answer,
           .handler = by(show_record),
           .query = {locale},
           .keeps = gate::kKeepsAll},
          {.method = Method::put,
           .path = one,
           .permission = Permission::catalog_write,
           .summary = "Make a reference record, or replace it: what the body does not name is cleared.",
           .accepts = BodyKind::json,
           .body_schema = body_schema(),
           .answer_schema = answer,
           .handler = by(put_record),
           .query = {locale},
           .other_success = 201,
           .keeps = writers},
          {.method = Method::patch,
           .path = one,
           .permission = Permission::catalog_write,
           .summary = "Change a reference record by a JSON merge patch, or make it if there is none.",
           .accepts = BodyKind::json,
           .body_schema = body_schema(),
           .answer_schema = answer,
           .handler = by(patch_record),
           .query = {locale},
           .other_success = 201,
           .keeps = writers},
          {.method = Method::del,
           .path = one,
           .permission = Permission::catalog_write,
           .summary = "Delete a reference record; refused while products or records name it.",
           .success = 204,
           .handler = by(remove_record),
           .keeps = writers},
          {.method = Method::get,
           .path = one + "/history",
           .permission = Permission::catalog_read,
           .summary = "List what was changed of a reference record, the newest first.",
           .answer_schema = gate::list_shape(shapes::kReferenceChange),
           .handler = by(record_history),
           .query = small_list_parameters(),
           .keeps = gate::kKeepsAll}};
}

}  // namespace pf::api
