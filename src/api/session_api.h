// Signing in and out, one's own factors and devices, over HTTP.
#pragma once

#include <vector>

#include "access/access.h"
#include "gate/route.h"

namespace pf::api {

std::vector<gate::Row> session_routes(access::Access& access, const Clock& clock);

}  // namespace pf::api
