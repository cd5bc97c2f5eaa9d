#include "storage/store.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <future>
#include <thread>

#include "support/temp_folder.h"

using namespace pf;
using namespace pf::storage;

namespace {

std::string joining(std::optional<std::string_view> old_value, std::span<const std::string_view> operands) {
  std::string out(old_value.value_or(""));
  for (const auto& operand : operands) out.append(operand);
  return out;
}

struct Shop {
  test::TempFolder folder;
  std::shared_ptr<std::atomic<char>> dead_below = std::make_shared<std::atomic<char>>('\0');
  std::unique_ptr<Store> store;
  FamilyRef things, sealed, joined;

  Shop() { open(); }
  std::vector<Family> families() {
    return {{.name = "things"},
            {.name = "sealed",
             .kind = Family::Kind::sealed,
             .is_dead = [limit = dead_below](std::string_view key) { return !key.empty() && key[0] < limit->load(); },
             .cut_bytes = 1},
            {.name = "joined", .merge = joining}};
  }
  void open(OpenOptions options = {.create_if_missing = true, .free_bytes_reserve = 0}) {
    store.reset();
    auto opened = Store::open(folder.path(), families(), options);
    REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().message));
    store = *std::move(opened);
    things = store->family("things");
    sealed = store->family("sealed");
    joined = store->family("joined");
  }
  Result<> put(FamilyRef family, const std::string& key, const std::string& value) {
    return store->write([&](Write& work) -> Result<> {
      work.put(family, key, value);
      return {};
    });
  }
  std::string get(FamilyRef family, const std::string& key) {
    return (*store->read().get(family, key)).value_or("none");
  }
  std::string keys(const Reader& read, FamilyRef family) {
    std::string all;
    for (auto row = read.scan(family, "", ""); row.valid(); row.next()) all += std::string(row.key()) + " ";
    return all;
  }
  bool on_disk(std::string_view needle) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      if (bytes.find(needle) != std::string::npos) return true;
    }
    return false;
  }
};

// The files as a kill would leave them: nothing flushed, nothing closed. What the store tidies away meanwhile is no
// loss.
void copy_as_killed(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::create_directories(to / "db");
  for (const auto& entry : std::filesystem::directory_iterator(from / "db")) {
    std::error_code vanished;
    std::filesystem::copy_file(entry.path(), to / "db" / entry.path().filename(), vanished);
  }
}

}  // namespace

TEST_CASE("storage: a unit of work is kept whole, or not at all") {
  Shop shop;
  REQUIRE(shop.put(shop.things, "a", "1").ok());
  const auto refused = shop.store->write([&](Write& work) -> Result<> {
    work.put(shop.things, "a", "2");
    work.put(shop.things, "b", "2");
    work.erase(shop.things, "a");
    work.merge(shop.joined, "m", "x");
    return error(ErrorCode::conflict, "changed my mind");
  });
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(shop.get(shop.things, "a") == "1");
  CHECK(shop.get(shop.things, "b") == "none");
  CHECK(shop.get(shop.joined, "m") == "none");
}

TEST_CASE("storage: a unit of work sees its own changes, in points and in walks") {
  Shop shop;
  for (const char* key : {"a", "b", "c", "d"}) REQUIRE(shop.put(shop.things, key, "old").ok());
  REQUIRE(shop.store
              ->write([&](Write& work) -> Result<> {
                work.put(shop.things, "bb", "new");
                work.erase(shop.things, "c");
                work.merge(shop.joined, "m", "x");
                work.merge(shop.joined, "m", "y");
                CHECK(**work.get(shop.things, "bb") == "new");
                CHECK_FALSE(*work.get(shop.things, "c"));
                CHECK(**work.get(shop.joined, "m") == "xy");
                CHECK(shop.keys(work, shop.things) == "a b bb d ");
                CHECK(shop.keys(work, shop.joined) == "m ");
                const auto many = *work.get_many(shop.things, std::vector<std::string>{"d", "c", "bb", "a"});
                CHECK(many[0] == "old");
                CHECK_FALSE(many[1]);
                CHECK(many[2] == "new");
                CHECK(shop.keys(shop.store->read(), shop.things) == "a b c d ");  // others do not see it yet
                work.merge(shop.joined, "m", "z");
                return {};
              })
              .ok());
  CHECK(shop.keys(shop.store->read(), shop.things) == "a b bb d ");
  CHECK(shop.get(shop.joined, "m") == "xyz");
}

