// Mappings of import files under a name, over HTTP.
#pragma once

#include <vector>

#include "gate/route.h"
#include "jobs/saved_mappings.h"

namespace pf::api {

std::vector<gate::Row> mapping_routes(storage::Store& store, jobs::SavedMappings& mappings);

}  // namespace pf::api
