// What an order's counters make of it: its status and stage, what may be in parcels, what is paid.
#include <algorithm>

#include "orders/line_kits.h"
#include "orders/order_parts.h"

namespace pf::orders {

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

}  // namespace pf::orders
