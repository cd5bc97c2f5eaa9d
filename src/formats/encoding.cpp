#include "formats/encoding.h"

#include <algorithm>

#include "formats/letters.h"
#include "productflow/text.h"

namespace pf::formats {
namespace {

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

bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_beyond(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

// Of a text that begins with its first character beyond ASCII: some damage does not make it another encoding, but two
// letters of another encoding may look like one of UTF-8. `whole`: nothing follows.
bool is_mostly_utf8(std::string_view text, bool whole) {
  constexpr std::size_t kDamageMax = 8, kDamagesForOneMax = 4;
  if (!whole) text.remove_suffix(unfinished_utf8(text));
  std::size_t right = 0, damages = 0;
  for (;;) {
    const auto bad = first_bad_utf8(text);
    if (bad == std::size_t{0} && right == 0) return false;
    right += static_cast<std::size_t>(std::ranges::count_if(
        text.substr(0, bad.value_or(text.size())), [](char c) { return static_cast<unsigned char>(c) >= 0xc0; }));
    if (!bad) return damages <= kDamageMax || damages <= right * kDamagesForOneMax;
    ++damages;
    text.remove_prefix(*bad + 1);
  }
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

}  // namespace

std::string_view ToUtf8::encoding() const {
  switch (kind_) {
    case Kind::unknown:
    case Kind::utf8:
      return "UTF-8";
    case Kind::utf16le:
      return "UTF-16LE";
    case Kind::utf16be:
      return "UTF-16BE";
    case Kind::utf32le:
      return "UTF-32LE";
    case Kind::utf32be:
      return "UTF-32BE";
    case Kind::code_page:
      return name_of(page_);
    case Kind::east_asian:
      return "an encoding of two bytes a character";
  }
  return "";
}

std::optional<ToUtf8> ToUtf8::told(std::string_view encoding) {
  std::string name = lower_ascii(encoding);
  if (name.starts_with("cp85")) name.replace(0, 2, "ibm");
  const auto page = code_page_called(name);
  ToUtf8 out;
  out.told_ = out.seen_utf8_ = true;
  if (name == "utf-8" || name == "utf8" || name == "ascii" || name == "us-ascii")
    out.kind_ = Kind::utf8;
  else if (name == "utf-16le" || name == "utf-16be")
    out.kind_ = name == "utf-16le" ? Kind::utf16le : Kind::utf16be;
  else if (page || name == "iso-8859-1" || name == "latin1" || name == "latin-1")
    out.kind_ = Kind::code_page;
  else
    return std::nullopt;
  out.page_ = page.value_or(CodePage::windows1252);
  return out;
}

std::pair<ToUtf8::Kind, std::size_t> ToUtf8::mark_of(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) return {Kind::utf8, 3};
  if (text.starts_with(std::string_view("\xff\xfe\0\0", 4))) return {Kind::utf32le, 4};
  if (text.starts_with(std::string_view("\0\0\xfe\xff", 4))) return {Kind::utf32be, 4};
  if (text.starts_with("\xff\xfe")) return {Kind::utf16le, 2};
  if (text.starts_with("\xfe\xff")) return {Kind::utf16be, 2};
  return {Kind::unknown, 0};
}

// Of text that is kept as it was.
void ToUtf8::note(std::string_view text) {
  if (text.empty()) return;
  before_ = text.back();
  if (seen_lf_) return;
  seen_lf_ = text.find('\n') != std::string_view::npos;
  seen_cr_ = seen_cr_ || text.find('\r') != std::string_view::npos;
}

std::optional<CodePage> ToUtf8::page_of(std::string_view text) const {
  const bool cr = seen_cr_ || text.find('\r') != std::string_view::npos,
             lf = seen_lf_ || text.find('\n') != std::string_view::npos;
  const std::string words = before_ + std::string(text);
  if (stands_in_rows(words) && looks_cyrillic(words)) return CodePage::windows1251;
  if (looks_east_asian(words)) return std::nullopt;
  if (const auto script = script_of(words)) return script;
  if (cr && !lf) return CodePage::macintosh;
  // One letter is in both, and says nothing by itself.
  std::string without_it = words;
  std::erase(without_it, '\x8a');
  if (looks_dos(words) && !looks_macintosh(without_it)) return CodePage::dos850;
  if (looks_central(words)) return CodePage::windows1250;
  if (looks_dos_accented(words)) return CodePage::dos850;
  if (looks_macintosh(words)) return CodePage::macintosh;
  return alphabet_of(words).value_or(CodePage::windows1252);
}

std::string ToUtf8::feed(std::string_view piece, bool last) {
  std::string text = std::move(held_);
  held_.clear();
  text += piece;
  if ((kind_ == Kind::unknown || told_) && text.size() < 4 && !last) {  // too little to see a mark
    held_ = std::move(text);
    return {};
  }
  if (std::exchange(told_, false)) {
    const auto [kind, bytes] = mark_of(text);
    if (bytes > 0 && kind != kind_) {
      kind_ = kind;
      contradicted_ = true;
      return {};
    }
    text.erase(0, bytes);
  }
  if (kind_ == Kind::unknown && !text.empty()) {
    if (const auto [kind, bytes] = mark_of(text); bytes > 0) {
      kind_ = kind;
      text.erase(0, bytes);
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
  if (kind_ == Kind::utf32le || kind_ == Kind::utf32be) {
    std::string out;
    std::size_t i = 0;
    for (; i + 3 < text.size(); i += 4) {
      std::uint32_t point = 0;
      for (std::size_t byte = 0; byte < 4; ++byte)
        point = (point << 8) | static_cast<unsigned char>(text[kind_ == Kind::utf32be ? i + byte : i + 3 - byte]);
      put_utf8(out, point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? 0xfffd : point);
    }
    if (!last) held_ = text.substr(i);
    return out;
  }
  if (kind_ == Kind::utf8) {
    if (!seen_utf8_) {
      const auto beyond = static_cast<std::size_t>(std::ranges::find_if(text, is_beyond) - text.begin());
      // However it comes in pieces, the same of it is looked at.
      if (beyond == text.size() || (!last && text.size() - beyond < kLookedAtBytes)) {
        held_ = text.substr(beyond);
        text.resize(beyond);
        note(text);
        return text;
      }
      const std::string_view looked_at = std::string_view(text).substr(beyond, kLookedAtBytes);
      seen_utf8_ = is_mostly_utf8(looked_at, last && beyond + looked_at.size() == text.size());
      if (!seen_utf8_) {  // what came before is the same in all of them
        note(std::string_view(text).substr(0, beyond));
        const auto page = page_of(looked_at);
        kind_ = page ? Kind::code_page : Kind::east_asian;
        page_ = page.value_or(CodePage::windows1252);
        return from_code_page(text, page_);
      }
    }
    // A damaged byte in a text that has proved to be UTF-8 stays one: its row is refused, the others are right.
    const std::size_t cut = last ? 0 : unfinished_utf8(text);
    held_ = text.substr(text.size() - cut);
    text.resize(text.size() - cut);
    return text;
  }
  return from_code_page(text, page_);
}

}  // namespace pf::formats
