#include "audit/checkpoints.h"

#include <doctest/doctest.h>

#include <fstream>

#include "audit/audit_keys.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"

using namespace pf;

namespace {

struct Log {
  test::TempFolder folder;
  test::HandClock clock;
  std::unique_ptr<storage::Store> store = std::move(*storage::Store::open(
      folder.path() / "db", audit::Audit::families(), {.create_if_missing = true, .free_bytes_reserve = 0}));
  audit::Audit audit{*store, clock};
  storage::FamilyRef family = store->family("audit");
  std::unique_ptr<audit::Checkpoints> checkpoints = opened();

  std::unique_ptr<audit::Checkpoints> opened() {
    return std::move(*audit::Checkpoints::open(*store, audit, clock, folder.path()));
  }
  void add(int count, const char* action = "order.ship") {
    for (int i = 0; i < count; ++i)
      REQUIRE(store
                  ->write([&](storage::Write& work) {
                    return audit.append(work, access::system_actor(), action, "", json::Value(json::Members{}));
                  })
                  .ok());
  }
  // What somebody with the database and our source can do: a whole new chain, with a right head.
  void write_anew(int count) {
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  for (auto row = work.scan_prefix(family, ""); row.valid(); row.next()) work.erase(family, row.key());
                  return {};
                })
                .ok());
    add(count, "order.forged");
  }
  audit::SignedVerdict verdict() { return *checkpoints->verify(); }
  std::string file() {
    std::ifstream in(folder.path() / audit::kCheckpointsFile);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

}  // namespace

TEST_CASE("checkpoints: each signs what is new, survives a restart, and is shown") {
  Log log;
  CHECK(log.verdict().checkpoints == 0);
  REQUIRE(log.checkpoints->sign().ok());  // nothing to sign
  log.add(3);
  REQUIRE(log.checkpoints->sign().ok());
  REQUIRE(log.checkpoints->sign().ok());
  CHECK(log.verdict().checkpoints == 1);
  CHECK(log.verdict().newest.number == 3);
  log.checkpoints = log.opened();
  REQUIRE(log.checkpoints->sign().ok());
  log.add(2);
  REQUIRE(log.checkpoints->sign().ok());
  CHECK(log.verdict().checkpoints == 2);
  CHECK(log.verdict().newest.number == 5);
  CHECK(log.verdict().fault.empty());
}

TEST_CASE("checkpoints: a log whose chain was written anew, shorter or as long, is found") {
  for (const int count : {3, 6}) {
    Log log;
    log.add(6);
    REQUIRE(log.checkpoints->sign().ok());
    log.write_anew(count);
    CHECK(log.verdict().chain.fault.empty());  // the chain alone does not tell
    CHECK_MESSAGE(log.verdict().fault.find("Entry 6") != std::string::npos, log.verdict().fault);
  }
}

TEST_CASE("checkpoints: an altered, moved or foreign line is found") {
  Log log;
  log.add(2);
  REQUIRE(log.checkpoints->sign().ok());
  log.add(2);
  REQUIRE(log.checkpoints->sign().ok());
  const std::string good = log.file();
  const auto with = [&](const std::string& text) {
    std::ofstream(log.folder.path() / audit::kCheckpointsFile, std::ios::trunc) << text;
    return log.verdict().fault;
  };
  CHECK(with(good).empty());
  const std::size_t second = good.find('\n') + 1;
  CHECK_FALSE(with(good.substr(second) + good.substr(0, second)).empty());
  CHECK_FALSE(with("3" + good.substr(1)).empty());
  CHECK_FALSE(with("x").empty());
  std::string bent = good;
  bent[good.size() - 5] = bent[good.size() - 5] == 'A' ? 'B' : 'A';
  CHECK_FALSE(with(bent).empty());
  REQUIRE(std::filesystem::remove(log.folder.path() / audit::kCheckpointsKey));
  with(good);
  const auto other = audit::Checkpoints::open(*log.store, log.audit, log.clock, log.folder.path());
  REQUIRE(other.ok());
  CHECK_FALSE((*other)->verify()->fault.empty());  // another key
}
