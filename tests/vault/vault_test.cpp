#include <algorithm>

#include "small_vault.h"

using namespace pf;
using namespace pf::vault;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

TEST_CASE("vault: a buyer is sealed, shown to whom may and written to the audit log") {
  test::SmallVault world;
  const auto ref = world.seal("A-1");
  CHECK(world.vault->state(ref) == PersonState::present);
  const auto buyer = world.reveal("A-1", ref, "  fulfilment ");
  REQUIRE(buyer.ok());
  CHECK(buyer->fields.size() == 4);
  CHECK(buyer->find(Field::email)->in_the_clear() == "zyx@example.com");
  const auto entries = *world.audit->page(world.store->read(), 0, 1);
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].action == "buyer.reveal");
  CHECK(entries[0].object == "order:A-1");
  CHECK(*entries[0].details.find("reason")->as_string() == "fulfilment");
  CHECK(json::write(entries[0].details).find("Quillonbury") == std::string::npos);

  REQUIRE(world.store->flush_all().ok());
  for (const char* word : {"Quillonbury", "zyx@example.com", "Vexillology", "9876 ZX"})
    CHECK(test::files_holding(world.folder.path(), word).empty());
}

TEST_CASE("vault: without a reason or the right, nothing is shown and nothing is written down") {
  test::SmallVault world;
  const auto ref = world.seal("A-1");
  CHECK(world.reveal("A-1", ref, "  ").error().code == ErrorCode::invalid);
  access::Actor clerk;
  clerk.kind = access::Actor::Kind::user;
  clerk.name = "clerk";
  CHECK(world.reveal("A-1", ref, "curious", clerk).error().code == ErrorCode::forbidden);
  CHECK(world.audit->page(world.store->read(), 0, 10)->empty());
}

TEST_CASE("vault: an order that came without a buyer says so, and no day on which one was deleted") {
  test::SmallVault world;
  const auto nobody = world.seal("A-1", {}, Buyer{});
  const auto early = world.reveal("A-1", nobody).error();
  CHECK(early.code == ErrorCode::gone);
  CHECK(early.message.find("none came with the order") != std::string::npos);
  const auto somebody = world.seal("A-2");  // now the hour has a key
  CHECK(world.vault->state(somebody) == PersonState::present);
  CHECK(world.reveal("A-1", nobody)->fields.empty());
}

TEST_CASE("vault: another order's buyer does not open, whatever reference is shown") {
  test::SmallVault world;
  const auto first = world.seal("A-1"), second = world.seal("A-2", {}, test::a_buyer("Other", "other@example.com"));
  CHECK(first.rid != second.rid);
  CHECK_FALSE(world.reveal("A-2", first).ok());
  CHECK_FALSE(world.reveal("A-1", second).ok());
  PersonRef moved = first;
  moved.epoch += 1;
  CHECK_FALSE(world.reveal("A-1", moved).ok());
  moved = first;
  moved.created += milliseconds{1};
  CHECK(world.reveal("A-1", moved).error().code == ErrorCode::internal);
  CHECK(world.email_of("A-1", first) == "zyx@example.com");
}

TEST_CASE("vault: records that somebody swapped or altered in the database are refused") {
  test::SmallVault world;
  const auto a = world.seal("A-1"), b = world.seal("A-2", {}, test::a_buyer("Other", "other@example.com"));
  const auto pii = world.store->family("pii");
  const std::string key_a = record_key(a.epoch, a.rid, Field::email), key_b = record_key(b.epoch, b.rid, Field::email),
                    key_p = record_key(a.epoch, a.rid, Field::phone);
  const auto get = [&](const std::string& key) { return **world.store->read().get(pii, key); };
  const std::string of_a = get(key_a), of_b = get(key_b), of_p = get(key_p);
  const auto put = [&](const std::string& key, const std::string& value) {
    REQUIRE(world.store
                ->write([&](storage::Write& work) -> Result<> {
                  work.put(pii, key, value);
                  return {};
                })
                .ok());
  };
  put(key_a, of_b);  // another order's
  CHECK(world.reveal("A-1", a).error().code == ErrorCode::internal);
  put(key_a, of_p);  // another field
  CHECK(world.reveal("A-1", a).error().code == ErrorCode::internal);
  put(key_a, of_a.substr(0, of_a.size() - 1));
  CHECK(world.reveal("A-1", a).error().code == ErrorCode::internal);
  std::string flipped = of_a;
  flipped[40] = static_cast<char>(flipped[40] ^ 1);
  put(key_a, flipped);
  const auto refused = world.reveal("A-1", a);
  CHECK(refused.error().message.find("altered") != std::string::npos);
  CHECK(refused.error().message.find("zyx") == std::string::npos);
  put(key_a, of_a);
  CHECK(world.email_of("A-1", a) == "zyx@example.com");
}

