// Rules tried on some products or orders, of which nothing is kept.
#include <algorithm>

#include "api/rows.h"
#include "api/rules_api.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using rules::On;
using rules::Rule;

constexpr std::size_t kTriedMax = 20;  // products or orders of one test, shown one below the other

struct TestBody {
  std::optional<std::string> id;
  std::optional<rules::RuleBody> rule;
  std::optional<bool> alone;
  std::vector<std::string> skus, orders;
  template <class V>
  void fields(V& visit) {
    visit("id", id, "A rule that there is.");
    visit("rule", rule, "What is changed of it, or a new one; it is kept nowhere.");
    visit("alone", alone, "Without the others that are in force.");
    visit("skus", skus, "Products to try it on.");
    visit("orders", orders, "Or orders, by their ids.");
  }
};

json::Value rules_value(const std::vector<catalog::RuleName>& rules) {
  json::Value out = json::Value::array();
  for (const auto& rule : rules) out.push(json::Value::object({{"id", std::to_string(rule.id)}, {"name", rule.name}}));
  return out;
}

Result<json::Value> tried_product(const RuleRooms& rooms, const storage::Reader& read, const std::string& sku,
                                  const std::shared_ptr<const rules::ProductRules>& rules,
                                  std::vector<rules::Unsettled>& restless) {
  PF_LET(const auto languages, rooms.products.languages(read));
  PF_LET(const auto model, rooms.products.models().known(read));
  PF_LET(const auto before, rooms.products.find(read, sku));
  std::vector<catalog::RuleName> matched;
  std::vector<catalog::FieldChange> changes;
  std::vector<std::string> failed;
  if (before && rules) {
    PF_LET(const auto priced, rooms.products.offer_of(read, sku));
    catalog::Offer offer = priced ? *priced : catalog::Offer{};
    catalog::Record record = *before;
    rules::ProductRuling ruling(rules);
    PF_LET(const auto ruled, ruling.apply(*model, languages, record, offer));
    for (std::size_t i = 0; i < ruling.tallies().size(); ++i)
      if (ruling.tallies()[i].matched > 0) matched.push_back({rules->all()[i].rule.id, rules->all()[i].rule.name});
    changes = catalog::differences(*before, record);
    for (auto& change : catalog::offer_differences(priced ? &*priced : nullptr, &offer))
      changes.push_back(std::move(change));
    catalog::name_rules(changes, ruled.made);
    for (const auto& fault : ruled.failed)
      failed.push_back(fault.field.empty() ? fault.message : fault.field + ": " + fault.message);
    PF_LET(auto more, unsettled(rules, *model, languages, std::move(record), std::move(offer), ruled.made));
    restless.insert(restless.end(), more.begin(), more.end());
  }
  PF_LET(const auto title, rooms.products.title(read, sku, ""));
  return json::Value::object({{"name", sku},
                              {"title", title.value_or("")},
                              {"found", before.has_value()},
                              {"matched", rules_value(matched)},
                              {"changes", changes_value(changes)},
                              {"failed", texts(failed)}});
}

Result<json::Value> tried_order(const RuleRooms& rooms, const storage::Reader& read, const std::string& name,
                                const std::shared_ptr<const rules::OrderRules>& rules) {
  const auto order = rooms.orders.find(read, orders::OrderId(number_of(name)));
  if (!order.ok() && order.error().code != ErrorCode::not_found) return order.error();
  std::vector<catalog::RuleName> matched;
  std::vector<std::string> failed;
  json::Value changes = json::Value::array();
  if (order.ok() && rules) {
    PF_LET(const auto asked, rules->ask(read, rooms.products, *order));
    PF_LET(const auto locations, rooms.orders.locations(read));
    for (const std::size_t i : asked.matched) matched.push_back({rules->all()[i].rule.id, rules->all()[i].rule.name});
    for (const auto& one : asked.failed) failed.push_back(one.second);
    changes = acts_value(*order, asked.acts, locations);
  }
  return json::Value::object({{"name", name},
                              {"title", order.ok() ? order->channel + " " + order->channel_order_id : ""},
                              {"found", order.ok()},
                              {"matched", rules_value(matched)},
                              {"changes", std::move(changes)},
                              {"failed", texts(failed)}});
}

