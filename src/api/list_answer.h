// Pages of lists, the same for every resource: {"data", "meta", "links"}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/route.h"

namespace pf::api {

// {"data":[...],"meta":{...},"links":{...}} around items that are JSON already. `extra` is put before the end:
// `,"facets":{...}`.
std::string list_answer(const gate::Call& call, const std::vector<std::string>& items, std::uint64_t total,
                        std::uint64_t per_page, std::uint64_t page, const std::string& next_cursor,
                        const std::string& extra = {});

// What was asked for of an item by `fields`; all without. Invalid names the field, and `what` the item: "An order".
Result<json::Value> with_fields(json::Value whole, const std::vector<std::string>& fields, std::string_view what);
using FacetCounts = std::vector<std::pair<std::string, std::uint64_t>>;
// `,"facets":{"status":{"open":3}}` for list_answer(); nothing without facets.
std::string facets_extra(const std::vector<std::pair<std::string_view, const FacetCounts*>>& facets);

}  // namespace pf::api
