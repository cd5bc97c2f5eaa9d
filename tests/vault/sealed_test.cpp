// The vault sealed and unsealed, its master key changed under living buyers, and what goes on without any key.
#include "small_vault.h"
#include "vault/vault_impl.h"

using namespace pf;
using namespace pf::vault;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

constexpr std::string_view kWords = "harbour lantern quiet forty-two";
const auto& by() {
  return access::system_actor();
}

KeyOffer words(std::string_view text = kWords) {
  KeyOffer offer;
  offer.passphrase = crypto::SecretBytes::copy_of(text);
  return offer;
}
void put_under_passphrase(test::SmallVault& world) {
  KeyChange change{.provider = KeyProvider::passphrase};
  change.passphrase = crypto::SecretBytes::copy_of(kWords);
  change.cost = {1, 8};
  const auto done = world.vault->change_key(by(), change);
  REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
}
template <class T>
bool refused_as_sealed(const Result<T>& answer) {
  return !answer.ok() && is_sealed_error(answer.error());
}
std::string newest_action(test::SmallVault& world) {
  return (*world.audit->page(world.store->read(), 0, 1))[0].action;
}

}  // namespace

TEST_CASE(
    "vault: sealed, it refuses buyers by name, still knows who lives and who is gone, and unsealed shows them again") {
  test::SmallVault world;
  const auto ref = world.seal("S-1"), old = world.seal("S-0", world.clock.now() - days{40});
  const std::string note = *world.vault->seal_blob("note", "Quillonbury rang");
  REQUIRE(world.vault->seal_up(by()).ok());
  CHECK(newest_action(world) == "vault.seal");
  CHECK(world.vault->seal_up(by()).error().code == ErrorCode::conflict);
  CHECK(world.vault->status().sealed);
  CHECK(world.vault->state(ref) == PersonState::present);
  CHECK(world.vault->state(old) == PersonState::purged);
  const auto read = world.store->read();
  CHECK(refused_as_sealed(world.vault->masked(read, {"manual", "S-1"}, ref)));
  CHECK(world.vault->masked(read, {"manual", "S-0"}, old).error().code == ErrorCode::gone);
  CHECK(refused_as_sealed(world.reveal("S-1", ref)));
  CHECK(refused_as_sealed(world.vault->find(read, IndexField::email, "zyx@example.com")));
  CHECK(refused_as_sealed(world.vault->open_blob("note", note)));
  CHECK(refused_as_sealed(world.vault->seal_blob("note", "more")));
  CHECK(refused_as_sealed(world.vault->search_files(world.folder.path(), "Quillonbury", {})));
  CHECK(refused_as_sealed(world.vault->copy_ring()));
  CHECK(refused_as_sealed(world.vault->change_key(by(), {})));
  const auto taken_in = world.store->write([&](storage::Write& work) -> Result<> {
    PF_TRY(world.vault->seal(work, {"manual", "S-2"}, world.clock.now(), test::a_buyer()));
    return {};
  });
  CHECK(refused_as_sealed(taken_in));
  const auto erased = world.store->write([&](storage::Write& work) -> Result<> {
    PersonRef gone = ref;
    ErasureReport report;
    return world.vault->erase(work, gone, report);
  });
  CHECK(refused_as_sealed(erased));

  REQUIRE(world.vault->unseal(by(), {}).ok());  // its key file lies there
  CHECK(newest_action(world) == "vault.unseal");
  CHECK(world.vault->unseal(by(), {}).error().code == ErrorCode::conflict);
  CHECK(world.email_of("S-1", ref) == "zyx@example.com");
  CHECK(world.found(IndexField::email, "zyx@example.com") == 1);
  CHECK(*world.vault->open_blob("note", note) == "Quillonbury rang");
  CHECK(world.email_of("S-2", world.seal("S-2")) == "zyx@example.com");
}

