// What is between somebody who has something to say on an open answer, in any thread, and the door, which alone writes
// to the connection. Only for this room.
//
// A wire outlives its connection and the door as long as somebody holds it; then nobody reads any more.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/message.h"

namespace pf::http {

class LiveWire;

// The wires that have something for the door. Any thread.
class LiveQueue {
 public:
  explicit LiveQueue(std::function<void()> wake) : wake_(std::move(wake)) {}
  void push(std::shared_ptr<LiveWire> wire);
  std::vector<std::shared_ptr<LiveWire>> take();
  void close();  // nobody is woken afterwards

 private:
  std::mutex mutex_;
  std::function<void()> wake_;                    // guarded by mutex_; empty once closed
  std::vector<std::shared_ptr<LiveWire>> ready_;  // guarded by mutex_
};

class LiveWire final : public Live, public std::enable_shared_from_this<LiveWire> {
 public:
  LiveWire(int socket, std::shared_ptr<LiveQueue> queue) : socket_(socket), queue_(std::move(queue)) {}

  bool send(std::string_view bytes) override;
  std::size_t waiting() const override;
  void end() override;

  // For the door: what is to be written now, in chunks (RFC 9112 section 7.1).
  struct Taken {
    std::string bytes{};
    bool over = false;  // nothing comes behind it
    bool lost = false;  // the reader was too slow
  };
  Taken take();
  void note_unsent(std::size_t bytes);  // of what was taken
  void lose();                          // the connection is gone
  int socket() const { return socket_; }

 private:
  void tell_door();  // REQUIRES: mutex_

  const int socket_;
  const std::shared_ptr<LiveQueue> queue_;
  mutable std::mutex mutex_;
  // Guarded by mutex_:
  std::string pending_;
  std::size_t unsent_ = 0;
  bool told_ = false, over_ = false, lost_ = false;
};

}  // namespace pf::http
