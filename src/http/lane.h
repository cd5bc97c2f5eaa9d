// A queue with threads that empty it. Any thread.
//
// Waking a thread costs more than a short task, so tasks that are short as a rule wait for a thread that is awake
// already: `enough` of those are kept, and whoever feeds the lane calls nudge() when nothing moved for kStallTime.
// Tasks that wait for a disk (Haste::now) get a thread each at once, so that they can wait together. Threads are made
// when all others are busy, up to a number; the queue's limit keeps memory bounded when that is reached.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "http/limits.h"

namespace pf::http {

enum class Haste { now, soon };

template <class Task>
class Lane {
 public:
  // `waiting_max`: how many tasks may wait for a thread. `enough`: awake threads that tasks with Haste::soon wait for.
  Lane(unsigned threads_max, std::size_t waiting_max, unsigned enough, std::function<void(Task)> work)
      : threads_max_(threads_max), waiting_max_(waiting_max), enough_(enough), work_(std::move(work)) {}
  ~Lane() { stop(); }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // Takes the task, or leaves it with the caller when the lane is full or ends.
  bool push(Task& task, Haste haste = Haste::now) {
    const std::lock_guard lock(mutex_);
    if (stop_ || queue_.size() >= threads_max_ - busy_ + waiting_max_) return false;
    if (queue_.empty()) moved_ = std::chrono::steady_clock::now();
    queue_.push_back(std::move(task));
    if (haste == Haste::now || threads_.size() - asleep_ < enough_) wake_one();
    return true;
  }
  // Wakes another thread when tasks wait and none was taken for a while. True while tasks wait.
  bool nudge() {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) return false;
    if (const auto now = std::chrono::steady_clock::now(); now - moved_ >= kStallTime) {
      moved_ = now;
      wake_one();
    }
    return true;
  }
  void stop() {  // after what is queued
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    ready_.notify_all();
    for (std::thread& thread : threads_)
      if (thread.joinable()) thread.join();
  }

 private:
  void wake_one() {  // REQUIRES: mutex_
    if (asleep_ > 0) {
      --asleep_;
      ++woken_;
      ready_.notify_one();
    } else if (threads_.size() < threads_max_) {
      threads_.emplace_back([this] { run(); });
    }
  }
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      while (!queue_.empty()) {
        Task next = std::move(queue_.front());
        queue_.pop_front();
        moved_ = std::chrono::steady_clock::now();
        ++busy_;
        lock.unlock();
        work_(std::move(next));
        lock.lock();
        --busy_;
      }
      if (stop_) return;
      ++asleep_;
      ready_.wait(lock, [this] { return stop_ || woken_ > 0; });
      if (woken_ > 0)
        --woken_;
      else
        --asleep_;
    }
  }
  const unsigned threads_max_;
  const std::size_t waiting_max_;
  const unsigned enough_;
  const std::function<void(Task)> work_;
  std::mutex mutex_;
  std::condition_variable ready_;
  // Guarded by mutex_:
  std::deque<Task> queue_;
  std::vector<std::thread> threads_;
  std::size_t asleep_ = 0, woken_ = 0, busy_ = 0;  // woken: counted out of asleep, but has not run yet
  std::chrono::steady_clock::time_point moved_{};  // when a task was taken last
  bool stop_ = false;
};

}  // namespace pf::http
