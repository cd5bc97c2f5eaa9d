// An order's stored record holds what orders/remains.h lists and nothing else.
#include "orders/remains.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "orders/order_record.h"
#include "orders/orders.h"
#include "productflow/text.h"

using namespace pf;
using namespace pf::orders;

namespace {

// Every field filled in, so that none is left out of the record for being empty.
Order full_order() {
  Order order;
  order.id = OrderId(100'001);
  order.currency = *Currency::parse("EUR");
  order.channel = "amazon";
  order.channel_order_id = "A-1";
  order.country_code = "NL";
  order.cancel_reason = "too late";
  order.ship_by = Time{};
  order.shipping_cost = order.total = order.paid_total = order.tax = Money{495, order.currency};
  order.lines.push_back(
      {"1",
       "SKU",
       "Title",
       Money{995, order.currency},
       {.claimed = 1, .returned = 1, .refunded = 1, .picked = 1, .missing = 1, .packed = 1, .later = 1},
       "S",
       995,
       {{1, 1}},
       {{1, 1}},
       {{"PART", 2, 1, 1, 1, {{1, 1}}, {{1, 1}}}},
       "cups"});
  order.parcels.push_back({"PACK01", "DHL", "3S", Time{}, {{0, 1}}, 1'200, 300, 200, 100});
  order.packing = order.parcels;
  order.parcels[0].together = {OrderId(100'002)};
  order.marks.push_back({Attention::duplicate, OrderId(100'002), false});
  order.location = 1;
  order.replaces = 5'001;
  order.picking = true;
  order.holds.push_back({3, HoldReason::fraud, "clerk", Time{}});
  order.tags = {"gift"};
  order.by_marketplace = true;
  order.refunded = {1, 0, 0, 0, 995};
  return order;
}

void collect(const json::Value& value, const std::string& prefix, std::set<std::string>& names) {
  if (const auto* members = value.as_object())
    for (const auto& [name, member] : *members) {
      names.insert(prefix + name);
      if (const auto* items = member.as_array())
        for (const json::Value& item : *items) collect(item, prefix + name + ".", names);
    }
}

}  // namespace

TEST_CASE("orders: the list of what remains names every field of a stored order, and no field that is not stored") {
  std::set<std::string> stored, listed;
  collect(*json::parse(write_order(full_order())), "", stored);
  for (const Remains& one : kRemains) {
    CHECK_FALSE(one.why.empty());
    for (const auto name : split(one.stored_as, ' ')) CHECK(listed.insert(std::string(name)).second);
  }
  CHECK(stored == listed);
}
