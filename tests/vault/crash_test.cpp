// A child seals, rolls epochs and purges, and is killed at random moments. After each: the ring opens, buyers that live
// can be read, those that were destroyed cannot. PF_CRASH_ROUNDS and PF_CRASH_SEED repeat or lengthen a run.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <future>
#include <map>
#include <random>
#include <sstream>
#include <thread>

#include "productflow/text.h"
#include "small_vault.h"
#include "support/whole.h"
#include "vault/vault_impl.h"

using namespace pf;

namespace {

constexpr int kRounds = 40;

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

enum class From { start, open };  // what its life is counted from: sanitizers start slowly

// Runs the child for about `life` and kills it; what it said.
std::string run_and_kill(const std::vector<std::string>& arguments, From from, std::chrono::microseconds life,
                         int* status) {
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::close(pipe[0]);
    ::close(pipe[1]);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(pipe[1]);
  std::promise<void> opened;
  std::thread killer([&] {
    if (from == From::open) opened.get_future().wait();
    std::this_thread::sleep_for(life);
    ::kill(child, SIGKILL);
  });
  std::string said;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = ::read(pipe[0], buffer.data(), buffer.size())) > 0;) {
    if (said.empty()) opened.set_value();
    said.append(buffer.data(), static_cast<std::size_t>(got));
  }
  if (said.empty()) opened.set_value();
  ::close(pipe[0]);
  killer.join();
  ::waitpid(child, status, 0);
  return said;
}

struct Known {
  vault::PersonRef ref;
  bool seen_gone = false;
};

}  // namespace

TEST_CASE("vault: killed at any moment while it seals, rolls hours and purges, nobody is lost or brought back" *
          test::whole) {
  const auto rounds = static_cast<int>(number_from("PF_CRASH_ROUNDS", kRounds));
  const std::uint64_t seed = number_from("PF_CRASH_SEED", std::random_device{}());
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  test::SmallVault world;
  world.close();
  std::map<std::string, Known> known;
  std::map<std::string, std::string> sealed_bytes;  // pieces of ciphertext that were seen on disk
  std::size_t opened = 0, gone = 0;
  int boot = 0;

  for (int round = 0; round < rounds; ++round) {
    INFO("round " << round);
    world.close();
    // Some end while it opens what the kill before has left, most in the middle of its work.
    const From from = round % 3 == 0 ? From::start : From::open;
    const std::chrono::microseconds life{random() % 400'000};
    int status = 0;
    const std::string said =
        run_and_kill({PF_CRASH_CHILD, world.folder.path().string(), std::to_string(random() % 1'000'000'000),
                      std::to_string(world.clock.now().time_since_epoch().count()),
                      std::to_string(world.clock.since_boot().count()), "crash-boot-" + std::to_string(boot)},
                     from, life, &status);
    REQUIRE_MESSAGE((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL), "the child ended by itself: " << status);

    std::istringstream lines(said.substr(0, said.rfind('\n') + 1));
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string kind, name, rid;
      words >> kind;
      if (kind == "open") continue;
      if (kind == "clock") {
        std::int64_t wall = 0, up = 0;
        words >> wall >> up;
        world.clock.set_wall(Time{milliseconds{wall}});
        world.clock.reboot("crash-boot-" + std::to_string(boot));
        world.clock.run(milliseconds{up});
      } else {
        Known one;
        std::int64_t created = 0;
        words >> name >> one.ref.epoch >> created >> rid;
        one.ref.created = Time{milliseconds{created}};
        one.ref.rid = *unhex(rid);
        known.emplace(name, std::move(one));
      }
    }
    if (random() % 5 == 0) {  // the whole machine went down, and was off for a while
      world.clock.set_wall(world.clock.now() + std::chrono::minutes{random() % 300});
      world.clock.reboot("crash-boot-" + std::to_string(++boot));
    }

    if (vault::Ring::exists(world.folder.path() / "keyring")) {
      const auto ring = vault::Ring::open(world.folder.path() / "keyring", world.clock);
      REQUIRE_MESSAGE(ring.ok(), ring.error().message);
      // Found so: the ring had destroyed by a T that it did not remember.
      REQUIRE(vault::live_min_at(ring->header().floor) >= ring->header().destroyed_upto);
    }
    world.reopen();
    REQUIRE(world.vault->now() == world.clock.now());
    CHECK(world.vault->status().ring_warning.find("damaged") == std::string::npos);
    for (auto& [bound, one] : known) {
      const std::string& name = bound;
      const bool lives = world.clock.now() < world.vault->purge_at(one.ref);
      // Every reveal is an entry that is synced; masked opens the same records.
      const auto shown = world.vault->masked(world.store->read(), {"manual", name}, one.ref);
      if (lives) {
        REQUIRE_FALSE(one.seen_gone);
        REQUIRE_MESSAGE(shown.ok(), name << ": " << shown.error().message);
        REQUIRE(shown->find("email") != nullptr);
        ++opened;
      } else {
        REQUIRE_FALSE(shown.ok());
        REQUIRE(shown.error().code == ErrorCode::gone);
        one.seen_gone = true;
        ++gone;
      }
    }
    const auto read = world.store->read();
    for (auto row = read.scan(world.store->family("pii"), "", ""); row.valid() && sealed_bytes.size() < 400; row.next())
      sealed_bytes.emplace(std::string(row.key()), std::string(row.value().substr(28, 32)));
  }
  CHECK(opened > 0);

  world.clock.pass(std::chrono::days{31});
  REQUIRE(world.vault->purge(access::system_actor(), false)->figures.clean);
  CHECK(world.vault->status().live_keys == 0);
  // No kill came between a destruction and its certificate, or the next one told of it: the chain holds without gaps.
  const auto verdict = *world.vault->verify_certificates(world.store->read());
  CHECK(verdict.fault.empty());
  CHECK(verdict.keys.size() == 1);
  std::uint32_t from = 0;
  auto purges = *world.vault->purges(world.store->read(), 100'000);
  for (auto purge = purges.rbegin(); purge != purges.rend(); ++purge) {
    if (from != 0) CHECK(purge->gone_before == from);
    from = purge->live_min;
  }
  CHECK(world.records() == 0);
  world.close();
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(world.folder.path()))
    if (entry.is_regular_file()) all += test::file_bytes(entry.path());
  for (const auto& [key, bytes] : sealed_bytes) REQUIRE(all.find(bytes) == std::string::npos);
  MESSAGE(rounds << " kills, seed " << seed << ": " << known.size() << " buyers sealed, opened " << opened
                 << " times, refused " << gone << " times");
}
