// Several orders picked in one walk.
#include "orders/batches.h"

#include <thread>

#include "json/members.h"
#include "orders/order_shop.h"
#include "productflow/text.h"

using namespace pf;
using namespace pf::orders;
using test::order_of;
using test::Shop;

namespace {

// Three orders: two cups; one cup and two pots; a pot and a gift wrap. Slots 1, 2, 3.
struct Cart {
  Shop shop;
  Batches batches{*shop.store, *shop.orders, *shop.audit, shop.clock};
  std::vector<OrderId> ids{};
  BatchId id{};

  explicit Cart(bool started = true) {
    shop.put_in_stock("CUP", 10);
    shop.put_in_stock("POT", 10);
    PlaceOrder second = order_of("B-2", 1, "CUP"), third = order_of("B-3", 1, "POT");
    second.lines.push_back({"2", "POT", "Pot", 2, {}});
    third.lines.push_back({"2", "", "Gift wrap", 1, {}});
    for (const PlaceOrder& order : {order_of("B-1", 2, "CUP"), second, third})
      ids.push_back(shop.orders->place(shop.clerk, order, StockPolicy::backorder)->id);
    if (!started) return;
    const auto batch = batches.start(shop.clerk, ids);
    REQUIRE(batch.ok());
    id = batch->id;
  }
  Result<Batches::Given> scan(const std::string& code, const std::string& key = "") {
    return batches.pick(shop.clerk, id, {.code = code, .key = key});
  }
  std::size_t slot(const std::string& code) {
    const auto given = scan(code);
    REQUIRE(given.ok());
    return given->slot;
  }
  BatchStatus status() { return batches.find(shop.store->read(), id)->status; }
  Stage stage(std::size_t slot_number) { return stage_of(shop.find(ids[slot_number - 1])); }
};
std::vector<std::string> whys(const Error& error) {
  std::vector<std::string> out;
  for (const auto& one : error.faults) out.push_back(one.code);
  return out;
}

}  // namespace

TEST_CASE("batches: each scanned piece is given to the slot that needs it next, and all picked the batch is picked") {
  Cart cart;
  CHECK(cart.slot("CUP") == 1);
  const auto second = cart.scan("cup");
  CHECK(second->slot == 1);
  CHECK(second->order_picked);
  CHECK(cart.stage(1) == Stage::picked);
  CHECK(cart.slot("CUP") == 2);
  CHECK(whys(cart.scan("CUP").error()) == std::vector<std::string>{"complete"});
  CHECK(cart.batches.pick(cart.shop.clerk, cart.id, {.code = "8710000000017", .skus = {"POT"}, .quantity = 2})->slot ==
        2);
  CHECK(cart.slot("POT") == 3);
  CHECK(cart.status() == BatchStatus::open);
  REQUIRE(cart.batches.pick(cart.shop.clerk, cart.id, {.line = 1}, cart.ids[2]).ok());
  CHECK(cart.status() == BatchStatus::picked);
  CHECK(cart.scan("POT").error().message.find("is picked. Its orders go on to packing") != std::string::npos);

  const auto events = *cart.shop.orders->events(cart.shop.store->read(), cart.ids[1]);
  REQUIRE(events.size() == 4);
  CHECK(events[1].kind == "batched");
  CHECK(events[2].kind == "picked");
  CHECK(events[2].by == "clerk");
  CHECK(json::number_in(events[2].details, "batch") == 1);
  CHECK(json::number_in(events[2].details, "slot") == 2);
  Fulfilment work(*cart.shop.orders);  // what is picked goes on to packing as ever
  REQUIRE(work.pack(cart.shop.clerk, cart.ids[0], {.code = "CUP", .quantity = 2}).ok());
  CHECK(cart.stage(1) == Stage::packed);
}

TEST_CASE("batches: a wrong item is named, an unknown code said, and nothing is counted for either") {
  Cart cart;
  CHECK(whys(cart.scan("4006381333931").error()) == std::vector<std::string>{"unknown_code"});
  const auto wrong = cart.batches.pick(cart.shop.clerk, cart.id, {.code = "X", .skus = {"PAN"}, .name = "Pan (PAN)"});
  CHECK(whys(wrong.error()) == std::vector<std::string>{"not_on_list"});
  CHECK(wrong.error().message == "This is Pan (PAN), not in this batch.");
  const auto many = cart.batches.pick(cart.shop.clerk, cart.id, {.code = "CUP", .quantity = 3});
  CHECK(whys(many.error()) == std::vector<std::string>{"complete"});
  CHECK_FALSE(cart.batches.pick(cart.shop.clerk, cart.id, {.line = 9}, cart.ids[0]).ok());
  CHECK(cart.batches.find(cart.shop.store->read(), cart.id)->scans == 0);
}

