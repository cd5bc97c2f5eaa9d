// The pick list of one order, to be printed: what to take, with a box to tick. It names no buyer.
#pragma once

#include <string>

#include "orders/orders.h"

namespace pf::api {

std::string picking_pdf(const orders::Order& order);

}  // namespace pf::api
