#include "orders/orders.h"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <thread>

#include "orders/order_shop.h"
#include "productflow/text.h"

using namespace pf;
using namespace pf::orders;
using test::order_of;
using test::Shop;

TEST_CASE("orders: 64 callers fight for 10 pieces and exactly 10 get one") {
  for (const StockPolicy policy : {StockPolicy::required, StockPolicy::backorder}) {
    Shop shop;
    shop.put_in_stock("A-1", 10);
    std::atomic<int> placed{0}, refused{0};
    std::vector<std::thread> callers;
    for (int i = 0; i < 64; ++i)
      callers.emplace_back([&, i] {
        const auto result = shop.orders->place(shop.clerk, order_of("F-" + std::to_string(i)), policy);
        if (result.ok())
          ++placed;
        else if (result.error().code == ErrorCode::conflict)
          ++refused;
      });
    for (auto& caller : callers) caller.join();
    CHECK(placed == (policy == StockPolicy::required ? 10 : 64));
    CHECK(refused == (policy == StockPolicy::required ? 54 : 0));
    CHECK(shop.level("A-1") == stock::Level{10, 10});
    std::int64_t held = 0, waiting = 0;
    const OrderPage page = *shop.orders->list(shop.store->read(), {.count = 200});
    for (const Order& order : page.orders) {
      held += order.lines[0].count.allocated;
      waiting += order.lines[0].count.backordered;
    }
    CHECK(held == 10);
    CHECK(waiting == (policy == StockPolicy::required ? 0 : 54));
  }
}

TEST_CASE("orders: the same order sent by many at once is one order") {
  Shop shop;
  shop.put_in_stock("A-1", 100);
  std::vector<std::thread> callers;
  std::atomic<int> created{0};
  for (int i = 0; i < 16; ++i)
    callers.emplace_back([&] {
      const auto placed = shop.orders->place(shop.clerk, order_of("SAME", 3), StockPolicy::backorder);
      if (placed.ok() && placed->outcome == catalog::Outcome::created) ++created;
    });
  for (auto& caller : callers) caller.join();
  CHECK(created == 1);
  CHECK(shop.level("A-1").allocated == 3);
  CHECK(shop.orders->list(shop.store->read(), {})->total == 1);
}

TEST_CASE("orders: accept, ship in parts, cancel the rest; never twice and never more than there is") {
  Shop shop;
  shop.put_in_stock("A-1", 3);
  const OrderId id = shop.orders->place(shop.clerk, order_of("P-1", 5), StockPolicy::backorder)->id;
  CHECK(shop.find(id).lines[0].count.allocated == 3);
  CHECK(shop.find(id).lines[0].count.backordered == 2);
  CHECK(shop.orders->accept(shop.clerk, id)->accepted);
  CHECK_FALSE(shop.orders->ship(shop.clerk, id, {"", "", "", {{0, 4}}}).ok());
  CHECK_FALSE(shop.orders->ship(shop.clerk, id, {"", "", "", {{1, 1}}}).ok());
  REQUIRE(shop.orders->ship(shop.clerk, id, {"PACK01", "DHL", "3SABC", {{0, 1}}}).ok());
  CHECK(status_of(shop.find(id)) == OrderStatus::partially_shipped);
  CHECK(shop.level("A-1") == stock::Level{2, 2});
  REQUIRE(shop.orders->ship(shop.clerk, id, {}).ok());
  CHECK_FALSE(shop.orders->ship(shop.clerk, id, {}).ok());  // nothing in stock
  REQUIRE(shop.orders->cancel(shop.clerk, id, "out of stock", {}).ok());
  CHECK(status_of(shop.find(id)) == OrderStatus::shipped);
  CHECK_FALSE(shop.orders->cancel(shop.clerk, id, "again", {}).ok());
  CHECK(shop.level("A-1") == stock::Level{0, 0});
  CHECK(shop.find(id).parcels.size() == 2);
  CHECK(shop.orders->events(shop.store->read(), id)->size() == 5);
}

