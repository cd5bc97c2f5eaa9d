// Whoever may propose but not write finds his own drafts; whoever may write finds all, and decides.
#include "api/teamwork_api.h"

#include <algorithm>

#include "api/conditions.h"
#include "api/history_api.h"
#include "api/limits.h"
#include "api/list_answer.h"
#include "api/list_page.h"
#include "api/product_question.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "catalog/changes.h"
#include "catalog/product_body.h"
#include "gate/list.h"
#include "gate/problem.h"
#include "gate/shape.h"

namespace pf::api {
namespace {

using teamwork::Draft;

constexpr std::array<std::string_view, 4> kDraftFacets{"status", "author", "family", "field"};
constexpr std::string_view kMyself = "me";  // in a filter: whoever asks

json::Value draft_head(const Call& call, const Draft& draft) {
  json::Value names = json::Value::array();
  std::uint64_t open = 0;
  for (const auto& field : draft.fields) {
    names.push(catalog::field_words(field.at));
    open += field.state == teamwork::FieldState::open;
  }
  return json::Value::object(
      {{"id", std::to_string(draft.id)},
       {"version", draft.version},
       {"sku", draft.sku},
       {"title", draft.title},
       {"family", text_or_none(draft.family)},
       {"status", name_of(teamwork::kDraftStatusNames, status_of(draft))},
       {"author",
        json::Value::object({{"id", draft.author.id}, {"name", draft.author.name}, {"program", draft.author.program}})},
       {"own", draft.author.id == call.actor.id},
       {"comment", draft.comment},
       {"field_names", std::move(names)},
       {"open_fields", open},
       {"created_at", rfc3339(draft.created_at)},
       {"updated_at", rfc3339(draft.updated_at)}});
}

Result<json::Value> draft_value(const TeamRooms& rooms, const storage::Reader& read, const Call& call,
                                const Draft& draft) {
  PF_LET(const auto now, rooms.drafts.now(read, draft));
  json::Value out = draft_head(call, draft), fields = json::Value::array();
  for (std::size_t i = 0; i < draft.fields.size(); ++i) {
    const auto& field = draft.fields[i];
    const bool decided = field.state != teamwork::FieldState::open;
    fields.push(json::Value::object({{"field", catalog::field_path(field.at)},
                                     {"locale", text_or_none(field.at.locale)},
                                     {"seen", catalog::value_of_bytes(field.seen)},
                                     {"now", catalog::value_of_bytes(now.fields[i].now)},
                                     {"wanted", catalog::value_of_bytes(field.wanted)},
                                     {"state", name_of(teamwork::kFieldStateNames, field.state)},
                                     {"conflict", now.fields[i].conflict},
                                     {"decided_by", text_or_none(field.decided_by)},
                                     {"decided_at", decided ? json::Value(rfc3339(field.decided_at)) : json::Value()},
                                     {"word", text_or_none(field.word)}}));
  }
  out.set("product_there", now.there);
  out.set("product_version", now.there ? json::Value(now.version) : json::Value(nullptr));
  out.set("offer_version", now.there ? json::Value(now.offer_version) : json::Value(nullptr));
  out.set("fields", std::move(fields));
  return out;
}

Result<Answer> draft_answer(const TeamRooms& rooms, const Call& call, const Draft& draft, int status = 0) {
  PF_LET(auto value, draft_value(rooms, rooms.store.read(), call, draft));
  return Answer{.status = status, .body = data(std::move(value))};
}

// The categories that a draft is judged by: of its product now, or as they last were.
Result<bool> draft_within(const TeamRooms& rooms, const storage::Reader& read, const access::Limits* limits,
                          const Draft& draft) {
  if (limits == nullptr || limits->categories.empty()) return true;
  PF_LET(const auto product, rooms.products.find(read, draft.sku));
  return limits->category(product ? product->categories : draft.categories);
}

Result<Draft> asked_draft(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto id, path_number(call, "id", "draft"));
  const auto read = rooms.store.read();
  PF_LET(auto draft, rooms.drafts.find(read, id));
  PF_LET(const bool within, draft_within(rooms, read, call.limits.get(), draft));
  if (!within || (!may_review(call) && draft.author.id != call.actor.id))
    return error(ErrorCode::not_found, "There is no draft " + std::to_string(id) + ".");
  return draft;
}

teamwork::Drafts::MayWrite may_of(const Call& call) {
  if (!call.limits) return {};
  return [limits = call.limits](const catalog::Record& after, const std::vector<catalog::FieldChange>& changes) {
    return may_write_fields(*limits, after.categories, changes);
  };
}

// "me" is whoever asks.
void name_myself(std::vector<catalog::Condition>& where, const Call& call,
                 std::initializer_list<std::string_view> columns) {
  for (auto& condition : where)
    if (std::ranges::find(columns, condition.column) != columns.end())
      for (auto& value : condition.values)
        if (value == kMyself) value = call.actor.id;
}

Result<Answer> list_drafts(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto asked, gate::list_question(call, {.columns = {}, .sortable = {}, .parameters = {}}));
  for (const auto& facet : asked.facets)
    if (std::ranges::find(kDraftFacets, facet) == kDraftFacets.end())
      return invalid("facets", "unknown", "Drafts are counted by " + in_words(kDraftFacets) + ".");
  auto where = conditions(asked);
  name_myself(where, call, {"author"});
  if (call.limits) confine(where, "category", catalog::Operator::in, call.limits->categories);
  if (!may_review(call)) where.push_back({"author", catalog::Operator::eq, {call.actor.id}});
  const auto read = rooms.store.read();
  PF_LET(const auto page, rooms.drafts.list(read, {.text = asked.text,
                                                   .where = std::move(where),
                                                   .sort = sort_keys(asked),
                                                   .count = static_cast<std::size_t>(asked.per_page),
                                                   .offset = asked.offset(),
                                                   .cursor = asked.cursor,
                                                   .facets = asked.facets}));
  std::vector<std::string> items;
  for (const Draft& draft : page.drafts) {
    // The index has the categories of the day when the draft was made.
    PF_LET(const bool within, draft_within(rooms, read, call.limits.get(), draft));
    if (!within) continue;
    PF_LET(const json::Value shown, with_fields(draft_head(call, draft), asked.fields, "A draft"));
    items.push_back(json::write(shown));
  }
  std::vector<std::pair<std::string_view, const FacetCounts*>> facets;
  for (std::size_t i = 0; i < page.facets.size(); ++i) facets.emplace_back(asked.facets[i], &page.facets[i]);
  return Answer{
      .raw = list_answer(call, items, page.total, asked.per_page, asked.page, page.next_cursor, facets_extra(facets)),
      .content_type = "application/json"};
}

