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

constexpr std::size_t kLookedAtBytes = 4'096;  // from the first that is no UTF-8, to tell whose letters it is

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

// 0x80 to 0xff (https://www.unicode.org/Public/MAPPINGS/VENDORS/APPLE/ROMAN.TXT): what Excel for Mac writes as "CSV
// (Macintosh)", with a CR alone at the end of each line.
constexpr std::uint16_t kMacRoman[128] = {
    0x00c4, 0x00c5, 0x00c7, 0x00c9, 0x00d1, 0x00d6, 0x00dc, 0x00e1, 0x00e0, 0x00e2, 0x00e4, 0x00e3, 0x00e5,
    0x00e7, 0x00e9, 0x00e8, 0x00ea, 0x00eb, 0x00ed, 0x00ec, 0x00ee, 0x00ef, 0x00f1, 0x00f3, 0x00f2, 0x00f4,
    0x00f6, 0x00f5, 0x00fa, 0x00f9, 0x00fb, 0x00fc, 0x2020, 0x00b0, 0x00a2, 0x00a3, 0x00a7, 0x2022, 0x00b6,
    0x00df, 0x00ae, 0x00a9, 0x2122, 0x00b4, 0x00a8, 0x2260, 0x00c6, 0x00d8, 0x221e, 0x00b1, 0x2264, 0x2265,
    0x00a5, 0x00b5, 0x2202, 0x2211, 0x220f, 0x03c0, 0x222b, 0x00aa, 0x00ba, 0x03a9, 0x00e6, 0x00f8, 0x00bf,
    0x00a1, 0x00ac, 0x221a, 0x0192, 0x2248, 0x2206, 0x00ab, 0x00bb, 0x2026, 0x00a0, 0x00c0, 0x00c3, 0x00d5,
    0x0152, 0x0153, 0x2013, 0x2014, 0x201c, 0x201d, 0x2018, 0x2019, 0x00f7, 0x25ca, 0x00ff, 0x0178, 0x2044,
    0x20ac, 0x2039, 0x203a, 0xfb01, 0xfb02, 0x2021, 0x00b7, 0x201a, 0x201e, 0x2030, 0x00c2, 0x00ca, 0x00c1,
    0x00cb, 0x00c8, 0x00cd, 0x00ce, 0x00cf, 0x00cc, 0x00d3, 0x00d4, 0xf8ff, 0x00d2, 0x00da, 0x00db, 0x00d9,
    0x0131, 0x02c6, 0x02dc, 0x00af, 0x02d8, 0x02d9, 0x02da, 0x00b8, 0x02dd, 0x02db, 0x02c7};

// 0x80 to 0xff (https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/PC/CP850.TXT): what programs of DOS wrote in
// Western Europe, and German wholesalers write still.
constexpr std::uint16_t kCp850[128] = {
    0x00c7, 0x00fc, 0x00e9, 0x00e2, 0x00e4, 0x00e0, 0x00e5, 0x00e7, 0x00ea, 0x00eb, 0x00e8, 0x00ef, 0x00ee,
    0x00ec, 0x00c4, 0x00c5, 0x00c9, 0x00e6, 0x00c6, 0x00f4, 0x00f6, 0x00f2, 0x00fb, 0x00f9, 0x00ff, 0x00d6,
    0x00dc, 0x00f8, 0x00a3, 0x00d8, 0x00d7, 0x0192, 0x00e1, 0x00ed, 0x00f3, 0x00fa, 0x00f1, 0x00d1, 0x00aa,
    0x00ba, 0x00bf, 0x00ae, 0x00ac, 0x00bd, 0x00bc, 0x00a1, 0x00ab, 0x00bb, 0x2591, 0x2592, 0x2593, 0x2502,
    0x2524, 0x00c1, 0x00c2, 0x00c0, 0x00a9, 0x2563, 0x2551, 0x2557, 0x255d, 0x00a2, 0x00a5, 0x2510, 0x2514,
    0x2534, 0x252c, 0x251c, 0x2500, 0x253c, 0x00e3, 0x00c3, 0x255a, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550,
    0x256c, 0x00a4, 0x00f0, 0x00d0, 0x00ca, 0x00cb, 0x00c8, 0x0131, 0x00cd, 0x00ce, 0x00cf, 0x2518, 0x250c,
    0x2588, 0x2584, 0x00a6, 0x00cc, 0x2580, 0x00d3, 0x00df, 0x00d4, 0x00d2, 0x00f5, 0x00d5, 0x00b5, 0x00fe,
    0x00de, 0x00da, 0x00db, 0x00d9, 0x00fd, 0x00dd, 0x00af, 0x00b4, 0x00ad, 0x00b1, 0x2017, 0x00be, 0x00b6,
    0x00a7, 0x00f7, 0x00b8, 0x00b0, 0x00a8, 0x00b7, 0x00b9, 0x00b3, 0x00b2, 0x25a0, 0x00a0};

