// A return as it is stored, and what it contributes to the index. Only for this room.
#pragma once

#include "orders/return.h"
#include "search/index.h"

namespace pf::orders {

std::string write_return(const Return& ret);
Result<Return> read_return(ReturnId id, std::string_view record);
search::Entry index_entry(const Return& ret);

}  // namespace pf::orders
