// Export profiles, their feeds' addresses and the formats of channels over HTTP.
#pragma once

#include <vector>

#include "api/kept_exports.h"
#include "exchange/profiles.h"
#include "gate/route.h"

namespace pf::api {

std::vector<gate::Row> profile_routes(exchange::Profiles& profiles, KeptExports& kept);

}  // namespace pf::api
