// Sending an order in parts, from a chosen place, or with others in one parcel. Orders stay themselves: their counters,
// lines and numbers are as they were, so a channel is told of each what it knows.
#include <algorithm>
#include <map>

#include "orders/line_kits.h"
#include "orders/order_parts.h"
#include "orders/orders.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

Result<> has_not_ended(const Order& order) {
  const OrderStatus status = status_of(order);
  if (status == OrderStatus::cancelled || status == OrderStatus::shipped)
    return error(ErrorCode::conflict, "The order is " + std::string(status_name(status)) + ".");
  return {};
}

std::int64_t ready_pieces(const Order& order) {
  std::int64_t ready = 0;
  for (const Line& line : order.lines) ready += line.count.allocated - line.count.missing - line.count.later;
  return ready;
}

// The one that is asked for, or one that none of the orders has.
std::string parcel_name(const std::vector<Order>& orders, const std::string& asked) {
  if (!asked.empty()) return asked;
  std::size_t most = 0;
  for (std::size_t i = 0; i < orders.size(); ++i)
    if (orders[i].parcels.size() + orders[i].packing.size() > orders[most].parcels.size() + orders[most].packing.size())
      most = i;
  std::string name = next_parcel(orders[most]);
  const auto taken = [&](const Order& order) {
    return std::ranges::find(order.parcels, name, &Parcel::identifier) != order.parcels.end() ||
           std::ranges::find(order.packing, name, &Parcel::identifier) != order.packing.end();
  };
  for (std::size_t n = 1; std::ranges::any_of(orders, taken); ++n) name = "TOGETHER" + std::to_string(n);
  return name;
}

}  // namespace

Result<Order> Orders::send_later(const access::Actor& by, OrderId id, const Pieces& lines) {
  return change(by, id, "order.later", [&](storage::Write& work, Order& order) -> Result<> {
    PF_TRY(has_not_ended(order));
    Faults faults(ErrorCode::conflict, "That part cannot be sent later: ");
    std::vector<std::int64_t> later(order.lines.size(), 0);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto [number, pieces] = lines[i];
      const std::string at = "lines[" + std::to_string(i) + "].";
      if (number >= order.lines.size()) {
        faults.add(at + "line", "unknown", "the order has no line " + std::to_string(number));
        continue;
      }
      const std::int64_t untaken = untouched(order.lines[number]);
      later[number] += std::clamp<std::int64_t>(pieces, 0, kPiecesOfLineMax);
      if (pieces < 0 || later[number] > untaken)
        faults.add(at + "quantity", "range",
                   "of line " + std::to_string(number) + " only " + std::to_string(untaken) +
                       " pieces are ready and not picked yet");
    }
    PF_TRY(std::move(faults).checked());
    bool changed = false;
    json::Value told = json::Value::array();
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
      std::int64_t& kept = order.lines[i].count.later;
      changed = changed || kept != later[i];
      kept = later[i];
      if (kept > 0) told.push(json::Value::object({{"line", static_cast<std::uint64_t>(i)}, {"quantity", kept}}));
    }
    if (!changed) return {};
    return append_event(work, order, by, "later", json::Value::object({{"lines", std::move(told)}}));
  });
}

Result<> Orders::gather(storage::Write& work, Order& order, stock::LocationId at) {
  for (Line& line : order.lines) {
    // What somebody holds in his hands comes from where he took it.
    if (!from_stock(order, line) || line.count.allocated == 0 || untouched(line) < line.count.allocated) continue;
    const auto gathered = [&](std::string_view sku, const std::vector<stock::Share>& promised,
                              std::vector<stock::Share>& elsewhere) -> Result<> {
      PF_LET(auto shares, stock_.gather(work, sku, promised, at));
      std::erase_if(shares, [](const stock::Share& share) { return share.location == stock::kDefaultLocation; });
      elsewhere = std::move(shares);
      return {};
    };
    if (line.parts.empty()) PF_TRY(gathered(line.sku, promised_at(line), line.elsewhere));
    for (LinePart& part : line.parts) PF_TRY(gathered(part.sku, promised_at(line, part), part.elsewhere));
  }
  return {};
}

