// Schedules: when the next run is, and what a run does with folders and addresses.
#include "jobs/schedules.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <mutex>
#include <thread>

#include "exchange/shop.h"
#include "jobs/feed_login.h"

using namespace pf;
using namespace pf::test;

namespace {

namespace files = std::filesystem;

struct ScheduledShop : ImportShop {
  std::unique_ptr<exchange::Profiles> profiles;
  std::unique_ptr<jobs::Imports> imports;
  std::unique_ptr<webhooks::Webhooks> hooks;
  std::unique_ptr<rules::Rules> rules;
  std::unique_ptr<jobs::Edits> edits;
  std::unique_ptr<jobs::SavedMappings> mappings;
  std::string pepper = std::string(32, 'p');
  // The server that a schedule fetches from.
  std::mutex mutex;
  std::string served = "sku,title\nU-1,One\n", etag = "\"1\"", asked_with;  // guarded by mutex
  std::vector<std::string> signed_in;  // host and authorization of each question, the newest last; the same
  std::string let_in, ways;            // the authorization that is asked for, and by which ways; the same
  std::function<void()> meanwhile;     // happens during the next question, once; the same
  int status = 200;                    // the same
  http::Headers more_headers;          // of its answer; the same
  std::map<std::string, std::pair<int, std::string>> sent_on;  // host and target -> how and where to; the same
  std::unique_ptr<jobs::Schedules> schedules;                  // whose thread asks it: gone first

  static std::vector<storage::Family> more() {
    std::vector<storage::Family> out = jobs::Imports::families();
    for (auto& family : webhooks::Webhooks::families()) out.push_back(std::move(family));
    for (auto& family : rules::Rules::families()) out.push_back(std::move(family));
    return out;
  }
  ScheduledShop() : ImportShop(WithEvents{}, more()) {
    profiles = std::make_unique<exchange::Profiles>(rooms(), *audit, clock);
    imports = std::make_unique<jobs::Imports>(rooms(), *vault, clock, folder.path() / "spool");
    hooks = std::make_unique<webhooks::Webhooks>(*store, *events, *audit, clock, std::string(32, 'p'));
    rules = std::make_unique<rules::Rules>(*store, *products, *orders, *audit, clock);
    edits = std::make_unique<jobs::Edits>(rooms(), *rules, clock);
    mappings = std::make_unique<jobs::SavedMappings>(*store, *audit, clock);
    open();
  }
  void open() {
    schedules = std::make_unique<jobs::Schedules>(
        *profiles, *imports, *mappings, *rules, *edits, *hooks, *audit, clock, pepper, folder.path() / "exchange",
        [this](const http::Outbound& request, const std::atomic<bool>&,
               const http::BodySink& sink) -> Result<http::OutboundAnswer> {
          const std::lock_guard lock(mutex);
          if (meanwhile) std::exchange(meanwhile, nullptr)();
          const std::string* known = http::find_header(request.headers, "if-none-match");
          asked_with = request.host + " " + request.target + " " + (known != nullptr ? *known : "-");
          const std::string* who = http::find_header(request.headers, "authorization");
          signed_in.push_back(request.host + ":" + std::to_string(request.port) + " " + (who != nullptr ? *who : "-"));
          if (const auto on = sent_on.find(request.host + request.target); on != sent_on.end())
            return http::OutboundAnswer{.status = on->second.first, .headers = {{"location", on->second.second}}};
          if (!let_in.empty() && (who == nullptr || *who != let_in))
            return http::OutboundAnswer{.status = 401, .headers = {{"www-authenticate", ways}}};
          if (known != nullptr && *known == etag) return http::OutboundAnswer{.status = 304};
          if (status == 200) sink(served);
          http::OutboundAnswer answer{.status = status,
                                      .headers = {{"etag", etag}, {"location", "https://u:p@b.example/x?signature=s"}}};
          answer.headers.insert(answer.headers.end(), more_headers.begin(), more_headers.end());
          return answer;
        });
    schedules->start();
  }
  exchange::Profile profile() {
    exchange::Profile out;
    out.name = "To the till";
    out.format = "csv";
    out.columns = {{"sku", "[sku]"}, {"title", "[title]"}};
    return *profiles->create(clerk, out);
  }
  jobs::Schedule made(const jobs::Schedule& wanted) {
    const auto done = schedules->create(clerk, wanted);
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    return *done;
  }
  // The newest run, once there are so many.
  jobs::Run after_runs(const std::string& id, std::size_t count) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    for (;;) {
      const auto runs = schedules->runs(store->read(), id);
      REQUIRE(runs.ok());
      if (runs->size() >= count) {
        CHECK(runs->size() == count);
        return runs->front();
      }
      REQUIRE(std::chrono::steady_clock::now() < until);
      std::this_thread::yield();
    }
  }
  jobs::Run ran(const std::string& id) {
    const std::size_t before = schedules->runs(store->read(), id)->size();
    REQUIRE(schedules->run_now(id).ok());
    return after_runs(id, before + 1);
  }
  void put_file(const files::path& path, std::string_view content, std::chrono::seconds age = std::chrono::hours{1}) {
    files::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    const timespec when{std::chrono::floor<std::chrono::seconds>(clock.now() - age).time_since_epoch().count(), 0};
    const timespec both[2] = {when, when};
    REQUIRE(::utimensat(AT_FDCWD, path.c_str(), both, 0) == 0);
  }
  static std::vector<std::string> names_in(const files::path& path) {
    std::vector<std::string> out;
    if (files::exists(path))
      for (const auto& one : files::directory_iterator(path)) out.push_back(one.path().filename().string());
    std::ranges::sort(out);
    return out;
  }
};

std::string next(const jobs::When& when, const char* after) {
  const auto at = jobs::next_time(when, *parse_time(after));
  return at.ok() ? rfc3339(*at) : at.error().message;
}

}  // namespace

