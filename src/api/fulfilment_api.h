// Rows of picking and packing.
#pragma once

#include "api/order_answers.h"

namespace pf::api {

std::vector<Row> fulfilment_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                   catalog::Products& products);

}  // namespace pf::api
