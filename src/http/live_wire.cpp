#include "http/live_wire.h"

#include <cstdio>

#include "http/limits.h"

namespace pf::http {

void LiveQueue::push(std::shared_ptr<LiveWire> wire) {
  const std::lock_guard lock(mutex_);
  if (!wake_) return;
  ready_.push_back(std::move(wire));
  if (ready_.size() == 1) wake_();
}

std::vector<std::shared_ptr<LiveWire>> LiveQueue::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(ready_, {});
}

void LiveQueue::close() {
  const std::lock_guard lock(mutex_);
  wake_ = nullptr;
  ready_.clear();
}

void LiveWire::tell_door() {
  if (std::exchange(told_, true)) return;
  queue_->push(shared_from_this());
}

bool LiveWire::send(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (over_ || lost_) return false;
  if (bytes.empty()) return true;
  char size[32];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  pending_.append(size).append(bytes).append("\r\n");
  lost_ = pending_.size() + unsent_ > kLiveWaitingBytesMax;
  tell_door();
  return !lost_;
}

std::size_t LiveWire::waiting() const {
  const std::lock_guard lock(mutex_);
  return pending_.size() + unsent_;
}

void LiveWire::end() {
  const std::lock_guard lock(mutex_);
  if (over_ || lost_) return;
  over_ = true;
  pending_.append("0\r\n\r\n");
  tell_door();
}

LiveWire::Taken LiveWire::take() {
  const std::lock_guard lock(mutex_);
  told_ = false;
  unsent_ += pending_.size();
  return {std::exchange(pending_, {}), over_, lost_};
}

void LiveWire::note_unsent(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  unsent_ = bytes;
}

void LiveWire::lose() {
  const std::lock_guard lock(mutex_);
  lost_ = true;
  pending_.clear();
  unsent_ = 0;
}

}  // namespace pf::http
