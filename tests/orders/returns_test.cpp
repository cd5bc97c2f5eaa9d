// What comes back: claimed once, restocked once, and never more than went out.
#include "orders/returns.h"
#include "orders/order_keys.h"

#include <doctest/doctest.h>

#include <thread>

#include "orders/order_shop.h"
#include "orders/return_keys.h"
#include "orders/return_record.h"

using namespace pf;
using namespace pf::orders;
using test::order_of;
using test::Shop;

namespace {

OrderId sent_order(Shop& shop, const std::string& number, std::int64_t pieces) {
  const OrderId id = shop.orders->place(shop.clerk, order_of(number, pieces), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->ship(shop.clerk, id, {}).ok());
  return id;
}
ReturnTotals totals(std::int64_t received, std::int64_t restocked, std::int64_t damaged, std::int64_t discarded) {
  return {.line = 0, .received = received, .restocked = restocked, .damaged = damaged, .discarded = discarded};
}
Result<Return> receive(Shop& shop, ReturnId id, const ReturnTotals& line) {
  return shop.returns->receive(shop.clerk, id, std::vector{line});
}
std::vector<std::string> fields_of(const Error& fault) {
  std::vector<std::string> out;
  for (const auto& one : fault.faults) out.push_back(one.field + " " + one.code);
  return out;
}

}  // namespace

TEST_CASE(
    "returns: from the request to pieces in stock, in parts, and what is damaged or thrown away is not restocked") {
  Shop shop;
  shop.put_in_stock("A-1", 5);
  const OrderId order = sent_order(shop, "R-1", 5);
  CHECK(shop.level("A-1") == stock::Level{0, 0});
  const auto made = shop.returns->request(
      shop.clerk,
      {.order = order, .reason = ReturnReason::damaged, .message = "Zyxander dropped it", .lines = {{0, 4}}});
  REQUIRE(made.ok());
  const ReturnId id = made->ret.id;
  CHECK(status_of(made->ret) == ReturnStatus::requested);
  CHECK(shop.find(order).lines[0].count.claimed == 4);
  CHECK(receive(shop, id, totals(1, 0, 0, 0)).error().code == ErrorCode::conflict);  // nobody has approved it
  CHECK(shop.returns->close(shop.clerk, id).error().code == ErrorCode::conflict);
  REQUIRE(shop.returns->approve(shop.clerk, id).ok());
  CHECK(status_of(*receive(shop, id, totals(2, 1, 0, 0))) == ReturnStatus::received);
  CHECK(shop.level("A-1") == stock::Level{1, 0});
  REQUIRE(receive(shop, id, totals(3, 1, 1, 1)).ok());
  CHECK(shop.level("A-1") == stock::Level{1, 0});
  CHECK(shop.find(order).lines[0].count.returned == 3);
  CHECK(status_of(*shop.returns->close(shop.clerk, id)) == ReturnStatus::closed);
  CHECK(shop.find(order).lines[0].count.claimed == 3);  // the fourth never came: it can be asked for again
  CHECK(shop.find(order).lines[0].count.returnable() == 2);
  CHECK(status_of(shop.find(order)) == OrderStatus::shipped);

  const auto ledger = *shop.stock->movements(shop.store->read(), "A-1");
  CHECK(ledger.back().reason == "returned");
  CHECK(ledger.back().by == "clerk");
  CHECK(ledger.back().on_hand == 1);
  const auto events = *shop.orders->events(shop.store->read(), order);
  std::vector<std::string> kinds;
  for (const Event& event : events) kinds.push_back(event.kind);
  CHECK(kinds == std::vector<std::string>{"placed", "shipped", "return_requested", "noted", "return_approved",
                                          "return_received", "return_received", "return_closed"});
  std::vector<std::string> told;
  const auto news = *shop.events->after(shop.store->read(), 0, 100);
  for (const auto& event : news)
    if (event.type.starts_with("return.")) told.push_back(event.type + " " + *event.data.find("status")->as_string());
  CHECK(told == std::vector<std::string>{"return.created requested", "return.updated approved",
                                         "return.updated received", "return.updated received",
                                         "return.updated closed"});
  auto reader = shop.store->read();
  for (const auto family : {kReturnsFamily, kOrdersFamily})
    for (auto row = reader.scan_prefix(shop.store->family(family), ""); row.valid(); row.next())
      CHECK(row.value().find("Zyxander") == std::string_view::npos);
}

