// An order as it is stored, and what it contributes to the index. Only for this room.
#pragma once

#include "orders/orders.h"

namespace pf::orders {

std::string write_order(const Order& order);
Result<Order> read_order(OrderId id, std::string_view record);
search::Entry index_entry(const Order& order);
std::string sortable(Time time);
std::string sortable(std::int64_t number);

}  // namespace pf::orders
