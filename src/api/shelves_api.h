// Rows of shelf places: where a product stands.
#pragma once

#include "api/rows.h"
#include "audit/audit.h"
#include "catalog/products.h"
#include "events/events.h"

namespace pf::api {

std::vector<Row> shelves_routes(storage::Store& store, catalog::Products& products, audit::Audit& audit,
                                events::Events& events);

}  // namespace pf::api
