// The audit log over HTTP: reading, searching, checking.
#pragma once

#include <vector>

#include "audit/checkpoints.h"
#include "gate/route.h"

namespace pf::api {

std::vector<gate::Row> audit_routes(storage::Store& store, audit::Audit& audit, audit::Checkpoints& checkpoints);

}  // namespace pf::api