TEST_CASE("vault: under a passphrase it starts sealed; a wrong one is refused, audited, and not for ever") {
  test::SmallVault world;
  const auto ref = world.seal("S-1");
  put_under_passphrase(world);
  CHECK(newest_action(world) == "vault.key_change");
  CHECK(world.email_of("S-1", ref) == "zyx@example.com");
  world.reopen();
  CHECK(world.vault->status().sealed);
  CHECK(world.vault->status().provider == KeyProvider::passphrase);
  CHECK(world.vault->state(ref) == PersonState::present);
  for (std::uint32_t tries = 0; tries < kUnsealTriesPerHour; ++tries)  // to leave it out is no guess
    REQUIRE(world.vault->unseal(by(), KeyOffer{}).error().code == ErrorCode::invalid);
  for (std::uint32_t tries = 0; tries < kUnsealTriesPerHour; ++tries)
    REQUIRE(world.vault->unseal(by(), words("not the words that it was")).error().code == ErrorCode::invalid);
  CHECK(newest_action(world) == "vault.unseal_failed");
  CHECK(world.vault->unseal(by(), words()).error().code == ErrorCode::too_many);
  world.clock.pass(hours{1});
  REQUIRE(world.vault->unseal(by(), words()).ok());
  CHECK(world.email_of("S-1", ref) == "zyx@example.com");
}

TEST_CASE("vault: sealed or not, buyers are destroyed when they are due; the certificate follows when it is unsealed") {
  for (const bool from_the_start : {false, true}) {
    INFO(from_the_start);
    test::SmallVault world;
    const auto first = world.seal("S-1");
    world.clock.pass(days{10});
    const auto second = world.seal("S-2");
    const std::string first_bytes = [&] {
      const auto read = world.store->read();
      auto row = read.scan(world.store->family("pii"), "", "");
      return std::string(row.value().substr(28, 32));
    }();
    put_under_passphrase(world);
    if (from_the_start)
      world.reopen();
    else
      REQUIRE(world.vault->seal_up(by()).ok());
    const std::size_t certificates = world.vault->certificates(world.store->read(), 0, 100)->size();

    world.clock.pass(days{20} - seconds{1});
    REQUIRE(world.vault->tick().ok());
    CHECK(world.vault->state(second) == PersonState::present);
    world.clock.pass(seconds{1});
    CHECK(world.vault->state(first) == PersonState::purged);  // at its second
    REQUIRE(world.vault->tick().ok());
    CHECK(world.vault->status().live_keys == 1);
    CHECK(world.records() == 4);  // of the second
    world.close();
    CHECK(test::files_holding(world.folder.path(), first_bytes).empty());
    // Back in time, sealed again at a start: nothing of it comes back.
    world.clock.set_wall(world.clock.now() - days{5});
    world.reopen();
    CHECK(world.vault->status().sealed);
    CHECK(world.vault->state(first) == PersonState::purged);
    CHECK(world.vault->status().live_keys == 1);
    world.clock.set_wall(world.clock.now() + days{5});
    CHECK(world.vault->certificates(world.store->read(), 0, 100)->size() == certificates);

    REQUIRE(world.vault->unseal(by(), words()).ok());
    const auto purges = *world.vault->purges(world.store->read(), 1);
    REQUIRE(purges.size() == 1);
    CHECK(purges[0].keys_destroyed == 1);
    CHECK(purges[0].slots.size() == 1);
    CHECK(world.vault->verify_certificates(world.store->read())->fault.empty());
    CHECK(world.email_of("S-1", first) == "gone");
    CHECK(world.email_of("S-2", second) == "zyx@example.com");
    world.reopen();
    REQUIRE(world.vault->unseal(by(), words()).ok());
    CHECK(world.email_of("S-2", second) == "zyx@example.com");
  }
}

