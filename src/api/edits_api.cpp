#include "api/edits_api.h"

#include "api/edit_answers.h"
#include "api/history_api.h"
#include "api/list_page.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"

namespace pf::api {
namespace {

using catalog::Origin;

struct EditRooms {
  storage::Store& store;
  catalog::Products& products;
  jobs::Imports& imports;
  jobs::Edits& edits;
};

Result<Answer> edit_answer(const EditRooms& rooms, const jobs::Edit& edit) {
  PF_LET(auto value, edit_value(rooms.edits, rooms.store.read(), edit));
  return Answer{.body = data(std::move(value))};
}

// --- a bulk edit ---

struct BulkBody {
  SelectBody select;
  json::Value actions;
  std::optional<std::string> locale;
  bool dry_run = false;
  template <class V>
  void fields(V& visit) {
    visit("select", select, "Which products: skus or query.");
    visit("actions", actions, "What to do, one after the other (set, clear, add, remove, replace, move).");
    visit("locale", locale, "Whose texts an action is about that names no locales, instead of Accept-Language.");
    std::optional<bool> dry = dry_run;
    visit("dry_run", dry, "Only a preview: nothing is written.");
    dry_run = dry.value_or(false);
  }
};

// In what he may do to products or see of others' work; fields of buyers are none of it.
bool is_limited(const Call& call) {
  return call.limits &&
         !(call.limits->categories.empty() && call.limits->locales.empty() && call.limits->channels.empty());
}

Result<Answer> start(const EditRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<BulkBody>(call.body));
  PF_LET(const auto actions, catalog::bulk_actions_of(body.actions));
  if (is_limited(call) && catalog::names_offer(actions))
    return error(ErrorCode::forbidden, "Your account is limited; prices and offers are changed product by product.");
  std::string locale = body.locale.value_or(call.locale);
  if (!locale.empty()) {
    PF_LET(locale, catalog::parse_locale(locale));
  }
  std::uint64_t total = 0;
  PF_LET(const auto skus, selected_skus(rooms.store, rooms.products, call, body.select,
                                        body.dry_run ? kPreviewProductsMax : jobs::kEditProductsMax + 1, total));
  if (body.dry_run) {
    PF_LET(auto shown, edits_preview(rooms.store, rooms.products, skus, total, locale, [&](storage::Write& work) {
             return rooms.products.edit_many(work, skus, actions, {.locale = locale, .by = call.actor});
           }));
    return Answer{.status = 200, .body = data(json::Value::object({{"preview", std::move(shown)}}))};
  }
  if (total > jobs::kEditProductsMax)
    return error(ErrorCode::too_large, "A bulk edit is for at most " + std::to_string(jobs::kEditProductsMax) +
                                           " products. Select fewer, such as those of one brand.");
  PF_LET(const auto edit, rooms.edits.start(call.actor, body.actions, locale, skus));
  return edit_answer(rooms, edit);
}

// Whoever is limited sees what he began himself: reports name products.
bool may_see(const Call& call, const jobs::Edit& edit) {
  if (!is_limited(call)) return true;
  return edit.by_user.empty() ? edit.by_id == call.actor.id : edit.by_user == call.actor.user;
}

Result<Answer> list_edits(const EditRooms& rooms, const Call& call) {
  PF_LET(const auto paging, paging_of(call));
  const auto before = std::max<std::int64_t>(0, parse_int(paging.cursor).value_or(0));
  const auto read = rooms.store.read();
  PF_LET(const auto edits,
         rooms.edits.list(read, static_cast<std::uint64_t>(before), static_cast<std::size_t>(paging.per_page)));
  json::Value all = json::Value::array();
  for (const auto& edit : edits) {
    if (!may_see(call, edit)) continue;
    PF_LET(auto value, edit_value(rooms.edits, read, edit));
    all.push(std::move(value));
  }
  const bool more = edits.size() == paging.per_page && edits.back().id > 1;
  return Answer{.body =
                    cursor_body(call, std::move(all), paging.per_page, more ? std::to_string(edits.back().id) : "")};
}

Result<jobs::Edit> known_edit(const EditRooms& rooms, const Call& call) {
  PF_LET(const auto id, path_number(call, "id", "bulk edit"));
  PF_LET(const auto edit, rooms.edits.find(rooms.store.read(), id));
  if (!edit || !may_see(call, *edit))
    return error(ErrorCode::not_found, "There is no bulk edit " + std::to_string(id) + ".");
  return *edit;
}

Result<Answer> show_edit(const EditRooms& rooms, const Call& call) {
  PF_LET(const auto edit, known_edit(rooms, call));
  return edit_answer(rooms, edit);
}

Result<Answer> edit_rows(const EditRooms& rooms, const Call& call) {
  constexpr std::uint64_t kEditRowsShown = 50;  // without another wish
  PF_LET(const auto edit, known_edit(rooms, call));
  PF_LET(const auto paging, paging_of(call, kEditRowsShown));
  const auto after = std::max<std::int64_t>(0, parse_int(paging.cursor).value_or(0));
  PF_LET(auto found, rooms.edits.rows(rooms.store.read(), edit.id, static_cast<std::uint64_t>(after),
                                      static_cast<std::size_t>(paging.per_page)));
  json::Value all = json::Value::array();
  const bool more = found.size() == paging.per_page;
  const std::uint64_t last = found.empty() ? 0 : found.back().first;
  for (auto& [number, row] : found) all.push(std::move(row));
  return Answer{.body = cursor_body(call, std::move(all), paging.per_page, more ? std::to_string(last) : "")};
}

Result<Answer> cancel_edit(const EditRooms& rooms, const Call& call) {
  PF_LET(const auto edit, known_edit(rooms, call));
  PF_TRY(rooms.edits.cancel(edit.id));
  return show_edit(rooms, call);
}

// --- taking back ---

Result<Answer> undo_edit(const EditRooms& rooms, const Call& call) {
  PF_LET(const auto edit, known_edit(rooms, call));
  if (edit.is_undo)
    return error(ErrorCode::conflict, "This is an undo itself; give products their versions back instead.");
  if (!edit.ended())
    return error(ErrorCode::conflict, "This bulk edit still runs. Cancel it, or wait until it is done.");
  if (edit.of_orders && is_limited(call))
    return error(ErrorCode::forbidden, "Your account is limited; what rules did to orders is taken back by others.");
  PF_LET(const auto undo, rooms.edits.start_undo(call.actor, {Origin::Kind::bulk, edit.id, 0}, edit.finished_at));
  return edit_answer(rooms, undo);
}

Result<jobs::Job> known_import(const EditRooms& rooms, const Call& call, bool ended) {
  PF_LET(const auto id, path_number(call, "id", "import"));
  PF_LET(const auto job, rooms.imports.find(rooms.store.read(), id));
  if (!job) return error(ErrorCode::not_found, "There is no import " + std::to_string(id) + ".");
  if (ended && (job->status == "queued" || job->status == "running"))
    return error(ErrorCode::conflict, "This import still runs. Cancel it, or wait until it is done.");
  return *job;
}

Result<Answer> undo_import(const EditRooms& rooms, const Call& call) {
  PF_LET(const auto job, known_import(rooms, call, true));
  PF_LET(const auto undo, rooms.edits.start_undo(call.actor, {Origin::Kind::import, job.id, 0}, job.finished_at));
  return edit_answer(rooms, undo);
}

// Whether the import can be taken back, and the latest undo of it.
Result<Answer> show_import_undo(const EditRooms& rooms, const Call& call) {
  PF_LET(const auto job, known_import(rooms, call, false));
  const auto read = rooms.store.read();
  const Origin unit{Origin::Kind::import, job.id, 0};
  PF_LET(const bool possible, rooms.edits.can_undo(read, unit));
  PF_LET(const auto undo, rooms.edits.undo_of(read, unit));
  json::Value latest;
  if (undo) {
    PF_LET(latest, edit_value(rooms.edits, read, *undo));
  }
  return Answer{.body = data(json::Value::object({{"possible", possible}, {"latest", std::move(latest)}}))};
}

}  // namespace

