// Holds, tags, notes and the timeline of orders.
#include <doctest/doctest.h>

#include <thread>

#include "orders/order_keys.h"
#include "orders/order_record.h"
#include "orders/order_shop.h"
#include "orders/orders.h"

using namespace pf;
using namespace pf::orders;
using test::order_of;
using test::Shop;

namespace {

std::vector<std::string> kinds_of(Shop& shop, OrderId id) {
  std::vector<std::string> kinds;
  const auto events = shop.orders->events(shop.store->read(), id);
  for (const Event& event : *events) kinds.push_back(event.kind);
  return kinds;
}
std::uint64_t found(Shop& shop, const std::string& column, const std::string& value) {
  return *shop.orders->count(shop.store->read(), {.where = {{column, catalog::Operator::in, {value}}}});
}

}  // namespace

TEST_CASE(
    "orders: a held order is not shipped, says which holds there are, and goes on where it was when they are gone") {
  Shop shop;
  shop.put_in_stock("A-1", 3);
  const OrderId id = shop.orders->place(shop.clerk, order_of("H-1", 3), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->ship(shop.clerk, id, {"", "", "", {{0, 1}}}).ok());
  access::Actor boss = shop.clerk;
  boss.name = "boss";
  REQUIRE(shop.orders->hold(shop.clerk, id, HoldReason::fraud).ok());
  REQUIRE(shop.orders->hold(boss, id, HoldReason::address, "Ask Zyxander for his house number").ok());
  REQUIRE(shop.orders->hold(boss, id, HoldReason::fraud).ok());
  CHECK(shop.find(id).holds.size() == 3);
  CHECK(shop.orders->hold(shop.clerk, id, HoldReason::fraud)->holds.size() == 3);  // the same person, the same reason
  CHECK(status_of(shop.find(id)) == OrderStatus::partially_shipped);
  CHECK(shop.level("A-1") == stock::Level{2, 2});  // what it was promised stays its own

  const auto refused = shop.orders->ship(shop.clerk, id, {});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::conflict);
  REQUIRE(refused.error().faults.size() == 3);
  CHECK(refused.error().faults[0].code == "fraud");
  CHECK(refused.error().faults[1].code == "address");
  CHECK(refused.error().message.find("address since") != std::string::npos);
  CHECK(may_leave(shop.find(id)).error().faults.size() == 3);

  while (!shop.find(id).holds.empty()) {
    CHECK_FALSE(shop.orders->ship(shop.clerk, id, {}).ok());
    const std::uint32_t number = shop.find(id).holds.front().number;
    REQUIRE(shop.orders->release(boss, id, number).ok());
    CHECK(shop.orders->release(boss, id, number).error().code == ErrorCode::not_found);
  }
  REQUIRE(shop.orders->ship(shop.clerk, id, {}).ok());
  CHECK(status_of(shop.find(id)) == OrderStatus::shipped);
  CHECK(shop.orders->hold(shop.clerk, id, HoldReason::manual).error().code == ErrorCode::conflict);
  CHECK(kinds_of(shop, id) == std::vector<std::string>{"placed", "shipped", "held", "held", "noted", "held", "released",
                                                       "released", "released", "shipped"});
}

TEST_CASE("orders: a held order is cancelled, noted, accepted and brought up to date by its channel all the same") {
  Shop shop;
  shop.put_in_stock("A-1", 5);
  const OrderId id = shop.orders->place(shop.clerk, order_of("H-2", 2), StockPolicy::backorder)->id;
  const OrderId other = shop.orders->place(shop.clerk, order_of("H-3", 2), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->hold(shop.clerk, id, HoldReason::buyer_cancel_request).ok());
  REQUIRE(shop.orders->hold(shop.clerk, other, HoldReason::manual).ok());
  CHECK(shop.orders->note(shop.clerk, id, "Called back").ok());
  CHECK(shop.orders->accept(shop.clerk, id).ok());
  CHECK(shop.orders->cancel(shop.clerk, id, "as asked", {}).ok());
  CHECK(status_of(shop.find(id)) == OrderStatus::cancelled);
  PlaceOrder sent = order_of("H-3", 2);
  sent.channel_status = "shipped";
  REQUIRE(shop.orders->place(shop.clerk, sent, StockPolicy::backorder).ok());
  CHECK(status_of(shop.find(other)) == OrderStatus::shipped);  // it left by the channel's own hand
  CHECK(shop.level("A-1") == stock::Level{3, 0});
}