TEST_CASE("batches: the same scan sent again is one piece, in the order that got it") {
  Cart cart;
  for (int i = 0; i < 3; ++i) {
    const auto given = cart.scan("CUP", "tablet-1");
    CHECK(given->slot == 1);
    CHECK(given->quantity == 1);
  }
  CHECK(cart.shop.find(cart.ids[0]).lines[0].count.picked == 1);
}

TEST_CASE("batches: two people at one cart never pick a piece more than there is") {
  Cart cart;
  std::atomic<int> counted = 0;
  std::vector<std::thread> people;
  for (int i = 0; i < 3; ++i)
    people.emplace_back([&] {
      for (int scan = 0; scan < 2; ++scan) counted += cart.scan("CUP").ok() ? 1 : 0;
    });
  for (auto& one : people) one.join();
  CHECK(counted == 3);
  CHECK(cart.shop.find(cart.ids[0]).lines[0].count.picked == 2);
  CHECK(cart.shop.find(cart.ids[1]).lines[0].count.picked == 1);
}

TEST_CASE("batches: orders that cannot be picked are named, all of them, and then there is no batch") {
  Cart cart;
  Shop& shop = cart.shop;
  const OrderId held = shop.orders->place(shop.clerk, order_of("H", 1, "CUP"), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->hold(shop.clerk, held, HoldReason::fraud).ok());
  const OrderId waits = shop.orders->place(shop.clerk, order_of("W", 1, "NONE"), StockPolicy::backorder)->id;
  const OrderId gone = shop.orders->place(shop.clerk, order_of("G", 1, "CUP"), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->cancel(shop.clerk, gone, "", {}).ok());
  const OrderId fine = shop.orders->place(shop.clerk, order_of("F", 1, "CUP"), StockPolicy::backorder)->id;
  const auto refused = cart.batches.start(shop.clerk, std::vector{cart.ids[0], held, waits, gone, fine, OrderId(7)});
  CHECK(whys(refused.error()) == std::vector<std::string>{"in_batch", "held", "nothing_to_pick", "status", "unknown"});
  CHECK(refused.error().message.find("It is in batch 1 already.") != std::string::npos);
  CHECK_FALSE(*cart.batches.open_batch_of(shop.store->read(), fine));
  CHECK_FALSE(cart.batches.start(shop.clerk, {}).ok());
  CHECK_FALSE(cart.batches.start(shop.clerk, std::vector<OrderId>(101, fine)).ok());
}

TEST_CASE("batches: the next orders of the queue are taken by ship-by, and none that another batch has") {
  Cart cart(false);
  Shop& shop = cart.shop;
  PlaceOrder urgent = order_of("URGENT", 1, "CUP"), other = order_of("OTHER", 1, "CUP");
  urgent.ship_by = *parse_time("2026-11-27");
  other.ship_by = *parse_time("2026-11-28");
  other.channel = "bol";
  const OrderId second = shop.orders->place(shop.clerk, other, StockPolicy::backorder)->id;
  const OrderId first = shop.orders->place(shop.clerk, urgent, StockPolicy::backorder)->id;
  const auto batch = cart.batches.start_next(shop.clerk, 2, {});
  REQUIRE(batch.ok());
  CHECK(batch->orders == std::vector{first, second});
  CHECK(batch->channels == std::vector<std::string>{"manual", "bol"});
  const auto rest = cart.batches.start_next(shop.clerk, 100, {});
  CHECK(rest->orders.size() == 3);
  CHECK(cart.batches.start_next(shop.clerk, 5, {}).error().code == ErrorCode::conflict);
  const auto read = shop.store->read();
  CHECK(cart.batches.list(read, true, 0, 10)->size() == 2);
  REQUIRE(cart.batches.list(read, false, 2, 10)->size() == 1);
  CHECK(cart.batches.list(read, false, 0, 1)->at(0).id == rest->id);
}

TEST_CASE("batches: what is missing is said once for the product, the last slots go without, and the batch goes on") {
  Cart cart;
  REQUIRE(cart.scan("POT").ok());
  CHECK_FALSE(cart.batches.miss(cart.shop.clerk, cart.id, "POT", {}, 0, 3).ok());  // only two are left
  REQUIRE(cart.batches.miss(cart.shop.clerk, cart.id, "POT", {}, 0, 0, "m1").ok());
  REQUIRE(cart.batches.miss(cart.shop.clerk, cart.id, "POT", {}, 0, 0, "m1").ok());  // sent again
  CHECK(cart.shop.find(cart.ids[1]).lines[1].count.missing == 1);
  CHECK(cart.shop.find(cart.ids[2]).lines[0].count.missing == 1);
  CHECK(cart.slot("POT") == 2);  // one turned up: it is found
  REQUIRE(cart.batches.undo(cart.shop.clerk, cart.id).ok());
  CHECK(cart.shop.find(cart.ids[1]).lines[1].count.missing == 1);
  for (int i = 0; i < 3; ++i) REQUIRE(cart.scan("CUP").ok());
  REQUIRE(cart.batches.miss(cart.shop.clerk, cart.id, "", cart.ids[2], 1, 0).ok());
  CHECK(cart.status() == BatchStatus::picked);
}

