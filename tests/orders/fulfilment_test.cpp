// Picking and packing by scans.
#include "orders/fulfilment.h"

#include <thread>

#include "json/members.h"
#include "orders/order_shop.h"

using namespace pf;
using namespace pf::orders;
using test::order_of;
using test::Shop;

namespace {

struct Bench {
  Shop shop;
  Fulfilment work{*shop.orders};
  OrderId id{};

  // Two cups, three pots, a gift wrap that nobody can scan.
  Bench() {
    shop.put_in_stock("CUP", 10);
    shop.put_in_stock("POT", 10);
    PlaceOrder order = order_of("W-1", 2, "CUP");
    order.lines.push_back({"2", "POT", "Pot", 3, {}});
    order.lines.push_back({"3", "", "Gift wrap", 1, {}});
    id = shop.orders->place(shop.clerk, order, StockPolicy::backorder)->id;
  }
  LineCounters count(std::size_t line) { return shop.find(id).lines[line].count; }
  Result<Order> pick(const std::string& code, std::int64_t quantity = 1) {
    return work.pick(shop.clerk, id, {.code = code, .quantity = quantity});
  }
  Result<Order> pack(const std::string& code, const std::string& parcel = "") {
    return work.pack(shop.clerk, id, {.code = code}, parcel);
  }
  std::string why(const Result<Order>& refused) {
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == ErrorCode::conflict);
    return refused.error().faults.empty() ? "" : refused.error().faults[0].code;
  }
  Stage stage() { return stage_of(shop.find(id)); }
};

}  // namespace

TEST_CASE("fulfilment: a scan counts its piece, and the order says who did it and how far it is") {
  Bench bench;
  CHECK(bench.stage() == Stage::none);
  REQUIRE(bench.pick("CUP").ok());
  CHECK(bench.stage() == Stage::picking);
  REQUIRE(bench.pick("cup").ok());  // scanners shout or whisper
  REQUIRE(bench.work.pick(bench.shop.clerk, bench.id, {.code = "8710000000017", .skus = {"POT"}, .quantity = 3}).ok());
  REQUIRE(bench.work.pick(bench.shop.clerk, bench.id, {.line = 2}).ok());
  CHECK(bench.stage() == Stage::picked);
  const auto events = *bench.shop.orders->events(bench.shop.store->read(), bench.id);
  REQUIRE(events.size() == 5);
  CHECK(events[3].by == "clerk");
  CHECK(events[3].kind == "picked");
  CHECK(json::number_in(events[3].details, "line") == 1);
  CHECK(json::flag_in(events[3].details, "scanned"));
  CHECK_FALSE(json::flag_in(events[4].details, "scanned"));
  const auto page =
      bench.shop.orders->list(bench.shop.store->read(), {.where = {{"fulfilment", catalog::Operator::eq, {"picked"}}}});
  REQUIRE(page.ok());
  CHECK(page->orders.size() == 1);
}

TEST_CASE("fulfilment: a wrong item is named, an unknown code said, and one too many refused") {
  Bench bench;
  CHECK(bench.why(bench.pick("4006381333931")) == "unknown_code");
  const auto wrong = bench.work.pick(bench.shop.clerk, bench.id, {.code = "X", .skus = {"PAN"}, .name = "Pan (PAN)"});
  CHECK(bench.why(wrong) == "not_on_list");
  CHECK(wrong.error().message == "This is Pan (PAN), not on this list.");
  REQUIRE(bench.pick("CUP", 2).ok());
  CHECK(bench.why(bench.pick("CUP")) == "complete");
  CHECK(bench.why(bench.pick("POT", 4)) == "complete");
  CHECK(bench.count(0).picked == 2);
  CHECK(bench.count(1).picked == 0);
  CHECK_FALSE(bench.pick("POT", 0).ok());
  CHECK_FALSE(bench.work.pick(bench.shop.clerk, bench.id, {.line = 9}).ok());
}

