// Where pieces lie: named locations, what is promised where, transfers, counts; and data of before they were known.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "orders/fulfilment.h"
#include "orders/order_shop.h"
#include "stock/stock_keys.h"

using namespace pf;
using namespace pf::orders;
using stock::Level;
using test::order_of;
using test::Shop;

namespace {

constexpr stock::LocationId kMain = 0, kLoft = 1, kQuarantine = 2;

// "loft" after "main", and "quarantine" that sells nothing.
void three_locations(Shop& shop) {
  REQUIRE(shop.locations->create(shop.clerk, "loft", {.name = "The loft"}).ok());
  REQUIRE(shop.locations->create(shop.clerk, "quarantine", {.may_ship = false}).ok());
}
std::vector<stock::Share> promised(Shop& shop, OrderId id) {
  return promised_at(shop.find(id).lines[0]);
}
OrderId place(Shop& shop, const std::string& number, std::int64_t pieces) {
  return shop.orders->place(shop.clerk, order_of(number, pieces), StockPolicy::backorder)->id;
}

}  // namespace

TEST_CASE("locations: stock of before they were known lies at the default one, and one location writes as before") {
  Shop shop;
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                std::string record;  // as it was written then
                put_be64(record, 7);
                put_be64(record, 2);
                work.put(shop.store->family(stock::kStockFamily), stock::level_key("A-1"), record);
                return {};
              })
              .ok());
  CHECK(shop.level("A-1") == Level{7, 2});
  CHECK(shop.at("A-1", kMain) == Level{7, 2});
  CHECK(shop.stock->locations(shop.store->read())->at(0).code == "main");
  place(shop, "1", 3);
  const auto record = *shop.store->read().get(shop.store->family(stock::kStockFamily), stock::level_key("A-1"));
  CHECK(record->size() == 16);
  CHECK(shop.level("A-1") == Level{7, 5});
  CHECK(shop.stock->movements(shop.store->read(), "A-1")->back().location == kMain);
}

TEST_CASE("locations: a line comes from one location that has it all, else from the ranks in turn") {
  Shop shop;
  three_locations(shop);
  shop.put_at("A-1", kMain, 2);
  shop.put_at("A-1", kLoft, 5);
  shop.put_at("A-1", kQuarantine, 50);
  CHECK(shop.level("A-1").available() == 7);  // what may not ship is not for sale
  const OrderId whole = place(shop, "1", 3);
  CHECK(promised(shop, whole) == std::vector<stock::Share>{{kLoft, 3}});
  const OrderId parted = place(shop, "2", 4);
  CHECK(promised(shop, parted) == std::vector<stock::Share>{{kMain, 2}, {kLoft, 2}});
  const OrderId late = place(shop, "3", 1);
  CHECK(shop.find(late).lines[0].count.backordered == 1);

  // What leaves is gone where it was, what is cancelled is free there again and goes to who waits.
  REQUIRE(shop.orders->ship(shop.clerk, whole, {}).ok());
  CHECK(shop.at("A-1", kLoft) == Level{2, 2});
  REQUIRE(shop.orders->cancel(shop.clerk, parted, "", {{0, 1}}).ok());
  CHECK(promised(shop, parted) == std::vector<stock::Share>{{kMain, 2}, {kLoft, 1}});
  CHECK(promised(shop, late) == std::vector<stock::Share>{{kLoft, 1}});

  // A parcel from one of the places takes what is promised there.
  REQUIRE(shop.orders->ship(shop.clerk, parted, {.location = "loft"}).ok());
  CHECK(promised(shop, parted) == std::vector<stock::Share>{{kMain, 2}});
  CHECK_FALSE(shop.orders->ship(shop.clerk, parted, {.location = "loft"}).ok());

  // Back to where it left from, or where somebody says.
  const auto ret = shop.returns->request(shop.clerk, {.order = whole, .approved = true})->ret;
  const auto back = [&](std::int64_t pieces, std::string_view to) {
    return shop.returns->receive(shop.clerk, ret.id,
                                 std::vector<ReturnTotals>{{.line = 0, .received = pieces, .restocked = pieces}}, to);
  };
  REQUIRE(back(1, "").ok());
  CHECK(shop.at("A-1", kLoft).on_hand == 2);
  REQUIRE(back(2, "quarantine").ok());
  REQUIRE(back(2, "").ok());  // said again
  CHECK(shop.at("A-1", kQuarantine).on_hand == 51);
  CHECK_FALSE(back(3, "cellar").ok());
}

