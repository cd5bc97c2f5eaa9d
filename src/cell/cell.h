// A cell: a process that reads bytes of strangers, so that a fault in a parser owns nothing. It is this executable,
// started anew without environment and descriptors; what it does is a Task (task.h) that the roof names in main().
// The process dies with its Cell, with the thread that started it, and when it is over its limits.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cell/wire.h"
#include "productflow/clock.h"
#include "productflow/result.h"

namespace pf::cell {

// What shuts a cell in. Without a filter of system calls there is no cell; the others are what the kernel has.
struct Layers {
  std::vector<std::string> hold{};     // "system calls", "files", "network", ...
  std::vector<std::string> lacking{};  // "files: this kernel has no Landlock"
};

struct Limits {
  unsigned cpu_seconds = 10;              // of the process, after which the kernel ends it
  std::size_t memory_bytes = 256u << 20;  // of its addresses; sanitizers need more than there is, and are not limited
  milliseconds patience{30'000};          // the longest that it may be silent while the house waits
};

struct CellOptions {
  Limits limits{};
  std::string program = "/proc/self/exe";  // an executable whose main() knows live()
};

class Cell {
 public:
  // `unavailable`, with what to do, where the process cannot be started or not be shut in.
  static Result<Cell> start(std::string_view task, const CellOptions& options);
  ~Cell();
  Cell(Cell&&) noexcept;
  Cell& operator=(Cell&&) noexcept;

  // When the process ended, or was over its limits or silent for too long, both end for good and say why: `invalid`,
  // `too_large`, `unavailable`. What it said before that is received first.
  Result<> send(char kind, std::string_view body);
  // The next message; what the cell says is not to be trusted, an Error of it is returned as one, with its text
  // cleaned. `invalid` when it is none of a cell, or larger than `bytes_max`.
  Result<Message> receive(std::size_t bytes_max = kMessageBytesMax);

  const Layers& layers() const;
  int process() const;  // its id

 private:
  struct Impl;
  explicit Cell(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::cell
