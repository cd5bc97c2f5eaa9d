// A command of the command line: its options, and what it does. Only command.cpp sees the library that parses them, so
// that a file of commands is compiled in a moment. One thread, while the command line is built.
//
// What options are read into must outlive the parsing: it lives in a shared_ptr that the command's function holds.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace pf::cli {

enum class Need { optional, required };

class Command {
 public:
  explicit Command(CLI::App& app) : app_(&app) {}

  // "--name", or a plain name for what stands without one. A default value that is not empty is shown in --help.
  Command& option(const char* name, std::string& value, const char* what, Need need = Need::optional);
  Command& option(const char* name, std::vector<std::string>& values, const char* what, Need need = Need::optional);
  Command& choice(const char* name, std::string& value, const std::vector<std::string>& of, const char* what,
                  Need need = Need::optional);
  Command& flag(const char* name, bool& value, const char* what);
  Command& not_together(const char* one, const char* other);  // REQUIRES: options of this command
  void does(std::function<void()> work);

  // A subcommand with its sentence and an example, which stands under its --help.
  Command command(const char* name, const char* summary, std::string_view example);
  // One that has subcommands of its own, of which one must be given.
  Command noun(const char* name, const char* summary);

 private:
  CLI::App* app_;
};

// The names under a command, for the shells' completion.
struct CommandNames {
  std::string name, summary;
  std::vector<std::string> options;  // "--data"
  std::vector<CommandNames> commands;
};

class CommandLine {
 public:
  CommandLine(const char* summary, const char* name, const char* footer);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Command& top() { return top_; }
  CommandNames names() const;
  enum class Parsed { ran, helped, wrong };
  // Runs the command that was asked for, shows help, or says on standard error what was wrong.
  Parsed parse(int argc, char** argv);

 private:
  CLI::App* app_;  // owned; unique_ptr would need the library's header here
  Command top_;
};

}  // namespace pf::cli
