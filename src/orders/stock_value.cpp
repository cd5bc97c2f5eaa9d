#include "orders/stock_value.h"

#include <algorithm>
#include <map>

namespace pf::orders {
namespace {

constexpr std::size_t kSkusAtOnce = 1'000;

// Adds what one SKU had at the end of each day: what it has, less what the ledger says came after.
void add_days(std::int64_t on_hand, const std::vector<stock::Stock::Movement>& ledger, std::chrono::sys_days from,
              std::vector<std::int64_t>& pieces) {
  auto next = ledger.rbegin();
  for (std::size_t day = pieces.size(); day-- > 0;) {
    const Time end(from + std::chrono::days{day + 1});
    for (; next != ledger.rend() && next->at >= end; ++next) on_hand -= next->on_hand;
    pieces[day] = on_hand;
  }
}

}  // namespace

Result<std::vector<StockValueRow>> stock_value(const stock::Stock& stock, const storage::Reader& read,
                                               const StockValueQuestion& question) {
  if (question.to < question.from) return invalid("to", "range", "The last day comes before the first.");
  const auto count = static_cast<std::size_t>((question.to - question.from).count()) + 1;
  if (count > kReportDaysMax) return invalid("to", "range", "A report covers at most 366 days. Choose a shorter time.");
  std::vector<StockValueRow> rows(count);
  std::vector<std::map<std::string, std::int64_t>> minor(count);
  std::map<std::string, Currency> currencies;
  std::uint64_t skus = 0, movements = 0;
  const auto too_many = [] {
    return invalid("to", "stock",
                   "The stock's ledger is too long for this report: it reads at most 100,000 products and 300,000 "
                   "movements.");
  };
  std::vector<std::int64_t> pieces(count);
  for (std::string after;;) {
    PF_LET(const auto page, stock.list(read, after, kSkusAtOnce));
    if (page.empty()) break;
    after = page.back().first;
    if ((skus += page.size()) > kStockSkusMax) return too_many();
    for (const auto& [sku, level] : page) {
      PF_LET(const auto ledger, stock.movements(read, sku));
      if ((movements += ledger.size()) > kStockMovementsMax) return too_many();
      // A kit has none of its own now, whatever it had before it was one.
      add_days(level.kit ? 0 : level.on_hand, ledger, question.from, pieces);
      std::optional<Money> cost;
      if (question.cost_of) {
        PF_LET(cost, question.cost_of(sku));
      }
      if (cost) currencies.emplace(cost->currency.code(), cost->currency);
      for (std::size_t day = 0; day < count; ++day) {
        rows[day].pieces += pieces[day];
        if (!cost) {
          rows[day].pieces_without_cost += pieces[day];
          continue;
        }
        const auto worth = multiply(*cost, pieces[day]);
        std::int64_t& sum = minor[day][std::string(cost->currency.code())];
        sum = !worth.ok() || worth->minor > INT64_MAX - sum ? INT64_MAX : sum + worth->minor;
      }
    }
  }
  for (std::size_t day = 0; day < count; ++day) {
    rows[day].day = question.from + std::chrono::days{day};
    for (const auto& [code, currency] : currencies) rows[day].values.push_back({minor[day][code], currency});
  }
  return rows;
}

}  // namespace pf::orders
