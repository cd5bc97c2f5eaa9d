// 1. packed <= picked and picked + missing <= allocated, of every line; what lies in open parcels sums up to packed.
// 2. Scans decide on counters that they read in their own unit of work, so two people never pick the same piece.
// 3. An event says all that undoing it needs.
#include "orders/fulfilment.h"

#include <algorithm>

#include "json/members.h"
#include "orders/line_places.h"
#include "orders/order_parts.h"
#include "orders/scan_parts.h"
#include "productflow/faults.h"
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
  Faults faults;
  check_text(faults, "code", scan.code, kCodeBytesMax);
  check_text(faults, "scan", scan.key, kScanKeyBytesMax);
  if (scan.quantity < 1 || scan.quantity > kPiecesOfLineMax)
    faults.add("quantity", "range", "must be between 1 and 1,000,000");
  return std::move(faults).checked();
}

bool carries(const Line& line, const Scan& scan) {
  const auto is = [&](std::string_view number) {
    return !number.empty() && (number == line.sku || number == line.channel_sku);
  };
  return is(scan.code) || std::ranges::any_of(scan.skus, is) ||
         (!line.sku.empty() && lower_ascii(line.sku) == lower_ascii(scan.code));
}

std::string called(const Order& order, const Target& target) {
  const Line& line = order.lines[target.line];
  return target.part ? line.parts[*target.part].sku + " of " + called(line) : called(line);
}
const std::string& sku_of(const Order& order, const Target& target) {
  const Line& line = order.lines[target.line];
  return target.part ? line.parts[*target.part].sku : line.sku;
}

std::vector<Target> targets_of(const Order& order, const Scan& scan) {
  std::vector<Target> found;
  for (std::size_t number = 0; number < order.lines.size(); ++number) {
    const Line& line = order.lines[number];
    if (scan.code.empty() ? number == scan.line && scan.part.empty() : carries(line, scan)) found.push_back({number});
    for (std::size_t part = 0; part < line.parts.size(); ++part) {
      const std::string& sku = line.parts[part].sku;
      const bool scanned = !scan.code.empty() && (lower_ascii(sku) == lower_ascii(scan.code) ||
                                                  std::ranges::find(scan.skus, sku) != scan.skus.end());
      if (scan.code.empty() ? number == scan.line && scan.part == sku : scanned) found.push_back({number, part});
    }
  }
  return found;
}

