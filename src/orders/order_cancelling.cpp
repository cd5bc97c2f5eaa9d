// What is cancelled before it leaves: pieces go back for sale, or are damaged or lost.
#include <algorithm>

#include "orders/line_kits.h"
#include "orders/line_places.h"
#include "orders/order_parts.h"

namespace pf::orders {

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

}  // namespace pf::orders
