#include "arguments.h"

#include <CLI/CLI.hpp>

namespace pf::bench {
namespace {

void add(CLI::App& app, const Argument& argument) {
  if (bool* const* flag = std::get_if<bool*>(&argument.into)) {
    app.add_flag(argument.name, **flag, argument.says);
  } else if (std::string* const* text = std::get_if<std::string*>(&argument.into)) {
    auto* option = app.add_option(argument.name, **text, argument.says)->capture_default_str();
    if (!argument.name.starts_with('-')) option->required()->check(CLI::ExistingFile);
  } else if (double* const* number = std::get_if<double*>(&argument.into)) {
    app.add_option(argument.name, **number, argument.says)->check(CLI::Range(argument.least, argument.most));
  } else {
    app.add_option(argument.name, *std::get<std::uint64_t*>(argument.into), argument.says)
        ->capture_default_str()
        ->check(CLI::Range(argument.least, argument.most));
  }
}

}  // namespace

std::optional<int> read_arguments(int argc, char** argv, const std::string& says,
                                  const std::vector<Argument>& arguments) {
  CLI::App app(says);
  for (const Argument& argument : arguments) add(app, argument);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& fault) {
    return app.exit(fault);
  }
  return std::nullopt;
}

}  // namespace pf::bench
