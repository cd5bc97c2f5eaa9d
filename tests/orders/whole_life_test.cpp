// Random lives of orders: placed, edited by their channel, held, tagged, picked, packed, shipped, cancelled, returned,
// refunded, sent again, with the store closed and opened between. After each event everything adds up, and at the end
// every order and return can be brought to its end.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "orders/batches.h"
#include "orders/fulfilment.h"
#include "orders/order_record.h"
#include "orders/order_shop.h"
#include "orders/return_record.h"
#include "orders/sales_scan.h"

using namespace pf;
using namespace pf::orders;
using test::order_of;
using test::Shop;

namespace {

constexpr int kSteps = 100;       // less than a second with its 250 syncs
constexpr int kStepsMax = 1'600;  // until everything has happened once
constexpr const char* kKinds[] = {"placed",
                                  "shipped",
                                  "cancelled",
                                  "held",
                                  "released",
                                  "accepted",
                                  "tagged",
                                  "return asked",
                                  "return approved",
                                  "return refused",
                                  "return received",
                                  "return closed",
                                  "refunded",
                                  "edited",
                                  "edited, refused",
                                  "picked",
                                  "short",
                                  "packed",
                                  "undone",
                                  "unpacked",
                                  "transferred",
                                  "located",
                                  "sent later",
                                  "lost",
                                  "replaced",
                                  "kits made",
                                  "kits shipped",
                                  "kits waited",
                                  "shipped together",
                                  "parcel shipped",
                                  "picked, refused",
                                  "packed, refused",
                                  "undone, refused",
                                  "shipped, refused",
                                  "return asked, refused",
                                  "return received, refused",
                                  "refunded, refused"};
constexpr std::size_t kOrders = 6;  // open ones, few, so that many events meet in one
const std::vector<std::string> kSkus{"CUP", "POT", "PAN"};
// What is ordered and scanned: kits too, one of them with the other in it. They share parts with each other and with
// what is sold by itself.
const std::vector<std::string> kWares{"CUP", "POT", "PAN", "SET", "CRATE"};

struct Life {
  Shop shop;
  std::mt19937 dice{2026};
  std::vector<OrderId> orders;
  std::vector<ReturnId> returns;
  std::map<std::string, int> done;  // what happened, by kind
  const Time began = shop.clock.now();
  int moved = 0;  // products change their categories

  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(dice() % static_cast<std::uint64_t>(n)); }
  template <class List>
  auto any(const List& list) {
    return list[static_cast<std::size_t>(below(static_cast<std::int64_t>(list.size())))];
  }
  // One that fits, if a few tries find it; else any.
  template <class Fits>
  OrderId likely(Fits&& fits) {
    for (int tries = 0; tries < 5; ++tries)
      if (const OrderId one = any(orders); fits(shop.find(one))) return one;
    return any(orders);
  }
  // For what few orders are fit for: the newest that is, or any.
  template <class Fits>
  OrderId newest(Fits&& fits) {
    for (std::size_t i = orders.size(); i-- > 0;)
      if (fits(shop.find(orders[i]))) return orders[i];
    return any(orders);
  }
  Return ret(ReturnId id) { return *shop.returns->find(shop.store->read(), id); }
  void count(const char* kind, bool ok) { done[std::string(kind) + (ok ? "" : ", refused")]++; }

  // Doing it again changes nothing, whether it was done or refused.
  template <class Do>
  void twice(const char* kind, Do&& act) {
    const bool ok = act();
    count(kind, ok);
    const std::string after = everything();
    act();
    const bool same = everything() == after;
    REQUIRE_MESSAGE(same, (std::string("done twice: ") + kind));
  }
  std::string everything() {
    std::string all;
    for (const OrderId id : orders) {
      Order order = shop.find(id);
      order.updated_at = {};
      all += write_order(order) + "\n";
    }
    for (const ReturnId id : returns) {
      Return one = ret(id);
      one.updated_at = {};
      all += write_return(one) + "\n";
    }
    for (const std::string& sku : kSkus) {
      const auto places = *shop.stock->places(shop.store->read(), sku);
      for (const auto& place : places)
        all += sku + "@" + std::to_string(place.location) + ":" + std::to_string(place.level.on_hand) + "/" +
               std::to_string(place.level.allocated) + "\n";
    }
    for (const std::string& sku : kSkus)
      all += sku + std::to_string(shop.level(sku).on_hand) + "/" + std::to_string(shop.level(sku).allocated) + "\n";
    return all;
  }