Result<Order> Orders::choose_location(const access::Actor& by, OrderId id, std::string_view code) {
  return change(by, id, "order.locate", [&](storage::Write& work, Order& order) -> Result<> {
    PF_TRY(has_not_ended(order));
    std::optional<stock::LocationId> chosen;
    if (!code.empty()) {
      PF_LET(const auto locations, stock_.locations(work));
      const stock::Location* location = stock::location_named(locations, code);
      if (location == nullptr) return invalid("location", "unknown", "There is no such stock location.");
      if (!location->sells())
        return error(ErrorCode::conflict, location->name + " ships no orders. Choose another, or let it ship.");
      chosen = location->id;
    }
    // Chosen again: what has arrived there since may be promised from there.
    const auto places_before = order.lines;
    if (chosen) PF_TRY(gather(work, order, *chosen));
    const bool moved = !std::ranges::equal(order.lines, places_before, [](const Line& a, const Line& b) {
      return a.elsewhere == b.elsewhere &&
             std::ranges::equal(a.parts, b.parts, {}, &LinePart::elsewhere, &LinePart::elsewhere);
    });
    if (order.location == chosen && !moved) return {};
    order.location = chosen;
    return append_event(work, order, by, "located", json::Value::object({{"location", code}}));
  });
}

Result<TogetherGroups> Orders::together(const storage::Reader& read) const {
  using catalog::Operator;
  OrderQuery query{.count = kTogetherLooked};
  query.where = {{"status", Operator::in, {"open", "partially_shipped"}},
                 {"held", Operator::eq, {"false"}},
                 {"fulfilled_by", Operator::eq, {"shop"}}};
  PF_LET(auto page, list(read, query));
  TogetherGroups found{.looked = page.orders.size(), .open = page.total};
  std::map<std::pair<std::string, std::string>, TogetherGroup> by_address;
  for (Order& order : page.orders) {
    if (ready_pieces(order) <= 0 || vault_.state(order.person) == vault::PersonState::purged) continue;
    auto mark = vault_.address_mark(read, order.subject(), order.person);
    if (!mark.ok() && mark.error().code == ErrorCode::gone) continue;  // meanwhile
    if (!mark.ok()) return mark.error();
    if (mark->empty()) continue;
    by_address[{*std::move(mark), lower_ascii(order.shipping_method)}].orders.push_back(std::move(order));
  }
  const auto promised = [](const Order& order) { return order.ship_by.value_or(Time::max()); };
  for (auto& [address, group] : by_address) {
    if (group.orders.size() < 2) continue;
    std::ranges::stable_sort(group.orders, {}, promised);
    found.groups.push_back(std::move(group));
  }
  std::ranges::stable_sort(found.groups, {},
                           [&](const TogetherGroup& group) { return promised(group.orders.front()); });
  return found;
}

Result<std::vector<Order>> Orders::ship_together(const access::Actor& by, const std::vector<OrderId>& ids,
                                                 const Shipment& shipment) {
  PF_TRY(check_shipment(shipment));
  if (ids.size() < 2 || ids.size() > kTogetherMax)
    return invalid("orders", "count", "Two to 20 orders can be sent in one parcel.");
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (std::ranges::find(ids.begin() + static_cast<std::ptrdiff_t>(i) + 1, ids.end(), ids[i]) != ids.end())
      return invalid("orders", "twice", "Order " + std::to_string(ids[i].raw()) + " is named twice.");
  if (!shipment.lines.empty())
    return invalid("lines", "unknown", "What is ready of each order is sent; no lines are named.");
  std::vector<Order> orders;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    orders.clear();
    std::string address;
    Faults faults(ErrorCode::conflict, "These orders cannot be sent together: ");
    const auto fault = [&](std::size_t i, const char* code, const std::string& why) {
      faults.add("orders[" + std::to_string(i) + "]", code, "order " + std::to_string(ids[i].raw()) + ": " + why);
    };
    for (std::size_t i = 0; i < ids.size(); ++i) {
      PF_LET(Order order, find(work, ids[i]));
      const auto mark = vault_.address_mark(work, order.subject(), order.person);
      if (!mark.ok() && mark.error().code != ErrorCode::gone) return mark.error();
      if (!mark.ok() || mark->empty())
        fault(i, "address", "its buyer's address is not known, so nobody can tell that it goes to the same place");
      else if (!address.empty() && *mark != address)
        fault(i, "address", "it goes to another buyer or address");
      else
        address = *mark;
      orders.push_back(std::move(order));
    }
    Shipment parcel = shipment;
    parcel.identifier = parcel_name(orders, shipment.identifier);
    for (std::size_t i = 0; i < orders.size() && faults.empty(); ++i) {
      Order& order = orders[i];
      const Order before = order;
      std::vector<OrderId> others = ids;
      std::erase(others, order.id);
      const auto shipped = ship_in(work, by, order, parcel, others);
      if (!shipped.ok()) {
        fault(i, "conflict", shipped.error().message);
        continue;
      }
      PF_TRY(save(work, &before, order));
      PF_TRY(audit_.append(work, by, "order.ship", object_name(order.id), {}));
    }
    return std::move(faults).checked();
  }));
  return orders;
}

}  // namespace pf::orders
