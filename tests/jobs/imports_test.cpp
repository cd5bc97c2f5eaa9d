// Imports that are cut off: where they go on, and what they leave alone.
#include "jobs/imports.h"

#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "exchange/shop.h"
#include "json/members.h"

using namespace pf;
using namespace pf::test;

namespace {

struct ImportedShop : ImportShop {
  std::unique_ptr<jobs::Imports> imports;

  // Units of work of products are prepared as far as there are leaves; what follows the shop's rules asks for them.
  std::atomic<int> leaves{1'000'000}, asked{0};

  ImportedShop() : ImportShop(WithEvents{}, jobs::Imports::families()) {
    products->on_ruling([this](const storage::Reader&) -> Result<std::unique_ptr<catalog::Ruling>> {
      ++asked;
      while (leaves.load() <= 0) std::this_thread::sleep_for(std::chrono::milliseconds{1});
      --leaves;
      return std::unique_ptr<catalog::Ruling>();
    });
    open();
  }
  // While it is at work: whatever it waits for comes a little later than the wish to stop.
  void stop() {
    auto stopped = std::async(std::launch::async, [this] { imports.reset(); });
    while (stopped.wait_for(std::chrono::milliseconds{20}) != std::future_status::ready) ++leaves;
    leaves = 0;
  }
  void open() { imports = std::make_unique<jobs::Imports>(rooms(), *vault, clock, folder.path() / "spool"); }
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
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
  }
  std::size_t files_spooled() {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path() / "spool"), {}));
  }
};

}  // namespace

