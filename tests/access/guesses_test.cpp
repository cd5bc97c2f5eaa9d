#include "access/guesses.h"

#include <atomic>
#include <thread>

#include "door.h"

using namespace pf;
using namespace pf::access;
using pf::test::Door;
using pf::test::kOwner;
using pf::test::kPassword;

TEST_CASE("sign-in: ten thousand guesses from as many addresses stop at the account, not at its owner") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto mine = *door.try_in(kOwner, kPassword, "192.0.2.1");
  int checked = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto guess = door.try_in(kOwner, "wrong password here", "2001:db8:" + std::to_string(i) + "::7");
    REQUIRE_FALSE(guess.ok());
    checked += guess.error().code == ErrorCode::unauthenticated;
    if (i % 100 == 0) door.clock.pass(std::chrono::seconds{1});
  }
  CHECK(checked < 25);
  CHECK(door.times("session.refused") == checked);
  CHECK(door.times("session.refused", "\"account_waits\":true") == 1);
  CHECK(door.try_in(kOwner, kPassword, "198.51.100.7").error().code == ErrorCode::too_many);  // a stranger's browser
  CHECK(door.try_in(kOwner, kPassword, "198.51.100.8", mine.device).ok());                    // the owner's, anywhere
}

TEST_CASE("sign-in: a machine with a whole network of IPv6 waits as one with a single address") {
  Door door;
  REQUIRE(door.make_owner().ok());
  int checked = 0;
  for (int i = 0; i < 100; ++i)
    checked += door.try_in("somebody" + std::to_string(i) + "@example.com", "wrong password here",
                           "2001:db8:7:7::" + std::to_string(i))
                   .error()
                   .code == ErrorCode::unauthenticated;
  CHECK(checked == 5);
  CHECK(door.try_in(kOwner, kPassword, "2001:db8:7:8::1").ok());  // the neighbour
}

TEST_CASE("sign-in: guesses that come at the same moment are counted one by one") {
  Door door;
  REQUIRE(door.make_owner().ok());
  std::atomic<int> checked = 0, held = 0;
  std::vector<std::thread> guessers;
  for (int i = 0; i < 24; ++i)
    guessers.emplace_back([&] {
      const auto guess = door.access->sign_in(kOwner, "wrong password here", "", {"203.0.113.9"});
      ++(guess.error().code == ErrorCode::too_many ? held : checked);
    });
  for (auto& guesser : guessers) guesser.join();
  CHECK(checked == 5);
  CHECK(held == 19);
  // And from as many addresses they stop at the account.
  Guesses guesses(Guesses::kByAccount);
  int begun = 0;
  for (int i = 0; i < 24; ++i) begun += guesses.count("a:owner", door.clock.since_boot()).ok();
  CHECK(begun == 10);
  guesses.take_back("a:owner");  // one was right, and asks for a code
  CHECK(guesses.count("a:owner", door.clock.since_boot()).ok());
  CHECK_FALSE(guesses.count("a:owner", door.clock.since_boot()).ok());
  guesses.succeeded("a:owner");
  CHECK(guesses.count("a:owner", door.clock.since_boot()).ok());
}
