#include "gate/repeats.h"

#include "crypto/crypto.h"
#include "gate/repeat_keys.h"

#include <fstream>
#include <iterator>

#include "small_house.h"
#include "walk_rows.h"

using namespace pf;
using test::check_problem;
using test::SmallHouse;

namespace {

constexpr std::string_view kPepper = "pepper of this test";

std::unique_ptr<storage::Store> opened(const std::filesystem::path& folder) {
  auto store =
      storage::Store::open(folder, gate::Repeats::families(), {.create_if_missing = true, .free_bytes_reserve = 1});
  REQUIRE(store.ok());
  return *std::move(store);
}

http::Response place(SmallHouse& house, const std::string& key, const std::string& title = "x") {
  return house.send("POST", "/api/v1/product/A", R"({"title":")" + title + R"("})",
                    {{"idempotency-key", key}, {"content-type", "application/json"}});
}

}  // namespace

TEST_CASE("gate: what is sent twice with one key is done once and answered twice") {
  test::TempFolder folder;
  const auto store = opened(folder.path());
  test::HandClock clock;
  gate::Repeats repeats(*store, clock, kPepper);
  SmallHouse house(&repeats);

  const auto first = place(house, "k1");
  CHECK(first.status == 201);
  const auto again = place(house, "k1");
  CHECK(again.status == 201);
  CHECK(again.body == first.body);
  CHECK(SmallHouse::header(again, "idempotency-replayed") == "true");
  CHECK(SmallHouse::header(again, "content-type") == "application/json");
  CHECK(house.calls == 1);
  CHECK(place(house, "k2").status == 201);
  CHECK(house.calls == 2);

  check_problem(place(house, "k1", "another"), 422);  // one key, two requests
  check_problem(place(house, ""), 422);
  check_problem(place(house, std::string(300, 'k')), 422);
  CHECK(house.calls == 2);

  house.be(access::Actor::Kind::token);  // somebody else's key is another key
  CHECK(place(house, "k1", "another").status == 201);

  clock.pass(std::chrono::hours{25});
  CHECK(place(house, "k1").status == 201);
  CHECK(house.calls == 4);
}

TEST_CASE("gate: an answer about a person is not kept for its key: it is made again") {
  test::TempFolder folder;
  const auto store = opened(folder.path());
  test::HandClock clock;
  gate::Repeats repeats(*store, clock, kPepper);
  SmallHouse house(&repeats);
  CHECK(place(house, "k1", "a person").status == 201);
  const auto again = place(house, "k1", "a person");
  CHECK(again.status == 201);
  CHECK(SmallHouse::header(again, "idempotency-replayed").empty());
  CHECK(house.calls == 2);
}

TEST_CASE("gate: what was refused may be tried again under its key") {
  test::TempFolder folder;
  const auto store = opened(folder.path());
  test::HandClock clock;
  gate::Repeats repeats(*store, clock, kPepper);
  SmallHouse house(&repeats);
  check_problem(place(house, "k1", "taken"), 409);
  CHECK(place(house, "k1", "fine").status == 201);
  // But where we do not know what was done, it is not done again.
  check_problem(place(house, "k2", "throw"), 500);
  check_problem(place(house, "k2", "throw"), 409);
}

TEST_CASE("gate: after a restart nothing is done twice, and no answer is found on disk") {
  test::TempFolder folder;
  test::HandClock clock;
  {
    const auto store = opened(folder.path());
    gate::Repeats repeats(*store, clock, kPepper);
    SmallHouse house(&repeats);
    CHECK(place(house, "k1", "title that nobody may find").status == 201);
    REQUIRE(repeats.begin("actor", "interrupted", "asked").ok());
    REQUIRE(store->flush_all().ok());
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    CHECK_MESSAGE(bytes.find("title that nobody") == std::string::npos, entry.path().string());
  }
  const auto store = opened(folder.path());
  gate::Repeats repeats(*store, clock, kPepper);
  SmallHouse house(&repeats);
  check_problem(place(house, "k1", "title that nobody may find"), 409);
  CHECK(house.calls == 0);
  const auto interrupted = repeats.begin("actor", "interrupted", "asked");
  REQUIRE_FALSE(interrupted.ok());
  CHECK(interrupted.error().code == ErrorCode::conflict);
}

TEST_CASE(
    "gate: what was asked cannot be guessed from what is kept of it, and what earlier versions kept still counts") {
  test::TempFolder folder;
  const auto store = opened(folder.path());
  test::HandClock clock;
  gate::Repeats repeats(*store, clock, kPepper);
  const auto record_of = [&](std::string_view key) {
    return store->read()
        .get(store->family("repeats"),
             gate::keys::repeat(crypto::sha256("actor" + std::string(1, '\0') + std::string(key))))
        .value();
  };
  REQUIRE(repeats.begin("actor", "new", "password of a feed").ok());
  repeats.leave("actor", "new");
  const auto kept = record_of("new");
  REQUIRE(kept);
  CHECK(kept->find(crypto::sha256("password of a feed")) == std::string::npos);
  CHECK(kept->size() == 8 + 1 + 32);

  std::string old = kept->substr(0, 9) + crypto::sha256("asked");
  REQUIRE(store
              ->write([&](storage::Write& work) -> Result<> {
                work.put(store->family("repeats"),
                         gate::keys::repeat(crypto::sha256(std::string("actor") + '\0' + "old")), old);
                return {};
              })
              .ok());
  CHECK(repeats.begin("actor", "old", "asked").error().code == ErrorCode::conflict);
  CHECK(repeats.begin("actor", "old", "something else").error().code == ErrorCode::invalid);
  CHECK(repeats.begin("actor", "new", "something else").error().code == ErrorCode::invalid);
  gate::Repeats elsewhere(*store, clock, "another pepper");
  CHECK(elsewhere.begin("actor", "new", "password of a feed").error().code == ErrorCode::invalid);
}

TEST_CASE("gate: the same key at the same moment runs once") {
  test::TempFolder folder;
  const auto store = opened(folder.path());
  test::HandClock clock;
  gate::Repeats repeats(*store, clock, kPepper);
  REQUIRE(repeats.begin("actor", "k", "asked").ok());
  const auto second = repeats.begin("actor", "k", "asked");
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().message.find("still running") != std::string::npos);
}

TEST_CASE("gate: old keys go by themselves") {
  test::TempFolder folder;
  const auto store = opened(folder.path());
  test::HandClock clock;
  gate::Repeats repeats(*store, clock, kPepper);
  SmallHouse house(&repeats);
  for (int i = 0; i < 30; ++i) CHECK(place(house, "k" + std::to_string(i)).status == 201);
  clock.pass(std::chrono::hours{25});
  for (int i = 0; i < 3; ++i) CHECK(place(house, "n" + std::to_string(i)).status == 201);
  int records = 0;
  const auto read = store->read();
  for (auto cursor = read.scan_prefix(store->family("repeats"), "k"); cursor.valid(); cursor.next()) ++records;
  CHECK(records == 3);
}
