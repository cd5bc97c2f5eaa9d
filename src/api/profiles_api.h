// Export profiles, their feeds' addresses and the formats of channels over HTTP.
#pragma once

#include <vector>

#include "exchange/profiles.h"
#include "gate/route.h"

namespace pf::api {

std::vector<gate::Row> profile_routes(exchange::Profiles& profiles);

}  // namespace pf::api