TEST_CASE("storage: keys of all kinds are kept and found, whatever order they were touched in") {
  Shop shop;
  std::vector<std::string> keys;
  for (const char* start : {"", "a", "same eight bytes", "same eight bytes and more"})
    for (const std::string& end : {std::string(), std::string("\0", 1), std::string(8, '\0'), std::string("\xff"),
                                   std::string(8, '\xff'), std::string("b"), std::string("b\0c", 3)})
      keys.push_back(start + end);
  for (int i = 0; i < 300; ++i) keys.push_back("same eight bytes " + std::to_string(i * 7 % 300));
  REQUIRE(shop.store
              ->write([&](Write& work) -> Result<> {
                for (const auto& key : keys) {
                  work.put(shop.things, key, "first");
                  work.merge(shop.joined, key, "m");
                }
                for (const auto& key : keys) work.put(shop.things, key, "v" + key);
                for (const auto& key : keys) CHECK(work.get(shop.things, key)->value() == "v" + key);
                for (const auto& key : keys) CHECK(work.get(shop.joined, key)->value() == "m");
                return {};
              })
              .ok());
  for (const auto& key : keys) CHECK(shop.get(shop.things, key) == "v" + key);
  for (const auto& key : keys) CHECK(shop.get(shop.joined, key) == "m");
}

TEST_CASE("storage: what was prepared beside others is kept with what is decided under the lock") {
  Shop shop;
  REQUIRE(shop.put(shop.things, "a", "1").ok());
  int prepared = 0;
  REQUIRE(shop.store
              ->write_prepared(
                  [&](Write& work) -> Result<> {
                    ++prepared;
                    CHECK(work.get(shop.things, "a")->value() == "1");
                    REQUIRE(shop.put(shop.things, "other", "meanwhile").ok());  // nobody waits for us
                    work.put(shop.things, "b", "2");
                    work.merge(shop.joined, "m", "x");
                    return {};
                  },
                  [&](Write& work) -> Result<> {
                    CHECK(work.get(shop.things, "b")->value() == "2");
                    CHECK(work.get(shop.things, "other")->value() == "meanwhile");
                    CHECK(work.get(shop.joined, "m")->value() == "x");
                    work.put(shop.things, "b", "3");
                    work.merge(shop.joined, "m", "y");
                    return {};
                  })
              .ok());
  CHECK(prepared == 1);
  CHECK(shop.get(shop.things, "b") == "3");
  CHECK(shop.get(shop.joined, "m") == "xy");
}

TEST_CASE("storage: what was prepared on records that somebody changed is prepared again, and nothing is lost") {
  Shop shop;
  for (const char* key : {"a", "w1"}) REQUIRE(shop.put(shop.things, key, "1").ok());
  const auto prepared_beside = [&](const std::string& changed, const std::function<std::string(Write&)>& look) {
    int prepared = 0;
    REQUIRE(shop.store
                ->write_prepared(
                    [&](Write& work) -> Result<> {
                      work.put(shop.things, "seen", look(work));
                      if (prepared++ == 0) REQUIRE(shop.put(shop.things, changed, "2").ok());
                      return {};
                    },
                    [](Write&) -> Result<> { return {}; })
                .ok());
    return prepared;
  };
  const auto one = [&](Write& work) { return work.get(shop.things, "a")->value(); };
  const auto many = [&](Write& work) {
    return work.get_many(shop.things, std::vector<std::string>{"a", "none"})->at(1).value_or("nothing");
  };
  const auto walk = [&](Write& work) {
    std::string all;
    for (auto row = work.scan_prefix(shop.things, "w"); row.valid(); row.next()) all += row.key();
    return all;
  };
  CHECK(prepared_beside("b", one) == 1);
  CHECK(prepared_beside("a", one) == 2);
  CHECK(shop.get(shop.things, "seen") == "2");
  CHECK(prepared_beside("none", many) == 2);
  CHECK(shop.get(shop.things, "seen") == "2");
  CHECK(prepared_beside("x", walk) == 1);
  CHECK(prepared_beside("w2", walk) == 2);
  CHECK(shop.get(shop.things, "seen") == "w1w2");
}

