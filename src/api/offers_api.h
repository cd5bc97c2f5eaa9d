// A product's offer over HTTP: prices from the catalogue, quantity from the stock room, together.
#pragma once

#include <vector>

#include "catalog/offers.h"
#include "gate/route.h"
#include "orders/orders.h"

namespace pf::api {

std::vector<gate::Row> offers_routes(storage::Store& store, catalog::Offers& offers, catalog::Products& products,
                                     stock::Stock& stock, orders::Orders& orders);

}  // namespace pf::api
