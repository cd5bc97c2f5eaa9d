// Histories made up at random, against a model that knows three things of a buyer: when his data dies, whether he was
// erased, and whether the database that stands there has him; and of the vault, whether it is sealed. PF_HISTORY_SEED
// repeats a run.
#include <map>
#include <random>

#include "small_vault.h"
#include "support/whole.h"

using namespace pf;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

namespace fs = std::filesystem;

struct Person {
  vault::PersonRef ref;
  std::string channel;
  Time dies{};
  bool erased = false;
};
using People = std::map<std::string, Person>;

enum class Sight { shown, locked, gone };

// The model: T is real time but for a clock that a boot made it believe; the wall clock may stand elsewhere.
struct Model {
  People people;
  Time t{};
  Time wall{};
  bool sealed = false;
  Sight expected(const Person& person) const {
    if (person.erased || person.dies <= t) return Sight::gone;
    return sealed || (wall > t && person.dies <= wall) ? Sight::locked : Sight::shown;
  }
};

Sight seen(const Result<json::Value>& masked) {
  if (masked.ok()) return Sight::shown;
  REQUIRE((masked.error().code == ErrorCode::gone || masked.error().code == ErrorCode::unavailable));
  return masked.error().code == ErrorCode::gone ? Sight::gone : Sight::locked;
}

}  // namespace

TEST_CASE("vault: whatever happens in whatever order, a buyer is seen exactly as long as he may be" * test::whole) {
  const char* given = std::getenv("PF_HISTORY_SEED");
  const std::uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 dice(seed);
  const auto roll = [&](std::uint64_t sides) { return dice() % sides; };
  std::uint64_t looked = 0;

  for (int history = 0; history < 6; ++history) {
    test::SmallVault world;
    test::TempFolder safe;
    Model model{{}, world.clock.now(), world.clock.now()};
    const std::uint32_t fewer_days = 1 + static_cast<std::uint32_t>(roll(29));
    REQUIRE(world.store
                ->write([&](storage::Write& work) {
                  return world.vault->keep_days(work, access::system_actor(), "short", fewer_days);
                })
                .ok());
    People backed_up;
    bool has_backup = false;
    int boots = 0, number = 0;
    std::string story;
    const auto set_wall = [&](Time wall) {
      world.clock.set_wall(wall);
      model.wall = wall;
    };
    const auto reopen_as_after_a_boot = [&] {
      REQUIRE(world.vault->purge(access::system_actor(), false).ok());  // writes T down
      world.clock.reboot("boot-of-history-" + std::to_string(++boots));
      world.reopen();
      model.sealed = false;                     // its key file lies there
      model.t = std::max(model.t, model.wall);  // at most 45 days ahead: believed
    };

    for (int step = 0; step < 60; ++step) {
      switch (roll(12)) {
        case 0:
        case 1:
        case 2: {
          const std::string name = "H-" + std::to_string(++number);
          const Time created = model.t - minutes{roll(31 * 24 * 60)};
          const bool shorter = roll(3) == 0;
          const std::string channel = shorter ? "short" : "manual";
          story += " place";
          vault::PersonRef ref;
          const auto placed = world.store->write([&](storage::Write& work) -> Result<> {
            PF_LET(ref, world.vault->seal(work, {channel, name}, created, test::a_buyer()));
            return {};
          });
          REQUIRE(placed.ok() == !model.sealed);
          if (placed.ok())
            model.people[name] = {ref, channel, std::chrono::floor<hours>(created) + days{shorter ? fewer_days : 30u}};
          break;
        }
        case 3:
        case 4: {
          const minutes passed{roll(5 * 24 * 60)};
          story += " pass";
          world.clock.pass(passed);
          model.t += passed;
          model.wall += passed;
          REQUIRE(world.vault->tick().ok());
          break;
        }
        case 5:
          if (model.wall == model.t) {
            const bool back = roll(2) == 0;
            story += back ? " back" : " forward";
            set_wall(back ? model.t - days{1 + roll(60)} : model.t + days{1 + roll(40)});
          } else {
            story += " right";
            set_wall(model.t);
          }
          REQUIRE(world.vault->tick().ok());
          break;
        case 6:
          story += " purge";
          REQUIRE(world.vault->purge(access::system_actor(), false).ok());
          break;
        case 7:
          if (roll(2) == 0) {
            story += " boot";
            reopen_as_after_a_boot();
          } else {
            story += " restart";
            world.reopen();
            model.sealed = false;
          }
          break;
        case 8:
          if (model.people.empty() || model.sealed) break;
          {
            auto who = model.people.begin();
            std::advance(who, static_cast<std::ptrdiff_t>(roll(model.people.size())));
            if (model.expected(who->second) == Sight::gone) break;
            story += " erase";
            vault::ErasureReport report;
            REQUIRE(world.store
                        ->write([&](storage::Write& work) -> Result<> {
                          report = {};
                          PF_TRY(world.vault->erase(work, who->second.ref, report));
                          return world.vault->owe_erasure(work, report);
                        })
                        .ok());
            REQUIRE(world.vault->finish_erasures(access::system_actor()).ok());
            who->second.erased = true;
          }
          break;
        case 9:
          if (!has_backup || roll(2) == 0) {
            story += " backup";
            fs::remove_all(safe.path() / "db");
            REQUIRE(world.store->checkpoint(safe.path() / "db").ok());
            backed_up = model.people;
            has_backup = true;
          } else {  // the database of then, the key ring of now
            story += " restore";
            world.close();
            fs::remove_all(world.folder.path() / "db");
            fs::copy(safe.path() / "db", world.folder.path() / "db");
            world.reopen();
            model.sealed = false;
            model.people = backed_up;
          }
          break;
        case 10:
          story += model.sealed ? " unseal" : " seal";
          REQUIRE((model.sealed ? world.vault->unseal(access::system_actor(), {})
                                : world.vault->seal_up(access::system_actor()))
                      .ok());
          model.sealed = !model.sealed;
          break;
        case 11:
          story += " rekey";
          REQUIRE(world.vault->change_key(access::system_actor(), {}).ok() == !model.sealed);
          break;
      }
      INFO("history " << history << ":" << story);
      REQUIRE(world.vault->now() == model.t);
      for (const auto& entry : model.people) {
        const auto& [name, person] = entry;
        INFO(entry.first);
        REQUIRE(seen(world.vault->masked(world.store->read(), {person.channel, name}, person.ref)) ==
                model.expected(person));
        ++looked;
      }
      REQUIRE(world.vault->verify_certificates(world.store->read())->fault.empty());
    }
  }
  MESSAGE("6 histories of 60 steps, seed " << seed << ": looked " << looked << " times");
}
