#include "orders/orders.h"

#include <algorithm>
#include <array>
#include <map>

#include "json/members.h"
#include "orders/line_kits.h"
#include "orders/line_places.h"
#include "orders/order_keys.h"
#include "orders/order_parts.h"
#include "orders/order_record.h"
#include "orders/sale_totals.h"
#include "productflow/text.h"

namespace pf::orders {

json::Value numbers_of(const std::vector<OrderId>& ids) {
  json::Value out = json::Value::array();
  for (const OrderId id : ids) out.push(std::to_string(id.raw()));
  return out;
}

std::string_view status_name(OrderStatus status) {
  switch (status) {
    case OrderStatus::awaiting_payment:
      return "awaiting_payment";
    case OrderStatus::open:
      return "open";
    case OrderStatus::partially_shipped:
      return "partially_shipped";
    case OrderStatus::shipped:
      return "shipped";
    case OrderStatus::cancelled:
      return "cancelled";
  }
  return "";
}

OrderStatus status_of(const Order& order) {
  std::int64_t ordered = 0, cancelled = 0, shipped = 0;
  for (const Line& line : order.lines) {
    ordered += line.count.ordered;
    cancelled += line.count.cancelled;
    shipped += line.count.shipped;
  }
  if (cancelled == ordered) return OrderStatus::cancelled;
  if (shipped + cancelled == ordered) return OrderStatus::shipped;
  if (shipped > 0) return OrderStatus::partially_shipped;
  return order.paid ? OrderStatus::open : OrderStatus::awaiting_payment;
}

Stage stage_of(const Order& order) {
  std::int64_t to_pick = 0, picked = 0, missing = 0, packed = 0;
  bool begun = false;
  for (const Line& line : order.lines) {
    to_pick += line.count.to_pick();
    picked += line.count.picked;
    missing += line.count.missing;
    packed += line.count.packed;
    // Of a kit that is not whole yet: work has begun.
    begun = begun || std::ranges::any_of(line.parts, [](const LinePart& part) { return part.picked > 0; });
  }
  if (picked + missing == 0) return begun ? Stage::picking : Stage::none;
  if (packed > 0) return packed == picked && to_pick == 0 ? Stage::packed : Stage::packing;
  return to_pick == 0 ? Stage::picked : Stage::picking;
}

std::string next_parcel(const Order& order) {
  for (std::size_t number = order.parcels.size() + order.packing.size() + 1;; ++number) {
    std::string name = "PACK" + std::string(number < 10 ? "0" : "") + std::to_string(number);
    if (std::ranges::find(order.parcels, name, &Parcel::identifier) == order.parcels.end() &&
        std::ranges::find(order.packing, name, &Parcel::identifier) == order.packing.end())
      return name;
  }
}

void fit_to_allocated(Order& order) {
  bool worked = false;
  for (std::size_t number = 0; number < order.lines.size(); ++number) {
    LineCounters& count = order.lines[number].count;
    std::vector<LinePart>& parts = order.lines[number].parts;
    if (parts.empty()) {
      count.picked = std::min(count.picked, count.allocated);
      count.missing = std::min(count.missing, count.allocated - count.picked);
      count.later = std::min(count.later, count.allocated - count.picked - count.missing);
    } else {
      fit_kit(order.lines[number]);
    }
    for (auto parcel = order.packing.rbegin(); parcel != order.packing.rend() && count.packed > count.picked; ++parcel)
      for (auto& [line, pieces] : parcel->lines)
        if (line == number) {
          const std::int64_t out = std::min(pieces, count.packed - count.picked);
          pieces -= out;
          count.packed -= out;
        }
    worked = worked || count.picked + count.missing > 0;
    for (LinePart& part : parts) {
      part.laid = std::min(part.laid, part.picked - count.packed * part.quantity);
      worked = worked || part.picked + part.missing > 0;
    }
  }
  for (Parcel& parcel : order.packing) std::erase_if(parcel.lines, [](const auto& one) { return one.second == 0; });
  std::erase_if(order.packing, [](const Parcel& parcel) { return parcel.lines.empty(); });
  order.picking = order.picking && worked;
}

std::optional<Money> paid_amount(const Order& order) {
  if (!order.paid) return Money{0, order.currency};
  return order.paid_total ? order.paid_total : order.total;
}

bool from_stock(const Order& order, const Line& line) {
  return !order.by_marketplace && !line.sku.empty();
}

std::vector<storage::Family> Orders::families() {
  return {{.name = std::string(kOrdersFamily)},
          search::Index::family(std::string(kOrderIndexFamily)),
          sale_totals_family()};
}

Orders::Orders(storage::Store& store, stock::Stock& stock, vault::Vault& vault, audit::Audit& audit, const Clock& clock,
               events::Events* events)
    : store_(store),
      stock_(stock),
      vault_(vault),
      audit_(audit),
      clock_(clock),
      told_(events),
      index_(store, kOrderIndexFamily, kOrderCoarse),
      family_(store.family(kOrdersFamily)),
      totals_(store.family(kSaleTotalsFamily)) {}

Result<> Orders::append_event(storage::Write& work, Order& order, const access::Actor& by, std::string_view kind,
                              json::Value details) {
  work.put(family_, event_key(order.id.raw(), ++order.events),
           json::write(json::Value::object(
               {{"at", rfc3339(clock_.now())}, {"by", by.name}, {"kind", kind}, {"details", std::move(details)}})));
  return {};
}

Result<> Orders::save(storage::Write& work, const Order* before, Order& after) {
  after.updated_at = clock_.now();
  PF_TRY(categorise(work, before, after));
  count_sale(work, totals_, before, after);
  work.put(family_, order_key(after.id.raw()), write_order(after));
  // A kit waits for itself, since it may become another, and for each of its parts.
  for (const Line& line : after.lines)
    if (line.count.backordered > 0)
      for (const std::string& sku : stock_skus(line)) work.put(family_, waiting_key(sku, after.id.raw()), {});
  if (before != nullptr)
    for (const Line& line : before->lines)
      if (line.count.backordered > 0)
        for (const std::string& sku : stock_skus(line))
          if (std::ranges::none_of(after.lines,
                                   [&](const Line& now) { return now.count.backordered > 0 && takes_from(now, sku); }))
            work.erase(family_, waiting_key(sku, after.id.raw()));
  const auto waits_for_product = [](const Order& order) {
    const OrderStatus status = status_of(order);
    return status != OrderStatus::shipped && status != OrderStatus::cancelled &&
           std::ranges::any_of(order.marks,
                               [](const Mark& mark) { return mark.kind == Attention::unknown_sku && !mark.dismissed; });
  };
  if (const bool waits = waits_for_product(after); waits != (before != nullptr && waits_for_product(*before))) {
    if (waits)
      work.put(family_, unknown_key(after.id.raw()), {});
    else
      work.erase(family_, unknown_key(after.id.raw()));
  }
  PF_TRY(tell(work, before, after));
  return index_.update(work, after.document, before != nullptr ? index_entry(*before) : search::Entry{},
                       index_entry(after));
}

// What names no person: the order, its channel's number, its state.
Result<> Orders::tell(storage::Write& work, const Order* before, const Order& after) {
  if (told_ == nullptr) return {};
  const json::Value data = json::Value::object({{"id", std::to_string(after.id.raw())},
                                                {"channel", after.channel},
                                                {"channel_order_id", after.channel_order_id},
                                                {"status", status_name(status_of(after))}});
  PF_TRY(told_->add(work, before == nullptr ? events::type::kOrderCreated : events::type::kOrderUpdated, data));
  if (before == nullptr) return {};
  for (std::size_t i = 0; i < after.parcels.size(); ++i) {
    const Parcel& now = after.parcels[i];
    const Parcel* was = i < before->parcels.size() ? &before->parcels[i] : nullptr;
    if (was != nullptr && was->method == now.method && was->track_and_trace == now.track_and_trace) continue;
    json::Value parcel = data;
    parcel.set("shipment", now.identifier);
    PF_TRY(told_->add(work, was == nullptr ? events::type::kShipmentCreated : events::type::kShipmentUpdated,
                      std::move(parcel)));
  }
  if (before->person.epoch != vault::kErasedEpoch && after.person.epoch == vault::kErasedEpoch)
    PF_TRY(told_->add(work, events::type::kOrderPurged, data));
  return {};
}

Result<Order> Orders::find(const storage::Reader& read, OrderId id) const {
  PF_LET(const auto record, read.get(family_, order_key(id.raw())));
  if (!record) return error(ErrorCode::not_found, "There is no order " + std::to_string(id.raw()) + ".");
  return read_order(id, *record);
}

Result<std::vector<Event>> Orders::events(const storage::Reader& read, OrderId id) const {
  return events_after(read, id, 0, SIZE_MAX);
}

Result<std::vector<Event>> Orders::events_after(const storage::Reader& read, OrderId id, std::uint32_t after,
                                                std::size_t count) const {
  std::vector<Event> found;
  if (after == UINT32_MAX) return found;
  for (auto row = read.scan(family_, event_key(id.raw(), after + 1), events_prefix(id.raw() + 1));
       row.valid() && found.size() < count; row.next()) {
    PF_LET(const auto body, json::parse(row.value()));
    const auto at = parse_time(json::text_in(body, "at"));
    found.push_back({get_be32(row.key().substr(9)), at.ok() ? *at : Time{}, json::text_in(body, "by"),
                     json::text_in(body, "kind"),
                     body.find("details") != nullptr ? *body.find("details") : json::Value()});
  }
  return found;
}

Result<std::vector<Event>> Orders::events_remembered(const storage::Reader& read, const Order& order) const {
  return events_after(read, order.id, before_remembered(order), SIZE_MAX);
}

Result<bool> Orders::heard_before(const storage::Reader& read, const Order& order, std::string_view member,
                                  std::string_view key) const {
  if (key.empty()) return false;
  PF_LET(const auto recent, events_remembered(read, order));
  return std::ranges::any_of(recent, [&](const Event& one) { return json::text_in(one.details, member) == key; });
}

Result<Order> Orders::change(const access::Actor& by, OrderId id, std::string_view action,
                             const std::function<Result<>(storage::Write&, Order&)>& how) {
  Order order;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(order, change_in(work, by, id, action, [&](Order& changed) { return how(work, changed); }));
    return {};
  }));
  return order;
}

