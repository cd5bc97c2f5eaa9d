#include <fcntl.h>
#include <unistd.h>

#include <thread>

#include "load.h"
#include "measure.h"
#include "rows.h"

namespace pf::bench {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

// Makes the kernel forget what it holds of these files, so that a start is a cold one; ours alone, not the machine's.
void forget(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  ::fdatasync(file);
  ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  ::close(file);
}

// From the start of the process to its first answer to `target`.
Result<double> milliseconds_to_answer(const Plan& plan, const Shop& shop, const std::string& target) {
  const auto start = SteadyClock::now();
  PF_LET(const auto appliance, Appliance::start(plan.executable, shop.data));
  Load load{.port = appliance.port(), .ca = appliance.ca(), .connections = 1, .requests_max = 1};
  load.request_of = [&](std::uint64_t) { return request_bytes("GET", target, shop.token); };
  PF_LET(const auto figures, run_load(load));
  if (figures.others > 0) return error(ErrorCode::internal, figures.first_other.substr(0, 600));
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

}  // namespace

Result<> measure_cold_start(const Plan& plan, Table& table, const Shop& shop) {
  table.heading("Start at " + whole(static_cast<double>(shop.products)) + " products");
  for (const auto& entry : fs::recursive_directory_iterator(shop.data))
    if (entry.is_regular_file()) forget(entry.path());
  forget(plan.executable);
  PF_LET(const double cold, milliseconds_to_answer(plan, shop, "/api/v1/product/" + sku_of(shop.products / 2)));
  PF_LET(const double warm, milliseconds_to_answer(plan, shop, "/api/v1/product/" + sku_of(shop.products / 2)));
  table.row({"cold start to the first product read", whole(cold) + " ms",
             "files in the page cache: " + whole(warm) + " ms", "", "< 1,000 ms"});
  return {};
}

Result<> measure_size_and_idle(const Plan& plan, Table& table) {
  table.heading("Size");
  table.row({"executable", decimals(static_cast<double>(fs::file_size(plan.executable)) / (1 << 20), 1) + " MiB", "",
             "", "< 30 MiB"});
  const fs::path data = plan.folder / "empty";
  PF_TRY(Appliance::make_shop(plan.executable, data));
  {
    PF_LET(const auto appliance, Appliance::start(plan.executable, data));
    std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(plan.time, std::chrono::seconds{2}));
    const auto figures = appliance.figures();
    table.row({"memory, idle and empty", decimals(figures.resident_mib, 1) + " MiB",
               "most since its start: " + decimals(figures.peak_mib, 1) + " MiB", "", "< 64 MiB"});
  }
  fs::remove_all(data);
  return {};
}

}  // namespace pf::bench
