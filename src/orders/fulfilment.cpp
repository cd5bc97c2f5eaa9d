// 1. packed <= picked and picked + missing <= allocated, of every line; what lies in open parcels sums up to packed.
// 2. Scans decide on counters that they read in their own unit of work, so two people never pick the same piece.
// 3. An event says all that undoing it needs.
#include "orders/fulfilment.h"

#include <algorithm>

#include "json/members.h"
#include "orders/line_places.h"
#include "orders/order_parts.h"
#include "orders/scan_parts.h"
#include "productflow/text.h"

namespace pf::orders {

Error scan_fault(const char* code, std::string message) {
  return Error{ErrorCode::conflict, message, {{"code", code, message}}};
}

std::string called(const Line& line) {
  if (line.title.empty() || line.title == line.sku) return line.sku;
  return line.sku.empty() ? line.title : line.title + " (" + line.sku + ")";
}

Result<> workable(const Order& order) {
  switch (status_of(order)) {
    case OrderStatus::cancelled:
      return error(ErrorCode::conflict, "The order is cancelled.");
    case OrderStatus::shipped:
      return error(ErrorCode::conflict, "The order is shipped already.");
    case OrderStatus::awaiting_payment:
      return error(ErrorCode::conflict, "The order is not paid yet.");
    default:
      return may_leave(order);
  }
}

Result<> check_scan(const Scan& scan) {
  Error faults{ErrorCode::invalid, "", {}};
  check_text(faults, "code", scan.code, kCodeBytesMax);
  check_text(faults, "scan", scan.key, kScanKeyBytesMax);
  if (scan.quantity < 1 || scan.quantity > kPiecesOfLineMax)
    faults.faults.push_back({"quantity", "range", "must be between 1 and 1,000,000"});
  if (faults.faults.empty()) return {};
  faults.message = faults.faults[0].field + " " + faults.faults[0].message;
  return faults;
}

bool carries(const Line& line, const Scan& scan) {
  const auto is = [&](std::string_view number) {
    return !number.empty() && (number == line.sku || number == line.channel_sku);
  };
  return is(scan.code) || std::ranges::any_of(scan.skus, is) ||
         (!line.sku.empty() && lower_ascii(line.sku) == lower_ascii(scan.code));
}

namespace {

// The line that has room for the scanned pieces, or why there is none. `room_of`: pieces of a line's counters.
template <class Room>
Result<std::size_t> line_for(const Order& order, const Scan& scan, Room&& room_of, const char* done) {
  if (scan.code.empty()) {
    if (scan.line >= order.lines.size())
      return invalid("line", "unknown", "The order has no line " + std::to_string(scan.line) + ".");
  } else if (std::ranges::none_of(order.lines, [&](const Line& line) { return carries(line, scan); })) {
    if (scan.name.empty())
      return scan_fault("unknown_code", "No product and no line of this order has the code " + scan.code + ".");
    return scan_fault("not_on_list", "This is " + scan.name + ", not on this list.");
  }
  std::optional<std::size_t> fits;
  const Line* most = nullptr;
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const Line& line = order.lines[i];
    if (scan.code.empty() ? i != scan.line : !carries(line, scan)) continue;
    if (!fits && room_of(line.count) >= scan.quantity) fits = i;
    if (most == nullptr || room_of(line.count) > room_of(most->count)) most = &line;
  }
  if (fits) return *fits;
  const std::int64_t room = room_of(most->count);
  if (order.picking && room == 0 && std::string_view(done) == "packed" &&
      most->count.to_pick() + most->count.missing > 0)
    return scan_fault("not_picked", called(*most) + " is not picked yet.");
  if (room == 0)
    return scan_fault("complete",
                      "All that is ready of " + called(*most) + " is " + done + ": there is no more to do.");
  return scan_fault("complete", "Of " + called(*most) + " only " + std::to_string(room) + " more can be " + done + ".");
}

bool is_scan(const Event& event) {
  return event.kind == "picked" || event.kind == "short" || event.kind == "packed";
}

json::Value scan_details(const Order& order, std::size_t line, const Scan& scan) {
  json::Value details = json::Value::object({{"line", static_cast<std::uint64_t>(line)},
                                             {"sku", order.lines[line].sku},
                                             {"quantity", scan.quantity},
                                             {"scanned", !scan.code.empty()}});
  if (!scan.key.empty()) details.set("scan", scan.key);
  return details;
}

Result<Parcel*> open_parcel(Order& order, std::string_view name) {
  const auto found = std::ranges::find(order.packing, name, &Parcel::identifier);
  if (found == order.packing.end())
    return error(ErrorCode::not_found, "The order has no open parcel " + std::string(name.substr(0, 60)) + ".");
  return &*found;
}

// Among the open ones, or a new one.
Result<Parcel*> parcel_for(Order& order, std::string_view asked, Time now) {
  const std::string name = !asked.empty()          ? std::string(asked)
                           : order.packing.empty() ? next_parcel(order)
                                                   : order.packing.back().identifier;
  if (auto found = open_parcel(order, name); found.ok()) return *found;
  const bool plain = name.size() <= kParcelNameBytesMax && std::ranges::all_of(name, [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                              c == '_' || c == '-';
                     });
  if (!plain)
    return invalid("parcel", "format", "A parcel's name is made of at most 40 letters, digits and . _ - alone.");
  if (std::ranges::find(order.parcels, name, &Parcel::identifier) != order.parcels.end())
    return error(ErrorCode::conflict, "Parcel " + name + " has left already. Take another name.");
  if (order.packing.size() >= kOpenParcelsMax)
    return error(ErrorCode::conflict, "An order has at most 100 open parcels. Ship one first.");
  order.packing.push_back({name, "", "", now, {}});
  return &order.packing.back();
}

void put_into(Parcel& parcel, std::size_t line, std::int64_t pieces) {
  const auto there = std::ranges::find(parcel.lines, line, &Pieces::value_type::first);
  if (there != parcel.lines.end())
    there->second += pieces;
  else
    parcel.lines.emplace_back(line, pieces);
}

// Takes the pieces back that `scan` moved, or says why not.
Result<> take_back(Order& order, const Event& scan) {
  const Error gone = error(ErrorCode::conflict, "These pieces have gone further since: undo what came later first.");
  const std::int64_t at = json::number_in(scan.details, "line"), pieces = json::number_in(scan.details, "quantity");
  if (at < 0 || static_cast<std::size_t>(at) >= order.lines.size()) return gone;
  const std::size_t number = static_cast<std::size_t>(at);
  LineCounters& count = order.lines[number].count;
  if (scan.kind == "short") {
    if (count.missing < pieces) return gone;
    count.missing -= pieces;
  } else if (scan.kind == "picked") {
    if (count.picked - count.packed < pieces) return gone;
    count.picked -= pieces;
    count.missing =
        std::min(count.missing + json::number_in(scan.details, "found"), count.allocated - count.picked - count.later);
  } else {
    const auto parcel = std::ranges::find(order.packing, json::text_in(scan.details, "parcel"), &Parcel::identifier);
    if (parcel == order.packing.end()) return gone;
    const auto lying = std::ranges::find(parcel->lines, number, &Pieces::value_type::first);
    if (lying == parcel->lines.end() || lying->second < pieces) return gone;
    lying->second -= pieces;
    count.packed -= pieces;
    count.picked -= std::min(json::number_in(scan.details, "picked"), count.picked - count.packed);
  }
  fit_to_allocated(order);
  return {};
}

}  // namespace

