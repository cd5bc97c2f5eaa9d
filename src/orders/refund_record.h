// A refund as it is stored. Only for this room.
#pragma once

#include "orders/refund.h"

namespace pf::orders {

std::string write_refund(const Refund& refund);
Result<Refund> read_refund(std::uint32_t number, std::string_view record);

}  // namespace pf::orders
