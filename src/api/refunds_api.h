// Refunds over HTTP: translates, decides nothing.
#pragma once

#include <vector>

#include "catalog/products.h"
#include "gate/route.h"
#include "orders/refunds.h"

namespace pf::api {

std::vector<gate::Row> refunds_routes(storage::Store& store, orders::Orders& orders, orders::Refunds& refunds,
                                      vault::Vault& vault, catalog::Products& products);

}  // namespace pf::api
