// Reads CSV and its relatives as they are met in the field (RFC 4180 and what people make of it): any delimiter, quotes
// with embedded newlines, CRLF, LF or CR, ragged rows. Fed in pieces; constant memory. One thread. How a file is
// written is told by dialect.h.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/table_row.h"
#include "productflow/result.h"

namespace pf::formats {

// What a backslash does.
enum class Escapes : std::uint8_t {
  none,       // nothing: it is a letter
  if_met,     // nothing, but in a quoted cell that has a \" where RFC 4180 has no quote: there as the next one
  in_quotes,  // makes the quote after it a letter of the cell; \\ is one where a quote follows
  everywhere  // as databases write: any letter after it is one, and so are a delimiter, a line end and \n \t \r \0
};
struct Dialect {
  std::string delimiter = ",";  // not empty
  // none: Amazon's flat files have no quoting, a " is a ". padded: blanks around a quoted cell are not part of it.
  enum class Quotes : std::uint8_t { rfc4180, none, padded } quotes = Quotes::rfc4180;
  char quote = '"';
  Escapes escapes = Escapes::none;
  bool separated = false;  // rows end with ASCII's record separator (1E), and a line end is a letter
  bool nulls = false;      // a cell that is \N, without quotes, holds nothing
  bool doubled = false;    // Escapes::in_quotes: \\ is one backslash wherever it stands
};

class CsvReader {
 public:
  using Quotes = Dialect::Quotes;
  explicit CsvReader(Dialect dialect, std::uint64_t first_line = 1);
  CsvReader(char delimiter, Quotes quotes, std::uint64_t first_line = 1)
      : CsvReader(Dialect{std::string(1, delimiter), quotes}, first_line) {}

  // Calls `row` for every row that `text` completes. Blank lines are counted and skipped. Its Error ends the reading.
  // A row above a limit is given with its fault, and the next one is read as if nothing had been.
  Result<> feed(std::string_view text, const std::function<Result<>(TableRow&&)>& row);
  // The last row, which may lack its line end. `invalid` when the file ends inside a quote, naming the line it began.
  Result<> finish(const std::function<Result<>(TableRow&&)>& row);
  std::uint64_t blank_lines() const { return blank_; }
  std::uint64_t strays() const { return strays_; }  // letters behind the quote that ended a cell

 private:
  Result<> read(std::string_view text, bool last, const std::function<Result<>(TableRow&&)>& row);
  void take_escaped(std::string_view text, std::size_t& i);
  bool ends_on_line(std::string_view text) const;
  Result<> end_row(const std::function<Result<>(TableRow&&)>& row);
  void end_cell();
  bool row_begun() const { return at_ != At::start || !cell_.empty() || !row_.cells.empty() || !row_.fault.empty(); }
  const std::string delimiter_;
  const Quotes quotes_;
  const char quote_;
  const Escapes told_;
  Escapes escapes_;  // of this cell
  const bool nulls_, doubled_;
  enum class At { start, plain, quoted, after_quote } at_ = At::start;
  TableRow row_;
  std::string cell_;
  std::size_t row_bytes_ = 0;  // of the cells that have ended
  std::uint64_t line_, quote_line_ = 0, blank_ = 0;
  const char stops_[3];  // what ends a row, either of two, and what begins a delimiter
  bool after_cr_ = false;
  bool literal_ = false;  // the cell was quoted, or has an escaped letter: a \N is two letters there
  std::uint64_t strays_ = 0;
  std::string held_;  // of a piece: what may go on in the next one as a delimiter, or an escaped letter
};

// One row as RFC 4180. With `guard`, cells that a spreadsheet would run as a formula (they begin with = + - @ TAB CR LF
// and are no plain number) get a ' in front, and so do those that begin with ' already: taking one ' off gives every
// cell back.
void write_csv_row(const std::vector<std::string>& cells, bool guard, std::string& out, char delimiter = ',');

}  // namespace pf::formats
