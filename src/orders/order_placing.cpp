// How orders come in, and what the same order sent again changes.
#include <algorithm>

#include "orders/line_kits.h"
#include "orders/order_keys.h"
#include "orders/order_parts.h"
#include "orders/orders.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

using catalog::Outcome;

// Every fault at once.
Result<> check(const PlaceOrder& order) {
  Faults faults;
  if (!vault::is_channel(order.channel))
    faults.add("channel", "format", "must be a short lower-case name such as manual, amazon or shopify");
  if (trim(order.channel_order_id).empty())
    faults.add("channel_order_id", "required", "is required: the channel's own order number");
  check_text(faults, "channel_order_id", order.channel_order_id, 200);
  if (!order.country_code.empty() &&
      (order.country_code.size() != 2 ||
       !std::ranges::all_of(order.country_code, [](char c) { return c >= 'A' && c <= 'Z'; })))
    faults.add("shipping_customer.country_code", "format", "must be two capital letters (ISO 3166), such as NL");
  if (order.lines.empty()) faults.add("lines", "required", "must have at least one line");
  if (order.lines.size() > kLinesMax) faults.add("lines", "length", "must have at most 1,000 lines");
  for (std::size_t i = 0; i < std::min(order.lines.size(), kLinesMax); ++i) {
    const PlaceLine& line = order.lines[i];
    const std::string at = "lines[" + std::to_string(i) + "].";
    if (line.quantity < (line.gone ? 0 : 1) || line.quantity > kPiecesOfLineMax)
      faults.add(at + "quantity", "range", "must be between 1 and 1,000,000");
    if (line.shipped < 0 || line.cancelled < 0 || line.shipped + line.cancelled > line.quantity)
      faults.add(at + "shipped", "range", "shipped and cancelled together must not exceed the quantity");
    if (trim(line.sku).empty() && trim(line.title).empty())
      faults.add(at + "sku", "required", "needs a SKU, or a title for a free line");
    check_text(faults, at + "sku", line.sku, catalog::kSkuBytesMax);
    check_text(faults, at + "title", line.title, 2'000);
    if (line.price && line.price->minor < 0) faults.add(at + "price", "range", "must not be negative");
  }
  if (order.tax && order.tax->minor < 0) faults.add("tax", "range", "must not be negative");
  return std::move(faults).checked();
}

Error nothing_left() {
  Faults faults;
  faults.add("lines", "cancelled",
             "were all cancelled or paid back at the channel before this order was known here, so there is "
             "nothing to import");
  return std::move(faults).checked().error();
}

// What the channel calls a line.
const std::string& sold_as(const Line& line) {
  return line.channel_sku.empty() ? line.sku : line.channel_sku;
}

// What is sent again of a line of the order: where the channel's own number of it stands, or else at the same place,
// unless that is another line's.
const PlaceLine* sent_as(const Order& order, std::size_t number, const PlaceOrder& sent) {
  const Line& line = order.lines[number];
  const auto is_it = [&](const PlaceLine& one) {
    return one.sku == sold_as(line) && one.channel_line_id == line.channel_line_id;
  };
  const PlaceLine* there = number < sent.lines.size() ? &sent.lines[number] : nullptr;
  if (there != nullptr && is_it(*there)) return there;
  if (!line.channel_line_id.empty())
    if (const auto found = std::ranges::find_if(sent.lines, is_it); found != sent.lines.end()) return &*found;
  if (there == nullptr || there->sku != sold_as(line)) return nullptr;
  const bool other = !there->channel_line_id.empty() && std::ranges::find(order.lines, there->channel_line_id,
                                                                          &Line::channel_line_id) != order.lines.end();
  return other ? nullptr : there;
}

bool closed_at_channel(const PlaceOrder& order) {
  return order.channel_status && (*order.channel_status == "shipped" || *order.channel_status == "cancelled");
}

}  // namespace

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
    std::int64_t cancel_by_hand = 0;
    PF_LET(const auto outcome, merge_again(work, by, order, sent, cancel_by_hand));
    return Placed{id, outcome.value_or(Outcome::unchanged), std::move(order), cancel_by_hand};
  }
  if (std::ranges::all_of(sent.lines, &PlaceLine::gone)) return nothing_left();

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
  if (sent.buyer_of.raw() != 0) {
    PF_LET(const Order whose, find(work, sent.buyer_of));
    PF_LET(order.person, vault_.seal_copy(work, order.subject(), whose.subject(), whose.person));
  } else {
    PF_LET(order.person, vault_.seal(work, order.subject(), order.placed_at, sent.buyer));
  }
  order.replaces = sent.replaces;
  order.ship_by = sent.ship_by;
  order.shipping_cost = sent.shipping_cost;
  order.total = sent.total;
  order.tax = sent.tax;
  order.paid = sent.paid;
  order.by_marketplace = sent.by_marketplace;
  for (const PlaceLine& line : sent.lines)
    if (!line.gone)
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
      if (!from_stock(order, line)) {  // a free line, or another house's stock
        line.count.allocated = wanted;
        continue;
      }
      if (wanted == 0) continue;
      PF_LET(line.count.allocated, give(work, line, wanted, std::nullopt));
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

  if (!closed_at_channel(sent)) {
    PF_TRY(mark_unknown(work, order));
    if (order.replaces == 0) PF_TRY(mark_duplicate(work, order, sent.buyer));
  }
  PF_LET(order.document, index_.add_document(work));
  std::string id_bytes;
  put_be64(id_bytes, order.id.raw());
  work.put(family_, "n", id_bytes);
  work.put(family_, key, id_bytes);
  work.put(family_, person_key(order.person.rid), id_bytes);
  json::Value details =
      json::Value::object({{"channel", order.channel}, {"lines", static_cast<std::uint64_t>(order.lines.size())}});
  if (order.replaces != 0) details.set("replaces", std::to_string(order.replaces));
  for (const Mark& mark : order.marks)
    if (mark.kind == Attention::duplicate) details.set("duplicate_of", std::to_string(mark.other.raw()));
  PF_TRY(append_event(work, order, by, "placed", std::move(details)));
  if (ruling_) {
    PF_LET(const auto acts, ruling_(work, order));
    if (!acts.empty()) PF_TRY(follow(work, order, acts));
  }
  PF_TRY(save(work, nullptr, order));
  PF_TRY(
      audit_.append(work, by, "order.place", object_name(order.id), json::Value::object({{"channel", order.channel}})));
  return Placed{order.id, Outcome::created, std::move(order)};
}

