#include "jobs/schedules.h"

#include <algorithm>

#include "crypto/crypto.h"
#include "exchange/mapping.h"
#include "jobs/feed_login.h"
#include "jobs/schedule_records.h"
#include "productflow/bytes.h"
#include "productflow/faults.h"
#include "productflow/text.h"
#include "webhooks/destination.h"

namespace pf::jobs {
namespace {

constexpr milliseconds kLookAtLeast{60'000};  // a clock that is set shows by then
constexpr milliseconds kAfterDiskFault{5'000};
constexpr std::chrono::minutes kClockStep{5};   // a clock that is kept by the network is put back by less
constexpr std::chrono::seconds kAgainSoon{15};  // for a file that was being written
constexpr std::string_view kSchedules = "w", kRuns = "x", kPasswords = "y";

std::string schedule_key(std::string_view id) {
  return std::string(kSchedules).append(id);
}
std::string password_key(std::string_view id) {
  return std::string(kPasswords).append(id);
}
std::string run_key(std::string_view id, std::uint64_t number) {
  std::string key = std::string(kRuns).append(id);
  put_be64(key, number);
  return key;
}

// A folder may hold any number of files, each with its own fault.
std::string cut_short(std::string message) {
  constexpr std::string_view kEnd = " ...";
  if (message.size() <= kRunMessageBytesMax) return message;
  std::size_t end = kRunMessageBytesMax - kEnd.size();
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) --end;  // inside of a letter
  message.replace(end, std::string::npos, kEnd);
  return message;
}

}  // namespace

Schedules::Schedules(exchange::Profiles& profiles, Imports& imports, const SavedMappings& mappings,
                     const rules::Rules& rules, Edits& edits, const webhooks::Webhooks& webhooks, audit::Audit& audit,
                     const Clock& clock, std::string_view pepper, std::filesystem::path exchange_folder, Fetch fetch)
    : profiles_(profiles),
      imports_(imports),
      mappings_(mappings),
      rules_(rules),
      edits_(edits),
      webhooks_(webhooks),
      audit_(audit),
      clock_(clock),
      password_key_(crypto::hkdf_sha256(pepper, "", "pf/v1/feed-passwords", crypto::kGcmKeyBytes)),
      folder_(exchange_folder),
      fetched_(exchange_folder / ".fetched"),
      fetch_(std::move(fetch)),
      store_(profiles.rooms().store),
      family_(store_.family("jobs")) {}

void Schedules::start() {
  worker_ = std::thread([this] { run(); });
}

Schedules::~Schedules() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  imports_.ended().ring();  // which the run under way may wait for
  edits_.ended().ring();
  if (worker_.joinable()) worker_.join();
}

// ---- kept

Result<std::vector<Schedule>> Schedules::list(const storage::Reader& read) const {
  std::vector<Schedule> out;
  for (auto row = read.scan_prefix(family_, kSchedules); row.valid(); row.next()) {
    PF_LET(auto schedule, schedule_of_record(row.key().substr(1), row.value()));
    out.push_back(std::move(schedule));
  }
  std::ranges::sort(out, {}, [](const Schedule& one) { return std::pair(lower_ascii(one.name), one.id); });
  return out;
}

Result<Schedule> Schedules::find(const storage::Reader& read, std::string_view id) const {
  PF_LET(const auto record, read.get(family_, schedule_key(id)));
  if (!record) return error(ErrorCode::not_found, "There is no such schedule.");
  return schedule_of_record(id, *record);
}

void Schedules::put(storage::Write& work, const Schedule& schedule) const {
  work.put(family_, schedule_key(schedule.id), schedule_record(schedule));
}

void Schedules::put_password(storage::Write& work, const Schedule& schedule, const NewPassword& password) const {
  if (schedule.password_for.empty())
    work.erase(family_, password_key(schedule.id));
  else if (password)
    work.put(family_, password_key(schedule.id),
             sealed_password(password_key_.bytes(), schedule.id, schedule.password_for, password->bytes()));
}

Result<std::string> Schedules::authorization(const storage::Reader& read, const Schedule& schedule) const {
  if (schedule.password_for.empty())
    return schedule.username.empty() ? std::string() : basic_authorization(schedule.username, "");
  PF_LET(const auto sealed, read.get(family_, password_key(schedule.id)));
  const auto password =
      sealed ? opened_password(password_key_.bytes(), schedule.id, schedule.password_for, *sealed) : std::nullopt;
  if (!password)
    return error(ErrorCode::internal, "The password of this schedule cannot be opened any more. Enter it anew.");
  return basic_authorization(schedule.username, password->bytes());
}

Result<> Schedules::note(storage::Write& work, const access::Actor& by, std::string_view action,
                         const Schedule& schedule, std::string_view password) {
  auto details =
      json::Value::object({{"name", schedule.name}, {"task", task_name(schedule.task)}, {"enabled", schedule.enabled}});
  if (!password.empty()) details.set("password", password);
  return audit_.append(work, by, action, "schedule:" + schedule.id, std::move(details));
}

Result<> Schedules::check(const storage::Reader& read, Schedule& schedule, const NewPassword& password) const {
  Faults faults;
  schedule.name = trim(schedule.name);
  if (schedule.name.empty() || schedule.name.size() > kScheduleNameBytesMax)
    faults.add("name", "length", "must have 1 to 100 bytes");
  const When& when = schedule.when;
  if (when.every_minutes != 0 && (when.every_minutes < kEveryMinutesMin || when.every_minutes > kEveryMinutesMax))
    faults.add("every_minutes", "range", "must be 1 to 1440");
  const auto next = next_time(when, clock_.now());
  if (next.ok())
    schedule.next_at = schedule.enabled ? std::optional(*next) : std::nullopt;
  else
    faults.take(next.error());
  if (schedule.task == Task::export_folder) {
    if (!profiles_.find(read, schedule.profile).ok())
      faults.add("profile", "unknown", "must be an export profile: see GET /api/v1/export-profile");
    if (schedule.keep < 1 || schedule.keep > kKeepFilesMax) faults.add("keep", "range", "must be 1 to 1000 files");
  } else if (schedule.task == Task::rules) {
    const auto on = value_named<rules::On>(rules::kOnNames, schedule.on);
    if (!on) faults.add("on", "unknown", "must be product or order");
    if (schedule.rule != 0) {
      const auto rule = rules_.find(read, schedule.rule);
      if (!rule.ok())
        faults.add("rule", "unknown", "must be one of the shop's rules: see GET /api/v1/rule");
      else if (on && rule->on != *on)
        faults.add("rule", "value", "is about the other kind; see on");
    }
  } else {
    if (schedule.kind != "product" && schedule.kind != "stock" && schedule.kind != "model")
      faults.add("kind", "unknown",
                 "must be product, stock or model. Orders hold buyers, whose data would be left lying in files");
    if (schedule.mode != "upsert" && schedule.mode != "create" && schedule.mode != "update")
      faults.add("mode", "unknown", "must be upsert, create or update");
    if (!schedule.mapping_id.empty() && !mappings_.find(read, schedule.mapping_id).ok())
      faults.add("mapping_id", "unknown", "must be a saved mapping: see GET /api/v1/import-mapping");
    if (!schedule.mapping_id.empty() && !schedule.mapping.empty())
      faults.add("mapping", "both", "cannot be given beside mapping_id");
    if (!schedule.mapping.empty())
      if (const auto mapping = exchange::parse_mapping(schedule.mapping); !mapping.ok()) faults.take(mapping.error());
  }
  if (schedule.task == Task::import_url) {
    const auto to = webhooks::destination_of(schedule.url);
    schedule.username = trim(schedule.username);
    check_login(faults, schedule.username, password ? password->bytes() : std::string_view());
    if (!to.ok() && to.error().faults[0].code == webhooks::kHoldsUser) {
      faults.add("url", std::string(webhooks::kHoldsUser),
                 "The address must hold no user and password. Give them apart, as username and password: so the "
                 "password is kept sealed and never shown.");
    } else if (!to.ok()) {
      faults.take(to.error());
    } else {
      if (password)
        schedule.password_for = password->empty() ? std::string() : to->place();
      else if (!schedule.password_for.empty() && schedule.password_for != to->place())
        faults.add("password", "host",
                   "The password that is kept is for " + schedule.password_for +
                       " and goes nowhere else. Enter the one for " + to->place() + ", or remove it.");
      PF_LET(const auto host, webhooks_.host(read, to->place()));
      if (!host)
        faults.add("url", "host", to->place() + " is not among the allowed hosts. Allow it under Settings, Webhooks");
    }
  } else {
    if (password && !password->empty())
      faults.add("password", "task", "is for files that are fetched from an address alone");
    schedule.username.clear();
    schedule.password_for.clear();
    if (schedule.task != Task::rules) faults.take(ExchangeFolder::check_name(schedule.folder));
  }
  return std::move(faults).checked();
}

Result<Schedule> Schedules::create(const access::Actor& by, Schedule schedule, const NewPassword& password) {
  schedule.id = hex(crypto::random_bytes(8));
  schedule.by = by.name;
  schedule.created_at = schedule.updated_at = clock_.now();
  schedule.password_for.clear();
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_TRY(check(work, schedule, password));
    std::size_t count = 0;
    for (auto row = work.scan_prefix(family_, kSchedules); row.valid(); row.next()) ++count;
    if (count >= kSchedulesMax)
      return error(ErrorCode::conflict, "There are 100 schedules already. Remove those that nobody needs.");
    put(work, schedule);
    put_password(work, schedule, password);
    return note(work, by, "schedule.create", schedule, schedule.password_for.empty() ? "" : "given");
  }));
  look_again();
  return schedule;
}

