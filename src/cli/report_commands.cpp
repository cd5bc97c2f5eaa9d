// reports: adding up anew what reports are read from.
#include <fmt/core.h>

#include <chrono>
#include <thread>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "json/members.h"

namespace pf::cli {
namespace {

constexpr std::chrono::milliseconds kLookAtRecountEvery{200};

Result<json::Value> recount_to_its_end(Gateway& gateway) {
  PF_TRY(ask(gateway, request_for("POST", "/api/v1/report/recount")));
  Progress progress("adding up");
  for (;;) {
    PF_LET(const auto answer, ask(gateway, request_for("GET", "/api/v1/report/recount")));
    const json::Value& job = *answer.find("data");
    if (json::text_in(job, "status") != "running") return job;
    progress.show(static_cast<unsigned>(json::number_in(job, "progress")));
    std::this_thread::sleep_for(kLookAtRecountEvery);
  }
}

void recount(const Common& options, Context& context) {
  const auto job = [&]() -> Result<json::Value> {
    PF_LET(const auto gateway, context.open(options));
    return recount_to_its_end(*gateway);
  }();
  if (!job.ok()) return context.fail(job.error());
  const std::string status = json::text_in(*job, "status");
  if (status != "done") context.code = kFailed;
  if (options.as_json) {
    fmt::print("{}\n", json::write(json::Value::object({{"data", *job}})));
    return;
  }
  const json::Value& counts = *job->find("counts");
  const auto count = [&](const char* name) { return json::number_in(counts, name); };
  fmt::print("{}: {} orders of {} days, {}\n", status, count("orders"), count("days"),
             count("mended") == 0 ? "all sums were right" : fmt::format("{} sums mended", count("mended")));
  if (const std::string message = json::text_in(*job, "message"); !message.empty()) fmt::print("{}\n", message);
}

}  // namespace

void add_report_commands(Command& top, Context& context) {
  Command reports = top.noun("reports", "What reports are read from");
  const auto options = std::make_shared<Common>();
  Command command = reports.command("recount", "Add up again what orders say was sold, and mend what is wrong",
                                    "productflow reports recount --data DIR\n"
                                    "  Reports are read from sums that every change of an order keeps up to date. This "
                                    "compares them with the\n  orders, day by day, while the shop goes on.");
  options->add(command);
  command.does([options, &context] { recount(*options, context); });
}

}  // namespace pf::cli
