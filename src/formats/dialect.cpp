#include "formats/dialect.h"

#include <algorithm>
#include <array>
#include <bitset>

#include "productflow/text.h"

namespace pf::formats {
namespace {

constexpr std::string_view kQuotesOfText = "'`";  // besides "
constexpr std::size_t kFewestRows = 2;            // that must be better by another reading
constexpr std::size_t kCellsQuoted = 4;           // by one of them, where the header has none: 's Avonds' is a name

// Whether all rows have as many cells, of two and more, and how many that are. 0: they have not.
std::size_t width_of(std::string_view text, const Dialect& dialect) {
  std::size_t width = 0, rows = 0;
  CsvReader reader(dialect);
  const auto take = [&](TableRow&& row) -> Result<> {
    if (rows++ == 0) {
      width = row.cells.size();
      if (std::ranges::any_of(row.cells, [](std::string_view cell) { return trim(cell).empty(); })) width = 0;
    }
    if (row.cells.size() == width && width > 1) return {};
    width = 0;
    return error(ErrorCode::gone, "Enough was seen.");
  };
  if (reader.feed(text, take).ok() && rows < 2) static_cast<void>(reader.finish(take));
  return rows > 1 ? width : 0;
}

// The same of any names, one of which may be empty.
bool divides_alike(std::string_view text, const Dialect& dialect) {
  std::size_t width = 0;
  CsvReader reader(dialect);
  return reader
             .feed(text,
                   [&](TableRow&& row) -> Result<> {
                     if (width == 0) width = row.cells.size();
                     if (row.cells.size() == width) return {};
                     width = 0;
                     return error(ErrorCode::gone, "Enough was seen.");
                   })
             .ok() &&
         width > 1;
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

// What a way of reading makes of the rows. One that is shorter than the header, or has one empty cell more, is met in
// any file and says nothing.
struct Seen {
  std::size_t rows = 0, right = 0, wrong = 0, shorter = 0;
  bool cut = false;  // the file ends inside a quote
};
Seen seen_by(std::string_view text, const Dialect& dialect, bool whole) {
  Seen seen;
  CsvReader reader(dialect);
  std::size_t width = 0;
  std::uint64_t strays = 0;
  const auto take = [&](TableRow&& row) -> Result<> {
    if (width == 0) width = row.cells.size();
    std::size_t cells = row.cells.size();
    while (cells > width && row.cells[cells - 1].empty()) --cells;
    ++seen.rows;
    if (cells > width || !row.fault.empty() || reader.strays() > strays)
      ++seen.wrong;  // letters behind a quote's end, too
    else if (cells == width)
      ++seen.right;
    else
      ++seen.shorter;
    strays = reader.strays();
    return {};
  };
  const bool read = reader.feed(text, take).ok();
  if (whole && read) seen.cut = !reader.finish(take).ok();
  return seen;
}

// Whether `then` is what was written, and not `now`: `fewest` rows and more are right that were not, and none is lost.
bool clearly_better(const Seen& then, const Seen& now, std::size_t fewest) {
  constexpr std::size_t kOneOf = 4;
  return !then.cut && now.wrong > 0 && then.wrong * kOneOf <= now.wrong && then.right >= now.right &&
         (then.right >= now.right + fewest || (then.rows > now.rows && now.wrong >= fewest));
}
// Whether nothing is left to ask: each row is as long as the header, most were, and not all. A file of a few rows must
// be `sure` to come from a database, or short ones are joined to such a row by chance.
bool is_perfect(const Seen& then, const Seen& now, bool sure) {
  constexpr std::size_t kFewest = 5;  // with the header
  return !then.cut && then.wrong == 0 && then.shorter == 0 && then.right >= (sure ? kFewestRows : kFewest) &&
         then.right >= now.right && now.right * 2 >= now.rows && now.right < now.rows;
}

// Whether each backslash begins what databases escape, and how many kinds of it there are beside letters, which a path
// has too (C:\new).
std::size_t kinds_of_escapes(std::string_view text, const Dialect& dialect) {
  constexpr std::string_view kLetters = "Nntr0";
  std::bitset<4> kinds;
  for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 2)) {
    const std::string_view next = text.substr(at + 1);
    if (next.empty()) break;
    if (next[0] == '\n' || next[0] == '\r')
      kinds.set(0);
    else if (next[0] == dialect.quote)
      kinds.set(1);
    else if (next.starts_with(dialect.delimiter))
      kinds.set(2);
    else if (next[0] == '\\')
      kinds.set(3);
    else if (kLetters.find(next[0]) == std::string_view::npos)
      return 0;
  }
  return kinds.count();
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

std::optional<std::string> delimiter_called(std::string_view said) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"tab", "\t"}, {"comma", ","}, {"semicolon", ";"}, {"pipe", "|"}, {"space", " "}};
  for (const auto& [word, sign] : kWords)
    if (equals_ignoring_case(said, word)) return std::string(sign);
  // A letter or a digit is a word that is not known. Quotes, line ends and a backslash are what a reader looks for.
  const bool fits = !said.empty() && said.size() <= kDelimiterBytesMax && std::ranges::none_of(said, [](char c) {
    return std::string_view("\"'`\\\r\n\0", 7).find(c) != std::string_view::npos || (c >= '0' && c <= '9') ||
           ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  });
  return fits && !first_bad_utf8(said) ? std::optional(std::string(said)) : std::nullopt;
}
bool is_quote_called(std::string_view said) {
  return said == "\"" || said == "'" || said == "`" || said == "none";
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

std::string delimiter_of(std::string_view header_line, std::string_view text, bool separated) {
  // Those that hold others come first.
  constexpr std::string_view kRare[] = {"~|~", "|~|", "^|^",    "|^|",    "\t|\t",  "||", "::",  ";;",
                                        "~~",  "^^",  "\u00ac", "\u00a6", "\u00a7", "#",  "\x1e"};
  const char single = delimiter_of(header_line);
  const auto singles = static_cast<std::size_t>(std::ranges::count(header_line, single));
  const auto dialect_of = [&](std::string_view delimiter) {
    Dialect out;
    out.delimiter = delimiter;
    out.separated = separated;
    return out;
  };
  for (const std::string_view rare : kRare) {
    const std::size_t times = times_in(header_line, rare);
    if (times == 0) continue;
    const auto inside = times * static_cast<std::size_t>(std::ranges::count(rare, single));
    if (inside != singles && times <= singles) continue;
    if (width_of(text, dialect_of(rare)) == 0) continue;
    // Where the plain one divides all rows alike, a cell of several words, or a column without a name, is as likely.
    const bool holds_more = inside > 0 && rare.find_first_not_of(single) != std::string_view::npos;
    if (!holds_more && divides_alike(text, dialect_of(std::string_view(&single, 1)))) continue;
    return std::string(rare);
  }
  return std::string(1, single);
}

char quote_of(std::string_view header_line, std::string_view delimiter) {
  for (const char quote : kQuotesOfText)
    if (header_line.starts_with(quote) && cells_quoted(header_line, delimiter, quote) > 1) return quote;
  return '"';
}

Dialect told_by_rows(std::string_view text, Dialect dialect, bool whole, bool quote_said) {
  if (dialect.quotes == Dialect::Quotes::none) return dialect;
  const std::string_view rows = text.substr(std::min(text.find_first_of("\r\n"), text.size()));
  if (dialect.quote == '"' && !quote_said)
    for (const char quote : kQuotesOfText)
      if (trim(rows).starts_with(quote) && cells_quoted(trim(rows), dialect.delimiter, quote) >= kCellsQuoted)
        dialect.quote = quote;
  dialect.nulls = holds_null(text, dialect.delimiter);

  const auto seen = [&](Escapes escapes) {
    Dialect other = dialect;
    other.escapes = escapes;
    return seen_by(text, other, whole);
  };
  const std::string quote = std::string("\\") + dialect.quote, cut = "\\" + dialect.delimiter;
  const bool quotes = text.find(quote) != std::string_view::npos;
  const bool cuts = text.find("\\\n") != std::string_view::npos || text.find("\\\r") != std::string_view::npos ||
                    text.find(cut) != std::string_view::npos;
  if (!quotes) dialect.escapes = Escapes::if_met;
  if (!quotes && !cuts) return dialect;
  const std::size_t fewest = dialect.quote == '"' ? kFewestRows : 1;  // other quotes have been looked at as such
  const Seen as_letters = seen(Escapes::none);
  Seen best = as_letters;
  if (quotes) {
    dialect.doubled = text.find("\\" + quote) != std::string_view::npos;
    if (const Seen then = seen(Escapes::in_quotes); clearly_better(then, as_letters, fewest)) {
      best = then;
      dialect.escapes = Escapes::in_quotes;
    }
  }
  if (const std::size_t kinds = cuts ? kinds_of_escapes(text, dialect) : 0; kinds > 0) {
    const Seen then = seen(Escapes::everywhere);
    if (clearly_better(then, as_letters, fewest)
            ? then.right >= best.right && then.wrong <= best.wrong
            : kinds > 1 && is_perfect(then, as_letters, dialect.nulls || kinds > 2))
      dialect.escapes = Escapes::everywhere;
  }
  return dialect;
}

}  // namespace pf::formats