TEST_CASE("vault: a buyer is gone 30 days after the hour in which the data came, and the answer says when") {
  test::SmallVault world;
  world.clock.pass(minutes{25});
  const auto ref = world.seal("A-1");
  CHECK(world.vault->purge_at(ref) == Time{hours{ref.epoch}} + days{30});
  world.clock.pass(days{30} - minutes{25} - milliseconds{1});
  CHECK(world.email_of("A-1", ref) == "zyx@example.com");
  world.clock.pass(milliseconds{1});
  const auto gone = world.reveal("A-1", ref);  // before any purge ran
  REQUIRE_FALSE(gone.ok());
  CHECK(gone.error().code == ErrorCode::gone);
  CHECK(gone.error().message.find("2026-02-14") != std::string::npos);
  CHECK(world.vault->state(ref) == PersonState::purged);
  CHECK(world.vault->masked(world.store->read(), {"manual", "A-1"}, ref).error().code == ErrorCode::gone);
  CHECK(world.found(IndexField::email, "zyx@example.com") == 0);
}

TEST_CASE("vault: an order that comes in late is counted from when it was placed") {
  test::SmallVault world;
  const auto old = world.seal("OLD", world.clock.now() - days{29});
  CHECK(world.email_of("OLD", old) == "zyx@example.com");
  const auto ancient = world.seal("ANCIENT", world.clock.now() - days{31});
  CHECK(world.vault->state(ancient) == PersonState::purged);
  CHECK(world.email_of("ANCIENT", ancient) == "gone");
  CHECK(world.records() == 4);  // nothing was sealed for it
  const auto tomorrow = world.seal("FUTURE", world.clock.now() + days{300});
  CHECK(tomorrow.created == world.clock.now());  // nobody lives longer by saying so
  world.clock.pass(days{1});
  CHECK(world.email_of("OLD", old) == "gone");
}

TEST_CASE("vault: sending a purged order again does not bring its buyer back") {
  test::SmallVault world;
  const Time placed = world.clock.now();
  const auto ref = world.seal("A-1", placed);
  world.clock.pass(days{31});
  REQUIRE(world.vault->purge(access::system_actor(), false).ok());
  CHECK(world.records() == 0);
  const auto again = world.seal("A-1", placed);
  CHECK(world.vault->state(again) == PersonState::purged);
  CHECK(world.records() == 0);
  CHECK(world.email_of("A-1", ref) == "gone");
  CHECK(world.found(IndexField::email, "zyx@example.com") == 0);
  world.reopen();
  world.seal("A-1", placed);
  CHECK(world.records() == 0);
}

TEST_CASE("vault: the purge takes the keys first, then every sealed byte, and reports both") {
  test::SmallVault world;
  std::vector<std::pair<std::string, PersonRef>> old, young;
  for (int i = 0; i < 20; ++i) old.emplace_back("OLD-" + std::to_string(i), world.seal("OLD-" + std::to_string(i)));
  REQUIRE(world.store->flush_all().ok());  // some in tables, some in the log
  for (int i = 20; i < 30; ++i) old.emplace_back("OLD-" + std::to_string(i), world.seal("OLD-" + std::to_string(i)));
  std::vector<std::string> sealed;
  {
    const auto read = world.store->read();
    for (auto row = read.scan(world.store->family("pii"), "", ""); row.valid(); row.next())
      sealed.push_back(std::string(row.value().substr(28, 32)));
  }
  REQUIRE(sealed.size() == 120);
  CHECK_FALSE(test::files_holding(world.folder.path(), sealed[0]).empty());
  world.clock.pass(days{29} + hours{23});
  for (int i = 0; i < 5; ++i) young.emplace_back("NEW-" + std::to_string(i), world.seal("NEW-" + std::to_string(i)));

  world.clock.pass(hours{2});
  const auto due = world.vault->purge(access::system_actor(), true);
  REQUIRE(due.ok());
  CHECK(due->dry_run);
  CHECK(due->keys_destroyed == 1);
  CHECK(due->figures.records_dropped == 120);
  CHECK(world.records() == 140);  // dry: nothing went

  const auto done = world.vault->purge(access::system_actor(), false);
  REQUIRE(done.ok());
  CHECK(done->keys_destroyed == 1);
  CHECK(done->figures.records_dropped == 120);
  CHECK(done->figures.clean);
  CHECK(done->figures.remaining.empty());
  CHECK(world.records() == 20);
  std::string files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(world.folder.path()))
    if (entry.is_regular_file()) files += test::file_bytes(entry.path());
  for (const auto& bytes : sealed) CHECK(files.find(bytes) == std::string::npos);
  for (const auto& [number, ref] : old) CHECK(world.email_of(number, ref) == "gone");
  for (const auto& [number, ref] : young) CHECK(world.email_of(number, ref) == "zyx@example.com");
  const auto reports = *world.vault->purges(world.store->read(), 10);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].figures.records_dropped == 120);
  CHECK(reports[0].live_min == done->live_min);
}

