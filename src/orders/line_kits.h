// A kit's line: its counters are in kits, its parts' in pieces. Only for this room.
#pragma once

#include <string>
#include <vector>

#include "orders/orders.h"

namespace pf::orders {

// Kits of which nobody has touched a piece, those that leave later too.
std::int64_t untouched(const Line& line);
// Works `picked` and `missing` out of the parts. REQUIRES: it is a kit.
void settle_kit(Line& line);
// Brings what is picked, missing, for later and laid of a kit back within what is allocated; not what is packed.
void fit_kit(Line& line);
// Pieces leave with a parcel: those that were taken from the shelf first. After `packed` was lowered for them.
void leave_shelf(Line& line, std::int64_t count);
// The SKUs whose stock it takes from, and that it waits for.
std::vector<std::string> stock_skus(const Line& line);
bool takes_from(const Line& line, std::string_view sku);

}  // namespace pf::orders
