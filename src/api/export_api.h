// Exports over HTTP.
#pragma once

#include <vector>

#include "exchange/importer.h"
#include "gate/route.h"

namespace pf::api {

std::vector<gate::Row> export_routes(const exchange::Rooms& rooms);

}  // namespace pf::api