TEST_CASE("vault: a destruction that was cut off while sealed is finished at the next start, whatever the clock says") {
  test::SmallVault world;
  const auto ref = world.seal("S-1");
  put_under_passphrase(world);
  world.reopen();
  const std::string ring = test::file_bytes(world.ring_file());
  const Time before = world.clock.now();
  world.clock.pass(days{31});
  REQUIRE(world.vault->tick().ok());
  world.close();
  // As if the process had died between the store's note and the first slot: the ring of before, and a clock set back.
  test::overwrite(world.ring_file(), ring);
  world.clock.set_wall(before);
  world.clock.reboot("after the crash");
  world.reopen();
  CHECK(world.vault->status().sealed);
  CHECK(world.vault->state(ref) == PersonState::purged);
  CHECK(world.vault->status().live_keys == 0);
  CHECK(test::file_bytes(world.ring_file()).find(ring.substr(kCopyA + (ref.epoch % kDataSlots) * kSlotBytes + 8, 60)) ==
        std::string::npos);
  REQUIRE(world.vault->unseal(by(), words()).ok());
  CHECK(world.email_of("S-1", ref) == "gone");
  CHECK(world.vault->now() >= before + days{31});
}

TEST_CASE("vault: a database of before a change of the master key opens with the ring of after it") {
  test::SmallVault world;
  const auto ref = world.seal("S-1");
  test::TempFolder safe;
  REQUIRE(world.store->checkpoint(safe.path() / "db").ok());
  const std::string signer = world.vault->signing_key();
  for (int times = 0; times < 3; ++times) REQUIRE(world.vault->change_key(by(), {}).ok());
  const auto later = world.seal("S-2");
  CHECK(world.email_of("S-1", ref) == "zyx@example.com");
  world.reopen();
  CHECK(world.email_of("S-2", later) == "zyx@example.com");
  CHECK(world.vault->signing_key() == signer);
  world.close();
  std::filesystem::remove_all(world.folder.path() / "db");
  std::filesystem::copy(safe.path() / "db", world.folder.path() / "db");
  world.reopen();
  CHECK(world.email_of("S-1", ref) == "zyx@example.com");
  CHECK(world.vault->signing_key() == signer);
}

// ---- how long a channel's buyers are kept

namespace {

PersonRef seal_in(test::SmallVault& world, const std::string& channel, const std::string& number, Time created) {
  PersonRef ref;
  REQUIRE(world.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_LET(ref, world.vault->seal(work, {channel, number}, created,
                                              test::a_buyer(channel, channel + "@example.com")));
                return {};
              })
              .ok());
  return ref;
}
Result<> keep(test::SmallVault& world, const std::string& channel, std::uint32_t for_days) {
  return world.store->write(
      [&](storage::Write& work) { return world.vault->keep_days(work, by(), channel, for_days); });
}
bool shown(test::SmallVault& world, const std::string& channel, const std::string& number, const PersonRef& ref) {
  return world.vault->masked(world.store->read(), {channel, number}, ref).ok();
}

}  // namespace