TEST_CASE("vault: a read that is held open is named as what remains, and the next purge is clean") {
  test::SmallVault world;
  world.seal("A-1");
  world.clock.pass(days{31});
  {
    const auto read = world.store->read();
    const auto purged = world.vault->purge(access::system_actor(), false);
    REQUIRE(purged.ok());
    CHECK_FALSE(purged->figures.clean);
    CHECK(purged->figures.remaining.find("read") != std::string::npos);
  }
  REQUIRE(world.vault->tick().ok());
  world.clock.pass(minutes{11});
  REQUIRE(world.vault->tick().ok());
  CHECK(world.vault->status().last_purge->figures.clean);
}

TEST_CASE("vault: the tick purges what is due, once an hour and after every start, and says nothing of empty hours") {
  test::SmallVault world;
  REQUIRE(world.vault->tick().ok());
  CHECK(world.vault->purges(world.store->read(), 10)->empty());
  const auto ref = world.seal("A-1");
  for (int hour = 0; hour <= 24 * 30; hour += 12) {
    world.clock.pass(hours{12});
    REQUIRE(world.vault->tick().ok());
  }
  CHECK(world.records() == 0);
  CHECK(world.email_of("A-1", ref) == "gone");
  CHECK(world.vault->purges(world.store->read(), 10)->size() == 1);
  CHECK(world.vault->status().live_keys == 0);
}

TEST_CASE("vault: what fell due while the shop was off goes when it opens, before anybody reads") {
  test::SmallVault world;
  const auto ref = world.seal("A-1");
  const auto young = world.seal("A-2");
  world.close();
  world.clock.pass(days{31});
  world.reopen();
  CHECK(world.vault->status().live_keys == 0);
  CHECK(world.email_of("A-1", ref) == "gone");
  CHECK(world.email_of("A-2", young) == "gone");
}

