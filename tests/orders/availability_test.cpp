// Lists of products in the order of what is for sale, which is kept in memory and follows the events.
#include "stock/availability.h"

#include <doctest/doctest.h>

#include <random>

#include "catalog/above_documents.h"
#include "catalog/standing.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"

using namespace pf;

namespace {

struct SaleShop {
  test::TempFolder folder;
  test::HandClock clock;
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<audit::Audit> audit;
  std::unique_ptr<events::Events> events;
  std::unique_ptr<catalog::Products> products;
  std::unique_ptr<stock::Stock> stock;
  std::unique_ptr<stock::Availability> availability;
  access::Actor clerk{access::Actor::Kind::user, "u1", "clerk", access::all_permissions(), "", true};

  SaleShop() {
    std::vector<storage::Family> families = audit::Audit::families();
    for (const auto& more : {catalog::Products::families(), stock::Stock::families(), events::Events::families()})
      families.insert(families.end(), more.begin(), more.end());
    store =
        std::move(*storage::Store::open(folder.path(), families, {.create_if_missing = true, .free_bytes_reserve = 0}));
    audit = std::make_unique<audit::Audit>(*store, clock);
    events = std::make_unique<events::Events>(*store, clock);
    products = std::make_unique<catalog::Products>(*store, *audit, clock, events.get());
    stock = std::make_unique<stock::Stock>(*store, clock, events.get());
    availability = std::make_unique<stock::Availability>(*store, *stock, *products, *events);
    products->on_stock([this](const storage::Reader& read) { return availability->numbers(read); });
  }
  template <class Do>
  void work(Do&& one) {
    REQUIRE(store->write([&](storage::Write& work) -> Result<> { return one(work); }).ok());
  }
  void make(const std::string& sku) {
    work([&](storage::Write& work) -> Result<> {
      PF_TRY(products->change(work, clerk, *catalog::parse_sku(sku), {.brand = "B" + sku.substr(0, 1)},
                              catalog::WriteMode::upsert, "en"));
      return {};
    });
  }
  void put(const std::string& sku, std::int64_t pieces) {
    work([&](storage::Write& work) { return stock->set_available(work, clerk, sku, pieces); });
  }
  std::string sorted(bool descending, std::size_t per_page = 15, std::vector<catalog::SortKey> then = {}) {
    catalog::ProductQuery query;
    query.sort = {{"stock", descending}};
    query.sort.insert(query.sort.end(), then.begin(), then.end());
    query.count = per_page;
    std::string out;
    do {
      const auto page = products->list(store->read(), query);
      REQUIRE_MESSAGE(page.ok(), page.error().message);
      for (const auto& sku : page->skus) out += (out.empty() ? "" : " ") + sku;
      query.cursor = page->next_cursor;
    } while (!query.cursor.empty());
    return out;
  }
};

}  // namespace

TEST_CASE("stock: products stand by what is for sale, as soon as it is another number") {
  SaleShop shop;
  for (const char* sku : {"A", "B", "C", "KIT", "A-long"}) shop.make(sku);
  shop.put("no product", 100);
  shop.put("C", 2);
  shop.put("A", 5);
  CHECK(shop.sorted(true) == "A C A-long KIT B");
  CHECK(shop.sorted(false) == "B KIT A-long C A");
  CHECK(shop.sorted(false, 2) == "B KIT A-long C A");

  const auto with = [&](catalog::Operator op, std::vector<std::string> values) {
    std::string out;
    const auto page = shop.products->list(
        shop.store->read(), {.where = {{"stock", op, std::move(values)}}, .sort = {{"created_at", false}}});
    REQUIRE_MESSAGE(page.ok(), page.error().message);
    CHECK(page->total == page->skus.size());
    for (const auto& sku : page->skus) out += (out.empty() ? "" : " ") + sku;
    return out;
  };
  CHECK(with(catalog::Operator::gt, {"0"}) == "A C");
  CHECK(with(catalog::Operator::lte, {"2"}) == "B C KIT A-long");
  CHECK(with(catalog::Operator::nin, {"0", "5"}) == "C");
  CHECK(with(catalog::Operator::nbetween, {"1", "4"}) == "A B KIT A-long");
  CHECK_FALSE(shop.products->list(shop.store->read(), {.where = {{"stock", catalog::Operator::gt, {"few"}}}}).ok());

  // What follows: a sale, a kit of parts, a product made and one made anew.
  shop.work([&](storage::Write& work) -> Result<> {
    PF_TRY(shop.stock->allocate(work, "A", 4));
    return shop.stock->make_kit(work, "KIT", std::vector<stock::Part>{{"C", 1}});
  });
  CHECK(shop.sorted(true) == "KIT C A A-long B");
  shop.put("C", 9);
  shop.put("D", 3);
  shop.make("D");
  CHECK(shop.sorted(true, 3) == "KIT C D A A-long B");
  shop.work([&](storage::Write& work) { return shop.products->remove(work, shop.clerk, *catalog::parse_sku("A")); });
  CHECK(with(catalog::Operator::gt, {"0"}) == "C KIT D");  // and not what is gone
  shop.make("A");
  CHECK(shop.sorted(true) == "KIT C D A A-long B");
  CHECK(shop.sorted(true, 2, {{"sku", false}}) == "C KIT D A A-long B");

  // A place that sells no more takes its pieces from all that lie there, and no event names them.
  stock::Locations locations(*shop.store, *shop.audit);
  REQUIRE(locations.create(shop.clerk, "loft", {}).ok());
  shop.work([&](storage::Write& work) { return shop.stock->count_at(work, shop.clerk, "B", 1, 4); });
  CHECK(shop.sorted(true).starts_with("KIT C B D"));
  REQUIRE(locations.change(shop.clerk, "loft", {.may_ship = false}).ok());
  CHECK(shop.sorted(true) == "KIT C D A A-long B");
  // Read anew where the events between are no longer there.
  stock::Availability again(*shop.store, *shop.stock, *shop.products, *shop.events);
  const auto anew = *again.numbers(shop.store->read()), followed = *shop.availability->numbers(shop.store->read());
  CHECK(std::equal(anew->of.begin(), anew->of.end(), followed->of.begin()));
}

