// sales_bench [--folder DIR] [--orders N]: what it costs to add up orders as they are placed and shipped, and how long
// reports of a year of them take. In one process, on a real store, of orders that are counted and not kept; prints one
// table. Never a timed test.
#include <fmt/core.h>

#include "arguments.h"
#include "machine.h"
#include "orders/reports.h"
#include "orders/sale_totals.h"
#include "table.h"
#include "throw_away_folder.h"

namespace pf::bench {
namespace {

namespace fs = std::filesystem;
using Watch = std::chrono::steady_clock;

constexpr std::uint64_t kInUnit = 500;  // orders of a unit of work, as an import has them
constexpr int kDays = 365;
constexpr std::array<const char*, 4> kChannels{"amazon", "bol", "shopify", "woocommerce"};
constexpr std::uint64_t kCategories = 200;

double seconds_since(Watch::time_point start) {
  return std::chrono::duration<double>(Watch::now() - start).count();
}

class StandingClock final : public Clock {
 public:
  Time now() const override { return Time{milliseconds{1'790'000'000'000}}; }
  milliseconds since_boot() const override { return milliseconds{1}; }
  std::string boot_id() const override { return "bench"; }
};

// Two lines, of two categories mostly; the days come in turn, as they do.
orders::Order order_of(std::uint64_t number, std::uint64_t all, Time now) {
  orders::Order order;
  order.channel = kChannels[number % kChannels.size()];
  order.currency = *Currency::parse("EUR");
  order.placed_at = now - std::chrono::days{kDays} +
                    milliseconds{static_cast<std::int64_t>(number * (std::uint64_t{kDays} * 86'400'000 / all))};
  order.ship_by = order.placed_at + std::chrono::hours{48};
  for (std::uint64_t line = 0; line < 2; ++line) {
    orders::Line& one = order.lines.emplace_back();
    one.price = Money{static_cast<std::int64_t>(500 + number % 5'000), order.currency};
    one.count.ordered = one.count.allocated = 1;
    one.category = "shop/part " + std::to_string((number * 7 + line * 13) % kCategories);
  }
  return order;
}

Result<> measure(const fs::path& folder, std::uint64_t count, Table& table) {
  const StandingClock clock;
  std::vector<storage::Family> families = audit::Audit::families();
  for (const auto& more : {vault::Vault::families(std::make_shared<std::atomic<std::uint32_t>>(0)),
                           stock::Stock::families(), orders::Orders::families()})
    families.insert(families.end(), more.begin(), more.end());
  PF_LET(const auto store, storage::Store::open(folder, std::move(families), {.create_if_missing = true}));
  audit::Audit audit(*store, clock);
  PF_LET(const auto vault,
         vault::Vault::open(*store, audit, clock, folder, std::make_shared<std::atomic<std::uint32_t>>(0)));
  stock::Stock stock(*store, clock);
  const orders::Orders room(*store, stock, *vault, audit, clock);
  const auto totals = store->family(orders::kSaleTotalsFamily);

  table.heading("Add up " + whole(static_cast<double>(count)) + " orders of two lines");
  const auto count_all = [&](bool shipped) -> Result<double> {
    const auto start = Watch::now();
    for (std::uint64_t at = 0; at < count; at += kInUnit)
      PF_TRY(store->write([&](storage::Write& work) -> Result<> {
        for (std::uint64_t i = at; i < std::min(count, at + kInUnit); ++i) {
          const orders::Order placed = order_of(i, count, clock.now());
          if (!shipped) {
            orders::count_sale(work, totals, nullptr, placed);
            continue;
          }
          orders::Order left = placed;
          for (orders::Line& line : left.lines) line.count.shipped = std::exchange(line.count.allocated, 0);
          left.parcels.emplace_back().at = placed.placed_at + std::chrono::hours{i % 60};
          orders::count_sale(work, totals, &placed, left);
        }
        return {};
      }));
    return seconds_since(start);
  };
  const auto each = [&](double seconds) {
    return decimals(seconds / static_cast<double>(count) * 1e6, 1) + " us/order";
  };
  PF_LET(const double placing, count_all(false));
  table.row({"as they are placed", each(placing), "with its share of the unit of work"});
  PF_LET(const double shipping, count_all(true));
  table.row({"as they are shipped", each(shipping)});

  table.heading("Report of a year of them");
  for (const auto group : {orders::ReportGroup::day, orders::ReportGroup::channel, orders::ReportGroup::category}) {
    const auto today = std::chrono::floor<std::chrono::days>(clock.now());
    const auto start = Watch::now();
    PF_LET(const auto rows,
           orders::report(room, store->read(),
                          {.from = today - std::chrono::days{kDays}, .to = today, .group = group, .now = clock.now()}));
    const double seconds = seconds_since(start);
    std::int64_t orders = 0, units = 0;
    for (const auto& row : rows) {
      orders += row.orders;
      units += row.units;
    }
    if (units != static_cast<std::int64_t>(2 * count))
      return error(ErrorCode::internal, fmt::format("The report counts {} units of {}.", units, 2 * count));
    table.row({"by " + std::string(orders::kReportGroupNames[static_cast<std::size_t>(group)]),
               decimals(seconds * 1e3, 1) + " ms", whole(static_cast<double>(rows.size())) + " rows", "", "1 s"});
  }
  return {};
}

}  // namespace
}  // namespace pf::bench

int main(int argc, char** argv) {
  std::string folder = std::filesystem::temp_directory_path().string();
  std::uint64_t count = 1'000'000;
  if (const auto end =
          pf::bench::read_arguments(argc, argv, "Measures reports on this machine.",
                                    {{"--folder", &folder, "On the disk to measure; a throw-away folder is made in it"},
                                     {"--orders", &count, "How many", 1'000, 100'000'000}})) {
    return *end;
  }
  return pf::bench::in_throw_away_folder(
      "sales_bench", folder, [&](const auto& inside, auto& table) { return pf::bench::measure(inside, count, table); });
}
