// Pages of lists, the same for every resource: {"data", "meta", "links"}.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gate/route.h"

namespace pf::api {

// {"data":[...],"meta":{...},"links":{...}} around items that are JSON already. `extra` is put before the end:
// `,"facets":{...}`.
std::string list_answer(const gate::Call& call, const std::vector<std::string>& items, std::uint64_t total,
                        std::uint64_t per_page, std::uint64_t page, const std::string& next_cursor,
                        const std::string& extra = {});

}  // namespace pf::api
