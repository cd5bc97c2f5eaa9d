#include "formats/dialect.h"

#include <algorithm>
#include <array>

#include "productflow/text.h"

namespace pf::formats {
namespace {

constexpr std::size_t kLinesLookedAt = 8;         // the header, and the lines that must agree with it
constexpr std::size_t kBytesOfLines = 64u << 10;  // of them
constexpr std::string_view kQuotesOfText = "'`";  // besides "

// How many cells the first rows have.
std::vector<std::size_t> widths_of(std::string_view text, const Dialect& dialect) {
  const std::string_view looked_at = text.substr(0, kBytesOfLines);
  std::vector<std::size_t> widths;
  bool whole = true;  // every name of the header says something
  CsvReader reader(dialect);
  const auto take = [&](TableRow&& row) -> Result<> {
    if (widths.empty())
      whole = std::ranges::none_of(row.cells, [](std::string_view cell) { return trim(cell).empty(); });
    widths.push_back(row.cells.size());
    return widths.size() < kLinesLookedAt ? Result<>() : error(ErrorCode::gone, "Enough was seen.");
  };
  if (reader.feed(looked_at, take).ok() && looked_at.size() == text.size()) static_cast<void>(reader.finish(take));
  return whole ? widths : std::vector<std::size_t>();
}

std::size_t times_in(std::string_view text, std::string_view part) {
  std::size_t times = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++times;
  return times;
}

// How many cells are quoted by `quote`, where all are that are no numbers; 0 where one is not.
std::size_t cells_quoted(std::string_view text, std::string_view delimiter, char quote) {
  std::size_t quoted = 0, at = 0;
  const auto ends = [&] {
    return at >= text.size() || text[at] == '\r' || text[at] == '\n' || text.substr(at).starts_with(delimiter);
  };
  while (at < text.size()) {
    if (text[at] == quote) {
      for (++at; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) {
          ++at;
        } else if (text[at] == quote) {
          if (at + 1 >= text.size() || text[at + 1] != quote) break;
          ++at;
        }
      }
      if (at >= text.size()) return quoted;  // cut off
      ++at;
      if (!ends()) return 0;
      ++quoted;
    } else {
      const std::size_t from = at;
      while (!ends()) ++at;
      const std::string_view cell = text.substr(from, at - from);
      if (cell.find_first_not_of("0123456789.,-+ ") != std::string_view::npos && cell != "NULL" && cell != "\\N")
        return 0;
    }
    at += text.substr(at).starts_with(delimiter) ? delimiter.size() : 1;
  }
  return quoted;
}

// What speaks against a way of reading: rows of another length than the header's, and letters behind a quote's end.
std::uint64_t faults_of(std::string_view text, const Dialect& dialect) {
  CsvReader reader(dialect);
  std::size_t width = 0;
  std::uint64_t faults = 0;
  const auto take = [&](TableRow&& row) -> Result<> {
    if (width == 0) width = row.cells.size();
    faults += row.cells.size() != width || !row.fault.empty();
    return {};
  };
  static_cast<void>(reader.feed(text, take));
  return faults + reader.strays();
}

// A cell of a database that holds nothing.
bool holds_null(std::string_view text, std::string_view delimiter) {
  for (std::size_t at = text.find("\\N"); at != std::string_view::npos; at = text.find("\\N", at + 2)) {
    const std::string_view before = text.substr(0, at), after = text.substr(at + 2);
    const bool begins = before.ends_with(delimiter) || before.ends_with('\n') || before.ends_with('\r'),
               ends = after.starts_with(delimiter) || after.starts_with('\n') || after.starts_with('\r');
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace

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

std::string delimiter_of(std::string_view header_line, std::string_view text, bool separated) {
  // Those that hold others come first.
  constexpr std::string_view kRare[] = {"~|~", "|~|", "^|^",    "|^|",    "\t|\t",  "||", "::",  ";;",
                                        "~~",  "^^",  "\u00ac", "\u00a6", "\u00a7", "#",  "\x1e"};
  const char single = delimiter_of(header_line);
  const auto singles = static_cast<std::size_t>(std::ranges::count(header_line, single));
  for (const std::string_view rare : kRare) {
    const std::size_t times = times_in(header_line, rare);
    if (times == 0) continue;
    const auto inside = times * static_cast<std::size_t>(std::ranges::count(rare, single));
    if (inside != singles && times <= singles) continue;
    const auto widths = widths_of(text, {std::string(rare), Dialect::Quotes::rfc4180, '"', Escapes::none, separated});
    if (widths.size() > 1 && widths[0] > 1 &&
        std::ranges::all_of(widths, [&](std::size_t width) { return width == widths[0]; }))
      return std::string(rare);
  }
  return std::string(1, single);
}

char quote_of(std::string_view header_line, std::string_view delimiter) {
  for (const char quote : kQuotesOfText)
    if (header_line.starts_with(quote) && cells_quoted(header_line, delimiter, quote) > 1) return quote;
  return '"';
}

Dialect told_by_rows(std::string_view text, Dialect dialect) {
  if (dialect.quotes == Dialect::Quotes::none) return dialect;
  const std::string_view rows = text.substr(std::min(text.find_first_of("\r\n"), text.size()));
  if (dialect.quote == '"')
    for (const char quote : kQuotesOfText)
      if (cells_quoted(trim(rows), dialect.delimiter, quote) > 1) dialect.quote = quote;

  const auto faults = [&](Escapes escapes) {
    Dialect other = dialect;
    other.escapes = escapes;
    return faults_of(text, other);
  };
  const std::string quote = std::string("\\") + dialect.quote, cut = "\\" + dialect.delimiter;
  const bool null = holds_null(text, dialect.delimiter), quotes = text.find(quote) != std::string_view::npos;
  const bool cuts = text.find("\\\n") != std::string_view::npos || text.find("\\\r") != std::string_view::npos ||
                    text.find(cut) != std::string_view::npos;
  dialect.escapes = quotes ? Escapes::none : Escapes::if_met;
  if (!null && !quotes && !cuts) return dialect;
  const std::uint64_t as_letters = faults(Escapes::none);
  std::uint64_t fewest = as_letters;
  if (quotes)
    if (const std::uint64_t then = faults(Escapes::in_quotes); then < fewest) {
      fewest = then;
      dialect.escapes = Escapes::in_quotes;
    }
  if (null || cuts)
    if (const std::uint64_t then = faults(Escapes::everywhere); null ? then <= fewest : then < fewest)
      dialect.escapes = Escapes::everywhere;
  return dialect;
}

}  // namespace pf::formats
