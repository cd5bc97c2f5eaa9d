// The epoll thread of the server: everything that waits for a peer. Requests that are whole leave it by `hand_over`,
// and connections come back by give_back().
//
// Handing a request to another thread costs more than most reads, so the epoll thread answers one read of each round by
// itself. It has a deputy: when an answer takes longer than kStallTime, the deputy leads on, and who answered becomes
// the deputy. So nobody ever waits for more than a moment because somebody asked for something long.
//
// Invariants
//  1. A Connection belongs to exactly one of: `waiting_` (the epoll thread), a lane, `returned_`, or the thread that
//     answers it.
//  2. Only the leader adds, removes and times waiting connections. It is the leader until a deputy takes over by
//     changing `task_`, which is possible only while the leader answers; then it touches nothing of the leader's.
//  3. Whoever has something for an open answer puts it on its wire (live_wire.h); only the leader takes it from there.
//  4. A connection that comes back only to wait for its next request is watched again by who brings it, together with
//     joining `returned_`: the epoll thread is not woken for it, and finds it there when its next event comes.
#pragma once

#include <atomic>
#include <condition_variable>
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
  struct Ways {
    // Takes a whole request (or one with a large body to come), or leaves it when nobody has time.
    std::function<bool(Owned&)> hand_over;
    // Answers a whole request at once; null when the connection went elsewhere.
    std::function<Owned(Owned)> answer;
    // Called at least every kStallTime while it says that requests wait.
    std::function<bool()> nudge;
  };
  Door(const ServerOptions& options, Sockets sockets, TlsContext context, Engine& engine, Ways ways);
  ~Door();
  Result<> open();  // once, before run()
  void run();       // in two threads, a leader and a deputy: until end() and nothing is left to send
  void end();       // any thread
  // Any thread. Its stage says what is next: write, head, gone.
  void give_back(Owned connection);
  // For the wire of a connection whose answer stays open. Any thread.
  const std::shared_ptr<LiveQueue>& live_queue() const { return live_queue_; }
  Result<> reload_certificate();  // any thread
  bool ending() const { return ending_; }

  std::atomic<std::uint64_t> refused{0}, dropped{0};
  std::atomic<std::size_t> connections{0};

 private:
  bool lead();        // false: the deputy leads now
  bool stand_by();    // true: leads now; false: it is over
  bool answer_own();  // false: the deputy leads now
  void bring_back(Owned connection);
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
  void take_live();
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
  std::optional<Io> write_live(Connection& connection);
  std::optional<Io> drain(Connection& connection);
  void take_head(Connection& connection);
  void hand_over(Connection& connection);  // the connection is gone afterwards, or answers that nobody has time
  void refuse(Connection& connection, const Refusal& refusal);
  void answer(Connection& connection, Response response, const std::string& id);  // its last one

  const ServerOptions& options_;
  const Sockets sockets_;
  Engine& engine_;
  const Ways ways_;
  int epoll_ = -1, wake_ = -1;
  std::atomic<bool> ending_{false};

  std::mutex context_mutex_;
  TlsContext context_;  // guarded by context_mutex_

  const std::shared_ptr<LiveQueue> live_queue_;

  std::mutex returned_mutex_;
  std::vector<Owned> returned_;  // guarded by returned_mutex_

  // The leader and its deputy. `task_` is the number of the answer that the leader is busy with, or 0 while it waits.
  std::atomic<std::uint64_t> task_{0}, tasks_{0};
  std::atomic<bool> has_leader_{false}, deputy_stands_by_{false}, deputy_sleeps_{false}, over_{false};
  std::mutex deputy_mutex_;
  std::condition_variable deputy_;

  // Only the leader:
  Owned own_;  // the request of this round that it answers by itself
  std::unordered_map<int, Owned> waiting_;
  std::unordered_map<std::string, std::size_t> per_source_;
  std::size_t connections_max_ = 0, collected_bytes_ = 0, outgoing_bytes_ = 0, lent_ = 0;
  Moment context_made_{};
  bool closing_ = false;
  Moment closing_until_{};
};

}  // namespace pf::http