  void place() {
    const std::string number = "L-" + std::to_string(below(static_cast<std::int64_t>(kOrders + orders_ended())));
    PlaceOrder order = order_of(number, 1 + below(4), kWares[std::hash<std::string>{}(number) % kWares.size()]);
    order.lines.push_back({"2", kWares[(number.size() + static_cast<unsigned char>(number.back())) % kWares.size()],
                           "More", 2, Money{250, *order.currency}});
    order.lines.push_back({"3", "", "Gift wrap", 1, Money{100, *order.currency}});
    order.by_marketplace = number.ends_with("7");
    if (number.ends_with("3")) order.channel = "elsewhere";
    order.placed_at = began - std::chrono::hours(11 * static_cast<std::int64_t>(number.back() % 8));
    if (below(3) != 0) order.ship_by = shop.clock.now() + std::chrono::minutes(60 - 10 * below(12));
    order.paid = below(4) != 0;
    order.shipping_cost = Money{495, *order.currency};
    std::int64_t total = 495;
    for (const PlaceLine& line : order.lines) total += line.price->minor * line.quantity;
    order.total = Money{total, *order.currency};
    if (below(12) == 0) order.channel_status = below(2) == 0 ? "shipped" : "cancelled";
    const StockPolicy policy = below(5) == 0 ? StockPolicy::required : StockPolicy::backorder;
    twice("placed", [&] {
      const auto placed = shop.orders->place(shop.clerk, order, policy);
      if (placed.ok() && std::ranges::find(orders, placed->id) == orders.end()) orders.push_back(placed->id);
      return placed.ok();
    });
  }
  void ship(OrderId id) {
    Shipment parcel;
    if (below(3) == 0) parcel.lines = {{static_cast<std::size_t>(below(4)), 1 + below(2)}};
    count("shipped", shop.orders->ship(shop.clerk, id, parcel).ok());
  }
  std::size_t orders_ended() {
    return static_cast<std::size_t>(std::ranges::count_if(orders, [&](OrderId id) {
      const OrderStatus status = status_of(shop.find(id));
      return status == OrderStatus::shipped || status == OrderStatus::cancelled;
    }));
  }
  static bool workable_now(const Order& order) {
    const OrderStatus status = status_of(order);
    return (status == OrderStatus::open || status == OrderStatus::partially_shipped) && may_leave(order).ok();
  }
  static std::vector<std::string> stock_skus_of(const Line& line) {
    std::vector<std::string> all{line.sku};
    for (const LinePart& part : line.parts) all.push_back(part.sku);
    return all;
  }
  // What was looked for in vain is not in the house any more.
  void lose() {
    const std::string key = "lost-" + std::to_string(dice());
    const auto missing = [](const Line& line) { return line.count.missing > 0; };
    const OrderId whose = newest([&](const Order& order) { return std::ranges::any_of(order.lines, missing); });
    const auto lines = shop.find(whose).lines;
    const auto at = static_cast<std::size_t>(std::ranges::find_if(lines, missing) - lines.begin());
    std::string part;
    if (at < lines.size())
      for (const LinePart& one : lines[at].parts)
        if (one.missing > 0) part = one.sku;
    twice("lost", [&] { return Fulfilment(*shop.orders).lose(shop.clerk, whose, at, 1, {}, key, part).ok(); });
  }
  // By two scanners, whose requests are sometimes sent twice.
  void scan() {
    const auto ready_now = [](const Order& order) {
      return workable_now(order) &&
             std::ranges::any_of(order.lines, [](const Line& line) { return line.count.to_pick() > 0; });
    };
    const OrderId id = below(5) == 0 ? any(orders) : below(4) == 0 ? likely(workable_now) : newest(ready_now);
    Fulfilment work(*shop.orders);
    const Order order = shop.find(id);
    Scan one{.quantity = below(4) == 0 ? 2 : 1, .key = "scan-" + std::to_string(dice())};
    const auto ready = std::ranges::find_if(order.lines, [](const Line& line) { return line.count.to_pick() > 0; });
    if (ready != order.lines.end() && below(2) == 0)
      one.line = static_cast<std::size_t>(ready - order.lines.begin());
    else if (below(3) == 0)
      one.line = static_cast<std::size_t>(below(4));
    else
      one.code =
          below(3) == 0 ? any(kWares) : any(stock_skus_of(ready != order.lines.end() ? *ready : any(order.lines)));
    // A part by hand, now and then; by its code it comes up by itself.
    if (one.code.empty() && one.line < order.lines.size() && !order.lines[one.line].parts.empty() && below(2) == 0)
      one.part = any(order.lines[one.line].parts).sku;
    const std::string parcel = below(3) == 0 ? "BOX-" + std::to_string(below(3)) : "";
    switch (below(9)) {
      case 0:
      case 6: {
        const auto line = static_cast<std::size_t>(below(3));
        std::string part;
        if (line < order.lines.size() && !order.lines[line].parts.empty() && below(3) != 0)
          part = any(order.lines[line].parts).sku;
        twice("short", [&] { return work.miss(shop.clerk, id, line, 1, one.key, part).ok(); });
        if (below(3) == 0) lose();
        return;
      }
      case 1:
      case 2:
      case 3:
        twice("packed", [&] { return work.pack(shop.clerk, id, one, parcel).ok(); });
        if (const auto open = shop.find(id).packing; below(2) == 0 && !open.empty())
          count("parcel shipped", shop.orders->ship(shop.clerk, id, {.identifier = open[0].identifier}).ok());
        else if (!open.empty() && below(2) == 0)
          count("unpacked", work.unpack(shop.clerk, id, open[0].identifier).ok());
        return;
      case 4: {
        const OrderId whose = newest([](const Order& order) { return stage_of(order) != Stage::none; });
        const Order scanned = shop.find(whose);
        const auto last = *work.last(shop.store->read(), scanned);
        const std::uint32_t event =
            last && below(3) != 0 ? last->number : static_cast<std::uint32_t>(below(scanned.events) + 1);
        return twice("undone", [&] { return work.undo(shop.clerk, whose, event).ok(); });
      }
      case 5: {
        const OrderId whose = newest([](const Order& order) { return !order.packing.empty(); });
        const auto lying = shop.find(whose).packing;
        if (!lying.empty()) count("unpacked", work.unpack(shop.clerk, whose, any(lying).identifier).ok());
        return;
      }
      default:
        twice("picked", [&] { return work.pick(shop.clerk, id, one).ok(); });
        if (const auto last = *work.last(shop.store->read(), shop.find(id)); last && below(5) == 0)
          twice("undone", [&] { return work.undo(shop.clerk, id, last->number).ok(); });
    }
  }
  // Several orders in one walk, by two people, whose requests are sometimes sent twice. Not among the kinds that must
  // have happened: waiting for them would take three times the steps (batches_test.cpp has each).
  void walk() {
    Batches batches(*shop.store, *shop.orders, *shop.audit, shop.clock);
    const auto known = *batches.list(shop.store->read(), below(3) != 0, 0, 3);
    if (known.empty() || below(3) == 0) {
      bool begun = false;  // what cannot be picked now is named and refused, so each is tried by itself
      for (const OrderId one : orders)
        if (!begun && workable_now(shop.find(one))) begun = batches.start(shop.clerk, std::vector{one}).ok();
      return count("batch begun", begun);
    }
    const Batch batch = any(known);
    const Order order = shop.find(any(batch.orders));
    const Line line = any(order.lines);
    const std::string sku = line.parts.empty() || below(3) == 0 ? line.sku : any(line.parts).sku,
                      key = "walk-" + std::to_string(dice());
    switch (below(8)) {
      case 0:
        return twice("batch short", [&] { return batches.miss(shop.clerk, batch.id, sku, {}, 0, 0, key).ok(); });
      case 1:
      case 2: {
        const auto last = *batches.last(shop.store->read(), batch);
        if (!last) return;
        return twice("batch undone", [&] { return batches.undo(shop.clerk, batch.id, last->number).ok(); });
      }
      case 3:
        return twice("batch stopped", [&] { return batches.stop(shop.clerk, batch.id).ok(); });
      default:
        return twice("batch picked",
                     [&] { return batches.pick(shop.clerk, batch.id, {.code = sku, .key = key}).ok(); });
    }
  }
  // An order is in one open batch at most, and no batch that ended has any.
  void check_batches() {
    Batches batches(*shop.store, *shop.orders, *shop.audit, shop.clock);
    const auto read = shop.store->read();
    std::map<OrderId, BatchId> in;
    const auto open = *batches.list(read, true, 0, 1'000);
    for (const Batch& batch : open)
      for (const OrderId id : batch.orders) REQUIRE(in.emplace(id, batch.id).second);
    for (const OrderId id : orders) {
      const auto batch = *batches.open_batch_of(read, id);
      REQUIRE(batch.has_value() == in.contains(id));
      if (batch) REQUIRE(*batch == in[id]);
    }
  }
  void cancel(OrderId id) {
    std::vector<std::pair<std::size_t, std::int64_t>> lines;
    if (below(4) != 0) lines = {{static_cast<std::size_t>(below(4)), 1}};
    const CancelFate fate{below(2) == 0 ? PickedFate::restock : PickedFate::damaged,
                          below(2) == 0 ? MissingFate::restock : MissingFate::lost};
    count("cancelled", shop.orders->cancel(shop.clerk, id, "random", lines, fate).ok());
  }
  // Between three locations, of which the last may not ship; and what is left, lost, sent later or together.
  void move_about() {
    const OrderId id = any(orders);
    std::string sku = any(kSkus);
    auto from = static_cast<stock::LocationId>(below(3)), to = static_cast<stock::LocationId>(below(3));
    switch (below(6)) {
      case 0:
        for (const std::string& one : kSkus)
          for (stock::LocationId at = 0; at < 3; ++at)
            if (below(2) == 0 && shop.at(one, at).available() > 2) {
              sku = one;
              from = at;
            }
        return count("transferred", shop.store
                                        ->write([&](storage::Write& work) -> Result<> {
                                          PF_TRY(shop.stock->transfer(work, shop.clerk, sku, from, to, 1 + below(3)));
                                          return shop.orders->fill_backorders(work, sku);
                                        })
                                        .ok());
      case 1:
        return twice("located", [&] {
          return shop.orders->choose_location(shop.clerk, id, std::vector<std::string>{"main", "loft", ""}[from]).ok();
        });
      case 2: {
        std::vector<std::pair<std::size_t, std::int64_t>> some{{static_cast<std::size_t>(below(3)), 1}};
        const OrderId whose = likely([&](const Order& order) {
          for (std::size_t i = 0; i < order.lines.size(); ++i)
            if (order.lines[i].count.to_pick() > 0) {
              some[0].first = i;
              return true;
            }
          return false;
        });
        return twice("sent later", [&] { return shop.orders->send_later(shop.clerk, whose, some).ok(); });
      }
      case 3:
        return lose();
      case 4: {
        const auto ready = [](const Order& order) {
          return workable_now(order) &&
                 std::ranges::any_of(order.lines, [](const Line& line) { return line.count.to_pick() > 0; });
        };
        std::vector<OrderId> open{newest(ready)};
        open.push_back(newest([&](const Order& order) { return order.id != open[0] && ready(order); }));
        const auto sent = shop.orders->ship_together(shop.clerk, open, {.track_and_trace = "3S"});
        count("shipped together", sent.ok());
        for (std::size_t i = 0; sent.ok() && i < sent->size(); ++i)
          REQUIRE((*sent)[i].parcels.back().together == std::vector{(*sent)[1 - i].id});
        return;
      }
      default:
        if (returns.empty()) return;
        const ReturnId ret_id = any(returns);
        return twice("replaced", [&] {
          const auto made = shop.returns->replace(shop.clerk, ret_id, {});
          if (made.ok() && std::ranges::find(orders, made->replacement) == orders.end())
            orders.push_back(made->replacement);
          return made.ok();
        });
    }
  }
  void edit(OrderId id) {
    OrderEdit edit{.key = "edit-" + std::to_string(dice())};
    edit.lines.push_back({.line = static_cast<std::size_t>(below(4)), .quantity = below(6)});
    if (below(4) == 0)
      edit.lines.push_back(
          {.quantity = 1 + below(2), .sku = any(kWares), .price = Money{300, *Currency::parse("EUR")}});
    if (below(3) == 0) edit.shipping_cost = Money{below(600), *Currency::parse("EUR")};
    const Money before = *shop.find(id).total, paid = *paid_amount(shop.find(id));
    twice("edited", [&] { return shop.orders->edit(shop.clerk, id, edit).ok(); });
    const Order order = shop.find(id);
    REQUIRE(*paid_amount(order) == paid);  // an edit brings no money
    std::int64_t total = order.shipping_cost->minor;
    for (const Line& line : order.lines) total += line.price->minor * line.count.ordered;
    REQUIRE((order.total->minor == total || *order.total == before));
  }
  void hold(OrderId id) {
    if (const auto holds = shop.find(id).holds; !holds.empty() && below(4) != 0) {
      const std::uint32_t number = any(holds).number;
      twice("released", [&] { return shop.orders->release(shop.clerk, id, number).ok(); });
      return;
    }
    const HoldReason reason = static_cast<HoldReason>(below(static_cast<std::int64_t>(kHoldReasonNames.size())));
    twice("held", [&] { return shop.orders->hold(shop.clerk, id, reason).ok(); });
  }
  void ask_back(OrderId id) {
    RequestReturn asked{.order = id, .reference = "RMA-" + std::to_string(below(200)), .approved = below(2) == 0};
    if (below(3) != 0) asked.lines = {{static_cast<std::size_t>(below(3)), 1 + below(2)}};
    asked.order = likely([](const Order& order) {
      return std::ranges::any_of(order.lines, [](const Line& line) { return line.count.returnable() > 0; });
    });
    twice("return asked", [&] {
      const auto made = shop.returns->request(shop.clerk, asked);
      if (made.ok() && std::ranges::find(returns, made->ret.id) == returns.end()) returns.push_back(made->ret.id);
      return made.ok();
    });
  }
  void work_on_return(ReturnId id) {
    switch (below(7)) {
      case 0:
        return twice("return approved", [&] { return shop.returns->approve(shop.clerk, id).ok(); });
      case 1:
      case 3:
        for (const ReturnId one : returns)  // the first that nobody has decided on
          if (status_of(ret(one)) == ReturnStatus::requested)
            return twice("return refused", [&] { return shop.returns->refuse(shop.clerk, one).ok(); });
        return twice("return refused", [&] { return shop.returns->refuse(shop.clerk, id).ok(); });
      case 2:
        return twice("return closed", [&] { return shop.returns->close(shop.clerk, id).ok(); });
      default:
        ReturnId open = id;  // one that waits for its pieces, if there is one
        for (const ReturnId one : returns)
          if (const auto status = status_of(ret(one));
              below(2) == 0 && (status == ReturnStatus::approved || status == ReturnStatus::received))
            open = one;
        const ReturnLine line = any(ret(open).lines);
        const ReturnTotals totals{line.line, line.received + below(3), line.restocked + below(2),
                                  line.damaged + (below(3) == 0 ? 1 : 0), line.discarded + (below(4) == 0 ? 1 : 0)};
        const std::string to = below(3) == 0 ? "loft" : "";
        twice("return received", [&] { return shop.returns->receive(shop.clerk, open, std::vector{totals}, to).ok(); });
    }
  }
  // What the kits are made of: orders keep what they were made of when they were promised, or get the new parts.
  void make_kits() {
    const auto make = [&](const std::string& sku, const std::vector<stock::Part>& parts) {
      REQUIRE(shop.store
                  ->write([&](storage::Write& work) -> Result<> {
                    PF_TRY(shop.stock->make_kit(work, sku, parts));
                    return shop.orders->fill_backorders(work, sku, true);
                  })
                  .ok());
    };
    make("SET", {{"CUP", 1 + below(2)}, {"POT", 1 + below(2)}});
    make("CRATE", {{"SET", 1}, {below(2) == 0 ? "PAN" : "CUP", 1}});
    count("kits made", true);
  }
  void refund(OrderId id) {
    const Currency eur = *Currency::parse("EUR");
    GiveBack asked{.identifier = "CN-" + std::to_string(below(300))};
    if (below(2) == 0) asked.lines = {{static_cast<std::size_t>(below(3)), 1 + below(2), {}}};
    if (below(3) == 0) asked.lines.push_back({3, 0, Money{1, eur}});  // there is no such line
    if (below(3) == 0) asked.shipping = Money{below(300), eur};
    if (below(3) == 0) asked.other = Money{below(700), eur};
    twice("refunded", [&] { return shop.refunds->give_back(shop.clerk, id, asked).ok(); });
  }

  void check_order(const Order& order) {
    std::int64_t refunded = order.refunded.shipping_minor + order.refunded.tax_minor + order.refunded.other_minor;
    std::map<std::size_t, std::int64_t> claimed, returned;
    const auto of_order = *shop.returns->of_order(shop.store->read(), order.id);
    for (const Return& one : of_order)
      for (const ReturnLine& line : one.lines) {
        REQUIRE(line.judged() <= line.received);
        REQUIRE(line.received <= line.asked);
        REQUIRE(std::min({line.restocked, line.damaged, line.discarded}) >= 0);
        if (!one.refused) claimed[line.line] += one.closed ? line.received : line.asked;
        returned[line.line] += line.received;
        if (one.closed) REQUIRE(line.judged() == line.received);
      }
    std::map<std::size_t, std::int64_t> lying;
    for (const Parcel& parcel : order.packing) {
      REQUIRE_FALSE(parcel.lines.empty());
      for (const auto& [line, pieces] : parcel.lines) lying[line] += pieces;
    }
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
      const LineCounters& c = order.lines[i].count;
      REQUIRE(c.cancelled + c.backordered + c.allocated + c.shipped == c.ordered);
      REQUIRE(std::min({c.cancelled, c.backordered, c.allocated, c.shipped, c.returned, c.refunded}) >= 0);
      REQUIRE(std::min({c.picked, c.missing, c.packed}) >= 0);
      REQUIRE(c.packed <= c.picked);
      REQUIRE(c.later >= 0);
      REQUIRE(c.picked + c.missing + c.later <= c.allocated);
      REQUIRE(c.packed == lying[i]);
      std::int64_t whole = INT64_MAX, lacking = 0;
      for (const LinePart& part : order.lines[i].parts) {
        REQUIRE(std::min({part.picked, part.missing, part.laid}) >= 0);
        REQUIRE(c.packed * part.quantity + part.laid <= part.picked);
        REQUIRE(part.picked + part.missing + c.later * part.quantity <= c.allocated * part.quantity);
        whole = std::min(whole, part.picked / part.quantity);
        lacking = std::max(lacking, (part.missing + part.quantity - 1) / part.quantity);
      }
      if (!order.lines[i].parts.empty()) {
        REQUIRE(c.picked == whole);
        REQUIRE(c.missing == lacking);
        REQUIRE(order.lines[i].elsewhere.empty());
        if (c.shipped > 0) done["kits shipped"]++;
        if (c.backordered > 0) done["kits waited"]++;
      }
      REQUIRE(c.returned <= c.claimed);
      REQUIRE(c.claimed <= c.shipped);
      REQUIRE(c.claimed == claimed[i]);
      REQUIRE(c.returned == returned[i]);
      REQUIRE(c.refunded <= c.ordered);
      REQUIRE(order.lines[i].refunded_minor <= order.lines[i].price->minor * c.ordered);
      refunded += order.lines[i].refunded_minor;
    }
    REQUIRE(refunded == order.refunded.total_minor);
    REQUIRE(refunded <= paid_amount(order)->minor);
    REQUIRE(order.refunded.shipping_minor <= order.shipping_cost->minor);
    std::int64_t given = 0;
    const auto refunds = *shop.refunds->of_order(shop.store->read(), order.id);
    for (const Refund& one : refunds) given += one.total_minor();
    REQUIRE(given == refunded);
    REQUIRE(refunds.size() == order.refunded.count);
  }
  void open() {
    shop.orders->categorise_by([this](const storage::Reader&, std::string_view sku) -> Result<std::string> {
      return std::string(sku == "PAN" ? "" : moved % 2 == (sku == "CUP" ? 0 : 1) ? "kitchen" : "cups");
    });
    REQUIRE(shop.orders->prepare().ok());
  }
  void check_sales() {
    std::vector<Order> all;
    for (const OrderId id : orders) all.push_back(shop.find(id));
    const auto today = std::chrono::floor<std::chrono::days>(shop.clock.now());
    test::check_reports(*shop.orders, shop.store->read(), all, today - std::chrono::days{3}, today, shop.clock.now());
    test::check_reports(*shop.orders, shop.store->read(), all, today - std::chrono::days{2},
                        today - std::chrono::days{1}, shop.clock.now() + std::chrono::hours{9});
  }
  // Orders, returns, refunds and levels after each event; the ledgers when asked, since they grow.
  void check(bool ledgers) {
    check_batches();
    check_sales();
    std::map<std::string, std::int64_t> promised, restocked;
    std::map<std::pair<std::string, stock::LocationId>, std::int64_t> promised_there;
    for (const OrderId id : orders) {
      const Order order = shop.find(id);
      check_order(order);
      for (const Line& line : order.lines)
        if (from_stock(order, line)) {
          const auto promise = [&](const std::string& sku, std::int64_t pieces, const auto& shares) {
            promised[sku] += pieces;
            for (const stock::Share& share : shares) {
              REQUIRE(share.pieces > 0);
              promised_there[{sku, share.location}] += share.pieces;
            }
          };
          if (line.parts.empty()) promise(line.sku, line.count.allocated, promised_at(line));
          for (const LinePart& part : line.parts)
            promise(part.sku, line.count.allocated * part.quantity, promised_at(line, part));
        }
      const auto back = *shop.returns->of_order(shop.store->read(), id);
      for (const Return& one : back)
        for (const ReturnLine& line : one.lines)
          if (const Line& sold = order.lines[line.line]; from_stock(order, sold)) {
            if (sold.parts.empty()) restocked[sold.sku] += line.restocked;
            for (const LinePart& part : sold.parts) restocked[part.sku] += line.restocked * part.quantity;
          }
    }
    for (const std::string& sku : kSkus) {
      const stock::Level level = shop.level(sku);
      REQUIRE(level.allocated == promised[sku]);
      REQUIRE(level.allocated <= level.on_hand);
      stock::Level all;
      const auto places = *shop.stock->places(shop.store->read(), sku);
      for (const auto& place : places) {
        REQUIRE(place.level.allocated == promised_there[{sku, place.location}]);
        REQUIRE(place.level.allocated <= place.level.on_hand);
        all.on_hand += place.level.on_hand;
        all.allocated += place.level.allocated;
        if (place.location == 2) all.withheld += place.level.available();
      }
      REQUIRE(all == level);
      if (!ledgers) continue;
      std::map<stock::LocationId, stock::Level> there;
      stock::Level sum;
      std::int64_t came_back = 0;
      const auto movements = *shop.stock->movements(shop.store->read(), sku);
      for (const auto& movement : movements) {
        sum.on_hand += movement.on_hand;
        sum.allocated += movement.allocated;
        REQUIRE(sum.allocated >= 0);
        REQUIRE(sum.on_hand >= sum.allocated);
        there[movement.location].on_hand += movement.on_hand;
        there[movement.location].allocated += movement.allocated;
        if (movement.reason == "returned") came_back += movement.on_hand;
      }
      sum.withheld = level.withheld;
      REQUIRE(level == sum);
      for (const auto& place : places) REQUIRE(there[place.location] == place.level);
      REQUIRE(came_back == restocked[sku]);
    }
  }