TEST_CASE("fulfilment: the same scan sent again is one piece") {
  Bench bench;
  for (int i = 0; i < 3; ++i)
    REQUIRE(bench.work.pick(bench.shop.clerk, bench.id, {.code = "POT", .key = "tablet-1"}).ok());
  CHECK(bench.count(1).picked == 1);
  REQUIRE(bench.work.pick(bench.shop.clerk, bench.id, {.code = "POT", .key = "tablet-2"}).ok());
  CHECK(bench.count(1).picked == 2);
}

TEST_CASE("fulfilment: two people at one order never pick more than there is") {
  Bench bench;
  std::atomic<int> counted = 0;
  std::vector<std::thread> people;
  for (int i = 0; i < 4; ++i)
    people.emplace_back([&] {
      for (int scan = 0; scan < 2; ++scan) counted += bench.pick("POT").ok() ? 1 : 0;
    });
  for (auto& one : people) one.join();
  CHECK(counted == 3);
  CHECK(bench.count(1).picked == 3);
}

TEST_CASE("fulfilment: a missing piece is said, the rest goes on, and the order stays open for it") {
  Bench bench;
  REQUIRE(bench.pick("CUP", 2).ok());
  REQUIRE(bench.pick("POT", 2).ok());
  REQUIRE(bench.work.miss(bench.shop.clerk, bench.id, 1, 1).ok());
  CHECK_FALSE(bench.work.miss(bench.shop.clerk, bench.id, 1, 1).ok());
  REQUIRE(bench.work.pick(bench.shop.clerk, bench.id, {.line = 2}).ok());
  CHECK(bench.stage() == Stage::picked);
  const auto shorts =
      bench.shop.orders->list(bench.shop.store->read(), {.where = {{"short", catalog::Operator::eq, {"true"}}}});
  CHECK(shorts->orders.size() == 1);
  REQUIRE(bench.shop.orders->ship(bench.shop.clerk, bench.id, {}).ok());
  const Order order = bench.shop.find(bench.id);
  CHECK(status_of(order) == OrderStatus::partially_shipped);
  CHECK(order.lines[1].count.missing == 1);
  CHECK_FALSE(bench.shop.orders->ship(bench.shop.clerk, bench.id, {}).ok());
  REQUIRE(bench.pick("POT").ok());  // it was found
  CHECK(bench.count(1).missing == 0);
  REQUIRE(bench.shop.orders->ship(bench.shop.clerk, bench.id, {}).ok());
  CHECK(status_of(bench.shop.find(bench.id)) == OrderStatus::shipped);
}

TEST_CASE("fulfilment: the last scan is taken back once, and not when its pieces went further") {
  Bench bench;
  REQUIRE(bench.pick("POT", 2).ok());
  const auto last = *bench.work.last(bench.shop.store->read(), bench.shop.find(bench.id));
  REQUIRE(last);
  CHECK(last->kind == "picked");
  REQUIRE(bench.pack("POT").ok());
  CHECK(bench.why(bench.work.undo(bench.shop.clerk, bench.id, last->number)) == "");
  const auto packed = *bench.work.last(bench.shop.store->read(), bench.shop.find(bench.id));
  REQUIRE(packed);
  CHECK(packed->kind == "packed");
  for (int i = 0; i < 2; ++i) REQUIRE(bench.work.undo(bench.shop.clerk, bench.id, packed->number).ok());
  CHECK(bench.count(1).packed == 0);
  CHECK(bench.count(1).picked == 2);
  for (int i = 0; i < 2; ++i) REQUIRE(bench.work.undo(bench.shop.clerk, bench.id, last->number).ok());
  CHECK(bench.stage() == Stage::none);
  CHECK_FALSE(bench.shop.find(bench.id).picking);
  CHECK_FALSE(*bench.work.last(bench.shop.store->read(), bench.shop.find(bench.id)));
  CHECK(bench.work.undo(bench.shop.clerk, bench.id, 1).error().code == ErrorCode::not_found);
}

