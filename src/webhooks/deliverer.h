// Sends what is due: one thread plans, a few send, so that one slow receiver holds up nobody but itself. A hook has one
// message under way at a time. Ends within a moment; what was under way then is sent again after the next start.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "http/lane.h"
#include "http/outbound.h"
#include "webhooks/webhooks.h"

namespace pf::webhooks {

inline constexpr unsigned kSendersMax = 8;  // threads that wait for receivers

class Deliverer {
 public:
  using Send = std::function<Result<http::OutboundAnswer>(const http::Outbound&, const std::atomic<bool>& stop)>;
  Deliverer(storage::Store& store, events::Events& events, Webhooks& webhooks, const Clock& clock,
            Send send = http::post);
  ~Deliverer();
  Deliverer(const Deliverer&) = delete;
  Deliverer& operator=(const Deliverer&) = delete;
  void look_again();  // something may be due; any thread

 private:
  void run();
  milliseconds plan();  // how long nothing more is due
  void deliver(const Webhooks::Due& due);

  storage::Store& store_;
  events::Events& events_;
  Webhooks& webhooks_;
  const Clock& clock_;
  const Send send_;
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::condition_variable ready_;
  bool again_ = true;                // guarded by mutex_
  std::set<std::string> under_way_;  // ids of hooks; guarded by mutex_
  std::uint64_t listener_ = 0;
  http::Lane<Webhooks::Due> senders_;
  std::thread planner_;  // last: starts when the others are there
};

}  // namespace pf::webhooks