Result<Schedule> Schedules::change(const access::Actor& by, std::string_view id, Schedule schedule,
                                   const NewPassword& password) {
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const Schedule before, find(work, id));
    schedule.id = before.id;
    schedule.by = before.by;
    schedule.created_at = before.created_at;
    schedule.updated_at = clock_.now();
    schedule.last_status = before.last_status;
    schedule.last_message = before.last_message;
    schedule.last_at = before.last_at;
    schedule.known.clear();  // it may be about another file now
    schedule.known_since.clear();
    schedule.password_for = before.password_for;
    PF_TRY(check(work, schedule, password));
    put(work, schedule);
    put_password(work, schedule, password);
    const bool had = !before.password_for.empty(), has = !schedule.password_for.empty();
    return note(work, by, "schedule.change", schedule, has && password ? "given" : had && !has ? "removed" : "");
  }));
  look_again();
  return schedule;
}

Result<> Schedules::remove(const access::Actor& by, std::string_view id) {
  return store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(const Schedule schedule, find(work, id));
    std::vector<std::string> log;
    for (auto row = work.scan_prefix(family_, std::string(kRuns).append(id)); row.valid(); row.next())
      log.emplace_back(row.key());
    for (const std::string& key : log) work.erase(family_, key);
    work.erase(family_, schedule_key(id));
    work.erase(family_, password_key(id));
    return note(work, by, "schedule.remove", schedule);
  });
}

