// What a schedule does when it is due.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "exchange/mapping.h"
#include "gate/problem.h"
#include "jobs/feed_login.h"
#include "jobs/schedules.h"
#include "productflow/text.h"
#include "webhooks/destination.h"

namespace pf::jobs {
namespace {

namespace files = std::filesystem;

constexpr std::size_t kFilePieceRead = 256u << 10;
using Moment = std::chrono::steady_clock::time_point;

access::Actor actor_of(const Schedule& schedule) {
  access::Actor out = access::system_actor();
  out.name = "schedule " + schedule.name;
  out.may = access::all_permissions();
  return out;
}

std::string counted(const Job& job) {
  const auto& counts = job.counts;
  return std::to_string(counts.rows) + (counts.rows == 1 ? " row: " : " rows: ") + std::to_string(counts.created) +
         " created, " + std::to_string(counts.changed) + " changed, " + std::to_string(counts.unchanged) +
         " unchanged, " + std::to_string(counts.refused) + " refused";
}

catalog::WriteMode mode_of(const Schedule& schedule) {
  return schedule.mode == "create"   ? catalog::WriteMode::create
         : schedule.mode == "update" ? catalog::WriteMode::update
                                     : catalog::WriteMode::upsert;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

Result<Schedules::Outcome> Schedules::work_on(const Schedule& schedule, const Result<std::string>& login) {
  switch (schedule.task) {
    case Task::export_folder:
      return write_file(schedule);
    case Task::import_folder:
      return read_folder(schedule);
    case Task::import_url:
      return login.ok() ? read_address(schedule, *login) : login.error();
    case Task::rules:
      return follow_rules(schedule);
  }
  return error(ErrorCode::internal, "A schedule of no known task.");
}

Result<Schedules::Outcome> Schedules::write_file(const Schedule& schedule) {
  const auto read = store_.read();
  auto profile = profiles_.find(read, schedule.profile);
  if (!profile.ok() && profile.error().code == ErrorCode::not_found)
    return error(ErrorCode::conflict,
                 "The export profile of this schedule is gone. Choose another, or remove the schedule.");
  if (!profile.ok()) return profile.error();
  PF_LET(const auto format, profiles_.format_of(read, *profile));
  PF_LET(const auto state, profiles_.state(read, *profile));
  PF_LET(const auto folder, folder_.folder("out", schedule.folder));
  const std::string name = exchange::Profiles::file_name(*profile, format);
  const std::string stem = name.substr(0, name.rfind('.')), ending = name.substr(name.rfind('.'));
  std::string stamp = rfc3339(std::chrono::floor<std::chrono::seconds>(clock_.now()));
  std::erase(stamp, ':');
  const files::path file = folder / (schedule.keep == 1 ? name : stem + "-" + stamp + ending);
  std::error_code failed;
  // The newest file is still what it was; with one name its absence asks for it anew.
  if (schedule.known == state.mark && (schedule.keep > 1 || files::exists(file, failed)))
    return Outcome{.status = "unchanged", .message = "Nothing has changed since the last file.", .known = state.mark};
  PF_TRY(folder_.write(file, [&](const std::function<bool(std::string_view)>& sink) {
    return profiles_.write(*profile, [&](std::string_view piece) { return !stop_ && sink(piece); });
  }));
  if (schedule.keep > 1) folder_.drop_old(folder, stem, ending, schedule.keep);
  const auto bytes = files::file_size(file, failed);
  return Outcome{.status = "done",
                 .message = file.filename().string() + ", " + std::to_string(failed ? 0 : bytes) + " bytes",
                 .known = state.mark};
}

// Ends with the job's own end; an Error only when it could not begin, or we are stopped.
Result<Job> Schedules::import_file(const Schedule& schedule, const files::path& file, const std::string& name,
                                   ExchangeFolder::Content* read) {
  const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (handle < 0 && errno == ENOENT) return error(ErrorCode::not_found, "The file was removed before it was read.");
  if (handle < 0)
    return error(ErrorCode::unavailable, file.filename().string() +
                                             " cannot be read. Give the user who runs ProductFlow "
                                             "the right to read it.");
  const auto close = std::shared_ptr<void>(nullptr, [handle](void*) { ::close(handle); });
  if (read != nullptr) *read = ExchangeFolder::content_of(handle);
  const auto by = actor_of(schedule);
  ImportRequest request{.file_name = name, .kind = schedule.kind, .mode = mode_of(schedule)};
  PF_LET(request.mapping, mapping_of(schedule));
  PF_LET(const auto spooled, imports_.spool(by, [handle]() -> Result<std::string> {
    std::string piece(kFilePieceRead, '\0');
    const ssize_t got = ::read(handle, piece.data(), piece.size());
    if (got < 0) return error(ErrorCode::unavailable, "The file cannot be read to its end.");
    piece.resize(static_cast<std::size_t>(got));
    return piece;
  }));
  const auto job = imports_.start(by, spooled, request);
  if (!job.ok()) {
    imports_.drop(spooled);
    return job.error();
  }
  Result<std::optional<Job>> now = std::optional<Job>();
  imports_.ended().wait_until([&] {
    now = imports_.find(store_.read(), job->id);
    return stop_ || !now.ok() || !*now || (*now)->ended();
  });
  if (!now.ok()) return now.error();
  if (!*now) return error(ErrorCode::internal, "The import's record is gone.");
  if (!(*now)->ended()) return error(ErrorCode::unavailable, "ProductFlow was stopped meanwhile.");
  return **now;
}

Result<std::shared_ptr<const exchange::Mapping>> Schedules::mapping_of(const Schedule& schedule) const {
  std::string text = schedule.mapping;
  if (!schedule.mapping_id.empty()) {
    auto saved = mappings_.find(store_.read(), schedule.mapping_id);
    if (!saved.ok() && saved.error().code == ErrorCode::not_found)
      return error(ErrorCode::conflict, "The mapping of this schedule is gone. Choose another, or none.");
    if (!saved.ok()) return saved.error();
    text = std::move(saved->mapping);
  }
  if (text.empty()) return std::shared_ptr<const exchange::Mapping>();
  PF_LET(auto mapping, exchange::parse_mapping(text));
  return std::make_shared<const exchange::Mapping>(std::move(mapping));
}

// All products; all orders whose parcels have not left.
Result<std::vector<std::string>> Schedules::ruled(const storage::Reader& read, rules::On on) const {
  const exchange::Rooms& rooms = profiles_.rooms();
  std::vector<std::string> names;
  if (on == rules::On::order) {
    PF_TRY(open_orders(read, rooms.orders, names));
    return names;
  }
  catalog::ProductQuery query;
  query.sort = {{"sku", false}};
  query.skus_only = true;
  query.count = catalog::kListMax;
  do {
    PF_LET(auto page, rooms.products.list(read, query));
    names.insert(names.end(), std::make_move_iterator(page.skus.begin()), std::make_move_iterator(page.skus.end()));
    query.cursor = std::move(page.next_cursor);
  } while (!query.cursor.empty() && !stop_);
  return names;
}

Result<Schedules::Outcome> Schedules::follow_rules(const Schedule& schedule) {
  const rules::On on = value_named<rules::On>(rules::kOnNames, schedule.on).value_or(rules::On::product);
  const auto read = store_.read();
  if (schedule.rule != 0 && !rules_.find(read, schedule.rule).ok())
    return error(ErrorCode::conflict, "The rule of this schedule is gone. Choose another, or remove the schedule.");
  bool any = false;
  if (on == rules::On::product) {
    PF_LET(const auto rules, rules_.for_products(read, schedule.rule));
    any = rules != nullptr;
  } else {
    PF_LET(const auto rules, rules_.for_orders(read, schedule.rule));
    any = rules != nullptr;
  }
  if (!any) return Outcome{.status = "unchanged", .message = "No rule is in force.", .known = {}, .known_since = {}};
  PF_LET(const auto names, ruled(read, on));
  std::uint64_t changed = 0, refused = 0;
  std::string jobs;
  for (std::size_t from = 0; from < names.size(); from += kRuledAtOnce) {
    const auto begin = names.begin() + static_cast<std::ptrdiff_t>(from);
    const auto count = static_cast<std::ptrdiff_t>(std::min(kRuledAtOnce, names.size() - from));
    PF_LET(const auto edit, edits_.start_rules(actor_of(schedule), on, schedule.rule, {begin, begin + count}));
    Result<std::optional<Edit>> now = std::optional<Edit>();
    edits_.ended().wait_until([&] {
      now = edits_.find(store_.read(), edit.id);
      return stop_ || !now.ok() || !*now || (*now)->ended();
    });
    if (!now.ok()) return now.error();
    if (!*now) return error(ErrorCode::internal, "The job's record is gone.");
    if (!(*now)->ended()) return error(ErrorCode::unavailable, "ProductFlow was stopped meanwhile.");
    changed += (*now)->changed;
    refused += (*now)->refused;
    jobs += (jobs.empty() ? "" : ", ") + std::to_string(edit.id);
    if ((*now)->status != "done")
      return error(ErrorCode::invalid,
                   "The job " + std::to_string(edit.id) + " ended " + (*now)->status + ": " + (*now)->message);
  }
  const std::string told = std::to_string(names.size()) + (on == rules::On::product ? " products" : " open orders") +
                           ": " + std::to_string(changed) + " changed, " + std::to_string(refused) + " refused" +
                           (jobs.empty() ? "." : " (bulk edit " + jobs + ").");
  if (refused > 0) return error(ErrorCode::invalid, told + " The report of the bulk edit names each refusal.");
  return Outcome{.status = changed > 0 ? "done" : "unchanged", .message = told, .known = {}, .known_since = {}};
}

std::string Schedules::report_of(const Job& job) const {
  json::Value refused = json::Value::array();
  if (const auto rows = imports_.rows(store_.read(), job.id, "refused", 0, kRefusedInReport); rows.ok())
    for (const auto& [number, row] : *rows) refused.push(row);
  return json::write(json::Value::object({{"import", std::to_string(job.id)},
                                          {"status", job.status},
                                          {"message", job.message},
                                          {"format", job.format},
                                          {"rows", job.counts.rows},
                                          {"created", job.counts.created},
                                          {"changed", job.counts.changed},
                                          {"unchanged", job.counts.unchanged},
                                          {"refused", job.counts.refused},
                                          {"refused_rows", std::move(refused)}})) +
         "\n";
}

Result<Schedules::Outcome> Schedules::read_folder(const Schedule& schedule) {
  PF_LET(const auto folder, folder_.folder("in", schedule.folder));
  PF_LET(const auto seen, folder_.look(folder, clock_.now()));
  Outcome out{.status = "unchanged", .message = "There is no new file.", .known = {}, .known_since = {}};
  out.again_soon = seen.waiting;
  std::string told, refused;
  bool put_back = false;
  const auto tell = [](std::string& to, const std::string& name, std::string_view what) {
    while (what.ends_with('.')) what.remove_suffix(1);
    to.append(to.empty() ? "" : "; ").append(name).append(": ").append(what);
  };
  if (seen.links_count == 1)
    tell(refused, seen.links[0], "is a link, which is not read, since it may lead anywhere. Put the file itself here");
  if (seen.links_count > 1) {
    std::string names;
    for (const std::string& link : seen.links) names.append(names.empty() ? "" : ", ").append(link);
    if (seen.links_count > seen.links.size())
      names += " and " + std::to_string(seen.links_count - seen.links.size()) + " more";
    tell(refused, names, "are links, which are not read, since they may lead anywhere. Put the files themselves here");
  }
  for (const files::path& file : seen.complete) {
    const std::string name = file.filename().string();
    ExchangeFolder::Content read;
    auto job = import_file(schedule, file, name, &read);
    if (stop_) return error(ErrorCode::unavailable, "ProductFlow was stopped meanwhile.");
    if (!job.ok() && job.error().code == ErrorCode::not_found) {
      tell(told, name, job.error().message);
      continue;
    }
    if (!job.ok() && job.error().code != ErrorCode::too_large) {
      tell(refused, name, job.error().message);
      continue;
    }
    const bool taken = job.ok() && job->status == "done" && job->counts.refused == 0;
    const std::string message = !job.ok() ? job.error().message : !job->message.empty() ? job->message : counted(*job);
    tell(taken ? told : refused, name, message);
    const auto moved =
        folder_.put_away(file, read, taken ? "done" : "refused", clock_.now(),
                         job.ok() ? report_of(*job) : json::write(json::Value::object({{"message", message}})) + "\n");
    if (!moved.ok()) {
      tell(refused, name, moved.error().message);
    } else if (*moved == ExchangeFolder::PutAway::changed) {
      tell(taken ? told : refused, name, "it was written anew while it was read, and is read again");
      out.again_soon = true;
    } else if (*moved == ExchangeFolder::PutAway::gone) {
      tell(taken ? told : refused, name, "somebody removed it while it was read");
    }
    put_back = put_back || (!taken && moved.ok() && *moved == ExchangeFolder::PutAway::moved);
  }
  if (!refused.empty()) {
    out.status = "failed";
    out.message = refused + ".";
    if (put_back)
      out.message += " What was refused lies in the folder refused, with a report beside it; mend it and put it back.";
    if (!told.empty()) out.message += " Taken: " + told;
  } else if (!told.empty()) {
    out.status = "done";
    out.message = told;
  } else if (seen.waiting) {
    out.message = "A file is still being written; it is read when nobody has written to it for " +
                  std::to_string(kQuietBefore.count()) + " seconds.";
  }
  return out;
}

// Whoever sends us on says where to, and nothing of it is trusted: each host must be one that the owner allows.
Result<http::OutboundAnswer> Schedules::fetch_file(const Schedule& schedule, const std::string& login,
                                                   webhooks::Destination to, const http::BodySink& sink) {
  const Moment began = std::chrono::steady_clock::now();
  const std::string home = to.place();
  bool from_outside = false, at_home = true;
  for (int redirects = 0;; ++redirects) {
    PF_LET(const auto host, webhooks_.host(store_.read(), to.place()));
    if (!host && redirects == 0)
      return error(ErrorCode::forbidden,
                   to.place() + " is not among the allowed hosts. Allow it under Settings, Webhooks.");
    if (!host)
      return error(ErrorCode::forbidden, "The server sends us on to " + to.place() +
                                             ", which is not among the allowed hosts. Allow it under Settings, "
                                             "Webhooks, if you trust it.");
    // Whoever is outside has no say in what is asked in the shop's own network.
    if (host->private_network && from_outside)
      return error(
          ErrorCode::forbidden,
          "The server sends us on to " + to.place() +
              ", which is in the shop's own network; no other server is followed there. Give its own address.");
    from_outside = from_outside || !host->private_network;
    // Nobody else is shown who asks; and once another server has had a say, it does not choose what we sign in for.
    at_home = at_home && to.place() == home;
    const auto left =
        kFetchTime - std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    http::Outbound request{.host = to.host,
                           .port = to.port,
                           .target = to.target,
                           .headers = {{"user-agent", "ProductFlow"}, {"accept", "*/*"}},
                           .body = {},
                           .authority = host->authority,
                           .private_network = host->private_network,
                           .time = std::max(left, std::chrono::milliseconds{1}),
                           .silence = kFetchSilence};
    if (!schedule.known.empty()) request.headers.emplace_back("if-none-match", schedule.known);
    if (!schedule.known_since.empty()) request.headers.emplace_back("if-modified-since", schedule.known_since);
    const bool signs_in = at_home && !login.empty();
    if (signs_in) request.headers.emplace_back("authorization", login);
    PF_LET(auto answer, fetch_(request, stop_, sink));
    const Asked asked{.signed_in = signs_in, .elsewhere = at_home ? std::string() : to.place(), .home = home};
    if (auto why = not_let_in(answer, asked)) return *std::move(why);
    const std::string* const location = http::find_header(answer.headers, "location");
    if (!is_redirect(answer.status) || location == nullptr) return answer;
    if (redirects == kRedirectsMax)
      return error(ErrorCode::unavailable, "The server sends us on more than " + std::to_string(kRedirectsMax) +
                                               " times. Look where the address leads to, and change it.");
    auto next = webhooks::redirected(to, *location);
    if (!next.ok())
      return error(ErrorCode::unavailable,
                   "The server sends us on (" + std::to_string(answer.status) +
                       ") to an address that is not followed: it must begin with https:// and hold no user and "
                       "password. Ask whoever runs it.");
    to = *std::move(next);
  }
}

Result<Schedules::Outcome> Schedules::read_address(const Schedule& schedule, const std::string& login) {
  PF_LET(const auto to, webhooks::destination_of(schedule.url));
  std::error_code failed;
  files::create_directories(fetched_, failed);
  const files::path file = fetched_ / schedule.id;
  files::remove(file, failed);
  const auto gone = std::shared_ptr<void>(nullptr, [file](void*) {
    std::error_code ignored;
    files::remove(file, ignored);
  });
  std::ofstream saved(file, std::ios::binary);
  std::uint64_t bytes = 0;
  bool too_slow = false;
  std::uint64_t seconds = 0;  // since the first of them
  std::optional<Moment> first;
  const auto keep = [&](std::string_view piece) {
    bytes += piece.size();
    if (!first) first = std::chrono::steady_clock::now();
    seconds = static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - *first).count());
    too_slow = seconds >= static_cast<std::uint64_t>(kFetchPatience.count()) && bytes / seconds < kFetchBytesPerSecond;
    if (bytes > kImportFileBytesMax || too_slow) return false;
    saved.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    return saved.good();
  };
  const auto fetched = fetch_file(schedule, login, to, keep);
  if (bytes > kImportFileBytesMax)
    return error(ErrorCode::too_large, "The file is larger than " + std::to_string(kImportFileBytesMax >> 20) +
                                           " MiB. Ask for it in parts, each at an address of its own.");
  if (too_slow)
    return error(ErrorCode::unavailable, "The server sends too slowly: " + std::to_string(bytes) + " bytes in " +
                                             std::to_string(seconds) + " seconds. Ask whoever runs it.");
  if (!saved) return error(ErrorCode::unavailable, "The file could not be kept. Make sure that the disk has space.");
  if (!fetched.ok() && bytes > 0)
    return error(fetched.error().code, fetched.error().message + " " + std::to_string(bytes) +
                                           " bytes had come; nothing of them was imported.");
  PF_LET(const auto answer, fetched);
  saved.close();
  // Not what a server sends back of what it was sent: it is kept, and told.
  const std::string secret = login.substr(std::min(login.size(), login.find(' ') + 1));
  const auto header = [&](const char* of) {
    const std::string* value = http::find_header(answer.headers, of);
    if (value == nullptr || value->size() > 500) return std::string();
    const bool echoes = !secret.empty() && lower_ascii(*value).find(lower_ascii(secret)) != std::string::npos;
    return echoes ? std::string() : *value;
  };
  if (answer.status == 304)
    return Outcome{.status = "unchanged",
                   .message = "The file has not changed since the last time.",
                   .known = schedule.known,
                   .known_since = schedule.known_since};
  if (answer.status != 200)
    return error(ErrorCode::unavailable, "The server answered " + std::to_string(answer.status) +
                                             ". Look whether the address still holds, and ask whoever runs it.");
  if (!saved) return error(ErrorCode::unavailable, "The file could not be kept. Make sure that the disk has space.");
  // What is packed with gzip is read as such a file is.
  if (const std::string coding = lower_ascii(header("content-encoding"));
      !coding.empty() && coding != "identity" && coding != "gzip" && coding != "x-gzip")
    return error(ErrorCode::unsupported, "The server packs the file in a way that was not asked for (" + coding +
                                             "). It may be sent as it is, or packed with gzip.");
  std::string name = to.target.substr(0, to.target.find('?'));
  name = name.substr(name.rfind('/') + 1);
  PF_LET(const auto job, import_file(schedule, file, name.empty() ? to.host : name));
  if (job.status != "done") return error(ErrorCode::invalid, job.message);
  if (job.counts.refused > 0)
    return error(ErrorCode::invalid,
                 counted(job) + ". The import " + std::to_string(job.id) + " names each refused row.");
  return Outcome{
      .status = "done", .message = counted(job), .known = header("etag"), .known_since = header("last-modified")};
}

}  // namespace pf::jobs
