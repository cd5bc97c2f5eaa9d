#include "search/letters.h"

#include <utf8proc.h>

namespace pf::search {
namespace {

std::string each_letter(std::string_view text, utf8proc_int32_t (*other)(utf8proc_int32_t)) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    utf8proc_int32_t letter = -1;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &letter);
    if (size <= 0) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    utf8proc_uint8_t bytes[4];
    const auto written = utf8proc_encode_char(other(letter), bytes);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(written));
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return out;
}

}  // namespace

std::string upper(std::string_view text) {
  return each_letter(text, utf8proc_toupper);
}
std::string lower(std::string_view text) {
  return each_letter(text, utf8proc_tolower);
}

}  // namespace pf::search
