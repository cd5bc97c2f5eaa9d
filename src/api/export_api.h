// Exports over HTTP.
#pragma once

#include <vector>

#include "api/kept_exports.h"
#include "exchange/importer.h"
#include "gate/route.h"

namespace pf::api {

std::vector<gate::Row> export_routes(const exchange::Rooms& rooms, KeptExports& kept);

}  // namespace pf::api
