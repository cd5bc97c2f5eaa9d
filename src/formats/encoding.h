// Makes UTF-8 of what people's programs write: by byte order mark UTF-8, UTF-16 or UTF-32, else UTF-8 while it is
// valid, else Windows-1252 (which holds ISO-8859-1), or another code page where words look as there. Fed in pieces. One
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "formats/code_pages.h"

namespace pf::formats {

class ToUtf8 {
 public:
  // The first bytes decide between the Unicode forms, the first that is not UTF-8 for Windows-1252.
  std::string feed(std::string_view piece, bool last);
  std::string_view encoding() const;  // "UTF-8", "UTF-16LE", "Windows-1252", "DOS (code page 850)", ...
  // Whether the text turned out to be in an encoding that is not read here. What feed() gives is then of no use.
  bool is_unreadable() const { return kind_ == Kind::east_asian; }

 private:
  enum class Kind { unknown, utf8, utf16le, utf16be, utf32le, utf32be, code_page, east_asian } kind_ = Kind::unknown;
  CodePage page_ = CodePage::windows1252;  // of Kind::code_page
  bool seen_utf8_ = false;                 // a character beyond ASCII that was right
  void note(std::string_view text);
  std::optional<CodePage> page_of(std::string_view text) const;  // nothing: it is unreadable
  bool seen_cr_ = false, seen_lf_ = false;
  char before_ = ' ';  // the last letter of what was kept
  std::string held_;   // a character cut between two pieces
};

}  // namespace pf::formats
