#include "orders/line_places.h"

#include <algorithm>

namespace pf::orders {
namespace {

// Up to `wanted` pieces of the share at `at`; removes a share that is empty.
std::int64_t take_share(std::vector<stock::Share>& shares, std::size_t at, std::int64_t wanted) {
  const std::int64_t taken = std::min(wanted, shares[at].pieces);
  shares[at].pieces -= taken;
  if (shares[at].pieces == 0) shares.erase(shares.begin() + static_cast<std::ptrdiff_t>(at));
  return taken;
}
std::int64_t at_default(const Line& line) {
  std::int64_t rest = line.count.allocated;
  for (const stock::Share& share : line.elsewhere) rest -= share.pieces;
  return rest;
}

}  // namespace

void add_share(std::vector<stock::Share>& shares, stock::LocationId location, std::int64_t pieces) {
  if (pieces == 0) return;
  const auto there = std::ranges::find(shares, location, &stock::Share::location);
  if (there == shares.end())
    shares.push_back({location, pieces});
  else
    there->pieces += pieces;
}

std::vector<stock::Share> promised_at(const Line& line) {
  std::vector<stock::Share> all;
  add_share(all, stock::kDefaultLocation, at_default(line));
  all.insert(all.end(), line.elsewhere.begin(), line.elsewhere.end());
  return all;
}

void promise(Line& line, const stock::Given& given) {
  for (const stock::Share& share : given.elsewhere) add_share(line.elsewhere, share.location, share.pieces);
}

std::vector<stock::Share> take_to_ship(Line& line, std::int64_t pieces, std::optional<stock::LocationId> from) {
  std::vector<stock::Share> taken;
  std::int64_t rest_here = at_default(line);
  const auto take_at = [&](stock::LocationId location) {
    if (location == stock::kDefaultLocation) {
      const std::int64_t here = std::min(pieces, rest_here);
      rest_here -= here;
      add_share(taken, location, here);
      pieces -= here;
      return;
    }
    const auto share = std::ranges::find(line.elsewhere, location, &stock::Share::location);
    if (share == line.elsewhere.end()) return;
    const std::int64_t there =
        take_share(line.elsewhere, static_cast<std::size_t>(share - line.elsewhere.begin()), pieces);
    add_share(taken, location, there);
    pieces -= there;
  };
  if (from) take_at(*from);
  take_at(stock::kDefaultLocation);
  while (pieces > 0 && !line.elsewhere.empty()) take_at(line.elsewhere.front().location);
  return taken;
}

std::vector<stock::Share> take_to_release(Line& line, std::int64_t pieces) {
  std::vector<stock::Share> taken;
  while (pieces > 0 && !line.elsewhere.empty()) {
    const stock::LocationId location = line.elsewhere.back().location;
    const std::int64_t there = take_share(line.elsewhere, line.elsewhere.size() - 1, pieces);
    add_share(taken, location, there);
    pieces -= there;
  }
  add_share(taken, stock::kDefaultLocation, pieces);
  return taken;
}

void remember_left(Line& line, const std::vector<stock::Share>& pieces) {
  for (const stock::Share& share : pieces)
    if (share.location != stock::kDefaultLocation) add_share(line.left_elsewhere, share.location, share.pieces);
}

std::vector<stock::Share> take_back_to(Line& line, std::int64_t pieces) {
  std::vector<stock::Share> taken;
  while (pieces > 0 && !line.left_elsewhere.empty()) {
    const stock::LocationId location = line.left_elsewhere.front().location;
    const std::int64_t there = take_share(line.left_elsewhere, 0, pieces);
    add_share(taken, location, there);
    pieces -= there;
  }
  add_share(taken, stock::kDefaultLocation, pieces);
  return taken;
}

}  // namespace pf::orders