namespace {

// What has room for the scanned pieces, or why nothing has. `room_of`: pieces of a line's counters.
template <class Room>
Result<Target> target_for(const Order& order, const Scan& scan, Room&& room_of, const char* done) {
  const auto meant = targets_of(order, scan);
  if (meant.empty()) {
    if (scan.code.empty() && scan.line < order.lines.size())
      return invalid("part", "unknown", "Line " + std::to_string(scan.line) + " has no part " + scan.part + ".");
    if (scan.code.empty())
      return invalid("line", "unknown", "The order has no line " + std::to_string(scan.line) + ".");
    if (scan.name.empty())
      return scan_fault("unknown_code", "No product and no line of this order has the code " + scan.code + ".");
    return scan_fault("not_on_list", "This is " + scan.name + ", not on this list.");
  }
  const auto room_in = [&](const Target& one) { return room_at(order.lines[one.line], one.part, room_of); };
  Target most = meant.front();
  for (const Target& one : meant) {
    if (room_in(one) >= scan.quantity) return one;
    if (room_in(one) > room_in(most)) most = one;
  }
  const std::int64_t room = room_in(most);
  const auto unpicked = [](const LineCounters& count) { return count.to_pick() + count.missing; };
  if (order.picking && room == 0 && std::string_view(done) == "packed" &&
      room_at(order.lines[most.line], most.part, unpicked) > 0)
    return scan_fault("not_picked", called(order, most) + " is not picked yet.");
  if (room <= 0)
    return scan_fault("complete",
                      "All that is ready of " + called(order, most) + " is " + done + ": there is no more to do.");
  return scan_fault("complete",
                    "Of " + called(order, most) + " only " + std::to_string(room) + " more can be " + done + ".");
}

bool is_scan(const Event& event) {
  return event.kind == "picked" || event.kind == "short" || event.kind == "packed";
}

json::Value scan_details(const Order& order, const Target& target, const Scan& scan) {
  json::Value details = json::Value::object({{"line", static_cast<std::uint64_t>(target.line)},
                                             {"sku", sku_of(order, target)},
                                             {"quantity", scan.quantity},
                                             {"scanned", !scan.code.empty()}});
  if (target.part) details.set("part", static_cast<std::uint64_t>(*target.part));
  if (!scan.key.empty()) details.set("scan", scan.key);
  return details;
}

// g++ 12 believes that *part may be read where there is none (GCC bug 80635).
#pragma GCC diagnostic push
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
// Calls `with(part, pieces, at)` for the parts that a scan of a kit moves; `at` counts them.
template <class With>
void each_part(Line& line, const Target& target, std::int64_t quantity, With&& with) {
  for (std::size_t i = 0; i < line.parts.size(); ++i)
    if (!target.part)
      with(line.parts[i], quantity * line.parts[i].quantity, i);
    else if (i == *target.part)
      with(line.parts[i], quantity, std::size_t{0});
}
#pragma GCC diagnostic pop
void set_numbers(json::Value& details, const char* name, const std::vector<std::int64_t>& numbers) {
  if (std::ranges::none_of(numbers, [](std::int64_t one) { return one > 0; })) return;
  json::Value list = json::Value::array();
  for (const std::int64_t one : numbers) list.push(one);
  details.set(name, std::move(list));
}
std::int64_t number_at(const json::Value& details, const char* name, std::size_t at) {
  const json::Value* list = details.find(name);
  if (list == nullptr || list->as_array() == nullptr || at >= list->as_array()->size()) return 0;
  return (*list->as_array())[at].as_int().value_or(0);
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

// Takes pieces out of an open parcel again; false if they are not in it any more.
bool take_out(Order& order, std::size_t number, std::string_view name, std::int64_t pieces) {
  const auto parcel = std::ranges::find(order.packing, name, &Parcel::identifier);
  if (parcel == order.packing.end()) return false;
  const auto lying = std::ranges::find(parcel->lines, number, &Pieces::value_type::first);
  if (lying == parcel->lines.end() || lying->second < pieces) return false;
  lying->second -= pieces;
  order.lines[number].count.packed -= pieces;
  return true;
}

// The same of a kit: its parts, and the kits that the scan made whole.
bool take_back_parts(Order& order, const Target& target, const Event& scan) {
  Line& line = order.lines[target.line];
  const std::int64_t pieces = json::number_in(scan.details, "quantity");
  bool there = true;
  if (const std::int64_t whole = json::number_in(scan.details, "whole"); whole > 0) {
    there = take_out(order, target.line, json::text_in(scan.details, "parcel"), whole);
    if (there)
      for (LinePart& part : line.parts) part.laid += whole * part.quantity;
  }
  each_part(line, target, pieces, [&](LinePart& part, std::int64_t of_part, std::size_t at) {
    const std::int64_t packed = line.count.packed * part.quantity;
    if (scan.kind == "short") {
      there = there && part.missing >= of_part;
      part.missing -= of_part;
    } else if (scan.kind == "picked") {
      there = there && part.picked - packed - part.laid >= of_part;
      part.picked -= of_part;
      part.missing = std::min(part.missing + number_at(scan.details, "found_of", at),
                              (line.count.allocated - line.count.later) * part.quantity - part.picked);
    } else {
      there = there && part.laid >= of_part;
      part.laid -= of_part;
      part.picked -= std::min(number_at(scan.details, "picked_of", at), part.picked - packed - part.laid);
    }
  });
  return there;
}

// Takes the pieces back that `scan` moved, or says why not.
Result<> take_back(Order& order, const Event& scan) {
  const Error gone = error(ErrorCode::conflict, "These pieces have gone further since: undo what came later first.");
  const std::int64_t at = json::number_in(scan.details, "line"), pieces = json::number_in(scan.details, "quantity");
  if (at < 0 || static_cast<std::size_t>(at) >= order.lines.size()) return gone;
  Line& line = order.lines[static_cast<std::size_t>(at)];
  const auto part = static_cast<std::size_t>(json::number_in(scan.details, "part"));
  const bool of_part = scan.details.find("part") != nullptr;
  const Target target{static_cast<std::size_t>(at), of_part ? std::optional(part) : std::nullopt};
  // What it is made of may have changed since, when nothing of it was promised.
  if (of_part && (part >= line.parts.size() || line.parts[part].sku != json::text_in(scan.details, "sku"))) return gone;
  LineCounters& count = line.count;
  if (!line.parts.empty()) {
    if (!take_back_parts(order, target, scan)) return gone;
  } else if (scan.kind == "short") {
    if (count.missing < pieces) return gone;
    count.missing -= pieces;
  } else if (scan.kind == "picked") {
    if (count.picked - count.packed < pieces) return gone;
    count.picked -= pieces;
    count.missing =
        std::min(count.missing + json::number_in(scan.details, "found"), count.allocated - count.picked - count.later);
  } else {
    if (!take_out(order, target.line, json::text_in(scan.details, "parcel"), pieces)) return gone;
    count.picked -= std::min(json::number_in(scan.details, "picked"), count.picked - count.packed);
  }
  fit_to_allocated(order);
  return {};
}

}  // namespace

json::Value count_picked(Order& order, const Target& target, const Scan& scan) {
  Line& line = order.lines[target.line];
  LineCounters& count = line.count;
  json::Value details = scan_details(order, target, scan);
  order.picking = true;
  if (!line.parts.empty()) {
    std::vector<std::int64_t> found;
    each_part(line, target, scan.quantity, [&](LinePart& part, std::int64_t pieces, std::size_t) {
      part.picked += pieces;
      found.push_back(std::max<std::int64_t>(-counters_of(line, part).to_pick(), 0));
      part.missing -= found.back();
    });
    set_numbers(details, "found_of", found);
    settle_kit(line);
    return details;
  }
  count.picked += scan.quantity;
  const std::int64_t found = std::max<std::int64_t>(-count.to_pick(), 0);  // more than was known to be there
  count.missing -= found;
  if (found > 0) details.set("found", found);
  return details;
}

json::Value count_missing(Order& order, const Target& target, const Scan& scan) {
  Line& line = order.lines[target.line];
  order.picking = true;
  if (line.parts.empty()) {
    line.count.missing += scan.quantity;
  } else {
    each_part(line, target, scan.quantity,
              [](LinePart& part, std::int64_t pieces, std::size_t) { part.missing += pieces; });
    settle_kit(line);
  }
  return scan_details(order, target, scan);
}

Result<Order> Fulfilment::pick(const access::Actor& by, OrderId id, const Scan& scan) {
  PF_TRY(check_scan(scan));
  return orders_.change(by, id, "order.pick", [&](storage::Write& work, Order& order) -> Result<> {
    PF_LET(const bool known, orders_.heard_before(work, order, "scan", scan.key));
    if (known) return {};
    PF_TRY(workable(order));
    PF_LET(const Target target,
           target_for(
               order, scan, [](const LineCounters& count) { return count.to_pick() + count.missing; }, "picked"));
    return orders_.append_event(work, order, by, "picked", count_picked(order, target, scan));
  });
}

Result<Order> Fulfilment::miss(const access::Actor& by, OrderId id, std::size_t line, std::int64_t pieces,
                               std::string_view key, std::string_view part) {
  const Scan scan{.line = line, .part = std::string(part), .quantity = pieces, .key = std::string(key)};
  PF_TRY(check_scan(scan));
  return orders_.change(by, id, "order.short", [&](storage::Write& work, Order& order) -> Result<> {
    PF_LET(const bool known, orders_.heard_before(work, order, "scan", scan.key));
    if (known) return {};
    PF_TRY(workable(order));
    PF_LET(const Target target,
           target_for(
               order, scan, [](const LineCounters& count) { return count.to_pick(); }, "picked or missing"));
    return orders_.append_event(work, order, by, "short", count_missing(order, target, scan));
  });
}

Result<Order> Fulfilment::lose(const access::Actor& by, OrderId id, std::size_t line, std::int64_t pieces,
                               std::string_view location, std::string_view key, std::string_view part) {
  const Scan scan{.line = line, .part = std::string(part), .quantity = pieces, .key = std::string(key)};
  PF_TRY(check_scan(scan));
  std::vector<std::string> freed;
  PF_TRY(orders_.change(by, id, "order.lose", [&](storage::Write& work, Order& order) -> Result<> {
    freed.clear();
    PF_LET(const bool known, orders_.heard_before(work, order, "scan", scan.key));
    if (known) return {};
    if (line >= order.lines.size())
      return invalid("line", "unknown", "The order has no line " + std::to_string(line) + ".");
    Line& of = order.lines[line];
    if (!from_stock(order, of))
      return error(ErrorCode::conflict, "Line " + std::to_string(line) + " is of no stock, so none of it can be lost.");
    Target target{line};
    if (!of.parts.empty()) {  // which one, unless a single part is missing
      std::size_t missing = 0;
      for (std::size_t i = 0; i < of.parts.size(); ++i)
        if (part.empty() ? of.parts[i].missing > 0 : of.parts[i].sku == part) {
          target.part = i;
          ++missing;
        }
      if (missing != 1) return invalid("part", "required", "Say which part of " + called(of) + " is lost, by its SKU.");
    } else if (!part.empty()) {
      return invalid("part", "unknown", called(of) + " is no kit and has no parts.");
    }
    LinePart* const lost = target.part ? &of.parts[*target.part] : nullptr;
    const std::int64_t missing = lost != nullptr ? lost->missing : of.count.missing;
    if (pieces > missing)
      return error(ErrorCode::conflict, "Of " + called(order, target) + " only " + std::to_string(missing) +
                                            " pieces are missing. Say first which are not on their shelf.");
    PF_LET(const auto locations, orders_.stock_.locations(work));
    const stock::Location* chosen = location.empty() ? nullptr : stock::location_named(locations, location);
    if (chosen == nullptr && !location.empty())
      return invalid("location", "unknown", "There is no such stock location.");
    const auto at = chosen != nullptr ? std::optional(chosen->id) : std::nullopt;
    std::int64_t broken = pieces;  // of the line's own unit
    if (lost == nullptr) {
      PF_TRY(orders_.stock_.write_off(work, by, of.sku, Lying(of).take_to_ship(pieces, at), "lost"));
      of.count.missing -= pieces;
    } else {
      broken = (pieces + lost->quantity - 1) / lost->quantity;
      for (LinePart& one : of.parts) {
        Lying lying(of, one);
        const std::int64_t gone = &one == lost ? pieces : 0;
        PF_TRY(orders_.stock_.write_off(work, by, one.sku, lying.take_to_ship(gone, at), "lost"));
        PF_TRY(orders_.stock_.release(work, one.sku, lying.take_to_release(broken * one.quantity - gone)));
      }
      lost->missing -= pieces;
    }
    of.count.allocated -= broken;
    of.count.backordered += broken;
    freed = stock_skus(of);
    json::Value details = scan_details(order, target, scan);
    fit_to_allocated(order);
    return orders_.append_event(work, order, by, "lost", std::move(details));
  }));
  // In a unit of its own, as at a cancellation: what is left elsewhere goes to who waits.
  if (!freed.empty())
    PF_TRY(orders_.store_.write([&](storage::Write& work) -> Result<> {
      for (const std::string& sku : freed) PF_TRY(orders_.fill_backorders(work, sku));
      return {};
    }));
  return orders_.find(orders_.store_.read(), id);
}

Result<Order> Fulfilment::pack(const access::Actor& by, OrderId id, const Scan& scan, std::string_view parcel) {
  PF_TRY(check_scan(scan));
  return orders_.change(by, id, "order.pack", [&](storage::Write& work, Order& order) -> Result<> {
    PF_LET(const bool known, orders_.heard_before(work, order, "scan", scan.key));
    if (known) return {};
    PF_TRY(workable(order));
    const bool picking = order.picking;
    PF_LET(const Target target, target_for(
                                    order, scan,
                                    [picking](const LineCounters& count) {
                                      return (picking ? count.picked : count.allocated - count.later) - count.packed;
                                    },
                                    "packed"));
    json::Value details = scan_details(order, target, scan);
    Line& line = order.lines[target.line];
    LineCounters& count = line.count;
    std::int64_t packed = scan.quantity;  // of the line's own unit
    if (!line.parts.empty()) {
      std::vector<std::int64_t> unpicked;
      each_part(line, target, scan.quantity, [&](LinePart& part, std::int64_t pieces, std::size_t) {
        part.laid += pieces;
        unpicked.push_back(std::max<std::int64_t>(count.packed * part.quantity + part.laid - part.picked, 0));
        part.picked += unpicked.back();
        part.missing = std::min(part.missing, (count.allocated - count.later) * part.quantity - part.picked);
      });
      set_numbers(details, "picked_of", unpicked);
      packed = INT64_MAX;
      for (const LinePart& part : line.parts) packed = std::min(packed, part.laid / part.quantity);
      for (LinePart& part : line.parts) part.laid -= packed * part.quantity;
      if (packed > 0) details.set("whole", packed);
      settle_kit(line);
    }
    // Where a kit is not whole yet, there is nothing to put in; what the parcel is called must be right all the same.
    Order tried = order;
    PF_LET(Parcel * into, parcel_for(packed > 0 ? order : tried, parcel, orders_.clock_.now()));
    if (packed > 0) {
      details.set("parcel", into->identifier);
      put_into(*into, target.line, packed);
    }
    count.packed += packed;
    if (const std::int64_t unpicked = count.packed - count.picked; unpicked > 0 && line.parts.empty()) {
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
  for (const char* name : {"line", "sku", "quantity", "batch", "slot", "part"})
    if (const json::Value* value = since[0].details.find(name)) details.set(name, *value);
  return orders_.append_event(work, order, by, "undone", std::move(details));
}

Result<Order> Fulfilment::measure(const access::Actor& by, OrderId id, std::string_view parcel,
                                  const Measures& measures) {
  Faults faults;
  const auto within = [&](const char* field, std::int64_t value, std::int64_t most) {
    if (value < 0 || value > most) faults.add(field, "range", "must be between 0 and " + std::to_string(most));
  };
  within("weight_grams", measures.weight_grams, kParcelGramsMax);
  within("length_mm", measures.length_mm, kParcelMmMax);
  within("width_mm", measures.width_mm, kParcelMmMax);
  within("height_mm", measures.height_mm, kParcelMmMax);
  PF_TRY(std::move(faults).checked());
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
