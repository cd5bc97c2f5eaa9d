#include <fmt/core.h>

#include "cli/commands.h"
#include "productflow/text.h"

namespace pf::cli {
namespace {

void add_token_new(Command& token, Context& context) {
  struct Options : Common {
    std::string name, expires_at;
    std::vector<std::string> scopes, ranges;
  };
  const auto options = std::make_shared<Options>();
  Command command = token.command("new", "Make a token; prints it alone, once",
                                  "productflow token new --data DIR --name warehouse --scope orders.read orders.write");
  options->add(command);
  command.option("--name", options->name, "What it is for", Need::required);
  command.option("--scope", options->scopes, "Permissions such as orders.read, or all", Need::required);
  command.option("--expires-at", options->expires_at, "Such as 2027-01-01T00:00:00Z");
  command.option("--range", options->ranges, "Where it may come from, such as 192.0.2.0/24");
  command.does([options, &context] {
    json::Value list = json::Value::array(), ranges = json::Value::array();
    for (const std::string& range : options->ranges) ranges.push(range);
    for (const std::string& scope : options->scopes) list.push(scope);
    json::Value body =
        json::Value::object({{"name", options->name}, {"scopes", std::move(list)}, {"ranges", std::move(ranges)}});
    if (!options->expires_at.empty()) body.set("expires_at", options->expires_at);
    const auto answer = context.ask(*options, "POST", "/api/v1/token", body);
    if (!answer.ok() || options->as_json) return context.end(*options, answer);
    fmt::print("{}\n", *answer->find("data")->find("token")->as_string());
  });
}

void add_token_rotate(Command& token, Context& context) {
  struct Options : Common {
    std::string id;
  };
  const auto options = std::make_shared<Options>();
  Command command = token.command("rotate", "A new secret with the same rights; the old one works for another day",
                                  "productflow token rotate --data DIR 0123456789abcdef");
  options->add(command);
  command.option("id", options->id, "Its id, as listed", Need::required);
  command.does([options, &context] {
    const auto answer = context.ask(*options, "POST", "/api/v1/token/" + percent_encode(options->id) + "/rotate",
                                    json::Value(json::Members{}));
    if (!answer.ok() || options->as_json) return context.end(*options, answer);
    fmt::print("{}\n", *answer->find("data")->find("token")->as_string());
  });
}

void add_token_list(Command& token, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command = token.command("list", "List tokens", "productflow token list --data DIR");
  common->add(command);
  command.does([common, &context] { context.end(*common, context.ask(*common, "GET", "/api/v1/token")); });
}

void add_token_remove(Command& token, Context& context) {
  struct Options : Common {
    std::string id;
  };
  const auto options = std::make_shared<Options>();
  Command command = token.command("remove", "Remove a token", "productflow token remove --data DIR 0123456789abcdef");
  options->add(command);
  command.option("id", options->id, "Its id, as listed", Need::required);
  command.does([options, &context] {
    context.end(*options, context.ask(*options, "DELETE", "/api/v1/token/" + percent_encode(options->id)));
  });
}

}  // namespace

void add_token_commands(Command& app, Context& context) {
  Command token = app.noun("token", "Tokens for programs");
  add_token_new(token, context);
  add_token_list(token, context);
  add_token_rotate(token, context);
  add_token_remove(token, context);
}

}  // namespace pf::cli
