// Adds up again what reports say was sold, and mends what is wrong: a day at a time, in the background, while orders go
// on. One recount at a time; how far it is, and what it came to, is kept, so a restart goes on with it. Any thread.
//
//   running -> done | failed | cancelled        a restart: goes on, and `resumed` says so
//
// Stored on disk (family "jobs", beside imports.h and edits.h; do not change): "a" -> JSON of the latest recount, whose
// "format_version" is 1.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "audit/audit.h"
#include "orders/orders.h"

namespace pf::jobs {

struct Recount {
  std::string status{};  // empty: there was none
  std::string message{}, by{};
  bool resumed = false;
  std::uint64_t days = 0, orders = 0, mended = 0;  // so far; mended: sums of a day, a channel and a currency
  Time created_at{}, finished_at{};
  std::chrono::sys_days first{}, next{}, last{};  // of which days; `next` is where it is
  bool ended() const { return status != "running"; }
};

class Recounts {
 public:
  Recounts(storage::Store& store, orders::Orders& orders, audit::Audit& audit, const Clock& clock);
  ~Recounts();  // ends at the next day; goes on after the next start
  Recounts(const Recounts&) = delete;
  Recounts& operator=(const Recounts&) = delete;

  Result<Recount> start(const access::Actor& by);  // the one that is running, if one is
  Result<Recount> cancel();                        // the running one, if one is; what was mended stays
  Result<Recount> latest(const storage::Reader& read) const;

 private:
  void put(storage::Write& work, const Recount& recount) const;
  void run();
  Result<bool> step();  // whether more waits
  void end(const char* status, const std::string& message);

  storage::Store& store_;
  orders::Orders& orders_;
  audit::Audit& audit_;
  const Clock& clock_;
  const storage::FamilyRef family_;
  std::mutex mutex_;  // guards the three below
  bool asked_ = false, cancelled_ = false, stop_ = false;
  std::condition_variable wake_;
  std::thread worker_;  // last: starts when the others are there
};

}  // namespace pf::jobs
