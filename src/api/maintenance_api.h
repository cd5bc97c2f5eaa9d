// The rows of maintenance jobs (jobs/maintenance.h): for each a way to ask for it, to look at it, to cancel it.
#pragma once

#include "api/rows.h"
#include "jobs/maintenance.h"

namespace pf::api {

std::vector<Row> maintenance_routes(storage::Store& store, jobs::Maintenance& sales_recount,
                                    jobs::Maintenance& index_rebuild);

}  // namespace pf::api
