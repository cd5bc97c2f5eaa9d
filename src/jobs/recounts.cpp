#include "jobs/recounts.h"

#include <utility>

#include "json/members.h"

namespace pf::jobs {
namespace {

constexpr std::string_view kRecountKey = "a";
constexpr int kRecountFormat = 1;
// Before any order, and a year of four digits, as times are written.
constexpr std::chrono::sys_days kBeforeAll{std::chrono::year{1000} / 1 / 1};

json::Value day_number(std::chrono::sys_days day) {
  return json::Value(static_cast<std::int64_t>(day.time_since_epoch().count()));
}
std::chrono::sys_days day_in(const json::Value& in, const char* name) {
  return std::chrono::sys_days(std::chrono::days(json::number_in(in, name)));
}
json::Value moment_number(Time time) {
  return json::Value(static_cast<std::int64_t>(time.time_since_epoch().count()));
}

}  // namespace

Recounts::Recounts(storage::Store& store, orders::Orders& orders, audit::Audit& audit, const Clock& clock)
    : store_(store), orders_(orders), audit_(audit), clock_(clock), family_(store.family("jobs")) {
  auto before = latest(store_.read());
  if (before.ok() && !before->ended()) {
    before->resumed = true;
    asked_ = store_
                 .write_even_when_full([&](storage::Write& work) -> Result<> {
                   put(work, *before);
                   return {};
                 })
                 .ok();
  }
  worker_ = std::thread([this] { run(); });
}

Recounts::~Recounts() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  worker_.join();
}

// Stored on disk: do not rename a member.
void Recounts::put(storage::Write& work, const Recount& recount) const {
  work.put(family_, kRecountKey,
           json::write(json::Value::object({{"format_version", kRecountFormat},
                                            {"status", recount.status},
                                            {"message", recount.message},
                                            {"by", recount.by},
                                            {"resumed", recount.resumed},
                                            {"days", recount.days},
                                            {"orders", recount.orders},
                                            {"mended", recount.mended},
                                            {"created", moment_number(recount.created_at)},
                                            {"finished", moment_number(recount.finished_at)},
                                            {"first", day_number(recount.first)},
                                            {"next", day_number(recount.next)},
                                            {"last", day_number(recount.last)}})));
}

Result<Recount> Recounts::latest(const storage::Reader& read) const {
  Recount out;
  PF_LET(const auto record, read.get(family_, kRecountKey));
  if (!record) return out;
  PF_LET(const auto in, json::parse(*record));
  if (json::number_in(in, "format_version") != kRecountFormat)
    return error(ErrorCode::unsupported, "A recount was kept by a newer ProductFlow. Start that one.");
  out.status = json::text_in(in, "status");
  out.message = json::text_in(in, "message");
  out.by = json::text_in(in, "by");
  out.resumed = json::flag_in(in, "resumed");
  out.days = static_cast<std::uint64_t>(json::number_in(in, "days"));
  out.orders = static_cast<std::uint64_t>(json::number_in(in, "orders"));
  out.mended = static_cast<std::uint64_t>(json::number_in(in, "mended"));
  out.created_at = Time(milliseconds(json::number_in(in, "created")));
  out.finished_at = Time(milliseconds(json::number_in(in, "finished")));
  out.first = day_in(in, "first");
  out.next = day_in(in, "next");
  out.last = day_in(in, "last");
  return out;
}

Result<Recount> Recounts::start(const access::Actor& by) {
  Recount recount;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(recount, latest(work));
    if (!recount.ended()) return {};
    const Time now = clock_.now();
    recount = {.status = "running", .by = by.name, .created_at = now};
    PF_LET(const auto first, orders_.next_sales_day(work, kBeforeAll));
    recount.last = std::chrono::floor<std::chrono::days>(now);
    recount.first = recount.next = first.value_or(recount.last);
    put(work, recount);
    return audit_.append(work, by, "reports.recount", "", {});
  }));
  {
    const std::lock_guard lock(mutex_);
    asked_ = true;
    cancelled_ = false;
  }
  wake_.notify_all();
  return recount;
}

Result<Recount> Recounts::cancel() {
  PF_LET(const auto now, latest(store_.read()));
  if (now.ended()) return now;
  {
    const std::lock_guard lock(mutex_);
    asked_ = cancelled_ = true;
  }
  wake_.notify_all();
  return now;
}

void Recounts::end(const char* status, const std::string& message) {
  static_cast<void>(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(auto recount, latest(work));
    recount.status = status;
    recount.message = message;
    recount.finished_at = clock_.now();
    put(work, recount);
    return {};
  }));
}

Result<bool> Recounts::step() {
  PF_LET(auto recount, latest(store_.read()));
  if (recount.ended()) return false;
  PF_LET(const auto day, orders_.next_sales_day(store_.read(), recount.next));
  if (!day) {
    end("done", {});
    return false;
  }
  // Killed between the two units of work: the day is counted again, and found right.
  PF_LET(const auto counted, orders_.recount_sales(*day));
  ++recount.days;
  recount.orders += counted.orders;
  recount.mended += counted.mended;
  recount.next = *day + std::chrono::days{1};
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    put(work, recount);
    return {};
  }));
  return true;
}

void Recounts::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (!asked_) {
      wake_.wait(lock, [this] { return asked_ || stop_; });
      continue;
    }
    const bool cancelled = std::exchange(cancelled_, false);
    lock.unlock();
    bool more = false;
    if (cancelled) {
      end("cancelled", "Cancelled. What was mended until then stays.");
    } else {
      const auto went_on = step();
      more = went_on.ok() && *went_on;
      if (!went_on.ok()) end("failed", went_on.error().message);
    }
    lock.lock();
    asked_ = more;
  }
}

}  // namespace pf::jobs