// 0x80 to 0xff (https://encoding.spec.whatwg.org/index-windows-1250.txt): Poland, Czechia, Hungary and their
// neighbours.
constexpr std::uint16_t kWindows1250[128] = {
    0x20ac, 0x0081, 0x201a, 0x0083, 0x201e, 0x2026, 0x2020, 0x2021, 0x0088, 0x2030, 0x0160, 0x2039, 0x015a,
    0x0164, 0x017d, 0x0179, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x0098, 0x2122,
    0x0161, 0x203a, 0x015b, 0x0165, 0x017e, 0x017a, 0x00a0, 0x02c7, 0x02d8, 0x0141, 0x00a4, 0x0104, 0x00a6,
    0x00a7, 0x00a8, 0x00a9, 0x015e, 0x00ab, 0x00ac, 0x00ad, 0x00ae, 0x017b, 0x00b0, 0x00b1, 0x02db, 0x0142,
    0x00b4, 0x00b5, 0x00b6, 0x00b7, 0x00b8, 0x0105, 0x015f, 0x00bb, 0x013d, 0x02dd, 0x013e, 0x017c, 0x0154,
    0x00c1, 0x00c2, 0x0102, 0x00c4, 0x0139, 0x0106, 0x00c7, 0x010c, 0x00c9, 0x0118, 0x00cb, 0x011a, 0x00cd,
    0x00ce, 0x010e, 0x0110, 0x0143, 0x0147, 0x00d3, 0x00d4, 0x0150, 0x00d6, 0x00d7, 0x0158, 0x016e, 0x00da,
    0x0170, 0x00dc, 0x00dd, 0x0162, 0x00df, 0x0155, 0x00e1, 0x00e2, 0x0103, 0x00e4, 0x013a, 0x0107, 0x00e7,
    0x010d, 0x00e9, 0x0119, 0x00eb, 0x011b, 0x00ed, 0x00ee, 0x010f, 0x0111, 0x0144, 0x0148, 0x00f3, 0x00f4,
    0x0151, 0x00f6, 0x00f7, 0x0159, 0x016f, 0x00fa, 0x0171, 0x00fc, 0x00fd, 0x0163, 0x02d9};

// The same of Cyrillic letters (https://encoding.spec.whatwg.org/index-windows-1251.txt).
constexpr std::uint16_t kWindows1251[128] = {
    0x0402, 0x0403, 0x201a, 0x0453, 0x201e, 0x2026, 0x2020, 0x2021, 0x20ac, 0x2030, 0x0409, 0x2039, 0x040a,
    0x040c, 0x040b, 0x040f, 0x0452, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x0098, 0x2122,
    0x0459, 0x203a, 0x045a, 0x045c, 0x045b, 0x045f, 0x00a0, 0x040e, 0x045e, 0x0408, 0x00a4, 0x0490, 0x00a6,
    0x00a7, 0x0401, 0x00a9, 0x0404, 0x00ab, 0x00ac, 0x00ad, 0x00ae, 0x0407, 0x00b0, 0x00b1, 0x0406, 0x0456,
    0x0491, 0x00b5, 0x00b6, 0x00b7, 0x0451, 0x2116, 0x0454, 0x00bb, 0x0458, 0x0405, 0x0455, 0x0457, 0x0410,
    0x0411, 0x0412, 0x0413, 0x0414, 0x0415, 0x0416, 0x0417, 0x0418, 0x0419, 0x041a, 0x041b, 0x041c, 0x041d,
    0x041e, 0x041f, 0x0420, 0x0421, 0x0422, 0x0423, 0x0424, 0x0425, 0x0426, 0x0427, 0x0428, 0x0429, 0x042a,
    0x042b, 0x042c, 0x042d, 0x042e, 0x042f, 0x0430, 0x0431, 0x0432, 0x0433, 0x0434, 0x0435, 0x0436, 0x0437,
    0x0438, 0x0439, 0x043a, 0x043b, 0x043c, 0x043d, 0x043e, 0x043f, 0x0440, 0x0441, 0x0442, 0x0443, 0x0444,
    0x0445, 0x0446, 0x0447, 0x0448, 0x0449, 0x044a, 0x044b, 0x044c, 0x044d, 0x044e, 0x044f};

bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_beyond(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

// Letters of Central Europe inside of words: Polish ones are raised digits as Windows-1252, and s and z with a hook or
// an accent hardly stand beside accented letters elsewhere. One foreign name in a French file is no proof: there must
// be some, of more than one kind, and no few among the accented letters (in Czech an eighth).
bool looks_central(std::string_view text) {
  constexpr std::size_t kFewest = 4, kOneOf = 10;
  std::size_t signs = 0, letters = 0;
  std::uint32_t kinds = 0;  // a bit for each byte from 0x80 to 0x9f, and the last for raised digits
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) continue;
    const bool inside = is_small(text[i - 1]) || is_beyond(text[i - 1]),
               goes_on = is_small(text[i + 1]) || is_beyond(text[i + 1]);
    if (byte >= 0xe0 && (inside || goes_on)) ++letters;  // small ones: capitals of a Macintosh
    const bool digit = (byte == 0xb3 || byte == 0xb9 || byte == 0xbf) && inside && is_small(text[i + 1]);
    const bool hooked =
        (byte == 0x8a || byte == 0x8e || byte == 0x9a || byte == 0x9d || byte == 0x9e || byte == 0x9f) &&
        (inside || goes_on);
    if (!digit && !hooked) continue;
    ++signs;
    kinds |= std::uint32_t{1} << (digit ? byte % 3 : byte - 0x80);
  }
  return signs >= kFewest && (kinds & (kinds - 1)) != 0 && letters > 0 && signs * kOneOf >= letters;
}

// Whether most letters beyond ASCII stand in a row, as those of another script do and accented ones never.
bool stands_in_rows(std::string_view text) {
  constexpr std::size_t kShortestWord = 3;
  std::size_t all = 0, in_words = 0;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_beyond(text[end])) ++end;
    all += end - i;
    if (end - i >= kShortestWord) in_words += end - i;
    i = std::max(end, i + 1);
  }
  return all > 0 && in_words * 2 > all;
}
// Of such a script: small letters in the one half of the code page and the most frequent vowels among them. Greek has
// no letter where the first of them stands.
bool looks_cyrillic(std::string_view text) {
  std::size_t all = 0, letters = 0, small = 0, first = 0, vowels = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    all += byte >= 0x80;
    letters += byte >= 0xc0 || byte == 0xa8 || byte == 0xb8;
    small += byte >= 0xe0;
    first += byte == 0xe0;
    vowels += byte == 0xe0 || byte == 0xe5 || byte == 0xe8 || byte == 0xee;
  }
  return letters * 10 > all * 9 && small * 2 > letters && first * 50 > letters && vowels * 5 > letters;
}

// Letters inside of words that are quotes or nothing as Windows-1252: two dots over u, a and o.
bool looks_dos(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  bool odd = false;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool sharp_s = static_cast<unsigned char>(text[i + 1]) == 0xe1;  // "gr\x94\xe1er"
    if (byte < 0x80 || !is_letter(text[i - 1]) || (!is_small(text[i + 1]) && !sharp_s)) continue;
    if (byte == 0x81 || byte == 0x84 || byte == 0x94)
      odd = true;
    else if (byte >= 0xc0 && byte != 0xe1)  // the letters of Windows-1252; the one is a sharp s here
      return false;
  }
  return odd;
}

std::string from_table(std::string_view text, const std::uint16_t (&table)[128]) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    put_utf8(out, byte >= 0x80 ? table[byte - 0x80] : byte);
  }
  return out;
}

