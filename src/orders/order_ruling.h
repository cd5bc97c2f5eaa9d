// Where the shop's own rules reach into an order: a room above says what they do with one that has just been placed, in
// the unit of work that places it. An order is never refused for a rule.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "catalog/history_entry.h"
#include "orders/order.h"
#include "stock/locations.h"
#include "storage/store.h"

namespace pf::orders {

struct Order;

struct OrderAct {
  enum class Kind { hold, tag, note, route, locate } kind = Kind::hold;
  HoldReason reason = HoldReason::manual;
  std::string text{};        // the tag, the note for the team, how it is to be shipped, or a location's code
  catalog::RuleName rule{};  // whose act it is: its name stands in the timeline
};
using OrderRuling = std::function<Result<std::vector<OrderAct>>(storage::Write& work, const Order& order)>;

// What acts did to an order, to take it back: the holds that they placed, the tags that they added, how and from where
// it was to be shipped before.
struct OrderRuled {
  std::vector<std::uint32_t> holds{};
  std::vector<std::string> tags{};
  bool noted = false, rerouted = false, relocated = false;
  std::string shipping_before{}, shipping_after{};
  std::optional<stock::LocationId> location_before{}, location_after{};
  bool empty() const { return holds.empty() && tags.empty() && !noted && !rerouted && !relocated; }
};

}  // namespace pf::orders
