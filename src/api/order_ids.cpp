#include "api/order_ids.h"

#include <set>

#include "productflow/text.h"

namespace pf::api {

Result<std::vector<orders::OrderId>> asked_orders(const Call& call, std::size_t at_most) {
  std::vector<orders::OrderId> ids;
  std::set<orders::OrderId> known;
  Error faults{ErrorCode::invalid, "orders must be order numbers with commas between.", {}};
  const std::string asked = call.query_value("orders").value_or("");
  for (const auto part : split(asked, ',')) {
    const auto number = parse_int(trim(part));
    if (!number || *number < 1)
      faults.faults.push_back({"orders", "format", "\"" + std::string(trim(part)).substr(0, 40) + "\" is no number"});
    else if (const orders::OrderId id(static_cast<std::uint64_t>(*number)); known.insert(id).second)
      ids.push_back(id);
  }
  if (!faults.faults.empty()) return faults;
  if (ids.size() > at_most)
    return invalid("orders", "length",
                   "At most " + std::to_string(at_most) + " orders are taken at once; take them in parts.");
  return ids;
}

Result<std::vector<orders::Order>> asked_orders_of(const OrderRooms& rooms, const storage::Reader& read,
                                                   const Call& call) {
  PF_LET(const auto ids, asked_orders(call));
  std::vector<orders::Order> found;
  Error faults{ErrorCode::not_found, "", {}};
  for (const auto id : ids) {
    auto order = rooms.orders.find(read, id);
    if (!order.ok() && order.error().code != ErrorCode::not_found) return order.error();
    if (order.ok() && (!call.limits || call.limits->channel(order->channel)))
      found.push_back(*std::move(order));
    else
      faults.faults.push_back({"orders", "unknown", "There is no order " + std::to_string(id.raw()) + "."});
  }
  if (faults.faults.empty()) return found;
  faults.message = faults.faults[0].message;
  return faults;
}

}  // namespace pf::api
