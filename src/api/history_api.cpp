#include "api/history_api.h"

#include "api/edit_answers.h"
#include "api/limits.h"
#include "api/list_page.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/problem.h"
#include "gate/shape.h"

namespace pf::api {
namespace {

using catalog::HistoryEntry;
using catalog::Origin;

struct HistoryRooms {
  storage::Store& store;
  catalog::Products& products;
};

constexpr std::uint64_t kHistoryShown = 20;  // without another wish
constexpr std::size_t kRestoredFieldsMax = 4'000;

json::Value text_or_null(const std::string& text) {
  return text.empty() ? json::Value(nullptr) : json::Value(text);
}

std::string_view action_word(HistoryEntry::Action action) {
  switch (action) {
    case HistoryEntry::Action::created:
      return "created";
    case HistoryEntry::Action::changed:
      return "changed";
    case HistoryEntry::Action::deleted:
      return "deleted";
  }
  return "changed";
}

std::string_view source_word(const HistoryEntry& entry) {
  switch (entry.origin.kind) {
    case Origin::Kind::import:
      return "import";
    case Origin::Kind::bulk:
      return "bulk-edit";
    case Origin::Kind::undo:
      return "undo";
    case Origin::Kind::restore:
      return "restore";
    case Origin::Kind::draft:
      return "draft";
    case Origin::Kind::single:
      break;
  }
  switch (entry.by_kind) {
    case access::Actor::Kind::user:
      return "interface";
    case access::Actor::Kind::token:
      return "api";
    case access::Actor::Kind::local_admin:
      return "command";
    case access::Actor::Kind::nobody:
    case access::Actor::Kind::system:
      break;
  }
  return "system";
}

json::Value entry_value(const HistoryEntry& entry) {
  const auto number = [](std::uint64_t n) { return n == 0 ? json::Value(nullptr) : json::Value(n); };
  const bool is_job =
      entry.origin.is_unit() || entry.origin.kind == Origin::Kind::undo || entry.origin.kind == Origin::Kind::draft;
  json::Value out = json::Value::object(
      {{"version", entry.version},
       {"at", rfc3339(entry.at)},
       {"action", action_word(entry.action)},
       {"by", entry.by},
       {"source", source_word(entry)},
       {"source_id", is_job ? json::Value(std::to_string(entry.origin.id)) : json::Value(nullptr)},
       {"row", number(entry.origin.row)},
       {"from_version", entry.origin.kind == Origin::Kind::restore ? number(entry.origin.id) : json::Value(nullptr)},
       {"offer", entry.offer_version > 0},
       {"changes", changes_value(entry.changes)}});
  if (entry.origin.kind == Origin::Kind::draft) out.set("proposed_by", entry.origin.author);
  return out;
}

Error no_history(const std::string& sku) {
  return error(ErrorCode::not_found, "There is no product with the SKU \"" + sku + "\".");
}

// What was deleted is in no category any more, so who is limited to some does not see it.
Result<> is_visible(const HistoryRooms& rooms, const Call& call, const storage::Reader& read) {
  if (!call.limits || call.limits->categories.empty()) return {};
  const std::string& sku = call.path_value("sku");
  PF_LET(const bool there, rooms.products.exists(read, sku));
  return there ? Result<>() : no_history(sku);
}

Result<Answer> list_entries(const HistoryRooms& rooms, const Call& call) {
  PF_LET(const auto paging, paging_of(call, kHistoryShown));
  const std::string& sku = call.path_value("sku");
  const auto read = rooms.store.read();
  PF_TRY(is_visible(rooms, call, read));
  PF_LET(const auto page,
         rooms.products.history().page(read, sku, paging.cursor, static_cast<std::size_t>(paging.per_page)));
  if (page.entries.empty() && paging.cursor.empty()) {
    PF_LET(const bool there, rooms.products.exists(read, sku));
    if (!there) return no_history(sku);
  }
  json::Value all = json::Value::array();
  for (const auto& entry : page.entries) all.push(entry_value(entry));
  return Answer{.body = cursor_body(call, std::move(all), paging.per_page, page.next_cursor)};
}

Result<std::uint64_t> version_asked(const Call& call, const char* name) {
  const auto version = parse_int(call.query_value(name).value_or(""));
  if (!version || *version < 1) return invalid(name, "range", "Give the number of a version, such as 3.");
  return static_cast<std::uint64_t>(*version);
}

Result<Answer> difference(const HistoryRooms& rooms, const Call& call) {
  PF_LET(const auto from, version_asked(call, "from"));
  PF_LET(const auto to, version_asked(call, "to"));
  const std::string& sku = call.path_value("sku");
  const auto read = rooms.store.read();
  PF_TRY(is_visible(rooms, call, read));
  PF_LET(const auto before, rooms.products.as_of(read, sku, from));
  PF_LET(const auto after, rooms.products.as_of(read, sku, to));
  return Answer{.body = data(json::Value::object(
                    {{"from", from}, {"to", to}, {"changes", changes_value(catalog::differences(before, after))}}))};
}

struct RestoreField {
  std::string field;
  std::optional<std::string> locale;
  template <class V>
  void fields(V& visit) {
    visit("field", field, "As the history names it: title, brand, attributes.color.");
    visit("locale", locale, "Of the text; null or absent for what is for everybody.");
  }
};
struct RestoreBody {
  std::int64_t version = 0;
  std::optional<std::vector<RestoreField>> wanted;
  template <class V>
  void fields(V& visit) {
    visit("version", version, "Values come back as they were after this version.");
    visit("fields", wanted, "Only these; absent: the whole product.");
  }
};

Result<Answer> restore(const HistoryRooms& rooms, const Call& call) {
  PF_LET(const auto sku, catalog::parse_sku(call.path_value("sku")));
  PF_LET(const auto body, json::read_fields<RestoreBody>(call.body));
  if (body.version < 1) return invalid("version", "range", "Give the number of a version, such as 3.");
  std::vector<catalog::FieldName> fields;
  if (body.wanted) {
    if (body.wanted->empty() || body.wanted->size() > kRestoredFieldsMax)
      return invalid("fields", "count", "Name the fields to give back, or leave this out for the whole product.");
    for (std::size_t i = 0; i < body.wanted->size(); ++i) {
      const auto& one = (*body.wanted)[i];
      auto named = catalog::field_named(one.field, one.locale.value_or(""));
      if (!named)
        return invalid("fields[" + std::to_string(i) + "]", "unknown",
                       "\"" + one.field + "\" is no field of a product, or it needs a locale, or has none.");
      fields.push_back(*std::move(named));
    }
  }
  catalog::Written done;
  std::string product;
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_TRY(is_visible(rooms, call, work));
    PF_LET(const auto before, rooms.products.find(work, sku.raw()));
    PF_LET(done, rooms.products.restore(work, call.actor, sku, static_cast<std::uint64_t>(body.version), fields,
                                        header(call, "if-match")));
    PF_LET(const auto after, rooms.products.find(work, sku.raw()));
    if (call.limits && after)
      PF_TRY(may_write_fields(*call.limits, after->categories,
                              catalog::differences(before ? *before : catalog::Record{}, *after)));
    PF_LET(auto bytes, rooms.products.product_json(work, sku.raw(), call.locale));
    product = bytes.value_or("null");
    return {};
  }));
  Answer out;
  out.status = done.outcome == catalog::Outcome::created ? 201 : 200;
  out.raw = "{\"data\":" + product + "}";
  out.content_type = "application/json";
  out.headers = {{"etag", done.etag}, {"vary", "Accept-Language"}};
  return out;
}

}  // namespace

