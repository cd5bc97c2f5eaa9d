// Units of work that are prepared while those before them are being kept.
#include "storage/pipeline.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>

#include "storage_shop.h"

using namespace pf;
using namespace pf::storage;

namespace {

const auto kNothing = [](Write&) -> Result<> { return {}; };

}  // namespace

TEST_CASE("storage: each unit of a row sees those before it, kept or not, and all are on disk in the end") {
  Shop shop;
  Pipeline row(*shop.store);
  constexpr int kUnits = 60;
  for (int i = 0; i < kUnits; ++i) {
    const std::string mine = "k" + std::to_string(1'000 + i);
    REQUIRE(row.prepare(
                   [&, i, mine](Write& work) -> Result<> {
                     const int count = std::stoi(work.get(shop.things, "count")->value_or("0"));
                     CHECK(count == i);
                     CHECK(work.get(shop.joined, "all")->value_or("").size() == static_cast<std::size_t>(i));
                     int walked = 0;
                     for (auto at = work.scan_prefix(shop.things, "k"); at.valid(); at.next()) ++walked;
                     CHECK(walked == i);
                     const auto both = work.get_many(shop.things, std::vector<std::string>{"count", "decided"});
                     CHECK(both->at(0).has_value() == (i > 0));
                     work.put(shop.things, "count", std::to_string(count + 1));
                     work.put(shop.things, mine, "");
                     work.merge(shop.joined, "all", "x");
                     if (i % 10 == 9) work.erase(shop.things, "gone");
                     return {};
                   },
                   [&, i](Write& work) -> Result<> {
                     CHECK(work.get(shop.things, "count")->value() == std::to_string(i + 1));  // of its own preparation
                     work.put(shop.things, "decided", std::to_string(i));
                     if (i % 10 == 0) work.put(shop.things, "gone", "not yet");
                     return {};
                   })
                .ok());
    REQUIRE(row.wait().ok());
    row.keep();
  }
  REQUIRE(row.wait().ok());
  CHECK(shop.get(shop.things, "count") == std::to_string(kUnits));
  CHECK(shop.get(shop.things, "decided") == std::to_string(kUnits - 1));
  CHECK(shop.get(shop.things, "gone") == "none");
  CHECK(shop.get(shop.joined, "all").size() == kUnits);
}

TEST_CASE("storage: a unit of a row that saw what was refused, or what somebody changed, is prepared again") {
  Shop shop;
  Pipeline row(*shop.store);
  std::atomic<int> prepared{0};  // again on the row's own thread, beside the next one here
  const auto count_up = [&](Write& work) -> Result<> {
    ++prepared;
    work.put(shop.things, "count", std::to_string(std::stoi(work.get(shop.things, "count")->value_or("0")) + 1));
    return {};
  };
  const auto refuse = [](Write&) -> Result<> { return error(ErrorCode::conflict, "no"); };
  SUBCASE("the one before is refused") {
    REQUIRE(row.prepare(count_up, refuse).ok());
    row.keep();
    REQUIRE(row.prepare(count_up, kNothing).ok());
    CHECK(row.wait().error().message == "no");
    row.keep();
    CHECK(row.wait().ok());
    CHECK(shop.get(shop.things, "count") == "1");
  }
  SUBCASE("the one before was prepared again, by what somebody changed") {
    REQUIRE(row.prepare(count_up, kNothing).ok());
    REQUIRE(shop.put(shop.things, "count", "10").ok());
    row.keep();
    REQUIRE(row.prepare(count_up, kNothing).ok());
    CHECK(row.wait().ok());
    row.keep();
    CHECK(row.wait().ok());
    CHECK(shop.get(shop.things, "count") == "12");
    CHECK(prepared >= 3);
  }
  SUBCASE("one that is dropped leaves nothing, and nobody waits for it") {
    REQUIRE(row.prepare(count_up, kNothing).ok());
    row.drop();
    REQUIRE(shop.store->write_prepared(count_up, kNothing).ok());
    CHECK(shop.get(shop.things, "count") == "1");
  }
  SUBCASE("what the one before decided under the lock counts too") {
    REQUIRE(row.prepare(kNothing,
                        [&](Write& work) -> Result<> {
                          work.put(shop.things, "count", "5");
                          return {};
                        })
                .ok());
    row.keep();
    REQUIRE(row.prepare(count_up, kNothing).ok());
    CHECK(row.wait().ok());
    row.keep();
    CHECK(row.wait().ok());
    CHECK(shop.get(shop.things, "count") == "6");
  }
}

TEST_CASE("storage: a row of units leaves others their turn: single units, another row, and a purge that is clean") {
  Shop shop;
  REQUIRE(shop.put(shop.sealed, "a", "1").ok());
  std::atomic<bool> stop = false;
  const auto busy = [&](const std::string& key) {
    Pipeline row(*shop.store);
    int units = 0;
    const auto count_up = [&](Write& work) -> Result<> {
      work.put(shop.things, key, std::to_string(std::stoi(work.get(shop.things, key)->value_or("0")) + 1));
      return {};
    };
    for (; !stop; ++units) {
      REQUIRE(row.prepare(count_up, kNothing).ok());
      REQUIRE(row.wait().ok());
      row.keep();
    }
    REQUIRE(row.wait().ok());
    return units;
  };
  auto one = std::async(std::launch::async, busy, "one"), other = std::async(std::launch::async, busy, "other");
  for (int i = 0; i < 20; ++i)
    REQUIRE(shop.store
                ->write_prepared(
                    [&](Write& work) -> Result<> {
                      work.put(shop.things, "single", std::to_string(i));
                      return {};
                    },
                    kNothing)
                .ok());
  const FamilyRef purged[] = {shop.sealed};
  const auto figures = shop.store->purge_range(purged, "", "b");
  stop = true;
  CHECK(figures->remaining == "");
  CHECK(shop.get(shop.things, "single") == "19");
  const int ones = one.get(), others = other.get();
  CHECK(ones > 0);
  CHECK(others > 0);
  CHECK(shop.get(shop.things, "one") == std::to_string(ones));
  CHECK(shop.get(shop.things, "other") == std::to_string(others));
}

TEST_CASE("storage: new tables of indexes wait longer as long as a row of units is long") {
  Shop shop;
  // What RocksDB writes down of its options is the newest file of that name.
  const auto wait_of_joined = [&] {
    std::filesystem::path newest;
    for (const auto& file : std::filesystem::recursive_directory_iterator(shop.folder.path()))
      if (file.path().filename().string().starts_with("OPTIONS-")) newest = std::max(newest, file.path());
    std::ifstream in(newest);
    const std::string all(std::istreambuf_iterator<char>(in), {});
    const std::string_view option = "level0_file_num_compaction_trigger=";
    const auto at = all.find(option, all.find("[CFOptions \"joined\"]")) + option.size();
    return all.substr(at, all.find('\n', at) - at);
  };
  const auto keep = [&](Pipeline& row, std::size_t bytes, bool merges = true) {
    const auto put = [&shop, bytes, merges](Write& work) -> Result<> {
      work.put(shop.things, "large", std::string(bytes, 'x'));
      if (merges) work.merge(shop.joined, "large", "x");
      return {};
    };
    REQUIRE(row.prepare(put, kNothing).ok());
    REQUIRE(row.wait().ok());
    row.keep();
  };
  {
    Pipeline row(*shop.store);
    keep(row, 1'000);
    CHECK(wait_of_joined() == "8");
    keep(row, 40u << 20);
    REQUIRE(row.wait().ok());
    CHECK(wait_of_joined() == "20");
    {
      Pipeline other(*shop.store);
      keep(other, 40u << 20);
      REQUIRE(other.wait().ok());
    }
    CHECK(wait_of_joined() == "20");
  }
  CHECK(wait_of_joined() == "8");
  Pipeline without(*shop.store);
  keep(without, 40u << 20, false);
  REQUIRE(without.wait().ok());
  CHECK(wait_of_joined() == "8");
}
