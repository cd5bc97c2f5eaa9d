// Calls a function every so often from a thread of its own, until it goes. The house's only timer.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "productflow/clock.h"

namespace pf::app {

class Heartbeat {
 public:
  // `beat` must not throw; the next one starts `every` after the last has ended.
  Heartbeat(milliseconds every, std::function<void()> beat);
  ~Heartbeat();  // waits for a running beat
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::thread thread_;  // last: starts when the others are there
};

}  // namespace pf::app
