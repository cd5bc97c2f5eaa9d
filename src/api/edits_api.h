// Many products at once over HTTP: bulk edits with their preview, and taking an import or a bulk edit back.
#pragma once

#include <vector>

#include "gate/route.h"
#include "jobs/edits.h"
#include "jobs/imports.h"

namespace pf::api {

std::vector<gate::Row> edits_routes(storage::Store& store, catalog::Products& products, jobs::Imports& imports,
                                    jobs::Edits& edits);

}  // namespace pf::api
