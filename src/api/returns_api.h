// Returns over HTTP: translates, decides nothing.
#pragma once

#include <vector>

#include "gate/route.h"
#include "orders/returns.h"

namespace pf::api {

std::vector<gate::Row> returns_routes(storage::Store& store, orders::Orders& orders, orders::Returns& returns);

}  // namespace pf::api