Result<Answer> test_rule(const RuleRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<TestBody>(call.body));
  const auto read = rooms.store.read();
  const std::uint64_t id = body.id ? number_of(*body.id) : 0;
  if (body.id && id == 0) return error(ErrorCode::not_found, "There is no such rule.");
  if (body.skus.empty() == body.orders.empty())
    return invalid("skus", "required", "Name products (skus) or orders to try the rules on, not both.");
  if (body.skus.size() + body.orders.size() > kTriedMax)
    return invalid(body.skus.empty() ? "orders" : "skus", "count",
                   "At most " + std::to_string(kTriedMax) + " are tried at a time; the preview of a run tries more.");
  std::optional<Rule> draft;
  if (body.id || body.rule) {
    PF_LET(draft, rooms.rules.draft(read, id, body.rule.value_or(rules::RuleBody{})));
    if ((draft->on == On::order) == body.orders.empty())
      return invalid(draft->on == On::order ? "orders" : "skus", "required",
                     "This rule is about " + std::string(draft->on == On::order ? "orders" : "products") +
                         "; name some to try it on.");
  }
  const Rule* const drafted = draft ? &*draft : nullptr;
  json::Value items = json::Value::array();
  std::vector<rules::Unsettled> restless;
  std::vector<std::string> circles;
  if (!body.skus.empty()) {
    std::shared_ptr<const rules::ProductRules> rules;
    if (body.alone.value_or(false) && drafted != nullptr) {
      auto alone = std::make_shared<rules::ProductRules>();
      PF_TRY(alone->add(*drafted));
      rules = std::move(alone);
    } else {
      PF_LET(rules, rooms.rules.for_products(read, 0, drafted));
    }
    for (const auto& sku : body.skus) {
      PF_LET(auto item, tried_product(rooms, read, sku, rules, restless));
      items.push(std::move(item));
    }
    if (rules) circles = rules::circles_of(*rules, restless);
  } else {
    if (!call.actor.can(Permission::orders_read))
      return error(ErrorCode::forbidden, "Trying rules on orders needs the permission orders.read too.");
    std::shared_ptr<const rules::OrderRules> rules;
    if (body.alone.value_or(false) && drafted != nullptr) {
      auto alone = std::make_shared<rules::OrderRules>();
      PF_TRY(alone->add(*drafted));
      rules = std::move(alone);
    } else {
      PF_LET(rules, rooms.rules.for_orders(read, 0, drafted));
    }
    for (const auto& name : body.orders) {
      PF_LET(auto item, tried_order(rooms, read, name, rules));
      items.push(std::move(item));
    }
  }
  auto warnings = rules::sentences_of(restless);
  warnings.insert(warnings.end(), circles.begin(), circles.end());
  return Answer{.body = data(json::Value::object({{"items", std::move(items)}, {"warnings", texts(warnings)}}))};
}

}  // namespace

// What acts make of an order, as changes of its fields.
json::Value acts_value(const orders::Order& order, const std::vector<orders::OrderAct>& acts,
                       const std::vector<stock::Location>& locations) {
  using Kind = orders::OrderAct::Kind;
  json::Value out = json::Value::array();
  const auto add = [&](const char* field, json::Value before, json::Value after, const orders::OrderAct& act) {
    out.push(json::Value::object(
        {{"field", field},
         {"locale", json::Value()},
         {"before", std::move(before)},
         {"after", std::move(after)},
         {"rule", json::Value::object({{"id", std::to_string(act.rule.id)}, {"name", act.rule.name}})}}));
  };
  std::vector<std::string> tags = order.tags;
  std::string method = order.shipping_method, location;
  if (const auto* chosen = order.location ? stock::location_of(locations, *order.location) : nullptr)
    location = chosen->code;
  for (const auto& act : acts) switch (act.kind) {
      case Kind::hold:
        if (std::ranges::none_of(
                order.holds, [&](const auto& hold) { return hold.reason == act.reason && hold.by == act.rule.name; }))
          add("hold", json::Value(), name_of(orders::kHoldReasonNames, act.reason), act);
        break;
      case Kind::tag: {
        if (std::ranges::find(tags, act.text) != tags.end()) break;
        json::Value before = texts(tags);
        tags.push_back(act.text);
        add("tags", std::move(before), texts(tags), act);
        break;
      }
      case Kind::note:
        add("note", json::Value(), act.text, act);
        break;
      case Kind::route:
        if (method == act.text) break;
        add("shipping_method", method.empty() ? json::Value() : json::Value(method), act.text, act);
        method = act.text;
        break;
      case Kind::locate: {
        const auto* chosen = stock::location_named(locations, act.text);
        if (chosen == nullptr || !chosen->sells() || location == act.text) break;  // passed over
        add("location", location.empty() ? json::Value() : json::Value(location), act.text, act);
        location = act.text;
        break;
      }
    }
  return out;
}

Row rule_trial_route(const RuleRooms& rooms) {
  const auto with = handlers_with(rooms);
  using P = Permission;
  return {.method = Method::post,
          .path = "/api/v1/rule/test",
          .permission = P::catalog_write,
          .summary =
              "What rules, one of them perhaps not kept yet, would make of some products or orders; nothing is kept.",
          .accepts = BodyKind::json,
          .body_schema = json::schema<TestBody>(),
          .answer_schema = gate::data_shape(shapes::kRuleTest),
          .handler = with(test_rule)};
}

}  // namespace pf::api