Result<Schedule> Schedules::run_now(std::string_view id) {
  PF_LET(auto schedule, find(store_.read(), id));
  if (!schedule.enabled) return error(ErrorCode::conflict, "This schedule is off. Switch it on first.");
  {
    const std::lock_guard lock(mutex_);
    asked_.insert(schedule.id);
  }
  look_again();
  return schedule;
}

Result<std::vector<Run>> Schedules::runs(const storage::Reader& read, std::string_view id) const {
  PF_TRY(find(read, id));
  std::vector<Run> out;
  const std::string prefix = std::string(kRuns).append(id);
  for (auto row = read.scan_prefix(family_, prefix); row.valid(); row.next()) {
    PF_LET(auto run, run_of_record(get_be64(row.key().substr(prefix.size())), row.value()));
    out.push_back(std::move(run));
  }
  std::ranges::reverse(out);
  return out;
}

std::uint64_t Schedules::failing() const {
  const auto all = list(store_.read());
  if (!all.ok()) return 0;
  return static_cast<std::uint64_t>(
      std::ranges::count_if(*all, [](const Schedule& one) { return one.enabled && one.last_status == "failed"; }));
}

// ---- run

void Schedules::look_again() {
  {
    const std::lock_guard lock(mutex_);
    again_ = true;
  }
  wake_.notify_one();
}

void Schedules::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    again_ = false;
    lock.unlock();
    const milliseconds wait = do_due();
    lock.lock();
    wake_.wait_for(lock, wait, [this] { return stop_ || again_; });
  }
}

