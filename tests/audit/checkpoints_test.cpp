#include "audit/checkpoints.h"

#include <doctest/doctest.h>

#include <fstream>

#include "audit/audit_keys.h"
#include "productflow/text.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"

using namespace pf;

namespace {

struct SignedLog {
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
  void write(const std::string& text) {
    std::ofstream(folder.path() / audit::kCheckpointsFile, std::ios::trunc) << text;
  }
  std::string file() {
    std::ifstream in(folder.path() / audit::kCheckpointsFile);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

}  // namespace

TEST_CASE("checkpoints: each signs what is new, survives a restart, and is shown") {
  SignedLog log;
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
    SignedLog log;
    log.add(6);
    REQUIRE(log.checkpoints->sign().ok());
    log.write_anew(count);
    CHECK(log.verdict().chain.fault.empty());  // the chain alone does not tell
    CHECK_MESSAGE(log.verdict().fault.find("Entry 6") != std::string::npos, log.verdict().fault);
  }
}

TEST_CASE("checkpoints: an altered, moved or foreign line is found") {
  SignedLog log;
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

TEST_CASE("checkpoints: a line that a crash cut off is taken away, told, and signing goes on") {
  SignedLog log;
  log.add(2);
  REQUIRE(log.checkpoints->sign().ok());
  log.add(2);
  REQUIRE(log.checkpoints->sign().ok());
  const std::string good = log.file();
  for (const std::size_t left : {good.size() - 1, good.find('\n') + 5}) {
    log.write(good.substr(0, left));
    log.checkpoints = log.opened();
    CHECK(log.verdict().fault.empty());
    CHECK(log.audit.page(log.store->read(), 0, 1)->front().action == "audit.checkpoint_torn");
    REQUIRE(log.checkpoints->sign().ok());
    CHECK(log.verdict().fault.empty());
    CHECK(log.verdict().checkpoints == 2);
  }
  log.write("3");  // the first one of all
  log.checkpoints = log.opened();
  CHECK(log.file().empty());
  CHECK(log.verdict().fault.empty());
}

TEST_CASE("checkpoints: a file that cannot be read is not taken for one that is not there") {
  SignedLog log;
  log.add(2);
  REQUIRE(log.checkpoints->sign().ok());
  std::filesystem::remove(log.folder.path() / audit::kCheckpointsFile);
  std::filesystem::create_directory(log.folder.path() / audit::kCheckpointsFile);
  CHECK(log.checkpoints->verify().error().code == ErrorCode::unavailable);
  CHECK(audit::Checkpoints::open(*log.store, log.audit, log.clock, log.folder.path()).error().code ==
        ErrorCode::unavailable);
  log.add(1);
  CHECK_FALSE(log.checkpoints->sign().ok());
  CHECK(log.checkpoints->signing().failure.find(std::string(audit::kCheckpointsFile)) != std::string::npos);
  CHECK(log.checkpoints->signing().failing_since == log.clock.now());
  std::filesystem::remove(log.folder.path() / audit::kCheckpointsFile);
  CHECK(log.checkpoints->sign().ok());
  CHECK(log.checkpoints->signing().failure.empty());
}

TEST_CASE("checkpoints: a log that was altered since the last one is not signed") {
  SignedLog log;
  log.add(3);
  REQUIRE(log.checkpoints->sign().ok());
  log.add(3);
  REQUIRE(log.store
              ->write([&](storage::Write& work) -> Result<> {
                work.put(log.family, audit::entry_key(5), **work.get(log.family, audit::entry_key(4)));
                return {};
              })
              .ok());
  CHECK(log.checkpoints->sign().error().code == ErrorCode::conflict);
  CHECK(log.checkpoints->signing().failure.find("Entry 5") != std::string::npos);
  CHECK(log.verdict().checkpoints == 1);
  CHECK(log.checkpoints->verify(audit::Checkpoints::Scope::recent)->fault.find("Entry 5") != std::string::npos);
}

TEST_CASE("checkpoints: the recent part is checked from the newest one on, for logs of millions") {
  SignedLog log;
  log.add(50);
  REQUIRE(log.checkpoints->sign().ok());
  log.add(3);
  const auto recent = *log.checkpoints->verify(audit::Checkpoints::Scope::recent);
  CHECK(recent.fault.empty());
  CHECK(recent.chain.entries == 3);
  CHECK(log.verdict().chain.entries == 53);
  log.write_anew(60);
  CHECK_FALSE(log.checkpoints->verify(audit::Checkpoints::Scope::recent)->fault.empty());
}

TEST_CASE("retention: entries go when they are old enough, up to a signed one, and the rest still holds") {
  SignedLog log;
  const auto keep = [&](std::optional<std::int64_t> days) {
    return log.store->write(
        [&](storage::Write& work) { return log.audit.set_keep_days(work, access::system_actor(), days); });
  };
  CHECK(keep(audit::kKeepDaysMin - 1).error().faults[0].field == "keep_days");
  log.add(5);
  REQUIRE(log.checkpoints->sign().ok());
  log.clock.pass(std::chrono::days{200});
  log.add(5);
  REQUIRE(log.checkpoints->sign().ok());
  log.clock.pass(std::chrono::days{200});
  log.add(5);
  CHECK(*log.checkpoints->drop_old() == 0);  // for ever, unless somebody says otherwise
  REQUIRE(keep(audit::kKeepDaysMin).ok());
  CHECK(*log.checkpoints->drop_old() == 5);
  CHECK(*log.checkpoints->drop_old() == 0);
  const auto all = *log.audit.page(log.store->read(), 0, 100);
  CHECK(all.back().number == 6);
  CHECK(all.front().action == "audit.drop");
  CHECK(log.verdict().fault.empty());
  CHECK(log.verdict().checkpoints == 1);
  CHECK_FALSE(log.store->read().get(log.family, audit::entry_key(5))->has_value());
  log.checkpoints = log.opened();
  REQUIRE(log.checkpoints->sign().ok());
  CHECK(log.verdict().fault.empty());
  log.clock.pass(std::chrono::days{500});
  CHECK(*log.checkpoints->drop_old() == 12);  // all that was signed
  CHECK(log.verdict().fault.empty());
  CHECK(log.verdict().chain.entries == 1);
}

TEST_CASE("retention: what somebody else took away is found, and a damaged old part is kept as evidence") {
  SignedLog log;
  log.add(5);
  REQUIRE(log.checkpoints->sign().ok());
  log.clock.pass(std::chrono::days{500});
  log.add(5);
  REQUIRE(log.checkpoints->sign().ok());
  const std::string bytes = **log.store->read().get(log.family, audit::entry_key(3));
  const auto put = [&](std::string_view record) {
    REQUIRE(log.store
                ->write([&](storage::Write& work) -> Result<> {
                  work.put(log.family, audit::entry_key(3), record);
                  return log.audit.set_keep_days(work, access::system_actor(), audit::kKeepDaysMin);
                })
                .ok());
  };
  put(std::string(40, 'x') + bytes.substr(40));
  CHECK(log.checkpoints->drop_old().error().code == ErrorCode::conflict);
  put(bytes);
  // The database alone can be made to begin later; the signature for that cannot.
  const auto fifth = (*log.audit.page(log.store->read(), 6, 1))[0];
  REQUIRE(log.store->write([&](storage::Write& work) {
                     return log.audit.drop_to(work, {5, *unhex(fifth.hash)});
                   })
              .ok());
  CHECK(log.verdict().fault.find("no signature") != std::string::npos);
}
