// bench EXECUTABLE [--quick] [--folder DIR] [--products N]: prints one table; see README.md. Exit code 0 when
// everything could be measured, whatever the figures say.
#include <fmt/core.h>
#include <signal.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "machine.h"
#include "measure.h"

namespace pf::bench {
namespace {

Result<> measure(const Plan& plan, Table& table) {
  PF_TRY(measure_size_and_idle(plan, table));
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
  std::string executable, folder = fs::temp_directory_path().string();
  bool quick = false;
  CLI::App app("Measures a ProductFlow executable on this machine.", "bench");
  app.add_option("executable", executable, "build/release/productflow")->required()->check(CLI::ExistingFile);
  app.add_flag("--quick", quick, "Small numbers: shows that it works, measures nothing worth knowing");
  app.add_option("--folder", folder, "On the disk to measure; a throw-away folder is made in it")
      ->capture_default_str();
  auto* products = app.add_option("--products", plan.many, "Products at the end")->check(CLI::Range(1'000, 1'000'000));
  double seconds = 0;
  app.add_option("--seconds", seconds, "Of each load")->check(CLI::Range(0.05, 600.0));
  CLI11_PARSE(app, argc, argv);
  if (quick) {
    plan.time = std::chrono::milliseconds{150};
    plan.rounds = 1;
    plan.few = 200;
    if (products->empty()) plan.many = 400;
    plan.questions = 5;
  }
  plan.few = std::min(plan.few, plan.many / 2);
  if (seconds > 0) plan.time = std::chrono::milliseconds(static_cast<long>(seconds * 1000));
  std::string name = folder + "/productflow-bench-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) {
    fmt::print(stderr, "bench: no folder can be made in {}\n", folder);
    return 1;
  }
  plan.executable = fs::absolute(executable);
  plan.folder = name;
  fmt::print("{}\n", pf::bench::machine_name());
  pf::bench::Table table;
  const auto done = pf::bench::measure(plan, table);
  std::error_code ignored;
  fs::remove_all(plan.folder, ignored);
  if (!done.ok()) {
    fmt::print(stderr, "bench: {}\n", done.error().message);
    return 1;
  }
  fmt::print("\n{} rows measured\n", table.rows().size());
  return 0;
}
