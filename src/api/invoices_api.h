// Invoices and credit notes over HTTP.
#pragma once

#include "catalog/products.h"
#include "gate/route.h"
#include "orders/invoices.h"

namespace pf::api {

std::vector<gate::Row> invoices_routes(storage::Store& store, orders::Orders& orders, orders::Invoices& invoices,
                                       vault::Vault& vault);

}  // namespace pf::api
