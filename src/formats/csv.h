// Reads CSV and its relatives as they are met in the field (RFC 4180 and what people make of it): any of , ; TAB |,
// quotes with embedded newlines, CRLF, LF or CR, ragged rows. Fed in pieces; constant memory. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "productflow/result.h"

namespace pf::formats {

inline constexpr std::size_t kCellBytesMax =
    4u << 20;  // descriptions with pictures inside are real; a gigabyte is an attack
inline constexpr std::size_t kColumnsMax = 5'000;  // 1,000 and more columns are real

struct CsvRow {
  std::uint64_t line = 0;  // where it starts, counted from 1
  std::vector<std::string> cells;
};

class CsvReader {
 public:
  enum class Quotes { rfc4180, none };  // Amazon's flat files have no quoting: a " is a "
  CsvReader(char delimiter, Quotes quotes) : delimiter_(delimiter), quotes_(quotes) {}

  // Calls `row` for every row that `text` completes. Blank lines are counted and skipped. Its Error ends the reading.
  Result<> feed(std::string_view text, const std::function<Result<>(CsvRow&&)>& row);
  // The last row, which may lack its line end. `invalid` when the file ends inside a quote, naming the line it began.
  Result<> finish(const std::function<Result<>(CsvRow&&)>& row);
  std::uint64_t blank_lines() const { return blank_; }

 private:
  Result<> end_row(const std::function<Result<>(CsvRow&&)>& row);
  Result<> end_cell();
  const char delimiter_;
  const Quotes quotes_;
  enum class At { start, plain, quoted, after_quote } at_ = At::start;
  CsvRow row_;
  std::string cell_;
  std::uint64_t line_ = 1, quote_line_ = 0, blank_ = 0;
  bool after_cr_ = false;
};

// The delimiter of a header line: the most frequent of , ; TAB | outside quotes. ',' when there is none.
char delimiter_of(std::string_view header_line);

// One row as RFC 4180. With `guard`, cells that a spreadsheet would run as a formula get a ' in front.
void write_csv_row(const std::vector<std::string>& cells, bool guard, std::string& out);

}  // namespace pf::formats
