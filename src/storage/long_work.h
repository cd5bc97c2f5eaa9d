// Whose turn it is among those who hold a snapshot for long, and the purges that are not clean while one is held. First
// come, first served, so that nobody waits for ever. Only for this room.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace pf::storage {

class LongWork {
 public:
  // Units of one line may be prepared at once; a unit of another waits for them, which bounds what each must remember.
  void begin(const void* line) {
    Turn turn(*this);
    came_.wait(turn.lock, [&] { return turn.is_mine() && !alone_ && (working_ == 0 || line_ == line); });
    line_ = line;
    ++working_;
  }
  void end() {
    const std::lock_guard lock(mutex_);
    --working_;
    came_.notify_all();
  }
  // For a purge: std::lock_guard.
  void lock() {
    Turn turn(*this);
    came_.wait(turn.lock, [&] { return turn.is_mine() && !alone_ && working_ == 0; });
    alone_ = true;
  }
  void unlock() {
    const std::lock_guard lock(mutex_);
    alone_ = false;
    came_.notify_all();
  }

 private:
  struct Turn {
    explicit Turn(LongWork& w) : work(w), lock(w.mutex_), number(w.next_++) {}
    ~Turn() {
      ++work.served_;
      work.came_.notify_all();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    bool is_mine() const { return work.served_ == number; }
    LongWork& work;
    std::unique_lock<std::mutex> lock;
    const std::uint64_t number;
  };

  std::mutex mutex_;  // guards all below
  std::condition_variable came_;
  std::uint64_t next_ = 0, served_ = 0;
  std::uint32_t working_ = 0;
  const void* line_ = nullptr;
  bool alone_ = false;
};

}  // namespace pf::storage