TEST_CASE("locations: a person or a rule chooses one; what is promised elsewhere follows, what is in hand does not") {
  Shop shop;
  three_locations(shop);
  shop.put_at("A-1", kMain, 4);
  shop.put_at("A-1", kLoft, 3);
  const OrderId id = place(shop, "1", 4);
  REQUIRE(shop.orders->choose_location(shop.clerk, id, "loft").ok());
  CHECK(promised(shop, id) == std::vector<stock::Share>{{kMain, 1}, {kLoft, 3}});
  CHECK(shop.level("A-1") == Level{7, 4});
  CHECK(shop.orders->events(shop.store->read(), id)->back().kind == "located");
  CHECK_FALSE(shop.orders->choose_location(shop.clerk, id, "quarantine").ok());
  CHECK_FALSE(shop.orders->choose_location(shop.clerk, id, "moon").ok());
  REQUIRE(Fulfilment(*shop.orders).pick(shop.clerk, id, {.line = 0}).ok());
  REQUIRE(shop.orders->choose_location(shop.clerk, id, "main").ok());
  CHECK(promised(shop, id) == std::vector<stock::Share>{{kMain, 1}, {kLoft, 3}});

  shop.orders->on_placed([](storage::Write&, const Order&) -> Result<std::vector<OrderAct>> {
    return std::vector<OrderAct>{{.kind = OrderAct::Kind::locate, .text = "loft", .rule = {1, "From the loft"}},
                                 {.kind = OrderAct::Kind::locate, .text = "quarantine", .rule = {2, "No place"}}};
  });
  shop.put_at("A-1", kMain, 9);
  shop.put_at("A-1", kLoft, 9);
  CHECK(promised(shop, place(shop, "2", 2)) == std::vector<stock::Share>{{kLoft, 2}});
  // What is chosen goes before what one place has alone.
  REQUIRE(shop.orders->choose_location(shop.clerk, place(shop, "3", 9), "loft").ok());
  shop.orders->on_placed({});
  CHECK(shop.level("A-1").available() == 18 - 4 - 2 - 9);
}

TEST_CASE(
    "locations: a transfer is two movements and takes no promised piece; counts and adjustments are of one place") {
  Shop shop;
  three_locations(shop);
  shop.put_at("A-1", kMain, 5);
  place(shop, "1", 2);
  const auto transfer = [&](stock::LocationId from, stock::LocationId to, std::int64_t pieces) {
    return shop.store->write(
        [&](storage::Write& work) { return shop.stock->transfer(work, shop.clerk, "A-1", from, to, pieces); });
  };
  CHECK(transfer(kMain, kQuarantine, 4).error().code == ErrorCode::conflict);
  CHECK(transfer(kMain, kMain, 1).error().code == ErrorCode::invalid);
  CHECK(transfer(kMain, 7, 1).error().code == ErrorCode::invalid);
  REQUIRE(transfer(kMain, kQuarantine, 3).ok());
  CHECK(shop.level("A-1") == Level{5, 2, 3});
  CHECK(shop.level("A-1").available() == 0);
  const auto ledger = *shop.stock->movements(shop.store->read(), "A-1");
  REQUIRE(ledger.size() == 4);
  CHECK((ledger[2].on_hand == -3 && ledger[2].location == kMain && ledger[2].reason == "transferred"));
  CHECK((ledger[3].on_hand == 3 && ledger[3].location == kQuarantine));

  const auto adjust = [&](stock::LocationId at, std::int64_t change) {
    return shop.store->write(
        [&](storage::Write& work) { return shop.stock->adjust(work, shop.clerk, "A-1", at, change, "damaged"); });
  };
  CHECK_FALSE(adjust(kMain, -1).ok());  // both are promised
  REQUIRE(adjust(kQuarantine, -3).ok());
  CHECK(shop.level("A-1") == Level{2, 2});
  // Who names no location speaks of all together: the default one makes up the difference, then the others.
  shop.put_at("A-1", kLoft, 6);
  shop.put_in_stock("A-1", 8);
  CHECK(shop.at("A-1", kMain) == Level{4, 2});
  shop.put_in_stock("A-1", 1);
  CHECK(shop.at("A-1", kMain) == Level{2, 2});
  CHECK(shop.at("A-1", kLoft) == Level{1, 0});
  CHECK(shop.stock->shortages(shop.store->read(), 5)->low == 1);
}

