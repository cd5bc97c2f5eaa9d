#include "cli/commands.h"
#include "cli/terminal.h"
#include "productflow/text.h"

namespace pf::cli {

void add_schedule_commands(Command& app, Context& context) {
  struct Options : Common {
    std::string id, username;
    bool password_stdin = false, no_password = false;
  };
  Command schedule = app.noun("schedule", "What happens by itself: files that are written, read and fetched");
  {
    const auto options = std::make_shared<Options>();
    Command command = schedule.command("list", "List schedules", "productflow schedule list --data DIR");
    options->add(command);
    command.does([options, &context] { context.end(*options, context.ask(*options, "GET", "/api/v1/schedule")); });
  }
  const auto options = std::make_shared<Options>();
  Command command =
      schedule.command("login", "Say with which user name and password a schedule fetches its file (HTTP Basic)",
                       "productflow schedule login --data DIR ID --username shop42 --password-stdin < password.txt");
  options->add(command);
  command.option("id", options->id, "Its id, as listed", Need::required);
  command.option("--username", options->username, "The user name; without, it stays");
  command.flag("--password-stdin", options->password_stdin, "Read the password from standard input instead of asking");
  command.flag("--no-password", options->no_password, "Remove the password that is kept");
  command.not_together("--password-stdin", "--no-password");
  command.does([options, &context] {
    const std::string password = options->no_password ? "" : read_secret("Password of the feed");
    if (password.empty() && !options->no_password)
      return context.fail(
          invalid("password", "required", "No password was read. To remove the one that is kept, say --no-password."));
    json::Value body = json::Value::object({{"password", password}});
    if (!options->username.empty()) body.set("username", options->username);
    context.end(*options, context.ask(*options, "PATCH", "/api/v1/schedule/" + percent_encode(options->id), body));
  });
}

}  // namespace pf::cli
