// The inside of a cell: the process that this executable starts of itself, which shuts itself in before it reads a byte
// and then does one task for the house. It has no secrets, no files, no network, and an end to its memory and time.
#pragma once

#include <span>
#include <stdexcept>
#include <string_view>

#include "cell/wire.h"
#include "productflow/result.h"

namespace pf::cell {

// The house, seen from inside. When it is gone, so is this process.
class House {
 public:
  Message receive();  // ends the process when the house says no more
  void send(char kind, std::string_view body);
  void send(const Error& error);

 private:
  std::string waiting_;  // of what was read
  std::size_t at_ = 0;
  bool fill();
};

struct Task {
  std::string_view name;
  void (*run)(House& house);  // returns when it is done; std::bad_alloc may leave it
};

// Whether this process was started as a cell.
bool is_cell(int argc, char** argv);
// Shuts the process in, does the task that it was started for, and ends it. REQUIRES: is_cell(argc, argv), one thread.
[[noreturn]] void live(int argc, char** argv, std::span<const Task> tasks);

}  // namespace pf::cell
