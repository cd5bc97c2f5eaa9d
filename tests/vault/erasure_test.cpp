#include "small_vault.h"

using namespace pf;
using namespace pf::vault;
using std::chrono::days;
using std::chrono::hours;

namespace {

struct Erasing : test::SmallVault {
  PersonRef kept = seal("KEPT", {}, test::a_buyer("Other", "other@example.com")), gone = seal("GONE");

  ErasureReport erase(PersonRef& ref) {
    ErasureReport report;
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  report = {};
                  PF_TRY(vault->erase(work, ref, report));
                  return vault->owe_erasure(work, report);
                })
                .ok());
    return report;
  }
  std::vector<std::string> sealed_of(const PersonRef& ref) {
    std::vector<std::string> all;
    const auto read = store->read();
    for (auto row = read.scan_prefix(store->family("pii"), epoch_key(ref.epoch).append(ref.rid)); row.valid();
         row.next())
      all.push_back(std::string(row.value().substr(28, 32)));
    return all;
  }
};

}  // namespace

TEST_CASE("erasure: one buyer goes at once, records, search and bytes; another of the same hour stays") {
  Erasing world;
  REQUIRE(world.store->flush_all().ok());
  const auto sealed = world.sealed_of(world.gone);
  REQUIRE(sealed.size() == 4);
  CHECK_FALSE(test::files_holding(world.folder.path(), sealed[0]).empty());
  const auto report = world.erase(world.gone);
  CHECK(report.orders == 1);
  CHECK(report.records == 4);
  CHECK(report.index_records == 4);
  CHECK(world.vault->state(world.gone) == PersonState::purged);
  const auto refused = world.reveal("GONE", world.gone);
  CHECK(refused.error().code == ErrorCode::gone);
  CHECK(refused.error().message.find("on request") != std::string::npos);
  CHECK(world.found(IndexField::email, "zyx@example.com") == 0);

  const auto done = world.vault->finish_erasures(access::system_actor());
  REQUIRE(done.ok());
  REQUIRE(done->size() == 1);
  CHECK((*done)[0].clean);
  CHECK((*done)[0].certificate == 1);
  for (const auto& bytes : sealed) CHECK(test::files_holding(world.folder.path(), bytes).empty());
  CHECK(world.email_of("KEPT", world.kept) == "other@example.com");
  CHECK(world.found(IndexField::email, "other@example.com") == 1);
  const auto certificate = *world.vault->certificate(world.store->read(), 1);
  CHECK(*certificate->body.find("kind")->as_string() == "erasure");
  CHECK(certificate->body.find("records")->as_int() == 4);
  CHECK(world.vault->verify_certificates(world.store->read())->fault.empty());
  CHECK(world.vault->finish_erasures(access::system_actor())->empty());
}

TEST_CASE("erasure: a crash before the bytes went is made good by the next beat after the start") {
  Erasing world;
  REQUIRE(world.store->flush_all().ok());
  const auto sealed = world.sealed_of(world.gone);
  world.erase(world.gone);
  world.reopen();
  CHECK_FALSE(test::files_holding(world.folder.path(), sealed[0]).empty());
  REQUIRE(world.vault->tick().ok());
  for (const auto& bytes : sealed) CHECK(test::files_holding(world.folder.path(), bytes).empty());
  CHECK(world.vault->certificates(world.store->read(), 0, 10)->size() == 1);
}

TEST_CASE("erasure: while a read holds the bytes it stays owed, and is certified when they have gone") {
  Erasing world;
  world.erase(world.gone);
  {
    const auto read = world.store->read();
    REQUIRE(world.vault->tick().ok());
    CHECK(world.vault->certificates(world.store->read(), 0, 10)->empty());
  }
  REQUIRE(world.vault->tick().ok());
  CHECK(world.vault->certificates(world.store->read(), 0, 10)->size() == 1);
}

TEST_CASE("reveal: an actor who reveals more than a day's parcels in an hour is stopped, others are not") {
  test::SmallVault world;
  const auto ref = world.seal("A-1");
  access::Actor thief = access::system_actor(), clerk = access::system_actor();
  thief.id = thief.name = "thief";
  clerk.id = clerk.name = "clerk";
  std::uint32_t shown = 0;
  // In one unit of work, so that the test does not wait for the disk.
  static_cast<void>(world.store->write([&](storage::Write& work) -> Result<> {
    for (std::uint32_t i = 0; i < kRevealsPerHourMax + 5; ++i) {
      const auto buyer = world.vault->reveal(work, thief, "all of them", {"manual", "A-1"}, ref, "order:A-1");
      shown += buyer.ok();
      if (!buyer.ok()) CHECK(buyer.error().code == ErrorCode::too_many);
    }
    return error(ErrorCode::conflict, "kept out of the log");
  }));
  CHECK(shown == kRevealsPerHourMax);
  CHECK(world.reveal("A-1", ref, "fulfilment", clerk).ok());
  const auto status = world.vault->status();
  REQUIRE(status.reveals.size() == 2);
  CHECK(status.reveals[0].name == "thief");
  CHECK(status.reveals[0].refused == 5);
  world.clock.set_wall(world.clock.now() + hours{1});  // by the wall clock no hour has passed
  CHECK_FALSE(world.reveal("A-1", ref, "again", thief).ok());
  world.clock.pass(hours{1});
  CHECK(world.reveal("A-1", ref, "again", thief).ok());
}
