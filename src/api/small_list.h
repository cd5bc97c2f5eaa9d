// Lists that are whole in memory, some thousand items at most: people, programs, languages. They are asked the same
// question as the long ones (filters, q, sort, fields, page or cursor); only that all items come when no page is asked
// for, as pages and scripts want of them.
#pragma once

#include "gate/route.h"
#include "json/json.h"

namespace pf::api {

// `items`: an array of objects of one shape. Columns are what they have; nothing is known of an empty list, so nothing
// is refused then. Names and operators that do not fit are refused by name.
Result<gate::Answer> small_list(const gate::Call& call, json::Value items);
// For the row.
std::vector<std::pair<std::string, std::string>> small_list_parameters();

}  // namespace pf::api
