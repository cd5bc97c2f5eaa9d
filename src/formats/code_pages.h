// Encodings of one byte a character, and their names. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pf::formats {

// Each is read as the larger of two that differ in signs alone: Windows-1252 holds ISO-8859-1, Windows-1254 holds
// ISO-8859-9, KOI8-U the letters of KOI8-R, code page 850 those of 437.
enum class CodePage : std::uint8_t {
  windows1250,
  windows1251,
  windows1252,
  windows1253,
  windows1254,
  windows1257,
  latin2,  // ISO-8859-2
  latin9,  // ISO-8859-15
  iso_cyrillic,
  iso_greek,
  koi8,
  macintosh,
  dos850,
  dos852,
  dos866
};

std::uint32_t point_of(CodePage page, unsigned char byte);         // a byte that means nothing: U+FFFD
std::string_view name_of(CodePage page);                           // as people are told: "Windows-1252"
std::optional<CodePage> code_page_called(std::string_view label);  // as XML declares it, in any case: "koi8-r"

void put_utf8(std::string& out, std::uint32_t point);  // REQUIRES: point <= 0x10ffff
std::string from_code_page(std::string_view text, CodePage page);

}  // namespace pf::formats
