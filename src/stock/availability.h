// How many pieces of each product are for sale, by its document, for lists that are sorted by it. Held in memory and
// brought up to date by the events that every change of stock writes in its own unit of work, so an order costs nothing
// for it. Any thread.
#pragma once

#include <memory>
#include <mutex>

#include "catalog/products.h"
#include "events/following.h"
#include "search/index.h"
#include "stock/stock.h"

namespace pf::stock {

// Events behind which everything is read anew instead: some 300,000 levels, a second's work either way.
inline constexpr std::uint64_t kEventsFollowedMax = 3'000;

class Availability {
 public:
  Availability(storage::Store& store, const Stock& stock, const catalog::Products& products,
               const events::Events& events);

  // As of this reader, or of a later one. The first call walks all levels (a second a million).
  Result<std::shared_ptr<const search::Numbers>> numbers(const storage::Reader& read);

 private:
  Result<> read_all(const storage::Reader& read);
  Result<> follow(const storage::Reader& read, const events::News& news);

  const Stock& stock_;
  const catalog::Products& products_;
  const storage::FamilyRef family_;
  std::mutex mutex_;
  // Guarded by mutex_; none before the first call.
  events::Following following_;
  std::shared_ptr<const search::Numbers> numbers_{};
};

}  // namespace pf::stock
