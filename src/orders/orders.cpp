#include "orders/orders.h"

#include <algorithm>

#include "orders/order_keys.h"
#include "orders/order_record.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

using catalog::Outcome;
using Pieces = std::vector<std::pair<std::size_t, std::int64_t>>;

std::string object_name(OrderId id) {
  return "order:" + std::to_string(id.raw());
}

void check_text(Error& faults, const std::string& field, std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max)
    faults.faults.push_back({field, "length", "must have at most " + std::to_string(bytes_max) + " bytes"});
  else if (first_bad_utf8(text))
    faults.faults.push_back({field, "encoding", "must be UTF-8"});
}

// Every fault at once.
Result<> check(const PlaceOrder& order) {
  Error faults{ErrorCode::invalid, "", {}};
  if (!vault::is_channel(order.channel))
    faults.faults.push_back({"channel", "format", "must be a short lower-case name such as manual, amazon or shopify"});
  if (trim(order.channel_order_id).empty())
    faults.faults.push_back({"channel_order_id", "required", "is required: the channel's own order number"});
  check_text(faults, "channel_order_id", order.channel_order_id, 200);
  if (!order.country_code.empty() &&
      (order.country_code.size() != 2 ||
       !std::ranges::all_of(order.country_code, [](char c) { return c >= 'A' && c <= 'Z'; })))
    faults.faults.push_back(
        {"shipping_customer.country_code", "format", "must be two capital letters (ISO 3166), such as NL"});
  if (order.lines.empty()) faults.faults.push_back({"lines", "required", "must have at least one line"});
  if (order.lines.size() > kLinesMax) faults.faults.push_back({"lines", "length", "must have at most 1,000 lines"});
  for (std::size_t i = 0; i < std::min(order.lines.size(), kLinesMax); ++i) {
    const PlaceLine& line = order.lines[i];
    const std::string at = "lines[" + std::to_string(i) + "].";
    if (line.quantity <= 0 || line.quantity > 1'000'000)
      faults.faults.push_back({at + "quantity", "range", "must be between 1 and 1,000,000"});
    if (line.shipped < 0 || line.cancelled < 0 || line.shipped + line.cancelled > line.quantity)
      faults.faults.push_back({at + "shipped", "range", "shipped and cancelled together must not exceed the quantity"});
    if (trim(line.sku).empty() && trim(line.title).empty())
      faults.faults.push_back({at + "sku", "required", "needs a SKU, or a title for a free line"});
    check_text(faults, at + "sku", line.sku, catalog::kSkuBytesMax);
    check_text(faults, at + "title", line.title, 2'000);
    if (line.price && line.price->minor < 0) faults.faults.push_back({at + "price", "range", "must not be negative"});
  }
  if (faults.faults.empty()) return {};
  faults.message = faults.faults.size() == 1
                       ? faults.faults[0].field + " " + faults.faults[0].message
                       : std::to_string(faults.faults.size()) + " fields of the order need attention";
  return faults;
}

bool closed_at_channel(const PlaceOrder& order) {
  return order.channel_status && (*order.channel_status == "shipped" || *order.channel_status == "cancelled");
}

}  // namespace

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

std::vector<storage::Family> Orders::families() {
  return {{.name = std::string(kOrdersFamily)}, search::Index::family(std::string(kOrderIndexFamily))};
}

Orders::Orders(storage::Store& store, stock::Stock& stock, vault::Vault& vault, audit::Audit& audit, const Clock& clock,
               events::Events* events)
    : store_(store),
      stock_(stock),
      vault_(vault),
      audit_(audit),
      clock_(clock),
      told_(events),
      index_(store, kOrderIndexFamily),
      family_(store.family(kOrdersFamily)) {}

Result<> Orders::append_event(storage::Write& work, Order& order, const access::Actor& by, std::string_view kind,
                              json::Value details) {
  work.put(family_, event_key(order.id.raw(), ++order.events),
           json::write(json::Value::object(
               {{"at", rfc3339(clock_.now())}, {"by", by.name}, {"kind", kind}, {"details", std::move(details)}})));
  return {};
}