TEST_CASE("storage: units that are prepared and units that are not count as if they came one after the other") {
  Shop shop;
  constexpr int kThreads = 4, kEach = 50;
  const auto count_up = [&](Write& work) -> Result<> {
    const int count = std::stoi(work.get(shop.things, "count")->value_or("0"));
    work.put(shop.things, "count", std::to_string(count + 1));
    return {};
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, prepared = t % 2 == 0] {
      for (int i = 0; i < kEach; ++i)
        CHECK((prepared ? shop.store->write_prepared(count_up, [](Write&) -> Result<> { return {}; })
                        : shop.store->write(count_up))
                  .ok());
    });
  for (auto& thread : threads) thread.join();
  CHECK(shop.get(shop.things, "count") == std::to_string(kThreads * kEach));
}

TEST_CASE("storage: a walk keeps to its bounds, in both directions") {
  Shop shop;
  for (const char* key : {"a", "b1", "b2", "b3", "c"}) REQUIRE(shop.put(shop.things, key, key).ok());
  const auto read = shop.store->read();
  auto row = read.scan_prefix(shop.things, "b");
  REQUIRE(row.valid());
  CHECK(row.key() == "b1");
  row.seek("a");  // before the bounds: their start
  CHECK(row.key() == "b1");
  row.seek_for_prev("zz");
  CHECK(row.key() == "b3");
  row.seek_for_prev("b2x");
  CHECK(row.key() == "b2");
  row.prev();
  CHECK(row.key() == "b1");
  row.prev();
  CHECK_FALSE(row.valid());
  CHECK_FALSE(read.scan(shop.things, "b4", "c").valid());
  CHECK(read.scan(shop.things, "c", "").valid());
  const std::string last = "\xff\xff";
  REQUIRE(shop.put(shop.things, last, "end").ok());
  CHECK(shop.store->read().scan_prefix(shop.things, "\xff").valid());
}

TEST_CASE("storage: a walk back in a unit of work stays within its bounds, whatever else the unit wrote") {
  Shop shop;
  for (const char* key : {"b1", "b2", "c1"}) REQUIRE(shop.put(shop.things, key, "kept").ok());
  REQUIRE(shop.store
              ->write([&](Write& work) -> Result<> {
                const auto back = [&] {
                  std::string all;
                  auto row = work.scan(shop.things, "b", "c");
                  for (row.seek_for_prev("c"); row.valid(); row.prev()) all += std::string(row.key()) + " ";
                  return all;
                };
                CHECK(back() == "b2 b1 ");
                for (const char* key : {"a9", "c", "c2"}) work.put(shop.things, key, "new");
                CHECK(back() == "b2 b1 ");
                work.put(shop.things, "b3", "new");
                work.erase(shop.things, "b2");
                CHECK(back() == "b3 b1 ");
                return {};
              })
              .ok());
}

TEST_CASE("storage: a read is a snapshot: what happens later does not reach it") {
  Shop shop;
  REQUIRE(shop.put(shop.things, "a", "1").ok());
  const auto before = shop.store->read();
  REQUIRE(shop.put(shop.things, "a", "2").ok());
  REQUIRE(shop.put(shop.things, "b", "2").ok());
  CHECK(**before.get(shop.things, "a") == "1");
  CHECK_FALSE(*before.get(shop.things, "b"));
  CHECK(shop.keys(before, shop.things) == "a ");
  CHECK(shop.get(shop.things, "a") == "2");
  CHECK(shop.store->figures().reads_open == 1);
}

