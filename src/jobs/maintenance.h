// Work on the whole shop that its owner asks for: it looks at what is kept, and mends what is wrong of it, step by
// step, in the background, while people go on. A task says what a step is; this frame starts it, keeps how far it is,
// cancels it, and goes on with it after a restart. One run of a task at a time; the latest is kept. Any thread.
//
//   running -> done | failed | cancelled        a restart: goes on, and `resumed` says so
//
// Stored on disk (family "jobs", beside imports.h and edits.h; do not change): the task's key -> JSON of its latest
// run, whose "format_version" is 1, with each of its numbers under the number's name.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "audit/audit.h"

namespace pf::jobs {

struct MaintenanceRun {
  std::string status{};  // empty: there was none
  std::string message{}, by{};
  std::string part{};  // of a task in parts: which one it is in, or ended in
  bool resumed = false;
  std::int64_t percent = 0;  // below 100 while it runs
  Time created_at{}, finished_at{};
  std::map<std::string, std::int64_t, std::less<>> numbers{};  // the task's own: what it counts, and where it is

  bool ended() const { return status != "running"; }
  std::int64_t number(std::string_view name) const {
    const auto found = numbers.find(name);
    return found == numbers.end() ? 0 : found->second;
  }
};

// What a step may ask of the frame.
struct MaintenanceWatch {
  std::function<bool(const MaintenanceRun&)> goes_on;  // shows how far it is; false: stop soon
  // In the unit of work that mends: the run as it then is, so that a kill at any instant loses nothing of its counts.
  std::function<void(storage::Write&, const MaintenanceRun&)> keep;
};

struct MaintenanceTask {
  std::string name{};                 // "recount", as sentences call it
  std::string key{};                  // of its record; never another's in the family "jobs"
  std::string asked{}, ended{};       // actions in the audit log; no `ended`: its end is not told there
  std::vector<std::string> counts{};  // the numbers that are its answer, in their order
  bool in_parts = false;
  std::function<Result<>(const storage::Reader&, MaintenanceRun&)> begin{};  // sets the numbers that it starts with
  // Does some of it, so that the run is kept some times a minute, and moves the run on; whether more follows.
  std::function<Result<bool>(MaintenanceRun&, const MaintenanceWatch&)> step{};
};

class Maintenance {
 public:
  // REQUIRES: what the task calls outlives this.
  Maintenance(storage::Store& store, audit::Audit& audit, const Clock& clock, MaintenanceTask task);
  ~Maintenance();  // ends as soon as the step does; goes on after the next start
  Maintenance(const Maintenance&) = delete;
  Maintenance& operator=(const Maintenance&) = delete;

  const MaintenanceTask& task() const { return task_; }
  Result<MaintenanceRun> start(const access::Actor& by);  // the one that is running, if one is
  Result<MaintenanceRun> cancel();                        // the running one, if one is; what was mended stays
  Result<MaintenanceRun> latest(const storage::Reader& read) const;

 private:
  Result<MaintenanceRun> kept(const storage::Reader& read) const;
  void put(storage::Write& work, const MaintenanceRun& run) const;
  Result<> keep(const MaintenanceRun& run);
  void show(std::optional<MaintenanceRun> run);
  void run();
  void work();  // on the run that is kept as running, to its end or until it is stopped
  void end(MaintenanceRun run, const char* status, const std::string& message);

  storage::Store& store_;
  audit::Audit& audit_;
  const Clock& clock_;
  const MaintenanceTask task_;
  const storage::FamilyRef family_;
  std::atomic<bool> cancelled_{false}, stop_{false};  // written under mutex_
  std::mutex mutex_;                                  // guards asked_; beginning and cancelling are one at a time
  bool asked_ = false;
  std::condition_variable wake_;
  mutable std::mutex showing_;
  std::optional<MaintenanceRun> shown_;  // guarded by showing_: the running one, newer than it is kept
  std::thread worker_;                   // last: starts when the others are there
};

}  // namespace pf::jobs
