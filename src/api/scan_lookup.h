// Which products a scanned code is of. Only for the rows that take scans.
#pragma once

#include "api/order_answers.h"
#include "orders/fulfilment.h"

namespace pf::api {

// Fills in which products carry the scan's code, as far as the person may know them.
Result<> look_up_scan(const OrderRooms& rooms, const Call& call, orders::Scan& scan);

}  // namespace pf::api
