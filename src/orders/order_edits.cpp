// What a shop changes of an order before it is sent. Lines keep their numbers, since parcels, returns and refunds name
// them: one that is removed stays with no pieces.
#include <algorithm>

#include "json/members.h"
#include "orders/line_kits.h"
#include "orders/order_parts.h"
#include "orders/orders.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

std::string line_field(std::size_t at, const char* name) {
  return "lines[" + std::to_string(at) + "]." + name;
}

// All that can be said before anything is touched.
Result<> check_edit(const Order& order, const OrderEdit& edit) {
  Faults faults;
  const auto check_amount = [&](const std::string& field, const std::optional<Money>& amount) {
    if (!amount) return;
    if (amount->currency != order.currency)
      faults.add(field, "currency", "the order is in " + std::string(order.currency.code()));
    else if (amount->minor < 0 || amount->minor > kEditMinorMax)
      faults.add(field, "range", "must be between 0 and " + decimal({kEditMinorMax, order.currency}));
  };
  check_text(faults, "edit", edit.key, kTextBytesMax);
  check_amount("shipping_cost", edit.shipping_cost);
  if (edit.lines.empty() && !edit.shipping_cost) faults.add("lines", "required", "Name a line or the shipping cost.");
  std::size_t added = 0;
  for (std::size_t i = 0; i < std::min(edit.lines.size(), kLinesMax); ++i) {
    const EditLine& line = edit.lines[i];
    if (line.quantity < 0 || line.quantity > kPiecesOfLineMax)
      faults.add(line_field(i, "quantity"), "range", "must be between 0 and 1,000,000");
    if (line.line) {
      if (*line.line >= order.lines.size())
        faults.add(line_field(i, "line"), "unknown", "the order has no line " + std::to_string(*line.line));
      if (std::ranges::count(edit.lines, line.line, &EditLine::line) > 1)
        faults.add(line_field(i, "line"), "twice", "line " + std::to_string(*line.line) + " is named twice");
      continue;
    }
    ++added;
    if (line.quantity == 0) faults.add(line_field(i, "quantity"), "range", "a new line has at least one piece");
    if (trim(line.sku).empty() && trim(line.title).empty())
      faults.add(line_field(i, "sku"), "required", "needs a SKU, or a title for a free line");
    check_text(faults, line_field(i, "sku"), line.sku, catalog::kSkuBytesMax);
    check_text(faults, line_field(i, "title"), line.title, 2'000);
    check_amount(line_field(i, "price"), line.price);
  }
  if (edit.lines.size() > kLinesMax || order.lines.size() + added > kLinesMax)
    faults.add("lines", "length", "an order has at most 1,000 lines, those that were removed too");
  return std::move(faults).checked();
}

// What may be changed now, or every reason why not.
Result<> may_become(const Order& order, const OrderEdit& edit) {
  Faults faults(ErrorCode::conflict, "The order cannot become so: ");
  for (std::size_t i = 0; i < edit.lines.size(); ++i) {
    if (!edit.lines[i].line) continue;
    const Line& line = order.lines[*edit.lines[i].line];
    const std::int64_t wanted = edit.lines[i].quantity, gone = line.count.shipped + line.count.cancelled;
    const auto refused = [&](const char* code, const std::string& why) {
      faults.add(
          line_field(i, "quantity"), code,
          "line " + std::to_string(*edit.lines[i].line) + " cannot have " + std::to_string(wanted) + " pieces: " + why);
    };
    const auto worth = line.price ? multiply(*line.price, wanted) : Result<Money>(Money{0, order.currency});
    if (wanted < gone)
      refused("shipped", std::to_string(gone) + " are shipped or cancelled");
    else if (wanted < line.count.refunded)
      refused("refunded", std::to_string(line.count.refunded) + " are refunded");
    else if (!worth.ok())
      refused("range", "they cost more than can be counted");
    else if (line.price && worth->minor < line.refunded_minor)
      refused("refunded", decimal({line.refunded_minor, order.currency}) + " of it are refunded");
  }
  if (edit.shipping_cost && edit.shipping_cost->minor < order.refunded.shipping_minor)
    faults.add("shipping_cost", "refunded",
               decimal({order.refunded.shipping_minor, order.currency}) + " of the shipping cost are refunded already");
  return std::move(faults).checked();
}

// What the pieces of all lines cost; those of no known price nothing.
Result<std::int64_t> worth_of(const Order& order) {
  std::int64_t sum = 0;
  for (const Line& line : order.lines) {
    if (!line.price) continue;
    PF_LET(const Money whole, multiply(*line.price, line.count.ordered));
    if (whole.minor > INT64_MAX - sum)
      return error(ErrorCode::conflict, "The order would cost more than can be counted.");
    sum += whole.minor;
  }
  return sum;
}

Result<> is_open_to_edits(const Order& order) {
  const OrderStatus status = status_of(order);
  if (status == OrderStatus::cancelled || status == OrderStatus::shipped)
    return error(ErrorCode::conflict,
                 "The order is " + std::string(status_name(status)) + ", so nothing of it can be changed any more.");
  if (order.by_marketplace)
    return error(ErrorCode::conflict, "The marketplace ships this order, so it is changed there.");
  return {};
}

// The order's total by so much more; what was paid stays what it was.
Result<> total_follows(Order& order, std::int64_t more, json::Value& details) {
  if (!order.total) return {};
  if (order.paid && !order.paid_total) order.paid_total = order.total;
  if (more > 0 && order.total->minor > INT64_MAX - more)
    return error(ErrorCode::conflict, "The order would cost more than can be counted.");
  const Money before = *order.total;
  order.total->minor = std::max<std::int64_t>(before.minor + more, 0);
  details.set("total", json::Value(json::Number{decimal(*order.total)}));
  details.set("total_before", json::Value(json::Number{decimal(before)}));
  details.set("currency_code", order.currency.code());
  return {};
}

}  // namespace

