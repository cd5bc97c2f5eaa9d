// Rows of the dashboard: what waits for somebody today, in a handful of numbers.
#pragma once

#include "catalog/products.h"
#include "gate/route.h"
#include "orders/orders.h"

namespace pf::api {

std::vector<gate::Row> dashboard_routes(storage::Store& store, catalog::Products& products, stock::Stock& stock,
                                        orders::Orders& orders, const Clock& clock);

}  // namespace pf::api
