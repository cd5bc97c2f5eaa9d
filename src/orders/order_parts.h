// Small parts that several files of this room share. Only for this room.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "orders/orders.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::orders {

using Pieces = std::vector<std::pair<std::size_t, std::int64_t>>;  // line number, pieces

inline std::string object_name(OrderId id) {
  return "order:" + std::to_string(id.raw());
}
json::Value numbers_of(const std::vector<OrderId>& ids);  // ["100001", ...]
Result<> check_shipment(const Shipment& shipment);        // its texts
// The last event that is too long ago to be remembered (kEventsRemembered).
inline std::uint32_t before_remembered(const Order& order) {
  return order.events > kEventsRemembered ? order.events - kEventsRemembered : 0;
}
// Brings what is picked, missing and packed back within what is allocated, when that fell; out of the newest open
// parcel first.
void fit_to_allocated(Order& order);
// Adds a fault for a text that is too long or no UTF-8.
inline void check_text(Faults& faults, const std::string& field, std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max)
    faults.add(field, "length", "must have at most " + std::to_string(bytes_max) + " bytes");
  else if (first_bad_utf8(text))
    faults.add(field, "encoding", "must be UTF-8");
}

}  // namespace pf::orders
