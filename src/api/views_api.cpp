#include "api/views_api.h"

#include <algorithm>
#include <array>

#include "api/conditions.h"
#include "api/product_question.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "gate/form.h"
#include "gate/list.h"
#include "gate/shape.h"

namespace pf::api {
namespace {

using teamwork::View;

// A list that can be saved: whoever sees its views must be allowed to read it, whoever shares one works on it.
struct SavedList {
  std::string_view name, path;
  Permission read, share;
};
constexpr std::array<SavedList, 2> kSavedLists{
    {{"product", "/api/v1/product", Permission::catalog_read, Permission::catalog_propose},
     {"order", "/api/v1/order", Permission::orders_read, Permission::orders_write}}};
constexpr std::string_view kExportPath = "/api/v1/export";
// Of a page that somebody looks at, not of what he looks for.
constexpr std::array<std::string_view, 8> kNotOfAView{"page",   "per_page", "cursor", "fields",
                                                      "facets", "include",  "view",   "columns"};
// What was typed in there may be a buyer's name or number, and would outlive what the vault forgets.
constexpr std::array<std::string_view, 2> kPersonalColumns{"channel_order_id", "name"};
// A day that is named stands still; "late" means late whenever it is looked at.
constexpr std::array<std::string_view, 4> kTimeColumns{"placed_at", "created_at", "updated_at", "ship_by"};

using QueryPairs = std::vector<std::pair<std::string, std::string>>;

const SavedList* saved_list(std::string_view name) {
  const auto found = std::ranges::find(kSavedLists, name, &SavedList::name);
  return found == kSavedLists.end() ? nullptr : &*found;
}

std::string_view column_of(std::string_view parameter) {
  return parameter.substr(0, parameter.find('['));
}

Error query_fault(const char* code, std::string message) {
  return invalid("query", code, std::move(message));
}

// The question of a view as it reads at this moment.
Result<QueryPairs> question_now(const ViewRooms& rooms, std::string_view query) {
  PF_LET(auto pairs, gate::decode_pairs(query));
  for (auto& [name, value] : pairs)
    if (std::ranges::find(kTimeColumns, column_of(name)) != kTimeColumns.end())
      if (const auto time = catalog::time_from_now(value, rooms.clock.now())) value = rfc3339(*time);
  return pairs;
}

// The question is asked later and by others, so it is tried now, whole.
Result<> try_question(const ViewRooms& rooms, const Call& call, const SavedList& list, std::string_view query) {
  if (query.starts_with('?')) query.remove_prefix(1);
  if (query.size() > teamwork::kViewQueryBytesMax) return {};  // the room says so
  PF_LET(auto pairs, question_now(rooms, query));
  for (const auto& [name, value] : pairs) {
    if (std::ranges::find(kNotOfAView, name) != kNotOfAView.end())
      return query_fault("unknown", "A view holds filters, q, sort and locale; " + name + " is said when it is shown.");
    if (list.name == "order" &&
        (name == "q" || std::ranges::find(kPersonalColumns, column_of(name)) != kPersonalColumns.end()))
      return query_fault("personal",
                         "A view of orders holds no search and no order's number: these may name a buyer, and a view "
                         "stays when the vault has forgotten him. Leave out " +
                             std::string(column_of(name)) + ".");
  }
  const Call asked_call{.actor = call.actor, .request = call.request, .query = std::move(pairs), .locale = call.locale};
  if (list.name == "product") {
    PF_LET(auto asked, product_question(asked_call));
    asked.query.count = 1;
    PF_TRY(rooms.products.list(rooms.store.read(), asked.query));
    return {};
  }
  PF_LET(const auto asked, gate::list_question(asked_call, {.columns = {}, .sortable = {}, .parameters = {}}));
  PF_TRY(rooms.orders.list(rooms.store.read(), {.where = conditions(asked), .sort = sort_keys(asked), .count = 1}));
  return {};
}

json::Value view_value(const Call& call, const View& view) {
  return json::Value::object({{"id", view.id},
                              {"version", view.version},
                              {"list", view.list},
                              {"name", view.name},
                              {"query", view.query},
                              {"columns", texts(view.columns)},
                              {"shared", view.shared},
                              {"position", view.position},
                              {"owner", json::Value::object({{"id", view.owner.id}, {"name", view.owner.name}})},
                              {"own", view.owner.id == teamwork::view_owner(call.actor)},
                              {"changeable", teamwork::Views::may_change(call.actor, view)},
                              {"created_at", rfc3339(view.created_at)},
                              {"updated_at", rfc3339(view.updated_at)}});
}

bool may_read_list(const Call& call, std::string_view list) {
  const SavedList* known = saved_list(list);
  return known != nullptr && call.actor.can(known->read);
}

Result<View> asked_view(const ViewRooms& rooms, const Call& call, std::string_view id) {
  PF_LET(auto view, rooms.views.find(rooms.store.read(), call.actor, id));
  if (!may_read_list(call, view.list))
    return error(ErrorCode::forbidden, "This view is of a list that your account may not read.");
  return view;
}

struct ViewBody {
  std::optional<std::string> list, name, query;
  std::optional<std::vector<std::string>> columns;
  std::optional<bool> shared;
  std::optional<std::uint64_t> position, version;
  template <class V>
  void fields(V& visit) {
    visit("list", list, "product or order; it stays what it was.");
    visit("name", name, "What it is called, at most 60 characters.");
    visit("query", query,
          "The question as the list's address has it: brand[eq]=Acme&sort=-price. Of orders without q and without an "
          "order's number, which may name a buyer. Times may be now, now-7d or now+2d.");
    visit("columns", columns, "The columns to show, in their order; none: as whoever looks has them.");
    visit("shared", shared, "For everybody who may read the list; false without.");
    visit("position", position, "Where it stands among the others, before the name; 0 to 10000.");
    visit("version", version, "Of the view, as you saw it; 412 when it has changed.");
  }
};

// `before`: none for a new one.
Result<teamwork::ViewChange> view_change_of(const ViewRooms& rooms, const Call& call, const ViewBody& body,
                                            const SavedList& list, const View* before) {
  if (body.shared && *body.shared && (before == nullptr || !before->shared) && !call.actor.can(list.share) &&
      !call.actor.can(Permission::settings_write))
    return error(ErrorCode::forbidden, "Sharing a view of this list needs the right " +
                                           std::string(access::permission_name(list.share)) +
                                           ". Save it for yourself: \"shared\": false.");
  if (body.query) {
    const auto tried = try_question(rooms, call, list, *body.query);
    if (!tried.ok()) {
      const Error& why = tried.error();
      if (why.code != ErrorCode::invalid) return why;
      if (!why.faults.empty() && why.faults.front().field == "query") return why;
      return query_fault("query", why.message);
    }
  }
  return teamwork::ViewChange{.name = body.name,
                              .query = body.query,
                              .columns = body.columns,
                              .shared = body.shared,
                              .position = body.position};
}

Result<Answer> list_views(const ViewRooms& rooms, const Call& call) {
  const auto list = call.query_value("list").value_or("");
  if (!list.empty()) {
    const SavedList* known = saved_list(list);
    if (known == nullptr) return invalid("list", "unknown", "list is product or order.");
    if (!call.actor.can(known->read))
      return error(ErrorCode::forbidden,
                   "These views need the right " + std::string(access::permission_name(known->read)) + ".");
  }
  PF_LET(const auto views, rooms.views.list(rooms.store.read(), call.actor, list));
  json::Value all = json::Value::array();
  for (const View& view : views)
    if (may_read_list(call, view.list)) all.push(view_value(call, view));
  return small_list(call, std::move(all), {"list"});
}

Result<Answer> show_view(const ViewRooms& rooms, const Call& call) {
  PF_LET(const auto view, asked_view(rooms, call, call.path_value("id")));
  return Answer{.body = data(view_value(call, view))};
}

Result<Answer> create_view(const ViewRooms& rooms, const Call& call) {
  PF_LET(auto body, json::read_fields<ViewBody>(call.body));
  const SavedList* list = saved_list(body.list.value_or(""));
  if (list == nullptr) return invalid("list", "unknown", "list is product or order.");
  if (!call.actor.can(list->read))
    return error(ErrorCode::forbidden,
                 "A view of this list needs the right " + std::string(access::permission_name(list->read)) + ".");
  if (!body.name) body.name = "";
  PF_LET(const auto said, view_change_of(rooms, call, body, *list, nullptr));
  PF_LET(const auto view, rooms.views.create(call.actor, list->name, said));
  return Answer{.body = data(view_value(call, view))};
}

Result<Answer> change_view(const ViewRooms& rooms, const Call& call) {
  PF_LET(const auto before, asked_view(rooms, call, call.path_value("id")));
  PF_LET(const auto body, json::read_fields<ViewBody>(call.body));
  if (body.list && *body.list != before.list)
    return invalid("list", "unknown", "A view stays of its list. Save another for that one.");
  PF_LET(const auto said, view_change_of(rooms, call, body, *saved_list(before.list), &before));
  PF_LET(const auto view, rooms.views.change(call.actor, before.id, said, body.version));
  return Answer{.body = data(view_value(call, view))};
}

Result<Answer> remove_view(const ViewRooms& rooms, const Call& call) {
  PF_LET(const auto view, asked_view(rooms, call, call.path_value("id")));
  PF_TRY(rooms.views.remove(call.actor, view.id));
  return Answer{.status = 204};
}

// What the request asks for with the view's question in it: filters of both hold; what it says of q, sort and locale
// goes before the view's.
Result<QueryPairs> with_view(const ViewRooms& rooms, const Call& call, std::string_view id) {
  PF_LET(const auto view, asked_view(rooms, call, id));
  const bool of_export = call.request.path == kExportPath;
  const std::string kind = of_export ? call.query_value("kind").value_or(view.list) : std::string();
  if (of_export ? kind != view.list : saved_list(view.list)->path != call.request.path)
    return invalid("view", "list", "The view " + view.name + " is of the list " + view.list + ".");
  PF_LET(auto saved, question_now(rooms, view.query));
  std::erase_if(saved, [&](const auto& one) {
    const auto column = column_of(one.first);
    return (column == "q" || column == "sort" || column == "locale") &&
           std::ranges::any_of(call.query, [&](const auto& own) { return column_of(own.first) == column; });
  });
  if (of_export && !call.query_value("kind")) saved.emplace_back("kind", view.list);
  for (const auto& own : call.query)
    if (own.first != "view") saved.push_back(own);
  return saved;
}

}  // namespace

std::vector<Row> views_routes(const ViewRooms& rooms) {
  const auto with = handlers_with(rooms);
  auto list_query = small_list_parameters();
  list_query.emplace_back("list", "product or order; those of every list without.");
  const auto view_shape = gate::data_shape(shapes::kView);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/view",
       .permission = P::signed_in,
       .summary = "List saved views of lists: one's own, and those for everybody who may read the list",
       .answer_schema = gate::list_shape(shapes::kView),
       .handler = with(list_views),
       .query = list_query,
       .keeps = gate::kKeepsAll},
      {.method = Method::post,
       .path = "/api/v1/view",
       .permission = P::signed_in,
       .summary = "Save a view of a list under a name; its question is tried first",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<ViewBody>(),
       .answer_schema = view_shape,
       .handler = with(create_view),
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/view/{id}",
       .permission = P::signed_in,
       .summary = "Show a saved view",
       .answer_schema = view_shape,
       .handler = with(show_view),
       .keeps = gate::kKeepsAll},
      {.method = Method::patch,
       .path = "/api/v1/view/{id}",
       .permission = P::signed_in,
       .summary = "Change a saved view: one's own, or one for everybody with the right settings.write",
       .accepts = BodyKind::json,
       .body_schema = json::schema<ViewBody>(),
       .answer_schema = view_shape,
       .handler = with(change_view),
       .keeps = gate::kKeepsAll},
      {.method = Method::del,
       .path = "/api/v1/view/{id}",
       .permission = P::signed_in,
       .summary = "Remove a saved view: one's own, or one for everybody with the right settings.write",
       .success = 204,
       .handler = with(remove_view),
       .keeps = gate::kKeepsAll},
  };
}

void follow_views(std::vector<Row>& rows, const ViewRooms& rooms) {
  for (Row& row : rows) {
    const bool of_list =
        row.path == kExportPath || std::ranges::find(kSavedLists, row.path, &SavedList::path) != kSavedLists.end();
    if (row.method != Method::get || !of_list) continue;
    row.query.emplace_back("view",
                           "The id of a saved view: its filters hold besides; its q, sort and locale where the "
                           "request says none.");
    row.handler = [rooms, handler = std::move(row.handler)](const Call& call) -> Result<Answer> {
      const auto id = call.query_value("view");
      if (!id) return handler(call);
      Call asked = call;
      PF_LET(asked.query, with_view(rooms, call, *id));
      return handler(asked);
    };
  }
}

}  // namespace pf::api
