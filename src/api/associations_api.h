// Which products go with one, and which name it.
#pragma once

#include <vector>

#include "catalog/products.h"
#include "gate/route.h"
#include "storage/store.h"

namespace pf::api {

std::vector<gate::Row> associations_routes(storage::Store& store, catalog::Products& products);  // of products_routes()

// The kinds of links as a list: those that are described, then the usual ones that nobody described.
json::Value association_types_value(const catalog::Model& model);

}  // namespace pf::api
