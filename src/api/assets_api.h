// Uploaded images over HTTP.
#pragma once

#include <vector>

#include "catalog/assets.h"
#include "gate/route.h"
#include "storage/store.h"

namespace pf::api {

std::vector<gate::Row> asset_routes(storage::Store& store, catalog::Assets& assets);  // among products_routes()

}  // namespace pf::api
