
#include "cli/commands.h"

namespace pf::cli {
namespace {

void add_purge(Command& app, Context& context) {
  struct Options : Common {
    bool now = false, dry_run = false;
  };
  const auto options = std::make_shared<Options>();
  Command purge =
      app.command("purge", "Destroy the buyers' data that is due", "productflow purge --data DIR --dry-run");
  options->add(purge);
  purge.flag("--now", options->now, "Do it now (the default)");
  purge.flag("--dry-run", options->dry_run, "Only say what is due");
  purge.not_together("--now", "--dry-run");
  purge.does([options, &context] {
    context.end(*options, context.ask(*options, "POST", "/api/v1/vault/purge",
                                      json::Value::object({{"dry_run", options->dry_run}})));
  });
}

void add_status(Command& vault, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command =
      vault.command("status", "The state of the key ring and the last purges", "productflow vault status --data DIR");
  common->add(command);
  command.does([common, &context] { context.end(*common, context.ask(*common, "GET", "/api/v1/vault")); });
}

}  // namespace

void add_vault_commands(Command& app, Context& context) {
  add_purge(app, context);
  Command vault = app.noun("vault", "The vault of buyers' data");
  add_status(vault, context);
}

}  // namespace pf::cli
