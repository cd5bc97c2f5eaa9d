// Whose letters a text has that is in no Unicode, where they look like nobody else's. Pure functions, any thread.
#pragma once

#include <optional>
#include <string_view>

#include "formats/code_pages.h"

namespace pf::formats {

// Another script than Latin: Cyrillic or Greek.
std::optional<CodePage> script_of(std::string_view text);
// The alphabet of a language, by its letters inside of words. A few foreign names in a Western text are none.
std::optional<CodePage> alphabet_of(std::string_view text);
// The one that a Macintosh's letters could be taken for: accents as DOS has them.
bool looks_dos_accented(std::string_view text);
// Chinese, Japanese or Korean of two bytes a character (Shift_JIS, GBK, Big5, EUC-KR), which is not read here.
bool looks_east_asian(std::string_view text);

}  // namespace pf::formats
