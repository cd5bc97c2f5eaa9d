// Reading secrets and showing answers.
#pragma once

#include <string>
#include <string_view>

#include "json/json.h"

namespace pf::cli {

// From a terminal without echo, after a prompt on standard error; from a pipe one line. Without its line end.
std::string read_secret(const std::string& prompt);
// Objects as "name: value" lines, lists of objects as a table; for people.
void show(const json::Value& value);

// A bar on standard error, while it lives and only on a terminal; elsewhere nothing.
class Progress {
 public:
  explicit Progress(std::string doing);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(unsigned percent);

 private:
  std::string doing_;
  bool terminal_;
  unsigned shown_ = 101;
};

enum class Colour { green, yellow, red };
// Coloured when standard output is a terminal and NO_COLOR (no-color.org) is not set.
std::string painted(Colour colour, std::string_view text);

}  // namespace pf::cli