TEST_CASE(
    "returns: a piece is restocked once, however often it is said, by however many at once, and after a restart") {
  Shop shop;
  shop.put_in_stock("A-1", 3);
  const OrderId order = sent_order(shop, "R-2", 3);
  const ReturnId id = shop.returns->request(shop.clerk, {.order = order, .approved = true})->ret.id;
  std::vector<std::thread> clerks;
  for (int i = 0; i < 8; ++i) clerks.emplace_back([&] { static_cast<void>(receive(shop, id, totals(3, 2, 1, 0))); });
  for (auto& clerk : clerks) clerk.join();
  CHECK(shop.level("A-1") == stock::Level{2, 0});
  REQUIRE(shop.returns->close(shop.clerk, id).ok());
  shop.close();
  shop.open();
  CHECK(receive(shop, id, totals(3, 2, 1, 0)).ok());  // as said before: nothing
  CHECK(shop.returns->close(shop.clerk, id).ok());
  CHECK(receive(shop, id, totals(3, 3, 0, 0)).error().code == ErrorCode::invalid);
  CHECK(shop.level("A-1") == stock::Level{2, 0});
}

TEST_CASE("returns: two returns that race cannot bring back more than was shipped") {
  Shop shop;
  shop.put_in_stock("A-1", 4);
  const OrderId order = sent_order(shop, "R-3", 4);
  std::atomic<int> made{0};
  std::vector<std::thread> clerks;
  for (int i = 0; i < 8; ++i)
    clerks.emplace_back([&] { made += shop.returns->request(shop.clerk, {.order = order, .lines = {{0, 3}}}).ok(); });
  for (auto& clerk : clerks) clerk.join();
  CHECK(made == 1);
  CHECK(shop.find(order).lines[0].count.claimed == 3);
  const auto refused = shop.returns->request(shop.clerk, {.order = order, .lines = {{0, 1}, {0, 1}}});
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(fields_of(refused.error()) == std::vector<std::string>{"lines[1].quantity returnable"});
  CHECK(shop.returns->request(shop.clerk, {.order = order})->ret.lines[0].asked == 1);  // all that is left
  CHECK(shop.returns->request(shop.clerk, {.order = order}).error().code == ErrorCode::conflict);
}

TEST_CASE("pain 17, more back than was sent: what was not shipped cannot come back") {
  Shop shop;
  shop.put_in_stock("A-1", 1);
  const OrderId order = shop.orders->place(shop.clerk, order_of("R-4", 3), StockPolicy::backorder)->id;
  CHECK(shop.returns->request(shop.clerk, {.order = order}).error().code == ErrorCode::conflict);
  REQUIRE(shop.orders->ship(shop.clerk, order, {}).ok());
  CHECK(shop.returns->request(shop.clerk, {.order = order, .lines = {{0, 2}}}).error().code == ErrorCode::conflict);
  CHECK(shop.returns->request(shop.clerk, {.order = order, .lines = {{1, 1}}}).error().code == ErrorCode::invalid);
  CHECK(shop.returns->request(shop.clerk, {.order = order, .lines = {{0, 0}}}).error().code == ErrorCode::invalid);
  CHECK(shop.returns->request(shop.clerk, {.order = order, .lines = {{0, INT64_MAX}, {0, INT64_MAX}}}).error().code ==
        ErrorCode::invalid);
  CHECK(shop.returns->request(shop.clerk, {.order = OrderId(7)}).error().code == ErrorCode::not_found);
}