TEST_CASE(
    "orders: a line of an unknown number is linked to a product, takes its stock, and its channel still knows it") {
  Shop shop;
  shop.put_in_stock("A-1", 3);
  const OrderId waiting = shop.orders->place(shop.clerk, order_of("K-0", 1, "B-9"), StockPolicy::backorder)->id;
  const OrderId id = shop.orders->place(shop.clerk, order_of("K-1", 2, "their-number"), StockPolicy::backorder)->id;
  CHECK(shop.find(id).lines[0].count.backordered == 2);
  REQUIRE(shop.orders->link_line(shop.clerk, id, 0, "A-1").ok());
  CHECK(shop.orders->link_line(shop.clerk, id, 0, "A-1")->events == shop.find(id).events);  // again is nothing
  CHECK(shop.find(id).lines[0].count.allocated == 2);
  CHECK(shop.level("A-1") == stock::Level{3, 2});
  CHECK(shop.orders->link_line(shop.clerk, id, 1, "A-1").error().code == ErrorCode::not_found);
  shop.put_in_stock("their-number", 5);  // nobody waits for it any more
  CHECK(shop.level("their-number") == stock::Level{5, 0});

  PlaceOrder sent = order_of("K-1", 2, "their-number");
  sent.lines[0].shipped = 1;
  REQUIRE(shop.orders->place(shop.clerk, sent, StockPolicy::backorder).ok());
  CHECK(shop.find(id).lines[0].count.shipped == 1);
  CHECK(shop.level("A-1") == stock::Level{2, 1});
  CHECK(shop.orders->link_line(shop.clerk, id, 0, "B-9").error().code == ErrorCode::conflict);  // a piece has left

  const OrderId wrong = shop.orders->place(shop.clerk, order_of("K-2", 1), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->link_line(shop.clerk, wrong, 0, "B-9").ok());
  CHECK(shop.level("A-1") == stock::Level{2, 1});
  CHECK(shop.find(waiting).lines[0].count.backordered == 1);
}

TEST_CASE("orders: what is freed or arrives goes to who has waited longest") {
  Shop shop;
  shop.put_in_stock("A-1", 1);
  const OrderId first = shop.orders->place(shop.clerk, order_of("W-1"), StockPolicy::backorder)->id;
  const OrderId second = shop.orders->place(shop.clerk, order_of("W-2"), StockPolicy::backorder)->id;
  const OrderId third = shop.orders->place(shop.clerk, order_of("W-3"), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->cancel(shop.clerk, first, "", {}).ok());
  CHECK(shop.find(second).lines[0].count.allocated == 1);
  CHECK(shop.find(third).lines[0].count.backordered == 1);
  shop.put_in_stock("A-1", 5);
  CHECK(shop.find(third).lines[0].count.allocated == 1);
  CHECK(shop.level("A-1") == stock::Level{6, 2});
}

TEST_CASE("pain 9, copies of the buyer: no family but the vault's holds a word about him, and notes are sealed") {
  Shop shop;
  const OrderId id = shop.orders->place(shop.clerk, order_of("B-1"), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->note(shop.clerk, id, "Zyxander called").ok());
  const auto events = *shop.orders->events(shop.store->read(), id);
  CHECK(shop.orders->note_text(id, events.back()) == "Zyxander called");
  const auto read = shop.store->read();
  for (const char* family : {"orders", "order_index", "stock", "audit", "pii", "pii_index", "vault"})
    for (auto row = read.scan(shop.store->family(family), "", ""); row.valid(); row.next())
      for (const char* word : {"Zyxander", "Quillonbury", "9876", "zyx.quillon"}) {
        CHECK(row.value().find(word) == std::string_view::npos);
        CHECK(row.key().find(word) == std::string_view::npos);
      }
  const auto shown = shop.orders->reveal(shop.clerk, id, "fulfilment");
  REQUIRE(shown.ok());
  CHECK(shown->find(vault::Field::email)->in_the_clear() == "zyx.quillon@example.com");
  CHECK(shop.audit->page(shop.store->read(), 0, 1)->at(0).action == "buyer.reveal");
  CHECK_FALSE(shop.orders->reveal(shop.clerk, id, " ").ok());
}

TEST_CASE(
    "orders: thirty days later the order stays, its buyer and its notes are gone, and sending it again changes that "
    "not") {
  Shop shop;
  const OrderId id = shop.orders->place(shop.clerk, order_of("G-1"), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->note(shop.clerk, id, "call Zyxander").ok());
  shop.clock.pass(std::chrono::hours{24 * 31});
  REQUIRE(shop.vault->tick().ok());
  CHECK(shop.orders->reveal(shop.clerk, id, "fulfilment").error().code == ErrorCode::gone);
  CHECK_FALSE(shop.orders->note_text(id, shop.orders->events(shop.store->read(), id)->back()).has_value());
  CHECK(shop.orders->place(shop.clerk, order_of("G-1"), StockPolicy::backorder)->outcome ==
        catalog::Outcome::unchanged);
  CHECK(shop.orders->reveal(shop.clerk, id, "fulfilment").error().code == ErrorCode::gone);
  CHECK(shop.find(id).lines.size() == 1);
}

