// Feeds at their addresses, outside of /api/v1: the token in the address is the whole right.
#pragma once

#include <vector>

#include "access/guesses.h"
#include "audit/audit.h"
#include "catalog/assets.h"
#include "exchange/profiles.h"
#include "gate/route.h"

namespace pf::api {

inline constexpr unsigned kFeedsAtOnce = 4;  // written for strangers; each takes a thread and a good part of a core

std::vector<gate::Row> feed_routes(exchange::Profiles& profiles, const catalog::Assets& assets, audit::Audit& audit,
                                   const Clock& clock);

}  // namespace pf::api