Result<Answer> show_draft(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto draft, asked_draft(rooms, call));
  return draft_answer(rooms, call, draft);
}

Result<Answer> drafts_of_product(const TeamRooms& rooms, const Call& call) {
  const auto read = rooms.store.read();
  PF_LET(const auto open, rooms.drafts.open_of(read, call.path_value("sku")));
  json::Value all = json::Value::array();
  for (const Draft& draft : open) {
    if (!may_review(call) && draft.author.id != call.actor.id) continue;
    PF_LET(auto value, draft_value(rooms, read, call, draft));
    all.push(std::move(value));
  }
  return Answer{.body = data(std::move(all))};
}

struct ProposalBody {
  json::Value change{}, offer{};
  std::optional<std::string> comment{};
  template <class V>
  void fields(V& visit) {
    visit("change", change,
          "As the body of PATCH product: a JSON merge patch. Its version is that of the product that you read.");
    visit("offer", offer,
          "As the body of POST offer, without qty_available: prices in a currency, title and proposition. What is in "
          "stock is nobody's proposal.");
    visit("comment", comment, "Why; at most 2,000 bytes.");
  }
};

Result<Answer> propose_change(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto sku, catalog::parse_sku(call.path_value("sku")));
  PF_LET(const auto body, json::read_fields<ProposalBody>(call.body));
  const json::Value nothing(json::Members{});
  auto change =
      catalog::product_body_of(body.change.is_null() ? nothing : body.change, catalog::BodyStyle::merge_patch);
  PF_TRY(change);
  if (!change->change.wrong.empty()) {
    for (auto& fault : change->change.wrong) fault.field = "change." + fault.field;
    return catalog::invalid_for(std::move(change->change.wrong));
  }
  catalog::OfferChange offer;
  if (!body.offer.is_null()) {
    if (body.offer.find("qty_available") != nullptr)
      return invalid("offer.qty_available", "unknown",
                     "Stock is no part of a proposal, since it changes with each order; set it by itself.");
    auto said = catalog::offer_change_of(body.offer);
    if (!said.ok()) {
      Error why = said.error();
      for (auto& fault : why.faults) fault.field = "offer." + fault.field;
      return why;
    }
    offer = *std::move(said);
  }
  if (change->sku && *change->sku != sku.raw())
    return invalid("change.sku", "differs", "The body names another SKU than the address.");
  const std::string locale = change->locale && !change->locale->empty() ? *change->locale : wanted_locale(call);
  PF_LET(const auto done, rooms.drafts.propose(call.actor, sku,
                                               {.change = change->change,
                                                .offer = offer,
                                                .locale = locale,
                                                .read_version = change->version,
                                                .comment = body.comment},
                                               may_of(call)));
  return draft_answer(rooms, call, done.draft, done.outcome == catalog::Outcome::created ? 201 : 200);
}