TEST_CASE("vault: a buyer is found by e-mail, phone, postcode and name, for as long as the data lives") {
  test::SmallVault world;
  const auto first = world.seal("A-1");
  world.clock.pass(days{3});
  world.seal("A-2");
  world.seal("A-3", {}, test::a_buyer("Other", "other@example.com"));
  CHECK(world.found(IndexField::email, " ZYX@example.com") == 2);
  CHECK(world.found(IndexField::email, "other@example.com") == 1);
  CHECK(world.found(IndexField::phone, "0031 97 00000123") == 3);
  CHECK(world.found(IndexField::postcode, "9876zx") == 3);
  CHECK(world.found(IndexField::name, "zyxander quillonbury") == 2);
  CHECK(world.found(IndexField::name, "zyxander") == 0);  // whole values only
  CHECK(world.found(IndexField::email, "zyx@example.co") == 0);
  CHECK(world.found(IndexField::email, "") == 0);
  CHECK(world.found(IndexField::email, std::string(200'000, 'x')) == 0);
  const auto hits = *world.vault->find(world.store->read(), IndexField::email, "zyx@example.com");
  CHECK(std::ranges::find(hits, Found{first.rid, first.epoch}) != hits.end());
  world.clock.pass(days{27} + hours{1});
  CHECK(world.found(IndexField::email, "zyx@example.com") == 1);
}

TEST_CASE("vault: masked, a buyer shows first letters and the country, and no word of the rest") {
  test::SmallVault world;
  const auto ref = world.seal("A-1");
  const auto masked = world.vault->masked(world.store->read(), {"manual", "A-1"}, ref);
  REQUIRE(masked.ok());
  const std::string text = json::write(*masked);
  CHECK(text.find("Z***") != std::string::npos);
  CHECK(text.find("\"NL\"") != std::string::npos);
  for (const char* word : {"yxander", "uillonbury", "9876", "77", "example.com", "Ring", "9700"})
    CHECK_MESSAGE(text.find(word) == std::string::npos, word);
}

TEST_CASE("vault: texts that are too long are refused, every one by name") {
  test::SmallVault world;
  const auto refused = [&](Subject subject, const Buyer& buyer) {
    Error e{};
    const auto done = world.store->write([&](storage::Write& work) -> Result<> {
      const auto ref = world.vault->seal(work, subject, world.clock.now(), buyer);
      return ref.ok() ? Result<>() : Result<>(ref.error());
    });
    if (!done.ok()) e = done.error();
    return e;
  };
  Buyer big;
  big.fields.emplace_back(Field::email, Private(std::string(kFieldBytesMax + 1, 'x')));
  big.fields.emplace_back(Field::message, Private(std::string(kFieldBytesMax + 1, 'x')));
  const Error error = refused({"manual", "A"}, big);
  CHECK(error.code == ErrorCode::invalid);
  REQUIRE(error.faults.size() == 2);
  CHECK(error.faults[0].field == "email");
  CHECK(error.faults[1].field == "comment");
  CHECK(refused({"manual", std::string(kSubjectBytesMax + 1, 'x')}, test::a_buyer()).code == ErrorCode::invalid);
  CHECK(world.vault->seal_blob("x", std::string(kBlobBytesMax + 1, 'x')).error().code == ErrorCode::too_large);
  CHECK(world.records() == 0);
}

TEST_CASE("vault: a sealed piece opens under its own label, until its hour is gone") {
  test::SmallVault world;
  const auto sealed = world.vault->seal_blob("note:1", "call Zyxander back");
  REQUIRE(sealed.ok());
  CHECK(*world.vault->open_blob("note:1", *sealed) == "call Zyxander back");
  CHECK_FALSE(world.vault->open_blob("note:2", *sealed).ok());
  CHECK_FALSE(world.vault->open_blob("note:1", sealed->substr(1)).ok());
  CHECK_FALSE(world.vault->open_blob("note:1", "").ok());
  for (std::size_t byte = 0; byte < sealed->size(); ++byte) {
    std::string bad = *sealed;
    bad[byte] = static_cast<char>(bad[byte] ^ 1);
    REQUIRE_FALSE(world.vault->open_blob("note:1", bad).ok());
  }
  world.clock.pass(days{30} + hours{1});
  CHECK(world.vault->open_blob("note:1", *sealed).error().code == ErrorCode::gone);
}

// ---- the clock, seen through the vault

TEST_CASE("vault: set back, no clock brings a destroyed buyer back, also across a restart") {
  test::SmallVault world;
  const Time start = world.clock.now();
  const auto ref = world.seal("A-1");
  world.clock.pass(days{31});
  REQUIRE(world.vault->tick().ok());
  world.clock.set_wall(start);
  CHECK(world.email_of("A-1", ref) == "gone");
  CHECK(world.vault->status().clock_alarm.starts_with("set_back"));
  const auto now = world.seal("A-2");  // gets T, not the wall clock's time
  CHECK(now.created == start);         // placed then, says the caller: so it is dead already
  CHECK(world.vault->state(now) == PersonState::purged);
  world.clock.reboot("boot-2");
  world.reopen();
  CHECK(world.email_of("A-1", ref) == "gone");
  CHECK(world.vault->now() >= start + days{31});
}

TEST_CASE("vault: set forward, buyers are locked and not destroyed, until the clock is right or confirmed") {
  test::SmallVault world;
  const auto ref = world.seal("A-1");
  const Time start = world.clock.now();
  world.clock.set_wall(start + days{31});
  REQUIRE(world.vault->tick().ok());
  const auto locked = world.reveal("A-1", ref);
  REQUIRE_FALSE(locked.ok());
  CHECK(locked.error().code == ErrorCode::unavailable);
  CHECK(locked.error().message.find("clock") != std::string::npos);
  CHECK(world.found(IndexField::email, "zyx@example.com") == 0);
  REQUIRE(world.vault->purge(access::system_actor(), false).ok());
  CHECK(world.records() == 4);
  world.reopen();
  CHECK(world.reveal("A-1", ref).error().code == ErrorCode::unavailable);
  SUBCASE("right again") {
    world.clock.set_wall(start + minutes{1});
    CHECK(world.email_of("A-1", ref) == "zyx@example.com");
  }
  SUBCASE("confirmed") {
    REQUIRE(world.vault->confirm_clock(access::system_actor()).ok());
    REQUIRE(world.vault->tick().ok());
    CHECK(world.email_of("A-1", ref) == "gone");
    CHECK(world.records() == 0);
    CHECK(world.audit->page(world.store->read(), 0, 10)->size() == 2);  // the confirmation, and what the purge then did
  }
}

// ---- the ring under a running shop

TEST_CASE("vault: an older copy of the ring, or another shop's, is refused by name") {
  test::SmallVault world, stranger;
  world.seal("A-1");
  world.close();
  const std::string old = test::file_bytes(world.ring_file());
  world.clock.pass(days{31});
  world.reopen();
  REQUIRE(world.vault->tick().ok());
  world.close();
  const std::string current = test::file_bytes(world.ring_file());
  test::overwrite(world.ring_file(), old);
  const auto refused = world.open();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::unavailable);
  CHECK(refused.error().message.find("old copy") != std::string::npos);

  stranger.close();
  const auto keys = world.folder.path() / "keyring", theirs = stranger.folder.path() / "keyring";
  test::overwrite(keys / "ring.bin", test::file_bytes(theirs / "ring.bin"));
  CHECK(world.open().error().message.find("another ring's") != std::string::npos);
  const std::string lock = test::file_bytes(keys / "master.bin"), key = test::file_bytes(keys / "master.key");
  test::overwrite(keys / "master.bin", test::file_bytes(theirs / "master.bin"));
  test::overwrite(keys / "master.key", test::file_bytes(theirs / "master.key"));
  CHECK(world.open().error().message.find("another shop") != std::string::npos);
  test::overwrite(keys / "ring.bin", current);
  test::overwrite(keys / "master.bin", lock);
  test::overwrite(keys / "master.key", key);
  world.reopen();
}

TEST_CASE("vault: a lost ring is made anew: earlier buyers are gone, new ones live, and the audit log tells") {
  test::SmallVault world;
  const auto ref = world.seal("A-1");
  world.close();
  std::filesystem::remove_all(world.folder.path() / "keyring");
  world.reopen();
  CHECK(world.email_of("A-1", ref) == "gone");
  CHECK((*world.audit->page(world.store->read(), 0, 1))[0].action == "vault.ring_lost");
  const auto next = world.seal("A-2");
  CHECK(world.email_of("A-2", next) == "zyx@example.com");
  const auto again = world.seal("A-1");  // a new import of the same order
  CHECK(world.email_of("A-1", again) == "zyx@example.com");
  world.reopen();
  CHECK(world.email_of("A-2", next) == "zyx@example.com");
}

TEST_CASE("vault: a crash between making a lost ring anew and writing that down does not lock the shop out") {
  test::SmallVault world;
  world.seal("A-1");
  world.close();
  const auto keys = world.folder.path() / "keyring";
  std::filesystem::remove_all(keys);
  world.reopen();
  world.close();
  // As the crash leaves it: the store has said that a ring is being remade, and remembers the lost one still.
  auto families = Vault::families();
  for (auto& family : audit::Audit::families()) families.push_back(std::move(family));
  {
    auto store = *storage::Store::open(world.folder.path(), std::move(families), {.free_bytes_reserve = 0});
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  work.put(store->family("vault"), kRingSeenKey, "another-ring-id!" + std::string(12, '\0'));
                  work.put(store->family("vault"), kRemakingKey, "");
                  return {};
                })
                .ok());
  }
  world.reopen();
  const auto ref = world.seal("A-2");
  world.reopen();
  CHECK(world.email_of("A-2", ref) == "zyx@example.com");
}