TEST_CASE("returns: what is refused gives its pieces back and is not decided on again") {
  Shop shop;
  shop.put_in_stock("A-1", 2);
  const OrderId order = sent_order(shop, "R-5", 2);
  const ReturnId id = shop.returns->request(shop.clerk, {.order = order})->ret.id;
  CHECK(status_of(*shop.returns->refuse(shop.clerk, id, "Worn for a month")) == ReturnStatus::refused);
  CHECK(shop.returns->refuse(shop.clerk, id).ok());
  CHECK(shop.find(order).lines[0].count.claimed == 0);
  CHECK(shop.returns->approve(shop.clerk, id).error().code == ErrorCode::conflict);
  CHECK(receive(shop, id, totals(1, 1, 0, 0)).error().code == ErrorCode::conflict);
  CHECK(shop.returns->close(shop.clerk, id).error().code == ErrorCode::conflict);
  const ReturnId other = shop.returns->request(shop.clerk, {.order = order, .approved = true})->ret.id;
  CHECK(shop.returns->refuse(shop.clerk, other).error().code == ErrorCode::conflict);
  CHECK(status_of(*shop.returns->close(shop.clerk, other)) == ReturnStatus::closed);  // nothing came
  CHECK(shop.find(order).lines[0].count.returnable() == 2);
}

TEST_CASE("returns: the channel's own number of a return makes it one return") {
  Shop shop;
  shop.put_in_stock("A-1", 2);
  const OrderId order = sent_order(shop, "R-6", 2);
  const auto first = shop.returns->request(shop.clerk, {.order = order, .reference = "RMA-7", .lines = {{0, 1}}});
  const auto again = shop.returns->request(shop.clerk, {.order = order, .reference = "RMA-7", .lines = {{0, 1}}});
  CHECK(again->ret.id == first->ret.id);
  CHECK(again->outcome == catalog::Outcome::unchanged);
  CHECK(shop.find(order).lines[0].count.claimed == 1);
  CHECK(shop.returns->request(shop.clerk, {.order = order, .reference = std::string(101, 'x')}).error().code ==
        ErrorCode::invalid);
}

TEST_CASE("returns: every total at fault is named at once, and nothing of it is kept") {
  Shop shop;
  shop.put_in_stock("A-1", 3);
  const OrderId order = sent_order(shop, "R-7", 3);
  const ReturnId id = shop.returns->request(shop.clerk, {.order = order, .approved = true})->ret.id;
  REQUIRE(receive(shop, id, totals(2, 1, 1, 0)).ok());
  CHECK(fields_of(receive(shop, id, totals(4, 0, 2, 3)).error()) ==
        std::vector<std::string>{"lines[0].restocked lower", "lines[0].received asked"});
  CHECK(fields_of(receive(shop, id, totals(3, 1, 2, 1)).error()) ==
        std::vector<std::string>{"lines[0].received judged"});
  const std::vector<ReturnTotals> twice{totals(3, 1, 1, 0), totals(3, 1, 1, 1)};
  CHECK(fields_of(shop.returns->receive(shop.clerk, id, twice).error()) ==
        std::vector<std::string>{"lines[0].line twice", "lines[1].line twice"});
  CHECK(shop.returns->receive(shop.clerk, id, {}).error().code == ErrorCode::invalid);
  CHECK(shop.returns->receive(shop.clerk, id, std::vector<ReturnTotals>{{.line = 4, .received = 1}}).error().code ==
        ErrorCode::invalid);
  REQUIRE(shop.returns->receive(shop.clerk, id, std::vector<ReturnTotals>{{.line = 0, .received = 3}}).ok());
  CHECK(fields_of(shop.returns->close(shop.clerk, id).error()) == std::vector<std::string>{"lines[0].received judge"});
  CHECK(shop.level("A-1") == stock::Level{1, 0});
}

