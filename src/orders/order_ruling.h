// Where the shop's own rules reach into an order: a room above says what they do with one that has just been placed, in
// the unit of work that places it. An order is never refused for a rule.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "catalog/history_entry.h"
#include "orders/order.h"
#include "storage/store.h"

namespace pf::orders {

struct Order;

struct OrderAct {
  enum class Kind { hold, tag, note, route } kind = Kind::hold;
  HoldReason reason = HoldReason::manual;
  std::string text{};        // the tag, the note for the team, or how it is to be shipped
  catalog::RuleName rule{};  // whose act it is: its name stands in the timeline
};
using OrderRuling = std::function<Result<std::vector<OrderAct>>(storage::Write& work, const Order& order)>;

// What acts did to an order, to take it back: the holds that they placed, the tags that they added, and how it was to
// be shipped before.
struct OrderRuled {
  std::vector<std::uint32_t> holds{};
  std::vector<std::string> tags{};
  bool noted = false, rerouted = false;
  std::string shipping_before{}, shipping_after{};
  bool empty() const { return holds.empty() && tags.empty() && !noted && !rerouted; }
};

}  // namespace pf::orders
