// Holds, tags, notes and the timeline of orders over HTTP.
#pragma once

#include <vector>

#include "catalog/products.h"
#include "gate/route.h"
#include "orders/orders.h"

namespace pf::api {

std::vector<gate::Row> order_remarks_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                            catalog::Products& products);

}  // namespace pf::api
