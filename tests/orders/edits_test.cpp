// Orders that are changed before they are sent.
#include "json/members.h"
#include "orders/fulfilment.h"
#include "orders/order_shop.h"

using namespace pf;
using namespace pf::orders;
using test::order_of;
using test::Shop;

namespace {

struct Desk {
  Shop shop;
  OrderId id{};
  const Currency eur = *Currency::parse("EUR");

  // Two cups of 19.95, one pot without a price, 4.95 of shipping.
  Desk() {
    shop.put_in_stock("CUP", 5);
    shop.put_in_stock("POT", 5);
    PlaceOrder order = order_of("E-1", 2, "CUP");
    order.lines.push_back({"2", "POT", "Pot", 1, {}});
    order.shipping_cost = Money{495, eur};
    order.total = Money{4485, eur};
    id = shop.orders->place(shop.clerk, order, StockPolicy::backorder)->id;
  }
  Result<Order> set(std::size_t line, std::int64_t quantity) {
    return shop.orders->edit(shop.clerk, id, {.lines = {{.line = line, .quantity = quantity}}});
  }
};

}  // namespace

TEST_CASE("pain 8, nothing can be put right: pieces are added and taken off, stock, total and timeline follow") {
  Desk desk;
  const auto more = desk.set(0, 7);
  REQUIRE(more.ok());
  CHECK(more->lines[0].count.allocated == 5);
  CHECK(more->lines[0].count.backordered == 2);
  CHECK(more->total->minor == 4485 + 5 * 1995);
  CHECK(desk.shop.level("CUP").available() == 0);
  const auto less = desk.set(0, 1);
  REQUIRE(less.ok());
  CHECK(less->lines[0].count.backordered == 0);
  CHECK(desk.shop.level("CUP").available() == 4);
  CHECK(less->total->minor == 4485 - 1995);
  const auto events = *desk.shop.orders->events(desk.shop.store->read(), desk.id);
  REQUIRE(events.size() == 3);
  CHECK(events[2].kind == "edited");
  CHECK(events[2].by == "clerk");
  const auto& line = (*events[2].details.find("lines")->as_array())[0];
  CHECK(json::number_in(line, "from") == 7);
  CHECK(json::number_in(line, "to") == 1);
}

TEST_CASE("edits: what an edit frees goes to who waits for it") {
  Desk desk;
  const auto waiting = desk.shop.orders->place(desk.shop.clerk, order_of("E-2", 5, "CUP"), StockPolicy::backorder)->id;
  CHECK(desk.shop.find(waiting).lines[0].count.backordered == 2);
  REQUIRE(desk.set(0, 0).ok());
  CHECK(desk.shop.find(waiting).lines[0].count.backordered == 0);
}

TEST_CASE("edits: products and free lines are added; a line that is removed keeps its number") {
  Desk desk;
  const auto edited =
      desk.shop.orders->edit(desk.shop.clerk, desk.id,
                             {.lines = {{.quantity = 2, .sku = "POT", .price = Money{500, desk.eur}},
                                        {.quantity = 1, .title = "Gift wrap", .price = Money{100, desk.eur}},
                                        {.line = 1, .quantity = 0}},
                              .shipping_cost = Money{0, desk.eur},
                              .message = "Asked by telephone"});
  REQUIRE_MESSAGE(edited.ok(), (edited.ok() ? "" : edited.error().message));
  REQUIRE(edited->lines.size() == 4);
  CHECK(edited->lines[1].count.ordered == 0);
  CHECK(edited->lines[2].count.allocated == 2);
  CHECK(edited->lines[3].count.allocated == 1);
  CHECK(edited->total->minor == 3990 + 1100);
  CHECK(desk.shop.level("POT").allocated == 2);
  REQUIRE(desk.shop.orders->ship(desk.shop.clerk, desk.id, {}).ok());
  CHECK(status_of(desk.shop.find(desk.id)) == OrderStatus::shipped);
}

