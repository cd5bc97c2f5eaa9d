// Rows of batches: several orders picked in one walk.
#pragma once

#include "api/order_answers.h"
#include "orders/batches.h"

namespace pf::api {

std::vector<Row> batches_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                catalog::Products& products, orders::Batches& batches);

}  // namespace pf::api
