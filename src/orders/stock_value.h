// What the stock was worth at the end of each day: its pieces as the ledger has them, at what each costs today. Of
// pieces and products alone, so it survives every purge. Pure function, any thread.
#pragma once

#include <functional>
#include <optional>

#include "orders/reports.h"

namespace pf::orders {

// Of one report: a second of reading on two cores. The ledger is read whole, since it is kept product by product.
inline constexpr std::uint64_t kStockSkusMax = 100'000, kStockMovementsMax = 300'000;

struct StockValueQuestion {
  std::chrono::sys_days from{}, to{};  // days in UTC; `to` is the last
  // What one piece of a SKU costs; nothing: it is not known, and its pieces are counted apart.
  std::function<Result<std::optional<Money>>(std::string_view sku)> cost_of{};
};
struct StockValueRow {
  std::chrono::sys_days day{};
  std::int64_t pieces = 0, pieces_without_cost = 0;  // the latter are among the former
  std::vector<Money> values{};                       // one for each currency, by its code
};

// A row a day. Invalid for a range as of report(), and where there are more SKUs or movements than one report reads.
Result<std::vector<StockValueRow>> stock_value(const stock::Stock& stock, const storage::Reader& read,
                                               const StockValueQuestion& question);

}  // namespace pf::orders
