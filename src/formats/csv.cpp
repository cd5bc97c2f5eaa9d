#include "formats/csv.h"

#include <algorithm>
#include <utility>

namespace pf::formats {
namespace {

constexpr std::size_t kCellEndBytes = 4'096;  // how far behind a \" the end of its cell is looked for

Error at_line(std::uint64_t line, std::string message) {
  return error(ErrorCode::invalid, "line " + std::to_string(line) + ": " + std::move(message));
}

}  // namespace

CsvReader::CsvReader(Dialect dialect, std::uint64_t first_line)
    : delimiter_(std::move(dialect.delimiter)),
      quotes_(dialect.quotes),
      quote_(dialect.quote),
      told_(dialect.escapes),
      escapes_(dialect.escapes),
      nulls_(dialect.nulls),
      doubled_(dialect.doubled),
      line_(first_line),
      stops_{dialect.separated ? '\x1e' : '\r', dialect.separated ? '\x1e' : '\n', delimiter_[0]} {}

void CsvReader::end_cell() {
  row_bytes_ += cell_.size();
  if (row_.cells.size() >= kColumnsMax) row_.fault = "has more than 5,000 columns";
  if (row_bytes_ > kRowBytesMax) row_.fault = "is larger than 64 MiB";
  if (nulls_ && !literal_ && cell_ == "\\N") cell_.clear();
  if (row_.fault.empty()) row_.cells.push_back(std::move(cell_));
  cell_.clear();
  at_ = At::start;
  escapes_ = told_;
  literal_ = false;
}

Result<> CsvReader::end_row(const std::function<Result<>(TableRow&&)>& row) {
  if (!row_begun()) {
    ++blank_;
    return {};
  }
  end_cell();
  TableRow done = std::move(row_);
  row_ = {};
  row_bytes_ = 0;
  return row(std::move(done));
}

Result<> CsvReader::feed(std::string_view text, const std::function<Result<>(TableRow&&)>& row) {
  if (held_.empty()) return read(text, false, row);
  const std::string joined = std::exchange(held_, {}).append(text);
  return read(joined, false, row);
}

// Of a backslash at `i`, behind which at least two letters stand, or the end: what it makes of them.
void CsvReader::take_escaped(std::string_view text, std::size_t& i) {
  const std::string_view next = text.substr(i + 1, 2);
  const bool quoted = at_ == At::quoted, all = escapes_ == Escapes::everywhere;
  const bool line_end = !next.empty() && (next[0] == '\n' || next[0] == '\r');
  if (next.empty() || (quoted && next[0] != quote_ && next[0] != '\\' && !(all && line_end))) {
    cell_.push_back('\\');
    return;
  }
  if (!all && !doubled_ && next[0] == '\\' && (next.size() < 2 || next[1] != quote_)) {
    cell_.append("\\\\");
    ++i;
    return;
  }
  const bool whole = at_ == At::start;
  if (next[0] != 'N') literal_ = true;
  if (!quoted) at_ = At::plain;
  ++i;
  switch (next[0]) {
    case 'N':
      cell_.append(whole ? "\\N" : "N");  // the former is nothing where no more follows
      return;
    case 'n':
      return cell_.push_back('\n');
    case 't':
      return cell_.push_back('\t');
    case 'r':
      return cell_.push_back('\r');
    case '0':
      return;
    case '\r':
    case '\n':
      ++line_;
      if (next == "\r\n") {
        cell_.push_back('\r');
        ++i;
      }
      return cell_.push_back(text[i]);
    default:
      return cell_.push_back(next[0]);
  }
}

// Of a cell that goes on behind a \": whether it ends on its line as a quoted cell does.
bool CsvReader::ends_on_line(std::string_view text) const {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote_) {
      const std::string_view behind = text.substr(i + 1);
      if (!behind.starts_with(quote_)) return behind.empty() || behind.starts_with(delimiter_);
      ++i;
    }
  }
  return false;
}