struct DraftFieldBody {
  std::string field;
  std::optional<std::string> locale;
  template <class V>
  void fields(V& visit) {
    visit("field", field, "As the draft names it: title, brand, attributes.color.");
    visit("locale", locale, "Of a text; null or absent for what is for everybody.");
  }
};
Result<std::vector<catalog::FieldName>> field_names_of(const std::vector<DraftFieldBody>& said, const char* where) {
  std::vector<catalog::FieldName> out;
  for (std::size_t i = 0; i < said.size(); ++i) {
    auto named = catalog::field_named(said[i].field, said[i].locale.value_or(""));
    if (!named)
      return invalid(
          std::string(where) + "[" + std::to_string(i) + "]", "unknown",
          "\"" + said[i].field.substr(0, 60) + "\" is no field of a product, or it needs a locale, or has none.");
    out.push_back(*std::move(named));
  }
  return out;
}

struct DraftEditBody {
  std::optional<std::string> comment;
  std::vector<DraftFieldBody> without;
  template <class V>
  void fields(V& visit) {
    visit("comment", comment, "Another one.");
    visit("without", without, "Fields that are not proposed any more; without any left the draft is withdrawn.");
  }
};

Result<Answer> edit_draft(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto before, asked_draft(rooms, call));
  PF_LET(const auto body, json::read_fields<DraftEditBody>(call.body));
  PF_LET(const auto without, field_names_of(body.without, "without"));
  PF_LET(const auto draft, rooms.drafts.edit(call.actor, before.id, body.comment, without));
  return draft_answer(rooms, call, draft);
}

Result<Answer> withdraw_draft(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto before, asked_draft(rooms, call));
  PF_LET(const auto draft, rooms.drafts.withdraw(call.actor, before.id));
  return draft_answer(rooms, call, draft);
}

