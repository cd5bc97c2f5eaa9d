// Rows of the carriers' label programs: the file that they read, its formats, and the tracking number that comes back.
#pragma once

#include "access/access.h"
#include "api/order_answers.h"
#include "exchange/carriers.h"
#include "orders/invoices.h"

namespace pf::api {

std::vector<Row> carriers_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                 catalog::Products& products, access::Access& access, orders::Invoices& invoices,
                                 exchange::Carriers& carriers, const Clock& clock);

}  // namespace pf::api
