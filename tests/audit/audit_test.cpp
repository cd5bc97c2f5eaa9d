#include <doctest/doctest.h>

#include "audit/audit.h"
#include "audit/audit_keys.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"

using namespace pf;

namespace {
struct Log {
  test::TempFolder folder;
  test::HandClock clock;
  std::unique_ptr<storage::Store> store = std::move(*storage::Store::open(
      folder.path(), audit::Audit::families(), {.create_if_missing = true, .free_bytes_reserve = 0}));
  audit::Audit audit{*store, clock};
  storage::FamilyRef family = store->family("audit");

  void add(int count) {
    for (int i = 0; i < count; ++i)
      REQUIRE(store
                  ->write([&](storage::Write& work) {
                    return audit.append(work, access::system_actor(), "order.ship", "order:100001",
                                        json::Value::object({{"n", i}}));
                  })
                  .ok());
  }
  void change(const std::function<void(storage::Write&)>& how) {
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  how(work);
                  return {};
                })
                .ok());
  }
  std::string fault() { return audit.verify(store->read())->fault; }
};
}  // namespace

TEST_CASE("audit: what was written is read newest first, in pages") {
  Log log;
  log.add(5);
  const auto first = *log.audit.page(log.store->read(), 0, 2);
  REQUIRE(first.size() == 2);
  CHECK(first[0].number == 5);
  CHECK(first[0].action == "order.ship");
  CHECK(first[0].actor_kind == "system");
  CHECK(log.audit.page(log.store->read(), first[1].number, 10)->size() == 3);
  CHECK(log.fault().empty());
}

TEST_CASE("audit: an altered, missing, swapped or cut-off entry is found and named") {
  Log log;
  log.add(6);
  const auto read = [&](std::uint64_t n) { return **log.store->read().get(log.family, audit::entry_key(n)); };
  const std::string three = read(3), four = read(4), six = read(6);

  std::string altered = three;
  altered[10] = static_cast<char>(altered[10] ^ 1);
  log.change([&](auto& work) { work.put(log.family, audit::entry_key(3), altered); });
  CHECK(log.fault() == "Entry 3 was altered or moved.");
  log.change([&](auto& work) {
    work.put(log.family, audit::entry_key(3), four);
    work.put(log.family, audit::entry_key(4), three);
  });
  CHECK(log.fault() == "Entry 3 was altered or moved.");
  log.change([&](auto& work) {
    work.erase(log.family, audit::entry_key(3));
    work.put(log.family, audit::entry_key(4), four);
  });
  CHECK(log.fault() == "Entry 3 is missing.");
  log.change([&](auto& work) {
    work.put(log.family, audit::entry_key(3), three);
    work.erase(log.family, audit::entry_key(6));
  });
  CHECK(log.fault().find("cut off") != std::string::npos);
  log.change([&](auto& work) { work.put(log.family, audit::entry_key(6), six); });
  CHECK(log.fault().empty());
}

TEST_CASE("audit: an entry is kept with its unit of work or not at all") {
  Log log;
  const auto refused = log.store->write([&](storage::Write& work) -> Result<> {
    PF_TRY(log.audit.append(work, access::system_actor(), "order.ship", "", {}));
    return error(ErrorCode::conflict, "changed my mind");
  });
  CHECK_FALSE(refused.ok());
  CHECK(log.audit.verify(log.store->read())->entries == 0);
}