Result<Order> Orders::change_in(storage::Write& work, const access::Actor& by, OrderId id, std::string_view action,
                                const std::function<Result<>(Order&)>& how) {
  PF_LET(Order order, find(work, id));
  const Order before = order;
  PF_TRY(how(order));
  if (order.events == before.events) return order;
  PF_TRY(save(work, &before, order));
  PF_TRY(audit_.append(work, by, action, object_name(id), {}));
  return order;
}

Result<Order> Orders::accept(const access::Actor& by, OrderId id) {
  return change(by, id, "order.accept", [&](storage::Write& work, Order& order) -> Result<> {
    const OrderStatus status = status_of(order);
    if (status == OrderStatus::cancelled)
      return error(ErrorCode::conflict, "The order is cancelled and cannot be accepted.");
    if (order.accepted) return {};
    order.accepted = true;
    return append_event(work, order, by, "accepted", {});
  });
}

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
  Error faults{ErrorCode::invalid, "", {}};
  check_text(faults, "identifier", shipment.identifier, kTextBytesMax);
  check_text(faults, "method", shipment.method, kTextBytesMax);
  check_text(faults, "track_and_trace", shipment.track_and_trace, kTextBytesMax);
  if (faults.faults.empty()) return {};
  faults.message = faults.faults[0].field + " " + faults.faults[0].message;
  return faults;
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

