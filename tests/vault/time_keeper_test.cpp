// The clock rules of README.md: T never goes back, keeps up with the machine's running time, and follows the wall clock
// forward only as far as that bears it out.
#include <doctest/doctest.h>

#include "support/hand_clock.h"
#include "vault/time_keeper.h"

using namespace pf;
using namespace pf::vault;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

// A ring's header that outlives the keepers, as the file outlives the process.
struct World {
  test::HandClock clock;
  RingHeader header{
      .floor = clock.now(), .anchor = clock.now(), .anchor_boot = clock.since_boot(), .boot_id = clock.boot_id()};
  std::unique_ptr<TimeKeeper> keeper = std::make_unique<TimeKeeper>(header, clock);

  Time now() { return keeper->now(); }
  void restart() {  // of the process alone
    keeper->write_to(header);
    keeper = std::make_unique<TimeKeeper>(header, clock);
  }
  void reboot(milliseconds off) {
    keeper->write_to(header);
    clock.set_wall(clock.now() + off);
    clock.reboot(clock.boot_id() + "'");
    keeper = std::make_unique<TimeKeeper>(header, clock);
  }
};

}  // namespace

TEST_CASE("clock: while nobody touches it, T is the wall clock") {
  World world;
  for (int i = 0; i < 200; ++i) {
    world.clock.pass(hours{5});
    REQUIRE(world.now() == world.clock.now());
    REQUIRE(world.keeper->alarm().empty());
    if (i % 7 == 0) world.restart();
    if (i % 11 == 0) world.reboot(hours{3});
    REQUIRE(world.now() == world.clock.now());
  }
}

TEST_CASE("clock: set back, T goes on by the machine's running time and says so") {
  World world;
  const Time before = world.now();
  world.clock.set_wall(before - days{40});
  CHECK(world.now() == before);
  CHECK(world.keeper->alarm().starts_with("set_back"));
  world.clock.pass(days{31});
  CHECK(world.now() == before + days{31});
  world.restart();
  CHECK(world.now() == before + days{31});
  CHECK(world.keeper->doubted() == world.now());  // what lives can be read
  world.clock.set_wall(before + days{31});
  CHECK(world.now() == before + days{31});
  CHECK(world.keeper->alarm().empty());
}

TEST_CASE("clock: set back across a boot, T stays where it was and does not fall") {
  World world;
  const Time before = world.now();
  world.reboot(-days{100});
  CHECK(world.now() == before);
  CHECK(world.keeper->alarm().starts_with("set_back"));
  world.clock.pass(days{2});
  CHECK(world.now() == before + days{2});
}

TEST_CASE("clock: small corrections are followed and do not add up to an alarm") {
  World world;
  for (int i = 0; i < 60; ++i) {  // a clock that runs 30 minutes a day fast
    world.clock.pass(hours{24});
    world.clock.set_wall(world.clock.now() + minutes{30});
    REQUIRE(world.now() == world.clock.now());
    REQUIRE(world.keeper->alarm().empty());
  }
}

TEST_CASE("clock: set forward within a boot, nothing ages and what would be gone is locked") {
  World world;
  const Time before = world.now();
  world.clock.set_wall(before + days{31});
  CHECK(world.now() == before);
  CHECK(world.keeper->alarm().starts_with("set_forward"));
  CHECK(world.keeper->doubted() == before + days{31});
  world.clock.pass(days{3});
  CHECK(world.now() == before + days{3});
  world.restart();
  CHECK(world.now() == before + days{3});
  CHECK(world.keeper->alarm().starts_with("set_forward"));

  SUBCASE("and set right again, all is as it was") {
    world.clock.set_wall(before + days{3});
    CHECK(world.now() == before + days{3});
    CHECK(world.keeper->alarm().empty());
    CHECK(world.keeper->doubted() == world.now());
  }
  SUBCASE("or confirmed by its owner, it is believed") {
    world.keeper->believe_the_wall();
    CHECK(world.now() == before + days{34});
    CHECK(world.keeper->alarm().empty());
  }
}

TEST_CASE("clock: whoever moves it two hours at a time gains no more than two hours a day") {
  World world;
  const Time before = world.now();
  for (int step = 0; step < 300; ++step) {
    world.clock.set_wall(world.clock.now() + hours{2} - minutes{1});
    world.now();
    world.clock.pass(minutes{1});
  }
  CHECK(world.now() <= before + hours{5} + hours{2} + minutes{1});
}

TEST_CASE("clock: a machine that was off for up to 45 days is believed") {
  World world;
  world.reboot(days{44});
  CHECK(world.now() == world.clock.now());
  CHECK(world.keeper->alarm().empty());
}

TEST_CASE("clock: a jump of more than 45 days at a boot is asked about, and believed after 72 hours of running") {
  World world;
  const Time before = world.now();
  world.reboot(days{46});
  CHECK(world.now() == before);
  CHECK(world.keeper->alarm().starts_with("set_forward"));
  world.clock.pass(hours{71});
  CHECK(world.now() == before + hours{71});
  SUBCASE("of this boot") {
    world.clock.pass(hours{1});
    CHECK(world.now() == world.clock.now());
    CHECK(world.keeper->alarm().empty());
  }
  SUBCASE("a restart of the process does not begin the wait anew") {
    world.restart();
    world.clock.pass(hours{1});
    CHECK(world.now() == world.clock.now());
  }
  SUBCASE("nor do reboots") {
    world.reboot(minutes{1});
    CHECK(world.keeper->alarm().empty());
    world.now();
    CHECK(world.keeper->alarm().starts_with("set_forward"));
    world.clock.pass(hours{1});
    CHECK(world.now() == world.clock.now());
  }
  SUBCASE("unless the clock is set right before") {
    world.clock.set_wall(before + hours{71});
    CHECK(world.now() == before + hours{71});
    CHECK(world.keeper->alarm().empty());
    world.clock.pass(hours{5});
    CHECK(world.now() == before + hours{76});
  }
}

TEST_CASE("clock: a machine whose clock was not set yet when the ring was made believes the first that is") {
  World world;
  world.clock.set_wall(Time{});
  world.header = {.floor = Time{}, .anchor = Time{}, .anchor_boot = world.clock.since_boot(), .boot_id = "boot-1"};
  world.keeper = std::make_unique<TimeKeeper>(world.header, world.clock);
  CHECK(world.now() == Time{});
  const Time today{std::chrono::sys_days{std::chrono::year{2026} / 2 / 1}};
  world.clock.set_wall(today);
  CHECK(world.now() == today);
  CHECK(world.keeper->alarm().empty());
}

TEST_CASE("clock: a header of a boot that this machine cannot be in counts as another boot's") {
  World world;
  const Time before = world.now();
  world.header.anchor_boot = world.clock.since_boot() + hours{1};  // more uptime than this boot has
  world.clock.set_wall(before + days{10});
  world.keeper = std::make_unique<TimeKeeper>(world.header, world.clock);
  CHECK(world.now() == before + days{10});
}
