// A queue with threads that empty it. Threads are made when all others are busy, up to a number; the queue's limit
// keeps memory bounded when that is reached. Any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "http/limits.h"

namespace pf::http {

template <class Task>
class Lane {
 public:
  // `waiting_max`: how many tasks may wait for a thread.
  Lane(unsigned threads_max, std::size_t waiting_max, std::function<void(Task)> work)
      : threads_max_(threads_max), waiting_max_(waiting_max), work_(std::move(work)) {}
  ~Lane() { stop(); }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // Takes the task, or leaves it with the caller when the lane is full or ends.
  bool push(Task& task) {
    {
      const std::lock_guard lock(mutex_);
      const std::size_t free = idle_ + (threads_max_ - threads_.size());
      if (stop_ || queue_.size() >= free + waiting_max_) return false;
      queue_.push_back(std::move(task));
      if (queue_.size() > idle_ && threads_.size() < threads_max_) threads_.emplace_back([this] { run(); });
    }
    ready_.notify_one();
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
  void run() {
    for (;;) {
      std::unique_lock lock(mutex_);
      ++idle_;
      ready_.wait(lock, [this] { return stop_ || !queue_.empty(); });
      --idle_;
      if (queue_.empty()) return;
      Task next = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      work_(std::move(next));
    }
  }
  const unsigned threads_max_;
  const std::size_t waiting_max_;
  const std::function<void(Task)> work_;
  std::mutex mutex_;
  std::condition_variable ready_;
  // Guarded by mutex_:
  std::deque<Task> queue_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool stop_ = false;
};

}  // namespace pf::http