Result<json::Value> Orders::release_lines(storage::Write& work, const access::Actor& by, Order& order,
                                          const Pieces& lines, CancelFate fate) {
  json::Value told = json::Value::array();
  for (const auto& wanted : lines) {
    const std::size_t number = wanted.first;
    const std::int64_t count = wanted.second;
    const std::string at = "lines[" + std::to_string(number) + "].quantity";
    if (number >= order.lines.size())
      return invalid(at, "unknown", "The order has no line " + std::to_string(number + 1) + ".");
    LineCounters& counters = order.lines[number].count;
    if (count < 0 || count > counters.backordered + counters.allocated)
      return error(ErrorCode::conflict, "Of line " + std::to_string(number + 1) + " only " +
                                            std::to_string(counters.backordered + counters.allocated) +
                                            " pieces can be cancelled; the rest is shipped or cancelled.");
    const std::int64_t waiting = std::min(count, counters.backordered);  // what nobody has promised goes first
    const std::int64_t freed = count - waiting;
    Line& line = order.lines[number];
    // What becomes of the pieces that go, of the line or of one of its parts, whose SKU and counters these are.
    const auto let_go = [&](std::string_view sku, const LineCounters& of, Lying lying, std::int64_t gone) -> Result<> {
      const std::int64_t touched = std::max<std::int64_t>(gone - of.to_pick() - of.later, 0);
      const std::int64_t missing = std::min(touched, of.missing), picked = touched - missing;
      if (from_stock(order, line)) {
        const std::int64_t damaged = fate.picked == PickedFate::damaged ? picked : 0;
        const std::int64_t lost = fate.missing == MissingFate::lost ? missing : 0;
        PF_TRY(stock_.write_off(work, by, sku, lying.take_to_release(damaged), "damaged"));
        PF_TRY(stock_.write_off(work, by, sku, lying.take_to_release(lost), "lost"));
        PF_TRY(stock_.release(work, sku, lying.take_to_release(gone - damaged - lost)));
      }
      if (touched == 0) return {};
      json::Value said = json::Value::object({{"line", static_cast<std::uint64_t>(number)}, {"sku", sku}});
      if (picked > 0) {
        said.set("picked", picked);
        said.set("picked_became", name_of(kPickedFateNames, fate.picked));
      }
      if (missing > 0) {
        said.set("missing", missing);
        said.set("missing_became", name_of(kMissingFateNames, fate.missing));
      }
      told.push(std::move(said));
      return {};
    };
    if (line.parts.empty()) PF_TRY(let_go(line.sku, counters, Lying(line), freed));
    for (LinePart& part : line.parts)
      PF_TRY(let_go(part.sku, counters_of(line, part), Lying(line, part), freed * part.quantity));
    counters.allocated -= freed;
    counters.backordered -= waiting;
    counters.cancelled += count;
  }
  fit_to_allocated(order);
  return told.as_array()->empty() ? json::Value(nullptr) : told;
}