TEST_CASE("a schedule by the clock keeps to local time, over the days on which clocks are set too") {
  if (skipped_without("/usr/share/zoneinfo/Europe/Amsterdam")) return;
  const jobs::When daily{.minute_of_day = 150, .time_zone = "Europe/Amsterdam"};  // 02:30
  CHECK(next(daily, "2026-01-15T00:00:00Z") == "2026-01-15T01:30:00Z");
  CHECK(next(daily, "2026-01-15T01:30:00Z") == "2026-01-16T01:30:00Z");
  // The night that has no 02:30: once, an hour later; the night after as ever.
  CHECK(next(daily, "2026-03-28T01:30:00Z") == "2026-03-29T01:30:00Z");
  CHECK(next(daily, "2026-03-29T01:30:00Z") == "2026-03-30T00:30:00Z");
  // The night that has it twice: once, the first time.
  CHECK(next(daily, "2026-10-24T00:30:00Z") == "2026-10-25T00:30:00Z");
  CHECK(next(daily, "2026-10-25T00:30:00Z") == "2026-10-26T01:30:00Z");
  // By half an hour, southwards; to no summer time at all; hours are hours everywhere.
  const jobs::When lord_howe{.minute_of_day = 135, .time_zone = "Australia/Lord_Howe"};  // 02:15
  CHECK(next(lord_howe, "2026-10-03T00:00:00Z") == "2026-10-03T15:45:00Z");              // it is 02:45
  CHECK(next(lord_howe, "2026-10-03T15:45:00Z") == "2026-10-04T15:15:00Z");
  CHECK(next(lord_howe, "2027-04-03T00:00:00Z") == "2027-04-03T15:45:00Z");
  const jobs::When kolkata{.minute_of_day = 150, .time_zone = "Asia/Kolkata"};
  CHECK(next(kolkata, "2027-03-27T21:00:00Z") == "2027-03-28T21:00:00Z");
  CHECK(next({.every_minutes = 60, .time_zone = "America/New_York"}, "2026-11-01T05:30:00Z") == "2026-11-01T06:00:00Z");
  const jobs::When new_york{.minute_of_day = 90, .weekdays = 1u, .time_zone = "America/New_York"};  // Sundays, 01:30
  CHECK(next(new_york, "2026-10-31T12:00:00Z") == "2026-11-01T05:30:00Z");
  CHECK(next(new_york, "2026-11-01T05:30:00Z") == "2026-11-08T06:30:00Z");
  const jobs::When weekly{.minute_of_day = 450, .weekdays = 1u << 1 | 1u << 5, .time_zone = "Europe/Amsterdam"};
  CHECK(next(weekly, "2026-07-15T12:00:00Z") == "2026-07-17T05:30:00Z");  // Friday
  CHECK(next(weekly, "2026-07-17T05:30:00Z") == "2026-07-20T05:30:00Z");  // Monday
}

TEST_CASE("a schedule of minutes counts from midnight") {
  CHECK(next({.every_minutes = 15}, "2026-01-15T10:07:00Z") == "2026-01-15T10:15:00Z");
  CHECK(next({.every_minutes = 15}, "2026-01-15T10:15:00Z") == "2026-01-15T10:30:00Z");
  CHECK(next({.every_minutes = 7}, "2026-01-15T23:58:00Z") == "2026-01-16T00:00:00Z");
  CHECK(next({.every_minutes = 1440}, "2026-01-15T00:00:00Z") == "2026-01-16T00:00:00Z");
  CHECK(next({.minute_of_day = 60, .time_zone = "Nowhere/At_All"}, "2026-01-15T00:00:00Z").find("Nowhere") !=
        std::string::npos);
  CHECK(jobs::minute_of_day("07:30") == 450);
  CHECK(jobs::clock_text(450) == "07:30");
  for (const char* none : {"", "7", "24:00", "12:60", "12:5", "-1:00", "ab:cd"}) CHECK_FALSE(jobs::minute_of_day(none));
}

TEST_CASE("an export is written into its folder, not again while nothing changed, and so many are kept") {
  ScheduledShop shop;
  shop.import("sku,title\nA,First\n");
  jobs::Schedule wanted;
  wanted.name = "Till";
  wanted.when.every_minutes = 60;
  wanted.profile = shop.profile().id;
  wanted.folder = "shop/till";
  const auto one = shop.made(wanted);
  const files::path out = shop.folder.path() / "exchange" / "out" / "shop" / "till";
  CHECK(shop.ran(one.id).status == "done");
  CHECK(content_of(out / "to-the-till.csv") == "sku,title\r\nA,First\r\n");
  CHECK(shop.ran(one.id).status == "unchanged");
  shop.import("sku,title\nA,Second\n");
  CHECK(shop.ran(one.id).status == "done");
  CHECK(content_of(out / "to-the-till.csv") == "sku,title\r\nA,Second\r\n");
  CHECK(shop.names_in(out) == std::vector<std::string>{"to-the-till.csv"});

  wanted.keep = 2;
  wanted.folder.clear();
  const auto kept = shop.made(wanted);
  for (int i = 0; i < 4; ++i) {
    shop.clock.pass(std::chrono::seconds{90});
    shop.import("sku,title\nA,Change " + std::to_string(i) + "\n");
    CHECK(shop.ran(kept.id).status == "done");
  }
  const auto names = shop.names_in(shop.folder.path() / "exchange" / "out");
  CHECK(names.size() == 3);  // two files and the other's folder
  CHECK(content_of(shop.folder.path() / "exchange" / "out" / names[2]).find("Change 3") != std::string::npos);
}