TEST_CASE("orders: whether the hold or the parcel comes first, never both: a held order has no later parcel") {
  for (int round = 0; round < 3; ++round) {
    Shop shop;
    shop.put_in_stock("A-1", 1);
    const OrderId id = shop.orders->place(shop.clerk, order_of("RACE"), StockPolicy::backorder)->id;
    std::thread holder([&] { static_cast<void>(shop.orders->hold(shop.clerk, id, HoldReason::fraud)); });
    static_cast<void>(shop.orders->ship(shop.clerk, id, {}));
    holder.join();
    const auto kinds = kinds_of(shop, id);
    REQUIRE(kinds.size() == 2);  // what came second was refused
    CHECK(shop.find(id).holds.size() == (kinds[1] == "held" ? 1 : 0));
    CHECK(shop.find(id).parcels.size() == (kinds[1] == "held" ? 0 : 1));
  }
}

TEST_CASE("orders: tags are set once, taken off, counted and found") {
  Shop shop;
  const OrderId id = shop.orders->place(shop.clerk, order_of("T-1"), StockPolicy::backorder)->id;
  const OrderId other = shop.orders->place(shop.clerk, order_of("T-2"), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->tag(shop.clerk, id, " Gift ").ok());
  REQUIRE(shop.orders->tag(shop.clerk, id, "gift").ok());
  REQUIRE(shop.orders->tag(shop.clerk, id, "büro/2").ok());
  REQUIRE(shop.orders->tag(shop.clerk, other, "gift").ok());
  CHECK(shop.find(id).tags == std::vector<std::string>{"büro/2", "gift"});
  CHECK(found(shop, "tag", "gift") == 2);
  CHECK(found(shop, "tag", "büro/2") == 1);
  const auto page = shop.orders->list(shop.store->read(), {.with_tag_counts = true});
  CHECK(page->tag_counts == std::vector<std::pair<std::string, std::uint64_t>>{{"gift", 2}, {"büro/2", 1}});
  CHECK(shop.orders->list(shop.store->read(), {.text = "gift"})->total == 2);
  REQUIRE(shop.orders->untag(shop.clerk, id, "gift").ok());
  REQUIRE(shop.orders->untag(shop.clerk, id, "gift").ok());
  CHECK(found(shop, "tag", "gift") == 1);
  CHECK(kinds_of(shop, id) == std::vector<std::string>{"placed", "tagged", "tagged", "untagged"});

  for (const char* bad : {"", "  ", "jan@example.com", "a\"b", "\xff", "0123456789012345678901234567890123456789x"})
    CHECK(shop.orders->tag(shop.clerk, id, bad).error().code == ErrorCode::invalid);
  for (std::size_t i = shop.find(id).tags.size(); i < kTagsMax; ++i)
    REQUIRE(shop.orders->tag(shop.clerk, id, "t" + std::to_string(i)).ok());
  CHECK(shop.orders->tag(shop.clerk, id, "one more").error().code == ErrorCode::conflict);
}

TEST_CASE("orders: the list finds what is on hold and what is not, also orders of before holds were known") {
  Shop shop;
  const OrderId id = shop.orders->place(shop.clerk, order_of("L-1"), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->place(shop.clerk, order_of("L-2"), StockPolicy::backorder).ok());
  REQUIRE(shop.orders->hold(shop.clerk, id, HoldReason::payment).ok());
  CHECK(found(shop, "held", "true") == 1);
  CHECK(found(shop, "held", "false") == 1);
  CHECK(found(shop, "hold", "payment") == 1);
  CHECK(found(shop, "hold", "fraud") == 0);
  REQUIRE(shop.orders->release(shop.clerk, id, shop.find(id).holds[0].number).ok());
  CHECK(found(shop, "held", "true") == 0);
  CHECK(found(shop, "held", "false") == 2);
}

