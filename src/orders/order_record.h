// An order as it is stored, and what it contributes to the index. Only for this room.
#pragma once

#include "orders/list_filter.h"
#include "orders/orders.h"

namespace pf::orders {

std::string write_order(const Order& order);
Result<Order> read_order(OrderId id, std::string_view record);
search::Entry index_entry(const Order& order);
// Times in stored records: milliseconds.
json::Value stored_ms(Time time);
Time stored_time(const json::Value& in, std::string_view name);

}  // namespace pf::orders
