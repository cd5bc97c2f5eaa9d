#include "api/rules_api.h"

#include <algorithm>

#include "api/edit_answers.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using rules::On;
using rules::Rule;

json::Value rule_value(const Rule& rule, const rules::RuleCounts& counts) {
  const auto text_or_none = [](const std::string& text) { return text.empty() ? json::Value() : json::Value(text); };
  return json::Value::object(
      {{"id", std::to_string(rule.id)},
       {"version", rule.version},
       {"position", rule.position},
       {"name", rule.name},
       {"on", name_of(rules::kOnNames, rule.on)},
       {"enabled", rule.enabled},
       {"locale", rule.locale},
       {"when", json::write_fields(rule.when)},
       {"then", rule.then},
       {"stop", rule.stop},
       {"by", rule.by},
       {"updated_at", rfc3339(rule.updated_at)},
       {"counts",
        json::Value::object({{"matched", counts.matched}, {"changed", counts.changed}, {"failed", counts.failed}})},
       {"failure", text_or_none(counts.failure)},
       {"failed_at", text_or_none(counts.failed_at)}});
}

Result<json::Value> whole_rule(const RuleRooms& rooms, const storage::Reader& read, const Rule& rule) {
  PF_LET(const auto counts, rooms.rules.counts(read, rule.id));
  return rule_value(rule, counts);
}

// Rules of orders are the business of those who may change orders.
Result<> may_rule(const Call& call, On on) {
  if (on == On::product || call.actor.can(Permission::orders_write)) return {};
  Error refused = error(ErrorCode::forbidden, "Rules of orders need the permission orders.write too.");
  refused.faults.push_back({"on", "permission", refused.message});
  return refused;
}

std::optional<std::uint64_t> version_asked_for(const Call& call) {
  std::string_view tag = trim(header(call, "if-match"));
  if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') tag = tag.substr(1, tag.size() - 2);
  const std::string given(tag);
  if (given.empty() || given == "*") return std::nullopt;
  return number_of(given);  // 0 is no rule's
}

Result<Answer> rule_answer(const RuleRooms& rooms, const Rule& rule, bool changed) {
  const auto read = rooms.store.read();
  PF_LET(auto value, whole_rule(rooms, read, rule));
  if (changed && rule.on == On::product && rule.enabled) {
    PF_LET(const auto warnings, rooms.rules.warnings(read));
    value.set("warnings", texts(warnings));
  }
  return Answer{.body = data(std::move(value)), .headers = {{"etag", '"' + std::to_string(rule.version) + '"'}}};
}

Result<Rule> known_rule(const RuleRooms& rooms, const Call& call) {
  PF_LET(const auto id, path_number(call, "id", "rule"));
  return rooms.rules.find(rooms.store.read(), id);
}

// --- keeping ---

Result<json::Value> all_rules(const RuleRooms& rooms, const std::vector<Rule>& rules) {
  const auto read = rooms.store.read();
  json::Value out = json::Value::array();
  for (const Rule& rule : rules) {
    PF_LET(auto value, whole_rule(rooms, read, rule));
    out.push(std::move(value));
  }
  return out;
}

Result<Answer> list_rules(const RuleRooms& rooms, const Call& call) {
  PF_LET(const auto rules, rooms.rules.list(rooms.store.read()));
  PF_LET(auto all, all_rules(rooms, rules));
  return small_list(call, std::move(all));
}

Result<Answer> show_rule(const RuleRooms& rooms, const Call& call) {
  PF_LET(const auto rule, known_rule(rooms, call));
  return rule_answer(rooms, rule, false);
}

Result<Answer> create_rule(const RuleRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<rules::RuleBody>(call.body));
  PF_TRY(may_rule(call, body.on == "order" ? On::order : On::product));
  PF_LET(const auto rule, rooms.rules.create(call.actor, body));
  return rule_answer(rooms, rule, true);
}

Result<Answer> change_rule(const RuleRooms& rooms, const Call& call) {
  PF_LET(const auto before, known_rule(rooms, call));
  PF_TRY(may_rule(call, before.on));
  PF_LET(const auto body, json::read_fields<rules::RuleBody>(call.body));
  PF_LET(const auto rule, rooms.rules.change(call.actor, before.id, body, version_asked_for(call)));
  return rule_answer(rooms, rule, true);
}

Result<Answer> remove_rule(const RuleRooms& rooms, const Call& call) {
  PF_LET(const auto before, known_rule(rooms, call));
  PF_TRY(may_rule(call, before.on));
  PF_TRY(rooms.rules.remove(call.actor, before.id, version_asked_for(call)));
  return Answer{};
}

struct RuleOrderBody {
  std::optional<std::string> on;
  std::vector<std::string> ids;
  template <class V>
  void fields(V& visit) {
    visit("on", on, "product (as without it) or order.");
    visit("ids", ids, "All rules of that kind, the first to be followed first.");
  }
};

