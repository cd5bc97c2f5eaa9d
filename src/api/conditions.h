// What a list's address asks, in the words of the business rooms.
#pragma once

#include <vector>

#include "catalog/product_list.h"
#include "gate/list.h"

namespace pf::api {

std::vector<catalog::Condition> conditions(const gate::ListQuestion& question);
std::vector<catalog::SortKey> sort_keys(const gate::ListQuestion& question);

}  // namespace pf::api
