#include "jobs/sales_recount.h"

#include <algorithm>

namespace pf::jobs {
namespace {

// Before any order, and a year of four digits, as times are written.
constexpr std::chrono::sys_days kBeforeAll{std::chrono::year{1000} / 1 / 1};

std::int64_t day_number(std::chrono::sys_days day) {
  return day.time_since_epoch().count();
}
std::chrono::sys_days day_in(const MaintenanceRun& run, const char* name) {
  return std::chrono::sys_days(std::chrono::days(run.number(name)));
}

}  // namespace

// Stored on disk with the run (maintenance.h): do not rename a number. `next` is the day where it is.
MaintenanceTask sales_recount(storage::Store& store, orders::Orders& orders) {
  MaintenanceTask task{
      .name = "recount", .key = "a", .asked = "reports.recount", .counts = {"days", "orders", "mended"}};
  task.begin = [&orders](const storage::Reader& read, MaintenanceRun& run) -> Result<> {
    PF_LET(const auto first, orders.next_sales_day(read, kBeforeAll));
    const auto last = std::chrono::floor<std::chrono::days>(run.created_at);
    run.numbers["first"] = run.numbers["next"] = day_number(first.value_or(last));
    run.numbers["last"] = day_number(last);
    return {};
  };
  task.step = [&store, &orders](MaintenanceRun& run, const MaintenanceWatch& watch) -> Result<bool> {
    PF_LET(const auto day, orders.next_sales_day(store.read(), day_in(run, "next")));
    if (!day) return false;
    const auto behind = [&](const orders::SalesRecounted& counted) {
      MaintenanceRun now = run;
      now.numbers["days"] += 1;
      now.numbers["orders"] += static_cast<std::int64_t>(counted.orders);
      now.numbers["mended"] += static_cast<std::int64_t>(counted.mended);
      now.numbers["next"] = day_number(*day + std::chrono::days{1});
      const auto whole = now.number("last") - now.number("first") + 1, done = now.number("next") - now.number("first");
      now.percent = std::clamp<std::int64_t>(done * 100 / std::max<std::int64_t>(whole, 1), 0, 99);
      return now;
    };
    PF_LET(const auto counted,
           orders.recount_sales(*day, [&](storage::Write& work, const orders::SalesRecounted& mends) {
             watch.keep(work, behind(mends));
           }));
    run = behind(counted);
    return true;
  };
  return task;
}

}  // namespace pf::jobs
