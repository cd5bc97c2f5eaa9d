// Uploaded images over HTTP.
#pragma once

#include <vector>

#include "catalog/assets.h"
#include "catalog/products.h"
#include "catalog/thumbnails.h"
#include "gate/route.h"
#include "storage/store.h"

namespace pf::api {

// Among products_routes().
std::vector<gate::Row> asset_routes(storage::Store& store, catalog::Products& products, catalog::Assets& assets,
                                    catalog::Thumbnails& thumbnails);

}  // namespace pf::api
