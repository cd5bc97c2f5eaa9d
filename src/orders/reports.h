// Figures of sales, from sums that are kept as orders change (sale_totals.h): of any number of orders in a moment, and
// of orders alone. These hold no personal data, so a report of last year says the same after its buyers' data is gone.
// Pure functions, any thread.
#pragma once

#include "orders/orders.h"

namespace pf::orders {

inline constexpr int kReportDaysMax = 366;

// Told on the wire by name.
enum class ReportGroup { day, channel, category };
inline constexpr std::array<std::string_view, 3> kReportGroupNames{"day", "channel", "category"};

struct ReportQuestion {
  std::chrono::sys_days from{}, to{};  // when orders were placed, UTC; `to` is the last day
  ReportGroup group = ReportGroup::day;
  std::vector<std::string> channels{};  // none: all
  Time now{};                           // to the minute
};
// Of the orders of one group and currency; what came back and went back counts where the order was placed.
struct ReportRow {
  std::string key{};  // 2026-11-26, a channel, or a category's path (empty: none)
  Currency currency{};
  std::int64_t orders = 0;                     // in each category that one of its lines has
  std::int64_t units = 0, units_returned = 0;  // ordered and not cancelled; come back
  std::int64_t sales_minor = 0;                // of these units, tax as in the prices, without shipping
  std::int64_t refunded_minor = 0;             // of lines alone where categories are asked for
  std::int64_t due = 0, on_time = 0;           // orders whose ship-by has come, or that were shipped; in time
  bool operator==(const ReportRow&) const = default;
};

// By key, then currency. Invalid for a range that ends before it begins, or is too long.
Result<std::vector<ReportRow>> report(const Orders& orders, const storage::Reader& read,
                                      const ReportQuestion& question);

}  // namespace pf::orders
