#include "app/heartbeat.h"

namespace pf::app {

Heartbeat::Heartbeat(milliseconds every, std::function<void()> beat)
    : thread_([this, every, work = std::move(beat)] {
        std::unique_lock lock(mutex_);
        while (!stopped_.wait_for(lock, every, [this] { return stop_; })) {
          lock.unlock();
          work();
          lock.lock();
        }
      }) {}

Heartbeat::~Heartbeat() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

}  // namespace pf::app