TEST_CASE("returns: what comes back goes to who waits for it, even to another line of the same order") {
  Shop shop;
  shop.put_in_stock("A-1", 2);
  PlaceOrder mixed = order_of("R-8", 2);
  mixed.lines.push_back({"2", "A-1", "More of it", 1, {}});
  const OrderId order = shop.orders->place(shop.clerk, mixed, StockPolicy::backorder)->id;
  const OrderId waiting = shop.orders->place(shop.clerk, order_of("R-9", 1), StockPolicy::backorder)->id;
  REQUIRE(shop.orders->ship(shop.clerk, order, {}).ok());
  const ReturnId id = shop.returns->request(shop.clerk, {.order = order, .approved = true})->ret.id;
  REQUIRE(receive(shop, id, totals(2, 2, 0, 0)).ok());
  CHECK(shop.find(order).lines[1].count.allocated == 1);
  CHECK(shop.find(order).lines[0].count.returned == 2);
  CHECK(shop.find(waiting).lines[0].count.allocated == 1);
  CHECK(shop.level("A-1") == stock::Level{2, 2});
}

TEST_CASE("returns: an order that the marketplace ships never touches our stock, on its way out or back") {
  Shop shop;
  shop.put_in_stock("A-1", 5);
  PlaceOrder sent = order_of("FBA-1", 2);
  sent.channel = "amazon";
  sent.by_marketplace = true;
  const OrderId order = shop.orders->place(shop.clerk, sent, StockPolicy::required)->id;
  CHECK(shop.level("A-1") == stock::Level{5, 0});
  CHECK(shop.orders->ship(shop.clerk, order, {}).error().code == ErrorCode::conflict);
  CHECK(shop.orders->count(shop.store->read(), {.where = {{"fulfilled_by", catalog::Operator::eq, {"marketplace"}}}})
            .value() == 1);
  CHECK(
      shop.orders->count(shop.store->read(), {.where = {{"fulfilled_by", catalog::Operator::eq, {"shop"}}}}).value() ==
      0);
  sent.channel_status = "shipped";
  REQUIRE(shop.orders->place(shop.clerk, sent, StockPolicy::backorder).ok());
  CHECK(status_of(shop.find(order)) == OrderStatus::shipped);
  CHECK(shop.level("A-1") == stock::Level{5, 0});
  const ReturnId id = shop.returns->request(shop.clerk, {.order = order, .approved = true})->ret.id;
  REQUIRE(receive(shop, id, totals(2, 2, 0, 0)).ok());
  CHECK(shop.level("A-1") == stock::Level{5, 0});
  CHECK(shop.find(order).lines[0].count.returned == 2);

  PlaceOrder open = sent;
  open.channel_order_id = "FBA-2";
  open.channel_status.reset();
  const OrderId other = shop.orders->place(shop.clerk, open, StockPolicy::backorder)->id;
  REQUIRE(shop.orders->cancel(shop.clerk, other, "", {}).ok());
  CHECK(shop.level("A-1") == stock::Level{5, 0});
}

TEST_CASE("returns: the list filters by status, counts its tabs, finds by number and goes on at its cursor") {
  Shop shop;
  shop.put_in_stock("A-1", 30);
  std::vector<ReturnId> ids;
  std::vector<OrderId> orders;
  for (int i = 0; i < 5; ++i) {
    orders.push_back(sent_order(shop, "LIST-" + std::to_string(i), 2));
    ids.push_back(
        shop.returns->request(shop.clerk, {.order = orders.back(), .reference = "RMA-" + std::to_string(i)})->ret.id);
    shop.clock.pass(std::chrono::seconds{1});
  }
  REQUIRE(shop.returns->approve(shop.clerk, ids[1]).ok());
  REQUIRE(shop.returns->refuse(shop.clerk, ids[2]).ok());
  const auto read = shop.store->read();
  const auto all = *shop.returns->list(read, {.count = 2, .with_status_counts = true});
  CHECK(all.total == 5);
  CHECK(all.returns[0].id == ids[4]);  // newest first
  CHECK(all.status_counts.size() == 3);
  CHECK(all.status_counts[0] == std::pair<std::string, std::uint64_t>{"requested", 3});
  const auto next = *shop.returns->list(read, {.count = 2, .cursor = all.next_cursor});
  CHECK(next.returns[0].id == ids[2]);
  CHECK(shop.returns->list(read, {.where = {{"status", catalog::Operator::eq, {"approved"}}}})->returns[0].id ==
        ids[1]);
  CHECK(shop.returns->list(read, {.text = "rma-3"})->returns[0].id == ids[3]);
  CHECK(shop.returns->list(read, {.where = {{"order_id", catalog::Operator::eq, {std::to_string(orders[0].raw())}}}})
            ->total == 1);
  CHECK(shop.returns->of_order(read, orders[0])->size() == 1);
  const auto odd = shop.returns->list(read, {.where = {{"mood", catalog::Operator::eq, {"x"}}}});
  CHECK(odd.error().message.find("list of returns") != std::string::npos);
}