struct VerdictBody {
  std::optional<std::vector<DraftFieldBody>> wanted;
  std::optional<std::string> comment;
  std::optional<std::uint64_t> version, product_version, offer_version;
  template <class V>
  void fields(V& visit) {
    visit("fields", wanted, "Only these of the open ones; absent: all.");
    visit("comment", comment, "A word to the author; at most 1,000 bytes.");
    visit("version", version, "Of the draft, as you saw it; 409 when it has changed.");
    visit("product_version", product_version,
          "Of the product, as you saw it: what others changed up to then may be overwritten. Without it a field that "
          "was changed after it was proposed is refused (409, a fault for each).");
    visit("offer_version", offer_version, "Of its offer, as you saw it: the same for prices.");
  }
};

Result<Answer> decide_draft(const TeamRooms& rooms, const Call& call, bool approve) {
  PF_LET(const auto before, asked_draft(rooms, call));
  PF_LET(const auto body,
         json::read_fields<VerdictBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body));
  teamwork::Drafts::Verdict verdict{.approve = approve,
                                    .word = body.comment.value_or(""),
                                    .read_version = body.version,
                                    .seen_version = body.product_version,
                                    .seen_offer_version = body.offer_version};
  if (body.wanted) {
    PF_LET(verdict.fields, field_names_of(*body.wanted, "fields"));
  }
  PF_LET(const auto draft, rooms.drafts.decide(call.actor, before.id, verdict, may_of(call)));
  return draft_answer(rooms, call, draft);
}
Result<Answer> approve_draft(const TeamRooms& rooms, const Call& call) {
  return decide_draft(rooms, call, true);
}
Result<Answer> reject_draft(const TeamRooms& rooms, const Call& call) {
  return decide_draft(rooms, call, false);
}

struct DecisionsBody {
  std::string decision;
  std::vector<std::string> ids;
  std::optional<std::string> comment;
  template <class V>
  void fields(V& visit) {
    visit("decision", decision, "approve or reject: all fields of each that are open.");
    visit("ids", ids, "Drafts, at most 200.");
    visit("comment", comment, "A word to their authors.");
  }
};

Result<Answer> decide_drafts(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<DecisionsBody>(call.body));
  const bool approve = body.decision == "approve";
  if (!approve && body.decision != "reject") return invalid("decision", "value", "decision is approve or reject.");
  if (body.ids.empty() || body.ids.size() > teamwork::kDecidedAtOnceMax)
    return invalid("ids", "count", "Name 1 to " + std::to_string(teamwork::kDecidedAtOnceMax) + " drafts at a time.");
  json::Value rows = json::Value::array();
  std::uint64_t done = 0;
  for (const auto& id : body.ids) {
    Call one{.actor = call.actor, .request = call.request, .path = {{"id", id}}, .limits = call.limits};
    const auto decided = [&]() -> Result<Draft> {
      PF_LET(const auto before, asked_draft(rooms, one));
      return rooms.drafts.decide(call.actor, before.id, {.approve = approve, .word = body.comment.value_or("")},
                                 may_of(call));
    }();
    if (!decided.ok() &&
        (decided.error().code == ErrorCode::internal || decided.error().code == ErrorCode::storage_full))
      return decided.error();
    done += decided.ok();
    json::Value row = json::Value::object(
        {{"id", id},
         {"status",
          decided.ok() ? json::Value(name_of(teamwork::kDraftStatusNames, status_of(*decided))) : json::Value(nullptr)},
         {"message", decided.ok() ? json::Value(nullptr) : json::Value(decided.error().message)}});
    row.set("errors", decided.ok() ? json::Value::array() : gate::faults_value(decided.error().faults));
    rows.push(std::move(row));
  }
  return Answer{.body = data(json::Value::object({{"decided", done}, {"drafts", std::move(rows)}}))};
}

}  // namespace

