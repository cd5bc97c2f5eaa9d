// Imports over HTTP.
#pragma once

#include <vector>

#include "gate/route.h"
#include "jobs/imports.h"

namespace pf::api {

std::vector<gate::Row> import_routes(storage::Store& store, jobs::Imports& imports);

}  // namespace pf::api