Result<> CsvReader::read(std::string_view text, bool last, const std::function<Result<>(TableRow&&)>& row) {
  constexpr std::size_t kEscapeBytes = 3;  // a backslash, and a line end of two
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (after_cr_ && c == '\n') {  // the second half of CR LF, also when the pieces were cut between them
      after_cr_ = false;
      if (at_ == At::quoted) cell_.push_back(c);
      continue;
    }
    after_cr_ = false;
    if (at_ == At::quoted) {
      if (c == quote_) {
        at_ = At::after_quote;
      } else if (c == '\\' && escapes_ >= Escapes::in_quotes) {
        if (text.size() - i < kEscapeBytes && !last) {
          held_ = text.substr(i);
          return {};
        }
        take_escaped(text, i);
      } else {
        if (c == '\n' || c == '\r') ++line_;
        if (c == '\r') after_cr_ = true;
        cell_.push_back(c);
      }
    } else if (c == stops_[0] || c == stops_[1]) {
      after_cr_ = c != '\n';
      PF_TRY(end_row(row));
      ++line_;
      continue;
    } else {
      if (!row_begun()) row_.line = line_;
      if (c == stops_[2]) {
        if (delimiter_.size() == 1) {
          end_cell();
          continue;
        }
        const std::string_view here = text.substr(i, delimiter_.size());
        if (here == delimiter_) {
          end_cell();
          i += delimiter_.size() - 1;
          continue;
        }
        if (!last && std::string_view(delimiter_).starts_with(here)) {  // cut in it
          held_ = here;
          return {};
        }
      }
      if (quotes_ == Quotes::padded && c == ' ' && (at_ == At::start || at_ == At::after_quote)) continue;
      if (c == quote_ && quotes_ != Quotes::none && at_ == At::start) {
        at_ = At::quoted;
        literal_ = true;
        quote_line_ = line_;
      } else if (c == quote_ && at_ == At::after_quote) {
        cell_.push_back(c);  // a doubled quote inside quotes
        at_ = At::quoted;
      } else if (c == '\\' && escapes_ == Escapes::everywhere) {
        if (text.size() - i < kEscapeBytes && !last) {
          held_ = text.substr(i);
          return {};
        }
        take_escaped(text, i);
      } else if (at_ == At::after_quote && escapes_ == Escapes::if_met && cell_.ends_with('\\') && c != ' ') {
        const std::string_view line = text.substr(i, kCellEndBytes);
        const std::size_t end = std::min({line.find(stops_[0]), line.find(stops_[1]), line.size()});
        if (end == line.size() && end < kCellEndBytes && !last) {  // its end is in the next piece
          held_ = line;
          return {};
        }
        if (end == kCellEndBytes || !ends_on_line(line.substr(0, end))) {
          ++strays_;
          cell_.push_back(c);
          escapes_ = Escapes::none;
          continue;
        }
        escapes_ = Escapes::in_quotes;  // a \" and more of the cell
        cell_.back() = quote_;
        at_ = At::quoted;
        --i;
        continue;
      } else {
        if (at_ == At::start) at_ = At::plain;
        strays_ += at_ == At::after_quote;
        cell_.push_back(c);
      }
    }
    // What a quoted cell holds up to its next quote or line end is taken in one go.
    if (at_ == At::quoted && !after_cr_) {
      std::size_t end = i + 1;
      if (escapes_ < Escapes::in_quotes)
        while (end < text.size() && text[end] != quote_ && text[end] != '\n' && text[end] != '\r') ++end;
      else
        while (end < text.size() && text[end] != quote_ && text[end] != '\n' && text[end] != '\r' && text[end] != '\\')
          ++end;
      cell_.append(text.substr(i + 1, end - i - 1));
      i = end - 1;
    }
    // Most cells are plain: so are they.
    if (at_ == At::plain) {
      std::size_t end = i + 1;
      if (escapes_ != Escapes::everywhere)
        while (end < text.size() && text[end] != stops_[0] && text[end] != stops_[1] && text[end] != stops_[2]) ++end;
      else
        while (end < text.size() && text[end] != stops_[0] && text[end] != stops_[1] && text[end] != stops_[2] &&
               text[end] != '\\')
          ++end;
      cell_.append(text.substr(i + 1, end - i - 1));
      i = end - 1;
    }
    if (cell_.size() > kCellBytesMax) {  // an attack or an accident; the rest of the row is read and thrown away
      row_.fault = "has a cell larger than 4 MiB";
      cell_.clear();
    }
  }
  return {};
}

Result<> CsvReader::finish(const std::function<Result<>(TableRow&&)>& row) {
  PF_TRY(read(std::exchange(held_, {}), true, row));
  if (at_ == At::quoted)
    return at_line(quote_line_, "the file ends inside a quoted cell that begins here; it seems to be cut off");
  return row_begun() ? end_row(row) : Result<>();
}

namespace {

bool is_plain_number(std::string_view cell) {
  if (cell.starts_with('-')) cell.remove_prefix(1);
  const std::size_t dot = cell.find('.');
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return digits(cell.substr(0, dot)) && (dot == std::string_view::npos || digits(cell.substr(dot + 1)));
}

}  // namespace

void write_csv_row(const std::vector<std::string>& cells, bool guard, std::string& out, char delimiter) {
  const char quoted[] = {delimiter, '"', '\r', '\n', '\0'};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out.push_back(delimiter);
    const std::string& cell = cells[i];
    const bool formula = guard && !cell.empty() &&
                         std::string_view("=+-@\t\r\n'").find(cell.front()) != std::string_view::npos &&
                         !is_plain_number(cell);
    const bool blanks = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ');
    if (!formula && !blanks && cell.find_first_of(quoted) == std::string::npos) {
      out += cell;
      continue;
    }
    out.push_back('"');
    if (formula) out.push_back('\'');
    for (char c : cell) {
      if (c == '"') out.push_back('"');
      out.push_back(c);
    }
    out.push_back('"');
  }
  out += "\r\n";
}

}  // namespace pf::formats