std::vector<Row> edits_routes(storage::Store& store, catalog::Products& products, jobs::Imports& imports,
                              jobs::Edits& edits) {
  const auto with = handlers_with(EditRooms{store, products, imports, edits});
  const std::vector<std::pair<std::string, std::string>> paging{{"per_page", "1 to 200."},
                                                                {"cursor", "meta.next_cursor of the page before."}};
  constexpr std::uint64_t kSelectionBody = 4u << 20;  // ten thousand of the longest SKUs
  auto body = json::schema<BulkBody>();
  if (auto properties = body.find("properties") != nullptr ? *body.find("properties") : json::Value(nullptr);
      !properties.is_null()) {
    properties.set("actions", catalog::bulk_actions_schema());
    body.set("properties", std::move(properties));
  }
  using P = Permission;
  return {
      {.method = Method::post,
       .path = "/api/v1/bulk-edit",
       .permission = P::catalog_write,
       .summary = "Change many products by one wish, as a job; with dry_run a preview with counts and samples.",
       .success = 202,
       .accepts = BodyKind::json,
       .body_schema = std::move(body),
       .answer_schema = gate::data_shape(shapes::kBulkEditOrPreview),
       .handler = with(start),
       .body_max = kSelectionBody,
       .other_success = 200,
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/bulk-edit",
       .permission = P::catalog_read,
       .summary = "List bulk edits and undos, newest first.",
       .answer_schema = gate::page_shape(shapes::kBulkEdit),
       .handler = with(list_edits),
       .query = paging,
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/bulk-edit/{id}",
       .permission = P::catalog_read,
       .summary = "How far a bulk edit or an undo is, and its counts.",
       .answer_schema = gate::data_shape(shapes::kBulkEdit),
       .handler = with(show_edit),
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/bulk-edit/{id}/row",
       .permission = P::catalog_read,
       .summary = "Products that were refused, or changed by somebody else since, and so left alone.",
       .answer_schema = gate::page_shape(shapes::kBulkEditRow),
       .handler = with(edit_rows),
       .query = paging,
       .keeps = gate::kKeepsAll},
      {.method = Method::post,
       .path = "/api/v1/bulk-edit/{id}/cancel",
       .permission = P::catalog_write,
       .summary = "Cancel a bulk edit or an undo; what was done until then stays.",
       .answer_schema = gate::data_shape(shapes::kBulkEdit),
       .handler = with(cancel_edit),
       .keeps = gate::kKeepsAll},
      {.method = Method::post,
       .path = "/api/v1/bulk-edit/{id}/undo",
       .permission = P::catalog_write,
       .summary = "Take a whole bulk edit back; what was edited since is left alone and listed, and so is what whoever "
                  "is limited may not change.",
       .success = 202,
       .answer_schema = gate::data_shape(shapes::kBulkEdit),
       .handler = with(undo_edit),
       .keeps = gate::kKeepsAll},
      {.method = Method::post,
       .path = "/api/v1/import/{id}/undo",
       .permission = P::imports,
       .summary = "Take back what an import did to products, prices, stock, shelf places, reference records and what "
                  "describes the catalogue; what was changed since is left alone and listed. Orders stay.",
       .success = 202,
       .answer_schema = gate::data_shape(shapes::kBulkEdit),
       .handler = with(undo_import)},
      {.method = Method::get,
       .path = "/api/v1/import/{id}/undo",
       .permission = P::imports,
       .summary = "Whether an import can be taken back, and the latest undo of it.",
       .answer_schema = gate::data_shape(shapes::kImportUndo),
       .handler = with(show_import_undo)},
  };
}

}  // namespace pf::api