TEST_CASE("storage: many who read, decide and write at once lose no change, and share their fsyncs") {
  Shop shop;
  REQUIRE(shop.put(shop.things, "count", "0").ok());
  constexpr int kCallers = 16, kRounds = 25;
  const auto before = shop.store->figures();
  std::vector<std::thread> callers;
  std::atomic<int> kept{0};
  for (int caller = 0; caller < kCallers; ++caller)
    callers.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        const auto done = shop.store->write([&](Write& work) -> Result<> {
          const int count = std::stoi(**work.get(shop.things, "count"));
          work.put(shop.things, "count", std::to_string(count + 1));
          return {};
        });
        kept += done.ok();
      }
    });
  for (auto& caller : callers) caller.join();
  CHECK(kept == kCallers * kRounds);
  CHECK(shop.get(shop.things, "count") == std::to_string(kCallers * kRounds));
  const auto after = shop.store->figures();
  CHECK(after.units_kept - before.units_kept == kCallers * kRounds);
  CHECK(after.fsyncs - before.fsyncs < kCallers * kRounds);
}

TEST_CASE("storage: purging while others write neither stops nor loses any of them") {
  Shop shop;
  std::atomic<bool> going{true};
  std::atomic<int> written{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller)
    callers.emplace_back([&, caller] {
      for (int i = 0; going; ++i) {
        const std::string key = std::to_string(caller) + "-" + std::to_string(i);
        const auto done = shop.store->write([&](Write& work) -> Result<> {
          work.put(shop.things, key, "kept");
          work.put(shop.sealed, "z" + key, "kept");
          work.put(shop.sealed, "a" + key, "to be purged");
          return {};
        });
        REQUIRE(done.ok());
        ++written;
      }
    });
  const FamilyRef purged[] = {shop.sealed};
  for (int round = 0; round < 25; ++round) REQUIRE(shop.store->purge_range(purged, "", "b").ok());
  going = false;
  for (auto& caller : callers) caller.join();
  REQUIRE(shop.store->purge_range(purged, "", "b")->clean);
  const auto count = [&](FamilyRef family) {
    int rows = 0;
    const auto read = shop.store->read();
    for (auto row = read.scan(family, "", ""); row.valid(); row.next()) ++rows;
    return rows;
  };
  CHECK(written > 0);
  CHECK(count(shop.things) == written);
  CHECK(count(shop.sealed) == written);
  shop.open();
  CHECK(count(shop.things) == written);
  CHECK(count(shop.sealed) == written);
}

TEST_CASE("storage: what follows a unit of work runs after it is on disk, in order, and not after a refusal") {
  Shop shop;
  std::string order;
  REQUIRE(shop.store
              ->write([&](Write& work) -> Result<> {
                work.put(shop.things, "a", "1");
                work.after_commit([&] { order += shop.get(shop.things, "a"); });
                work.after_commit([&] { order += "2"; });
                return {};
              })
              .ok());
  CHECK(order == "12");
  static_cast<void>(shop.store->write([&](Write& work) -> Result<> {
    work.after_commit([&] { order += "3"; });
    return error(ErrorCode::conflict, "no");
  }));
  CHECK(order == "12");
}

TEST_CASE("storage: a change that is too large is refused whole, by name") {
  Shop shop;
  const std::string piece(1u << 20, 'x');
  const auto refused = shop.store->write([&](Write& work) -> Result<> {
    for (int i = 0; i < 65; ++i) work.put(shop.things, std::to_string(i), piece);
    CHECK(work.bytes() > kUnitBytesMax);
    return {};
  });
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::too_large);
  CHECK(refused.error().message.find("64") != std::string::npos);
  CHECK(shop.keys(shop.store->read(), shop.things).empty());
}

