// What a scan is made of: looked at, counted in an order's lines, taken back. Shared by the work on one order and on a
// batch of them. Only for this room; every function works on an order that its caller's unit of work has read.
#pragma once

#include <algorithm>

#include "orders/fulfilment.h"
#include "orders/line_kits.h"

namespace pf::orders {

Error scan_fault(const char* code, std::string message);  // of the field "code"
std::string called(const Line& line);                     // its title and SKU, for messages
Result<> workable(const Order& order);                    // conflict with why it may not be picked now
Result<> check_scan(const Scan& scan);
bool carries(const Line& line, const Scan& scan);  // whether the scanned code is this line's own

// What a scan is of: a line, or a part of a kit's; of a kit without a part, every part of whole kits.
struct Target {
  std::size_t line = 0;
  std::optional<std::size_t> part{};
};
std::string called(const Order& order, const Target& target);
const std::string& sku_of(const Order& order, const Target& target);
// Everything in an order that the scanned code, or the line and part that somebody chose, may be.
std::vector<Target> targets_of(const Order& order, const Scan& scan);
// How many pieces of it `room` allows by their counters; of a kit, kits.
template <class Room>
std::int64_t room_at(const Line& line, const std::optional<std::size_t>& part, Room&& room) {
  if (part) return room(counters_of(line, line.parts[*part]));
  if (line.parts.empty()) return room(line.count);
  std::int64_t least = INT64_MAX;
  for (const LinePart& one : line.parts) least = std::min(least, room(counters_of(line, one)) / one.quantity);
  return least;
}

// Counts the pieces as picked, or as not on their shelf, and gives the event's details, which hold all that undoing it
// needs. REQUIRES: there is room for them.
json::Value count_picked(Order& order, const Target& target, const Scan& scan);
json::Value count_missing(Order& order, const Target& target, const Scan& scan);

}  // namespace pf::orders