  // Whatever became of them, every return and every order can be brought to its end.
  void end_everything() {
    for (const ReturnId id : returns) {
      const Return now = ret(id);
      if (now.refused || now.closed) continue;
      REQUIRE(shop.returns->approve(shop.clerk, id).ok());
      for (const ReturnLine& line : now.lines)
        REQUIRE(shop.returns
                    ->receive(shop.clerk, id,
                              std::vector<ReturnTotals>{
                                  {.line = line.line, .damaged = line.damaged + line.received - line.judged()}})
                    .ok());
      REQUIRE(shop.returns->close(shop.clerk, id).ok());
    }
    for (const std::string& sku : kSkus) shop.put_in_stock(sku, 500);
    for (const OrderId id : orders) {
      Order order = shop.find(id);
      if (status_of(order) == OrderStatus::open || status_of(order) == OrderStatus::partially_shipped)
        REQUIRE(shop.orders->send_later(shop.clerk, id, {}).ok());
      for (const Hold& hold : order.holds) REQUIRE(shop.orders->release(shop.clerk, id, hold.number).ok());
      const OrderStatus status = status_of(order);
      if (status == OrderStatus::shipped || status == OrderStatus::cancelled) continue;
      if (order.paid && !order.by_marketplace) {
        for (const Parcel& parcel : order.packing)
          REQUIRE(shop.orders->ship(shop.clerk, id, {.identifier = parcel.identifier}).ok());
        for (std::size_t i = 0; i < order.lines.size(); ++i)  // what was missing is found
          if (const Line line = shop.find(id).lines[i]; line.count.missing > 0) {
            const auto find_all = [&](const std::string& part, std::int64_t pieces) {
              const Scan found{.line = i, .part = part, .quantity = pieces};
              if (pieces > 0) REQUIRE(Fulfilment(*shop.orders).pick(shop.clerk, id, found).ok());
            };
            if (line.parts.empty()) find_all("", line.count.allocated - line.count.picked);
            for (const LinePart& part : line.parts)
              find_all(part.sku, line.count.allocated * part.quantity - part.picked);
          }
        if (const OrderStatus now = status_of(shop.find(id)); now != OrderStatus::shipped)
          REQUIRE(shop.orders->ship(shop.clerk, id, {}).ok());
      } else
        REQUIRE(shop.orders->cancel(shop.clerk, id, "", {}).ok());
      const OrderStatus end = status_of(shop.find(id));
      REQUIRE((end == OrderStatus::shipped || end == OrderStatus::cancelled));
    }
  }
};

}  // namespace

