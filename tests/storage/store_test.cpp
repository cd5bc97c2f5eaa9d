// Units of work, walks and reads.
#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include "storage_shop.h"

using namespace pf;
using namespace pf::storage;

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

TEST_CASE("storage: many records at once are those that one by one are there, side by side and far apart") {
  Shop shop;
  const auto key = [](int i) { return "k" + std::to_string(10'000 + i); };
  REQUIRE(shop.store
              ->write([&](Write& work) -> Result<> {
                for (int i = 0; i < 9'000; ++i)
                  if (i % 7 != 3) work.put(shop.things, key(i), "v" + std::to_string(i));
                for (int i = 0; i < 9'000; i += 11) work.erase(shop.things, key(i));
                return {};
              })
              .ok());
  std::vector<std::vector<std::string>> questions(5);
  for (int i = 0; i < 1'000; ++i) {
    questions[0].push_back(key(2'000 + i));
    questions[1].push_back(key(4'000 - 2 * i));
    questions[2].push_back(key(i * 7'919 % 9'000));                 // in no order, nine apart
    questions[3].push_back(key(8'500 + i));                         // half behind the end
    questions[4].push_back(i < 100 ? key(i) : key(i % 3 * 4'000));  // near at first, then far; some again and again
  }
  const auto check = [&](const Reader& read) {
    for (const auto& question : questions) {
      const auto all = read.get_many(shop.things, question);
      REQUIRE(all.ok());
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < question.size(); ++i) wrong += (*all)[i] != *read.get(shop.things, question[i]);
      CHECK(wrong == 0);
    }
  };
  check(shop.store->read());
  REQUIRE(shop.store->flush_all().ok());
  check(shop.store->read());
  REQUIRE(shop.store
              ->write([&](Write& work) -> Result<> {
                for (int i = 1'900; i < 2'500; i += 3) work.put(shop.things, key(i), "new");
                for (int i = 1'900; i < 2'500; i += 5) work.erase(shop.things, key(i));
                check(work);
                return {};
              })
              .ok());
  check(shop.store->read());
}