TEST_CASE("orders: a record of before holds and tags were known is read as one without any") {
  // As 0.1 wrote it.
  const std::string record =
      R"({"d":0,"ch":"manual","no":"A-1","co":"NL","pay":"","shm":"","cur":"EUR","at":1000,"cr":1000,"up":1000,"shc":null,)"
      R"("tot":1995,"paid":true,"acc":false,"ev":1,"rid":"00112233445566778899aabbccddeeff","ep":7,"pc":1000,)"
      R"("lines":[{"id":"1","s":"A-1","t":"Something","p":1995,"o":1,"x":0,"b":1,"a":0,"h":0}],"parcels":[]})";
  const auto order = read_order(OrderId(100'001), record);
  REQUIRE(order.ok());
  CHECK(order->holds.empty());
  CHECK(order->tags.empty());
  CHECK(order->lines[0].count.backordered == 1);
  CHECK(write_order(*order) == record);
}

TEST_CASE("orders: the timeline is walked by parts, keeps who, when and what, and forgets only what notes said") {
  Shop shop;
  const OrderId id = shop.orders->place(shop.clerk, order_of("W-1"), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->hold(shop.clerk, id, HoldReason::address, "Zyxander moved").ok());
  REQUIRE(shop.orders->note(shop.clerk, id, "Zyxander likes blue paper", Audience::buyer).ok());
  REQUIRE(shop.orders->release(shop.clerk, id, 2).ok());
  const auto first = *shop.orders->events_after(shop.store->read(), id, 0, 3);
  REQUIRE(first.size() == 3);
  const auto rest = *shop.orders->events_after(shop.store->read(), id, first.back().number, 3);
  REQUIRE(rest.size() == 2);
  CHECK(*rest[0].details.find("for")->as_string() == "buyer");
  CHECK(first[2].details.find("for") == nullptr);
  CHECK(rest[1].kind == "released");
  CHECK(*rest[1].details.find("held_by")->as_string() == "clerk");
  CHECK(shop.orders->events_after(shop.store->read(), id, rest.back().number, 3)->empty());

  REQUIRE(shop.orders->erase_buyers(shop.clerk, {id}, "asked for it").ok());
  const auto after = *shop.orders->events(shop.store->read(), id);
  REQUIRE(after.size() == 6);
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(after[i].kind == first[i].kind);
    CHECK(after[i].by == first[i].by);
    CHECK(after[i].at == first[i].at);
  }
  CHECK_FALSE(shop.orders->note_text(id, after[2]).has_value());
  CHECK(*after[3].details.find("for")->as_string() == "buyer");
  auto reader = shop.store->read();
  for (auto row = reader.scan_prefix(shop.store->family(kOrdersFamily), ""); row.valid(); row.next())
    CHECK(row.value().find("Zyxander") == std::string_view::npos);
}

TEST_CASE("orders: an order takes so many remarks and no more, and is worked on all the same") {
  Shop shop;
  shop.put_in_stock("A-1", 1);
  const OrderId id = shop.orders->place(shop.clerk, order_of("M-1"), StockPolicy::backorder)->id;
  Order full = shop.find(id);
  full.events = kEventsMax;
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                work.put(shop.store->family(kOrdersFamily), order_key(id.raw()), write_order(full));
                return {};
              })
              .ok());
  CHECK(shop.orders->note(shop.clerk, id, "one more").error().code == ErrorCode::conflict);
  CHECK(shop.orders->tag(shop.clerk, id, "more").error().code == ErrorCode::conflict);
  CHECK(shop.orders->hold(shop.clerk, id, HoldReason::manual).error().code == ErrorCode::conflict);
  CHECK(shop.orders->ship(shop.clerk, id, {}).ok());
}