Result<> Orders::save(storage::Write& work, const Order* before, Order& after) {
  after.updated_at = clock_.now();
  work.put(family_, order_key(after.id.raw()), write_order(after));
  for (const Line& line : after.lines)
    if (line.count.backordered > 0) work.put(family_, waiting_key(line.sku, after.id.raw()), {});
  if (before != nullptr)
    for (const Line& line : before->lines)
      if (line.count.backordered > 0 && std::ranges::none_of(after.lines, [&](const Line& now) {
            return now.sku == line.sku && now.count.backordered > 0;
          }))
        work.erase(family_, waiting_key(line.sku, after.id.raw()));
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
  for (std::size_t i = before->parcels.size(); i < after.parcels.size(); ++i) {
    json::Value parcel = data;
    parcel.set("shipment", after.parcels[i].identifier);
    PF_TRY(told_->add(work, events::type::kShipmentCreated, std::move(parcel)));
  }
  if (before->person.epoch != vault::kErasedEpoch && after.person.epoch == vault::kErasedEpoch)
    PF_TRY(told_->add(work, events::type::kOrderPurged, data));
  return {};
}

Result<Placed> Orders::place(const access::Actor& by, const PlaceOrder& order, StockPolicy policy) {
  Placed placed;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(placed, place_in(work, by, order, policy));
    return {};
  }));
  return placed;
}

Result<Placed> Orders::place_in(storage::Write& work, const access::Actor& by, const PlaceOrder& sent,
                                StockPolicy policy) {
  PF_TRY(check(sent));
  const std::string key = channel_key(sent.channel, sent.channel_order_id);
  PF_LET(const auto known, work.get(family_, key));
  if (known && known->size() == 8) {
    const OrderId id(get_be64(*known));
    PF_LET(Order order, find(work, id));
    PF_LET(const auto outcome, merge_again(work, by, order, sent));
    return Placed{id, outcome.value_or(Outcome::unchanged)};
  }

  Order order;
  PF_LET(const auto last, work.get(family_, "n"));
  order.id = OrderId(last && last->size() == 8 ? get_be64(*last) + 1 : kFirstOrderId);
  order.channel = sent.channel;
  order.channel_order_id = sent.channel_order_id;
  order.country_code = sent.country_code;
  order.payment_method = sent.payment_method.substr(0, kTextBytesMax);
  order.shipping_method = sent.shipping_method.substr(0, kTextBytesMax);
  if (sent.currency) order.currency = *sent.currency;
  order.created_at = clock_.now();
  order.placed_at = sent.placed_at.value_or(order.created_at);
  // Counted from when the buyer's data came to be, as the promise says: an old order's buyer is not kept for another
  // month.
  PF_LET(order.person, vault_.seal(work, order.subject(), order.placed_at, sent.buyer));
  order.ship_by = sent.ship_by;
  order.shipping_cost = sent.shipping_cost;
  order.total = sent.total;
  order.paid = sent.paid;
  for (const PlaceLine& line : sent.lines)
    order.lines.push_back({line.channel_line_id,
                           line.sku,
                           line.title,
                           line.price,
                           {.ordered = line.quantity, .cancelled = line.cancelled, .shipped = line.shipped}});

  if (closed_at_channel(sent)) {  // done elsewhere: our stock has nothing to do with it
    for (Line& line : order.lines) {
      LineCounters& count = line.count;
      const bool shipped = *sent.channel_status == "shipped";
      (shipped ? count.shipped : count.cancelled) = count.ordered - (shipped ? count.cancelled : count.shipped);
    }
  } else {
    Error short_of{ErrorCode::conflict, "", {}};
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
      Line& line = order.lines[i];
      const std::int64_t wanted = line.count.ordered - line.count.shipped - line.count.cancelled;
      if (line.sku.empty()) {  // a free line needs no stock
        line.count.allocated = wanted;
        continue;
      }
      if (wanted == 0) continue;
      PF_LET(line.count.allocated, stock_.allocate(work, line.sku, wanted));
      line.count.backordered = wanted - line.count.allocated;
      if (line.count.backordered > 0)
        short_of.faults.push_back({"lines[" + std::to_string(i) + "].quantity", "stock",
                                   "only " + std::to_string(line.count.allocated) + " of " + std::to_string(wanted) +
                                       " pieces of " + line.sku + " are available"});
    }
    if (policy == StockPolicy::required && !short_of.faults.empty()) {
      short_of.message = "There is not enough stock: " + short_of.faults[0].message + ". Nothing was kept.";
      return short_of;
    }
  }

  PF_LET(order.document, index_.add_document(work));
  std::string id_bytes;
  put_be64(id_bytes, order.id.raw());
  work.put(family_, "n", id_bytes);
  work.put(family_, key, id_bytes);
  work.put(family_, person_key(order.person.rid), id_bytes);
  json::Value details =
      json::Value::object({{"channel", order.channel}, {"lines", static_cast<std::uint64_t>(order.lines.size())}});
  PF_TRY(append_event(work, order, by, "placed", std::move(details)));
  PF_TRY(save(work, nullptr, order));
  PF_TRY(
      audit_.append(work, by, "order.place", object_name(order.id), json::Value::object({{"channel", order.channel}})));
  return Placed{order.id, Outcome::created};
}

