// Reads CSV and its relatives as they are met in the field (RFC 4180 and what people make of it): any of , ; TAB |,
// quotes with embedded newlines, CRLF, LF or CR, ragged rows. Fed in pieces; constant memory. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/table_row.h"
#include "productflow/result.h"

namespace pf::formats {

class CsvReader {
 public:
  // none: Amazon's flat files have no quoting, a " is a ". padded: blanks around a quoted cell are not part of it.
  enum class Quotes { rfc4180, none, padded };
  CsvReader(char delimiter, Quotes quotes, std::uint64_t first_line = 1)
      : delimiter_(delimiter), quotes_(quotes), line_(first_line), stops_{'\r', '\n', delimiter} {}

  // Calls `row` for every row that `text` completes. Blank lines are counted and skipped. Its Error ends the reading.
  // A row above a limit is given with its fault, and the next one is read as if nothing had been.
  Result<> feed(std::string_view text, const std::function<Result<>(TableRow&&)>& row);
  // The last row, which may lack its line end. `invalid` when the file ends inside a quote, naming the line it began.
  Result<> finish(const std::function<Result<>(TableRow&&)>& row);
  std::uint64_t blank_lines() const { return blank_; }

 private:
  Result<> end_row(const std::function<Result<>(TableRow&&)>& row);
  void end_cell();
  bool row_begun() const { return at_ != At::start || !cell_.empty() || !row_.cells.empty() || !row_.fault.empty(); }
  const char delimiter_;
  const Quotes quotes_;
  enum class At { start, plain, quoted, after_quote } at_ = At::start;
  TableRow row_;
  std::string cell_;
  std::size_t row_bytes_ = 0;  // of the cells that have ended
  std::uint64_t line_, quote_line_ = 0, blank_ = 0;
  const char stops_[3];  // what ends a plain cell
  bool after_cr_ = false;
};

// The delimiter of a header line: the most frequent of , ; TAB | ^ ~ and the control characters US (1F) and SOH (01),
// outside quotes. ',' when there is none.
char delimiter_of(std::string_view header_line);

// One row as RFC 4180. With `guard`, cells that a spreadsheet would run as a formula (they begin with = + - @ TAB CR LF
// and are no plain number) get a ' in front, and so do those that begin with ' already: taking one ' off gives every
// cell back.
void write_csv_row(const std::vector<std::string>& cells, bool guard, std::string& out, char delimiter = ',');

}  // namespace pf::formats
