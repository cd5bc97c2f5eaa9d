// What leaves the house: a parcel, and what it takes from lines, open parcels and the stock.
#include <algorithm>

#include "orders/line_kits.h"
#include "orders/line_places.h"
#include "orders/order_parts.h"
#include "productflow/faults.h"

namespace pf::orders {
namespace {

struct Leaving {
  Parcel parcel{};
  Pieces wanted{};
  bool was_open = false;  // what lies in an open parcel leaves with that one alone
};

// `from`: of lines that are not named, only what is promised there.
Result<Leaving> what_leaves(Order& order, const Shipment& shipment, std::optional<stock::LocationId> from) {
  Leaving leaving{{shipment.identifier, shipment.method, shipment.track_and_trace, {}}, shipment.lines};
  const auto open = std::ranges::find(order.packing, shipment.identifier, &Parcel::identifier);
  leaving.was_open = open != order.packing.end();
  if (leaving.was_open) {
    if (!shipment.lines.empty())
      return error(ErrorCode::conflict, "Parcel " + shipment.identifier +
                                            " is being packed and leaves as it is: name no lines, or another parcel.");
    leaving.wanted = open->lines;
    leaving.parcel = *open;
    // What a label was printed with stays, unless the caller knows better.
    if (!shipment.method.empty()) leaving.parcel.method = shipment.method;
    if (!shipment.track_and_trace.empty()) leaving.parcel.track_and_trace = shipment.track_and_trace;
    leaving.parcel.lines.clear();
    order.packing.erase(open);
    return leaving;
  }
  if (leaving.parcel.identifier.empty()) leaving.parcel.identifier = next_parcel(order);
  bool missing = false, later = false;
  if (leaving.wanted.empty())
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
      const LineCounters& count = order.lines[i].count;
      const std::int64_t ready = count.allocated - count.packed - count.missing - count.later;
      if (ready > 0 && !from) leaving.wanted.emplace_back(i, ready);
      if (ready > 0 && from && from_stock(order, order.lines[i]))
        if (const std::int64_t there = ready_at(order.lines[i], ready, *from); there > 0)
          leaving.wanted.emplace_back(i, there);
      missing = missing || count.missing > 0;
      later = later || count.later > 0;
    }
  if (!leaving.wanted.empty()) return leaving;
  if (!order.packing.empty())
    return error(ErrorCode::conflict, "All that is ready lies in open parcels: ship " + order.packing[0].identifier +
                                          " by its name, or unpack it.");
  if (from)
    return error(ErrorCode::conflict, "Nothing of this order that is ready is promised at that stock location.");
  if (missing)
    return error(ErrorCode::conflict,
                 "All that is ready was looked for in vain. Name the lines to ship, if it was found.");
  if (later)
    return error(ErrorCode::conflict,
                 "All that is ready is to leave later. Take it back into the order, or name the lines to ship.");
  return error(ErrorCode::conflict,
               "Nothing of this order is in stock, so nothing can be shipped. It waits for new stock.");
}

// {"location": its code, "quantity"} of each place that is not the default one; null if all lay there.
json::Value places_value(const std::vector<stock::Location>& locations, const std::vector<stock::Share>& shares) {
  json::Value from = json::Value::array();
  bool elsewhere = false;
  for (const stock::Share& share : shares) {
    const stock::Location* location = stock::location_of(locations, share.location);
    from.push(
        json::Value::object({{"location", location != nullptr ? location->code : ""}, {"quantity", share.pieces}}));
    elsewhere = elsewhere || share.location != stock::kDefaultLocation;
  }
  return elsewhere ? from : json::Value(nullptr);
}

}  // namespace

Result<> check_shipment(const Shipment& shipment) {
  Faults faults;
  check_text(faults, "identifier", shipment.identifier, kTextBytesMax);
  check_text(faults, "method", shipment.method, kTextBytesMax);
  check_text(faults, "track_and_trace", shipment.track_and_trace, kTextBytesMax);
  return std::move(faults).checked();
}

Result<Order> Orders::ship(const access::Actor& by, OrderId id, const Shipment& shipment) {
  PF_TRY(check_shipment(shipment));
  return change(by, id, "order.ship",
                [&](storage::Write& work, Order& order) { return ship_in(work, by, order, shipment, {}); });
}

Result<> Orders::ship_in(storage::Write& work, const access::Actor& by, Order& order, const Shipment& shipment,
                         const std::vector<OrderId>& together) {
  const OrderStatus status = status_of(order);
  if (status == OrderStatus::cancelled)
    return error(ErrorCode::conflict, "The order is cancelled and cannot be shipped.");
  if (status == OrderStatus::shipped) return error(ErrorCode::conflict, "The order is shipped already.");
  if (status == OrderStatus::awaiting_payment)
    return error(ErrorCode::conflict, "The order is not paid yet and cannot be shipped.");
  PF_TRY(may_leave(order));
  std::vector<stock::Location> locations;  // read only where there may be another than the default one
  std::optional<stock::LocationId> from;
  if (!shipment.location.empty() ||
      std::ranges::any_of(order.lines, [](const Line& line) { return !line.elsewhere.empty(); })) {
    PF_LET(locations, stock_.locations(work));
  }
  if (!shipment.location.empty()) {
    const stock::Location* location = stock::location_named(locations, shipment.location);
    if (location == nullptr) return invalid("location", "unknown", "There is no such stock location.");
    from = location->id;
  }
  PF_LET(auto leaving, what_leaves(order, shipment, from));
  const bool was_open = leaving.was_open;
  const Pieces& wanted = leaving.wanted;
  Parcel parcel = std::move(leaving.parcel);
  parcel.at = clock_.now();
  parcel.together = together;
  json::Value lines = json::Value::array();
  for (const auto& [number, count] : wanted) {
    const std::string at = "lines[" + std::to_string(number) + "].quantity";
    if (number >= order.lines.size())
      return invalid(at, "unknown", "The order has no line " + std::to_string(number + 1) + ".");
    Line& line = order.lines[number];
    if (count <= 0) return invalid(at, "range", "The quantity must be above zero.");
    const std::int64_t loose = line.count.allocated - line.count.packed;
    if (!was_open && count > loose) {
      Error more = error(
          ErrorCode::conflict,
          "Of line " + std::to_string(number + 1) + " only " + std::to_string(loose) + " pieces can be shipped now" +
              (line.count.packed > 0 ? "; " + std::to_string(line.count.packed) + " lie in open parcels." : "."));
      more.faults.push_back({at, "stock", more.message});
      return more;
    }
    if (was_open) line.count.packed -= count;
    leave_shelf(line, count);  // those off the shelf leave first
    json::Value left = json::Value::object({{"line", static_cast<std::uint64_t>(number)}, {"quantity", count}});
    if (from_stock(order, line)) {
      PF_LET(const auto shares, send_off(work, line, count, from));
      if (auto places = places_value(locations, shares); !places.is_null()) left.set("from", std::move(places));
    } else {
      line.count.allocated -= count;
    }
    line.count.shipped += count;
    parcel.lines.emplace_back(number, count);
    lines.push(std::move(left));
  }
  fit_to_allocated(order);
  order.accepted = true;
  json::Value details = json::Value::object({{"identifier", parcel.identifier},
                                             {"method", parcel.method},
                                             {"track_and_trace", parcel.track_and_trace},
                                             {"lines", std::move(lines)}});
  if (!together.empty()) details.set("together", numbers_of(together));
  PF_TRY(append_event(work, order, by, "shipped", std::move(details)));
  order.parcels.push_back(std::move(parcel));
  return {};
}

}  // namespace pf::orders
