// Imports that are cut off: where they go on, and what they leave alone.
#include "jobs/imports.h"

#include <set>
#include <thread>

#include "exchange/shop.h"

using namespace pf;
using namespace pf::test;

namespace {

struct ImportedShop : ImportShop {
  std::unique_ptr<jobs::Imports> imports;

  ImportedShop() : ImportShop(WithEvents{}, jobs::Imports::families()) { open(); }
  void open() {
    imports = std::make_unique<jobs::Imports>(rooms(), *vault, clock, folder.path() / "spool");
  }
  std::uint64_t sent(std::string file, const jobs::ImportRequest& request = {}) {
    auto job = imports->spool(clerk, [&]() -> Result<std::string> { return std::exchange(file, {}); });
    REQUIRE(job.ok());
    const auto started = imports->start(clerk, *job, request);
    REQUIRE(started.ok());
    return started->id;
  }
  jobs::Job job(std::uint64_t id) { return **imports->find(store->read(), id); }
  bool ended(std::uint64_t id) { return job(id).status != "queued" && job(id).status != "running"; }
  // Until it has ended, or as many products are there.
  void wait(std::uint64_t id, std::uint64_t products) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!ended(id) && this->products->list(store->read(), {})->total < products) {
      REQUIRE(std::chrono::steady_clock::now() < until);
      std::this_thread::yield();
    }
  }
  std::size_t files_spooled() {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path() / "spool"), {}));
  }
};

}  // namespace

TEST_CASE("jobs: an import that is stopped again and again keeps each row once, and tells each fault once") {
  ImportedShop shop;
  constexpr int kRows = 12'000, kBadEvery = 400;  // five units of work
  std::string file = "sku,title,ean,stock\n";
  for (int i = 0; i < kRows; ++i)
    file += "R-" + std::to_string(100'000 + i) + ",Row " + std::to_string(i) +
            (i % kBadEvery == 7 ? ",1234567890123,5\n" : ",,5\n");
  const std::uint64_t id = shop.sent(file, {.file_name = "rows.csv"});
  int stops = 0;
  for (std::uint64_t seen = 1; !shop.ended(id); seen += 2'500, ++stops) {
    shop.wait(id, seen);
    shop.imports.reset();
    if (stops == 0) {
      REQUIRE(shop.store
                  ->write([&](storage::Write& work) { return shop.stock->set_available(work, shop.clerk, "R-100000", 3); })
                  .ok());  // two were sold meanwhile
      CHECK(shop.files_spooled() == 1);
    }
    shop.open();
  }
  const jobs::Job job = shop.job(id);
  CHECK(job.status == "done");
  CHECK(job.message == "");
  CHECK(job.resumed);
  CHECK(stops > 1);
  CHECK(job.counts.rows == kRows);
  CHECK(job.counts.refused == kRows / kBadEvery);
  CHECK(job.counts.created == kRows - kRows / kBadEvery);
  CHECK(shop.products->list(shop.store->read(), {})->total == kRows - kRows / kBadEvery);
  CHECK(shop.stock->level(shop.store->read(), "R-100000")->available() == 3);
  CHECK(shop.stock->level(shop.store->read(), "R-111999")->available() == 5);
  std::set<std::uint64_t> lines;
  const auto told = *shop.imports->rows(shop.store->read(), id, "refused", 0, 1'000);
  for (const auto& [number, row] : told) lines.insert(static_cast<std::uint64_t>(json::number_in(row, "line")));
  CHECK(told.size() == kRows / kBadEvery);
  CHECK(lines.size() == told.size());
  CHECK(shop.files_spooled() == 0);
}

TEST_CASE("jobs: orders of a file that is cut off are placed once, and their rows are counted once") {
  ImportedShop shop;
  constexpr int kOrders = 6'000;
  std::string file = "order_id,sku,quantity,price\n";
  for (int i = 0; i < kOrders; ++i) file += "O-" + std::to_string(i) + ",A-1,1,9.95\n";
  const std::uint64_t id = shop.sent(file);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (shop.orders->list(shop.store->read(), {})->total == 0) REQUIRE(std::chrono::steady_clock::now() < until);
  shop.imports.reset();
  shop.open();
  while (!shop.ended(id)) REQUIRE(std::chrono::steady_clock::now() < until);
  CHECK(shop.job(id).counts.created == kOrders);
  CHECK(shop.job(id).counts.rows == kOrders);
  CHECK(shop.orders->list(shop.store->read(), {})->total == kOrders);
}

TEST_CASE("jobs: an import whose upload is gone ends and says what to do; an upload that became no import is removed") {
  ImportedShop shop;
  std::string file = "sku,title\nA-1,One\n";
  REQUIRE(shop.imports->spool(shop.clerk, [&]() -> Result<std::string> { return std::exchange(file, {}); }).ok());
  CHECK(shop.files_spooled() == 1);
  shop.imports.reset();
  shop.open();
  CHECK(shop.files_spooled() == 0);
}
