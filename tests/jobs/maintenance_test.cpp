// A maintenance job, by the example of making the index anew: where it goes on after a restart, what it tells, and that
// it stops when asked to.
#include "jobs/index_rebuild.h"

#include <doctest/doctest.h>

#include <thread>

#include "jobs/imports.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"

using namespace pf;
using namespace pf::test;

namespace {

namespace fs = std::filesystem;

// Two parts whose documents are looked at as far as there are leaves.
struct RebuiltShop {
  TempFolder folder;
  HandClock clock;
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<audit::Audit> audit;
  std::atomic<int> leaves{0}, began_products{0}, began_orders{0};
  std::unique_ptr<jobs::Maintenance> rebuilds;
  access::Actor owner{access::Actor::Kind::user, "u1", "owner", access::all_permissions(), "", true};

  RebuiltShop() {
    auto families = audit::Audit::families();
    for (auto& family : jobs::Imports::families()) families.push_back(std::move(family));
    store = std::move(
        *storage::Store::open(folder.path() / "db", families, {.create_if_missing = true, .free_bytes_reserve = 0}));
    audit = std::make_unique<audit::Audit>(*store, clock);
    open();
  }
  fs::path beside() const { return folder.path() / "beside"; }
  // Each part has two documents; of orders, something is mended at the first one, the first time.
  jobs::IndexPart part(const char* name, bool damaged, std::atomic<int>& began) {
    const auto rebuild = [this, damaged, &began](storage::Store&, const fs::path&,
                                                 const search::Watch& watch) -> Result<search::Rebuilt> {
      search::Rebuilt so_far;
      so_far.mended = ++began == 1 && damaged ? 1 : 0;
      if (so_far.mended > 0)
        PF_TRY(store->write([&](storage::Write& work) -> Result<> {
          watch.mends(work, so_far.mended);
          return {};
        }));
      for (so_far.documents = 1;; ++so_far.documents) {
        bool goes_on = watch.goes_on(so_far, 0);
        for (; goes_on && leaves.load() <= 0; goes_on = watch.goes_on(so_far, 0)) std::this_thread::yield();
        if (!goes_on) return error(ErrorCode::conflict, "stopped");
        --leaves;
        if (so_far.documents == 2) return so_far;
      }
    };
    return {name, [](const storage::Reader&) -> Result<std::uint64_t> { return 2; }, rebuild};
  }
  void open() {
    std::vector<jobs::IndexPart> parts{part("products", false, began_products), part("orders", true, began_orders)};
    open(std::move(parts));
  }
  void open(std::vector<jobs::IndexPart> parts) {
    rebuilds = std::make_unique<jobs::Maintenance>(*store, *audit, clock,
                                                   jobs::index_rebuild(*store, std::move(parts), beside()));
  }
  jobs::MaintenanceRun latest() const { return *rebuilds->latest(store->read()); }
  jobs::MaintenanceRun ended() const {
    for (auto now = latest();; now = latest()) {
      if (now.ended()) return now;
      std::this_thread::yield();
    }
  }
  void wait_for(const char* part, std::int64_t documents) const {
    for (auto now = latest(); now.part != part || now.number("documents") != documents; now = latest())
      std::this_thread::yield();
  }
  // What the log has of rebuilds, oldest first.
  std::string log() const {
    std::string out;
    const auto page = audit->page(store->read(), 0, 100);
    for (const auto& entry : *page)
      out.insert(0, entry.action + (entry.details.is_null() ? "" : json::write(entry.details)) + " ");
    return out;
  }
};

}  // namespace

TEST_CASE("index rebuild: products, then orders; a restart begins its part again, and the sums are right") {
  RebuiltShop shop;
  CHECK(shop.latest().status.empty());
  const auto begun = shop.rebuilds->start(shop.owner);
  REQUIRE(begun.ok());
  CHECK((begun->status == "running" && begun->part == "products" && begun->number("of") == 4 && begun->by == "owner"));
  shop.wait_for("products", 1);
  shop.leaves = 3;  // both products and the first order
  shop.wait_for("orders", 4);
  CHECK(shop.rebuilds->start(shop.owner)->created_at == begun->created_at);  // one at a time

  shop.rebuilds.reset();
  shop.leaves = 0;
  shop.open();
  shop.wait_for("orders", 3);
  const auto resumed = shop.latest();
  CHECK((resumed.resumed && resumed.percent > 50 && resumed.percent < 99));
  shop.leaves = 2;
  const auto done = shop.ended();
  CHECK((done.status == "done" && done.message.empty() && done.percent == 100));
  CHECK((done.number("documents") == 4 && done.number("mended") == 1));  // by the run that was cut off
  CHECK((shop.began_products == 1 && shop.began_orders == 2));
  CHECK(shop.log().find(R"("status":"done","documents":4,"mended":1)") != std::string::npos);
}

TEST_CASE("index rebuild: what a ProductFlow without this frame kept is gone on with") {
  RebuiltShop shop;
  shop.rebuilds.reset();
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                work.put(shop.store->family("jobs"), "b",
                         R"({"format_version":1,"status":"running","message":"","by":"owner","part":"orders",)"
                         R"("resumed":false,"documents":2,"of":4,"mended":3,"created":1000,"finished":0})");
                return {};
              })
              .ok());
  shop.leaves = 2;
  shop.open();
  const auto done = shop.ended();
  CHECK((done.status == "done" && done.resumed && done.by == "owner" && shop.began_products == 0));
  CHECK((done.number("documents") == 4 && done.number("mended") == 4));
}

TEST_CASE("index rebuild: cancelled at the next documents, and another may begin") {
  RebuiltShop shop;
  CHECK(shop.rebuilds->cancel()->status.empty());  // nothing to cancel
  REQUIRE(shop.rebuilds->start(shop.owner).ok());
  shop.leaves = 1;
  shop.wait_for("products", 2);
  REQUIRE(shop.rebuilds->cancel().ok());
  const auto cancelled = shop.ended();
  CHECK((cancelled.status == "cancelled" && !cancelled.message.empty() && cancelled.number("documents") == 2));
  shop.leaves = 100;
  REQUIRE(shop.rebuilds->start(shop.owner).ok());
  const auto done = shop.ended();
  CHECK((done.status == "done" && !done.resumed && done.number("documents") == 4));
}

TEST_CASE("index rebuild: what a part cannot read is told, and ends it") {
  RebuiltShop shop;
  shop.rebuilds.reset();
  shop.open({{"products",
              [](const storage::Reader&) -> Result<std::uint64_t> {
                return error(ErrorCode::internal, "The index is damaged.");
              },
              [](storage::Store&, const fs::path&, const search::Watch&) -> Result<search::Rebuilt> {
                return error(ErrorCode::internal, "A record is damaged.");
              }}});
  REQUIRE(shop.rebuilds->start(shop.owner).ok());  // though nobody knows how long it takes
  const auto failed = shop.ended();
  CHECK((failed.status == "failed" && failed.message == "A record is damaged." && failed.number("of") == 0));
}