TEST_CASE("a folder never lies outside, whatever it is called and whatever is a link") {
  ScheduledShop shop;
  for (const char* name :
       {"..", "../x", "a/../../b", "/etc", "a//b", ".hidden", "a/.b", "a b", "a\nb", "done", "x/refused"})
    CHECK_FALSE_MESSAGE(jobs::ExchangeFolder::check_name(name).ok(), name);
  jobs::Schedule wanted;
  wanted.name = "x";
  wanted.when.every_minutes = 60;
  wanted.profile = shop.profile().id;
  wanted.folder = "../../x";
  CHECK_FALSE(shop.schedules->create(shop.clerk, wanted).ok());
  wanted.folder = "away";
  const files::path root = shop.folder.path() / "exchange" / "out";
  files::create_directories(root);
  files::create_directories(shop.folder.path() / "elsewhere");
  files::create_directory_symlink(shop.folder.path() / "elsewhere", root / "away");
  const auto run = shop.ran(shop.made(wanted).id);
  CHECK(run.status == "failed");
  CHECK_MESSAGE(run.message.find("is a link") != std::string::npos, run.message);
  CHECK(shop.names_in(shop.folder.path() / "elsewhere").empty());
}

TEST_CASE("files in a watched folder are read when they are complete, and go where they belong with a report") {
  ScheduledShop shop;
  jobs::Schedule wanted;
  wanted.name = "Supplier";
  wanted.task = jobs::Task::import_folder;
  wanted.when.every_minutes = 60;
  wanted.folder = "supplier";
  const auto one = shop.made(wanted);
  const files::path in = shop.folder.path() / "exchange" / "in" / "supplier";
  CHECK(shop.ran(one.id).status == "unchanged");
  shop.put_file(in / "d.csv", "sku,title\nF-5,Fi", std::chrono::seconds{1});
  CHECK(shop.ran(one.id).message.find("still being written") != std::string::npos);
  shop.put_file(in / "a.csv", "sku,title\nF-1,One\nF-2,Two\n");
  shop.put_file(in / "b.csv", "sku,title\nF-3,Three\n,Nameless\n");
  shop.put_file(in / "c.csv.part", "sku,title\nF-4,Four\n");
  const std::string long_name = "f" + std::string(246, 'x') + ".csv";
  shop.put_file(in / long_name, "sku,title\nF-6,Six\n");
  files::create_symlink(shop.folder.path() / "elsewhere.csv", in / "g.csv");
  // Quiet for an hour, and its writer is still there.
  shop.put_file(in / "e.csv", "sku,title\nF-4,Fo");
  const int writer = ::open((in / "e.csv").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  REQUIRE(writer >= 0);
  const auto run = shop.ran(one.id);
  CHECK(run.status == "failed");
  CHECK_MESSAGE(run.message.find("b.csv: 2 rows: 1 created") != std::string::npos, run.message);
  CHECK_MESSAGE(run.message.find("Taken: a.csv: 2 rows: 2 created") != std::string::npos, run.message);
  CHECK_MESSAGE(run.message.find("g.csv: is a link") != std::string::npos, run.message);
  ::close(writer);
  for (const char* sku : {"F-1", "F-2", "F-3", "F-6"}) CHECK(shop.has(sku));
  for (const char* sku : {"F-4", "F-5"}) CHECK_FALSE(shop.has(sku));
  CHECK(shop.names_in(in) == std::vector<std::string>{"c.csv.part", "d.csv", "done", "e.csv", "g.csv", "refused"});
  REQUIRE(shop.names_in(in / "done").size() == 4);
  REQUIRE(shop.names_in(in / "refused").size() == 2);
  const auto report = json::parse(content_of(in / "refused" / shop.names_in(in / "refused")[1]));
  REQUIRE(report.ok());
  CHECK(report->find("refused_rows")->as_array()->size() == 1);
  // What takes a file's place while it is read is not put away with it.
  const jobs::ExchangeFolder folder(shop.folder.path() / "exchange");
  const int read = ::open((in / "e.csv").c_str(), O_RDONLY | O_CLOEXEC);
  const auto was = jobs::ExchangeFolder::content_of(read);
  ::close(read);
  shop.put_file(in / "e.csv", "sku,title\nF-7,Seven\n");
  using PutAway = jobs::ExchangeFolder::PutAway;
  CHECK((*folder.put_away(in / "e.csv", was, "done", shop.clock.now(), "") == PutAway::changed));
  CHECK(files::exists(in / "e.csv"));
  CHECK((*folder.put_away(in / "none.csv", was, "done", shop.clock.now(), "") == PutAway::gone));
  // What was not complete is looked at again soon, not in an hour.
  const auto now = shop.schedules->find(shop.store->read(), one.id);
  CHECK(*now->next_at <= shop.clock.now() + std::chrono::seconds{15});
  // Told once, however often it fails.
  std::size_t told = 0;
  const auto events = *shop.events->after(shop.store->read(), 0, 1'000);
  for (const auto& event : events) told += event.type == "schedule.failed";
  CHECK(told == 1);
  CHECK(shop.schedules->failing() == 1);
}

TEST_CASE("however much there is to tell of a folder, a run tells little, and is kept") {
  ScheduledShop shop;
  jobs::Schedule wanted;
  wanted.name = "Links";
  wanted.task = jobs::Task::import_folder;
  wanted.when.every_minutes = 60;
  wanted.folder = "links";
  const auto one = shop.made(wanted);
  const files::path in = shop.folder.path() / "exchange" / "in" / "links";
  files::create_directories(in);
  for (std::size_t i = 0; i < jobs::kLinksToldMax + 7; ++i)
    files::create_symlink("/elsewhere", in / ("link-" + std::to_string(100 + i)));
  const auto run = shop.ran(one.id);
  CHECK_MESSAGE(run.message.starts_with("link-100, link-101, "), run.message);
  CHECK_MESSAGE(run.message.find("link-119 and 7 more: are links, which") != std::string::npos, run.message);
  for (std::size_t i = 0; i < jobs::kRunMessageBytesMax / 200; ++i)  // each refused, with a name of that length
    shop.put_file(in / (std::to_string(100 + i) + std::string(193, 'x') + ".csv"), "");
  const auto long_run = shop.ran(one.id);
  CHECK(long_run.message.size() <= jobs::kRunMessageBytesMax);
  CHECK(long_run.message.ends_with(" ..."));
}

TEST_CASE("a file at an address is fetched from an allowed host alone, and costs nothing while it is the same") {
  ScheduledShop shop;
  jobs::Schedule wanted;
  wanted.name = "Feed";
  wanted.task = jobs::Task::import_url;
  wanted.when.every_minutes = 60;
  wanted.url = "https://files.example.com/list.csv?x=1";
  const auto refused = shop.schedules->create(shop.clerk, wanted);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().faults[0].field == "url");
  REQUIRE(shop.hooks->allow(shop.clerk, {.place = "files.example.com"}).ok());
  const auto one = shop.made(wanted);
  CHECK(shop.ran(one.id).status == "done");
  CHECK(shop.has("U-1"));
  CHECK(shop.ran(one.id).status == "unchanged");
  {
    const std::lock_guard lock(shop.mutex);
    CHECK(shop.asked_with == "files.example.com /list.csv?x=1 \"1\"");
    shop.served = "sku,title\nU-2,Two\n";
    shop.etag = "\"2\"";
  }
  CHECK(shop.ran(one.id).status == "done");
  CHECK(shop.has("U-2"));
  for (const int status : {302, 404, 500}) {
    {
      const std::lock_guard lock(shop.mutex);
      shop.status = status;
      shop.etag = "\"3\"";
    }
    const auto run = shop.ran(one.id);
    CHECK(run.status == "failed");
    CHECK_MESSAGE(run.message.find(std::to_string(status)) != std::string::npos, run.message);
    CHECK(run.message.find("b.example") == std::string::npos);  // a place that holds a password
  }
  REQUIRE(shop.hooks->forbid(shop.clerk, "files.example.com").ok());
  CHECK(shop.ran(one.id).message.find("not among the allowed hosts") != std::string::npos);
  CHECK(shop.names_in(shop.folder.path() / "exchange" / ".fetched").empty());
}

TEST_CASE("a feed's redirects are followed to allowed hosts over https alone, and not for ever") {
  ScheduledShop shop;
  jobs::Schedule wanted;
  wanted.name = "Feed";
  wanted.task = jobs::Task::import_url;
  wanted.when.every_minutes = 60;
  wanted.url = "https://files.example.com/feeds/list.csv?x=1";
  REQUIRE(shop.hooks->allow(shop.clerk, {.place = "files.example.com"}).ok());
  const auto one = shop.made(wanted);
  const auto sends = [&](std::map<std::string, std::pair<int, std::string>> on, const std::string& etag) {
    const std::lock_guard lock(shop.mutex);
    shop.sent_on = std::move(on);
    shop.etag = etag;
  };
  const std::string start = "files.example.com/feeds/list.csv?x=1";
  int etag = 10;
  for (const int status : {301, 302, 303, 307, 308}) {
    sends({{start, {status, "list2.csv#top"}}, {"files.example.com/feeds/list2.csv", {status, "/last?token=s"}}},
          std::to_string(++etag));
    const auto run = shop.ran(one.id);
    CHECK_MESSAGE(run.status == "done", run.message);
    const std::lock_guard lock(shop.mutex);
    CHECK(shop.asked_with.starts_with("files.example.com /last?token=s "));
  }
  CHECK(shop.has("U-1"));
  // What it was the last time is asked for where it lies now.
  CHECK(shop.ran(one.id).status == "unchanged");
  const auto fails = [&](const std::string& location, const std::string& why) {
    sends({{start, {302, location}}}, std::to_string(++etag));
    const auto run = shop.ran(one.id);
    CHECK_MESSAGE(run.status == "failed", location);
    CHECK_MESSAGE(run.message.find(why) != std::string::npos, run.message);
    CHECK(run.message.find("secret") == std::string::npos);
    const std::lock_guard lock(shop.mutex);
    CHECK(shop.asked_with.starts_with("files.example.com /feeds/"));
  };
  fails("https://other.example.net/list.csv?token=secret", "sends us on to other.example.net, which is not among");
  fails("//other.example.net/secret", "sends us on to other.example.net");
  fails("https://files.example.com:8443/secret", "sends us on to files.example.com:8443");
  fails("http://files.example.com/secret", "not followed: it must begin with https://");
  fails("file:///etc/secret", "must begin with https://");
  fails("https://me:secret@files.example.com/x", "hold no user and password");
  fails("https://169.254.169.254/secret", "sends us on to 169.254.169.254, which is not among");
  fails("/feeds/list.csv?x=1", "more than 5 times");
  // A host that is allowed may be on the way.
  REQUIRE(shop.hooks->allow(shop.clerk, {.place = "other.example.net"}).ok());
  sends({{start, {302, "https://other.example.net/list.csv"}}}, "\"moved\"");
  CHECK(shop.ran(one.id).status == "done");
  // A redirect that does not say where to is an answer like any other.
  {
    const std::lock_guard lock(shop.mutex);
    shop.sent_on.clear();
    shop.status = 300;
    shop.etag = "\"300\"";
  }
  CHECK(shop.ran(one.id).message.find("answered 300") != std::string::npos);
}

namespace {

struct ProtectedFeed : ScheduledShop {
  jobs::Schedule wanted;
  // "Aladdin:open sesame", the example of RFC 7617.
  static constexpr const char* kPassword = "open sesame";
  static constexpr const char* kLogin = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";

  ProtectedFeed() {
    wanted.name = "Price list";
    wanted.task = jobs::Task::import_url;
    wanted.when.every_minutes = 60;
    wanted.url = "https://files.example.com/list.csv";
    wanted.username = " Aladdin";
    let_in = kLogin;
    ways = "Basic realm=\"prices\"";
    for (const char* place : {"files.example.com", "files.example.com:8443", "other.example.net"})
      REQUIRE(hooks->allow(clerk, {.place = place}).ok());
  }
  static jobs::Schedules::NewPassword typed(std::string_view text) { return crypto::SecretBytes::copy_of(text); }
  jobs::Schedule with_password() {
    const auto done = schedules->create(clerk, wanted, typed(kPassword));
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    return *done;
  }
  // Of the newest question.
  std::string shown() {
    const std::lock_guard lock(mutex);
    return signed_in.empty() ? "" : signed_in.back();
  }
  std::vector<std::string> questions() {
    const std::lock_guard lock(mutex);
    return std::exchange(signed_in, {});
  }
  void sends_on(std::map<std::string, std::pair<int, std::string>> on) {
    const std::lock_guard lock(mutex);
    sent_on = std::move(on);
  }
  // All that the store holds of jobs, of the audit log and of events.
  std::string stored() {
    std::string out;
    const auto read = store->read();
    for (const char* family : {"jobs", "audit", "events", "webhooks"})
      for (auto row = read.scan_prefix(store->family(family), ""); row.valid(); row.next())
        out.append(row.key()).append(row.value());
    return out;
  }
};

}  // namespace

TEST_CASE("a feed that asks for a user and a password is given both, which nobody is shown") {
  ProtectedFeed shop;
  const auto open = shop.made(shop.wanted);
  auto run = shop.ran(open.id);
  CHECK_MESSAGE(run.message.starts_with("The server refuses the user name or the password (401)."), run.message);
  CHECK(shop.shown() == "files.example.com:443 Basic QWxhZGRpbjo=");  // a name alone is one with an empty password
  REQUIRE(shop.schedules->remove(shop.clerk, open.id).ok());

  const auto one = shop.with_password();
  CHECK(one.username == "Aladdin");
  CHECK(one.password_for == "files.example.com");
  run = shop.ran(one.id);
  CHECK_MESSAGE(run.status == "done", run.message);
  CHECK(shop.has("U-1"));
  CHECK(shop.shown() == std::string("files.example.com:443 ") + shop.kLogin);
  CHECK(shop.ran(one.id).status == "unchanged");
  CHECK(shop.stored().find(shop.kPassword) == std::string::npos);
  CHECK(shop.stored().find(shop.kLogin) == std::string::npos);
  CHECK(shop.stored().find(R"("password":"given")") != std::string::npos);  // in the audit log

  // It outlives a restart and a change of what else there is; another takes its place, an empty one removes it.
  shop.schedules.reset();
  shop.open();
  auto again = shop.wanted;
  again.name = "Renamed";
  again.url = "https://files.example.com/other.csv";
  REQUIRE(shop.schedules->change(shop.clerk, one.id, again).ok());
  run = shop.ran(one.id);
  CHECK_MESSAGE(run.status == "done", run.message);
  REQUIRE(shop.schedules->change(shop.clerk, one.id, again, shop.typed("wrong")).ok());
  CHECK(shop.ran(one.id).message.find("refuses the user name or the password (401)") != std::string::npos);
  CHECK(shop.shown() == "files.example.com:443 Basic QWxhZGRpbjp3cm9uZw==");
  again.username.clear();
  REQUIRE(shop.schedules->change(shop.clerk, one.id, again, shop.typed("")).ok());
  CHECK(shop.schedules->find(shop.store->read(), one.id)->password_for.empty());
  CHECK(shop.ran(one.id).message.starts_with("The server wants a user name and a password (401). Enter them"));
  CHECK(shop.shown() == "files.example.com:443 -");
  CHECK(shop.stored().find(R"("password":"removed")") != std::string::npos);
  CHECK(shop.stored().find("y" + one.id) == std::string::npos);
}

TEST_CASE("a password that is kept goes to no other host, port, task or schedule") {
  ProtectedFeed shop;
  const auto one = shop.with_password();
  for (const char* elsewhere : {"https://other.example.net/list.csv", "https://files.example.com:8443/list.csv"}) {
    auto moved = shop.wanted;
    moved.url = elsewhere;
    moved.password_for = "other.example.net";  // whoever calls cannot say that it is for there
    const auto refused = shop.schedules->change(shop.clerk, one.id, moved);
    REQUIRE_FALSE(refused.ok());
    REQUIRE(refused.error().faults.size() == 1);
    CHECK(refused.error().faults[0].field == "password");
    CHECK(refused.error().faults[0].message.find("is for files.example.com and goes nowhere else") !=
          std::string::npos);
    CHECK(shop.schedules->find(shop.store->read(), one.id)->url == shop.wanted.url);
    // Nor does a new schedule say what it has.
    const auto fresh = shop.schedules->create(shop.clerk, moved);
    REQUIRE(fresh.ok());
    CHECK(fresh->password_for.empty());
    REQUIRE(shop.schedules->remove(shop.clerk, fresh->id).ok());
  }
  // Sent again, or removed, it may move.
  auto moved = shop.wanted;
  moved.url = "https://other.example.net/list.csv";
  CHECK(shop.schedules->change(shop.clerk, one.id, moved, shop.typed("another"))->password_for == "other.example.net");
  moved.url = shop.wanted.url;
  CHECK(shop.schedules->change(shop.clerk, one.id, moved, shop.typed(""))->password_for.empty());

  // Another task forgets it.
  const auto two = shop.with_password();
  auto folder = shop.wanted;
  folder.task = jobs::Task::import_folder;
  CHECK_FALSE(shop.schedules->change(shop.clerk, two.id, folder, shop.typed("more")).ok());
  const auto forgot = shop.schedules->change(shop.clerk, two.id, folder);
  REQUIRE(forgot.ok());
  CHECK(forgot->username.empty());
  CHECK(forgot->password_for.empty());
  CHECK(shop.stored().find("y" + two.id) == std::string::npos);

  // A record that somebody changed behind our back opens nothing: neither another place, nor another schedule's.
  const auto three = shop.with_password(), four = shop.with_password();
  const auto family = shop.store->family("jobs");
  const auto alter = [&](const std::string& key, const std::string& value) {
    REQUIRE(shop.store
                ->write([&](storage::Write& work) -> Result<> {
                  work.put(family, key, value);
                  return {};
                })
                .ok());
  };
  std::string record = **shop.store->read().get(family, "w" + three.id);
  for (std::size_t at = 0; (at = record.find("files.example.com", at)) != std::string::npos; at += 5)
    record.replace(at, std::string_view("files.example.com").size(), "other.example.net");
  alter("w" + three.id, record);
  const auto gone = "The password of this schedule cannot be opened any more. Enter it anew.";
  shop.questions();
  CHECK(shop.ran(three.id).message == gone);
  alter("y" + four.id, **shop.store->read().get(family, "y" + three.id));
  CHECK(shop.ran(four.id).message == gone);
  alter("y" + four.id, "short");
  CHECK(shop.ran(four.id).message == gone);
  CHECK(shop.questions().empty());
  // Nor does the store by itself, under another installation's key.
  const auto five = shop.with_password();
  shop.schedules.reset();
  shop.pepper = std::string(32, 'q');
  shop.open();
  CHECK(shop.ran(five.id).message == gone);
}

TEST_CASE("a schedule that was changed while another ran is run as it is now, and not when it was switched off") {
  ProtectedFeed shop;
  shop.wanted.name = "A";
  const auto first = shop.with_password();
  shop.wanted.name = "B";
  const auto second = shop.with_password();
  auto moved = shop.wanted;
  moved.url = "https://other.example.net/list.csv";
  {
    const std::lock_guard lock(shop.mutex);
    shop.meanwhile = [&] {
      CHECK(shop.schedules->change(shop.clerk, second.id, moved, shop.typed("another")).ok());
      CHECK(shop.schedules->run_now(second.id).ok());
    };
  }
  shop.ran(first.id);
  const auto run = shop.after_runs(second.id, 1);
  CHECK_MESSAGE(run.message.starts_with("The server refuses the user name or the password (401)."), run.message);
  const auto asked = shop.questions();
  REQUIRE(asked.size() == 2);
  CHECK(asked[1] == "other.example.net:443 " + jobs::basic_authorization("Aladdin", "another"));
  // Asked for, and switched off before its turn.
  moved.enabled = false;
  {
    const std::lock_guard lock(shop.mutex);
    shop.meanwhile = [&] {
      CHECK(shop.schedules->run_now(second.id).ok());
      CHECK(shop.schedules->change(shop.clerk, second.id, moved).ok());
    };
  }
  shop.ran(first.id);
  shop.ran(first.id);  // its turn has passed
  CHECK(shop.schedules->runs(shop.store->read(), second.id)->size() == 1);
  // Due with the other, and put off by a change.
  moved.enabled = true;
  REQUIRE(shop.schedules->change(shop.clerk, second.id, moved).ok());
  {
    const std::lock_guard lock(shop.mutex);
    shop.meanwhile = [&] { CHECK(shop.schedules->change(shop.clerk, second.id, moved).ok()); };
    shop.clock.pass(std::chrono::hours{2});
  }
  shop.wanted.name = "C";  // which comes after it: once this has run, its turn has passed
  shop.ran(shop.with_password().id);
  CHECK(shop.schedules->runs(shop.store->read(), second.id)->size() == 1);
}

TEST_CASE("a server that sends us on takes no password with it, nor back") {
  ProtectedFeed shop;
  const auto one = shop.with_password();
  const std::string home = std::string("files.example.com:443 ") + shop.kLogin;
  // On the same host it goes along.
  shop.sends_on({{"files.example.com/list.csv", {302, "/moved.csv"}}});
  auto run = shop.ran(one.id);
  CHECK_MESSAGE(run.status == "done", run.message);
  CHECK(shop.questions() == std::vector<std::string>{home, home});
  // To another host or port it does not, which wants one in vain.
  for (const auto& [to, place] : {std::pair("https://other.example.net/list.csv", "other.example.net"),
                                  std::pair("https://files.example.com:8443/there.csv", "files.example.com:8443")}) {
    shop.sends_on({{"files.example.com/list.csv", {302, to}}});
    run = shop.ran(one.id);
    CHECK_MESSAGE(run.message.starts_with(std::string("The server sends us on to ") + place +
                                          ", which wants a user name and a password (401)."),
                  run.message);
    const auto asked = shop.questions();
    REQUIRE(asked.size() == 2);
    CHECK(asked[0] == home);
    CHECK(asked[1].ends_with(" -"));
  }
  // And whoever sends us back does not choose what is asked for in our name.
  shop.sends_on({{"files.example.com/list.csv", {302, "https://other.example.net/x"}},
                 {"other.example.net/x", {302, "https://files.example.com/private"}}});
  run = shop.ran(one.id);
  CHECK(run.status == "failed");
  const auto asked = shop.questions();
  REQUIRE(asked.size() == 3);
  CHECK(asked[2] == "files.example.com:443 -");
  CHECK_MESSAGE(run.message.starts_with("Another server sends us back to files.example.com, which wants a user name "
                                        "and a password (401)."),
                run.message);
}

TEST_CASE("what a server sends back of what signed us in is neither kept nor told") {
  ProtectedFeed shop;
  const auto one = shop.with_password();
  const std::string secret = std::string(shop.kLogin).substr(6);
  {
    const std::lock_guard lock(shop.mutex);
    shop.etag = "\"" + secret + "\"";
    shop.more_headers = {{"last-modified", "Mon " + secret}};
  }
  CHECK(shop.ran(one.id).status == "done");
  CHECK(shop.stored().find(secret) == std::string::npos);
  {
    const std::lock_guard lock(shop.mutex);
    shop.more_headers = {{"content-encoding", "x" + secret}};
  }
  shop.ran(one.id);
  CHECK(lower_ascii(shop.stored()).find(lower_ascii(secret)) == std::string::npos);
  // Without it they are kept.
  {
    const std::lock_guard lock(shop.mutex);
    shop.etag = "\"version 7\"";
    shop.more_headers.clear();
  }
  CHECK(shop.ran(one.id).status == "done");
  CHECK(shop.stored().find("version 7") != std::string::npos);
}

TEST_CASE("a server that lets nobody in is told with what to do now") {
  ProtectedFeed shop;
  const auto answers = [&](int status, const std::string& ways) {
    const std::lock_guard lock(shop.mutex);
    shop.status = status;
    shop.ways = ways;
    shop.let_in = status == 401 ? "Digest x" : "";
    shop.etag = "\"" + std::to_string(status) + ways + "\"";
  };
  auto nobody = shop.wanted;
  nobody.username.clear();
  const auto open = shop.made(nobody), known = shop.with_password();
  answers(403, "");
  CHECK(shop.ran(open.id).message ==
        "The server refuses the file (403). If it wants a user name and a password, enter them in the schedule; else "
        "ask whoever runs it.");
  CHECK(shop.ran(known.id).message.starts_with("The server refuses this file to the user of the schedule (403)."));
  shop.sends_on({{"files.example.com/list.csv", {302, "https://other.example.net/expired.csv"}}});
  CHECK(
      shop.ran(known.id).message ==
      "The server sends us on to other.example.net, which refuses the file (403); no user name and password go there. "
      "Ask whoever runs it for an address that holds.");
  shop.sends_on({});
  answers(407, "");
  CHECK(shop.ran(known.id).message.starts_with("The server answers as a proxy"));
  answers(401, "Digest realm=\"x\", qop=\"auth\"");
  CHECK(shop.ran(known.id).message.starts_with("The server wants another way of signing in (401)"));
  answers(401, "Negotiate, BASIC realm=\"x\"");
  CHECK(shop.ran(known.id).message.starts_with("The server refuses the user name or the password (401)."));
}

TEST_CASE("a user and a password that no server can be told are refused, each by its field") {
  ProtectedFeed shop;
  const auto faults = [&](const std::string& username, const std::string& password) {
    auto bad = shop.wanted;
    bad.username = username;
    const auto done = shop.schedules->create(shop.clerk, bad, shop.typed(password));
    std::string out;
    if (!done.ok())
      for (const auto& fault : done.error().faults) out += fault.field + ";";
    if (done.ok()) REQUIRE(shop.schedules->remove(shop.clerk, done->id).ok());
    return out;
  };
  CHECK(faults("me:you", "x") == "username;");
  CHECK(faults("me\nyou", "x") == "username;");
  CHECK(faults(std::string(jobs::kFeedUserBytesMax + 1, 'x'), "x") == "username;");
  CHECK(faults("me", "x\r\nx-other: y") == "password;");
  CHECK(faults("me", "x\x7f") == "password;");
  CHECK(faults("me", std::string(jobs::kFeedPasswordBytesMax + 1, 'x')) == "password;");
  CHECK(faults("a:b", std::string(1, '\0')) == "username;password;");
  CHECK(faults(std::string(jobs::kFeedUserBytesMax, 'x'), std::string(jobs::kFeedPasswordBytesMax, 'x')) == "");
  CHECK(faults("J\xC3\xBCrgen", "a:b \xE2\x82\xAC") == "");  // colons and letters of any kind
  // An address that holds both is refused, with where they belong; it is not said again.
  auto bad = shop.wanted;
  bad.url = "https://me:hunter2@files.example.com/list.csv";
  const auto refused = shop.schedules->create(shop.clerk, bad);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().faults[0].field == "url");
  CHECK(refused.error().message.find("as username and password") != std::string::npos);
  CHECK(refused.error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("a schedule of an older ProductFlow, which knew no user and no password, is read as one that has none") {
  ProtectedFeed shop;
  const auto one = shop.made(shop.wanted);
  const auto family = shop.store->family("jobs");
  auto record = *json::parse(**shop.store->read().get(family, "w" + one.id));
  json::Value older{json::Members{}};
  for (const auto& [name, value] : *record.as_object())
    if (name != "username" && name != "password_for") older.set(name, value);
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                work.put(family, "w" + one.id, json::write(older));
                return {};
              })
              .ok());
  const auto read = shop.schedules->find(shop.store->read(), one.id);
  REQUIRE(read.ok());
  CHECK(read->username.empty());
  CHECK(read->password_for.empty());
  CHECK(read->url == shop.wanted.url);
  CHECK(shop.ran(one.id).message.starts_with("The server wants a user name and a password (401)."));
  CHECK(shop.shown() == "files.example.com:443 -");
}

