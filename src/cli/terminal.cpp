#include "cli/terminal.h"

#include <fmt/core.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>

namespace pf::cli {
namespace {

std::string plain(const json::Value& value) {
  if (value.is_null()) return "-";
  if (const std::string* text = value.as_string()) return *text;
  return json::write(value);
}

}  // namespace

std::string read_secret(const std::string& prompt) {
  termios before{};
  const bool terminal = isatty(STDIN_FILENO) != 0 && tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    fmt::print(stderr, "{}: ", prompt);
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  std::string line;
  std::getline(std::cin, line);
  if (terminal) {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fmt::print(stderr, "\n");
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

void show(const json::Value& value) {
  if (const json::Members* members = value.as_object()) {
    for (const auto& [name, member] : *members) {
      if (member.as_array() != nullptr && !member.as_array()->empty()) {
        fmt::print("{}:\n", name);
        show(member);
      } else {
        fmt::print("{}: {}\n", name, plain(member));
      }
    }
    return;
  }
  const json::Array* rows = value.as_array();
  if (rows == nullptr || rows->empty() || rows->front().as_object() == nullptr) {
    fmt::print("{}\n", rows != nullptr && rows->empty() ? "(none)" : plain(value));
    return;
  }
  std::vector<std::string> names;
  std::map<std::string, std::size_t> widths;
  for (const auto& [name, member] : *rows->front().as_object()) {
    names.push_back(name);
    widths[name] = name.size();
  }
  constexpr std::size_t kWidthMax = 60;
  for (const json::Value& row : *rows)
    for (const std::string& name : names)
      if (const json::Value* cell = row.find(name))
        widths[name] = std::min(kWidthMax, std::max(widths[name], plain(*cell).size()));
  const auto print_row = [&](const auto& text_of) {
    std::string line;
    for (const std::string& name : names) line += fmt::format("{:<{}}  ", text_of(name), widths[name]);
    fmt::print("{}\n", line);
  };
  print_row([](const std::string& name) { return name; });
  for (const json::Value& row : *rows)
    print_row(
        [&](const std::string& name) { return row.find(name) != nullptr ? plain(*row.find(name)) : std::string(); });
}

Progress::Progress(std::string doing) : doing_(std::move(doing)), terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (terminal_ && shown_ <= 100) fmt::print(stderr, "\r\x1b[K");  // clears the line
}

void Progress::show(unsigned percent) {
  if (!terminal_ || percent == shown_ || percent > 100) return;
  shown_ = percent;
  constexpr unsigned kCells = 40;
  const unsigned full = percent * kCells / 100;
  fmt::print(stderr, "\r{} [{:#<{}}{:.<{}}] {:3} %", doing_, "", full, "", kCells - full, percent);
  std::fflush(stderr);
}

std::string painted(Colour colour, std::string_view text) {
  const char* no_colour = std::getenv("NO_COLOR");
  if (isatty(STDOUT_FILENO) == 0 || (no_colour != nullptr && *no_colour != '\0')) return std::string(text);
  const int number = colour == Colour::green ? 32 : colour == Colour::yellow ? 33 : 31;
  return fmt::format("\x1b[{}m{}\x1b[0m", number, text);
}

}  // namespace pf::cli