TEST_CASE("orders: through any life, counters add up, stock equals its ledger, money balances and nothing is stuck") {
  Life life;
  Shop& shop = life.shop;
  life.open();
  REQUIRE(shop.locations->create(shop.clerk, "loft", {}).ok());
  REQUIRE(shop.locations->create(shop.clerk, "damaged", {.may_ship = false}).ok());
  for (const std::string& sku : kSkus) shop.put_in_stock(sku, 20);
  life.make_kits();
  // In which order a call's arguments are worked out differs between compilers, and so do the lives.
  const auto seen_all = [&] {
    return std::ranges::all_of(kKinds, [&](const char* kind) { return life.done[kind] > 0; });
  };
  for (int step = 0; step < kSteps || (step < kStepsMax && !seen_all()); ++step) {
    const std::int64_t what = life.below(31);
    if (what < 2 || life.orders.empty()) {
      life.place();
    } else if (what < 4) {
      const std::string sku = life.any(kSkus);
      if (const auto at = static_cast<stock::LocationId>(std::max<std::int64_t>(life.below(6) - 3, 0)); at == 0)
        shop.put_in_stock(sku, life.below(30));
      else
        shop.put_at(sku, at, shop.at(sku, at).on_hand + life.below(8));
    } else if (what < 7) {
      life.ship(life.any(life.orders));
    } else if (what == 7) {
      life.cancel(life.any(life.orders));
    } else if (what < 10) {
      life.hold(life.any(life.orders));
    } else if (what == 10) {
      const OrderId id = life.any(life.orders);
      life.twice("accepted", [&] { return shop.orders->accept(shop.clerk, id).ok(); });
    } else if (what == 11) {
      const OrderId id = life.any(life.orders);
      life.twice("tagged", [&] { return shop.orders->tag(shop.clerk, id, "t" + std::to_string(step % 3)).ok(); });
    } else if (what < 14) {
      life.ask_back(life.any(life.orders));
    } else if (what < 18) {
      if (!life.returns.empty()) life.work_on_return(life.any(life.returns));
    } else if (what == 30) {
      life.walk();
    } else if (what >= 27) {
      life.move_about();
    } else if (what >= 25) {
      life.edit(life.any(life.orders));
    } else if (what >= 20) {
      life.scan();
    } else {
      life.refund(life.any(life.orders));
    }
    if (step % 40 == 39) life.make_kits();
    if (step % 80 == 79) {
      shop.close();
      shop.open();
      life.open();
    }
    life.moved = step / 30;
    shop.clock.pass(std::chrono::minutes{7});
    life.check(step % 50 == 49);
  }
  life.end_everything();
  life.check(true);
  REQUIRE(shop.orders->count_sales(true).ok());
  life.check_sales();
  const auto rebuilt = shop.orders->rebuild_index(*shop.store, shop.folder.path() / "anew", {});
  REQUIRE(rebuilt.ok());
  CHECK((rebuilt->documents == life.orders.size() && rebuilt->mended == 0));
  for (const char* kind : kKinds) CHECK_MESSAGE(life.done[kind] > 0, (std::string(kind) + " happened"));
  CHECK(shop.audit->verify(shop.store->read())->fault.empty());
}