Result<> may_write_fields(const access::Limits& limits, const std::vector<std::string>& categories,
                          const std::vector<catalog::FieldChange>& changes) {
  const auto refused = [](std::string field, std::string why) {
    Error out = error(ErrorCode::forbidden, std::move(why));
    out.faults.push_back({std::move(field), "limits", out.message});
    return out;
  };
  if (!limits.category(categories))
    return refused("categories", "Your account is limited to some categories; the product must be in one.");
  for (const auto& change : changes)
    if (!change.at.locale.empty() && !limits.locale(change.at.locale))
      return refused("locale", "Your account may not write texts in " + change.at.locale + ".");
  return {};
}

Answer conflicts_answer(const Error& stale, json::Value conflicts, const std::string& etag,
                        const std::string& request_id) {
  const auto problem = gate::problem(stale, request_id);
  auto body = json::parse(problem.body);
  Answer out;
  out.status = problem.status;
  if (body.ok()) body->set("conflicts", std::move(conflicts));
  out.raw = body.ok() ? json::write(*body) : problem.body;
  out.content_type = "application/problem+json";
  if (!etag.empty()) out.headers = {{"etag", etag}};
  return out;
}

Answer clash_answer(const Error& stale, const std::vector<catalog::Clash>& clashes, const std::string& etag,
                    const std::string& request_id) {
  json::Value conflicts = json::Value::array();
  for (const auto& clash : clashes)
    conflicts.push(json::Value::object({{"field", catalog::field_path(clash.at)},
                                        {"locale", text_or_null(clash.at.locale)},
                                        {"was", catalog::value_of_bytes(clash.was)},
                                        {"theirs", catalog::value_of_bytes(clash.theirs)},
                                        {"mine", catalog::value_of_bytes(clash.mine)}}));
  return conflicts_answer(stale, std::move(conflicts), etag, request_id);
}

std::vector<Row> history_routes(storage::Store& store, catalog::Products& products) {
  const auto with = handlers_with(HistoryRooms{store, products});
  const auto own = own_product(store, products);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/product/{sku}/history",
       .permission = P::catalog_read,
       .summary = "What happened to a product, newest first: who changed what, when and from where.",
       .answer_schema = gate::page_shape(shapes::kHistoryEntry),
       .handler = with(list_entries),
       .query = {{"per_page", "1 to 200."}, {"cursor", "meta.next_cursor of the page before."}},
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::get,
       .path = "/api/v1/product/{sku}/difference",
       .permission = P::catalog_read,
       .summary = "What differs between two versions of a product, field by field.",
       .answer_schema = gate::data_shape(shapes::kDifference),
       .handler = with(difference),
       .query = {{"from", "The number of one version."}, {"to", "The number of the other."}},
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = "/api/v1/product/{sku}/restore",
       .permission = P::catalog_write,
       .summary = "Give a product, or some of its fields, the values of an earlier version; a deleted one comes back.",
       .accepts = BodyKind::json,
       .body_schema = json::schema<RestoreBody>(),
       .answer_schema = gate::data_shape("{\"*\":\"any\"}"),
       .handler = with(restore),
       .other_success = 201,
       .keeps = gate::kKeepsAll,
       .object = own},
  };
}

}  // namespace pf::api
