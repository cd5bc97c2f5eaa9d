// The orders that `orders=1,2,3` of an address names. Only for rows that make one document of several orders.
#pragma once

#include "api/order_answers.h"

namespace pf::api {

inline constexpr std::size_t kOrdersAskedMax = 200;  // in one document: a morning's batch, and some megabytes

// The numbers, each once, in their order; every fault at once.
Result<std::vector<orders::OrderId>> asked_orders(const Call& call, std::size_t at_most = kOrdersAskedMax);
// Each once, in their order, as far as the person may know them; every fault at once.
Result<std::vector<orders::Order>> asked_orders_of(const OrderRooms& rooms, const storage::Reader& read,
                                                   const Call& call);

}  // namespace pf::api
