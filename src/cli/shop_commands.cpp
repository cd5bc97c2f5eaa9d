#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/terminal.h"

namespace pf::cli {

void add_shop_commands(Command& app, Context& context) {
  struct Options : Common {
    std::string owner, shop_name, locale, currency;
    bool password_stdin = false;
  };
  const auto options = std::make_shared<Options>();
  Command init = app.command(
      "init", "Make a new data folder with its owner, for scripts",
      "productflow init --data /var/lib/productflow --owner you@example.com --password-stdin < password.txt");
  options->add(init);
  init.option("--owner", options->owner, "The owner's e-mail", Need::required);
  init.flag("--password-stdin", options->password_stdin, "Read the password from standard input instead of asking");
  init.option("--shop-name", options->shop_name, "The shop's name");
  init.option("--locale", options->locale, "The shop's first language, such as nl-NL");
  init.option("--currency", options->currency, "ISO 4217, such as EUR");
  init.does([options, &context] {
    json::Value body = json::Value::object(
        {{"code", ""}, {"email", options->owner}, {"password", read_secret("Password for " + options->owner)}});
    if (!options->shop_name.empty()) body.set("shop_name", options->shop_name);
    if (!options->locale.empty()) body.set("locale", options->locale);
    if (!options->currency.empty()) body.set("currency", options->currency);
    context.end(*options, context.ask(*options, "POST", "/api/v1/setup", body, true));
    if (context.code == kDone && !options->as_json)
      fmt::print("The shop is set up. Start it with: productflow serve --data {}\n", options->data);
  });
}

}  // namespace pf::cli
