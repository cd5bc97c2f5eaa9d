// The papers of an order over HTTP: what to pick, and what lies in a parcel.
#pragma once

#include <vector>

#include "catalog/products.h"
#include "gate/route.h"
#include "orders/orders.h"

namespace pf::api {

std::vector<gate::Row> order_papers_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                           catalog::Products& products);

}  // namespace pf::api
