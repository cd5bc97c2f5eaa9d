// Makes UTF-8 of what people's programs write: by byte order mark UTF-8, UTF-16 or UTF-32, else UTF-8 while it is
// valid, else Windows-1252 (which holds ISO-8859-1), or another code page where words look as there. Or in the encoding
// that somebody says. Fed in pieces. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "formats/code_pages.h"

namespace pf::formats {

// What may be said: Unicode, and each code page by one of its names. For people, in the order of a list.
inline constexpr std::string_view kEncodings =
    "utf-8, utf-16le, utf-16be, windows-1250, windows-1251, windows-1252, windows-1253, windows-1254, windows-1257, "
    "iso-8859-2, iso-8859-5, iso-8859-7, iso-8859-15, koi8-r, ibm850, ibm852, ibm866, macintosh";

class ToUtf8 {
 public:
  ToUtf8() = default;
  // Of text in that encoding, whatever it looks like; in any case of letters, by further names too (iso-8859-1, latin1, cp850).
  // Nothing: it is none that is read here. A byte that means nothing in a code page becomes U+FFFD.
  static std::optional<ToUtf8> told(std::string_view encoding);
  // The first bytes decide between the Unicode forms, the first that is not UTF-8 for Windows-1252.
  std::string feed(std::string_view piece, bool last);
  std::string_view encoding() const;  // "UTF-8", "UTF-16LE", "Windows-1252", "DOS (code page 850)", ...
  // Whether the text turned out to be in an encoding that is not read here. What feed() gives is then of no use.
  bool is_unreadable() const { return kind_ == Kind::east_asian; }
  // Whether the text begins with the mark of another encoding than was said, which encoding() then names.
  bool is_contradicted() const { return contradicted_; }

 private:
  enum class Kind { unknown, utf8, utf16le, utf16be, utf32le, utf32be, code_page, east_asian } kind_ = Kind::unknown;
  CodePage page_ = CodePage::windows1252;  // of Kind::code_page
  bool seen_utf8_ = false;                 // a character beyond ASCII that was right
  bool told_ = false, contradicted_ = false;
  // The mark that a text begins with, and of how many bytes it is; unknown: none.
  static std::pair<Kind, std::size_t> mark_of(std::string_view text);
  void note(std::string_view text);
  std::optional<CodePage> page_of(std::string_view text) const;  // nothing: it is unreadable
  bool seen_cr_ = false, seen_lf_ = false;
  char before_ = ' ';  // the last letter of what was kept
  std::string held_;   // a character cut between two pieces
};

}  // namespace pf::formats