// Only what the source really carries, and nothing that would undo work: paid, ship-by, what the channel says was
// cancelled or sent.
Result<std::optional<Outcome>> Orders::merge_again(storage::Write& work, const access::Actor& by, Order& order,
                                                   const PlaceOrder& sent) {
  const Order before = order;
  json::Value changed = json::Value::array();
  if (sent.paid && !order.paid) {
    order.paid = true;
    changed.push("paid");
  }
  if (sent.ship_by && order.ship_by != sent.ship_by) {
    order.ship_by = sent.ship_by;
    changed.push("ship_by");
  }
  if (sent.total && !order.total && sent.total->currency == order.currency) {
    order.total = sent.total;
    changed.push("total");
  }
  for (std::size_t i = 0; i < std::min(order.lines.size(), sent.lines.size()); ++i)
    if (sent.lines[i].price && !order.lines[i].price && sent.lines[i].sku == order.lines[i].sku &&
        sent.lines[i].price->currency == order.currency) {
      order.lines[i].price = sent.lines[i].price;
      changed.push("lines[" + std::to_string(i) + "].price");
    }
  const OrderStatus status = status_of(order);
  if (sent.channel_status == "cancelled" && (status == OrderStatus::open || status == OrderStatus::awaiting_payment)) {
    Pieces all;
    for (std::size_t i = 0; i < order.lines.size(); ++i)
      all.emplace_back(i, order.lines[i].count.allocated + order.lines[i].count.backordered);
    PF_TRY(release_lines(work, order, all));
    order.cancel_reason = "cancelled at the channel";
    changed.push("status");
  }
  for (std::size_t i = 0; i < std::min(order.lines.size(), sent.lines.size()); ++i) {
    if (sent.lines[i].sku != order.lines[i].sku) continue;
    // Sent outside, by the shop's own screen or the marketplace: the pieces are gone, from our stock if they were in
    // it.
    LineCounters& count = order.lines[i].count;
    std::int64_t gone = (sent.channel_status == "shipped" ? count.ordered - count.cancelled : sent.lines[i].shipped);
    gone = std::min(gone, count.ordered - count.cancelled) - count.shipped;
    if (gone <= 0) continue;
    const std::int64_t from_stock = std::min(gone, count.allocated);
    if (from_stock > 0 && !order.lines[i].sku.empty()) PF_TRY(stock_.ship(work, order.lines[i].sku, from_stock));
    count.allocated -= from_stock;
    count.backordered -= gone - from_stock;
    count.shipped += gone;
    changed.push("lines[" + std::to_string(i) + "].shipped");
  }
  if (changed.as_array()->empty()) return std::optional<Outcome>(Outcome::unchanged);
  PF_TRY(append_event(work, order, by, "updated", json::Value::object({{"fields", changed}})));
  PF_TRY(save(work, &before, order));
  PF_TRY(audit_.append(work, by, "order.update", object_name(order.id),
                       json::Value::object({{"fields", std::move(changed)}})));
  for (const Line& line : order.lines) PF_TRY(fill_backorders(work, line.sku));
  return std::optional<Outcome>(Outcome::changed);
}

Result<Order> Orders::find(const storage::Reader& read, OrderId id) const {
  PF_LET(const auto record, read.get(family_, order_key(id.raw())));
  if (!record) return error(ErrorCode::not_found, "There is no order " + std::to_string(id.raw()) + ".");
  return read_order(id, *record);
}