TEST_CASE("batches: a scan is taken back once, and a picked batch is open again after it") {
  Cart cart;
  for (int i = 0; i < 3; ++i) REQUIRE(cart.scan("CUP").ok());
  REQUIRE(cart.batches.undo(cart.shop.clerk, cart.id, 2).ok());
  REQUIRE(cart.batches.undo(cart.shop.clerk, cart.id, 2).ok());
  CHECK(cart.shop.find(cart.ids[0]).lines[0].count.picked == 1);
  CHECK(cart.slot("CUP") == 1);
  for (int i = 0; i < 3; ++i) REQUIRE(cart.scan("POT").ok());
  REQUIRE(cart.batches.pick(cart.shop.clerk, cart.id, {.line = 1}, cart.ids[2]).ok());
  REQUIRE(cart.status() == BatchStatus::picked);
  REQUIRE(cart.batches.undo(cart.shop.clerk, cart.id).ok());
  CHECK(cart.status() == BatchStatus::open);
  CHECK(cart.batches.open_batch_of(cart.shop.store->read(), cart.ids[0])->value() == cart.id);
  CHECK(cart.batches.undo(cart.shop.clerk, cart.id, 99).error().code == ErrorCode::not_found);
  Fulfilment work(*cart.shop.orders);
  REQUIRE(work.pack(cart.shop.clerk, cart.ids[0], {.code = "CUP", .quantity = 2}).ok());
  CHECK(cart.batches.undo(cart.shop.clerk, cart.id, 1).error().code == ErrorCode::conflict);  // it lies in a parcel
}

TEST_CASE("batches: an order that is held on the way is passed over, and stopping gives the orders back") {
  Cart cart;
  REQUIRE(cart.shop.orders->hold(cart.shop.clerk, cart.ids[0], HoldReason::address).ok());
  CHECK(cart.slot("CUP") == 2);
  const auto held = cart.scan("CUP");
  CHECK(whys(held.error()) == std::vector<std::string>{"held"});
  CHECK(held.error().message.find("slot 1") != std::string::npos);
  REQUIRE(cart.batches.stop(cart.shop.clerk, cart.id).ok());
  REQUIRE(cart.batches.stop(cart.shop.clerk, cart.id).ok());
  CHECK(cart.status() == BatchStatus::stopped);
  CHECK(cart.scan("POT").error().code == ErrorCode::conflict);
  CHECK(cart.batches.undo(cart.shop.clerk, cart.id).error().code == ErrorCode::conflict);
  CHECK(cart.shop.find(cart.ids[1]).lines[0].count.picked == 1);  // what was picked stays picked
  const auto again = cart.batches.start(cart.shop.clerk, std::vector{cart.ids[1], cart.ids[2]});
  REQUIRE(again.ok());
  CHECK(again->id.raw() == 2);
}

TEST_CASE("batches: the walk goes by zone and shelf as people count, and tells what each slot gets") {
  Cart cart;
  stock::Shelves shelves(*cart.shop.store);
  REQUIRE(cart.shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_TRY(shelves.set(work, "CUP", " A-10-1 "));
                PF_TRY(shelves.set(work, "POT", "a-2-1"));
                return {};
              })
              .ok());
  const auto read = cart.shop.store->read();
  const auto steps = cart.batches.walk(read, *cart.batches.orders_of(read, *cart.batches.find(read, cart.id)));
  REQUIRE(steps.ok());
  REQUIRE(steps->size() == 3);
  CHECK(steps->at(0).sku == "POT");
  CHECK(steps->at(0).sum(&WalkPlace::wanted) == 3);
  CHECK(steps->at(1).shelf == "A-10-1");
  CHECK(steps->at(1).places.size() == 2);
  CHECK(steps->at(1).places[0].slot == 1);
  CHECK(steps->at(1).places[0].wanted == 2);
  CHECK(steps->at(2).title == "Gift wrap");

  using stock::shelf_before;
  CHECK(shelf_before("A-2", "A-10"));
  CHECK(shelf_before("a-2", "B-1"));
  CHECK(shelf_before("A", "A-1"));
  CHECK(shelf_before("Z-9", ""));
  CHECK_FALSE(shelf_before("", "A"));
  CHECK(shelf_before("A-01", "A-1") != shelf_before("A-1", "A-01"));
  CHECK(stock::zone_of("KOEL-03-2") == "KOEL");
  CHECK_FALSE(stock::shelf_of("A\n1").ok());
  CHECK_FALSE(stock::shelf_of(std::string(41, 'A')).ok());
  REQUIRE(cart.shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_TRY(shelves.set(work, "CUP", ""));
                return {};
              })
              .ok());
  CHECK(shelves.find(cart.shop.store->read(), "CUP")->empty());
}