Result<Order> Orders::cancel(const access::Actor& by, OrderId id, std::string_view reason, const Pieces& lines,
                             CancelFate fate) {
  if (reason.size() > kTextBytesMax) return invalid("reason", "length", "The reason must have at most 500 bytes.");
  std::vector<std::string> freed;
  PF_LET(Order order, change(by, id, "order.cancel", [&](storage::Write& work, Order& changed) -> Result<> {
           const OrderStatus status = status_of(changed);
           if (status == OrderStatus::cancelled) return error(ErrorCode::conflict, "The order is cancelled already.");
           if (status == OrderStatus::shipped)
             return error(ErrorCode::conflict, "The order is shipped; what has left the house comes back as a return.");
           Pieces wanted = lines;
           if (wanted.empty())
             for (std::size_t i = 0; i < changed.lines.size(); ++i)
               wanted.emplace_back(i, changed.lines[i].count.allocated + changed.lines[i].count.backordered);
           PF_LET(auto told, release_lines(work, by, changed, wanted, fate));
           changed.cancel_reason = reason;
           for (const auto& [number, count] : wanted)
             for (std::string& sku : stock_skus(changed.lines[number])) freed.push_back(std::move(sku));
           json::Value details = json::Value::object({{"reason", reason}});
           if (!told.is_null()) details.set("lines", std::move(told));
           return append_event(work, changed, by, "cancelled", std::move(details));
         }));
  // In a unit of its own: what was freed goes to those who wait.
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    for (const std::string& sku : freed) PF_TRY(fill_backorders(work, sku));
    return {};
  }));
  return order;
}

