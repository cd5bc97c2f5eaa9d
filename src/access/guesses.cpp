#include "access/guesses.h"

#include <algorithm>

namespace pf::access {

Result<bool> Guesses::count(const std::string& who, milliseconds since_boot) {
  const std::lock_guard lock(mutex_);
  if (failures_.size() >= kWhoMax && !failures_.contains(who))
    failures_.erase(std::ranges::min_element(failures_, {}, [](const auto& entry) { return entry.second.last; }));
  Failure& failure = failures_[who];
  if (since_boot < failure.open_at) {
    const auto seconds = (failure.open_at - since_boot).count() / 1000 + 1;
    return error(ErrorCode::too_many, "Too many failed attempts. Please wait " + std::to_string(seconds) + " seconds.");
  }
  if (since_boot - failure.last > pace_.forgiven_after) failure.count = 0;
  failure.last = since_boot;
  ++failure.count;
  if (failure.count < pace_.free_tries) return false;
  const int doublings = std::min(failure.count - pace_.free_tries, 10);
  failure.open_at = since_boot + std::min<milliseconds>(std::chrono::seconds{1} * (1 << doublings), pace_.wait_max);
  return failure.count == pace_.free_tries;
}

void Guesses::take_back(const std::string& who) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(who);
  if (found == failures_.end()) return;
  found->second.open_at = {};  // it had passed, or the try would not have begun
  if (--found->second.count <= 0) failures_.erase(found);
}

void Guesses::succeeded(const std::string& who) {
  const std::lock_guard lock(mutex_);
  failures_.erase(who);
}

}  // namespace pf::access
