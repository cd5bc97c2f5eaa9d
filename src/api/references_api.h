// Reference records over HTTP: lists, one record, its history. Their kinds are described in model_api.h.
#pragma once

#include <vector>

#include "catalog/products.h"
#include "gate/route.h"
#include "storage/store.h"

namespace pf::api {

std::vector<gate::Row> references_routes(storage::Store& store, catalog::Products& products);

}  // namespace pf::api
