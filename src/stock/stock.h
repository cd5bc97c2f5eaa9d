// How many pieces there are and whose they are. Every function joins the caller's unit of work, so the last piece is
// given once, whatever races. Any thread (inside Store::write).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/actor.h"
#include "events/events.h"
#include "productflow/clock.h"
#include "productflow/result.h"
#include "storage/store.h"

namespace pf::stock {

inline constexpr std::uint64_t kShortagesLooked = 100'000;  // about 30 ms of walking

struct Level {
  std::int64_t on_hand = 0;    // pieces in the house, never below zero
  std::int64_t allocated = 0;  // promised to orders and still in the house, never above on_hand
  std::int64_t available() const { return on_hand - allocated; }
  friend bool operator==(const Level&, const Level&) = default;
};

class Stock {
 public:
  static std::vector<storage::Family> families();  // "stock"
  // `events` null: changes are told to nobody.
  Stock(storage::Store& store, const Clock& clock, events::Events* events = nullptr);
  Result<Level> level(const storage::Reader& read, std::string_view sku) const;  // zeros for an unknown SKU
  // As many answers as SKUs, in one read.
  Result<std::vector<Level>> levels(const storage::Reader& read, std::span<const std::string> skus) const;
  // Gives as many of `wanted` as are available and returns that number; the rest is the caller's to backorder.
  Result<std::int64_t> allocate(storage::Write& work, std::string_view sku, std::int64_t wanted);
  Result<> release(storage::Write& work, std::string_view sku, std::int64_t pieces);  // allocated becomes available
  Result<> ship(storage::Write& work, std::string_view sku, std::int64_t pieces);     // allocated leaves the house
  // Pieces that came back into the house and can be sold again; `reason` stands in the ledger.
  Result<> restock(storage::Write& work, const access::Actor& by, std::string_view sku, std::int64_t pieces,
                   std::string_view reason);
  // What the seller counted or a file says is for sale: on_hand becomes available + what is allocated.
  Result<> set_available(storage::Write& work, const access::Actor& by, std::string_view sku, std::int64_t available);

  // What happened to a SKU, oldest first; the changes add up to its level.
  struct Movement {
    Time at{};
    std::string by, reason;
    std::int64_t on_hand = 0, allocated = 0;
  };
  Result<std::vector<Movement>> movements(const storage::Reader& read, std::string_view sku) const;
  // SKUs with a level, in order, from the first > `after`.
  Result<std::vector<std::pair<std::string, Level>>> list(const storage::Reader& read, std::string_view after,
                                                          std::size_t count) const;
  // How many SKUs have nothing for sale, and how many have something but less than `low_below`. Looks at the first
  // kShortagesLooked SKUs, so that a huge stock does not hold a page up.
  struct Shortages {
    std::uint64_t looked = 0, out = 0, low = 0;
  };
  Result<Shortages> shortages(const storage::Reader& read, std::int64_t low_below) const;

 private:
  Result<> move(storage::Write& work, std::string_view sku, std::int64_t on_hand, std::int64_t allocated,
                std::string_view by, std::string_view reason);
  const Clock& clock_;
  events::Events* const events_;
  storage::FamilyRef family_;
};

}  // namespace pf::stock
