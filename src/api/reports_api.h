// The rows of reports.
#pragma once

#include "access/access.h"
#include "api/rows.h"
#include "catalog/products.h"
#include "orders/orders.h"

namespace pf::api {

std::vector<Row> reports_routes(storage::Store& store, orders::Orders& orders, catalog::Products& products,
                                stock::Stock& stock, access::Access& access, const Clock& clock);

}  // namespace pf::api
