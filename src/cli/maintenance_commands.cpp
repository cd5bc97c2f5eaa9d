// reports recount, index rebuild: jobs that look at what is kept and mend what is wrong of it, waited for.
#include <fmt/core.h>

#include <array>
#include <chrono>
#include <thread>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "json/members.h"

namespace pf::cli {
namespace {

constexpr std::chrono::milliseconds kLookAtMaintenanceEvery{200};

struct MaintenanceCommand {
  const char *noun, *about_noun, *name, *summary, *example;
  const char *target, *doing;
  std::string (*looked_at)(const json::Value& counts);
  const char *right, *one_place, *places;  // what was found: nothing wrong, or so many of these mended
};

std::string orders_and_days(const json::Value& counts) {
  return fmt::format("{} orders of {} days", json::number_in(counts, "orders"), json::number_in(counts, "days"));
}
std::string documents_looked_at(const json::Value& counts) {
  return fmt::format("{} products and orders looked at", json::number_in(counts, "documents"));
}

constexpr std::array<MaintenanceCommand, 2> kMaintenanceCommands{{
    {.noun = "reports",
     .about_noun = "What reports are read from",
     .name = "recount",
     .summary = "Add up again what orders say was sold, and mend what is wrong",
     .example = "productflow reports recount --data DIR\n"
                "  Reports are read from sums that every change of an order keeps up to date. This "
                "compares them with the\n  orders, day by day, while the shop goes on.",
     .target = "/api/v1/report/recount",
     .doing = "adding up",
     .looked_at = orders_and_days,
     .right = "all sums were right",
     .one_place = "sum",
     .places = "sums"},
    {.noun = "index",
     .about_noun = "What lists and searches are read from",
     .name = "rebuild",
     .summary = "Make the search index anew, and mend what is wrong in the one in use",
     .example = "productflow index rebuild --data DIR\n"
                "  Every change of a product or an order writes the index with it. This makes one "
                "anew beside it, compares\n  the two and mends the one in use, while the shop goes "
                "on. The disk must have room for it twice.",
     .target = "/api/v1/index/rebuild",
     .doing = "looking at the index",
     .looked_at = documents_looked_at,
     .right = "the index was right",
     .one_place = "place",
     .places = "places"},
}};

Result<json::Value> to_its_end(const MaintenanceCommand& command, Gateway& gateway) {
  PF_TRY(ask(gateway, request_for("POST", command.target)));
  Progress progress(command.doing);
  for (;;) {
    PF_LET(const auto answer, ask(gateway, request_for("GET", command.target)));
    const json::Value& job = *answer.find("data");
    if (json::text_in(job, "status") != "running") return job;
    progress.show(static_cast<unsigned>(json::number_in(job, "progress")));
    std::this_thread::sleep_for(kLookAtMaintenanceEvery);
  }
}

void maintain(const MaintenanceCommand& command, const Common& options, Context& context) {
  const auto job = [&]() -> Result<json::Value> {
    PF_LET(const auto gateway, context.open(options));
    return to_its_end(command, *gateway);
  }();
  if (!job.ok()) return context.fail(job.error());
  const std::string status = json::text_in(*job, "status");
  if (status != "done") context.code = kFailed;
  if (options.as_json) {
    fmt::print("{}\n", json::write(json::Value::object({{"data", *job}})));
    return;
  }
  const json::Value& counts = *job->find("counts");
  const auto mended = json::number_in(counts, "mended");
  const std::string found = mended != 0
                                ? fmt::format("{} {} mended", mended, mended == 1 ? command.one_place : command.places)
                            : status == "done" ? command.right
                                               : "nothing was found wrong so far";
  fmt::print("{}: {}, {}\n", status, command.looked_at(counts), found);
  if (const std::string message = json::text_in(*job, "message"); !message.empty()) fmt::print("{}\n", message);
}

}  // namespace

void add_maintenance_commands(Command& top, Context& context) {
  for (const MaintenanceCommand& one : kMaintenanceCommands) {
    Command noun = top.noun(one.noun, one.about_noun);
    const auto options = std::make_shared<Common>();
    Command command = noun.command(one.name, one.summary, one.example);
    options->add(command);
    command.does([&one, options, &context] { maintain(one, *options, context); });
  }
}

}  // namespace pf::cli
