#include <fmt/core.h>

#include "cli/commands.h"

namespace pf::cli {
namespace {

void add_audit_verify(Command& audit, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command = audit.command("verify", "Check the log's chain", "productflow audit verify --data DIR");
  common->add(command);
  command.does([common, &context] {
    const auto answer = context.ask(*common, "GET", "/api/v1/audit/verify");
    context.end(*common, answer);
    if (answer.ok() && !*answer->find("data")->find("whole")->as_bool()) context.code = kFailed;
  });
}

void add_audit_export(Command& audit, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command = audit.command("export", "Print the log, newest first, one JSON object a line",
                                  "productflow audit export --data DIR > audit.ndjson");
  common->add(command);
  command.does([common, &context] {
    for (std::string cursor = "0"; !cursor.empty();) {
      const auto answer = context.ask(*common, "GET", "/api/v1/audit?per_page=200&cursor=" + cursor);
      if (!answer.ok()) return context.fail(answer.error());
      for (const json::Value& entry : *answer->find("data")->as_array()) fmt::print("{}\n", json::write(entry));
      const std::string* next = answer->find("meta")->find("next_cursor")->as_string();
      cursor = next != nullptr ? *next : "";
    }
  });
}

}  // namespace

void add_audit_commands(Command& app, Context& context) {
  Command audit = app.noun("audit", "The audit log");
  add_audit_verify(audit, context);
  add_audit_export(audit, context);
}

}  // namespace pf::cli
