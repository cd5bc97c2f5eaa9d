// Figures of sales.
#include "orders/reports.h"

#include "orders/order_shop.h"
#include "orders/stock_value.h"

using namespace pf;
using namespace pf::orders;
using test::order_of;
using test::Shop;

namespace {

ReportQuestion last_week(const Shop& shop, ReportGroup group) {
  const auto today = std::chrono::floor<std::chrono::days>(shop.clock.now());
  return {.from = today - std::chrono::days{6}, .to = today, .group = group, .now = shop.clock.now()};
}

}  // namespace

TEST_CASE("report: what was cancelled is no sale, and what came in another currency is a row of its own") {
  Shop shop;
  shop.put_in_stock("A-1", 10);
  const OrderId first = shop.orders->place(shop.clerk, order_of("R-1", 3), StockPolicy::backorder)->id;
  PlaceOrder pounds = order_of("R-2", 2);
  pounds.currency = *Currency::parse("GBP");
  pounds.lines[0].price = Money{500, *pounds.currency};
  REQUIRE(shop.orders->place(shop.clerk, pounds, StockPolicy::backorder).ok());
  REQUIRE(shop.orders->cancel(shop.clerk, first, "asked for", {{0, 1}}).ok());
  const auto rows = *report(*shop.orders, shop.store->read(), last_week(shop, ReportGroup::channel));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].key == "manual");
  CHECK(rows[0].currency.code() == "EUR");
  CHECK(rows[0].units == 2);
  CHECK(rows[0].sales_minor == 2 * 1995);
  CHECK(rows[1].currency.code() == "GBP");
  CHECK(rows[1].sales_minor == 1000);
}

TEST_CASE("report: by category an order counts once in each that its lines have") {
  Shop shop;
  std::string cups = "cups";
  shop.orders->categorise_by([&](const storage::Reader&, std::string_view sku) -> Result<std::string> {
    return sku == "CUP" ? cups : "kitchen";
  });
  PlaceOrder order = order_of("R-1", 1, "CUP");
  order.lines.push_back({"2", "POT", "Pot", 1, Money{3000, *order.currency}});
  order.lines.push_back({"3", "PAN", "Pan", 2, Money{1000, *order.currency}});
  REQUIRE(shop.orders->place(shop.clerk, order, StockPolicy::backorder).ok());
  cups = "mugs";  // a product that is moved afterwards was sold where it stood then
  REQUIRE(shop.orders->edit(shop.clerk, OrderId(100'001), {.lines = {{.line = 1, .quantity = 2}}}).ok());
  const auto question = last_week(shop, ReportGroup::category);
  auto rows = *report(*shop.orders, shop.store->read(), question);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].key == "cups");
  CHECK(rows[0].sales_minor == 1995);
  CHECK(rows[1].key == "kitchen");
  CHECK(rows[1].orders == 1);
  CHECK(rows[1].units == 4);
  CHECK(rows[1].sales_minor == 8000);
  // All is added up anew: what a shop of an older version gets at its start, or who asks for it.
  REQUIRE(shop.orders->count_sales(true).ok());
  rows = *report(*shop.orders, shop.store->read(), question);
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].key == "mugs");
  CHECK(rows[1].sales_minor == 1995);
  CHECK(rows[0].sales_minor == 8000);
}