TEST_CASE("runs that were missed while the shop was off are one run at its start") {
  ScheduledShop shop;
  shop.import("sku,title\nA,First\n");
  jobs::Schedule wanted;
  wanted.name = "Nightly";
  wanted.when = {.minute_of_day = 120, .time_zone = "UTC"};
  wanted.profile = shop.profile().id;
  const auto one = shop.made(wanted);
  CHECK(rfc3339(*one.next_at) == "2026-01-15T02:00:00Z");
  shop.schedules.reset();
  shop.clock.pass(std::chrono::days{3});
  shop.open();
  CHECK(shop.after_runs(one.id, 1).status == "done");
  CHECK(rfc3339(*shop.schedules->find(shop.store->read(), one.id)->next_at) == "2026-01-18T02:00:00Z");
  // A clock that was ahead and is put right makes nothing wait for a week.
  shop.schedules.reset();
  shop.clock.set_wall(*parse_time("2026-01-10T12:00:00Z"));
  shop.open();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (rfc3339(*shop.schedules->find(shop.store->read(), one.id)->next_at) != "2026-01-11T02:00:00Z") {
    REQUIRE(std::chrono::steady_clock::now() < until);
    std::this_thread::yield();
  }
  wanted.enabled = false;
  CHECK_FALSE(shop.schedules->change(shop.clerk, one.id, wanted)->next_at);
  CHECK_FALSE(shop.schedules->run_now(one.id).ok());
  REQUIRE(shop.schedules->remove(shop.clerk, one.id).ok());
  CHECK_FALSE(shop.schedules->runs(shop.store->read(), one.id).ok());
}

