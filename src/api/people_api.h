// People, roles and the sign-in policy over HTTP.
#pragma once

#include <vector>

#include "access/access.h"
#include "gate/route.h"

namespace pf::api {

std::vector<gate::Row> people_routes(access::Access& access);

json::Value person_value(const access::Account& account);

}  // namespace pf::api
