// What a product is offered for on each marketplace.
#pragma once

#include "catalog/marketplace_offers.h"
#include "gate/route.h"
#include "stock/stock.h"

namespace pf::api {

std::vector<gate::Row> marketplace_offers_routes(storage::Store& store, catalog::MarketplaceOffers& offers,
                                                 catalog::Products& products, stock::Stock& stock);

}  // namespace pf::api
