#include "orders/reports.h"

#include <algorithm>
#include <map>
#include <set>

#include "productflow/text.h"

namespace pf::orders {
namespace {

// At the edge of what can be counted a report stays there; no shop comes near.
void add_up(std::int64_t& sum, std::int64_t more) {
  sum = more > INT64_MAX - sum ? INT64_MAX : sum + more;
}

// Nothing: it does not count, since it was cancelled, was shipped elsewhere, or its time has not come.
std::optional<bool> in_time(const Order& order, Time now) {
  const OrderStatus status = status_of(order);
  if (!order.ship_by || order.by_marketplace || status == OrderStatus::cancelled) return std::nullopt;
  if (status != OrderStatus::shipped) return *order.ship_by < now ? std::optional(false) : std::nullopt;
  if (order.parcels.empty()) return std::nullopt;
  return std::ranges::max(order.parcels, {}, &Parcel::at).at <= *order.ship_by;
}

class Sums {
 public:
  explicit Sums(const ReportQuestion& question) : question_(question) {}
  Result<> add(const Order& order) {
    if (question_.group == ReportGroup::category) {
      std::set<std::string> seen;
      for (const Line& line : order.lines) {
        if (line.count.ordered == 0) continue;
        PF_LET(const std::string category, category_of(line.sku));
        ReportRow& row = row_of(category, order.currency);
        if (seen.insert(category).second) add_order(row, order);
        add_line(row, line);
        add_up(row.refunded_minor, line.refunded_minor);
      }
      return {};
    }
    ReportRow& row = row_of(
        question_.group == ReportGroup::day ? rfc3339(order.placed_at).substr(0, 10) : order.channel, order.currency);
    add_order(row, order);
    for (const Line& line : order.lines) add_line(row, line);
    add_up(row.refunded_minor, order.refunded.total_minor);
    return {};
  }
  std::vector<ReportRow> rows() && {
    std::vector<ReportRow> all;
    for (auto& [key, row] : rows_) all.push_back(std::move(row));
    return all;
  }

 private:
  ReportRow& row_of(const std::string& key, Currency currency) {
    ReportRow& row = rows_[{key, std::string(currency.code())}];
    row.key = key;
    row.currency = currency;
    return row;
  }
  Result<std::string> category_of(const std::string& sku) {
    if (sku.empty() || !question_.category_of) return std::string();
    const auto known = categories_.find(sku);
    if (known != categories_.end()) return known->second;
    PF_LET(const std::string category, question_.category_of(sku));
    categories_[sku] = category;
    return category;
  }
  void add_order(ReportRow& row, const Order& order) const {
    ++row.orders;
    if (const auto kept = in_time(order, question_.now)) {
      ++row.due;
      row.on_time += *kept ? 1 : 0;
    }
  }
  static void add_line(ReportRow& row, const Line& line) {
    const std::int64_t units = line.count.ordered - line.count.cancelled;
    add_up(row.units, units);
    add_up(row.units_returned, line.count.returned);
    if (!line.price) return;
    const auto worth = multiply(*line.price, units);
    add_up(row.sales_minor, worth.ok() ? worth->minor : INT64_MAX);
  }

  const ReportQuestion& question_;
  std::map<std::pair<std::string, std::string>, ReportRow> rows_{};
  std::map<std::string, std::string> categories_{};
};

}  // namespace

Result<std::vector<ReportRow>> report(const Orders& orders, const storage::Reader& read,
                                      const ReportQuestion& question) {
  if (question.to < question.from) return invalid("to", "range", "The last day comes before the first.");
  if ((question.to - question.from).count() >= kReportDaysMax)
    return invalid("to", "range", "A report covers at most 366 days. Choose a shorter time.");
  OrderQuery query{.where = {{"placed_at", catalog::Operator::gte, {rfc3339(Time(question.from))}},
                             {"placed_at", catalog::Operator::lt, {rfc3339(Time(question.to + std::chrono::days{1}))}}},
                   .sort = {{"placed_at"}}};
  if (!question.channels.empty()) query.where.push_back({"channel", catalog::Operator::in, question.channels});
  Sums sums(question);
  PF_LET(const auto total,
         orders.walk(read, query, kReportOrdersMax, [&](const Order& order) { return sums.add(order); }));
  if (total > kReportOrdersMax)
    return invalid("to", "orders",
                   "These are " + std::to_string(total) +
                       " orders; a report covers at most 50,000. Choose a shorter time or a channel.");
  return std::move(sums).rows();
}

}  // namespace pf::orders
