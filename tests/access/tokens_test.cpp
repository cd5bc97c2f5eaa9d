// Programs: tokens that are bound, rotated and used at the same moment.
#include "door.h"

using namespace pf;
using namespace pf::access;
using pf::test::Door;
using std::chrono::hours;
using std::chrono::minutes;

TEST_CASE("tokens: one that is bound to addresses is refused from others") {
  Door door;
  const auto made = *door.access->create_token(
      system_actor(), {"warehouse", {"orders.read"}, {}, {"192.0.2.0/24", "2001:db8:1::/48", "203.0.113.9"}});
  const auto from = [&](const char* address) {
    return door.access->authenticate(Door::with_token(made.first, address)).ok();
  };
  for (const char* inside : {"192.0.2.0", "192.0.2.255", "::ffff:192.0.2.7", "2001:db8:1::7", "203.0.113.9"}) {
    door.clock.pass(minutes{1});
    CHECK_MESSAGE(from(inside), inside);
  }
  for (const char* outside : {"192.0.3.0", "192.0.1.255", "2001:db8:2::7", "203.0.113.8", "", "nowhere"})
    CHECK_MESSAGE(!from(outside), outside);
  CHECK((*door.access->tokens())[0].last_address == "203.0.113.9");
  for (const char* odd : {"192.0.2.0/33", "192.0.2/24", "2001:db8::/129", "all", "", "1.2.3.4/-1", "1.2.3.4/8x"})
    CHECK_FALSE(door.access->create_token(system_actor(), {"x", {"orders.read"}, {}, {odd}}).ok());
}

TEST_CASE("tokens: one that two machines share in turns is written down once a minute, not at each request") {
  Door door;
  const auto made = *door.access->create_token(system_actor(), {"shared", {"orders.read"}});
  const auto in_turns = [&] {
    for (int i = 0; i < 20; ++i)
      CHECK(door.access->authenticate(Door::with_token(made.first, i % 2 == 0 ? "192.0.2.1" : "192.0.2.2")).ok());
  };
  in_turns();
  const auto before = door.store->figures().units_kept;
  in_turns();
  CHECK(door.store->figures().units_kept == before);
  door.clock.pass(minutes{1});
  in_turns();
  CHECK(door.store->figures().units_kept == before + 1);
  CHECK((*door.access->tokens())[0].last_address == "192.0.2.2");
}

TEST_CASE("tokens: a rotated one hands over to the next without a gap") {
  Door door;
  const auto old = *door.token("warehouse", {"orders.read"}, door.clock.now() + hours{24 * 90});
  REQUIRE(door.access->authenticate(Door::with_token(old.first)).ok());
  const auto next = *door.access->rotate_token(system_actor(), old.second.id, hours{24});
  CHECK(next.second.scopes == old.second.scopes);
  CHECK(next.second.expires_at == door.clock.now() + hours{24 * 90});
  CHECK(door.access->authenticate(Door::with_token(old.first)).ok());
  CHECK(door.access->authenticate(Door::with_token(next.first)).ok());
  door.clock.pass(hours{24});
  CHECK_FALSE(door.access->authenticate(Door::with_token(old.first)).ok());
  CHECK(door.access->authenticate(Door::with_token(next.first)).ok());
}

TEST_CASE("tokens: a note of use does not undo a rotation that came between its reading and writing") {
  Door door;
  // Asked for the time, somebody else acts first.
  struct Interrupted final : Clock {
    const Clock& real;
    mutable std::function<void()> first{};
    explicit Interrupted(const Clock& clock) : real(clock) {}
    Time now() const override {
      if (const auto act = std::exchange(first, nullptr)) act();
      return real.now();
    }
    milliseconds since_boot() const override { return real.since_boot(); }
    std::string boot_id() const override { return real.boot_id(); }
  } clock{door.clock};
  Access access(
      *door.store, clock, clock, "a pepper of thirty-two bytes here",
      [](storage::Write&, const Actor&, std::string_view, std::string_view, json::Value) { return Result<>(); },
      {.passes = 1, .memory = 64u << 10});
  const auto old = *door.token("warehouse", {"orders.read"});
  std::string next;
  clock.first = [&] { next = access.rotate_token(system_actor(), old.second.id, hours{0})->first; };
  CHECK_FALSE(access.authenticate(Door::with_token(old.first)).ok());
  CHECK_FALSE(access.authenticate(Door::with_token(old.first)).ok());  // and it stays so
  CHECK(access.authenticate(Door::with_token(next)).ok());
  const auto all = *access.tokens();
  CHECK(std::ranges::find(all, old.second.id, &Token::id)->expires_at == door.clock.now());
}
