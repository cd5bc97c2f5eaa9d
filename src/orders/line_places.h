// At which stock locations the pieces of a line are promised, and from where they left. Only for this room.
//
// A line keeps the shares of locations but the default one; what is allocated beyond them is promised there. So the
// shares never exceed what is allocated, and a shop with one location keeps none. What a function takes off must be
// taken off `allocated` by its caller after it.
#pragma once

#include <optional>
#include <vector>

#include "orders/orders.h"

namespace pf::orders {

void promise(Line& line, const stock::Given& given);  // together with `allocated`, before or after
// What leaves first: what lies at `from`, if one is named; else at the default location and then in the order in which
// it was promised.
std::vector<stock::Share> take_to_ship(Line& line, std::int64_t pieces,
                                       std::optional<stock::LocationId> from = std::nullopt);
// What is given back first: what was promised last.
std::vector<stock::Share> take_to_release(Line& line, std::int64_t pieces);
// Remembers from where pieces left, and where those that come back belong: takes them off what left elsewhere first.
void remember_left(Line& line, const std::vector<stock::Share>& pieces);
std::vector<stock::Share> take_back_to(Line& line, std::int64_t pieces);
void add_share(std::vector<stock::Share>& shares, stock::LocationId location, std::int64_t pieces);

}  // namespace pf::orders
