// Adds up again what reports say was sold, and mends what is wrong: a day a step (orders::Orders::recount_sales).
#pragma once

#include "jobs/maintenance.h"
#include "orders/orders.h"

namespace pf::jobs {

// Counts days, orders, and mended: sums of a day, a channel and a currency.
MaintenanceTask sales_recount(storage::Store& store, orders::Orders& orders);

}  // namespace pf::jobs