json::Value count_picked(Order& order, std::size_t line, const Scan& scan) {
  LineCounters& count = order.lines[line].count;
  json::Value details = scan_details(order, line, scan);
  count.picked += scan.quantity;
  const std::int64_t found = std::max<std::int64_t>(-count.to_pick(), 0);  // more than was known to be there
  count.missing -= found;
  if (found > 0) details.set("found", found);
  order.picking = true;
  return details;
}

json::Value count_missing(Order& order, std::size_t line, const Scan& scan) {
  order.lines[line].count.missing += scan.quantity;
  order.picking = true;
  return scan_details(order, line, scan);
}

Result<Order> Fulfilment::pick(const access::Actor& by, OrderId id, const Scan& scan) {
  PF_TRY(check_scan(scan));
  return orders_.change(by, id, "order.pick", [&](storage::Write& work, Order& order) -> Result<> {
    PF_LET(const bool known, orders_.heard_before(work, order, "scan", scan.key));
    if (known) return {};
    PF_TRY(workable(order));
    PF_LET(const std::size_t number,
           line_for(
               order, scan, [](const LineCounters& count) { return count.to_pick() + count.missing; }, "picked"));
    return orders_.append_event(work, order, by, "picked", count_picked(order, number, scan));
  });
}

Result<Order> Fulfilment::miss(const access::Actor& by, OrderId id, std::size_t line, std::int64_t pieces,
                               std::string_view key) {
  const Scan scan{.line = line, .quantity = pieces, .key = std::string(key)};
  PF_TRY(check_scan(scan));
  return orders_.change(by, id, "order.short", [&](storage::Write& work, Order& order) -> Result<> {
    PF_LET(const bool known, orders_.heard_before(work, order, "scan", scan.key));
    if (known) return {};
    PF_TRY(workable(order));
    PF_LET(const std::size_t number,
           line_for(
               order, scan, [](const LineCounters& count) { return count.to_pick(); }, "picked or missing"));
    return orders_.append_event(work, order, by, "short", count_missing(order, number, scan));
  });
}

