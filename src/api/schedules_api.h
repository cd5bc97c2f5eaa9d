// Schedules over HTTP: files that are written and read by themselves.
#pragma once

#include <vector>

#include "gate/route.h"
#include "jobs/schedules.h"

namespace pf::api {

std::vector<gate::Row> schedule_routes(storage::Store& store, jobs::Schedules& schedules);

}  // namespace pf::api
