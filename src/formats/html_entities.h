// The names that HTML 4.01 has for characters (&nbsp; &eacute; &euro;), without the four that XML has itself. Any
// thread.
#pragma once

#include <string>
#include <string_view>

namespace pf::formats {

// As a document type declares them, each as the one character that it is: none of them can grow.
const std::string& html_entity_declarations();
bool is_html_entity(std::string_view name);  // without & and ;

}  // namespace pf::formats