// Letters that stand inside of words as a Macintosh writes them, and make no sense there as Windows-1252: a capital
// behind a small letter ("caf\u017d" for "caf\u00e9"), or nothing at all.
bool looks_macintosh(std::string_view text) {
  bool odd = false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80 || text[i - 1] < 'a' || text[i - 1] > 'z') continue;
    switch (byte) {
      case 0x8a:  // small letters there: a, e, u with two dots or an accent
      case 0x8d:
      case 0x8e:
      case 0x8f:
      case 0x90:
      case 0x9d:
      case 0x9f:
        odd = true;
        break;
      case 0xca:  // a blank and an apostrophe there
      case 0xd5:
        break;
      default:
        if (byte >= 0xc0) return false;  // the letters of Windows-1252
    }
  }
  return odd;
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

// Of 0xa0 to 0xbf; above it equals Windows-1250 (https://encoding.spec.whatwg.org/index-iso-8859-2.txt).
std::uint32_t point_of_latin2(unsigned char byte) {
  static constexpr std::uint16_t kPoints[32] = {0x00a0, 0x0104, 0x02d8, 0x0141, 0x00a4, 0x013d, 0x015a, 0x00a7,
                                                0x00a8, 0x0160, 0x015e, 0x0164, 0x0179, 0x00ad, 0x017d, 0x017b,
                                                0x00b0, 0x0105, 0x02db, 0x0142, 0x00b4, 0x013e, 0x015b, 0x02c7,
                                                0x00b8, 0x0161, 0x015f, 0x0165, 0x017a, 0x02dd, 0x017e, 0x017c};
  return byte < 0xa0 ? byte : byte < 0xc0 ? kPoints[byte - 0xa0] : point_of_windows1250(byte);
}
std::uint32_t point_of_windows1250(unsigned char byte) {
  return byte >= 0x80 ? kWindows1250[byte - 0x80] : byte;
}
std::uint32_t point_of_windows1251(unsigned char byte) {
  return byte >= 0x80 ? kWindows1251[byte - 0x80] : byte;
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
    case Kind::macintosh:
      return "Macintosh";
    case Kind::dos:
      return "DOS (code page 850)";
    case Kind::windows1250:
      return "Windows-1250";
    case Kind::windows1251:
      return "Windows-1251";
  }
  return "";
}

// Of text that is kept as it was.
void ToUtf8::note(std::string_view text) {
  if (text.empty()) return;
  before_ = text.back();
  if (seen_lf_) return;
  seen_lf_ = text.find('\n') != std::string_view::npos;
  seen_cr_ = seen_cr_ || text.find('\r') != std::string_view::npos;
}

ToUtf8::Kind ToUtf8::kind_of(std::string_view text) const {
  const bool cr = seen_cr_ || text.find('\r') != std::string_view::npos,
             lf = seen_lf_ || text.find('\n') != std::string_view::npos;
  const std::string words = before_ + std::string(text);
  if (stands_in_rows(words) && looks_cyrillic(words)) return Kind::windows1251;
  if (cr && !lf) return Kind::macintosh;
  // One letter is in both, and says nothing by itself.
  std::string without_it = words;
  std::erase(without_it, '\x8a');
  if (looks_dos(words) && !looks_macintosh(without_it)) return Kind::dos;
  if (looks_central(words)) return Kind::windows1250;
  return looks_macintosh(words) ? Kind::macintosh : Kind::windows1252;
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
      note(text);
      return text;
    }
    if (!last && text.size() - *bad < kLookedAtBytes) {  // however it comes in pieces, the same of it is looked at
      held_ = text.substr(*bad);
      text.resize(*bad);
      note(text);
      return text;
    }
    note(whole.substr(0, *bad));
    // From here on; what came before is the same in all of them.
    kind_ = kind_of(std::string_view(text).substr(*bad, kLookedAtBytes));
  }
  switch (kind_) {
    case Kind::macintosh:
      return from_table(text, kMacRoman);
    case Kind::dos:
      return from_table(text, kCp850);
    case Kind::windows1250:
      return from_table(text, kWindows1250);
    case Kind::windows1251:
      return from_table(text, kWindows1251);
    default:
      return from_windows1252(text);
  }
}

}  // namespace pf::formats