TEST_CASE("report: sums that are wrong are found and mended day by day, whatever is sold meanwhile") {
  Shop shop;
  using Day = std::chrono::sys_days;
  const auto place = [&](const char* number, int quantity) {
    return shop.orders->place(shop.clerk, order_of(number, quantity), StockPolicy::backorder)->id;
  };
  place("R-1", 3);
  shop.clock.pass(std::chrono::hours{72});
  place("R-2", 2);
  const Day today = std::chrono::floor<std::chrono::days>(shop.clock.now());
  const auto recounted = [&] {
    std::uint64_t orders = 0, mended = 0, told = 0;
    for (Day from{};;) {
      const auto day = *shop.orders->next_sales_day(shop.store->read(), from);
      if (!day) break;
      const auto done =
          shop.orders->recount_sales(*day, [&](storage::Write&, const SalesRecounted& mends) { told += mends.mended; });
      REQUIRE(done.ok());
      orders += done->orders;
      mended += done->mended;
      from = *day + std::chrono::days{1};
    }
    CHECK(told == mended);
    return std::pair(orders, mended);
  };
  const auto sums = [&] { return *report(*shop.orders, shop.store->read(), last_week(shop, ReportGroup::day)); };
  CHECK(recounted() == std::pair<std::uint64_t, std::uint64_t>(2, 0));
  const auto right = sums();
  // One record is lost, one holds what was never sold, and one is of a day without orders.
  const auto family = shop.store->family("sale_totals");
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                std::vector<std::pair<std::string, std::string>> all;
                for (auto row = work.scan(family, "c", "e"); row.valid(); row.next())
                  all.emplace_back(row.key(), row.value());
                REQUIRE(all.size() == 4);  // by category, then by day
                work.erase(family, all[2].first);
                work.merge(family, all[3].first, all[2].second);
                std::string other = all[3].first;
                other[4] = static_cast<char>(other[4] - 1);
                work.put(family, other, all[3].second);
                return {};
              })
              .ok());
  CHECK(sums().size() == 2);
  CHECK(sums()[1].units == 5);
  const auto one = *shop.orders->next_sales_day(shop.store->read(), today - std::chrono::days{1});
  CHECK(*one == today - std::chrono::days{1});
  CHECK(recounted() == std::pair<std::uint64_t, std::uint64_t>(2, 3));
  place("R-3", 1);
  CHECK(recounted() == std::pair<std::uint64_t, std::uint64_t>(3, 0));
  CHECK(sums().size() == right.size());
  CHECK(sums()[1].units == right[1].units + 1);
}

TEST_CASE("report: a time that ends before it begins or is too long is refused; one of many orders is walked or not") {
  Shop shop;
  auto question = last_week(shop, ReportGroup::day);
  std::swap(question.from, question.to);
  CHECK(report(*shop.orders, shop.store->read(), question).error().faults[0].field == "to");
  question = last_week(shop, ReportGroup::day);
  question.from = question.to - std::chrono::days{kReportDaysMax};
  CHECK(report(*shop.orders, shop.store->read(), question).error().faults[0].field == "to");
  for (int i = 0; i < 3; ++i)
    REQUIRE(shop.orders->place(shop.clerk, order_of("R-" + std::to_string(i)), StockPolicy::backorder).ok());
  const auto walked = [&](std::size_t at_most) {
    std::vector<std::string> numbers;
    const OrderQuery query{.sort = {{"id"}}};
    const auto total = shop.orders->walk(shop.store->read(), query, at_most, [&](const Order& order) -> Result<> {
      numbers.push_back(order.channel_order_id);
      return {};
    });
    CHECK(*total == 3);
    return numbers;
  };
  CHECK(walked(3) == std::vector<std::string>{"R-0", "R-1", "R-2"});
  CHECK(walked(2).empty());
}

TEST_CASE("report: the stock's value of a day is its pieces then, as the ledger has them, at what they cost") {
  Shop shop;
  shop.put_in_stock("CUP", 10);
  shop.put_in_stock("POT", 4);
  const auto first = std::chrono::floor<std::chrono::days>(shop.clock.now());
  shop.clock.pass(std::chrono::hours{24});
  const auto id = shop.orders->place(shop.clerk, order_of("V-1", 3, "CUP"), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->ship(shop.clerk, id, {}).ok());
  shop.clock.pass(std::chrono::hours{24});
  shop.put_in_stock("CUP", 20);
  const StockValueQuestion question{
      .from = first - std::chrono::days{1},
      .to = first + std::chrono::days{2},
      .cost_of = [](std::string_view sku) -> Result<std::optional<Money>> {
        return sku == "CUP" ? std::optional(Money{250, *Currency::parse("EUR")}) : std::nullopt;
      }};
  const auto rows = *stock_value(*shop.stock, shop.store->read(), question);
  REQUIRE(rows.size() == 4);
  const std::vector<std::pair<std::int64_t, std::int64_t>> wanted{{0, 0}, {14, 2'500}, {11, 1'750}, {24, 5'000}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(rows[i].pieces == wanted[i].first);
    CHECK(rows[i].pieces_without_cost == (i == 0 ? 0 : 4));
    CHECK(rows[i].values.at(0).minor == wanted[i].second);
  }
  auto backwards = question;
  std::swap(backwards.from, backwards.to);
  CHECK_FALSE(stock_value(*shop.stock, shop.store->read(), backwards).ok());
}
