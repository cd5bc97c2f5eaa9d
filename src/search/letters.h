// The letters of every alphabet in the other case, one for one (Unicode's simple mappings; ß becomes ẞ). Pure
// functions.
#pragma once

#include <string>
#include <string_view>

namespace pf::search {

// Of UTF-8; what is none stays as it is.
std::string upper(std::string_view text);
std::string lower(std::string_view text);

}  // namespace pf::search
