// Schedules as jobs: kept, run when they are due by one thread, each run with its log. A run that was missed while the
// box was off happens once, at the next start. Changing a schedule is audited in the same unit of work. Any thread.
//
// Stored on disk (family "jobs", beside imports.h and edits.h; do not change): "w" id -> JSON of a schedule, whose
// "format_version" is 1; "x" id be64 number -> JSON of a run; "y" id -> the password of a feed: nonce, AES-256-GCM,
// bound to the id and the place that it is for (feed_login.h). An id is 16 characters, always.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "audit/audit.h"
#include "crypto/crypto.h"
#include "exchange/profiles.h"
#include "http/outbound.h"
#include "jobs/edits.h"
#include "jobs/exchange_folder.h"
#include "jobs/imports.h"
#include "jobs/saved_mappings.h"
#include "jobs/schedule.h"
#include "webhooks/destination.h"
#include "webhooks/webhooks.h"

namespace pf::jobs {

inline constexpr std::size_t kSchedulesMax = 100, kRunsKept = 50, kScheduleNameBytesMax = 100;
inline constexpr std::size_t kRunMessageBytesMax = 8u << 10;  // kept with each run, its schedule and an event
inline constexpr std::size_t kRuledAtOnce =
    250'000;  // products of one job, whose undo is one; a larger shop has several
inline constexpr std::chrono::minutes kFetchTime{10};  // of one file from an address
inline constexpr std::chrono::seconds kFetchSilence{
    120};  // a shop that writes its feed when it is asked takes a minute
// A server that brings less, after so many seconds, keeps the other schedules waiting for nothing.
inline constexpr std::uint64_t kFetchBytesPerSecond = 1u << 10;
inline constexpr std::chrono::seconds kFetchPatience{60};
inline constexpr int kRedirectsMax = 5;                 // of one file; a shop that has moved sends on once or twice
inline constexpr std::size_t kRefusedInReport = 1'000;  // rows that a report beside a file names

class Schedules {
 public:
  using Fetch = std::function<Result<http::OutboundAnswer>(const http::Outbound&, const std::atomic<bool>& stop,
                                                           const http::BodySink& sink)>;
  // Passwords of feeds are sealed under a key made of `pepper`, which is not in the store.
  Schedules(exchange::Profiles& profiles, Imports& imports, const SavedMappings& mappings, const rules::Rules& rules,
            Edits& edits, const webhooks::Webhooks& webhooks, audit::Audit& audit, const Clock& clock,
            std::string_view pepper, std::filesystem::path exchange_folder, Fetch fetch = http::fetch);
  ~Schedules();  // ends the run under way at its next piece; it is due again
  Schedules(const Schedules&) = delete;
  Schedules& operator=(const Schedules&) = delete;
  // From now on what is due is done. For whoever serves: a command that only looks starts nothing. Once.
  void start();

  // Every fault at once; fields are a schedule's.
  Result<std::vector<Schedule>> list(const storage::Reader& read) const;  // by name
  Result<Schedule> find(const storage::Reader& read, std::string_view id) const;
  // What a feed's password is from now on: an empty one is none; nothing: as it was. One that is kept goes with no
  // address at another place: that is a fault of "password", so that nobody who may change a schedule has it sent to a
  // host of his own. Another task forgets it.
  using NewPassword = std::optional<crypto::SecretBytes>;
  Result<Schedule> create(const access::Actor& by, Schedule schedule, const NewPassword& password = {});
  Result<Schedule> change(const access::Actor& by, std::string_view id, Schedule schedule,
                          const NewPassword& password = {});
  Result<> remove(const access::Actor& by, std::string_view id);  // what it wrote stays
  Result<Schedule> run_now(std::string_view id);                  // soon; conflict while it is off
  Result<std::vector<Run>> runs(const storage::Reader& read, std::string_view id) const;  // newest first
  std::uint64_t failing() const;                                                          // whose last run failed

 private:
  struct Outcome {
    std::string status{}, message{};  // done, unchanged; failed, where some was done and some not
    std::string known{}, known_since{};
    bool again_soon = false;  // something was not complete yet
  };
  void run();
  milliseconds do_due();                               // how long nothing more is due
  Time put_right(const Schedule& schedule, Time now);  // its next time
  // `login`: authorization(), read with the schedule at once: the password of another moment opens for nobody. False:
  // what came of it could not be kept.
  bool do_one(const Schedule& schedule, const Result<std::string>& login);
  Result<Outcome> work_on(const Schedule& schedule, const Result<std::string>& login);
  Result<Outcome> write_file(const Schedule& schedule);
  Result<Outcome> read_folder(const Schedule& schedule);
  Result<Outcome> read_address(const Schedule& schedule, const std::string& login);
  // From there, or from where its server sends us; an answer that is no redirect.
  Result<http::OutboundAnswer> fetch_file(const Schedule& schedule, const std::string& login, webhooks::Destination to,
                                          const http::BodySink& sink);
  Result<Outcome> follow_rules(const Schedule& schedule);
  Result<std::vector<std::string>> ruled(const storage::Reader& read, rules::On on) const;  // products or open orders
  // The mapping that an import of it has; null for none.
  Result<std::shared_ptr<const exchange::Mapping>> mapping_of(const Schedule& schedule) const;
  // `read`: where to leave which bytes those were.
  Result<Job> import_file(const Schedule& schedule, const std::filesystem::path& file, const std::string& name,
                          ExchangeFolder::Content* read = nullptr);
  std::string report_of(const Job& job) const;
  Result<> check(const storage::Reader& read, Schedule& schedule, const NewPassword& password) const;
  void put(storage::Write& work, const Schedule& schedule) const;
  void put_password(storage::Write& work, const Schedule& schedule, const NewPassword& password) const;
  // The header's value, secret; empty: none.
  Result<std::string> authorization(const storage::Reader& read, const Schedule& schedule) const;
  Result<> note(storage::Write& work, const access::Actor& by, std::string_view action, const Schedule& schedule,
                std::string_view password = {});  // what became of it, without it
  void look_again();

  exchange::Profiles& profiles_;
  Imports& imports_;
  const SavedMappings& mappings_;
  const rules::Rules& rules_;
  Edits& edits_;
  const webhooks::Webhooks& webhooks_;
  audit::Audit& audit_;
  const Clock& clock_;
  const crypto::SecretBytes password_key_;
  const ExchangeFolder folder_;
  const std::filesystem::path fetched_;  // where a file from an address is while it is read
  const Fetch fetch_;
  storage::Store& store_;
  const storage::FamilyRef family_;
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  bool again_ = true;            // guarded by mutex_
  std::set<std::string> asked_;  // to run now; guarded by mutex_
  std::condition_variable wake_;
  std::thread worker_;  // last: ends before the others go
};

}  // namespace pf::jobs
