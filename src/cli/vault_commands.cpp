
#include "cli/commands.h"
#include "cli/terminal.h"
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

void add_seal(Command& vault, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command = vault.command("seal", "Forget every key: buyers can neither be shown nor taken in until unsealed",
                                  "productflow vault seal --data DIR");
  common->add(command);
  command.does([common, &context] { context.end(*common, context.ask(*common, "POST", "/api/v1/vault/seal")); });
}

// The providers' secrets come from the terminal without echo or from standard input, a line each: never from arguments,
// which every process of the box can read.
json::Value two_shares() {
  json::Value shares = json::Value::array();
  shares.push(read_secret("One share"));
  shares.push(read_secret("Another share"));
  return shares;
}

void add_unseal(Command& vault, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command =
      vault.command("unseal", "Open the vault of the running shop: asks for its passphrase, or for two of its shares",
                    "productflow vault unseal --data DIR");
  common->add(command);
  command.does([common, &context] {
    const auto state = context.ask(*common, "GET", "/api/v1/vault");
    if (!state.ok()) return context.fail(state.error());
    const std::string provider = *state->find("data")->find("key")->find("provider")->as_string();
    json::Value body{json::Members{}};
    if (*state->find("data")->find("sealed")->as_bool()) {
      if (provider == "passphrase") body.set("passphrase", read_secret("Passphrase"));
      if (provider == "shares") body.set("shares", two_shares());
    }
    context.end(*common, context.ask(*common, "POST", "/api/v1/vault/unseal", body));
  });
}

void add_shares(Command& vault, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command = vault.command(
      "shares", "Three new shares for three keepers; they hold once \"vault key --shares\" was given two of them",
      "productflow vault shares --data DIR");
  common->add(command);
  command.does([common, &context] { context.end(*common, context.ask(*common, "POST", "/api/v1/vault/share")); });
}

void add_vault_key(Command& vault, Context& context) {
  struct Options : Common {
    std::string key_file, credential;
    bool beside = false, passphrase = false, shares = false;
  };
  const auto options = std::make_shared<Options>();
  Command command = vault.command(
      "key", "A new master key, and what keeps it; buyers stay readable, and what opened before opens nothing any more",
      "productflow vault key --data DIR --passphrase\n"
      "  productflow vault key --data DIR --key-file /media/stick/productflow.key");
  options->add(command);
  command.option("--key-file", options->key_file, "A file that is made there, whole path; it opens by itself");
  command.flag("--beside", options->beside, "A file beside the ring, as a new shop has; it opens by itself");
  command.flag("--passphrase", options->passphrase, "Asked for, or a line on standard input; every start is sealed");
  command.flag("--shares", options->shares, "Two of \"vault shares\", asked for, or two lines; every start is sealed");
  command.option("--credential", options->credential, "The name of a systemd credential; it opens by itself");
  command.does([options, &context] {
    const int given = !options->key_file.empty() + !options->credential.empty() + options->beside +
                      options->passphrase + options->shares;
    if (given != 1)
      return context.fail(invalid("--passphrase", "required",
                                  "Say what keeps the key: one of --key-file, --beside, --passphrase, --shares and "
                                  "--credential."));
    json::Value body{json::Members{}};
    body.set("provider", options->passphrase           ? "passphrase"
                         : options->shares             ? "shares"
                         : options->credential.empty() ? "key_file"
                                                       : "credential");
    if (!options->key_file.empty()) body.set("path", options->key_file);
    if (!options->credential.empty()) body.set("name", options->credential);
    if (options->passphrase) body.set("passphrase", read_secret("New passphrase"));
    if (options->shares) body.set("shares", two_shares());
    context.end(*options, context.ask(*options, "POST", "/api/v1/vault/key", body));
  });
}

void add_retention(Command& vault, Context& context) {
  struct Options : Common {
    std::string channel, days;
  };
  const auto options = std::make_shared<Options>();
  Command command = vault.command("retention", "How long the buyers of a channel are kept: 30 days, or fewer",
                                  "productflow vault retention --data DIR --channel amazon --days 14");
  options->add(command);
  command.option("--channel", options->channel, "As its orders name it; none: shows what is set");
  command.option("--days", options->days, "1 to 30, from the next order on");
  command.does([options, &context] {
    const std::string path = "/api/v1/vault/retention";
    if (options->channel.empty() && options->days.empty())
      return context.end(*options, context.ask(*options, "GET", path));
    const auto days = parse_int(options->days);
    if (!days)
      return context.fail(invalid("--days", "format", "Give --channel and a whole number of --days, 1 to 30."));
    context.end(*options, context.ask(*options, "PUT", path,
                                      json::Value::object({{"channel", options->channel}, {"days", *days}})));
  });
}

}  // namespace

void add_vault_commands(Command& app, Context& context) {
  add_purge(app, context);
  Command vault = app.noun("vault", "The vault of buyers' data");
  add_status(vault, context);
  add_confirm_clock(vault, context);
  add_certificates(vault, context);
  add_seal(vault, context);
  add_unseal(vault, context);
  add_vault_key(vault, context);
  add_shares(vault, context);
  add_retention(vault, context);
  add_buyer_commands(vault, context);
}

}  // namespace pf::cli