Result<std::vector<Event>> Orders::events(const storage::Reader& read, OrderId id) const {
  std::vector<Event> all;
  for (auto row = read.scan_prefix(family_, events_prefix(id.raw())); row.valid(); row.next()) {
    PF_LET(const auto body, json::parse(row.value()));
    const auto text = [&](const char* name) {
      return body.find(name) != nullptr && body.find(name)->as_string() != nullptr ? *body.find(name)->as_string()
                                                                                   : std::string();
    };
    const auto at = parse_time(text("at"));
    all.push_back({get_be32(row.key().substr(9)), at.ok() ? *at : Time{}, text("by"), text("kind"),
                   body.find("details") != nullptr ? *body.find("details") : json::Value()});
  }
  return all;
}

Result<Order> Orders::change(const access::Actor& by, OrderId id, std::string_view action,
                             const std::function<Result<>(storage::Write&, Order&)>& how) {
  Order order;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(order, find(work, id));
    const Order before = order;
    PF_TRY(how(work, order));
    PF_TRY(save(work, &before, order));
    return audit_.append(work, by, action, object_name(id), {});
  }));
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

Result<Order> Orders::ship(const access::Actor& by, OrderId id, const Shipment& shipment) {
  Error faults{ErrorCode::invalid, "", {}};
  check_text(faults, "identifier", shipment.identifier, kTextBytesMax);
  check_text(faults, "method", shipment.method, kTextBytesMax);
  check_text(faults, "track_and_trace", shipment.track_and_trace, kTextBytesMax);
  if (!faults.faults.empty()) {
    faults.message = faults.faults[0].field + " " + faults.faults[0].message;
    return faults;
  }
  return change(by, id, "order.ship", [&](storage::Write& work, Order& order) -> Result<> {
    const OrderStatus status = status_of(order);
    if (status == OrderStatus::cancelled)
      return error(ErrorCode::conflict, "The order is cancelled and cannot be shipped.");
    if (status == OrderStatus::shipped) return error(ErrorCode::conflict, "The order is shipped already.");
    if (status == OrderStatus::awaiting_payment)
      return error(ErrorCode::conflict, "The order is not paid yet and cannot be shipped.");
    Pieces wanted = shipment.lines;
    if (wanted.empty())
      for (std::size_t i = 0; i < order.lines.size(); ++i)
        if (order.lines[i].count.allocated > 0) wanted.emplace_back(i, order.lines[i].count.allocated);
    if (wanted.empty())
      return error(ErrorCode::conflict,
                   "Nothing of this order is in stock, so nothing can be shipped. It waits for new stock.");
    Parcel parcel{shipment.identifier, shipment.method, shipment.track_and_trace, clock_.now(), {}};
    if (parcel.identifier.empty())
      parcel.identifier =
          "PACK" + std::string(order.parcels.size() < 9 ? "0" : "") + std::to_string(order.parcels.size() + 1);
    json::Value lines = json::Value::array();
    for (const auto& [number, count] : wanted) {
      const std::string at = "lines[" + std::to_string(number) + "].quantity";
      if (number >= order.lines.size())
        return invalid(at, "unknown", "The order has no line " + std::to_string(number + 1) + ".");
      Line& line = order.lines[number];
      if (count <= 0) return invalid(at, "range", "The quantity must be above zero.");
      if (count > line.count.allocated) {
        Error more =
            error(ErrorCode::conflict, "Of line " + std::to_string(number + 1) + " only " +
                                           std::to_string(line.count.allocated) + " pieces can be shipped now.");
        more.faults.push_back({at, "stock", more.message});
        return more;
      }
      line.count.allocated -= count;
      line.count.shipped += count;
      if (!line.sku.empty()) PF_TRY(stock_.ship(work, line.sku, count));
      parcel.lines.emplace_back(number, count);
      lines.push(json::Value::object({{"line", static_cast<std::uint64_t>(number)}, {"quantity", count}}));
    }
    order.accepted = true;
    PF_TRY(append_event(work, order, by, "shipped",
                        json::Value::object({{"identifier", parcel.identifier},
                                             {"method", parcel.method},
                                             {"track_and_trace", parcel.track_and_trace},
                                             {"lines", std::move(lines)}})));
    order.parcels.push_back(std::move(parcel));
    return {};
  });
}

