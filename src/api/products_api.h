// Products, languages and uploads over HTTP, with what describes them (model_api.h): translates, decides nothing.
#pragma once

#include <vector>

#include "catalog/assets.h"
#include "catalog/thumbnails.h"
#include "catalog/offers.h"
#include "catalog/products.h"
#include "gate/route.h"
#include "stock/stock.h"
#include "storage/store.h"

namespace pf::api {

struct ProductRooms {
  storage::Store& store;
  catalog::Products& products;
  catalog::Offers& offers;
  catalog::Assets& assets;
  catalog::Thumbnails& thumbnails;
  stock::Stock& stock;
};

// Form bodies: a name that is no field of a product is an attribute (`color=blue`), as clients of the hosted product
// send them. In JSON an unknown field is refused by name; attributes go into `attributes`.
std::vector<gate::Row> products_routes(const ProductRooms& rooms);

}  // namespace pf::api
