// What the shop's own rules do to an order (order_ruling.h): holds, tags, notes, how it is to be shipped. Each stands
// in the timeline under the rule's name.
#include "orders/order_ruling.h"

#include <algorithm>

#include "orders/order_parts.h"
#include "orders/orders.h"

namespace pf::orders {
namespace {

access::Actor actor_of(const catalog::RuleName& rule) {
  access::Actor actor = access::system_actor();
  actor.name = rule.name;
  return actor;
}

bool nothing_left(const Order& order) {
  const OrderStatus status = status_of(order);
  return status == OrderStatus::cancelled || status == OrderStatus::shipped;
}

}  // namespace

Result<OrderRuled> Orders::follow(storage::Write& work, Order& order, std::span<const OrderAct> acts) {
  OrderRuled done;
  for (const OrderAct& act : acts) {
    if (order.events >= kEventsMax) break;
    const access::Actor by = actor_of(act.rule);
    json::Value details = json::Value::object({{"rule", std::to_string(act.rule.id)}});
    switch (act.kind) {
      case OrderAct::Kind::hold: {
        const auto same = [&](const Hold& hold) { return hold.reason == act.reason && hold.by == by.name; };
        if (nothing_left(order) || order.holds.size() >= kHoldsMax || std::ranges::any_of(order.holds, same)) break;
        Hold placed{order.events + 1, act.reason, by.name, clock_.now()};
        details.set("hold", placed.number);
        details.set("reason", name_of(kHoldReasonNames, act.reason));
        PF_TRY(append_event(work, order, by, "held", std::move(details)));
        done.holds.push_back(placed.number);
        order.holds.push_back(std::move(placed));
        break;
      }
      case OrderAct::Kind::tag: {
        const auto place = std::ranges::lower_bound(order.tags, act.text);
        if ((place != order.tags.end() && *place == act.text) || order.tags.size() >= kTagsMax) break;
        order.tags.insert(place, act.text);
        done.tags.push_back(act.text);
        details.set("tag", act.text);
        PF_TRY(append_event(work, order, by, "tagged", std::move(details)));
        break;
      }
      case OrderAct::Kind::note:
        PF_TRY(append_note(work, order, by, act.text, Audience::team));
        done.noted = true;
        break;
      case OrderAct::Kind::route:
        if (nothing_left(order) || order.shipping_method == act.text) break;
        if (!done.rerouted) done.shipping_before = order.shipping_method;
        details.set("from", order.shipping_method);
        details.set("method", act.text);
        order.shipping_method = done.shipping_after = act.text;
        done.rerouted = true;
        PF_TRY(append_event(work, order, by, "routed", std::move(details)));
        break;
      case OrderAct::Kind::locate: {
        PF_LET(const auto locations, stock_.locations(work));
        const stock::Location* location = stock::location_named(locations, act.text);
        if (nothing_left(order) || location == nullptr || !location->sells() || order.location == location->id) break;
        PF_TRY(gather(work, order, location->id));
        if (!done.relocated) done.location_before = order.location;
        order.location = done.location_after = location->id;
        done.relocated = true;
        details.set("location", location->code);
        PF_TRY(append_event(work, order, by, "located", std::move(details)));
        break;
      }
    }
  }
  return done;
}

Result<OrderRuled> Orders::follow(storage::Write& work, OrderId id, std::span<const OrderAct> acts) {
  PF_LET(Order order, find(work, id));
  const Order before = order;
  // Whoever follows rules again does not say everything again.
  std::vector<OrderAct> wanted(acts.begin(), acts.end());
  if (std::ranges::any_of(wanted, [](const OrderAct& act) { return act.kind == OrderAct::Kind::note; })) {
    PF_LET(const auto past, events_remembered(work, order));
    std::erase_if(wanted, [&](const OrderAct& act) {
      return act.kind == OrderAct::Kind::note && std::ranges::any_of(past, [&](const Event& event) {
               return event.kind == "noted" && event.by == act.rule.name;
             });
    });
  }
  PF_LET(auto done, follow(work, order, wanted));
  if (order.events != before.events) PF_TRY(save(work, &before, order));
  return done;
}

Result<bool> Orders::unfollow(storage::Write& work, const access::Actor& by, OrderId id, const OrderRuled& ruled) {
  PF_LET(Order order, find(work, id));
  const Order before = order;
  for (const std::uint32_t number : ruled.holds) {
    const auto hold = std::ranges::find(order.holds, number, &Hold::number);
    if (hold == order.holds.end()) continue;
    const json::Value details = json::Value::object(
        {{"hold", number}, {"reason", name_of(kHoldReasonNames, hold->reason)}, {"held_by", hold->by}});
    order.holds.erase(hold);
    PF_TRY(append_event(work, order, by, "released", details));
  }
  for (const std::string& tag : ruled.tags)
    if (std::erase(order.tags, tag) > 0)
      PF_TRY(append_event(work, order, by, "untagged", json::Value::object({{"tag", tag}})));
  if (ruled.rerouted && order.shipping_method == ruled.shipping_after && !nothing_left(order)) {
    order.shipping_method = ruled.shipping_before;
    PF_TRY(append_event(work, order, by, "routed",
                        json::Value::object({{"from", ruled.shipping_after}, {"method", ruled.shipping_before}})));
  }
  if (ruled.relocated && order.location == ruled.location_after && !nothing_left(order)) {
    PF_LET(const auto locations, stock_.locations(work));
    const auto earlier = ruled.location_before ? ruled.location_before : std::optional(stock::kDefaultLocation);
    const stock::Location* location = stock::location_of(locations, *earlier);
    if (location != nullptr && location->sells()) PF_TRY(gather(work, order, *earlier));
    order.location = ruled.location_before;
    PF_TRY(append_event(
        work, order, by, "located",
        json::Value::object({{"location", ruled.location_before && location != nullptr ? location->code : ""}})));
  }
  if (order.events == before.events) return false;
  PF_TRY(save(work, &before, order));
  return true;
}

}  // namespace pf::orders
