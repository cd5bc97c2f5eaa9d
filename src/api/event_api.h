// What changes, as it changes: server-sent events.
#pragma once

#include "api/event_streams.h"
#include "gate/route.h"

namespace pf::api {

std::vector<gate::Row> event_routes(EventStreams& streams);

}  // namespace pf::api
