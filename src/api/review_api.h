// The quarter's access review over HTTP.
#pragma once

#include <vector>

#include "access/access.h"
#include "audit/checkpoints.h"
#include "gate/route.h"

namespace pf::api {

std::vector<gate::Row> review_routes(access::Access& access, const audit::Checkpoints& checkpoints, const Clock& clock);

}  // namespace pf::api