Result<> Orders::set_quantity(storage::Write& work, const Order& order, Line& line, std::int64_t wanted) {
  LineCounters& count = line.count;
  const std::int64_t more = wanted - count.ordered;
  count.ordered = wanted;
  if (more >= 0) {
    std::int64_t given = more;
    if (from_stock(order, line)) {
      PF_LET(given, give(work, line, more, order.location));
    }
    count.allocated += given;
    count.backordered += more - given;
    return {};
  }
  const std::int64_t waiting = std::min(-more, count.backordered);  // what nobody has promised goes first
  count.backordered -= waiting;
  const std::int64_t freed = -more - waiting;
  if (from_stock(order, line)) return give_back(work, line, freed);
  count.allocated -= freed;
  return {};
}

Result<json::Value> Orders::set_lines(storage::Write& work, Order& order, const OrderEdit& edit,
                                      std::vector<std::string>& freed) {
  json::Value changes = json::Value::array();
  for (const EditLine& wanted : edit.lines) {
    const std::size_t number = wanted.line.value_or(order.lines.size());
    if (!wanted.line) order.lines.push_back({"", std::string(trim(wanted.sku)), wanted.title, wanted.price, {}});
    Line& line = order.lines[number];
    const std::int64_t from = line.count.ordered;
    if (from == wanted.quantity) continue;
    PF_TRY(set_quantity(work, order, line, wanted.quantity));
    if (wanted.quantity < from)
      for (std::string& sku : stock_skus(line)) freed.push_back(std::move(sku));
    changes.push(json::Value::object(
        {{"line", static_cast<std::uint64_t>(number)}, {"sku", line.sku}, {"from", from}, {"to", wanted.quantity}}));
  }
  if (std::ranges::all_of(order.lines, [](const Line& line) { return line.count.ordered == 0; }))
    return error(ErrorCode::conflict, "Nothing would be left of the order. Cancel it instead.");
  fit_to_allocated(order);
  return changes;
}

Result<Order> Orders::edit(const access::Actor& by, OrderId id, const OrderEdit& edit) {
  std::vector<std::string> freed;
  PF_LET(Order order, change(by, id, "order.edit", [&](storage::Write& work, Order& changed) -> Result<> {
           freed.clear();
           PF_LET(const bool known, heard_before(work, changed, "edit", edit.key));
           if (known) return {};
           PF_TRY(check_edit(changed, edit));
           PF_TRY(is_open_to_edits(changed));
           PF_TRY(may_become(changed, edit));
           json::Value details = json::Value::object({});
           PF_LET(std::int64_t more, worth_of(changed));
           more = -more;
           PF_LET(auto lines, set_lines(work, changed, edit, freed));
           if (!lines.as_array()->empty()) details.set("lines", std::move(lines));
           PF_LET(const std::int64_t worth, worth_of(changed));
           more += worth;
           if (edit.shipping_cost && edit.shipping_cost != changed.shipping_cost) {
             more += edit.shipping_cost->minor - (changed.shipping_cost ? changed.shipping_cost->minor : 0);
             changed.shipping_cost = edit.shipping_cost;
             details.set("shipping_cost", json::Value(json::Number{decimal(*edit.shipping_cost)}));
           }
           if (details.as_object()->empty()) return {};
           PF_TRY(total_follows(changed, more, details));
           if (!edit.key.empty()) details.set("edit", edit.key);
           PF_TRY(append_event(work, changed, by, "edited", std::move(details)));
           return trim(edit.message).empty() ? Result<>()
                                             : append_note(work, changed, by, edit.message, Audience::team);
         }));
  // In a unit of its own, as at a cancellation.
  if (!freed.empty())
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

}  // namespace pf::orders