TEST_CASE("jobs: an import that is stopped again and again keeps each row once, and tells each fault once") {
  ImportedShop shop;
  constexpr int kRows = 5'600, kBadEvery = 400;  // three units of work
  std::string file = "sku,title,ean,stock\n";
  for (int i = 0; i < kRows; ++i)
    file += (i % kBadEvery == 7 ? "" : "R-" + std::to_string(100'000 + i)) + ",Row " + std::to_string(i) + ",,5\n";
  shop.leaves = 0;
  const std::uint64_t id = shop.sent(file, {.file_name = "rows.csv"});
  int stops = 0;
  for (std::uint64_t seen = 1; stops < 2; seen += 2'500, ++stops) {
    shop.leaves = 3;  // a unit asks twice
    shop.wait(id, seen);
    shop.stop();
    if (stops == 0) {
      REQUIRE(
          shop.store
              ->write([&](storage::Write& work) { return shop.stock->set_available(work, shop.clerk, "R-100000", 3); })
              .ok());  // two were sold meanwhile
      CHECK(shop.files_spooled() == 1);
    }
    shop.open();
  }
  shop.leaves = 1'000'000;
  shop.wait(id, ~std::uint64_t{0});
  const jobs::Job job = shop.job(id);
  CHECK(job.status == "done");
  CHECK(job.message == "");
  CHECK(job.resumed);
  CHECK(job.counts.rows == kRows);
  CHECK(job.counts.refused == kRows / kBadEvery);
  CHECK(job.counts.created == kRows - kRows / kBadEvery);
  CHECK(shop.products->list(shop.store->read(), {})->total == kRows - kRows / kBadEvery);
  CHECK(shop.stock->level(shop.store->read(), "R-100000")->available() == 3);
  CHECK(shop.stock->level(shop.store->read(), "R-105599")->available() == 5);
  std::set<std::uint64_t> lines;
  const auto told = *shop.imports->rows(shop.store->read(), id, "refused", 0, 1'000);
  for (const auto& [number, row] : told) lines.insert(static_cast<std::uint64_t>(json::number_in(row, "line")));
  CHECK(told.size() == kRows / kBadEvery);
  CHECK(lines.size() == told.size());
  shop.imports.reset();  // a job says that it is done before its file is removed
  CHECK(shop.files_spooled() == 0);
}

TEST_CASE("jobs: a dry run that was stopped begins anew, and tells each row once") {
  ImportedShop shop;
  std::string file = "sku,parent,ean\n,P,\n";
  for (int i = 0; i < 2'600; ++i) file += "R" + std::to_string(i) + ",,\n";
  file += "R1,,\n,R1,\n";  // of two units of work, the second about what the first would make
  shop.leaves = 3;
  const std::uint64_t id = shop.sent(file, {.dry_run = true});
  const auto refused = [&] { return shop.imports->rows(shop.store->read(), id, "refused", 0, 1'000)->size(); };
  while (refused() == 0) std::this_thread::sleep_for(std::chrono::milliseconds{2});
  shop.stop();
  shop.leaves = 1'000'000;
  shop.open();
  shop.wait(id, ~std::uint64_t{0});
  const jobs::Job job = shop.job(id);
  CHECK(job.status == "done");
  CHECK(job.resumed);
  CHECK(job.counts.created == 2'600);
  CHECK(job.counts.unchanged == 1);
  CHECK(job.counts.refused == 2);
  CHECK(refused() == 2);
  CHECK(shop.products->list(shop.store->read(), {})->total == 0);
}

TEST_CASE("jobs: a file that is the same as before is not read again while nobody changed anything") {
  ImportedShop shop;
  const std::string file = "sku,title,stock,price\nA-1,One,5,1.50\nA-2,Two,7,2.50\n";
  const auto run = [&](const std::string& what, const jobs::ImportRequest& request = {}) {
    const std::uint64_t id = shop.sent(what, request);
    shop.wait(id, ~std::uint64_t{0});
    REQUIRE(shop.job(id).status == "done");
    return shop.job(id);
  };
  const auto set_stock = [&](std::int64_t pieces) {
    REQUIRE(
        shop.store
            ->write([&](storage::Write& work) { return shop.stock->set_available(work, shop.clerk, "A-1", pieces); })
            .ok());
  };
  const auto first = run(file);
  CHECK(first.counts.created == 2);
  CHECK(first.same_as == 0);
  const auto again = run(file, {.dry_run = true});
  CHECK(again.same_as == first.id);
  CHECK(again.counts.rows == 2);
  CHECK(again.counts.unchanged == 2);
  CHECK(again.format == first.format);
  CHECK(run(file, {.mode = catalog::WriteMode::create}).counts.refused == 2);  // another wish
  CHECK(run("sku,title,stock,price\nA-1,One,5,1.50\nA-2,Two,7,2.51\n").counts.changed == 1);
  CHECK(run(file).counts.changed == 1);    // since the other file did
  CHECK(run(file).same_as == 0);           // what changed some of them says nothing about the others
  CHECK(run(file).counts.unchanged == 2);  // but this does
  CHECK(run(file).same_as != 0);
  set_stock(3);
  const auto sold = run(file);
  CHECK(sold.same_as == 0);
  CHECK(sold.counts.changed == 1);
  CHECK(shop.stock->level(shop.store->read(), "A-1")->available() == 5);

  // A row that changes what the row before it made; somebody who changes something while a file is read.
  const std::string twice = "sku,title\nB-1,One\nB-1,Two\n";
  CHECK(run(twice).same_as == 0);
  CHECK(run(twice).counts.changed == 2);
  shop.leaves = 0;
  const std::string other = "sku,title\nC-1,One\n";
  const int before = shop.asked;
  const std::uint64_t meanwhile = shop.sent(other);
  while (shop.asked == before) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  set_stock(4);
  shop.leaves = 1'000'000;
  shop.wait(meanwhile, ~std::uint64_t{0});
  CHECK(shop.job(meanwhile).counts.created == 1);
  CHECK(run(other).same_as == 0);
}

TEST_CASE("jobs: a report names a column in some letters, however long its name is") {
  ImportedShop shop;
  std::string name;
  for (int i = 0; i < 20'000; ++i) name += "\xc3\xa9";
  const std::uint64_t id = shop.sent("sku," + name + "\nA-1,x\n");
  shop.wait(id, ~std::uint64_t{0});
  const auto told = *shop.imports->rows(shop.store->read(), id, "refused", 0, 10);
  REQUIRE(told.size() == 1);
  CHECK(json::write(told[0].second).size() < 4 * jobs::kReportTextBytesMax);
}

TEST_CASE("jobs: orders of a file that is cut off are placed once, and their rows are counted once") {
  ImportedShop shop;
  constexpr int kOrders = 2'600;
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

TEST_CASE(
    "jobs: an import that waits for a sealed vault says so, is cancelled meanwhile or goes on when it is unsealed") {
  ImportedShop shop;
  std::vector<jobs::Job> spooled;
  for (int i = 0; i < 2; ++i) {
    std::string file = "sku,title\nW-" + std::to_string(i) + ",One\n";
    spooled.push_back(
        *shop.imports->spool(shop.clerk, [&]() -> Result<std::string> { return std::exchange(file, {}); }));
  }
  REQUIRE(shop.vault->seal_up(shop.clerk).ok());
  for (const jobs::Job& job : spooled) REQUIRE(shop.imports->start(shop.clerk, job, {}).ok());
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  const auto wait = [&](const auto& so) {
    while (!so()) {
      REQUIRE(std::chrono::steady_clock::now() < until);
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
  };
  wait([&] { return shop.job(spooled[0].id).waits_for_vault; });
  CHECK(shop.job(spooled[0].id).status == "running");
  REQUIRE(shop.imports->cancel(spooled[0].id).ok());
  wait([&] { return shop.job(spooled[1].id).waits_for_vault; });
  CHECK(shop.job(spooled[0].id).status == "cancelled");
  CHECK_FALSE(shop.job(spooled[0].id).waits_for_vault);
  REQUIRE(shop.vault->unseal(shop.clerk, {}).ok());
  shop.imports->ended().wait_until([&] { return shop.job(spooled[1].id).ended(); });
  const jobs::Job done = shop.job(spooled[1].id);
  CHECK(done.status == "done");
  CHECK_FALSE(done.waits_for_vault);
  CHECK(shop.has("W-1"));
}
