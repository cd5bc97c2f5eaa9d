
#include "cli/commands.h"
#include "productflow/text.h"

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

void add_confirm_clock(Command& vault, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command = vault.command("confirm-clock",
                                  "Say that a clock which was set far ahead is right; what is over by it is destroyed",
                                  "productflow vault confirm-clock --data DIR");
  common->add(command);
  command.does([common, &context] {
    context.end(*common, context.ask(*common, "POST", "/api/v1/vault/clock", json::Value::object({{"confirm", true}})));
  });
}

void add_certificates(Command& vault, Context& context) {
  struct Options : Common {
    std::string number;
    bool verify = false;
  };
  const auto options = std::make_shared<Options>();
  Command command = vault.command("certificates", "What was destroyed, signed; --verify checks signatures and chain",
                                  "productflow vault certificates --data DIR --verify");
  options->add(command);
  command.option("--number", options->number, "Only this one, with the bytes that are signed");
  command.flag("--verify", options->verify, "Check all of them");
  command.not_together("--number", "--verify");
  command.does([options, &context] {
    const std::string path = "/api/v1/vault/certificate";
    if (options->verify) {
      const auto answer = context.ask(*options, "GET", path + "/verify");
      context.end(*options, answer);
      if (answer.ok() && !*answer->find("data")->find("whole")->as_bool()) context.code = kFailed;
    } else {
      const bool one = !options->number.empty();
      context.end(*options, context.ask(*options, "GET",
                                        one ? path + "/" + percent_encode(options->number) : path + "?per_page=200"));
    }
  });
}

}  // namespace

void add_vault_commands(Command& app, Context& context) {
  add_purge(app, context);
  Command vault = app.noun("vault", "The vault of buyers' data");
  add_status(vault, context);
  add_confirm_clock(vault, context);
  add_certificates(vault, context);
  add_buyer_commands(vault, context);
}

}  // namespace pf::cli