TEST_CASE("storage: what was acknowledged is there after a restart, and after being killed") {
  Shop shop;
  REQUIRE(shop.put(shop.things, "a", "1").ok());
  shop.open();
  CHECK(shop.get(shop.things, "a") == "1");
  REQUIRE(shop.put(shop.things, "b", "2").ok());
  test::TempFolder killed;
  copy_as_killed(shop.folder.path(), killed.path());
  const auto reopened = Store::open(killed.path(), shop.families(), {.free_bytes_reserve = 0});
  REQUIRE(reopened.ok());
  CHECK(**(*reopened)->read().get((*reopened)->family("things"), "b") == "2");
}

TEST_CASE("storage: a second owner of the folder is refused while the first lives, and let in afterwards") {
  Shop shop;
  const auto second = Store::open(shop.folder.path(), shop.families(), {.free_bytes_reserve = 0});
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().code == ErrorCode::conflict);
  CHECK(second.error().message.find("already using") != std::string::npos);
  shop.open();
}

TEST_CASE("storage: a folder without data is refused unless it may be made") {
  test::TempFolder folder;
  const auto missing = Store::open(folder.path() / "shop", {}, {.free_bytes_reserve = 0});
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().code == ErrorCode::not_found);
  CHECK(missing.error().message.find("init") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "shop"));
}

TEST_CASE("storage: a nearly full disk refuses changes and lets reading, signing out and the purge go on") {
  Shop shop;
  REQUIRE(shop.put(shop.things, "a", "1").ok());
  REQUIRE(shop.put(shop.sealed, "a", "1").ok());
  shop.open({.free_bytes_reserve = UINT64_MAX});
  bool ran = false;
  const auto refused = shop.store->write([&](Write&) -> Result<> {
    ran = true;
    return {};
  });
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::storage_full);
  CHECK(refused.error().message.find("Free some space") != std::string::npos);
  CHECK_FALSE(ran);
  CHECK(shop.store->figures().refusing_writes);
  CHECK(shop.get(shop.things, "a") == "1");
  CHECK(shop.store
            ->write_even_when_full([&](Write& work) -> Result<> {
              work.erase(shop.things, "a");
              return {};
            })
            .ok());
  const FamilyRef purged[] = {shop.sealed};
  CHECK(shop.store->purge_range(purged, "", "b").ok());
  CHECK(shop.get(shop.sealed, "a") == "none");
}

TEST_CASE("storage: a new folder is not begun on a disk that is nearly full") {
  test::TempFolder folder;
  const auto refused = Store::open(folder.path(), {}, {.create_if_missing = true, .free_bytes_reserve = UINT64_MAX});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::storage_full);
}

TEST_CASE("storage: data with a part that is not known is refused by its name, and left as it is") {
  Shop shop;
  REQUIRE(shop.put(shop.joined, "a", "1").ok());
  shop.store.reset();
  auto fewer = shop.families();
  fewer.pop_back();
  const auto refused = Store::open(shop.folder.path(), std::move(fewer), {.free_bytes_reserve = 0});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::unsupported);
  CHECK(refused.error().message.find("\"joined\"") != std::string::npos);
  shop.open();
  CHECK(shop.get(shop.joined, "a") == "1");
}

TEST_CASE("storage: data of a newer version is refused, whatever its version says") {
  for (const char* version : {"3", "999999", "two", "1.5", "-", ""}) {
    CAPTURE(version);
    Shop shop;
    REQUIRE(shop.put(shop.store->family("meta"), "format", version).ok());
    shop.store.reset();
    const auto refused = Store::open(shop.folder.path(), shop.families(), {.free_bytes_reserve = 0});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == ErrorCode::unsupported);
    CHECK(refused.error().message.find("newer") != std::string::npos);
  }
}

TEST_CASE("storage: data from before the first release is refused, with a way out") {
  Shop shop;
  REQUIRE(shop.put(shop.store->family("meta"), "format", "1").ok());
  shop.store.reset();
  const auto refused = Store::open(shop.folder.path(), shop.families(), {.free_bytes_reserve = 0});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::unsupported);
  CHECK(refused.error().message.find("Export it") != std::string::npos);
}

