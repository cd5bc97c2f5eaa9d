// Counts requests per minute and caller. Any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "productflow/clock.h"

namespace pf::gate {

class Meter {
 public:
  struct Reading {
    std::uint32_t limit = 0, left = 0;
    std::int64_t seconds_to_reset = 60;
    bool over = false;
  };
  Reading count(const std::string& who, std::uint32_t limit, milliseconds since_boot) {
    const std::int64_t minute = since_boot.count() / 60'000;
    const std::lock_guard lock(mutex_);
    if (minute != minute_ ||
        counts_.size() > kCallersMax) {  // forgets everybody when the minute turns, so it stays small
      counts_.clear();
      minute_ = minute;
    }
    const std::uint32_t used = ++counts_[who];
    return {limit, used >= limit ? 0 : limit - used, 60 - (since_boot.count() / 1000) % 60, used > limit};
  }

 private:
  static constexpr std::size_t kCallersMax = 100'000;
  std::mutex mutex_;
  std::int64_t minute_ = -1;
  std::unordered_map<std::string, std::uint32_t> counts_;
};

}  // namespace pf::gate
