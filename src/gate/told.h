// What was told within the last hour, so that it is not told again. Any thread; memory is bounded.
#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <unordered_map>

#include "productflow/clock.h"

namespace pf::gate {

class Told {
 public:
  static constexpr std::chrono::hours kEvery{1};
  static constexpr std::size_t kMax = 1'000;
  // True when `what` is to be told now.
  bool first(const std::string& what, milliseconds since_boot) {
    const std::lock_guard lock(mutex_);
    std::erase_if(at_, [&](const auto& entry) { return since_boot - entry.second >= kEvery; });
    // A thousand different ones in an hour say enough.
    return at_.size() < kMax && at_.try_emplace(what, since_boot).second;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, milliseconds> at_;
};

}  // namespace pf::gate
