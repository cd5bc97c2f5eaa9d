// Money that goes back: in parts, once, and never more than was paid.
#include "orders/refunds.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "orders/order_shop.h"
#include "orders/refund_keys.h"
#include "orders/refund_record.h"

using namespace pf;
using namespace pf::orders;
using test::order_of;
using test::Shop;

namespace {

const Currency kEur = *Currency::parse("EUR");
std::optional<Money> eur(std::int64_t minor) {
  return Money{minor, kEur};
}
// Two cups of 10.00 and one pot of 5.00, shipping 4.95, tax 2.00: 31.95.
OrderId paid_order(Shop& shop, const std::string& number) {
  PlaceOrder order = order_of(number, 2);
  order.lines[0].price = eur(1000);
  order.lines.push_back({"2", "POT", "Pot", 1, eur(500)});
  order.shipping_cost = eur(495);
  order.tax = eur(200);
  order.total = eur(3195);
  return shop.orders->place(shop.clerk, order, StockPolicy::backorder)->id;
}
ErrorCode code_of(const Result<Refunds::Given>& given) {
  return given.ok() ? ErrorCode::internal : given.error().code;
}
std::vector<std::string> fields_of(const Result<Refunds::Given>& given) {
  std::vector<std::string> out;
  for (const auto& one : given.error().faults) out.push_back(one.field + " " + one.code);
  return out;
}

}  // namespace

TEST_CASE("pain 4, partial refunds gone wrong: pieces, amounts, shipping, tax, ad hoc, until nothing is left") {
  Shop shop;
  const OrderId id = paid_order(shop, "M-1");
  const auto give = [&](GiveBack asked) { return shop.refunds->give_back(shop.clerk, id, asked); };
  const auto first = give({.reason = RefundReason::returned, .message = "Zyxander called", .lines = {{0, 1, {}}}});
  REQUIRE(first.ok());
  CHECK(first->refund.identifier == "REF01");
  CHECK(first->refund.total_minor() == 1000);
  REQUIRE(give({.lines = {{0, 0, eur(250)}}}).ok());  // an amount without a piece
  CHECK(shop.find(id).lines[0].count.refunded == 1);
  CHECK(shop.find(id).lines[0].refunded_minor == 1250);
  REQUIRE(give({.shipping = eur(400), .tax = eur(150)}).ok());
  REQUIRE(give({.other = eur(100)}).ok());
  CHECK(shop.find(id).refunded.total_minor == 1900);

  CHECK(fields_of(give({.lines = {{0, 2, {}}, {1, 1, eur(501)}}, .shipping = eur(96), .tax = eur(51)})) ==
        std::vector<std::string>{"lines[0].quantity refundable", "lines[0].amount refundable",
                                 "lines[1].amount refundable", "shipping refundable", "tax refundable"});
  // Each of it is left, but not all of it together: a euro of it went back ad hoc.
  CHECK(fields_of(give({.lines = {{0, 1, eur(750)}, {1, 1, {}}}, .shipping = eur(95)})) ==
        std::vector<std::string>{"total refundable"});
  REQUIRE(give({.lines = {{0, 1, eur(750)}, {1, 1, {}}}, .shipping = eur(45)}).ok());
  CHECK(shop.find(id).refunded.total_minor == 3195);
  CHECK(code_of(give({.other = eur(1)})) == ErrorCode::conflict);

  const Order order = shop.find(id);
  CHECK(status_of(order) == OrderStatus::open);  // it can still be shipped
  CHECK(shop.refunds->of_order(shop.store->read(), id)->size() == 5);
  std::int64_t sum = 0;
  const auto refunds = *shop.refunds->of_order(shop.store->read(), id);
  for (const Refund& refund : refunds) sum += refund.total_minor();
  CHECK(sum == order.refunded.total_minor);
  const auto events = *shop.orders->events(shop.store->read(), id);
  CHECK(std::ranges::count(events, "refunded", &Event::kind) == 5);
  CHECK(events[1].details.find("amount")->as_number()->text == "10.00");
  const auto news = *shop.events->after(shop.store->read(), 0, 100);
  CHECK(std::ranges::count(news, "refund.created", &events::Event::type) == 5);
  auto reader = shop.store->read();
  for (auto row = reader.scan_prefix(shop.store->family(kRefundsFamily), ""); row.valid(); row.next())
    CHECK(row.value().find("Zyxander") == std::string_view::npos);
}

TEST_CASE(
    "refunds: the same identifier is one refund, however often it is sent, by however many, after a restart too") {
  Shop shop;
  const OrderId id = paid_order(shop, "M-2");
  const GiveBack asked{.identifier = "CN-7", .lines = {{0, 1, {}}}};
  std::atomic<int> created{0}, known{0};
  std::vector<std::thread> clerks;
  for (int i = 0; i < 8; ++i)
    clerks.emplace_back([&] {
      const auto given = shop.refunds->give_back(shop.clerk, id, asked);
      if (given.ok()) ++(given->outcome == catalog::Outcome::created ? created : known);
    });
  for (auto& clerk : clerks) clerk.join();
  CHECK(created == 1);
  CHECK(known == 7);
  shop.close();
  shop.open();
  CHECK(shop.refunds->give_back(shop.clerk, id, asked)->outcome == catalog::Outcome::unchanged);
  CHECK(shop.find(id).refunded.total_minor == 1000);
  GiveBack other = asked;
  other.lines[0].quantity = 2;
  CHECK(code_of(shop.refunds->give_back(shop.clerk, id, other)) == ErrorCode::conflict);
  // A name that somebody else has taken is not given by itself.
  REQUIRE(shop.refunds->give_back(shop.clerk, id, {.identifier = "REF03", .other = eur(1)}).ok());
  CHECK(shop.refunds->give_back(shop.clerk, id, {.other = eur(1)})->refund.identifier == "REF04");
}