Result<Order> Orders::link_line(const access::Actor& by, OrderId id, std::size_t number, std::string_view sku) {
  std::vector<std::string> freed;
  PF_LET(
      Order order, change(by, id, "order.link", [&](storage::Write& work, Order& changed) -> Result<> {
        if (number >= changed.lines.size())
          return error(ErrorCode::not_found, "The order has no line " + std::to_string(number) + ".");
        Line& line = changed.lines[number];
        if (line.sku == sku) return {};
        LineCounters& count = line.count;
        if (count.shipped > 0 || count.cancelled > 0)
          return error(ErrorCode::conflict,
                       "Some of this line was shipped or cancelled already, so what it is "
                       "stays as it was.");
        if (from_stock(changed, line)) {
          PF_TRY(give_back(work, line, count.allocated));
          freed = stock_skus(line);
        }
        const std::string before = line.sku;
        if (line.channel_sku.empty()) line.channel_sku = before;
        line.sku = sku;
        if (line.channel_sku == line.sku) line.channel_sku.clear();
        line.elsewhere.clear();
        line.parts.clear();
        count.allocated = 0;
        std::int64_t given = count.ordered;
        if (from_stock(changed, line)) {
          PF_LET(given, give(work, line, count.ordered, changed.location));
        }
        count.allocated = given;
        count.backordered = count.ordered - count.allocated;
        count.picked = count.missing = count.later = 0;  // that was another product
        fit_to_allocated(changed);
        PF_TRY(mark_unknown(work, changed));
        return append_event(
            work, changed, by, "line_linked",
            json::Value::object({{"line", static_cast<std::uint64_t>(number)}, {"from", before}, {"sku", line.sku}}));
      }));
  // In a unit of its own, as at a cancellation.
  if (!freed.empty())
    PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
      for (const std::string& one : freed) PF_TRY(fill_backorders(work, one));
      return {};
    }));
  return order;
}

Result<> Orders::fill_backorders(storage::Write& work, std::string_view sku, bool made_anew) {
  if (sku.empty()) return {};
  std::vector<std::uint64_t> waiting;
  for (auto row = work.scan_prefix(family_, waiting_prefix(sku)); row.valid(); row.next())
    waiting.push_back(get_be64(row.key().substr(row.key().size() - 8)));
  for (const std::uint64_t id : waiting) {
    PF_LET(const auto level, stock_.level(work, sku));
    if (level.available() <= 0 && !made_anew) return {};
    PF_LET(Order order, find(work, OrderId(id)));
    const Order before = order;
    std::map<std::string, std::int64_t> given_of;  // product or kit
    bool changed = false;
    for (Line& line : order.lines) {
      if (line.count.backordered == 0 || !from_stock(order, line) || !takes_from(line, sku)) continue;
      const auto made_of = line.parts;
      PF_LET(const std::int64_t given, give(work, line, line.count.backordered, order.location));
      line.count.backordered -= given;
      line.count.allocated += given;
      if (given > 0) given_of[line.sku] += given;
      changed = changed || given > 0 || !std::ranges::equal(made_of, line.parts, {}, &LinePart::sku, &LinePart::sku) ||
                !std::ranges::equal(made_of, line.parts, {}, &LinePart::quantity, &LinePart::quantity);
    }
    if (!changed) continue;
    for (const auto& [given_sku, pieces] : given_of)
      PF_TRY(append_event(work, order, access::system_actor(), "allocated",
                          json::Value::object({{"sku", given_sku}, {"quantity", pieces}})));
    PF_TRY(save(work, &before, order));
  }
  return {};
}

Result<> Orders::fill_everybody() {
  std::vector<std::string> skus;
  {
    const auto read = store_.read();
    for (auto row = read.scan_prefix(family_, kWaitingPrefix); row.valid(); row.next()) {
      const std::string_view sku =
          row.key().substr(kWaitingPrefix.size(), row.key().size() - kWaitingPrefix.size() - 9);
      if (skus.empty() || skus.back() != sku) skus.emplace_back(sku);
    }
  }
  for (const std::string& sku : skus)
    PF_TRY(store_.write([&](storage::Write& work) { return fill_backorders(work, sku); }));
  return {};
}

bool Orders::anybody_waits(const storage::Reader& read) const {
  return read.scan_prefix(family_, kWaitingPrefix).valid();
}

Result<vault::Buyer> Orders::reveal(const access::Actor& by, OrderId id, std::string_view reason) {
  PF_LET(auto buyers, reveal(by, std::span(&id, 1), reason));
  return std::move(buyers[0]);
}

Result<std::vector<vault::Buyer>> Orders::reveal(const access::Actor& by, std::span<const OrderId> ids,
                                                 std::string_view reason) {
  std::vector<vault::Buyer> buyers;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    buyers.clear();
    for (const OrderId id : ids) {
      PF_LET(const Order order, find(work, id));
      PF_LET(auto buyer, vault_.reveal(work, by, reason, order.subject(), order.person, object_name(id)));
      buyers.push_back(std::move(buyer));
    }
    return {};
  }));
  return buyers;
}

}  // namespace pf::orders
