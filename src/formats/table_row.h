// One row of a table, whatever file it came from, and the limits of rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pf::formats {

inline constexpr std::size_t kCellBytesMax = 4u << 20;  // descriptions with pictures in them; a gigabyte is an attack
inline constexpr std::size_t kColumnsMax = 5'000;       // 1,000 and more columns are real
inline constexpr std::size_t kRowBytesMax = 64u << 20;  // of all its cells: 5,000 of the largest would be 20 GiB

struct TableRow {
  std::uint64_t line = 0;  // where it starts, counted from 1
  std::vector<std::string> cells;
  std::string fault;  // why it is not whole ("has a cell larger than 4 MiB"); its cells are then not to be used
  struct Remark {
    std::size_t column = 0;  // counted from 0
    std::string message;     // "holds the error #N/A; it was read as empty"
  };
  std::vector<Remark> remarks{};  // what was read otherwise than it stands there
};

}  // namespace pf::formats
