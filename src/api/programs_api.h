// Programs' tokens and certificates over HTTP.
#pragma once

#include <filesystem>
#include <vector>

#include "access/access.h"
#include "gate/route.h"

namespace pf::api {

// `tls`: the folder of the appliance's authorities.
std::vector<gate::Row> programs_routes(access::Access& access, const std::filesystem::path& tls, const Clock& clock);

}  // namespace pf::api
