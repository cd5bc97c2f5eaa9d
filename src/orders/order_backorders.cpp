// Who waits for stock, and gets it when some is free, oldest order first.
#include <algorithm>
#include <map>

#include "orders/line_kits.h"
#include "orders/order_keys.h"
#include "orders/orders.h"

namespace pf::orders {

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

}  // namespace pf::orders