Result<> Orders::release_lines(storage::Write& work, Order& order, const Pieces& lines) {
  for (const auto& [number, count] : lines) {
    const std::string at = "lines[" + std::to_string(number) + "].quantity";
    if (number >= order.lines.size())
      return invalid(at, "unknown", "The order has no line " + std::to_string(number + 1) + ".");
    LineCounters& counters = order.lines[number].count;
    if (count < 0 || count > counters.backordered + counters.allocated)
      return error(ErrorCode::conflict, "Of line " + std::to_string(number + 1) + " only " +
                                            std::to_string(counters.backordered + counters.allocated) +
                                            " pieces can be cancelled; the rest is shipped or cancelled.");
    const std::int64_t waiting = std::min(count, counters.backordered);  // what nobody has promised goes first
    counters.backordered -= waiting;
    counters.allocated -= count - waiting;
    counters.cancelled += count;
    if (!order.lines[number].sku.empty()) PF_TRY(stock_.release(work, order.lines[number].sku, count - waiting));
  }
  return {};
}

Result<Order> Orders::cancel(const access::Actor& by, OrderId id, std::string_view reason, const Pieces& lines) {
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
           PF_TRY(release_lines(work, changed, wanted));
           changed.cancel_reason = reason;
           for (const auto& [number, count] : wanted) freed.push_back(changed.lines[number].sku);
           return append_event(work, changed, by, "cancelled", json::Value::object({{"reason", reason}}));
         }));
  // In a unit of its own: what was freed goes to those who wait.
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    for (const std::string& sku : freed) PF_TRY(fill_backorders(work, sku));
    return {};
  }));
  return order;
}

Result<> Orders::fill_backorders(storage::Write& work, std::string_view sku) {
  if (sku.empty()) return {};
  std::vector<std::uint64_t> waiting;
  for (auto row = work.scan_prefix(family_, waiting_prefix(sku)); row.valid(); row.next())
    waiting.push_back(get_be64(row.key().substr(row.key().size() - 8)));
  for (const std::uint64_t id : waiting) {
    PF_LET(const auto level, stock_.level(work, sku));
    if (level.available() <= 0) return {};
    PF_LET(Order order, find(work, OrderId(id)));
    const Order before = order;
    std::int64_t given_total = 0;
    for (Line& line : order.lines) {
      if (line.sku != sku || line.count.backordered == 0) continue;
      PF_LET(const std::int64_t given, stock_.allocate(work, sku, line.count.backordered));
      line.count.backordered -= given;
      line.count.allocated += given;
      given_total += given;
    }
    if (given_total == 0) continue;
    PF_TRY(append_event(work, order, access::system_actor(), "allocated",
                        json::Value::object({{"sku", sku}, {"quantity", given_total}})));
    PF_TRY(save(work, &before, order));
  }
  return {};
}

bool Orders::anybody_waits(const storage::Reader& read) const {
  return read.scan_prefix(family_, kWaitingPrefix).valid();
}

Result<> Orders::note(const access::Actor& by, OrderId id, std::string_view message) {
  if (trim(message).empty()) return invalid("message", "required", "The note is empty.");
  if (message.size() > kNoteBytesMax || first_bad_utf8(message))
    return invalid("message", "length", "A note is a text of at most 10,000 bytes.");
  const auto changed = change(by, id, "order.note", [&](storage::Write& work, Order& order) -> Result<> {
    PF_LET(const std::string sealed,
           vault_.seal_blob("note:" + std::to_string(id.raw()) + ":" + std::to_string(order.events + 1), message,
                            &order.person));
    return append_event(work, order, by, "noted", json::Value::object({{"sealed", base64url(sealed)}}));
  });
  if (!changed.ok()) return changed.error();
  return {};
}

std::optional<std::string> Orders::note_text(OrderId id, const Event& event) const {
  const json::Value* sealed = event.details.find("sealed");
  const auto bytes =
      sealed != nullptr && sealed->as_string() != nullptr ? unbase64url(*sealed->as_string()) : std::nullopt;
  if (!bytes) return std::nullopt;
  auto text = vault_.open_blob("note:" + std::to_string(id.raw()) + ":" + std::to_string(event.number), *bytes);
  return text.ok() ? std::optional<std::string>(*std::move(text)) : std::nullopt;
}

Result<vault::Buyer> Orders::reveal(const access::Actor& by, OrderId id, std::string_view reason) {
  vault::Buyer buyer;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const Order order, find(work, id));
    PF_LET(buyer, vault_.reveal(work, by, reason, order.subject(), order.person, object_name(id)));
    return {};
  }));
  return buyer;
}

}  // namespace pf::orders
