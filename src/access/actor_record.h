// Who began work that goes on later, as the records of that work keep him: what he is called and who answers for him,
// never what he may, since that is what it is when the work goes on.
#pragma once

#include <string_view>

#include "access/actor.h"
#include "json/json.h"

namespace pf::access {

// Stored on disk: do not change. As members "by_kind", "by_id", "by_user", and the name as `name` says.
void put_actor(json::Value& record, const Actor& by, std::string_view name = "by_name");
Actor actor_in(const json::Value& record, std::string_view name = "by_name");

}  // namespace pf::access