TEST_CASE("stock: who stands above whom is followed by the events too") {
  SaleShop shop;
  catalog::AboveDocuments above(*shop.products, shop.events.get());
  const auto check = [&](std::size_t with) {
    const auto read = shop.store->read();
    auto followed = **above.of(read), anew = **catalog::AboveDocuments(*shop.products, nullptr).of(read);
    followed.resize(20, catalog::kNoneAbove);
    anew.resize(20, catalog::kNoneAbove);
    CHECK(followed == anew);
    CHECK(20 - static_cast<std::size_t>(std::ranges::count(followed, catalog::kNoneAbove)) == with);
  };
  const auto below = [&](const std::string& sku, std::optional<std::string> parent) {
    shop.work([&](storage::Write& work) -> Result<> {
      std::vector<catalog::ProductRow> rows(1);
      rows[0] = {*catalog::parse_sku(sku), {.parent = parent}};
      PF_LET(const auto done, shop.products->upsert_many(work, rows, {.locale = "en", .forward_parents = true}));
      return shop.products->note_batch(work, shop.clerk, rows, done);
    });
  };
  shop.make("M");
  below("V1", "M");
  check(1);
  below("V2", "later");  // its parent comes after it
  check(1);
  shop.make("later");
  check(2);
  below("later", "M");
  check(3);
  below("V1", std::nullopt);
  below("V2", "M");
  shop.work(
      [&](storage::Write& work) { return shop.products->remove(work, shop.clerk, *catalog::parse_sku("later")); });
  shop.make("later");
  check(1);
}

