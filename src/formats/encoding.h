// Makes UTF-8 of what people's programs write: by byte order mark UTF-8 or UTF-16, else UTF-8 while it is valid, else
// Windows-1252 (which holds ISO-8859-1). Fed in pieces. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pf::formats {

class ToUtf8 {
 public:
  // The first piece decides; give at least some kilobytes, or the whole file when it is smaller.
  std::string feed(std::string_view piece, bool last);
  std::string_view encoding() const;  // "UTF-8", "UTF-16LE", "UTF-16BE", "Windows-1252"

 private:
  enum class Kind { unknown, utf8, utf16le, utf16be, windows1252 } kind_ = Kind::unknown;
  std::string held_;  // a character cut between two pieces
};

}  // namespace pf::formats