TEST_CASE("storage: a purged range leaves tables, log and manifest; its neighbours stay") {
  Shop shop;
  const std::string secret = "c1ph3rt3xt-that-nobody-else-has";
  for (const char day : {'a', 'b', 'c', 'd'})
    for (int i = 0; i < 50; ++i)
      REQUIRE(shop.put(shop.sealed, std::string(1, day) + std::to_string(i), day + secret).ok());
  REQUIRE(shop.store->flush_all().ok());
  for (const char day : {'b', 'c'})
    for (int i = 50; i < 60; ++i)
      REQUIRE(shop.put(shop.sealed, std::string(1, day) + std::to_string(i), day + secret).ok());
  REQUIRE(shop.put(shop.things, "other", "in the same log").ok());
  CHECK(shop.on_disk("b" + secret));
  const FamilyRef purged[] = {shop.sealed};
  const auto figures = shop.store->purge_range(purged, "", "c");
  REQUIRE(figures.ok());
  CHECK(figures->records_dropped == 110);
  CHECK(figures->files_dropped > 0);
  CHECK(figures->bytes_dropped > 0);
  CHECK(figures->clean);
  CHECK_FALSE(shop.on_disk("a" + secret));
  CHECK_FALSE(shop.on_disk("b" + secret));
  CHECK(shop.on_disk("c" + secret));
  CHECK(shop.get(shop.sealed, "a1") == "none");
  CHECK(shop.get(shop.sealed, "c1") == "c" + secret);
  CHECK(shop.get(shop.things, "other") == "in the same log");
  const auto again = shop.store->purge_range(purged, "", "c");
  CHECK(again->records_dropped == 0);
  CHECK(again->clean);
}

TEST_CASE("storage: an overwritten and a deleted version of a purged record go too") {
  Shop shop;
  REQUIRE(shop.put(shop.sealed, "a1", "first-version-of-this-record").ok());
  REQUIRE(shop.store->flush_all().ok());
  REQUIRE(shop.put(shop.sealed, "a1", "second-version-of-this-record").ok());
  REQUIRE(shop.put(shop.sealed, "a2", "deleted-version-of-this-record").ok());
  REQUIRE(shop.store
              ->write([&](Write& work) -> Result<> {
                work.erase(shop.sealed, "a2");
                return {};
              })
              .ok());
  const FamilyRef purged[] = {shop.sealed};
  REQUIRE(shop.store->purge_range(purged, "", "b")->clean);
  CHECK_FALSE(shop.on_disk("-version-of-this-record"));
}

TEST_CASE("storage: a snapshot that still sees purged records is named, and afterwards all is clean") {
  Shop shop;
  REQUIRE(shop.put(shop.sealed, "a1", "seen-by-somebody").ok());
  const FamilyRef purged[] = {shop.sealed};
  {
    const auto read = shop.store->read();
    const auto figures = shop.store->purge_range(purged, "", "b");
    REQUIRE(figures.ok());
    CHECK_FALSE(figures->clean);
    CHECK(figures->remaining.find("reads are open") != std::string::npos);
  }
  CHECK(shop.store->purge_range(purged, "", "b")->clean);
  CHECK_FALSE(shop.on_disk("seen-by-somebody"));
}

TEST_CASE("storage: a purge beside units that are being prepared is clean") {
  Shop shop;
  REQUIRE(shop.put(shop.sealed, "a", "1").ok());
  std::future<Result<PurgeFigures>> purge;
  REQUIRE(shop.store
              ->write_prepared(
                  [&](Write& work) -> Result<> {
                    const FamilyRef purged[] = {shop.sealed};
                    purge = std::async(std::launch::async,
                                       [&, purged] { return shop.store->purge_range(purged, "", "b"); });
                    purge.wait_for(std::chrono::milliseconds(200));  // long enough for one that does not wait for us
                    work.put(shop.things, "b", "2");
                    return {};
                  },
                  [](Write&) -> Result<> { return {}; })
              .ok());
  const auto figures = purge.get();
  REQUIRE(figures.ok());
  CHECK(figures->remaining == "");
  CHECK(figures->clean);
}

