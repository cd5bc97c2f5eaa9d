#include "orders/reports.h"

#include <algorithm>
#include <map>

#include "orders/sale_totals.h"

namespace pf::orders {
namespace {

// What is left of nothing but taken away again is no row.
bool says_nothing(const ReportRow& row) {
  return row.orders == 0 && row.units == 0 && row.units_returned == 0 && row.sales_minor == 0 &&
         row.refunded_minor == 0;
}

void add_sums(ReportRow& row, const SaleSums& sums, std::int64_t now_minute) {
  row.orders += sums.orders;
  row.units += sums.units;
  row.units_returned += sums.units_returned;
  row.sales_minor += sums.sales_minor;
  row.refunded_minor += sums.refunded_minor;
  row.due += sums.due;
  row.on_time += sums.on_time;
  for (const auto& [minute, waiting] : sums.waiting) {
    if (minute >= now_minute) break;
    row.due += waiting;
  }
}

}  // namespace

Result<std::vector<ReportRow>> report(const Orders& orders, const storage::Reader& read,
                                      const ReportQuestion& question) {
  if (question.to < question.from) return invalid("to", "range", "The last day comes before the first.");
  if ((question.to - question.from).count() >= kReportDaysMax)
    return invalid("to", "range", "A report covers at most 366 days. Choose a shorter time.");
  const auto kind = question.group == ReportGroup::category ? SaleKind::category : SaleKind::day;
  const auto now = std::chrono::floor<std::chrono::minutes>(question.now).time_since_epoch().count();
  std::map<std::pair<std::string, std::string>, SaleSums> sums;
  for (auto row = read.scan(orders.totals_, sales_from(kind, question.from),
                            sales_from(kind, question.to + std::chrono::days{1}));
       row.valid(); row.next()) {
    const SaleKey of = sale_key_of(row.key());
    if (!question.channels.empty() && std::ranges::find(question.channels, of.channel) == question.channels.end())
      continue;
    const std::string name =
        question.group == ReportGroup::day ? rfc3339(Time(of.day)).substr(0, 10) : std::string(of.channel);
    for (const auto& [category, one] : read_sums(row.value()))
      sums[{kind == SaleKind::category ? category : name, std::string(of.currency)}].add(one);
  }
  std::vector<ReportRow> rows;
  for (const auto& [of, one] : sums) {
    ReportRow row{.key = of.first};
    PF_LET(row.currency, Currency::parse(of.second));
    add_sums(row, one, now);
    if (!says_nothing(row)) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace pf::orders
