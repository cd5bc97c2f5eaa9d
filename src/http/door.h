// The epoll thread of the server: everything that waits for a peer. Requests that are whole leave it by `hand_over`,
// and connections come back by give_back().
//
// Invariants
//  1. A Connection belongs to exactly one of: `waiting_` (the epoll thread), a lane, `returned_`.
//  2. Only the epoll thread adds, removes and times waiting connections.
//  3. A connection that comes back only to wait for its next request is watched again by who brings it, together with
//     joining `returned_`: the epoll thread is not woken for it, and finds it there when its next event comes.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "http/connection.h"
#include "http/engine.h"
#include "http/server.h"
#include "http/tls.h"

namespace pf::http {

using Owned = std::unique_ptr<Connection>;

class Door {
 public:
  struct Sockets {
    int listener = -1, admin_listener = -1;
  };
  // `hand_over` takes a whole request (or one with a large body to come), or leaves it when nobody has time. `nudge` is
  // called at least every kStallTime while it answers that requests wait.
  Door(const ServerOptions& options, Sockets sockets, TlsContext context, Engine& engine,
       std::function<bool(Owned&)> hand_over, std::function<bool()> nudge);
  ~Door();
  Result<> open();  // once, before run()
  void run();       // until end() and nothing is left to send
  void end();       // any thread
  // Any thread. Its stage says what is next: write, head, gone.
  void give_back(Owned connection);
  Result<> reload_certificate();  // any thread
  bool ending() const { return ending_; }

  std::atomic<std::uint64_t> refused{0}, dropped{0};
  std::atomic<std::size_t> connections{0};

 private:
  void watch(int socket, std::uint32_t events, bool first);
  void await(Connection& connection, Io io);
  void wake();
  void accept_all(int from);
  void add(Owned connection);
  Owned take(int socket);
  void drop(int socket);
  bool drop_longest_waiting(const std::function<bool(const Connection&)>& among);
  void sweep();
  void take_back();
  void sleep_again();  // after wake()
  void begin_ending();
  bool ended() const;

  void advance(int socket);
  // Each does one step; nothing: go on with the next, else what to wait for (closed: drop).
  std::optional<Io> peek(Connection& connection);
  std::optional<Io> shake_hands(Connection& connection);
  std::optional<Io> read_head(Connection& connection);
  std::optional<Io> read_body(Connection& connection);
  std::optional<Io> write(Connection& connection);
  std::optional<Io> drain(Connection& connection);
  void take_head(Connection& connection);
  void hand_over(Connection& connection);  // the connection is gone afterwards, or answers that nobody has time
  void refuse(Connection& connection, const Refusal& refusal);
  void answer(Connection& connection, Response response, const std::string& id);  // its last one

  const ServerOptions& options_;
  const Sockets sockets_;
  Engine& engine_;
  const std::function<bool(Owned&)> hand_over_;
  const std::function<bool()> nudge_;
  int epoll_ = -1, wake_ = -1;
  std::atomic<bool> ending_{false};

  std::mutex context_mutex_;
  TlsContext context_;  // guarded by context_mutex_

  std::mutex returned_mutex_;
  std::vector<Owned> returned_;  // guarded by returned_mutex_

  // Only the epoll thread:
  std::unordered_map<int, Owned> waiting_;
  std::unordered_map<std::string, std::size_t> per_source_;
  std::size_t connections_max_ = 0, collected_bytes_ = 0, outgoing_bytes_ = 0, lent_ = 0;
  Moment context_made_{};
  bool closing_ = false;
  Moment closing_until_{};
};

}  // namespace pf::http
