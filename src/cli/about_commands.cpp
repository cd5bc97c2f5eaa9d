#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/completion.h"

namespace pf::cli {
namespace {

void add_openapi(Command& app, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command =
      app.command("openapi", "Print the API's OpenAPI 3.1 document", "productflow openapi --data DIR > openapi.json");
  common->add(command);
  command.does([common, &context] {
    common->as_json = true;
    context.end(*common, context.ask(*common, "GET", "/api/v1/openapi.json"));
  });
}

void print_version(const Ways& ways, bool as_json) {
  if (as_json) {
    json::Value list = json::Value::array();
    for (const Library& library : ways.libraries)
      list.push(
          json::Value::object({{"name", library.name}, {"version", library.version}, {"licence", library.licence}}));
    fmt::print("{}\n", json::write(json::Value::object({{"version", ways.version}, {"libraries", std::move(list)}})));
    return;
  }
  fmt::print("ProductFlow {}\n", ways.version);
  for (const Library& library : ways.libraries)
    fmt::print("  {:<34} {:<22} {}\n", library.name, library.version, library.licence);
}

void add_version(Command& app, Context& context) {
  const auto as_json = std::make_shared<bool>(false);
  Command command =
      app.command("version", "Print the version, the linked libraries and their licences", "productflow version");
  command.flag("--json", *as_json, "As JSON");
  command.does([as_json, &context] { print_version(context.ways, *as_json); });
}

void add_completion(Command& top, const CommandLine& line) {
  Command completion = top.command("completion", "Print what makes a shell complete productflow's commands",
                                   "productflow completion bash > /etc/bash_completion.d/productflow");
  const auto shell = std::make_shared<std::string>();
  completion.choice("shell", *shell, {"bash", "zsh", "fish"}, "Yours", Need::required);
  completion.does([shell, &line] {
    const Shell chosen = *shell == "bash" ? Shell::bash : *shell == "zsh" ? Shell::zsh : Shell::fish;
    fmt::print("{}", completion_script(line.names(), chosen));
  });
}

}  // namespace

void add_about_commands(Command& app, Context& context, const CommandLine& line) {
  add_openapi(app, context);
  add_version(app, context);
  add_completion(app, line);
}

}  // namespace pf::cli