Result<On> kind_of(const std::optional<std::string>& on) {
  const auto kind = value_named<On>(rules::kOnNames, on.value_or("product"));
  if (!kind) return invalid("on", "value", "is product or order");
  return *kind;
}

Result<Answer> reorder_rules(const RuleRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<RuleOrderBody>(call.body));
  PF_LET(const On on, kind_of(body.on));
  PF_TRY(may_rule(call, on));
  std::vector<std::uint64_t> ids;
  for (const auto& one : body.ids) ids.push_back(number_of(one));
  PF_LET(const auto rules, rooms.rules.reorder(call.actor, on, ids));
  PF_LET(auto all, all_rules(rooms, rules));
  return Answer{.body = data(std::move(all))};
}

// --- following ---

struct RunBody {
  std::optional<std::string> on;
  std::optional<SelectBody> select;
  std::optional<bool> dry_run;
  template <class V>
  void fields(V& visit) {
    visit("on", on, "product (as without it) or order; of one rule: its own.");
    visit("select", select, "Which products; all without it. Of orders: all that are not sent and not cancelled.");
    visit("dry_run", dry_run, "Only a preview: nothing is written.");
  }
};

template <class All>
json::Value tallies_value(const All& rules, const std::vector<rules::Tally>& tallies) {
  json::Value out = json::Value::array();
  for (std::size_t i = 0; i < tallies.size(); ++i)
    out.push(json::Value::object({{"id", std::to_string(rules.all()[i].rule.id)},
                                  {"name", rules.all()[i].rule.name},
                                  {"matched", tallies[i].matched},
                                  {"changed", tallies[i].changed},
                                  {"failed", tallies[i].failed}}));
  return out;
}

Result<json::Value> preview_products(const RuleRooms& rooms, const Call& call, std::uint64_t only,
                                     const std::vector<std::string>& skus, std::uint64_t total) {
  std::unique_ptr<rules::ProductRuling> ruling;
  PF_LET(auto shown, edits_preview(rooms.store, rooms.products, skus, total, "",
                                   [&](storage::Write& work) -> Result<catalog::Edited> {
                                     PF_LET(const auto rules, rooms.rules.for_products(work, only));
                                     if (!rules) return error(ErrorCode::conflict, "No rule of products is in force.");
                                     ruling = rooms.rules.ruling(rules);
                                     return rooms.products.rule_many(work, skus, *ruling, {.by = call.actor});
                                   }));
  shown.set("rules", tallies_value(ruling->rules(), ruling->tallies()));
  PF_LET(const auto warnings, rooms.rules.warnings(rooms.store.read()));
  shown.set("warnings", texts(warnings));
  return shown;
}

Result<json::Value> preview_orders(const RuleRooms& rooms, const storage::Reader& read, std::uint64_t only,
                                   const std::vector<std::string>& ids) {
  PF_LET(const auto rules, rooms.rules.for_orders(read, only));
  if (!rules) return error(ErrorCode::conflict, "No rule of orders is in force.");
  PF_LET(const auto locations, rooms.orders.locations(read));
  std::uint64_t changed = 0, tried = 0;
  std::vector<rules::Tally> tallies(rules->all().size());
  json::Value samples = json::Value::array(), refusals = json::Value::array();
  for (; tried < std::min(ids.size(), kPreviewProductsMax); ++tried) {
    PF_LET(const auto order, rooms.orders.find(read, orders::OrderId(number_of(ids[tried]))));
    PF_LET(const auto asked, rules->ask(read, rooms.products, order));
    auto changes = acts_value(order, asked.acts, locations);
    const bool changes_it = !changes.as_array()->empty();
    for (const std::size_t i : asked.matched) {
      ++tallies[i].matched;
      tallies[i].changed += changes_it;
    }
    for (const auto& one : asked.failed) ++tallies[one.first].failed;
    if (changes_it && ++changed <= kPreviewSamplesMax)
      samples.push(json::Value::object({{"sku", ids[tried]},
                                        {"title", order.channel + " " + order.channel_order_id},
                                        {"changes", std::move(changes)}}));
  }
  return json::Value::object({{"products", std::uint64_t{ids.size()}},
                              {"tried", tried},
                              {"changed", changed},
                              {"unchanged", tried - changed},
                              {"refused", std::uint64_t{0}},
                              {"samples", std::move(samples)},
                              {"refusals", std::move(refusals)},
                              {"rules", tallies_value(*rules, tallies)},
                              {"warnings", json::Value::array()}});
}

