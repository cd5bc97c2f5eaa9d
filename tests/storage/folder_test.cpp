// What lies on the disk: restarts and kills, who may open a folder, full disks, the purge, damage.
#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include "storage_shop.h"

using namespace pf;
using namespace pf::storage;

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
  for (const char* version : {"4", "999999", "two", "1.5", "-", ""}) {
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

TEST_CASE("storage: data of the version before this one opens, and the version before opens it no more") {
  Shop shop;
  const auto meta = shop.store->family("meta");
  const std::string now = shop.get(meta, "format");
  REQUIRE(shop.put(meta, "format", "2").ok());
  shop.open();
  CHECK(now != "2");
  CHECK(shop.get(meta, "format") == now);
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
