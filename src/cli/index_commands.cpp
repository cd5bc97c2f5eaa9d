// index: making the search index anew.
#include <fmt/core.h>

#include <chrono>
#include <thread>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "json/members.h"

namespace pf::cli {
namespace {

constexpr std::chrono::milliseconds kLookAtRebuildEvery{200};

Result<json::Value> rebuild_to_its_end(Gateway& gateway) {
  PF_TRY(ask(gateway, request_for("POST", "/api/v1/index/rebuild")));
  Progress progress("looking at the index");
  for (;;) {
    PF_LET(const auto answer, ask(gateway, request_for("GET", "/api/v1/index/rebuild")));
    const json::Value& job = *answer.find("data");
    if (json::text_in(job, "status") != "running") return job;
    progress.show(static_cast<unsigned>(json::number_in(job, "progress")));
    std::this_thread::sleep_for(kLookAtRebuildEvery);
  }
}

// A restart may have come after something was mended, and before it was counted.
std::string found_in(const json::Value& job) {
  const auto mended = json::number_in(*job.find("counts"), "mended");
  if (mended != 0) return fmt::format("{} {} mended", mended, mended == 1 ? "place" : "places");
  if (json::text_in(job, "status") != "done") return "nothing was found wrong so far";
  return json::flag_in(job, "resumed") ? "the index is right" : "the index was right";
}

void rebuild(const Common& options, Context& context) {
  const auto job = [&]() -> Result<json::Value> {
    PF_LET(const auto gateway, context.open(options));
    return rebuild_to_its_end(*gateway);
  }();
  if (!job.ok()) return context.fail(job.error());
  const std::string status = json::text_in(*job, "status");
  if (status != "done") context.code = kFailed;
  if (options.as_json) {
    fmt::print("{}\n", json::write(json::Value::object({{"data", *job}})));
    return;
  }
  fmt::print("{}: {} products and orders looked at, {}\n", status, json::number_in(*job->find("counts"), "documents"),
             found_in(*job));
  if (const std::string message = json::text_in(*job, "message"); !message.empty()) fmt::print("{}\n", message);
}

}  // namespace

void add_index_commands(Command& top, Context& context) {
  Command index = top.noun("index", "What lists and searches are read from");
  const auto options = std::make_shared<Common>();
  Command command = index.command("rebuild", "Make the search index anew, and mend what is wrong in the one in use",
                                  "productflow index rebuild --data DIR\n"
                                  "  Every change of a product or an order writes the index with it. This makes one "
                                  "anew beside it, compares\n  the two and mends the one in use, while the shop goes "
                                  "on. The disk must have room for it twice.");
  options->add(command);
  command.does([options, &context] { rebuild(*options, context); });
}

}  // namespace pf::cli
