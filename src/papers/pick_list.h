// The pick list of one order, to be printed: what to take, with a box to tick. It names no buyer.
#pragma once

#include <string>

#include "orders/orders.h"

namespace pf::papers {

std::string pick_list(const orders::Order& order);

}  // namespace pf::papers
