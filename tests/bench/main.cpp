// bench EXECUTABLE [--quick] [--folder DIR] [--products N | --orders N | --files N]: prints one table; see README.md.
// Exit code 0 when everything could be measured, whatever the figures say.
#include <fmt/core.h>
#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "arguments.h"
#include "machine.h"
#include "measure.h"

namespace pf::bench {
namespace {

// A shop of some products and many orders, and nothing else.
Result<> measure_orders_alone(const Plan& plan, Table& table) {
  Shop shop{.data = plan.folder / "shop"};
  const auto token = plan.folder / "token";
  const bool is_there = std::filesystem::exists(token);
  if (is_there) {
    std::ifstream(token) >> shop.token >> shop.products;
  } else {
    PF_LET(shop.token, Appliance::make_shop(plan.executable, shop.data));
  }
  PF_LET(const auto appliance, Appliance::start(plan.executable, shop.data));
  if (!is_there) {
    PF_TRY(measure_import(plan, table, appliance, shop, plan.few));
    PF_TRY(measure_order_import(plan, table, appliance, shop));
    std::ofstream(token) << shop.token << ' ' << shop.products << '\n';
  }
  PF_TRY(measure_order_lists(plan, table, appliance, shop));
  return measure_orders(plan, table, appliance, shop);
}

Result<> measure(const Plan& plan, Table& table) {
  PF_TRY(measure_size_and_idle(plan, table));
  PF_TRY(measure_short_texts(plan, table));
  Shop shop{.data = plan.folder / "shop"};
  PF_LET(shop.token, Appliance::make_shop(plan.executable, shop.data));
  {
    PF_LET(const auto appliance, Appliance::start(plan.executable, shop.data));
    PF_TRY(measure_import(plan, table, appliance, shop, plan.few));
    PF_TRY(measure_grid(plan, table, appliance, shop));
    PF_TRY(measure_reads(plan, table, appliance, shop));
    PF_TRY(measure_orders(plan, table, appliance, shop));
    PF_TRY(measure_import(plan, table, appliance, shop, plan.many));
    PF_TRY(measure_grid(plan, table, appliance, shop));
    PF_TRY(measure_reads(plan, table, appliance, shop));
    PF_TRY(measure_orders(plan, table, appliance, shop));
    if (plan.orders > 0) {
      PF_TRY(measure_order_import(plan, table, appliance, shop));
      PF_TRY(measure_order_lists(plan, table, appliance, shop));
    }
    const auto figures = appliance.figures();
    table.heading("Memory after all of it");
    table.row({"memory, " + whole(static_cast<double>(shop.products)) + " products, after the load",
               decimals(figures.resident_mib, 0) + " MiB", "most: " + decimals(figures.peak_mib, 0) + " MiB", "",
               "< 512 MiB at 1,000,000"});
  }
  return measure_cold_start(plan, table, shop);
}

}  // namespace
}  // namespace pf::bench

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  signal(SIGPIPE, SIG_IGN);
  pf::bench::Plan plan;
  std::string executable, folder = fs::temp_directory_path().string(), keep;
  bool quick = false;
  std::uint64_t products = 0, orders = 0, files = 0;
  double seconds = 0;
  if (const auto end = pf::bench::read_arguments(
          argc, argv, "Measures a ProductFlow executable on this machine.",
          {{"executable", &executable, "build/release/productflow"},
           {"--quick", &quick, "Small numbers: shows that it works, measures nothing worth knowing"},
           {"--folder", &folder, "On the disk to measure; a throw-away folder is made in it"},
           {"--products", &products, "Products at the end, 100,000 if not said", 1'000, 1'000'000},
           {"--orders", &orders, "Measures lists of so many orders and placing more, and nothing else", 1'000,
            10'000'000},
           {"--files", &files, "Measures files of so many products, of every format, and nothing else", 100, 1'000'000},
           {"--keep", &keep,
            "With --orders or --files: the folder that the shop stays in, and is measured in again if it is there"},
           {"--seconds", &seconds, "Of each load", 0.05, 600}})) {
    return *end;
  }
  if (quick) {
    plan.time = std::chrono::milliseconds{150};
    plan.rounds = 1;
    plan.few = 200;
    plan.many = 400;
    plan.questions = 5;
    plan.orders = 400;
  }
  if (orders > 0) plan.orders = orders;
  if (products > 0) plan.many = products;
  if (files > 0) plan.many = files;
  plan.few = std::min(plan.few, plan.many / 2);
  if (seconds > 0) plan.time = std::chrono::milliseconds(static_cast<long>(seconds * 1000));
  std::string name = folder + "/productflow-bench-XXXXXX";
  if (!keep.empty()) {
    fs::create_directories(keep);
    name = keep;
  } else if (mkdtemp(name.data()) == nullptr) {
    fmt::print(stderr, "bench: no folder can be made in {}\n", folder);
    return 1;
  }
  plan.executable = fs::absolute(executable);
  plan.folder = name;
  fmt::print("{}\n", pf::bench::machine_name());
  pf::bench::Table table;
  const auto done = orders > 0  ? pf::bench::measure_orders_alone(plan, table)
                    : files > 0 ? pf::bench::measure_files(plan, table)
                                : pf::bench::measure(plan, table);
  std::error_code ignored;
  if (keep.empty()) fs::remove_all(plan.folder, ignored);
  if (!done.ok()) {
    fmt::print(stderr, "bench: {}\n", done.error().message);
    return 1;
  }
  fmt::print("\n{} rows measured\n", table.rows().size());
  return 0;
}
