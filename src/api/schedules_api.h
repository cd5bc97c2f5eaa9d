// Schedules over HTTP: files that are written and read, and rules that are followed, by themselves.
#pragma once

#include <vector>

#include "access/access.h"
#include "gate/route.h"
#include "jobs/schedules.h"

namespace pf::api {

// `access`: whose shop's time zone is meant where none is named.
std::vector<gate::Row> schedule_routes(storage::Store& store, jobs::Schedules& schedules, const access::Access& access);

}  // namespace pf::api