TEST_CASE("refunds: many who give back at once never give back more than was paid") {
  Shop shop;
  const OrderId id = paid_order(shop, "M-3");
  std::vector<std::thread> clerks;
  std::atomic<int> given{0};
  for (int i = 0; i < 12; ++i)
    clerks.emplace_back([&] { given += shop.refunds->give_back(shop.clerk, id, {.other = eur(1000)}).ok(); });
  for (auto& clerk : clerks) clerk.join();
  CHECK(given == 3);
  CHECK(shop.find(id).refunded.total_minor == 3000);
}

TEST_CASE("refunds: what is not paid, or nobody knows the amount of, is not given back") {
  Shop shop;
  PlaceOrder unpaid = order_of("M-4", 1);
  unpaid.paid = false;
  unpaid.total = eur(1995);
  PlaceOrder unknown = order_of("M-5", 1);
  unknown.lines[0].price.reset();
  for (const PlaceOrder& order : {unpaid, unknown}) {
    const OrderId id = shop.orders->place(shop.clerk, order, StockPolicy::backorder)->id;
    const auto refused = shop.refunds->give_back(shop.clerk, id, {.other = eur(1)});
    CHECK(code_of(refused) == ErrorCode::conflict);
    CHECK(shop.refunds->of_order(shop.store->read(), id)->empty());
  }
}

TEST_CASE("refunds: every fault of a request is named at once") {
  Shop shop;
  const OrderId id = paid_order(shop, "M-6");
  const auto give = [&](GiveBack asked) { return shop.refunds->give_back(shop.clerk, id, asked); };
  const Money dollars{100, *Currency::parse("USD")};
  CHECK(fields_of(give({.lines = {{7, 1, {}}, {0, -1, {}}, {1, 0, {}}, {1, 1, eur(-5)}}, .shipping = dollars})) ==
        std::vector<std::string>{"shipping currency", "lines[0].line unknown", "lines[1].quantity range",
                                 "lines[2].line twice", "lines[2].quantity required", "lines[3].line twice",
                                 "lines[3].amount range"});
  CHECK(code_of(give({})) == ErrorCode::invalid);
  CHECK(code_of(give({.identifier = std::string(101, 'x'), .other = eur(1)})) == ErrorCode::invalid);
  CHECK(code_of(give({.of_return = ReturnId(9), .other = eur(1)})) == ErrorCode::not_found);
  // Sums that would wrap around are too much.
  CHECK(code_of(give({.lines = {{0, 0, eur(INT64_MAX)}}, .other = eur(INT64_MAX)})) == ErrorCode::conflict);
  CHECK(shop.find(id).refunded.total_minor == 0);
  CHECK(shop.refunds->give_back(shop.clerk, OrderId(5), {.other = eur(1)}).error().code == ErrorCode::not_found);
}

TEST_CASE("refunds: one belongs to a return of the same order alone") {
  Shop shop;
  shop.put_in_stock("A-1", 5);
  const OrderId one = paid_order(shop, "M-7"), two = paid_order(shop, "M-8");
  REQUIRE(shop.orders->ship(shop.clerk, one, {}).ok());
  const ReturnId back = shop.returns->request(shop.clerk, {.order = one})->ret.id;
  CHECK(code_of(shop.refunds->give_back(shop.clerk, two, {.of_return = back, .other = eur(1)})) == ErrorCode::invalid);
  REQUIRE(shop.refunds->give_back(shop.clerk, one, {.of_return = back, .lines = {{0, 2, {}}}}).ok());
  CHECK(shop.refunds->of_order(shop.store->read(), one)->front().of_return == back);
}

TEST_CASE("refunds: records are read as written, keys sort by number, and a newer record is refused") {
  CHECK(refund_key(1, 9) < refund_key(1, 10));
  CHECK(refund_key(1, 9).starts_with(refunds_prefix(1)));
  Refund refund;
  refund.number = 3;
  refund.identifier = "CN-7";
  refund.reason = RefundReason::goodwill;
  refund.of_return = ReturnId(5'002);
  refund.lines = {{1, 2, 1050}};
  refund.shipping_minor = 1;
  refund.tax_minor = 2;
  refund.other_minor = 3;
  const std::string record = write_refund(refund);
  const auto back = read_refund(3, record);
  REQUIRE(back.ok());
  CHECK(write_refund(*back) == record);
  CHECK(back->lines == refund.lines);
  CHECK(back->total_minor() == 1056);
  std::string newer = record;
  newer.replace(newer.find("\"v\":1"), 5, "\"v\":2");
  CHECK(read_refund(3, newer).error().code == ErrorCode::unsupported);
}
