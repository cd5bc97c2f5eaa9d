#include "formats/csv.h"

#include <algorithm>
#include <array>

namespace pf::formats {
namespace {

Error at_line(std::uint64_t line, std::string message) {
  return error(ErrorCode::invalid, "line " + std::to_string(line) + ": " + std::move(message));
}

}  // namespace

void CsvReader::end_cell() {
  row_bytes_ += cell_.size();
  if (row_.cells.size() >= kColumnsMax) row_.fault = "has more than 5,000 columns";
  if (row_bytes_ > kRowBytesMax) row_.fault = "is larger than 64 MiB";
  if (row_.fault.empty()) row_.cells.push_back(std::move(cell_));
  cell_.clear();
  at_ = At::start;
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
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (after_cr_ && c == '\n') {  // the second half of CR LF, also when the pieces were cut between them
      after_cr_ = false;
      if (at_ == At::quoted) cell_.push_back(c);
      continue;
    }
    after_cr_ = false;
    if (at_ == At::quoted) {
      if (c == '"') {
        at_ = At::after_quote;
      } else {
        if (c == '\n' || c == '\r') ++line_;
        if (c == '\r') after_cr_ = true;
        cell_.push_back(c);
      }
    } else if (c == '\n' || c == '\r') {
      after_cr_ = c == '\r';
      PF_TRY(end_row(row));
      ++line_;
      continue;
    } else {
      if (!row_begun()) row_.line = line_;
      if (c == delimiter_) {
        end_cell();
        continue;
      }
      if (quotes_ == Quotes::padded && c == ' ' && (at_ == At::start || at_ == At::after_quote)) continue;
      if (c == '"' && quotes_ != Quotes::none && at_ == At::start) {
        at_ = At::quoted;
        quote_line_ = line_;
      } else if (c == '"' && at_ == At::after_quote) {
        cell_.push_back('"');  // a doubled quote inside quotes
        at_ = At::quoted;
      } else {
        if (at_ == At::start) at_ = At::plain;
        cell_.push_back(c);
      }
    }
    // What a quoted cell holds up to its next quote or line end is taken in one go.
    if (at_ == At::quoted && !after_cr_) {
      std::size_t end = i + 1;
      while (end < text.size() && text[end] != '"' && text[end] != '\n' && text[end] != '\r') ++end;
      cell_.append(text.substr(i + 1, end - i - 1));
      i = end - 1;
    }
    // Most cells are plain: so are they.
    if (at_ == At::plain) {
      std::size_t end = i + 1;
      while (end < text.size() && text[end] != stops_[0] && text[end] != stops_[1] && text[end] != stops_[2]) ++end;
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
  if (at_ == At::quoted)
    return at_line(quote_line_, "the file ends inside a quoted cell that begins here; it seems to be cut off");
  return row_begun() ? end_row(row) : Result<>();
}

char delimiter_of(std::string_view header_line) {
  // The last four are of programs that would not quote: databases and old merchandise systems.
  constexpr std::string_view kCandidates = ",;\t|^~\x1f\x01";
  std::array<std::size_t, kCandidates.size()> counts{};
  bool quoted = false;
  for (char c : header_line) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (const std::size_t at = kCandidates.find(c); at != std::string_view::npos) ++counts[at];
  }
  const auto most = std::ranges::max_element(counts);  // the first of several
  return *most == 0 ? ',' : kCandidates[static_cast<std::size_t>(most - counts.begin())];
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
