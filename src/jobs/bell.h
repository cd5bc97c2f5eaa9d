// Whoever waits for a job's end is told, and looks again only then. Any thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>

namespace pf::jobs {

class Bell {
 public:
  void ring() {
    {
      const std::lock_guard lock(mutex_);
      ++rung_;
    }
    heard_.notify_all();
  }
  // Returns when `so` answers true; it is asked at once, and whenever the bell rings.
  void wait_until(const std::function<bool()>& so) {
    std::unique_lock lock(mutex_);
    for (;;) {
      const std::uint64_t before = rung_;
      lock.unlock();
      if (so()) return;
      lock.lock();
      heard_.wait(lock, [&] { return rung_ != before; });
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable heard_;
  std::uint64_t rung_ = 0;  // guarded by mutex_
};

}  // namespace pf::jobs
