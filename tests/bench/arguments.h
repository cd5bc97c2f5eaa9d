// The command line of a benchmark. CLI11 takes ten seconds to compile, and so is in arguments.cpp alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pf::bench {

struct Argument {
  std::string name;  // "--rows", or "executable" for a file that must be there and is named without a dash
  std::variant<bool*, double*, std::string*, std::uint64_t*> into;  // keeps what it holds where nothing is said
  std::string says;
  double least = 0, most = 1e15;  // of numbers
};

// The exit code, where the program is to end now: help was asked for and printed, or a fault and was told.
std::optional<int> read_arguments(int argc, char** argv, const std::string& says,
                                  const std::vector<Argument>& arguments);

}  // namespace pf::bench
