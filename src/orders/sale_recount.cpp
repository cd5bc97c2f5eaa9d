// 1. A day's orders and its sums are read from one snapshot, in which they agree unless something is wrong: each change
//    of an order writes both in one unit of work.
// 2. What is wrong is mended by adding the difference, so it does not matter what was sold after the snapshot.
#include <algorithm>

#include "orders/order_record.h"
#include "orders/sale_totals.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

using Days = std::chrono::days;
using RecordsOfDay = std::map<std::string, SumsByName, std::less<>>;

catalog::Condition placed(catalog::Operator op, std::chrono::sys_days day) {
  return {"placed_at", op, {rfc3339(Time(day))}};
}

}  // namespace

Result<std::optional<std::chrono::sys_days>> Orders::next_sales_day(const storage::Reader& read,
                                                                    std::chrono::sys_days from) const {
  std::optional<std::chrono::sys_days> next;
  const auto keep = [&](std::chrono::sys_days day) { next = next ? std::min(*next, day) : day; };
  for (const SaleKind kind : {SaleKind::day, SaleKind::category}) {
    const auto row = read.scan(totals_, sales_from(kind, from), std::string(1, static_cast<char>(kind) + 1));
    if (row.valid()) keep(sale_key_of(row.key()).day);
  }
  OrderQuery first;
  first.where = {placed(catalog::Operator::gte, from)};
  first.sort = {{"placed_at", false}};
  first.count = 1;
  PF_LET(const auto page, list(read, first));
  if (!page.orders.empty()) keep(std::chrono::floor<Days>(page.orders[0].placed_at));
  return next;
}

Result<SalesRecounted> Orders::recount_sales(std::chrono::sys_days day,
                                             const std::function<void(storage::Write&, const SalesRecounted&)>& mends) {
  SalesRecounted out;
  RecordsOfDay wrong;  // what is missing in each record: all that there should be, less what there is
  {
    const auto read = store_.read();
    OrderQuery of_day;
    of_day.where = {placed(catalog::Operator::gte, day), placed(catalog::Operator::lt, day + Days{1})};
    of_day.sort = {{"id", false}};
    PF_LET(out.orders, walk(read, of_day, kRecountedOfDayMax, [&](const Order& order) -> Result<> {
             for (const SaleKind kind : {SaleKind::day, SaleKind::category}) {
               SumsByName& all = wrong[sale_key(kind, order)];
               for (const auto& [name, one] : sums_of(order, kind)) all[name].add(one);
             }
             return {};
           }));
    if (out.orders > kRecountedOfDayMax)
      return error(ErrorCode::too_large, "At most " + std::to_string(kRecountedOfDayMax) +
                                             " orders of a day are added up; " + rfc3339(Time(day)).substr(0, 10) +
                                             " has " + std::to_string(out.orders) + ".");
    for (const SaleKind kind : {SaleKind::day, SaleKind::category})
      for (auto row = read.scan(totals_, sales_from(kind, day), sales_from(kind, day + Days{1})); row.valid();
           row.next()) {
        SumsByName& all = wrong[std::string(row.key())];
        for (const auto& [name, one] : read_sums(row.value())) all[name].add(one, -1);
      }
  }
  std::erase_if(wrong, [](const auto& one) {
    return std::ranges::all_of(one.second, [](const auto& sum) { return sum.second.is_zero(); });
  });
  out.mended = wrong.size();
  if (wrong.empty()) return out;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    for (const auto& [key, sums] : wrong) add_sums(work, totals_, key, sums);
    if (mends) mends(work, out);
    return {};
  }));
  return out;
}

}  // namespace pf::orders