TEST_CASE("fulfilment: what is picked is packed into parcels that leave as they are, with weight and size") {
  Bench bench;
  REQUIRE(bench.pick("CUP", 2).ok());
  CHECK(bench.why(bench.pack("POT")) == "not_picked");
  REQUIRE(bench.pick("POT", 3).ok());
  REQUIRE(bench.pack("CUP").ok());
  REQUIRE(bench.pack("POT").ok());
  REQUIRE(bench.pack("POT", "BOX-2").ok());
  REQUIRE(bench.pack("CUP").ok());  // into the newest
  CHECK(bench.why(bench.pack("CUP")) == "complete");
  CHECK_FALSE(bench.pack("POT", "a/b").ok());
  CHECK(bench.stage() == Stage::packing);
  REQUIRE(bench.work.measure(bench.shop.clerk, bench.id, "BOX-2", {1'250, 300, 200, 100}).ok());
  CHECK_FALSE(bench.work.measure(bench.shop.clerk, bench.id, "BOX-3", {1, 0, 0, 0}).ok());
  CHECK_FALSE(bench.work.measure(bench.shop.clerk, bench.id, "BOX-2", {-1, 0, 0, 0}).ok());
  // What lies in a parcel leaves with that one alone.
  CHECK_FALSE(bench.shop.orders->ship(bench.shop.clerk, bench.id, {.lines = {{0, 1}}}).ok());
  CHECK_FALSE(bench.shop.orders->ship(bench.shop.clerk, bench.id, {.identifier = "BOX-2", .lines = {{0, 1}}}).ok());
  const auto sent = bench.shop.orders->ship(bench.shop.clerk, bench.id, {.identifier = "BOX-2", .method = "DHL"});
  REQUIRE_MESSAGE(sent.ok(), (sent.ok() ? "" : sent.error().message));
  REQUIRE(sent->parcels.size() == 1);
  CHECK(sent->parcels[0].weight_grams == 1'250);
  CHECK(sent->parcels[0].lines == std::vector<std::pair<std::size_t, std::int64_t>>{{1, 1}, {0, 1}});
  CHECK(sent->packing.size() == 1);
  CHECK(bench.shop.level("POT").on_hand == 9);
  CHECK_FALSE(bench.pack("POT", "BOX-2").ok());  // has left
  REQUIRE(bench.work.unpack(bench.shop.clerk, bench.id, "PACK01").ok());
  CHECK(bench.count(0).packed == 0);
  CHECK(bench.count(0).picked == 1);
  REQUIRE(bench.shop.orders->ship(bench.shop.clerk, bench.id, {}).ok());
  CHECK(status_of(bench.shop.find(bench.id)) == OrderStatus::shipped);
}

TEST_CASE("fulfilment: packing without picking counts as both, and taking it back leaves nothing") {
  Bench bench;
  REQUIRE(bench.pack("CUP").ok());
  CHECK(bench.count(0).picked == 1);
  const auto last = *bench.work.last(bench.shop.store->read(), bench.shop.find(bench.id));
  REQUIRE(last);
  REQUIRE(bench.work.undo(bench.shop.clerk, bench.id, last->number).ok());
  CHECK(bench.count(0).picked == 0);
  CHECK(bench.shop.find(bench.id).packing.empty());
}

TEST_CASE("fulfilment: a hold, a cancellation and another product reach what was picked and packed") {
  Bench bench;
  REQUIRE(bench.pick("CUP", 2).ok());
  REQUIRE(bench.pick("POT", 3).ok());
  REQUIRE(bench.pack("CUP").ok());
  REQUIRE(bench.pack("CUP", "BOX-2").ok());
  REQUIRE(bench.shop.orders->hold(bench.shop.clerk, bench.id, HoldReason::fraud).ok());
  CHECK(bench.why(bench.pack("POT")) == "fraud");
  REQUIRE(bench.shop.orders->cancel(bench.shop.clerk, bench.id, "one", {{0, 1}}).ok());
  const Order order = bench.shop.find(bench.id);
  CHECK(order.lines[0].count.packed == 1);
  REQUIRE(order.packing.size() == 1);
  CHECK(order.packing[0].identifier == "PACK01");
  REQUIRE(bench.shop.orders->link_line(bench.shop.clerk, bench.id, 1, "CUP").ok());
  CHECK(bench.count(1).picked == 0);
  REQUIRE(bench.shop.orders->cancel(bench.shop.clerk, bench.id, "all", {}).ok());
  CHECK(bench.stage() == Stage::none);
  CHECK(bench.shop.find(bench.id).packing.empty());
  CHECK_FALSE(bench.pick("CUP").ok());
}

TEST_CASE("fulfilment: what was scanned is there after the store was closed") {
  Bench bench;
  REQUIRE(bench.pick("POT", 2).ok());
  REQUIRE(bench.work.miss(bench.shop.clerk, bench.id, 1, 1).ok());
  REQUIRE(bench.pack("POT").ok());
  bench.shop.close();
  bench.shop.open();
  const Order order = bench.shop.find(bench.id);
  CHECK(order.lines[1].count.picked == 2);
  CHECK(order.lines[1].count.missing == 1);
  CHECK(order.lines[1].count.packed == 1);
  CHECK(order.packing.size() == 1);
  CHECK(order.picking);
}

TEST_CASE("pain 3, restocked unasked or twice: cancelling picked and missing pieces says what becomes of them, once") {
  Bench bench;
  Shop& shop = bench.shop;
  const std::int64_t cups = shop.level("CUP").on_hand, pots = shop.level("POT").on_hand;
  REQUIRE(bench.pick("CUP", 2).ok());
  REQUIRE(bench.work.miss(shop.clerk, bench.id, 1, 1).ok());
  REQUIRE(shop.orders->cancel(shop.clerk, bench.id, "broken", {}, {PickedFate::damaged, MissingFate::lost}).ok());
  CHECK(shop.level("CUP") == stock::Level{cups - 2, 0});
  CHECK(shop.level("POT") == stock::Level{pots - 1, 0});
  CHECK_FALSE(shop.orders->cancel(shop.clerk, bench.id, "broken", {}, {PickedFate::damaged, MissingFate::lost}).ok());
  CHECK(shop.level("CUP").on_hand == cups - 2);
  const auto ledger = *shop.stock->movements(shop.store->read(), "CUP");
  CHECK(std::ranges::count(ledger, "damaged", &stock::Stock::Movement::reason) == 1);
  const auto details = shop.orders->events(shop.store->read(), bench.id)->back().details;
  CHECK(json::write(*details.find("lines")).find("\"picked_became\":\"damaged\"") != std::string::npos);
}

TEST_CASE("fulfilment: missing pieces that are lost leave the stock, and the order waits for others") {
  Bench bench;
  Shop& shop = bench.shop;
  shop.put_at("POT", stock::kDefaultLocation, 3);                 // all that there is
  CHECK_FALSE(bench.work.lose(shop.clerk, bench.id, 1, 1).ok());  // nobody has looked for it
  REQUIRE(bench.work.miss(shop.clerk, bench.id, 1, 1).ok());
  REQUIRE(shop.locations->create(shop.clerk, "loft", {}).ok());
  for (int twice = 0; twice < 2; ++twice) REQUIRE(bench.work.lose(shop.clerk, bench.id, 1, 1, "", "lost-1").ok());
  CHECK(shop.level("POT") == stock::Level{2, 2});
  CHECK((bench.count(1).missing == 0 && bench.count(1).allocated == 2 && bench.count(1).backordered == 1));
  shop.put_at("POT", 1, 1);  // found elsewhere
  CHECK(bench.count(1).backordered == 0);
  CHECK(promised_at(shop.find(bench.id).lines[1]).back() == stock::Share{1, 1});
}

TEST_CASE("orders: what the channel cancels later goes back to the stock, and what was picked is left to people") {
  Bench bench;
  REQUIRE(bench.pick("CUP").ok());
  PlaceOrder sent = order_of("W-1", 2, "CUP");
  sent.lines[0].cancelled = 2;
  sent.lines.push_back({"2", "POT", "Pot", 3, {}, 0, 1});
  sent.lines.push_back({"3", "", "Gift wrap", 1, {}});
  const auto again = [&] { return *bench.shop.orders->place(bench.shop.clerk, sent, StockPolicy::backorder); };
  const Placed placed = again();
  CHECK(placed.outcome == catalog::Outcome::changed);
  CHECK(placed.cancel_by_hand == 1);
  CHECK(bench.count(0).cancelled == 1);
  CHECK(bench.count(0).picked == 1);
  CHECK(bench.count(1).cancelled == 1);
  CHECK(bench.shop.level("CUP") == stock::Level{10, 1});
  CHECK(bench.shop.level("POT") == stock::Level{10, 2});
  const auto events = *bench.shop.orders->events(bench.shop.store->read(), bench.id);
  CHECK(events.back().kind == "updated");
  CHECK(json::write(events.back().details).find("lines[1].cancelled") != std::string::npos);
  CHECK(again().outcome == catalog::Outcome::unchanged);
  CHECK(again().cancel_by_hand == 1);

  // A line that the channel counts no more, found by its number; what was sent stays so.
  sent.lines[1].shipped = 1;
  again();
  sent.lines.erase(sent.lines.begin());
  sent.lines[0] = {"2", "POT", "Pot", 0, {}, 0, 0, true};
  CHECK(again().outcome == catalog::Outcome::changed);
  CHECK(bench.count(1).shipped == 1);
  CHECK(bench.count(1).cancelled == 2);
  CHECK(bench.count(0).cancelled == 1);
  CHECK(again().outcome == catalog::Outcome::unchanged);
}

TEST_CASE("orders: what was cancelled before the channel sent the rest is cancelled, and not sent") {
  Bench bench;
  PlaceOrder sent = order_of("W-1", 2, "CUP");
  sent.lines.push_back({"2", "POT", "Pot", 3, {}, 0, 2});
  sent.lines.push_back({"3", "", "Gift wrap", 1, {}});
  sent.channel_status = "shipped";
  CHECK(bench.shop.orders->place(bench.shop.clerk, sent, StockPolicy::backorder)->outcome == catalog::Outcome::changed);
  CHECK(bench.count(1).cancelled == 2);
  CHECK(bench.count(1).shipped == 1);
  CHECK(bench.shop.level("POT") == stock::Level{9, 0});
  CHECK(status_of(bench.shop.find(bench.id)) == OrderStatus::shipped);
  CHECK(bench.shop.orders->place(bench.shop.clerk, sent, StockPolicy::backorder)->outcome ==
        catalog::Outcome::unchanged);
}

TEST_CASE(
    "orders: of a line with fewer pieces here than at the channel no more are cancelled than are cancelled there") {
  Bench bench;
  REQUIRE(bench.shop.orders->cancel(bench.shop.clerk, bench.id, "", {{1, 2}}).ok());
  PlaceOrder sent = order_of("W-1", 2, "CUP");
  sent.lines.push_back({"2", "POT", "Pot", 3, {}, 0, 2});
  CHECK(bench.shop.orders->place(bench.shop.clerk, sent, StockPolicy::backorder)->outcome ==
        catalog::Outcome::unchanged);
  CHECK(bench.count(1).cancelled == 2);
  sent.lines[1].gone = true;
  sent.lines[1].quantity = 0;
  sent.lines[1].cancelled = 0;
  CHECK(bench.shop.orders->place(bench.shop.clerk, sent, StockPolicy::backorder)->outcome == catalog::Outcome::changed);
  CHECK(bench.count(1).cancelled == 3);

  // Nothing of it is left, and it is not known here.
  PlaceOrder none = order_of("W-9", 0);
  CHECK_FALSE(bench.shop.orders->place(bench.shop.clerk, none, StockPolicy::backorder).ok());
  none.lines[0].gone = true;
  const auto refused = bench.shop.orders->place(bench.shop.clerk, none, StockPolicy::backorder);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().faults.at(0).code == "cancelled");
}
