#include "jobs/maintenance.h"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <utility>

#include "json/members.h"

namespace pf::jobs {
namespace {

constexpr int kRunFormat = 1;
// Whoever asks for a list goes before: of a busy core this leaves the thread a quarter. Not less, since others wait for
// it while it mends.
constexpr int kNiceness = 5;

// Members of every run; whatever else is a number is the task's. Stored on disk: do not rename one, and give no number
// such a name.
constexpr std::array<std::string_view, 9> kOfEveryRun{"format_version", "status",  "message", "by",      "part",
                                                      "resumed",        "percent", "created", "finished"};

json::Value moment_number(Time time) {
  return json::Value(static_cast<std::int64_t>(time.time_since_epoch().count()));
}

}  // namespace

Maintenance::Maintenance(storage::Store& store, audit::Audit& audit, const Clock& clock, MaintenanceTask task)
    : store_(store), audit_(audit), clock_(clock), task_(std::move(task)), family_(store.family("jobs")) {
  auto before = kept(store_.read());
  if (before.ok() && !before->ended()) {
    before->resumed = true;
    asked_ = keep(*before).ok();
  }
  worker_ = std::thread([this] { run(); });
}

Maintenance::~Maintenance() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  worker_.join();
}

void Maintenance::put(storage::Write& work, const MaintenanceRun& run) const {
  json::Value record = json::Value::object({{"format_version", kRunFormat},
                                            {"status", run.status},
                                            {"message", run.message},
                                            {"by", run.by},
                                            {"part", run.part},
                                            {"resumed", run.resumed},
                                            {"percent", run.percent},
                                            {"created", moment_number(run.created_at)},
                                            {"finished", moment_number(run.finished_at)}});
  for (const auto& [name, number] : run.numbers) record.set(name, number);
  work.put(family_, task_.key, json::write(record));
}

// Even when the disk is full: it takes the place of the last one.
Result<> Maintenance::keep(const MaintenanceRun& run) {
  return store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    put(work, run);
    return {};
  });
}

Result<MaintenanceRun> Maintenance::kept(const storage::Reader& read) const {
  MaintenanceRun out;
  PF_LET(const auto record, read.get(family_, task_.key));
  if (!record) return out;
  PF_LET(const auto in, json::parse(*record));
  if (json::number_in(in, "format_version") != kRunFormat)
    return error(ErrorCode::unsupported, "A " + task_.name + " was kept by a newer ProductFlow. Start that one.");
  out.status = json::text_in(in, "status");
  out.message = json::text_in(in, "message");
  out.by = json::text_in(in, "by");
  out.part = json::text_in(in, "part");
  out.resumed = json::flag_in(in, "resumed");
  out.percent = json::number_in(in, "percent");
  out.created_at = Time(milliseconds(json::number_in(in, "created")));
  out.finished_at = Time(milliseconds(json::number_in(in, "finished")));
  for (const auto& [name, value] : *in.as_object())
    if (const auto number = value.as_int(); number && std::ranges::find(kOfEveryRun, name) == kOfEveryRun.end())
      out.numbers[name] = *number;
  return out;
}

void Maintenance::show(std::optional<MaintenanceRun> run) {
  const std::lock_guard lock(showing_);
  shown_ = std::move(run);
}

Result<MaintenanceRun> Maintenance::latest(const storage::Reader& read) const {
  PF_LET(auto run, kept(read));
  if (run.ended()) return run;
  const std::lock_guard lock(showing_);
  return shown_ ? *shown_ : std::move(run);
}

Result<MaintenanceRun> Maintenance::start(const access::Actor& by) {
  const std::lock_guard lock(mutex_);
  MaintenanceRun run;
  bool begun = false;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(run, kept(work));
    if (!run.ended()) return {};
    begun = true;
    run = {.status = "running", .by = by.name, .created_at = clock_.now()};
    PF_TRY(task_.begin(work, run));
    put(work, run);
    return audit_.append(work, by, task_.asked, "", {});
  }));
  if (begun) cancelled_ = false;
  asked_ = true;  // also of one whose end could not be kept
  wake_.notify_all();
  return run;
}

Result<MaintenanceRun> Maintenance::cancel() {
  const std::lock_guard lock(mutex_);
  PF_LET(const auto now, latest(store_.read()));
  if (!now.ended()) {
    cancelled_ = asked_ = true;
    wake_.notify_all();
  }
  return now;
}

void Maintenance::end(MaintenanceRun run, const char* status, const std::string& message) {
  run.status = status;
  run.message = message;
  run.finished_at = clock_.now();
  static_cast<void>(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    put(work, run);
    if (task_.ended.empty()) return {};
    json::Value came_to = json::Value::object({{"status", status}});
    for (const std::string& name : task_.counts) came_to.set(name, run.number(name));
    return audit_.append(work, access::system_actor(), task_.ended, "", std::move(came_to));
  }));
}

void Maintenance::work() {
  auto run = kept(store_.read());
  if (!run.ok() || run->ended()) return;
  show(*run);
  const MaintenanceWatch watch{.goes_on =
                                   [this](const MaintenanceRun& now) {
                                     show(now);
                                     return !stop_ && !cancelled_;
                                   },
                               .keep = [this](storage::Write& work, const MaintenanceRun& now) { put(work, now); }};
  Result<bool> more = true;
  while (more.ok() && *more && !stop_ && !cancelled_) {
    more = task_.step(*run, watch);
    if (!more.ok() || !*more) break;
    show(*run);
    if (const auto is_kept = keep(*run); !is_kept.ok()) more = is_kept.error();
  }
  if (more.ok() && !*more && !cancelled_) {
    run->percent = 100;
    end(*std::move(run), "done", {});
  } else if (cancelled_) {
    end(*std::move(run), "cancelled", "Cancelled. What was mended until then stays.");
  } else if (!stop_) {
    end(*std::move(run), "failed", more.error().message);
  }
  show({});
}

void Maintenance::run() {
  // Of this thread alone: on Linux a thread's niceness is its own. Without it the work is done all the same.
  static_cast<void>(::setpriority(PRIO_PROCESS, 0, kNiceness));
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (!asked_) {
      wake_.wait(lock, [this] { return asked_ || stop_; });
      continue;
    }
    asked_ = false;
    lock.unlock();
    work();
    lock.lock();
  }
}

}  // namespace pf::jobs