TEST_CASE("storage: records that are dead by their family's rule leave with the next tables") {
  Shop shop;
  REQUIRE(shop.put(shop.sealed, "a1", "dead-when-written-to-a-table").ok());
  REQUIRE(shop.put(shop.sealed, "z1", "alive-when-written-to-a-table").ok());
  *shop.dead_below = 'm';
  REQUIRE(shop.store->flush_all().ok());
  CHECK_FALSE(shop.on_disk("dead-when-written"));
  CHECK(shop.get(shop.sealed, "a1") == "none");
  CHECK(shop.get(shop.sealed, "z1") == "alive-when-written-to-a-table");
}

TEST_CASE("storage: a checkpoint is a whole copy of one moment, and opens") {
  Shop shop;
  REQUIRE(shop.put(shop.things, "a", "1").ok());
  test::TempFolder other;
  REQUIRE(shop.store->checkpoint(other.path() / "db").ok());
  REQUIRE(shop.put(shop.things, "a", "2").ok());
  const auto copy = Store::open(other.path(), shop.families(), {.free_bytes_reserve = 0});
  REQUIRE(copy.ok());
  CHECK(**(*copy)->read().get((*copy)->family("things"), "a") == "1");
  CHECK_FALSE(shop.store->checkpoint(other.path() / "db").ok());  // there already
}

TEST_CASE("storage: damage before the end of the log stops the start instead of losing what follows") {
  Shop shop;
  for (int i = 0; i < 200; ++i) REQUIRE(shop.put(shop.things, std::to_string(i), std::string(500, 'x')).ok());
  test::TempFolder other;
  copy_as_killed(shop.folder.path(), other.path());
  for (const auto& entry : std::filesystem::directory_iterator(other.path() / "db")) {
    if (entry.path().extension() != ".log" || entry.file_size() == 0) continue;
    std::fstream log(entry.path(), std::ios::binary | std::ios::in | std::ios::out);
    log.seekp(static_cast<std::streamoff>(entry.file_size() / 2));
    log.write("damage", 6);
  }
  const auto damaged = Store::open(other.path(), shop.families(), {.free_bytes_reserve = 0});
  REQUIRE_FALSE(damaged.ok());
  CHECK(damaged.error().message.find("damaged") != std::string::npos);
}

TEST_CASE("storage: no manifest names the first and last keys of tables that were purged or rewritten") {
  test::TempFolder folder;
  const auto manifests_hold = [&](std::string_view text) {
    bool found = false;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "db"))
      if (entry.path().filename().string().starts_with("MANIFEST")) {
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        found = found || bytes.find(text) != std::string::npos;
      }
    return found;
  };
  auto store = std::move(
      *Store::open(folder.path(), {{.name = "things"}}, {.create_if_missing = true, .free_bytes_reserve = 1}));
  const FamilyRef things = store->family("things");
  const auto keep = [&](std::string_view key) {
    REQUIRE(store
                ->write([&](Write& work) -> Result<> {
                  work.put(things, key, "value");
                  return {};
                })
                .ok());
  };
  keep("a-token-of-somebody");
  keep("b-somebody-else");
  REQUIRE(store->flush_all().ok());
  REQUIRE(manifests_hold("a-token-of-somebody"));  // as the smallest key of its table

  REQUIRE(store
              ->write([&](Write& work) -> Result<> {
                work.erase(things, "a-token-of-somebody");
                return {};
              })
              .ok());
  REQUIRE(store->rewrite_range(things, "", "").ok());
  CHECK_FALSE(manifests_hold("a-token-of-somebody"));
  CHECK(manifests_hold("b-somebody-else"));

  keep("c-another");
  REQUIRE(store->flush_all().ok());
  REQUIRE(store->purge_range(std::vector{things}, "b", "c").ok());
  CHECK_FALSE(manifests_hold("b-somebody-else"));
  CHECK(manifests_hold("c-another"));
}