// Only what the source really carries, and nothing that would undo work: paid, ship-by, what the channel says was
// cancelled or sent; of a part that was cancelled there the pieces that nobody has touched here.
Result<std::optional<Outcome>> Orders::merge_again(storage::Write& work, const access::Actor& by, Order& order,
                                                   const PlaceOrder& sent, std::int64_t& cancel_by_hand) {
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
    if (sent.shipping_cost && !order.shipping_cost && sent.shipping_cost->currency == order.currency)
      order.shipping_cost = sent.shipping_cost;
    if (sent.tax && !order.tax && sent.tax->currency == order.currency) order.tax = sent.tax;
  }
  for (std::size_t i = 0; i < order.lines.size(); ++i)
    if (const PlaceLine* line = sent_as(order, i, sent);
        line != nullptr && line->price && !order.lines[i].price && line->price->currency == order.currency) {
      order.lines[i].price = line->price;
      changed.push("lines[" + std::to_string(i) + "].price");
    }
  const OrderStatus status = status_of(order);
  if (sent.channel_status == "cancelled" && (status == OrderStatus::open || status == OrderStatus::awaiting_payment)) {
    Pieces all;
    for (std::size_t i = 0; i < order.lines.size(); ++i)
      all.emplace_back(i, order.lines[i].count.allocated + order.lines[i].count.backordered);
    PF_TRY(release_lines(work, by, order, all));
    order.cancel_reason = "cancelled at the channel";
    changed.push("status");
  }
  if (sent.channel_status != "cancelled") {
    Pieces dropped;
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
      const LineCounters& count = order.lines[i].count;
      const PlaceLine* line = sent_as(order, i, sent);
      if (line == nullptr) continue;
      // An order may have fewer pieces here than there: those that are left there are not cancelled.
      const std::int64_t live = count.ordered - count.cancelled;
      const std::int64_t wanted = (line->gone ? count.ordered : line->cancelled) - count.cancelled;
      const std::int64_t more = std::min({wanted, live - (line->quantity - line->cancelled), live - count.shipped});
      if (more <= 0) continue;
      const std::int64_t free = std::min(more, count.backordered + untouched(order.lines[i]));
      cancel_by_hand += more - free;
      if (free <= 0) continue;
      dropped.emplace_back(i, free);
      changed.push("lines[" + std::to_string(i) + "].cancelled");
    }
    if (!dropped.empty()) {
      PF_TRY(release_lines(work, by, order, dropped));
      if (status_of(order) == OrderStatus::cancelled) order.cancel_reason = "cancelled at the channel";
    }
  }
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const PlaceLine* line = sent_as(order, i, sent);
    if (line == nullptr) continue;
    // Sent outside, by the shop's own screen or the marketplace: the pieces are gone, from our stock if they were in
    // it.
    LineCounters& count = order.lines[i].count;
    std::int64_t gone = (sent.channel_status == "shipped" ? count.ordered - count.cancelled : line->shipped);
    gone = std::min(gone, count.ordered - count.cancelled) - count.shipped;
    if (gone <= 0) continue;
    const std::int64_t ready = std::min(gone, count.allocated);
    if (from_stock(order, order.lines[i]))
      PF_TRY(send_off(work, order.lines[i], ready));
    else
      count.allocated -= ready;
    count.backordered -= gone - ready;
    count.shipped += gone;
    changed.push("lines[" + std::to_string(i) + "].shipped");
  }
  fit_to_allocated(order);
  if (changed.as_array()->empty()) return std::optional<Outcome>(Outcome::unchanged);
  PF_TRY(append_event(work, order, by, "updated", json::Value::object({{"fields", changed}})));
  PF_TRY(save(work, &before, order));
  PF_TRY(audit_.append(work, by, "order.update", object_name(order.id),
                       json::Value::object({{"fields", std::move(changed)}})));
  for (const Line& line : order.lines)
    for (const std::string& sku : stock_skus(line)) PF_TRY(fill_backorders(work, sku));
  return std::optional<Outcome>(Outcome::changed);
}

}  // namespace pf::orders
