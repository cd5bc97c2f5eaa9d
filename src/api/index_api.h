// /api/v1/index: making the search index anew.
#pragma once

#include "api/rows.h"
#include "jobs/index_rebuilds.h"

namespace pf::api {

std::vector<Row> index_routes(storage::Store& store, jobs::IndexRebuilds& rebuilds);

}  // namespace pf::api
