// The row of reports.
#pragma once

#include "api/rows.h"
#include "catalog/products.h"
#include "orders/orders.h"

namespace pf::api {

std::vector<Row> reports_routes(storage::Store& store, orders::Orders& orders, catalog::Products& products,
                                const Clock& clock);

}  // namespace pf::api
