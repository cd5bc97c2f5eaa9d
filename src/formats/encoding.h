// Makes UTF-8 of what people's programs write: by byte order mark UTF-8 or UTF-16, else UTF-8 while it is valid, else
// Windows-1252 (which holds ISO-8859-1), or the letters of a Macintosh, of DOS, of Central Europe or of Cyrillic where
// words look as there. Fed in pieces. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pf::formats {

// The code points of one byte, for readers that decode by themselves.
std::uint32_t point_of_windows1252(unsigned char byte);
std::uint32_t point_of_latin9(unsigned char byte);  // ISO-8859-15
std::uint32_t point_of_latin2(unsigned char byte);  // ISO-8859-2
std::uint32_t point_of_windows1250(unsigned char byte);
std::uint32_t point_of_windows1251(unsigned char byte);
void put_utf8(std::string& out, std::uint32_t point);  // REQUIRES: point <= 0x10ffff

class ToUtf8 {
 public:
  // The first bytes decide between the Unicode forms, the first that is not UTF-8 for Windows-1252.
  std::string feed(std::string_view piece, bool last);
  std::string_view encoding() const;  // "UTF-8", "UTF-16LE", "UTF-16BE", "Windows-1252", "Macintosh",
                                      // "DOS (code page 850)", "Windows-1250", "Windows-1251"

 private:
  enum class Kind {
    unknown,
    utf8,
    utf16le,
    utf16be,
    windows1252,
    macintosh,
    dos,
    windows1250,
    windows1251
  } kind_ = Kind::unknown;
  bool seen_utf8_ = false;  // a character beyond ASCII that was right
  void note(std::string_view text);
  Kind kind_of(std::string_view text) const;
  bool seen_cr_ = false, seen_lf_ = false;
  char before_ = ' ';  // the last letter of what was kept
  std::string held_;   // a character cut between two pieces
};

}  // namespace pf::formats
