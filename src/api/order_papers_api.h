// The papers of orders over HTTP: what to pick, what lies in a parcel, where it goes. Of one, or of several in one
// document.
#pragma once

#include <vector>

#include "access/access.h"
#include "catalog/products.h"
#include "gate/route.h"
#include "orders/invoices.h"

namespace pf::api {

std::vector<gate::Row> order_papers_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                           catalog::Products& products, access::Access& access,
                                           orders::Invoices& invoices);

}  // namespace pf::api