TEST_CASE("edits: an edit of a paid order brings no money") {
  Desk desk;
  REQUIRE(desk.set(0, 3).ok());
  CHECK(paid_amount(desk.shop.find(desk.id))->minor == 4485);
  CHECK_FALSE(desk.shop.refunds->give_back(desk.shop.clerk, desk.id, {.other = Money{4486, desk.eur}}).ok());
  REQUIRE(desk.set(0, 1).ok());
  CHECK(desk.shop.refunds->give_back(desk.shop.clerk, desk.id, {.other = Money{1995, desk.eur}}).ok());
}

TEST_CASE("edits: never below what is shipped, cancelled or refunded, with every reason at once") {
  Desk desk;
  REQUIRE(desk.shop.orders->ship(desk.shop.clerk, desk.id, {.lines = {{0, 1}}}).ok());
  REQUIRE(desk.shop.orders->cancel(desk.shop.clerk, desk.id, "", {{0, 1}}).ok());
  REQUIRE(desk.shop.refunds->give_back(desk.shop.clerk, desk.id, {.shipping = Money{400, desk.eur}}).ok());
  const auto refused = desk.shop.orders->edit(
      desk.shop.clerk, desk.id,
      {.lines = {{.line = 0, .quantity = 1}, {.line = 1, .quantity = 5}}, .shipping_cost = Money{399, desk.eur}});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::conflict);
  REQUIRE(refused.error().faults.size() == 2);
  CHECK(refused.error().faults[0].field == "lines[0].quantity");
  CHECK(refused.error().faults[1].field == "shipping_cost");
  CHECK(desk.shop.find(desk.id).lines[1].count.ordered == 1);  // all or nothing
  REQUIRE(desk.shop.orders->ship(desk.shop.clerk, desk.id, {}).ok());
  CHECK(desk.set(1, 2).error().code == ErrorCode::conflict);
}

TEST_CASE("edits: nonsense is refused, an order is never emptied, and the same edit sent again is one") {
  Desk desk;
  const auto nonsense = desk.shop.orders->edit(
      desk.shop.clerk, desk.id,
      {.lines = {
           {.line = 9, .quantity = 1}, {.quantity = 1}, {.line = 0, .quantity = -1}, {.quantity = 0, .title = "x"}}});
  REQUIRE_FALSE(nonsense.ok());
  CHECK(nonsense.error().code == ErrorCode::invalid);
  CHECK(nonsense.error().faults.size() == 4);
  CHECK_FALSE(desk.shop.orders->edit(desk.shop.clerk, desk.id, {}).ok());
  CHECK(desk.shop.orders
            ->edit(desk.shop.clerk, desk.id, {.lines = {{.line = 0, .quantity = 0}, {.line = 1, .quantity = 0}}})
            .error()
            .code == ErrorCode::conflict);
  for (int i = 0; i < 2; ++i)
    REQUIRE(
        desk.shop.orders->edit(desk.shop.clerk, desk.id, {.lines = {{.quantity = 1, .title = "Wrap"}}, .key = "once"})
            .ok());
  CHECK(desk.shop.find(desk.id).lines.size() == 3);
  REQUIRE(desk.set(0, 2).ok());  // as it is: nothing happened
  CHECK(desk.shop.orders->events(desk.shop.store->read(), desk.id)->size() == 2);
}

TEST_CASE("edits: what was picked and packed of pieces that are taken off goes back") {
  Desk desk;
  Fulfilment work(*desk.shop.orders);
  REQUIRE(work.pack(desk.shop.clerk, desk.id, {.code = "CUP", .quantity = 2}).ok());
  REQUIRE(desk.set(0, 1).ok());
  const Order order = desk.shop.find(desk.id);
  CHECK(order.lines[0].count.packed == 1);
  CHECK(order.packing[0].lines[0].second == 1);
}
