// How many pieces of each product are for sale, by its document, for lists that are sorted by it. Held in memory and
// brought up to date by the events that every change of stock writes in its own unit of work, so an order costs nothing
// for it. Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "catalog/products.h"
#include "events/events.h"
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
  Result<> follow(const storage::Reader& read, std::uint64_t last);

  const Stock& stock_;
  const catalog::Products& products_;
  const events::Events& events_;
  const storage::FamilyRef family_;
  std::mutex mutex_;
  // Guarded by mutex_; none before the first call. As of the event of that number, and of locations that say so.
  std::shared_ptr<const search::Numbers> numbers_{};
  std::uint64_t event_ = 0;
  std::string locations_{};
};

}  // namespace pf::stock
