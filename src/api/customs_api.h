// Papers for customs, and what the shop says once for all of them.
#pragma once

#include "catalog/products.h"
#include "gate/route.h"
#include "orders/invoices.h"

namespace pf::api {

std::vector<gate::Row> customs_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                      catalog::Products& products, orders::Invoices& invoices, const Clock& clock);

}  // namespace pf::api
