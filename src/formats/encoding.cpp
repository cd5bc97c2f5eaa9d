#include "formats/encoding.h"

#include <algorithm>

#include "productflow/text.h"

namespace pf::formats {
namespace {

// Windows-1252 0x80 to 0x9F (https://encoding.spec.whatwg.org/index-windows-1252.txt); the rest equals ISO-8859-1.
constexpr std::uint16_t kWindows1252[32] = {0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                            0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,   0x017d, 0x8f,
                                            0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                            0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

// How many bytes at the end are the beginning of a UTF-8 character.
std::size_t unfinished_utf8(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xc0) == 0x80) continue;
    const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

std::string from_windows1252(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    put_utf8(out, point_of_windows1252(byte));
  }
  return out;
}

}  // namespace

std::uint32_t point_of_windows1252(unsigned char byte) {
  return byte >= 0x80 && byte < 0xa0 ? kWindows1252[byte - 0x80] : byte;
}
// ISO-8859-1 but for eight places (https://encoding.spec.whatwg.org/index-iso-8859-15.txt).
std::uint32_t point_of_latin9(unsigned char byte) {
  switch (byte) {
    case 0xa4:
      return 0x20ac;
    case 0xa6:
      return 0x160;
    case 0xa8:
      return 0x161;
    case 0xb4:
      return 0x17d;
    case 0xb8:
      return 0x17e;
    case 0xbc:
      return 0x152;
    case 0xbd:
      return 0x153;
    case 0xbe:
      return 0x178;
    default:
      return byte;
  }
}

void put_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | (point >> 6));
    put(0x80 | (point & 63));
  } else if (point < 0x10000) {
    put(0xe0 | (point >> 12));
    put(0x80 | ((point >> 6) & 63));
    put(0x80 | (point & 63));
  } else {
    put(0xf0 | (point >> 18));
    put(0x80 | ((point >> 12) & 63));
    put(0x80 | ((point >> 6) & 63));
    put(0x80 | (point & 63));
  }
}

std::string_view ToUtf8::encoding() const {
  switch (kind_) {
    case Kind::unknown:
    case Kind::utf8:
      return "UTF-8";
    case Kind::utf16le:
      return "UTF-16LE";
    case Kind::utf16be:
      return "UTF-16BE";
    case Kind::windows1252:
      return "Windows-1252";
  }
  return "";
}

std::string ToUtf8::feed(std::string_view piece, bool last) {
  std::string text = std::move(held_);
  held_.clear();
  text += piece;
  if (kind_ == Kind::unknown && text.size() < 4 && !last) {  // too little to see a mark
    held_ = std::move(text);
    return {};
  }
  if (kind_ == Kind::unknown && !text.empty()) {
    if (text.starts_with("\xef\xbb\xbf")) {
      kind_ = Kind::utf8;
      text.erase(0, 3);
    } else if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
      kind_ = text[0] == '\xff' ? Kind::utf16le : Kind::utf16be;
      text.erase(0, 2);
    } else if (text.size() >= 4 && text[0] != '\0' && text[1] == '\0' && text[2] != '\0' && text[3] == '\0') {
      kind_ = Kind::utf16le;  // without its mark: text of Latin letters is every other byte NUL
    } else if (text.size() >= 4 && text[0] == '\0' && text[1] != '\0' && text[2] == '\0' && text[3] != '\0') {
      kind_ = Kind::utf16be;
    } else {
      kind_ = Kind::utf8;
    }
  }
  if (kind_ == Kind::utf16le || kind_ == Kind::utf16be) {
    std::string out;
    std::size_t i = 0;
    const auto unit = [&](std::size_t at) {
      const auto first = static_cast<unsigned char>(text[at]), second = static_cast<unsigned char>(text[at + 1]);
      return kind_ == Kind::utf16le ? static_cast<std::uint32_t>(first | (second << 8))
                                    : static_cast<std::uint32_t>((first << 8) | second);
    };
    for (; i + 1 < text.size(); i += 2) {
      std::uint32_t point = unit(i);
      if (point >= 0xd800 && point < 0xdc00) {
        if (i + 3 >= text.size()) break;
        const std::uint32_t low = unit(i + 2);
        if (low >= 0xdc00 && low < 0xe000) {
          point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
          i += 2;
        } else {
          point = 0xfffd;
        }
      } else if (point >= 0xdc00 && point < 0xe000) {
        point = 0xfffd;
      }
      put_utf8(out, point);
    }
    if (!last) held_ = text.substr(i);
    return out;
  }
  if (kind_ == Kind::utf8) {
    const std::size_t cut = last ? 0 : unfinished_utf8(text);
    const std::string_view whole = std::string_view(text).substr(0, text.size() - cut);
    const auto bad = first_bad_utf8(whole);
    const auto beyond_ascii = [](std::string_view part) {
      return std::ranges::any_of(part, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    };
    if (!bad || seen_utf8_ || beyond_ascii(whole.substr(0, *bad))) {
      // A damaged byte in a text that has proved to be UTF-8 stays one: its row is refused, the others are right.
      seen_utf8_ = seen_utf8_ || beyond_ascii(bad ? whole.substr(0, *bad) : whole);
      held_ = text.substr(text.size() - cut);
      text.resize(text.size() - cut);
      return text;
    }
    kind_ = Kind::windows1252;  // from here on; what came before was the same in both
  }
  return from_windows1252(text);
}

}  // namespace pf::formats
