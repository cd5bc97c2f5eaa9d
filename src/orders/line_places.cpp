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
}  // namespace

void add_share(std::vector<stock::Share>& shares, stock::LocationId location, std::int64_t pieces) {
  if (pieces == 0) return;
  const auto there = std::ranges::find(shares, location, &stock::Share::location);
  if (there == shares.end())
    shares.push_back({location, pieces});
  else
    there->pieces += pieces;
}

namespace {
std::vector<stock::Share> shares_of(std::int64_t promised, const std::vector<stock::Share>& elsewhere) {
  std::int64_t rest = promised;
  for (const stock::Share& share : elsewhere) rest -= share.pieces;
  std::vector<stock::Share> all;
  add_share(all, stock::kDefaultLocation, rest);
  all.insert(all.end(), elsewhere.begin(), elsewhere.end());
  return all;
}
}  // namespace

std::vector<stock::Share> promised_at(const Line& line) {
  return line.parts.empty() ? shares_of(line.count.allocated, line.elsewhere) : std::vector<stock::Share>();
}
std::vector<stock::Share> promised_at(const Line& line, const LinePart& part) {
  return shares_of(line.count.allocated * part.quantity, part.elsewhere);
}

void promise(std::vector<stock::Share>& elsewhere, const stock::Given& given) {
  for (const stock::Share& share : given.elsewhere) add_share(elsewhere, share.location, share.pieces);
}

std::int64_t Lying::at_default() const {
  std::int64_t rest = promised_;
  for (const stock::Share& share : elsewhere_) rest -= share.pieces;
  return rest;
}

std::vector<stock::Share> Lying::take_to_ship(std::int64_t pieces, std::optional<stock::LocationId> from) {
  std::vector<stock::Share> taken;
  std::int64_t rest_here = at_default();
  promised_ -= pieces;
  const auto take_at = [&](stock::LocationId location) {
    if (location == stock::kDefaultLocation) {
      const std::int64_t here = std::min(pieces, rest_here);
      rest_here -= here;
      add_share(taken, location, here);
      pieces -= here;
      return;
    }
    const auto share = std::ranges::find(elsewhere_, location, &stock::Share::location);
    if (share == elsewhere_.end()) return;
    const std::int64_t there = take_share(elsewhere_, static_cast<std::size_t>(share - elsewhere_.begin()), pieces);
    add_share(taken, location, there);
    pieces -= there;
  };
  if (from) take_at(*from);
  take_at(stock::kDefaultLocation);
  while (pieces > 0 && !elsewhere_.empty()) take_at(elsewhere_.front().location);
  return taken;
}

std::vector<stock::Share> Lying::take_to_release(std::int64_t pieces) {
  std::vector<stock::Share> taken;
  promised_ -= pieces;
  while (pieces > 0 && !elsewhere_.empty()) {
    const stock::LocationId location = elsewhere_.back().location;
    const std::int64_t there = take_share(elsewhere_, elsewhere_.size() - 1, pieces);
    add_share(taken, location, there);
    pieces -= there;
  }
  add_share(taken, stock::kDefaultLocation, pieces);
  return taken;
}

std::int64_t ready_at(const Line& line, std::int64_t ready, stock::LocationId at) {
  const auto there = [&](const std::vector<stock::Share>& shares) {
    const auto share = std::ranges::find(shares, at, &stock::Share::location);
    return share == shares.end() ? 0 : share->pieces;
  };
  if (line.parts.empty()) return std::min(ready, there(promised_at(line)));
  for (const LinePart& part : line.parts) ready = std::min(ready, there(promised_at(line, part)) / part.quantity);
  return ready;
}

void remember_left(std::vector<stock::Share>& left_elsewhere, const std::vector<stock::Share>& pieces) {
  for (const stock::Share& share : pieces)
    if (share.location != stock::kDefaultLocation) add_share(left_elsewhere, share.location, share.pieces);
}

std::vector<stock::Share> take_back_to(std::vector<stock::Share>& left_elsewhere, std::int64_t pieces) {
  std::vector<stock::Share> taken;
  while (pieces > 0 && !left_elsewhere.empty()) {
    const stock::LocationId location = left_elsewhere.front().location;
    const std::int64_t there = take_share(left_elsewhere, 0, pieces);
    add_share(taken, location, there);
    pieces -= there;
  }
  add_share(taken, stock::kDefaultLocation, pieces);
  return taken;
}

}  // namespace pf::orders
