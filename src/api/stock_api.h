// Stock: where it lies, levels, the ledger, counts, transfers.
#pragma once

#include "api/rows.h"
#include "catalog/products.h"
#include "orders/orders.h"
#include "rules/rules.h"
#include "stock/locations.h"
#include "stock/stock.h"

namespace pf::api {

std::vector<gate::Row> stock_routes(storage::Store& store, catalog::Products& products, stock::Stock& stock,
                                    stock::Locations& locations, orders::Orders& orders, const rules::Rules& rules);

}  // namespace pf::api
