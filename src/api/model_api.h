// What a shop describes of its catalogue over HTTP: attributes and their groups, families, categories, channels. Lists
// hold what products use beside what is described, so that a person sees what there is to describe.
#pragma once

#include <vector>

#include "catalog/products.h"
#include "gate/route.h"
#include "storage/store.h"

namespace pf::api {

std::vector<gate::Row> model_routes(storage::Store& store, catalog::Products& products);

}  // namespace pf::api
