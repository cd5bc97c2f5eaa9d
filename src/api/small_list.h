// Lists that are whole in memory, some thousand items at most: people, programs, languages. They are asked the same
// question as the long ones (filters, q, sort, fields, page or cursor); only that all items come when no page is asked
// for, as pages and scripts want of them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/route.h"
#include "json/json.h"

namespace pf::api {

// `items`: an array of objects. Columns are what any of them has; nothing is known of an empty list, so nothing is
// refused then. Names and operators that do not fit are refused by name. `parameters`: what the caller reads by itself.
Result<gate::Answer> small_list(const gate::Call& call, json::Value items,
                                std::vector<std::string_view> parameters = {});
// For the row.
std::vector<std::pair<std::string, std::string>> small_list_parameters();

}  // namespace pf::api
