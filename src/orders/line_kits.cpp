// What a line takes from the stock, whether it is one product or a kit of several.
//
// 1. A kit is exploded when its line is first allocated; what it is made of then stays with the line as long as any of
// it
//    is promised or has left, whatever becomes of the kit in the catalogue.
// 2. Only whole kits are promised: of each part, allocated * quantity pieces.
#include "orders/line_kits.h"

#include <algorithm>

#include "orders/line_places.h"

namespace pf::orders {

LineCounters counters_of(const Line& line, const LinePart& part) {
  const std::int64_t of_one = part.quantity;
  return {.ordered = line.count.ordered * of_one,
          .allocated = line.count.allocated * of_one,
          .picked = part.picked,
          .missing = part.missing,
          .packed = line.count.packed * of_one + part.laid,
          .later = line.count.later * of_one};
}

std::int64_t to_pick_of(const Line& line, const LinePart& part) {
  const std::int64_t whole = line.count.allocated - line.count.later - line.count.missing;
  return std::max<std::int64_t>(whole * part.quantity - part.picked, 0);
}

std::int64_t untouched(const Line& line) {
  std::int64_t touched = line.count.picked + line.count.missing;
  for (const LinePart& part : line.parts)
    touched = std::max(touched, (part.picked + part.missing + part.quantity - 1) / part.quantity);
  return line.count.allocated - touched;
}

void settle_kit(Line& line) {
  std::int64_t picked = INT64_MAX, missing = 0;
  for (const LinePart& part : line.parts) {
    picked = std::min(picked, part.picked / part.quantity);
    missing = std::max(missing, (part.missing + part.quantity - 1) / part.quantity);
  }
  line.count.picked = picked;
  line.count.missing = missing;
}

void fit_kit(Line& line) {
  const std::int64_t allocated = line.count.allocated;
  for (LinePart& part : line.parts) {
    part.picked = std::min(part.picked, allocated * part.quantity);
    part.missing = std::min(part.missing, allocated * part.quantity - part.picked);
  }
  settle_kit(line);
  line.count.later = std::min(line.count.later, untouched(line));
}

void leave_shelf(Line& line, std::int64_t count) {
  for (LinePart& part : line.parts) {
    part.picked -= std::min(count * part.quantity, part.picked - line.count.packed * part.quantity);
    part.laid = std::min(part.laid, part.picked - line.count.packed * part.quantity);
  }
  if (line.parts.empty()) line.count.picked -= std::min(count, line.count.picked - line.count.packed);
}

std::vector<std::string> stock_skus(const Line& line) {
  std::vector<std::string> all;
  if (!line.sku.empty()) all.push_back(line.sku);
  for (const LinePart& part : line.parts) all.push_back(part.sku);
  return all;
}

bool takes_from(const Line& line, std::string_view sku) {
  return line.sku == sku || std::ranges::find(line.parts, sku, &LinePart::sku) != line.parts.end();
}

Result<std::int64_t> Orders::give(storage::Write& work, Line& line, std::int64_t wanted,
                                  std::optional<stock::LocationId> prefer) {
  if (line.parts.empty() || (line.count.allocated == 0 && line.count.shipped == 0)) {
    PF_LET(const auto given, stock_.allocate(work, line.sku, wanted, prefer));
    line.parts.clear();
    if (!given.kit) {
      promise(line.elsewhere, given);
      return given.pieces;
    }
    PF_LET(const auto parts, stock_.parts(work, line.sku));
    for (const stock::Part& part : parts) line.parts.push_back({.sku = part.sku, .quantity = part.quantity});
  }
  std::vector<stock::Part> parts;
  for (const LinePart& part : line.parts) parts.push_back({part.sku, part.quantity});
  PF_LET(const auto given, stock_.allocate_kits(work, parts, wanted, prefer));
  for (std::size_t i = 0; i < line.parts.size(); ++i) promise(line.parts[i].elsewhere, given.parts[i]);
  return given.kits;
}

Result<> Orders::give_back(storage::Write& work, Line& line, std::int64_t pieces) {
  if (line.parts.empty()) PF_TRY(stock_.release(work, line.sku, Lying(line).take_to_release(pieces)));
  for (LinePart& part : line.parts)
    PF_TRY(stock_.release(work, part.sku, Lying(line, part).take_to_release(pieces * part.quantity)));
  line.count.allocated -= pieces;
  return {};
}

Result<std::vector<stock::Share>> Orders::send_off(storage::Write& work, Line& line, std::int64_t pieces,
                                                   std::optional<stock::LocationId> from) {
  std::vector<stock::Share> shares;
  if (line.parts.empty()) {
    shares = Lying(line).take_to_ship(pieces, from);
    PF_TRY(stock_.ship(work, line.sku, shares));
    remember_left(line.left_elsewhere, shares);
  }
  for (LinePart& part : line.parts) {
    const auto of_part = Lying(line, part).take_to_ship(pieces * part.quantity, from);
    PF_TRY(stock_.ship(work, part.sku, of_part));
    remember_left(part.left_elsewhere, of_part);
  }
  line.count.allocated -= pieces;
  return shares;
}

}  // namespace pf::orders