Result<Order> Fulfilment::lose(const access::Actor& by, OrderId id, std::size_t line, std::int64_t pieces,
                               std::string_view location, std::string_view key) {
  const Scan scan{.line = line, .quantity = pieces, .key = std::string(key)};
  PF_TRY(check_scan(scan));
  std::string sku;
  PF_TRY(orders_.change(by, id, "order.lose", [&](storage::Write& work, Order& order) -> Result<> {
    sku.clear();
    PF_LET(const bool known, orders_.heard_before(work, order, "scan", scan.key));
    if (known) return {};
    if (line >= order.lines.size())
      return invalid("line", "unknown", "The order has no line " + std::to_string(line) + ".");
    Line& of = order.lines[line];
    if (!from_stock(order, of))
      return error(ErrorCode::conflict, "Line " + std::to_string(line) + " is of no stock, so none of it can be lost.");
    if (pieces > of.count.missing)
      return error(ErrorCode::conflict, "Of " + called(of) + " only " + std::to_string(of.count.missing) +
                                            " pieces are missing. Say first which are not on their shelf.");
    PF_LET(const auto locations, orders_.stock_.locations(work));
    const stock::Location* chosen = location.empty() ? nullptr : stock::location_named(locations, location);
    if (chosen == nullptr && !location.empty())
      return invalid("location", "unknown", "There is no such stock location.");
    const auto shares = take_to_ship(of, pieces, chosen != nullptr ? std::optional(chosen->id) : std::nullopt);
    PF_TRY(orders_.stock_.write_off(work, by, of.sku, shares, "lost"));
    of.count.missing -= pieces;
    of.count.allocated -= pieces;
    of.count.backordered += pieces;
    sku = of.sku;
    fit_to_allocated(order);
    return orders_.append_event(work, order, by, "lost", scan_details(order, line, scan));
  }));
  // In a unit of its own, as at a cancellation: what is left elsewhere goes to who waits.
  if (!sku.empty())
    PF_TRY(orders_.store_.write([&](storage::Write& work) { return orders_.fill_backorders(work, sku); }));
  return orders_.find(orders_.store_.read(), id);
}

Result<Order> Fulfilment::pack(const access::Actor& by, OrderId id, const Scan& scan, std::string_view parcel) {
  PF_TRY(check_scan(scan));
  return orders_.change(by, id, "order.pack", [&](storage::Write& work, Order& order) -> Result<> {
    PF_LET(const bool known, orders_.heard_before(work, order, "scan", scan.key));
    if (known) return {};
    PF_TRY(workable(order));
    const bool picking = order.picking;
    PF_LET(const std::size_t number, line_for(
                                         order, scan,
                                         [picking](const LineCounters& count) {
                                           return (picking ? count.picked : count.allocated - count.later) -
                                                  count.packed;
                                         },
                                         "packed"));
    PF_LET(Parcel * into, parcel_for(order, parcel, orders_.clock_.now()));
    LineCounters& count = order.lines[number].count;
    json::Value details = scan_details(order, number, scan);
    details.set("parcel", into->identifier);
    put_into(*into, number, scan.quantity);
    count.packed += scan.quantity;
    if (const std::int64_t unpicked = count.packed - count.picked; unpicked > 0) {
      count.picked += unpicked;
      details.set("picked", unpicked);
    }
    return orders_.append_event(work, order, by, "packed", std::move(details));
  });
}

Result<Order> Fulfilment::undo(const access::Actor& by, OrderId id, std::uint32_t event) {
  return orders_.change(by, id, "order.undo", [&](storage::Write& work, Order& order) -> Result<> {
    return undo_in(work, by, order, event);
  });
}