TEST_CASE("orders: every fault is named at once and nothing is kept") {
  Shop shop;
  PlaceOrder bad = order_of("");
  bad.channel = "Bad Channel";
  bad.lines[0].quantity = 0;
  bad.lines.push_back({"2", "", "", 1, {}});
  const auto refused = shop.orders->place(shop.clerk, bad, StockPolicy::backorder);
  REQUIRE_FALSE(refused.ok());
  std::vector<std::string> fields;
  for (const auto& fault : refused.error().faults) fields.push_back(fault.field);
  CHECK(fields == std::vector<std::string>{"channel", "channel_order_id", "lines[0].quantity", "lines[1].sku"});
  CHECK(shop.orders->list(shop.store->read(), {})->total == 0);
}

TEST_CASE("pain 2, reservations that leak: whatever happens, counters add up and stock equals its ledger") {
  Shop shop;
  std::mt19937 dice(11);
  const std::vector<std::string> skus{"A", "B", "C"};
  std::vector<OrderId> ids;
  const auto below = [&](std::size_t n) { return static_cast<std::int64_t>(dice() % n); };
  for (int step = 0; step < 200; ++step) {
    const std::string& sku = skus[static_cast<std::size_t>(below(skus.size()))];
    switch (below(7)) {
      case 0:
        shop.put_in_stock(sku, below(12));
        break;
      case 1:
      case 2: {
        PlaceOrder order = order_of("R-" + std::to_string(below(150)), 1 + below(4), sku);
        order.lines.push_back({"2", skus[static_cast<std::size_t>(below(skus.size()))], "", 1 + below(3), {}});
        const auto placed =
            shop.orders->place(shop.clerk, order, below(3) == 0 ? StockPolicy::required : StockPolicy::backorder);
        if (placed.ok() && placed->outcome == catalog::Outcome::created) ids.push_back(placed->id);
        break;
      }
      default:
        if (ids.empty()) break;
        const OrderId id = ids[static_cast<std::size_t>(below(ids.size()))];
        if (below(3) == 0)
          static_cast<void>(shop.orders->cancel(shop.clerk, id, "",
                                                below(2) == 0
                                                    ? std::vector<std::pair<std::size_t, std::int64_t>>{{0, 1}}
                                                    : std::vector<std::pair<std::size_t, std::int64_t>>{}));
        else if (below(2) == 0)
          static_cast<void>(
              shop.orders->ship(shop.clerk, id, {"", "", "", {{static_cast<std::size_t>(below(2)), 1 + below(2)}}}));
        else
          static_cast<void>(shop.orders->ship(shop.clerk, id, {}));
    }
    if (step % 100 == 99) {
      shop.close();
      shop.open();
    }
    if (step % 20 != 0) continue;
    std::map<std::string, std::int64_t> promised;
    for (const OrderId id : ids) {
      const Order order = shop.find(id);
      for (const Line& line : order.lines) {
        const LineCounters& c = line.count;
        REQUIRE(c.cancelled + c.backordered + c.allocated + c.shipped == c.ordered);
        REQUIRE(std::min({c.cancelled, c.backordered, c.allocated, c.shipped}) >= 0);
        promised[line.sku] += c.allocated;
      }
    }
    for (const std::string& name : skus) {
      const auto level = shop.level(name);
      REQUIRE(level.allocated == promised[name]);
      std::int64_t on_hand = 0, allocated = 0;
      const auto movements = *shop.stock->movements(shop.store->read(), name);
      for (const auto& movement : movements) {
        on_hand += movement.on_hand;
        allocated += movement.allocated;
        REQUIRE(allocated >= 0);
        REQUIRE(on_hand >= allocated);
      }
      REQUIRE(level == stock::Level{on_hand, allocated});
    }
  }
  CHECK(ids.size() > 20);
  CHECK(shop.audit->verify(shop.store->read())->fault.empty());
}

