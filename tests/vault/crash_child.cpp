// crash_child FOLDER SEED WALL_MS BOOT_MS BOOT_ID: seals buyers, lets time pass and purges, until it is killed. Says on
// standard output, a line at a time, what the killer may rely on:
//   open                                when it is open
//   clock WALL_MS BOOT_MS               before its clock moves there
//   sealed NUMBER EPOCH CREATED_MS RID  after the unit of work was acknowledged
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <random>
#include <thread>

#include "productflow/text.h"
#include "support/hand_clock.h"
#include "vault/vault.h"

using namespace pf;

namespace {

void say(const std::string& line) {
  if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(3);
}
int stop(const Error& error) {
  std::fprintf(stderr, "crash_child: %s\n", error.message.c_str());
  return 1;
}
std::string text(Time time) {
  return std::to_string(time.time_since_epoch().count());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  std::mt19937_64 random(std::stoull(argv[2]));
  test::HandClock clock(Time{milliseconds{std::stoll(argv[3])}});
  clock.reboot(argv[5]);
  clock.run(milliseconds{std::stoll(argv[4])});

  const auto live_min = std::make_shared<std::atomic<std::uint32_t>>(0);
  auto families = vault::Vault::families(live_min);
  for (auto& family : audit::Audit::families()) families.push_back(std::move(family));
  auto store = storage::Store::open(argv[1], std::move(families), {.create_if_missing = true, .free_bytes_reserve = 0});
  if (!store.ok()) return stop(store.error());
  audit::Audit audit(**store, clock);
  auto vault = vault::Vault::open(**store, audit, clock, argv[1], live_min);
  if (!vault.ok()) return stop(vault.error());

  say("open\n");
  const std::uint64_t seal_seed = random();
  std::thread sealing([&] {
    std::mt19937_64 dice(seal_seed);
    for (std::uint64_t n = 0;; ++n) {
      const std::string number = std::string(argv[2]) + "-" + std::to_string(n);
      vault::Buyer buyer;
      buyer.fields.emplace_back(vault::Field::email, vault::Private(number + "@example.com"));
      vault::PersonRef ref;
      const Time created = clock.now() - std::chrono::minutes{dice() % (30 * 24 * 60)};
      const auto done = (*store)->write([&](storage::Write& work) -> Result<> {
        PF_LET(ref, (*vault)->seal(work, {"manual", number}, created, buyer));
        return {};
      });
      if (!done.ok()) ::_exit(stop(done.error()));
      say("sealed " + number + " " + std::to_string(ref.epoch) + " " + text(ref.created) + " " + hex(ref.rid) + "\n");
    }
  });
  for (;;) {
    const std::chrono::minutes step{random() % 90};
    const Time wall = clock.now() + step;
    say("clock " + text(wall) + " " + std::to_string((clock.since_boot() + step).count()) + "\n");
    clock.pass(step);
    const auto done = random() % 4 == 0 ? (*vault)->purge(access::system_actor(), false).ok() : (*vault)->tick().ok();
    if (!done) ::_exit(4);
  }
}
