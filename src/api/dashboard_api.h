// Rows of the dashboard: what waits for somebody today, in a handful of numbers.
#pragma once

#include "access/access.h"
#include "catalog/products.h"
#include "gate/route.h"
#include "orders/orders.h"

namespace pf::api {

std::vector<gate::Row> dashboard_routes(storage::Store& store, const access::Access& access,
                                        catalog::Products& products, stock::Stock& stock, orders::Orders& orders,
                                        const Clock& clock);

}  // namespace pf::api
