#include "cli/command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

namespace pf::cli {
namespace {

// The first word that should be a command and is none; empty: there is no such word.
std::string no_command(const CLI::App& top, const std::vector<std::string>& words) {
  const CLI::App* at = &top;
  for (const std::string& word : words) {
    const auto commands = at->get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty() || word.starts_with('-')) return {};
    const auto found = std::ranges::find(commands, word, [](const CLI::App* one) { return one->get_name(); });
    if (found == commands.end()) return word;
    at = *found;
  }
  return {};
}

CommandNames names_of(const CLI::App& app) {
  CommandNames names{app.get_name(), app.get_description(), {}, {}};
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.options.push_back("--" + name);
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.commands.push_back(names_of(*command));
  return names;
}

CLI::Option* needed(CLI::Option* option, Need need) {
  return need == Need::required ? option->required() : option;
}

}  // namespace

Command& Command::option(const char* name, std::string& value, const char* what, Need need) {
  CLI::Option* option = needed(app_->add_option(name, value, what), need);
  if (!value.empty()) option->capture_default_str();
  return *this;
}
Command& Command::option(const char* name, std::vector<std::string>& values, const char* what, Need need) {
  needed(app_->add_option(name, values, what), need);
  return *this;
}
Command& Command::choice(const char* name, std::string& value, const std::vector<std::string>& of, const char* what,
                         Need need) {
  CLI::Option* option = needed(app_->add_option(name, value, what), need)->check(CLI::IsMember(of));
  if (!value.empty()) option->capture_default_str();
  return *this;
}
Command& Command::flag(const char* name, bool& value, const char* what) {
  app_->add_flag(name, value, what);
  return *this;
}
Command& Command::not_together(const char* one, const char* other) {
  app_->get_option(one)->excludes(app_->get_option(other));
  return *this;
}
void Command::does(std::function<void()> work) {
  app_->callback(std::move(work));
}

Command Command::command(const char* name, const char* summary, std::string_view example) {
  CLI::App& command = *app_->add_subcommand(name, summary);
  command.footer("Example:\n  " + std::string(example));
  return Command(command);
}
Command Command::noun(const char* name, const char* summary) {
  CLI::App& noun = *app_->add_subcommand(name, summary);
  noun.require_subcommand(1);
  noun.footer(std::string("Help on one of them, with an example:\n  productflow ") + name + " COMMAND --help");
  return Command(noun);
}

CommandLine::CommandLine(const char* summary, const char* name, const char* footer)
    : app_(new CLI::App(summary, name)), top_(*app_) {
  app_->require_subcommand(1);
  app_->footer(footer);
}
CommandLine::~CommandLine() {
  delete app_;
}
CommandNames CommandLine::names() const {
  return names_of(*app_);
}

CommandLine::Parsed CommandLine::parse(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && words.front() == "help") {  // as people know it from other programs
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  const std::string wrong_word = no_command(*app_, words);
  try {
    app_->parse(std::vector<std::string>(words.rbegin(), words.rend()));  // the library takes them from the end
  } catch (const CLI::Success& asked_for_help) {
    app_->exit(asked_for_help);
    return Parsed::helped;
  } catch (const CLI::ParseError& wrong) {
    if (!wrong_word.empty())
      std::cerr << '"' << wrong_word << "\" is no command of ProductFlow.\nRun with --help for more information.\n";
    else
      app_->exit(wrong);
    return Parsed::wrong;
  }
  return Parsed::ran;
}

}  // namespace pf::cli