TEST_CASE("stock: lists held in their orders are what pages by cursor are, whatever changed since") {
  SaleShop shop;
  std::mt19937 dice(11);
  const auto word = [&] { return "w" + std::to_string(dice() % 400); };
  const auto put = [&](int number) {
    shop.work([&](storage::Write& work) -> Result<> {
      std::vector<catalog::ProductRow> rows(1);
      catalog::ProductChange change{.brand = word()};
      for (const char* locale : {"en", "nl-NL"})
        if (dice() % 3 > 0) change.texts.emplace_back(locale, json::Members{{"title", word()}, {"fabric", word()}});
      rows[0] = {*catalog::parse_sku("P" + std::to_string(number)), std::move(change)};
      PF_LET(const auto done, shop.products->upsert_many(work, rows, {.locale = "en"}));
      return shop.products->note_batch(work, shop.clerk, rows, done);
    });
  };
  for (int i = 0; i < 700; ++i) put(i);
  shop.work([&](storage::Write& work) -> Result<> {
    const auto family = *json::parse(R"({"attributes":[{"code":"title","required":["*"]}]})");
    PF_TRY(shop.products->models().describe(work, shop.clerk, catalog::ModelKind::family, "shirts", family,
                                            catalog::DescribeMode::put, {}));
    return {};
  });
  // Beside what it writes, a unit moves those below and above: their brand, their completeness.
  const auto change = [&](const std::string& sku, const catalog::ProductChange& to) {
    shop.work([&](storage::Write& work) -> Result<> {
      PF_TRY(shop.products->change(work, shop.clerk, *catalog::parse_sku(sku), to, catalog::WriteMode::upsert, "en"));
      return {};
    });
  };
  change("parent", {.brand = "w2", .family = "shirts"});
  for (const auto* sku : {"V1", "V2", "V3"}) change(sku, {.parent = "parent"});
  auto& standing = shop.products->standing();
  const std::vector<std::vector<catalog::SortKey>> sorts{{{"title", true}},
                                                         {{"fabric", false}},
                                                         {{"brand", false}, {"title", false}},
                                                         {{"completeness", true}, {"brand", false}}};
  const auto check = [&](bool is_there) {
    for (const auto& sort : sorts) {
      catalog::ProductQuery query;
      query.sort = sort;
      query.locale = "nl-NL";
      query.skus_only = true;
      query.count = 300;
      const auto read = shop.store->read();
      auto order = standing.of(read, query);
      REQUIRE(order.ok());
      CHECK((*order != nullptr) == is_there);
      standing.wait();
      order = standing.of(read, query);
      REQUIRE(order.ok());
      REQUIRE(*order != nullptr);
      std::vector<search::Document> wanted;
      do {
        const auto page = shop.products->list(read, query);
        REQUIRE_MESSAGE(page.ok(), page.error().message);
        for (const auto& sku : page->skus) wanted.push_back(**shop.products->document(read, sku));
        query.cursor = page->next_cursor;
      } while (!query.cursor.empty());
      CHECK(**order == wanted);
    }
  };
  check(false);
  check(true);
  for (int i = 0; i < 5; ++i) {
    put(static_cast<int>(dice() % 700));  // and other fields of the same
    put(700 + i);
    shop.work([&](storage::Write& work) {
      return shop.products->remove(work, shop.clerk, *catalog::parse_sku("P" + std::to_string(100 * i + 3)));
    });
    check(true);
  }
  change("parent", {.brand = "w390"});
  check(false);
  change("parent", {.texts = {{"en", json::Members{{"title", "Shirt"}}}}});
  check(false);
  check(true);
  for (int i = 0; i < 30; ++i) put(i);  // more than are put in their places one by one
  check(false);
}

TEST_CASE("stock: a list of thousands by what is for sale is that of a plain sort, whatever part is looked at") {
  SaleShop shop;
  constexpr int kProducts = 5'000;  // more than are just read
  std::vector<std::pair<std::int64_t, int>> wanted;
  shop.work([&](storage::Write& work) -> Result<> {
    std::vector<catalog::ProductRow> rows;
    for (int i = 0; i < kProducts; ++i) {
      rows.push_back({*catalog::parse_sku("P" + std::to_string(i)), {.brand = i % 2 == 0 ? "even" : "odd"}});
      wanted.emplace_back(-(i * 7919 % 400), i);
      PF_TRY(shop.stock->set_available(work, shop.clerk, "P" + std::to_string(i), i * 7919 % 400));
    }
    PF_TRY(shop.products->upsert_many(work, rows, {.locale = "en"}));
    return {};
  });
  std::ranges::sort(wanted, [](const auto& one, const auto& other) {
    return one.first != other.first ? one.first < other.first : one.second > other.second;
  });
  std::string all;
  for (const auto& [number, i] : wanted) all += (all.empty() ? "P" : " P") + std::to_string(i);
  CHECK(shop.sorted(true, 700) == all);
  const auto far = shop.products->list(shop.store->read(), {.sort = {{"stock", true}}, .count = 2, .offset = 4'321});
  CHECK(far->skus[1] == "P" + std::to_string(wanted[4'322].second));
  // By another key behind it.
  std::ranges::sort(wanted, [](const auto& one, const auto& other) {
    return std::tuple(one.first, one.second % 2, one.second) < std::tuple(other.first, other.second % 2, other.second);
  });
  all.clear();
  for (const auto& [number, i] : wanted) all += (all.empty() ? "P" : " P") + std::to_string(i);
  CHECK(shop.sorted(true, 700, {{"brand", false}}) == all);
  catalog::ProductQuery few{.sort = {{"stock", true}, {"brand", false}}, .count = 5};
  for (std::size_t from = 0; from < 40; from += 5) {  // fewer than have the same number
    const auto page = *shop.products->list(shop.store->read(), few);
    REQUIRE(page.skus.size() == 5);
    for (std::size_t i = 0; i < 5; ++i) CHECK(page.skus[i] == "P" + std::to_string(wanted[from + i].second));
    few.cursor = page.next_cursor;
  }
}