TEST_CASE("locations: codes are kept, the default one ships, and a closed one takes and sells nothing") {
  Shop shop;
  three_locations(shop);
  CHECK(shop.locations->create(shop.clerk, "loft", {}).error().code == ErrorCode::conflict);
  CHECK(shop.locations->create(shop.clerk, "No spaces", {}).error().code == ErrorCode::invalid);
  CHECK(shop.locations->change(shop.clerk, "main", {.active = false}).error().code == ErrorCode::conflict);
  CHECK(shop.locations->change(shop.clerk, "cellar", {}).error().code == ErrorCode::not_found);
  const auto faults = shop.locations->change(shop.clerk, "loft", {.name = " ", .rank = -1});
  CHECK(faults.error().faults.size() == 2);
  REQUIRE(shop.locations->change(shop.clerk, "main", {.rank = 9}).ok());
  CHECK(shop.locations->all(shop.store->read())->back().code == "main");

  shop.put_at("A-1", kLoft, 4);
  const OrderId id = place(shop, "1", 1);
  REQUIRE(shop.locations->change(shop.clerk, "loft", {.active = false}).ok());
  shop.close();
  shop.open();
  CHECK(shop.level("A-1") == Level{4, 1, 3});
  CHECK(shop.find(place(shop, "2", 1)).lines[0].count.backordered == 1);
  REQUIRE(shop.orders->ship(shop.clerk, id, {}).ok());  // what was promised leaves all the same
  CHECK(shop.level("A-1") == Level{3, 0, 3});
  CHECK(shop.store
            ->write([&](storage::Write& work) {
              return shop.stock->restock(work, shop.clerk, "A-1", 1, "returned", kLoft);
            })
            .error()
            .code == ErrorCode::conflict);
  // Opened again, its pieces go to who has waited.
  REQUIRE(shop.locations->change(shop.clerk, "loft", {.active = true}).ok());
  REQUIRE(shop.orders->fill_everybody().ok());
  CHECK(shop.level("A-1") == Level{3, 1});
}

TEST_CASE("pain 1, the last unit sold twice: callers who race while it is carried about sell it once") {
  Shop shop;
  three_locations(shop);
  shop.put_at("A-1", kMain, 2);
  shop.put_at("A-1", kLoft, 1);
  std::atomic<std::int64_t> sold = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller)
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 3; ++i) {
        const auto from = static_cast<stock::LocationId>((caller + i) % 2);
        static_cast<void>(shop.store->write(
            [&](storage::Write& work) { return shop.stock->transfer(work, shop.clerk, "A-1", from, 1 - from, 1); }));
        const auto placed = shop.orders->place(shop.clerk, order_of(std::to_string(caller) + "-" + std::to_string(i)),
                                               StockPolicy::required);
        if (placed.ok()) ++sold;
      }
    });
  for (auto& caller : callers) caller.join();
  CHECK(sold == 3);
  CHECK(shop.level("A-1") == Level{3, 3});
  CHECK(shop.at("A-1", kMain).allocated + shop.at("A-1", kLoft).allocated == 3);
}
