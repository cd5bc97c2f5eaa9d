// At which stock locations the pieces of a line are promised, and from where they left. Only for this room.
//
// A line keeps the shares of locations but the default one; what is allocated beyond them is promised there. So the
// shares never exceed what is allocated, and a shop with one location keeps none. A kit's pieces are those of its
// parts, each with shares of its own.
#pragma once

#include <optional>
#include <vector>

#include "orders/orders.h"

namespace pf::orders {

// The promised pieces of a line, or of a part of one, while some are taken off. The line's `allocated` is the caller's.
class Lying {
 public:
  explicit Lying(Line& line) : Lying(line.count.allocated, line.elsewhere) {}
  Lying(const Line& line, LinePart& part) : Lying(line.count.allocated * part.quantity, part.elsewhere) {}
  // What leaves first: what lies at `from`, if one is named; else at the default location and then in the order in
  // which it was promised.
  std::vector<stock::Share> take_to_ship(std::int64_t pieces, std::optional<stock::LocationId> from = std::nullopt);
  // What is given back first: what was promised last.
  std::vector<stock::Share> take_to_release(std::int64_t pieces);

 private:
  Lying(std::int64_t promised, std::vector<stock::Share>& elsewhere) : promised_(promised), elsewhere_(elsewhere) {}
  std::int64_t at_default() const;
  std::int64_t promised_;
  std::vector<stock::Share>& elsewhere_;
};

// What is promised and lies elsewhere; together with `allocated`, before or after.
void promise(std::vector<stock::Share>& elsewhere, const stock::Given& given);
// How many of `ready` pieces, or kits, are promised at that location.
std::int64_t ready_at(const Line& line, std::int64_t ready, stock::LocationId at);
// Remembers from where pieces left, and where those that come back belong: takes them off what left elsewhere first.
void remember_left(std::vector<stock::Share>& left_elsewhere, const std::vector<stock::Share>& pieces);
std::vector<stock::Share> take_back_to(std::vector<stock::Share>& left_elsewhere, std::int64_t pieces);
void add_share(std::vector<stock::Share>& shares, stock::LocationId location, std::int64_t pieces);

}  // namespace pf::orders