TEST_CASE("orders: the list finds by number, SKU and word, filters by status and counts its tabs") {
  Shop shop;
  shop.put_in_stock("A-1", 100);
  for (int i = 0; i < 30; ++i) {
    PlaceOrder order = order_of("L-" + std::to_string(i));
    order.placed_at = shop.clock.now() - std::chrono::hours{i};
    REQUIRE(shop.orders->place(shop.clerk, order, StockPolicy::backorder).ok());
  }
  const auto first = *shop.orders->list(shop.store->read(), {.count = 10, .with_status_counts = true});
  CHECK(first.total == 30);
  CHECK(first.orders[0].channel_order_id == "L-0");
  CHECK(first.status_counts == std::vector<std::pair<std::string, std::uint64_t>>{{"open", 30}});
  CHECK(shop.orders->list(shop.store->read(), {.count = 10, .cursor = first.next_cursor})->orders[0].channel_order_id ==
        "L-10");
  CHECK(shop.orders->list(shop.store->read(), {.text = "l-17"})->orders.at(0).channel_order_id == "L-17");
  CHECK(shop.orders->list(shop.store->read(), {.text = std::to_string(first.orders[3].id.raw())})->total == 1);
  using catalog::Operator;
  const catalog::Condition shipped{"status", Operator::eq, {"shipped"}};
  CHECK(shop.orders->count(shop.store->read(), {.where = {shipped}}).value() == 0);
  REQUIRE(shop.orders->ship(shop.clerk, first.orders[0].id, {}).ok());
  CHECK(shop.orders->count(shop.store->read(), {.where = {shipped}}).value() == 1);
  CHECK(shop.orders->count(shop.store->read(), {.where = {{"status", Operator::neq, {"shipped"}}}}).value() == 29);
  CHECK(shop.orders->count(shop.store->read(), {.where = {{"status", Operator::in, {"open", "shipped"}}}}).value() ==
        30);
  const auto numbered = [&](Operator op, std::string value) {
    return shop.orders->count(shop.store->read(), {.where = {{"channel_order_id", op, {std::move(value)}}}}).value();
  };
  CHECK(numbered(Operator::starts, "L-1") == 11);
  CHECK(numbered(Operator::like, "L-1") == 11);
  CHECK(numbered(Operator::like, "*-2*") == 11);
  CHECK(numbered(Operator::nlike, "*l-2") == 19);
  CHECK(shop.orders->count(shop.store->read(), {.where = {{"tag", Operator::empty, {"0"}}}}).value() == 0);
  CHECK(shop.orders->count(shop.store->read(), {.where = {{"tag", Operator::in_or_empty, {"gift"}}}}).value() == 30);
  const std::string five_hours_ago = rfc3339(shop.clock.now() - std::chrono::hours{5});
  CHECK(shop.orders->count(shop.store->read(), {.where = {{"placed_at", Operator::gte, {five_hours_ago}}}}).value() ==
        6);
  CHECK(shop.orders->count(shop.store->read(), {.where = {{"placed_at", Operator::gt, {five_hours_ago}}}}).value() ==
        5);
  CHECK(shop.orders->count(shop.store->read(), {.where = {{"placed_at", Operator::eq, {five_hours_ago}}}}).value() ==
        1);
  CHECK(shop.orders->count(shop.store->read(), {.where = {{"ship_by", Operator::empty, {"1"}}}}).value() == 30);
  CHECK(shop.orders->count(shop.store->read(), {.where = {{"backordered", Operator::eq, {"0"}}}}).value() == 30);
}

TEST_CASE("orders: a late order is one whose promise has passed; one without a promise is never late") {
  Shop shop;
  shop.put_in_stock("A-1", 100);
  for (int hours : {-2, -1, 1}) {
    PlaceOrder order = order_of("S" + std::to_string(hours));
    order.ship_by = shop.clock.now() + std::chrono::hours{hours};
    REQUIRE(shop.orders->place(shop.clerk, order, StockPolicy::backorder).ok());
  }
  REQUIRE(shop.orders->place(shop.clerk, order_of("no promise"), StockPolicy::backorder).ok());
  const catalog::Condition late{"ship_by", catalog::Operator::lt, {rfc3339(shop.clock.now())}};
  CHECK(shop.orders->count(shop.store->read(), {.where = {late}}).value() == 2);
  const auto at = [&](catalog::Operator op, std::string from, std::string to) {
    return shop.orders->count(shop.store->read(), {.where = {{"ship_by", op, {std::move(from), std::move(to)}}}})
        .value();
  };
  const std::string ago = rfc3339(shop.clock.now() - std::chrono::hours(24 * 365)), now = rfc3339(shop.clock.now());
  CHECK(at(catalog::Operator::between, ago, now) == 2);
  CHECK(at(catalog::Operator::nbetween, ago, now) == 1);
  const auto page = *shop.orders->list(shop.store->read(), {.where = {late}, .sort = {{"ship_by", false}}});
  CHECK(page.orders.at(0).channel_order_id == "S-2");
}