std::vector<Row> teamwork_routes(const TeamRooms& rooms) {
  const auto with = handlers_with(rooms);
  const auto own = own_product(rooms.store, rooms.products);
  using P = Permission;
  auto list_query = gate::list_parameters();
  for (auto& [name, summary] : list_query) {
    if (name == "q") summary = "Words of the SKU, the title, the author's name and his comment.";
    if (name == "sort") summary = "created_at, updated_at or id; - in front for descending. Newest first without it.";
    if (name == "*[op]")
      summary =
          "status (open, approved, partly, rejected, withdrawn), author (an id, or me), sku, family, field and "
          "category "
          "by eq, neq, in and nin; created_at, updated_at and id by eq, gt, gte, lt and lte.";
  }
  list_query.emplace_back("facets", "Counts by status, author, family or field, divided by commas.");
  const auto draft_shape = gate::data_shape(shapes::kDraft);
  const auto step = [&](Method method, const char* path, P permission, const char* summary, json::Value body,
                        gate::Handler handler) {
    return Row{.method = method,
               .path = path,
               .permission = permission,
               .summary = summary,
               .accepts = BodyKind::json,
               .body_schema = std::move(body),
               .answer_schema = draft_shape,
               .handler = std::move(handler),
               .keeps = gate::kKeepsAll};
  };
  const std::string of_product = "/api/v1/product/{sku}/draft";
  std::vector<Row> rows = {
      {.method = Method::get,
       .path = "/api/v1/draft",
       .permission = P::catalog_propose,
       .summary = "List proposed changes; one's own for who may not change products.",
       .answer_schema = gate::list_shape(shapes::kDraftInList),
       .handler = with(list_drafts),
       .query = list_query,
       .keeps = gate::kKeepsAll},
      {.method = Method::post,
       .path = "/api/v1/draft/decide",
       .permission = P::catalog_write,
       .summary = "Approve or reject many drafts, each by itself; what cannot be is told beside it.",
       .accepts = BodyKind::json,
       .body_schema = json::schema<DecisionsBody>(),
       .answer_schema = gate::data_shape(shapes::kDecided),
       .handler = with(decide_drafts),
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/draft/{id}",
       .permission = P::catalog_propose,
       .summary = "Show a draft field by field: what its author saw, what is there now, what he wants.",
       .answer_schema = draft_shape,
       .handler = with(show_draft),
       .keeps = gate::kKeepsAll},
      step(Method::patch, "/api/v1/draft/{id}", P::catalog_propose,
           "Change one's own draft: its comment, or which fields it leaves alone.", json::schema<DraftEditBody>(),
           with(edit_draft)),
      step(Method::put, "/api/v1/draft/{id}/withdraw", P::catalog_propose, "Withdraw one's own draft.",
           gate::shape("{}"), with(withdraw_draft)),
      step(Method::put, "/api/v1/draft/{id}/approve", P::catalog_write,
           "Approve a draft, or some of its fields: the product is changed at once, as by an edit.",
           json::schema<VerdictBody>(), with(approve_draft)),
      step(Method::put, "/api/v1/draft/{id}/reject", P::catalog_write, "Reject a draft, or some of its fields.",
           json::schema<VerdictBody>(), with(reject_draft)),
      {.method = Method::get,
       .path = of_product,
       .permission = P::catalog_propose,
       .summary = "List the open drafts of a product, at most 50; one's own for who may not change products.",
       .answer_schema = gate::data_shape("[" + std::string(shapes::kDraft) + "]"),
       .handler = with(drafts_of_product),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = of_product,
       .permission = P::catalog_propose,
       .summary = "Propose a change of a product, or change one's open draft of it; the product stays as it is.",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<ProposalBody>(),
       .answer_schema = draft_shape,
       .handler = with(propose_change),
       .query = {{"locale", "Whose texts title and description are, instead of Accept-Language."}},
       .other_success = 200,
       .keeps = gate::kKeepsAll,
       .object = own},
  };
  for (auto& row : comments_routes(rooms)) rows.push_back(std::move(row));
  for (auto& row : tasks_routes(rooms)) rows.push_back(std::move(row));
  for (auto& row : mentions_routes(rooms)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace pf::api
