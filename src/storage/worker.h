// A thread of its own for what goes on beside its owner, one task at a time. It lives as long as its owner: an
// allocator keeps what a thread let go for its next task, and a thread a task would give all of it back each time,
// which was a twentieth of an import's processor time.
#pragma once

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "productflow/result.h"

namespace pf::storage {

class Worker {
 public:
  using Task = std::packaged_task<Result<>()>;
  Worker() = default;
  ~Worker();  // waits for the task that was given last
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // REQUIRES: the task before this one has ended. What the task throws, the future does.
  std::future<Result<>> run(Task task);

 private:
  void work();
  std::mutex mutex_{};
  std::condition_variable wake_{};
  Task task_{};  // given and not yet begun
  bool stop_ = false;
  std::thread thread_{};  // begins with the first task
};

}  // namespace pf::storage
