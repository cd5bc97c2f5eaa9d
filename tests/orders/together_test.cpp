// An order in parts, and several orders in one parcel.
#include <doctest/doctest.h>

#include <algorithm>

#include "orders/fulfilment.h"
#include "orders/order_shop.h"
#include "orders/tracking.h"

using namespace pf;
using namespace pf::orders;
using test::order_of;
using test::Shop;

namespace {

PlaceOrder to(const std::string& number, const char* address) {
  PlaceOrder order = order_of(number, 2);
  order.shipping_method = "DHL";
  order.buyer.fields[0].second = vault::Private(address);
  return order;
}
constexpr const char* kHome =
    R"({"first_name":"Ada","last_name":"Byron","street_name":"Kerkstraat","house_number":"1","zip_code":"9876 ZX","city":"Assen","country_code":"NL"})";
constexpr const char* kHomeWrittenElsewise =
    R"({"first_name":"ADA","last_name":"Byron","street_name":"Kerkstraat","house_number":"1","zip_code":"9876zx","city":"ASSEN","country_code":"NL"})";
constexpr const char* kNextDoor =
    R"({"first_name":"Ada","last_name":"Byron","street_name":"Kerkstraat","house_number":"3","zip_code":"9876 ZX","city":"Assen","country_code":"NL"})";

}  // namespace

TEST_CASE("pain 12, merging one buyer's orders by hand: they are found, share a parcel and stay themselves") {
  Shop shop;
  shop.put_in_stock("A-1", 20);
  const auto place = [&](const PlaceOrder& order) {
    return shop.orders->place(shop.clerk, order, StockPolicy::backorder)->id;
  };
  const OrderId one = place(to("1", kHome)), other = place(to("2", kHomeWrittenElsewise));
  const OrderId next_door = place(to("3", kNextDoor)), held = place(to("4", kHome));
  PlaceOrder quick = to("5", kHome);
  quick.shipping_method = "Courier";
  place(quick);
  REQUIRE(shop.orders->hold(shop.clerk, held, HoldReason::manual).ok());
  const auto found = *shop.orders->together(shop.store->read());
  REQUIRE(found.groups.size() == 1);
  REQUIRE(found.groups[0].orders.size() == 2);
  CHECK(found.open == 4);

  const auto wrong = shop.orders->ship_together(shop.clerk, {one, next_door, held}, {});
  CHECK(wrong.error().code == ErrorCode::conflict);
  CHECK(wrong.error().faults[0].field == "orders[1]");
  CHECK_FALSE(shop.orders->ship_together(shop.clerk, {one, held}, {}).ok());  // all or none
  CHECK(status_of(shop.find(one)) == OrderStatus::open);
  CHECK_FALSE(shop.orders->ship_together(shop.clerk, {one, one}, {}).ok());

  // Each was packed for itself, into a parcel of the same name.
  Fulfilment work(*shop.orders);
  for (const OrderId id : {one, other}) REQUIRE(work.pack(shop.clerk, id, {.line = 0, .quantity = 2}, "BOX").ok());
  const auto sent =
      *shop.orders->ship_together(shop.clerk, {one, other}, {.identifier = "BOX", .track_and_trace = "3SABC"});
  REQUIRE(sent.size() == 2);
  for (const Order& order : sent) {
    CHECK(status_of(order) == OrderStatus::shipped);
    CHECK(order.parcels[0].track_and_trace == "3SABC");
    CHECK(shop.find(order.id).parcels[0].together == std::vector{order.id == one ? other : one});
    CHECK(shop.orders->events(shop.store->read(), order.id)->back().kind == "shipped");
  }
  CHECK(shop.level("A-1").on_hand == 16);
  CHECK(shop.orders->together(shop.store->read())->groups.empty());

  // The number was wrong: it is put right for all that lie in the parcel, and whoever was told of it is told again.
  const auto correct = [&](const char* number) {
    auto outcome = catalog::Outcome::unchanged;
    REQUIRE(shop.store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(outcome, track(work, *shop.orders, shop.clerk, one, {.track_and_trace = number}));
                  return {};
                })
                .ok());
    return outcome;
  };
  const std::uint64_t told = *shop.events->last(shop.store->read());
  CHECK(correct("3SDEF") == catalog::Outcome::changed);
  CHECK(correct("3SDEF") == catalog::Outcome::unchanged);
  for (const OrderId id : {one, other}) {
    CHECK(shop.find(id).parcels[0].track_and_trace == "3SDEF");
    const auto last = shop.orders->events(shop.store->read(), id)->back();
    CHECK(last.kind == "tracked");
    CHECK(*last.details.find("before")->find("track_and_trace")->as_string() == "3SABC");
  }
  const auto news = *shop.events->after(shop.store->read(), told, 100);
  CHECK(std::ranges::count(news, "shipment.updated", &events::Event::type) == 2);
}

TEST_CASE(
    "pain 7, no partial shipment: a part leaves later, stays promised, and is neither picked nor shipped till then") {
  Shop shop;
  shop.put_in_stock("A-1", 5);
  const OrderId id = shop.orders->place(shop.clerk, order_of("1", 5), StockPolicy::backorder)->id;
  Fulfilment work(*shop.orders);
  REQUIRE(work.pick(shop.clerk, id, {.line = 0, .quantity = 2}).ok());
  CHECK(shop.orders->send_later(shop.clerk, id, {{0, 4}, {7, 1}}).error().faults.size() == 2);
  REQUIRE(shop.orders->send_later(shop.clerk, id, {{0, 3}}).ok());
  const std::uint32_t events = shop.find(id).events;
  REQUIRE(shop.orders->send_later(shop.clerk, id, {{0, 3}}).ok());
  CHECK(shop.find(id).events == events);
  CHECK(stage_of(shop.find(id)) == Stage::picked);
  CHECK_FALSE(work.pick(shop.clerk, id, {.line = 0}).ok());
  REQUIRE(shop.orders->ship(shop.clerk, id, {}).ok());
  CHECK(shop.find(id).parcels[0].lines[0].second == 2);
  CHECK_FALSE(shop.orders->ship(shop.clerk, id, {}).ok());
  CHECK(shop.level("A-1").allocated == 3);
  CHECK(*shop.orders->count(shop.store->read(), {.where = {{"later", catalog::Operator::eq, {"true"}}}}) == 1);
  REQUIRE(shop.orders->cancel(shop.clerk, id, "", {{0, 1}}).ok());  // two of them are left
  CHECK(shop.find(id).lines[0].count.later == 2);
  REQUIRE(shop.orders->send_later(shop.clerk, id, {}).ok());
  REQUIRE(shop.orders->ship(shop.clerk, id, {}).ok());
  CHECK(status_of(shop.find(id)) == OrderStatus::shipped);
}
