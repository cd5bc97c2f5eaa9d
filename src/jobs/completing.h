// Brings products up to date in the background: their completeness after a family, a channel or the shop's languages
// changed, and variants of a parent with so many that they could not follow it in its own unit of work. Some hundred
// products a unit of work, so that others write between. What waits is marked in the store, so it goes on after a
// restart. Any thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "catalog/products.h"

namespace pf::jobs {

// Of one unit of work: some milliseconds, or some dozens where variants have much to inherit.
inline constexpr std::size_t kCompletedAtOnce = 250;

class Completing {
 public:
  Completing(storage::Store& store, catalog::Products& products);
  ~Completing();  // ends at the next unit of work
  Completing(const Completing&) = delete;
  Completing& operator=(const Completing&) = delete;

 private:
  void run();

  storage::Store& store_;
  catalog::Products& products_;
  std::mutex mutex_;  // guards the two below
  bool asked_ = true, stop_ = false;
  std::condition_variable wake_;
  std::thread worker_;  // last: starts when the others are there
};

}  // namespace pf::jobs
