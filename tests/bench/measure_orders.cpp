#include "load.h"
#include "machine.h"
#include "measure.h"
#include "rows.h"

namespace pf::bench {

Result<> measure_orders(const Plan& plan, Table& table, const Appliance& appliance, const Shop& shop) {
  constexpr unsigned kCallers = 32;
  table.heading("Place orders of two lines: durable, " + std::to_string(kCallers) + " callers");
  PF_LET(const double syncs, fdatasyncs_per_second(plan.folder, plan.time / 3));
  // So that no order was placed before, and no buyer of one is known: in a shop that was kept, all of the last run's
  // would be looked at as duplicates.
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::string run = std::to_string(shop.products) + "-" + std::to_string(now.count());
  auto placed = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
  Load load{.port = appliance.port(), .ca = appliance.ca(), .time = plan.time, .status = 201};
  load.request_of = [&](std::uint64_t) {
    return request_bytes("POST", "/api/v1/order", shop.token, order_body(placed++, shop.products, run));
  };
  const auto place = [&](unsigned callers) -> Result<LoadFigures> {
    load.connections = callers;
    PF_LET(auto figures, run_load(load));
    if (figures.others > 0)
      return error(ErrorCode::internal, "An order was not placed: " + figures.first_other.substr(0, 600));
    return figures;
  };
  PF_LET(const auto alone, place(1));
  const double before = appliance.figures().cpu_seconds;
  PF_LET(const auto many, place(kCallers));
  const double cpu = appliance.figures().cpu_seconds - before;
  const std::string beside = "fdatasync of 4 KiB: " + whole(syncs) + " /s";
  table.row({"placements, 32 callers", whole(many.per_second()) + " /s", beside, percent(many.per_second(), syncs),
             "3,000 /s"});
  table.row({"  p99", decimals(many.percentile(99), 1) + " ms", "p50 " + decimals(many.percentile(50), 1) + " ms", "",
             "p99 < 50 ms"});
  table.row(
      {"  processor time of the server", decimals(cpu / static_cast<double>(many.answers) * 1e6, 0) + " us/order"});
  table.row({"placements, one caller", whole(alone.per_second()) + " /s", beside, percent(alone.per_second(), syncs)});
  return {};
}

}  // namespace pf::bench