Result<> Fulfilment::undo_in(storage::Write& work, const access::Actor& by, Order& order, std::uint32_t event) {
  if (event == 0 || event > order.events)
    return error(ErrorCode::not_found, "The order has no scan " + std::to_string(event) + ".");
  if (event <= before_remembered(order))
    return error(ErrorCode::conflict, "That scan is too long ago to be undone by itself.");
  PF_LET(const auto since, orders_.events_after(work, order.id, event - 1, SIZE_MAX));
  if (since.empty() || !is_scan(since[0]))
    return error(ErrorCode::not_found, "The order has no scan " + std::to_string(event) + ".");
  if (std::ranges::any_of(
          since, [&](const Event& one) { return one.kind == "undone" && json::number_in(one.details, "of") == event; }))
    return {};
  if (std::ranges::any_of(since, [](const Event& one) { return one.kind == "shipped"; }))
    return error(ErrorCode::conflict, "A parcel has left since, so that scan stays as it is.");
  PF_TRY(take_back(order, since[0]));
  json::Value details = json::Value::object({{"of", event}, {"kind", since[0].kind}});
  for (const char* name : {"line", "sku", "quantity", "batch", "slot"})
    if (const json::Value* value = since[0].details.find(name)) details.set(name, *value);
  return orders_.append_event(work, order, by, "undone", std::move(details));
}

Result<Order> Fulfilment::measure(const access::Actor& by, OrderId id, std::string_view parcel,
                                  const Measures& measures) {
  Error faults{ErrorCode::invalid, "", {}};
  const auto within = [&](const char* field, std::int64_t value, std::int64_t most) {
    if (value < 0 || value > most)
      faults.faults.push_back({field, "range", "must be between 0 and " + std::to_string(most)});
  };
  within("weight_grams", measures.weight_grams, kParcelGramsMax);
  within("length_mm", measures.length_mm, kParcelMmMax);
  within("width_mm", measures.width_mm, kParcelMmMax);
  within("height_mm", measures.height_mm, kParcelMmMax);
  if (!faults.faults.empty()) {
    faults.message = faults.faults[0].field + " " + faults.faults[0].message;
    return faults;
  }
  return orders_.change(by, id, "order.measure", [&](storage::Write& work, Order& order) -> Result<> {
    PF_LET(Parcel * open, open_parcel(order, parcel));
    const auto [grams, length, width, height] = measures;
    if (open->weight_grams == grams && open->length_mm == length && open->width_mm == width &&
        open->height_mm == height)
      return {};
    open->weight_grams = grams;
    open->length_mm = length;
    open->width_mm = width;
    open->height_mm = height;
    return orders_.append_event(work, order, by, "measured",
                                json::Value::object({{"parcel", open->identifier}, {"weight_grams", grams}}));
  });
}

Result<Order> Fulfilment::unpack(const access::Actor& by, OrderId id, std::string_view parcel) {
  return orders_.change(by, id, "order.unpack", [&](storage::Write& work, Order& order) -> Result<> {
    PF_LET(Parcel * open, open_parcel(order, parcel));
    const std::string name = open->identifier;
    std::int64_t pieces = 0;
    for (const auto& [line, count] : open->lines) {
      order.lines[line].count.packed -= count;
      pieces += count;
    }
    std::erase_if(order.packing, [&](const Parcel& one) { return one.identifier == name; });
    order.picking = true;
    return orders_.append_event(work, order, by, "unpacked",
                                json::Value::object({{"parcel", name}, {"quantity", pieces}}));
  });
}

Result<std::optional<Event>> Fulfilment::last(const storage::Reader& read, const Order& order) const {
  PF_LET(auto recent, orders_.events_remembered(read, order));
  std::vector<std::int64_t> undone;
  for (auto event = recent.rbegin(); event != recent.rend(); ++event) {
    if (event->kind == "shipped") break;
    if (event->kind == "undone") undone.push_back(json::number_in(event->details, "of"));
    if (!is_scan(*event) || std::ranges::find(undone, static_cast<std::int64_t>(event->number)) != undone.end())
      continue;
    Order tried = order;
    if (take_back(tried, *event).ok()) return std::optional<Event>(std::move(*event));
  }
  return std::optional<Event>();
}

}  // namespace pf::orders
