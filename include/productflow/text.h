// Small text helpers that need only the standard library. Pure functions, any thread. All text is UTF-8.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "productflow/clock.h"
#include "productflow/result.h"

namespace pf {

std::string hex(std::string_view bytes);                  // lower case
std::optional<std::string> unhex(std::string_view text);  // nothing if odd or not hexadecimal
std::string base64url(std::string_view bytes);            // RFC 4648 section 5, without padding
std::optional<std::string> unbase64url(std::string_view text);
std::string_view trim(std::string_view text);  // ASCII blanks and control characters
std::string lower_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);           // ASCII
std::vector<std::string_view> split(std::string_view text, char separator);  // "" gives one empty part
std::optional<std::int64_t> parse_int(std::string_view digits);              // whole text, optional '-', no blanks

// Whether it is what most cells and values are: no letters beyond ASCII, no control characters, no line ends. A quick
// look that spares such a text the slower ones.
bool is_plain_ascii(std::string_view text);
// Offset of the first byte that is not well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms), or nothing.
std::optional<std::size_t> first_bad_utf8(std::string_view text);
// Percent-decoding of RFC 3986; nothing if a % is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);
// As application/x-www-form-urlencoded: '+' is a blank as well.
std::optional<std::string> form_decode(std::string_view text);
std::string percent_encode(std::string_view text);  // everything but RFC 3986's unreserved

// RFC 3339, UTC, milliseconds only when there are any: "2026-11-24T12:00:00Z", "2026-11-24T12:00:00.250Z".
std::string rfc3339(Time time);
// RFC 3339 with any offset; also "2026-11-24 12:00:00" and a date alone, both read as UTC.
Result<Time> parse_time(std::string_view text);

}  // namespace pf
