// How a table of text is written (csv.h), told by its beginning. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "formats/csv.h"

namespace pf::formats {

// The delimiter of a header line: the most frequent of , ; TAB | ^ ~ and the control characters US (1F) and SOH (01),
// outside quotes. ',' when there is none.
char delimiter_of(std::string_view header_line);

// The same, and those of several letters (|| ~|~ ::), and rarer ones (# ¦), where all rows below have as many
// cells by them as the header has, and not by the plain one too. `text` is from the header line on, `header_line` the
// first.
std::string delimiter_of(std::string_view header_line, std::string_view text, bool separated);

// ' or ` where every cell of a line of two and more is quoted by it, else ".
char quote_of(std::string_view header_line, std::string_view delimiter);

// What the rows tell that no header line does: the quotes of all texts, if the header has none, and what a backslash
// does. A letter it stays unless clearly more rows are right otherwise. `text` is from the header line on; `whole`:
// nothing follows it; `quote_said`: the quote is known.
Dialect told_by_rows(std::string_view text, Dialect dialect, bool whole, bool quote_said = false);

// A delimiter as somebody says it: a word (tab, comma, semicolon, pipe, space), or the signs themselves. Nothing: it is
// none that could be obeyed.
inline constexpr std::size_t kDelimiterBytesMax = 8;  // the longest that are met have three letters
std::optional<std::string> delimiter_called(std::string_view said);
// The same of the quote of texts: " ' ` or none.
bool is_quote_called(std::string_view said);

}  // namespace pf::formats