milliseconds Schedules::do_due() {
  const auto all = list(store_.read());
  if (!all.ok()) return kAfterDiskFault;
  milliseconds wait = kLookAtLeast;
  bool kept = true;
  for (const Schedule& one : *all) {
    if (stop_) return wait;
    bool now = false;
    {
      const std::lock_guard lock(mutex_);
      now = asked_.erase(one.id) > 0;
    }
    if (!one.enabled || (!one.next_at && !now)) continue;
    const Time time = clock_.now();
    if (!now && *one.next_at > time) {
      const Time next = put_right(one, time);
      wait = std::min(wait, milliseconds(next - time) + milliseconds{1});
      continue;
    }
    wait = milliseconds{0};  // what became due meanwhile
    // As it is now: it may have been changed, put off, switched off or removed while others ran.
    const auto [current, login] = [&] {
      const auto read = store_.read();
      auto found = find(read, one.id);
      auto with = found.ok() ? authorization(read, *found) : Result<std::string>(std::string());
      return std::pair(std::move(found), std::move(with));
    }();
    if (!current.ok() || !current->enabled) continue;
    if (now || (current->next_at && *current->next_at <= time)) kept = do_one(*current, login) && kept;
  }
  return kept ? wait : kAfterDiskFault;
}

// A next time that was reckoned by a clock that was wrong, or by other rules of the zone, is reckoned again: else a
// schedule might wait for years. A clock that is put back by a little does nothing twice.
Time Schedules::put_right(const Schedule& schedule, Time now) {
  const auto next = next_time(schedule.when, now);
  const bool just_ran = schedule.last_at && *schedule.last_at > now && *schedule.last_at - now < kClockStep;
  if (!next.ok() || *next >= *schedule.next_at || just_ran) return *schedule.next_at;
  static_cast<void>(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    auto kept = find(work, schedule.id);
    if (!kept.ok() || !kept->next_at || kept->updated_at != schedule.updated_at) return {};
    kept->next_at = *next;
    put(work, *kept);
    return {};
  }));
  return *next;
}

bool Schedules::do_one(const Schedule& schedule, const Result<std::string>& login) {
  Run run{.started_at = clock_.now()};
  const auto outcome = work_on(schedule, login);
  if (stop_ && !outcome.ok()) return true;  // it is due again at the next start
  run.finished_at = clock_.now();
  run.status = outcome.ok() ? outcome->status : "failed";
  run.message = cut_short(outcome.ok() ? outcome->message : outcome.error().message);
  // A disk that is full takes no log; the run is then due again, which does nothing twice.
  const auto done = store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    auto now = find(work, schedule.id);
    if (!now.ok()) return now.error().code == ErrorCode::not_found ? Result<>() : now.error();
    if (outcome.ok() && now->updated_at == schedule.updated_at) {
      now->known = outcome->known;
      now->known_since = outcome->known_since;
    }
    const bool fails_anew = run.status == "failed" && now->last_status != "failed";
    now->last_status = run.status;
    now->last_message = run.message;
    now->last_at = run.finished_at;
    const auto next = next_time(now->when, run.finished_at);
    if (!next.ok()) {  // the machine has lost the zone: said, and looked for again tomorrow
      now->last_status = run.status = "failed";
      now->last_message = run.message = next.error().message;
    }
    now->next_at = next.ok() ? *next : run.finished_at + std::chrono::days{1};
    if (outcome.ok() && outcome->again_soon) now->next_at = std::min(*now->next_at, run.finished_at + kAgainSoon);
    put(work, *now);
    const std::string prefix = std::string(kRuns).append(schedule.id);
    std::vector<std::string> log;
    for (auto row = work.scan_prefix(family_, prefix); row.valid(); row.next()) log.emplace_back(row.key());
    for (std::size_t i = 0; i + kRunsKept <= log.size(); ++i) work.erase(family_, log[i]);
    const std::uint64_t last = log.empty() ? 0 : get_be64(std::string_view(log.back()).substr(prefix.size()));
    work.put(family_, run_key(schedule.id, last + 1), run_record(run));
    events::Events* const events = profiles_.rooms().events;
    if (fails_anew && events != nullptr)
      PF_TRY(events->add(work, events::type::kScheduleFailed,
                         json::Value::object({{"id", schedule.id}, {"name", now->name}, {"message", run.message}})));
    return {};
  });
  return done.ok();
}

}  // namespace pf::jobs