TEST_CASE("returns: keys sort by number, records are read as written and a newer one is refused") {
  CHECK(return_key(5'001) < return_key(5'002));
  CHECK(return_of_key(1, 9) < return_of_key(2, 1));
  CHECK(return_of_key(1, 9).starts_with(returns_prefix(1)));
  Return ret;
  ret.order = OrderId(100'001);
  ret.channel = "bol";
  ret.reason = ReturnReason::late;
  ret.approved = true;
  ret.lines = {{.line = 2, .asked = 5, .received = 4, .restocked = 2, .damaged = 1, .discarded = 1}};
  const std::string record = write_return(ret);
  const auto back = read_return(ret.id, record);
  REQUIRE(back.ok());
  CHECK(write_return(*back) == record);
  CHECK(back->lines == ret.lines);
  std::string newer = record;
  newer.replace(newer.find("\"v\":1"), 5, "\"v\":2");
  CHECK(read_return(ret.id, newer).error().code == ErrorCode::unsupported);
  CHECK_FALSE(read_return(ret.id, "{").ok());
}

TEST_CASE("returns: a replacement is made once, for nothing or a difference, and linked both ways") {
  Shop shop;
  shop.put_in_stock("A-1", 5);
  const OrderId order = sent_order(shop, "R-1", 2);
  const auto ret = shop.returns->request(shop.clerk, {.order = order, .lines = {{0, 1}}})->ret;
  CHECK(shop.returns->replace(shop.clerk, ret.id, {}).error().code == ErrorCode::conflict);  // not approved
  REQUIRE(shop.returns->approve(shop.clerk, ret.id).ok());
  const auto replaced = shop.returns->replace(shop.clerk, ret.id, {});
  REQUIRE(replaced.ok());
  const Order sent = shop.find(replaced->replacement);
  CHECK(sent.channel_order_id == "R-1-R" + std::to_string(ret.id.raw()));
  CHECK((sent.replaces == ret.id.raw() && sent.total->minor == 0 && sent.paid && sent.lines[0].count.allocated == 1));
  CHECK(shop.returns->replace(shop.clerk, ret.id, {})->replacement == sent.id);
  CHECK(shop.find(order).lines[0].count.shipped == 2);
  CHECK(shop.orders->events(shop.store->read(), order)->back().kind == "replaced");
  // The buyer was taken over inside the vault, and lives no longer than he did.
  CHECK(shop.vault->purge_at(sent.person) == shop.vault->purge_at(shop.find(order).person));
  CHECK(shop.orders->reveal(shop.clerk, sent.id, "label")->find(vault::Field::email)->in_the_clear() ==
        "zyx.quillon@example.com");
  REQUIRE(shop.orders->ship(shop.clerk, sent.id, {}).ok());

  const auto dearer = shop.returns->request(shop.clerk, {.order = order, .approved = true, .lines = {{0, 1}}})->ret;
  REQUIRE(shop.orders->erase_buyers(shop.clerk, {order}, "asked").ok());
  CHECK(shop.returns->replace(shop.clerk, dearer.id, {}).error().code == ErrorCode::gone);
  Replacement other{.lines = {{"", "B-1", "A better one", 1, Money{500, *Currency::parse("EUR")}}}};
  other.buyer = order_of("x").buyer;
  const Order due = shop.find(shop.returns->replace(shop.clerk, dearer.id, other)->replacement);
  CHECK((due.total->minor == 500 && !due.paid && status_of(due) == OrderStatus::awaiting_payment));
}