Result<Answer> run(const RuleRooms& rooms, const Call& call, On on, std::uint64_t only, const RunBody& body) {
  const bool dry = body.dry_run.value_or(false);
  PF_TRY(may_rule(call, on));
  std::vector<std::string> names;
  std::uint64_t total = 0;
  if (on == On::order) {
    if (body.select) return invalid("select", "unknown", "Rules of orders are followed for all that are open.");
    const auto read = rooms.store.read();
    PF_TRY(jobs::open_orders(read, rooms.orders, names));
    if (dry) {
      PF_LET(auto shown, preview_orders(rooms, read, only, names));
      return Answer{.status = 200, .body = data(json::Value::object({{"preview", std::move(shown)}}))};
    }
  } else {
    const SelectBody select = body.select.value_or(SelectBody{.skus = {}, .query = ""});
    PF_LET(names, selected_skus(rooms.store, rooms.products, call, select,
                                dry ? kPreviewProductsMax : jobs::kEditProductsMax + 1, total));
    if (dry) {
      PF_LET(auto shown, preview_products(rooms, call, only, names, total));
      return Answer{.status = 200, .body = data(json::Value::object({{"preview", std::move(shown)}}))};
    }
  }
  PF_LET(const auto edit, rooms.edits.start_rules(call.actor, on, only, names));
  PF_LET(auto value, edit_value(rooms.edits, rooms.store.read(), edit));
  return Answer{.body = data(std::move(value))};
}

Result<RunBody> run_body(const Call& call) {
  return json::read_fields<RunBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body);
}

Result<Answer> run_all(const RuleRooms& rooms, const Call& call) {
  PF_LET(const auto body, run_body(call));
  PF_LET(const On on, kind_of(body.on));
  return run(rooms, call, on, 0, body);
}

Result<Answer> run_one(const RuleRooms& rooms, const Call& call) {
  PF_LET(const auto rule, known_rule(rooms, call));
  PF_LET(const auto body, run_body(call));
  if (body.on && *body.on != name_of(rules::kOnNames, rule.on))
    return invalid("on", "value", "This rule is about the other kind; leave it out.");
  return run(rooms, call, rule.on, rule.id, body);
}

json::Value rule_schema() {
  auto out = json::schema<rules::RuleBody>();
  json::Value properties = *out.find("properties");
  properties.set("then", rules::then_schema());
  out.set("properties", std::move(properties));
  return out;
}

}  // namespace

std::uint64_t number_of(const std::string& text) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, parse_int(text).value_or(0)));
}

std::vector<Row> rules_routes(const RuleRooms& rooms) {
  const auto with = handlers_with(rooms);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/rule",
       .permission = P::catalog_read,
       .summary = "List rules of products and of orders, in the order in which they are followed.",
       .answer_schema = gate::list_shape(shapes::kRule),
       .handler = with(list_rules),
       .query = small_list_parameters()},
      {.method = Method::post,
       .path = "/api/v1/rule",
       .permission = P::catalog_write,
       .summary = "Make a rule, the last of its kind; rules of orders need orders.write too.",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = rule_schema(),
       .answer_schema = gate::data_shape(shapes::kRule),
       .handler = with(create_rule)},
      {.method = Method::put,
       .path = "/api/v1/rule/order",
       .permission = P::catalog_write,
       .summary = "The order in which the rules of a kind are followed.",
       .accepts = BodyKind::json,
       .body_schema = json::schema<RuleOrderBody>(),
       .answer_schema = gate::data_shape(shapes::kRules),
       .handler = with(reorder_rules)},
      rule_trial_route(rooms),
      {.method = Method::post,
       .path = "/api/v1/rule/run",
       .permission = P::catalog_write,
       .summary = "Follow all rules that are in force for many products or orders, as a job; with dry_run a preview.",
       .success = 202,
       .accepts = BodyKind::json,
       .body_schema = json::schema<RunBody>(),
       .answer_schema = gate::data_shape(shapes::kBulkEditOrPreview),
       .handler = with(run_all),
       .other_success = 200},
      {.method = Method::get,
       .path = "/api/v1/rule/{id}",
       .permission = P::catalog_read,
       .summary = "Show a rule, how often it has matched, and what it could not do.",
       .answer_schema = gate::data_shape(shapes::kRule),
       .handler = with(show_rule)},
      {.method = Method::patch,
       .path = "/api/v1/rule/{id}",
       .permission = P::catalog_write,
       .summary = "Change a rule, or switch it on and off; warns of rules that keep changing each other's values.",
       .accepts = BodyKind::json,
       .body_schema = rule_schema(),
       .answer_schema = gate::data_shape(shapes::kRule),
       .handler = with(change_rule)},
      {.method = Method::del,
       .path = "/api/v1/rule/{id}",
       .permission = P::catalog_write,
       .summary = "Remove a rule; what it has made stays.",
       .success = 204,
       .handler = with(remove_rule)},
      {.method = Method::post,
       .path = "/api/v1/rule/{id}/run",
       .permission = P::catalog_write,
       .summary =
           "Follow one rule alone, switched on or not, for many products or orders, as a job; with dry_run a preview.",
       .success = 202,
       .accepts = BodyKind::json,
       .body_schema = json::schema<RunBody>(),
       .answer_schema = gate::data_shape(shapes::kBulkEditOrPreview),
       .handler = with(run_one),
       .other_success = 200},
  };
}

}  // namespace pf::api
