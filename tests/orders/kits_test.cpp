// Kits: products that are made of others, from the shelf to the buyer and back.
#include <algorithm>
#include <thread>

#include "orders/batches.h"
#include "orders/fulfilment.h"
#include "orders/order_shop.h"

using namespace pf;
using namespace pf::orders;
using test::order_of;
using test::Shop;

namespace {

struct KitShop : Shop {
  Result<> try_kit(const std::string& sku, const std::vector<stock::Part>& parts) {
    return store->write([&](storage::Write& work) -> Result<> {
      PF_TRY(stock->make_kit(work, sku, parts));
      return orders->fill_backorders(work, sku, true);
    });
  }
  void make_kit(const std::string& sku, const std::vector<stock::Part>& parts) { REQUIRE(try_kit(sku, parts).ok()); }
  std::int64_t available(const std::string& sku) { return level(sku).available(); }
  OrderId place(const std::string& number, std::int64_t kits, const std::string& sku = "SET") {
    return orders->place(clerk, order_of(number, kits, sku), StockPolicy::backorder)->id;
  }
  const LinePart& part(const Order& order, const std::string& sku) {
    const auto& parts = order.lines[0].parts;
    return *std::ranges::find(parts, sku, &LinePart::sku);
  }
};

}  // namespace

TEST_CASE("kits: as many can be made as the scarcest part allows, at every location, and no circle can") {
  KitShop shop;
  shop.make_kit("SET", {{"CUP", 2}, {"POT", 1}});
  CHECK(shop.available("SET") == 0);
  shop.put_in_stock("CUP", 7);
  shop.put_in_stock("POT", 5);
  CHECK(shop.available("SET") == 3);
  shop.make_kit("CRATE", {{"SET", 2}, {"POT", 1}});  // in the end 4 cups and 3 pots
  CHECK(shop.available("CRATE") == 1);
  const auto kit = **shop.stock->kit(shop.store->read(), "CRATE");
  CHECK(kit.parts == std::vector<stock::Part>{{"CUP", 4}, {"POT", 3}});
  CHECK(kit.scarcest == 0);
  CHECK((*shop.stock->list(shop.store->read(), "", 10)).size() == 4);  // both kits are shown with the rest

  REQUIRE(shop.locations->create(shop.clerk, "loft", {}).ok());
  shop.put_at("CUP", 1, 4);
  CHECK(shop.at("SET", 0).available() == 3);
  CHECK(shop.at("SET", 1).available() == 0);  // there are no pots
  shop.put_at("POT", 1, 1);
  CHECK(shop.at("SET", 1).available() == 1);
  CHECK(shop.available("SET") == 5);  // one of them of parts that lie apart

  // A circle is refused by name, as is what is too deep, or has pieces of its own; and a kit cannot be counted.
  const auto circle = shop.try_kit("SET", {{"CRATE", 1}});
  REQUIRE_FALSE(circle.ok());
  CHECK(circle.error().message == "A kit cannot be part of itself: SET > CRATE > SET.");
  CHECK_FALSE(shop.try_kit("CUP", {{"LID", 1}}).ok());
  CHECK_FALSE(
      shop.store->write([&](storage::Write& work) { return shop.stock->set_available(work, shop.clerk, "SET", 9); })
          .ok());
  shop.make_kit("BOX", {{"CRATE", 1}});
  shop.make_kit("PALLET", {{"BOX", 10}});
  shop.make_kit("TRUCK", {{"PALLET", 20}});
  CHECK_FALSE(shop.try_kit("SHIP", {{"TRUCK", 2}}).ok());
  shop.make_kit("LID", {{"RIM", 1}});
  CHECK_FALSE(shop.try_kit("SET", {{"LID", 1}}).ok());  // too deep for the truck that it is in

  // A kit of nothing is a product with pieces of its own again, and its ledger goes on.
  shop.make_kit("TRUCK", {});
  shop.put_in_stock("TRUCK", 2);
  CHECK(shop.available("TRUCK") == 2);
  // Whoever listens is told of the kits whose parts have moved.
  const auto told = *shop.events->after(shop.store->read(), 0, 1'000);
  const bool heard = std::ranges::any_of(told, [](const events::Event& one) {
    return one.type == events::type::kStockUpdated && json::write(one.data).find("\"PALLET\"") != std::string::npos;
  });
  CHECK(heard);
}

TEST_CASE(
    "pain 15, kits whose parts' stock is not deducted: they are promised, shipped, cancelled and taken back piece by "
    "piece") {
  KitShop shop;
  shop.make_kit("SET", {{"CUP", 2}, {"POT", 1}});
  shop.put_in_stock("CUP", 7);
  shop.put_in_stock("POT", 9);
  const OrderId id = shop.place("M-1", 4);
  Order order = shop.find(id);
  CHECK(order.lines[0].count.allocated == 3);  // whole kits alone, so one cup is free
  CHECK(order.lines[0].count.backordered == 1);
  CHECK(shop.level("CUP") == stock::Level{.on_hand = 7, .allocated = 6});
  CHECK(shop.level("POT") == stock::Level{.on_hand = 9, .allocated = 3});
  CHECK(shop.available("SET") == 0);
  // What it was made of stays with the line; the kit becomes another for others.
  shop.make_kit("SET", {{"CUP", 1}});
  shop.put_in_stock("CUP", 2);  // enough for the fourth
  CHECK(shop.find(id).lines[0].count.backordered == 0);
  CHECK(shop.level("POT").allocated == 4);
  REQUIRE(shop.orders->ship(shop.clerk, id, {.lines = {{0, 2}}}).ok());
  CHECK(shop.level("CUP") == stock::Level{.on_hand = 4, .allocated = 4});
  CHECK(shop.level("POT") == stock::Level{.on_hand = 7, .allocated = 2});
  REQUIRE(shop.orders->cancel(shop.clerk, id, "", {{0, 1}}).ok());
  CHECK(shop.level("CUP").allocated == 2);
  REQUIRE(shop.orders->edit(shop.clerk, id, {.lines = {{.line = 0, .quantity = 5}}}).ok());
  CHECK(shop.find(id).lines[0].count.allocated == 2);
  CHECK(shop.level("CUP").allocated == 4);
  CHECK(shop.level("POT").allocated == 2);
  // One kit comes back: its parts are on the shelf again, once.
  const auto back = shop.returns->request(shop.clerk, {.order = id, .approved = true, .lines = {{0, 1}}});
  for (int again = 0; again < 2; ++again)
    REQUIRE(
        shop.returns
            ->receive(shop.clerk, back->ret.id, std::vector<ReturnTotals>{{.line = 0, .received = 1, .restocked = 1}})
            .ok());
  CHECK(shop.level("CUP").on_hand == 6);
  CHECK(shop.level("POT").on_hand == 8);
  // A marketplace's own parcel is none of our stock.
  PlaceOrder fba = order_of("M-2", 1, "SET");
  fba.by_marketplace = true;
  REQUIRE(shop.orders->place(shop.clerk, fba, StockPolicy::required).ok());
  CHECK(shop.level("CUP").on_hand == 6);
  // Nobody buys what is not there, and the answer says so in kits.
  CHECK_FALSE(shop.orders->place(shop.clerk, order_of("M-3", 9, "SET"), StockPolicy::required).ok());
}

TEST_CASE("pain 15: the last piece is sold once, by itself or in one of two kits, whatever races") {
  KitShop shop;
  shop.make_kit("SET", {{"CUP", 2}, {"POT", 1}});
  shop.make_kit("DUO", {{"CUP", 1}, {"PAN", 1}});
  for (const char* sku : {"CUP", "POT", "PAN"}) shop.put_in_stock(sku, 12);
  std::vector<std::thread> buyers;
  for (int buyer = 0; buyer < 3; ++buyer)
    buyers.emplace_back([&shop, buyer] {
      for (int i = 0; i < 8; ++i)
        (void)shop.orders->place(
            shop.clerk,
            order_of(std::to_string(buyer) + "-" + std::to_string(i), 1,
                     std::vector<std::string>{"SET", "DUO", "CUP"}[static_cast<std::size_t>(buyer)]),
            StockPolicy::required);
    });
  for (auto& buyer : buyers) buyer.join();
  CHECK(shop.level("CUP").allocated <= 12);
  CHECK(shop.level("CUP").allocated >= 11);  // a SET needs two, so one may be left
  CHECK(shop.available("CUP") + shop.level("CUP").allocated == 12);
}

TEST_CASE(
    "kits: parts are picked and packed one by one, or the kit by its own label; what is missing is said of a part") {
  KitShop shop;
  Fulfilment work(*shop.orders);
  shop.make_kit("SET", {{"CUP", 2}, {"POT", 1}});
  shop.put_in_stock("CUP", 8);
  shop.put_in_stock("POT", 4);
  const OrderId id = shop.place("P-1", 2);
  const auto counts = [&] { return shop.find(id).lines[0].count; };
  REQUIRE(work.pick(shop.clerk, id, {.code = "cup", .quantity = 2}).ok());
  CHECK(counts().picked == 0);  // half of a kit is none
  CHECK(stage_of(shop.find(id)) == Stage::picking);
  REQUIRE(work.pick(shop.clerk, id, {.code = "4006381333931", .skus = {"POT"}}).ok());
  CHECK(counts().picked == 1);
  CHECK(work.pick(shop.clerk, id, {.code = "CUP", .quantity = 3}).error().message.starts_with("Of CUP of Something"));
  // The second kit lacks its pot.
  REQUIRE(work.miss(shop.clerk, id, 0, 1, {}, "POT").ok());
  CHECK(counts().missing == 1);
  CHECK(stage_of(shop.find(id)) == Stage::picked);
  // Packing: its parts lie beside the parcel until it is whole.
  REQUIRE(work.pack(shop.clerk, id, {.code = "CUP"}, "BOX").ok());
  CHECK(shop.find(id).packing.empty());
  REQUIRE(work.pack(shop.clerk, id, {.code = "CUP"}, "BOX").ok());
  REQUIRE(work.pack(shop.clerk, id, {.code = "POT"}, "BOX").ok());
  CHECK(counts().packed == 1);
  CHECK(shop.find(id).packing[0].lines == std::vector<std::pair<std::size_t, std::int64_t>>{{0, 1}});
  REQUIRE(work.undo(shop.clerk, id, shop.find(id).events).ok());
  CHECK(shop.find(id).packing.empty());
  CHECK(shop.part(shop.find(id), "CUP").laid == 2);
  REQUIRE(work.pack(shop.clerk, id, {.line = 0, .part = "POT"}, "BOX").ok());
  REQUIRE(shop.orders->ship(shop.clerk, id, {.identifier = "BOX"}).ok());
  CHECK(shop.level("CUP") == stock::Level{.on_hand = 6, .allocated = 2});
  // The pot is lost: what the kit was promised else is free, and the kit is promised anew of what is left.
  CHECK(work.lose(shop.clerk, id, 0, 1, {}, "k", "CUP").error().code == ErrorCode::conflict);
  REQUIRE(work.lose(shop.clerk, id, 0, 1, {}, "k2").ok());
  CHECK(shop.level("POT") == stock::Level{.on_hand = 2, .allocated = 1});
  CHECK(shop.level("CUP") == stock::Level{.on_hand = 6, .allocated = 2});
  CHECK(counts().allocated == 1);
  // A prepacked one has a label of its own.
  REQUIRE(work.pick(shop.clerk, id, {.code = "SET"}).ok());
  REQUIRE(work.undo(shop.clerk, id, shop.find(id).events).ok());
  REQUIRE(work.pick(shop.clerk, id, {.code = "SET"}).ok());
  CHECK(shop.part(shop.find(id), "CUP").picked == 2);
  REQUIRE(work.pack(shop.clerk, id, {.code = "SET"}).ok());
  CHECK(stage_of(shop.find(id)) == Stage::packed);
  // Cancelled as damaged: every piece of it leaves the stock.
  REQUIRE(shop.orders->cancel(shop.clerk, id, "", {}, {.picked = PickedFate::damaged}).ok());
  CHECK(shop.level("CUP") == stock::Level{.on_hand = 4, .allocated = 0});
  CHECK(shop.level("POT") == stock::Level{.on_hand = 1, .allocated = 0});
}

TEST_CASE("kits: a batch walks to their parts' shelves, and a part goes to the first slot that needs it") {
  KitShop shop;
  shop.make_kit("SET", {{"CUP", 2}, {"POT", 1}});
  shop.put_in_stock("CUP", 9);
  shop.put_in_stock("POT", 9);
  const std::vector<OrderId> ids{shop.place("B-1", 1), shop.place("B-2", 1, "CUP"), shop.place("B-3", 1)};
  Batches batches(*shop.store, *shop.orders, *shop.audit, shop.clock);
  const Batch batch = *batches.start(shop.clerk, ids);
  const auto walk = *batches.walk(shop.store->read(), *batches.orders_of(shop.store->read(), batch));
  REQUIRE(walk.size() == 2);
  CHECK(walk[0].sku == "CUP");
  CHECK(walk[0].sum(&WalkPlace::wanted) == 5);
  CHECK(walk[0].places[0].of_kit);
  CHECK_FALSE(walk[0].places[1].of_kit);
  for (const std::size_t slot : {1u, 1u, 2u, 3u, 3u})
    CHECK(batches.pick(shop.clerk, batch.id, {.code = "CUP"})->slot == slot);
  REQUIRE(batches.pick(shop.clerk, batch.id, {.code = "POT"}).ok());
  REQUIRE(batches.miss(shop.clerk, batch.id, "POT", {}, 0, 0).ok());  // of the last slot
  CHECK(batches.find(shop.store->read(), batch.id)->status == BatchStatus::picked);
  CHECK(shop.find(ids[2]).lines[0].count.missing == 1);
  REQUIRE(batches.undo(shop.clerk, batch.id).ok());
  CHECK(shop.find(ids[2]).lines[0].count.to_pick() == 1);
}

TEST_CASE("kits: all parts come from one location that has them, else each from where it lies, and go back there") {
  KitShop shop;
  shop.make_kit("SET", {{"CUP", 2}, {"POT", 1}});
  REQUIRE(shop.locations->create(shop.clerk, "loft", {}).ok());
  shop.put_in_stock("CUP", 1);
  shop.put_at("CUP", 1, 4);
  shop.put_in_stock("POT", 2);
  shop.put_at("POT", 1, 1);
  const OrderId whole = shop.place("W-1", 1), apart = shop.place("W-2", 1);
  CHECK(promised_at(shop.find(whole).lines[0], shop.find(whole).lines[0].parts[0]) ==
        std::vector<stock::Share>{{1, 2}});
  CHECK(shop.at("POT", 1).allocated == 1);  // the loft has everything for the first
  CHECK(shop.at("CUP", 1).allocated == 4);
  CHECK(shop.at("POT", 0).allocated == 1);  // the second is of two places
  REQUIRE(shop.orders->ship(shop.clerk, whole, {.location = "loft"}).ok());
  CHECK_FALSE(shop.orders->ship(shop.clerk, apart, {.location = "loft"}).ok());
  const auto back = shop.returns->request(shop.clerk, {.order = whole, .approved = true});
  REQUIRE(shop.returns->receive(shop.clerk, back->ret.id, std::vector<ReturnTotals>{{0, 1, 1, {}, {}}}).ok());
  CHECK(shop.at("CUP", 1).on_hand == 4);
  REQUIRE(shop.orders->choose_location(shop.clerk, apart, "loft").ok());
  CHECK(shop.at("POT", 1).allocated == 1);
  CHECK(shop.at("POT", 0).allocated == 0);
}
