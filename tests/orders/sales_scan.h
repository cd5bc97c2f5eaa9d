// What a report says, worked out from every order anew.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "orders/reports.h"
#include "productflow/text.h"

namespace pf::test {

inline std::vector<orders::ReportRow> scanned_report(const std::vector<orders::Order>& all,
                                                     const orders::ReportQuestion& question) {
  using namespace orders;
  std::map<std::pair<std::string, std::string>, ReportRow> rows;
  const Time now = std::chrono::floor<std::chrono::minutes>(question.now);
  for (const Order& order : all) {
    const auto day = std::chrono::floor<std::chrono::days>(order.placed_at);
    if (day < question.from || day > question.to) continue;
    if (!question.channels.empty() && std::ranges::find(question.channels, order.channel) == question.channels.end())
      continue;
    const bool by_category = question.group == ReportGroup::category;
    std::set<std::string> names{question.group == ReportGroup::day ? rfc3339(order.placed_at).substr(0, 10)
                                                                   : order.channel};
    if (by_category) names.clear();
    for (const Line& line : order.lines)
      if (by_category && line.count.ordered > 0) names.insert(line.category);
    for (const std::string& name : names) {
      ReportRow& row = rows[{name, std::string(order.currency.code())}];
      row.key = name;
      row.currency = order.currency;
      ++row.orders;
      const OrderStatus status = status_of(order);
      const bool counts = order.ship_by && !order.by_marketplace && status != OrderStatus::cancelled;
      if (counts && status == OrderStatus::shipped && !order.parcels.empty()) {
        ++row.due;
        if (std::ranges::max(order.parcels, {}, &Parcel::at).at <= *order.ship_by) ++row.on_time;
      }
      if (counts && status != OrderStatus::shipped && std::chrono::floor<std::chrono::minutes>(*order.ship_by) < now)
        ++row.due;
      if (!by_category) row.refunded_minor += order.refunded.total_minor;
      for (const Line& line : order.lines) {
        if (by_category && (line.count.ordered == 0 || line.category != name)) continue;
        row.units += line.count.ordered - line.count.cancelled;
        row.units_returned += line.count.returned;
        if (line.price) row.sales_minor += line.price->minor * (line.count.ordered - line.count.cancelled);
        if (by_category) row.refunded_minor += line.refunded_minor;
      }
    }
  }
  std::vector<ReportRow> out;
  for (auto& [of, row] : rows) out.push_back(std::move(row));
  return out;
}

// That every report of these days says what a scan of all orders does.
inline void check_reports(const orders::Orders& orders, const storage::Reader& read,
                          const std::vector<orders::Order>& all, std::chrono::sys_days from, std::chrono::sys_days to,
                          Time now) {
  using namespace orders;
  for (const ReportGroup group : {ReportGroup::day, ReportGroup::channel, ReportGroup::category})
    for (const auto& channels : {std::vector<std::string>{}, std::vector<std::string>{"manual"}}) {
      const ReportQuestion question{.from = from, .to = to, .group = group, .channels = channels, .now = now};
      const auto kept = report(orders, read, question);
      REQUIRE(kept.ok());
      const bool same = *kept == scanned_report(all, question);
      REQUIRE_MESSAGE(same,
                      (std::string("report by ") + std::string(kReportGroupNames[static_cast<std::size_t>(group)])));
    }
}

}  // namespace pf::test
