// Webhooks: hosts that may be sent to, hooks, deliveries.
#pragma once

#include "gate/route.h"
#include "webhooks/webhooks.h"

namespace pf::api {

std::vector<gate::Row> webhook_routes(storage::Store& store, webhooks::Webhooks& webhooks);

}  // namespace pf::api