TEST_CASE("orders: a question that the list does not understand is refused with every fault, not answered with all") {
  Shop shop;
  using catalog::Operator;
  const auto refused = shop.orders->list(shop.store->read(), {.where = {{"statsu", Operator::eq, {"open"}},
                                                                        {"status", Operator::gt, {"open"}},
                                                                        {"placed_at", Operator::gte, {"yesterday"}},
                                                                        {"total", Operator::gt, {"much"}},
                                                                        {"accepted", Operator::eq, {"maybe"}},
                                                                        {"total", Operator::between, {"1"}}}});
  REQUIRE_FALSE(refused.ok());
  REQUIRE(refused.error().faults.size() == 6);
  CHECK(refused.error().faults[1].message == "status is asked by eq, neq, in and nin.");
  CHECK(refused.error().faults[2].message == "placed_at is a time such as 2026-11-24T12:00:00Z.");
  CHECK_FALSE(shop.orders->list(shop.store->read(), {.sort = {{"channel", false}}}).ok());
}

TEST_CASE("orders: a buyer is found by his order's mark, and each living one is visited") {
  Shop shop;
  const auto first = shop.orders->place(shop.clerk, order_of("A-1"), StockPolicy::backorder);
  shop.clock.pass(std::chrono::days{20});
  const auto second = shop.orders->place(shop.clerk, order_of("A-2"), StockPolicy::backorder);
  REQUIRE((first.ok() && second.ok()));
  const auto hits = *shop.vault->find(shop.store->read(), vault::IndexField::email, "ZYX.Quillon@example.com");
  REQUIRE(hits.size() == 2);
  std::vector<std::uint64_t> found;
  for (const auto& hit : hits) found.push_back((*shop.orders->find_by_person(shop.store->read(), hit.rid))->id.raw());
  CHECK(found == std::vector<std::uint64_t>{first->id.raw(), second->id.raw()});
  CHECK_FALSE(*shop.orders->find_by_person(shop.store->read(), std::string(16, 'x')));
  const auto living = [&] {
    int count = 0;
    REQUIRE(shop.orders
                ->each_living(shop.store->read(),
                              [&](const Order&) -> Result<> {
                                ++count;
                                return {};
                              })
                .ok());
    return count;
  };
  CHECK(living() == 2);
  shop.clock.pass(std::chrono::days{11});
  CHECK(living() == 1);
}

TEST_CASE("orders: a buyer who is erased on request is gone with the notes about him; the order stays, and stays so") {
  Shop shop;
  const auto erased = shop.orders->place(shop.clerk, order_of("A-1"), StockPolicy::backorder)->id;
  const auto other = shop.orders->place(shop.clerk, order_of("A-2"), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->note(shop.clerk, erased, "Zyxander called").ok());
  REQUIRE(shop.orders->note(shop.clerk, other, "Zyxander called again").ok());
  CHECK(shop.orders->erase_buyers(shop.clerk, {erased}, " ").error().code == ErrorCode::invalid);
  CHECK(shop.orders->erase_buyers(shop.clerk, {erased, OrderId(999)}, "request").error().code == ErrorCode::not_found);
  CHECK(shop.orders->reveal(shop.clerk, erased, "test").ok());  // all or none

  const auto report = shop.orders->erase_buyers(shop.clerk, {erased}, "request of 24 November");
  REQUIRE(report.ok());
  CHECK(report->orders == 1);
  CHECK(report->records == 2);
  CHECK(report->clean);
  CHECK(report->certificate == 1);
  CHECK(shop.orders->reveal(shop.clerk, erased, "test").error().code == ErrorCode::gone);
  const auto events = *shop.orders->events(shop.store->read(), erased);
  for (const auto& event : events) CHECK_FALSE(shop.orders->note_text(erased, event));
  CHECK(events.back().kind == "buyer_erased");
  CHECK(shop.find(erased).lines.size() == 1);
  CHECK(shop.orders->reveal(shop.clerk, other, "test").ok());
  CHECK(shop.orders->note_text(other, (*shop.orders->events(shop.store->read(), other)).back()));

  // The channel sends it again: nothing comes back.
  const auto again = shop.orders->place(shop.clerk, order_of("A-1"), StockPolicy::backorder);
  CHECK(again->id == erased);
  CHECK(shop.orders->reveal(shop.clerk, erased, "test").error().code == ErrorCode::gone);
  CHECK(shop.vault->find(shop.store->read(), vault::IndexField::email, "zyx.quillon@example.com")->size() == 1);
  CHECK(shop.orders->erase_buyers(shop.clerk, {erased}, "again")->orders == 0);
  shop.close();
  shop.open();
  CHECK(shop.orders->reveal(shop.clerk, erased, "test").error().code == ErrorCode::gone);
  CHECK(shop.orders->reveal(shop.clerk, other, "test").ok());
}