TEST_CASE("a schedule that cannot be right is refused with every fault at once; files of orders are no schedule's") {
  ScheduledShop shop;
  jobs::Schedule bad;
  bad.when = {.every_minutes = 5'000};
  bad.profile = "none";
  bad.folder = "../x";
  bad.keep = 0;
  const auto faults = [&] {
    std::string out;
    const auto done = shop.schedules->create(shop.clerk, bad);
    REQUIRE_FALSE(done.ok());
    for (const auto& fault : done.error().faults) out += fault.field + ";";
    return out;
  };
  CHECK(faults() == "name;every_minutes;profile;keep;folder;");
  bad.task = jobs::Task::import_folder;
  bad.kind = "order";
  bad.mode = "replace";
  bad.mapping = "[1]";
  CHECK_MESSAGE(faults().starts_with("name;every_minutes;kind;mode;mapping"), faults());
}

TEST_CASE("a schedule's mapping is a saved one: changed there it holds here, and gone it is missed by name") {
  ScheduledShop shop;
  REQUIRE(shop.hooks->allow(shop.clerk, {.place = "files.example.com"}).ok());
  const auto served = [&](std::string_view file, const char* etag) {
    const std::lock_guard lock(shop.mutex);
    shop.served = file;
    shop.etag = etag;
  };
  served(R"({"rows": [{"nr": "M-1", "naam": "One"}, {"nr": "M-2", "naam": "Two"}]})", "\"a\"");
  const std::string text =
      R"({"columns": [{"column": "nr", "to": "sku"}, {"column": "naam", "to": "title"}], "records": "$/rows"})";
  const auto saved = shop.mappings->keep(shop.clerk, "", "Supplier", text);
  REQUIRE(saved.ok());
  const auto twice = shop.mappings->keep(shop.clerk, "", "SUPPLIER", text);
  REQUIRE_FALSE(twice.ok());
  CHECK(twice.error().faults[0].field == "name");
  CHECK_FALSE(shop.mappings->keep(shop.clerk, "", "", "[1]").ok());

  jobs::Schedule wanted;
  wanted.name = "Feed";
  wanted.task = jobs::Task::import_url;
  wanted.when.every_minutes = 60;
  wanted.url = "https://files.example.com/list.json";
  wanted.mapping_id = "0123456789abcdef";
  CHECK(shop.schedules->create(shop.clerk, wanted).error().faults[0].field == "mapping_id");
  wanted.mapping_id = saved->id;
  const auto one = shop.made(wanted);
  CHECK_MESSAGE(shop.ran(one.id).status == "done", shop.ran(one.id).message);
  CHECK(shop.field("M-2", "title") == "Two");

  REQUIRE(shop.mappings
              ->keep(shop.clerk, saved->id, "Supplier",
                     R"({"columns": [{"column": "nr", "to": "sku"}, {"column": "merk", "to": "brand"}]})")
              .ok());
  served(R"([{"nr": "M-1", "merk": "Acme"}])", "\"b\"");
  CHECK(shop.ran(one.id).status == "done");
  CHECK(shop.field("M-1", "brand") == "Acme");
  // What it says of how the file is written is obeyed too.
  REQUIRE(
      shop.mappings
          ->keep(shop.clerk, saved->id, "Supplier", R"({"columns": [], "encoding": "windows-1251", "delimiter": "!"})")
          .ok());
  served("sku!title\nM-1!\xcc\xe8\xf0\n", "\"r\"");
  CHECK_MESSAGE(shop.ran(one.id).status == "done", shop.ran(one.id).message);
  CHECK(shop.field("M-1", "title") == "Мир");
  REQUIRE(shop.mappings->remove(shop.clerk, saved->id).ok());
  served("sku\nX\n", "\"c\"");
  for (int again = 0; again < 2; ++again)
    CHECK(shop.ran(one.id).message.find("mapping of this schedule is gone") != std::string::npos);
  CHECK(shop.names_in(shop.folder.path() / "spool").size() <= 1);  // that of the import before may still be going
}

TEST_CASE("rules are followed on a schedule, for what was there before them, as one job that says what it did") {
  ScheduledShop shop;
  shop.import("sku,title,brand\nR-1,One,Acme\nR-2,Two,Other\nR-3,Three,Acme\n");
  jobs::Schedule wanted;
  wanted.name = "Every night";
  wanted.task = jobs::Task::rules;
  wanted.when = {.minute_of_day = 150, .time_zone = "UTC"};
  wanted.rule = 77;
  CHECK(shop.schedules->create(shop.clerk, wanted).error().faults[0].field == "rule");
  wanted.rule = 0;
  const auto one = shop.made(wanted);
  CHECK(shop.ran(one.id).message == "No rule is in force.");

  const auto body = json::read_fields<rules::RuleBody>(*json::parse(
      R"({"name": "Label", "when": {"conditions": [{"field": "brand", "operator": "eq", "value": "Acme"}]},
          "then": [{"action": "set", "field": "attributes.label", "value": "ours"}]})"));
  REQUIRE(body.ok());
  const auto rule = shop.rules->create(shop.clerk, *body);
  REQUIRE_MESSAGE(rule.ok(), rule.error().message);
  auto run = shop.ran(one.id);
  CHECK(run.status == "done");
  CHECK_MESSAGE(run.message.starts_with("3 products: 2 changed, 0 refused (bulk edit "), run.message);
  CHECK(shop.attribute("R-3", "label") == "ours");
  CHECK(shop.ran(one.id).status == "unchanged");

  wanted.on = "order";
  CHECK(shop.ran(shop.made(wanted).id).message == "No rule is in force.");
  wanted.rule = rule->id;  // which is about products
  CHECK(shop.schedules->create(shop.clerk, wanted).error().faults[0].field == "rule");
}