TEST_CASE("vault: retention is refused for a channel that no order can have, and beyond 30 days") {
  test::SmallVault world;
  for (const char* name : {"", "Amazon", "a b", "bol/nl"})
    CHECK(keep(world, name, 7).error().code == ErrorCode::invalid);
  CHECK_FALSE(keep(world, std::string(41, 'a'), 7).ok());
  for (const std::uint32_t kept_for : {0u, 31u, 4'000'000'000u}) CHECK_FALSE(keep(world, "amazon", kept_for).ok());
  CHECK(keep(world, "bol.nl", 7).ok());
  CHECK(keep(world, "Amazon", 30).ok());  // what an earlier version kept can be taken back
}

TEST_CASE("vault: a channel's buyers live the shorter of 30 days and its own, to the second, and then their bytes go") {
  for (const std::uint32_t kept : {1u, 14u, 29u, 30u}) {
    INFO(kept << " days");
    test::SmallVault world;
    REQUIRE(keep(world, "amazon", kept).ok());
    const Time created = world.clock.now() - hours{5};
    const auto amazon = seal_in(world, "amazon", "A-1", created), manual = seal_in(world, "manual", "A-1", created);
    const Time dies = std::chrono::floor<hours>(created) + days{kept};
    CHECK(world.vault->purge_at(amazon) == dies);
    CHECK(world.vault->purge_at(manual) == std::chrono::floor<hours>(created) + days{30});
    CHECK(world.found(IndexField::email, "amazon@example.com") == 1);
    const std::string sealed = [&] {
      const auto read = world.store->read();
      auto row = read.scan_prefix(world.store->family("pii"), epoch_key(amazon.epoch));
      REQUIRE(row.valid());
      return std::string(row.value().substr(28, 32));
    }();
    world.clock.pass(dies - world.clock.now() - seconds{1});
    CHECK(shown(world, "amazon", "A-1", amazon));
    world.clock.pass(seconds{1});
    CHECK_FALSE(shown(world, "amazon", "A-1", amazon));
    CHECK(world.vault->state(amazon) == PersonState::purged);
    CHECK(shown(world, "manual", "A-1", manual) == (kept < 30));
    CHECK(world.found(IndexField::email, "amazon@example.com") == 0);
    REQUIRE(world.vault->tick().ok());
    CHECK(world.vault->purges(world.store->read(), 1)->at(0).keys_destroyed == 1);
    world.close();
    CHECK(test::files_holding(world.folder.path(), sealed).empty());
    world.reopen();
    CHECK(shown(world, "manual", "A-1", manual) == (kept < 30));
  }
}

TEST_CASE("vault: retention is 1 to 30 days and nothing else, known by channel, audited, and kept over a restart") {
  test::SmallVault world;
  for (const std::uint32_t bad : {0u, 31u, 365u, 0xffff'ffffu})
    CHECK(keep(world, "amazon", bad).error().code == ErrorCode::invalid);
  CHECK_FALSE(keep(world, "", 3).ok());
  REQUIRE(keep(world, "amazon", 7).ok());
  CHECK(newest_action(world) == "vault.retention");
  REQUIRE(keep(world, "bol", 3).ok());
  world.reopen();
  CHECK(*world.vault->kept_days(world.store->read()) ==
        std::vector<std::pair<std::string, std::uint32_t>>{{"amazon", 7}, {"bol", 3}});
  // Whoever came before keeps his time; lengthened again it is 30 days at most.
  const auto short_one = seal_in(world, "bol", "B-1", world.clock.now());
  REQUIRE(keep(world, "bol", 30).ok());
  CHECK(world.vault->kept_days(world.store->read())->size() == 1);
  CHECK(world.vault->purge_at(short_one) == std::chrono::floor<hours>(world.clock.now()) + days{3});
  CHECK(world.vault->purge_at(seal_in(world, "bol", "B-2", world.clock.now())) ==
        std::chrono::floor<hours>(world.clock.now()) + days{30});
  // An order that comes after its buyer's time is taken without him.
  CHECK(world.vault->state(seal_in(world, "amazon", "A-2", world.clock.now() - days{8})) == PersonState::purged);
}

TEST_CASE("vault: a note about a buyer goes with him, and one about nobody with its own hour") {
  test::SmallVault world;
  REQUIRE(keep(world, "amazon", 2).ok());
  const auto ref = seal_in(world, "amazon", "A-1", world.clock.now());
  const std::string with = *world.vault->seal_blob("note", "rang", &ref),
                    alone = *world.vault->seal_blob("note", "rang");
  world.clock.pass(days{2});
  CHECK(world.vault->open_blob("note", with).error().code == ErrorCode::gone);
  CHECK(world.vault->open_blob("note", alone).ok());
  CHECK(world.vault->open_blob("note", *world.vault->seal_blob("note", "later", &ref)).ok());
}
