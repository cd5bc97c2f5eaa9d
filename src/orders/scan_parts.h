// What a scan is made of: looked at, counted in an order's lines, taken back. Shared by the work on one order and on a
// batch of them. Only for this room; every function works on an order that its caller's unit of work has read.
#pragma once

#include "orders/fulfilment.h"

namespace pf::orders {

Error scan_fault(const char* code, std::string message);  // of the field "code"
std::string called(const Line& line);                     // its title and SKU, for messages
Result<> workable(const Order& order);                    // conflict with why it may not be picked now
Result<> check_scan(const Scan& scan);
bool carries(const Line& line, const Scan& scan);  // whether the scanned code is this line's

// Counts the pieces as picked, or as not on their shelf, and gives the event's details, which hold all that undoing it
// needs. REQUIRES: there is room for them.
json::Value count_picked(Order& order, std::size_t line, const Scan& scan);
json::Value count_missing(Order& order, std::size_t line, const Scan& scan);

}  // namespace pf::orders
