#include "catalog/product.h"

#include <algorithm>
#include <array>

#include "productflow/text.h"

namespace pf::catalog {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_alnum(char c) {
  return is_digit(c) || is_alpha(c);
}

// C0, DEL and C1: they cannot be seen, typed or printed on a label.
bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == 0x7f) return true;
    if (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

// Blanks that look like nothing at the end of a cell: ASCII, no-break, the U+2000 spaces, ideographic, zero width.
constexpr std::array<std::string_view, 19> kBlanks = {" ",
                                                      "\xc2\xa0",
                                                      "\xe2\x80\x80",
                                                      "\xe2\x80\x81",
                                                      "\xe2\x80\x82",
                                                      "\xe2\x80\x83",
                                                      "\xe2\x80\x84",
                                                      "\xe2\x80\x85",
                                                      "\xe2\x80\x86",
                                                      "\xe2\x80\x87",
                                                      "\xe2\x80\x88",
                                                      "\xe2\x80\x89",
                                                      "\xe2\x80\x8a",
                                                      "\xe2\x80\x8b",
                                                      "\xe2\x80\xa8",
                                                      "\xe2\x80\xa9",
                                                      "\xe2\x80\xaf",
                                                      "\xe3\x80\x80",
                                                      "\xef\xbb\xbf"};
bool blank_at_an_end(std::string_view text) {
  return std::any_of(kBlanks.begin(), kBlanks.end(), [&](auto b) { return text.starts_with(b) || text.ends_with(b); });
}

std::string cased(std::string_view part, bool upper) {
  std::string out(part);
  for (char& c : out) {
    if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

}  // namespace

Result<Sku> parse_sku(std::string_view text) {
  if (text.empty()) return invalid("sku", "required", "A product needs a SKU.");
  if (text.size() > kSkuBytesMax)
    return invalid("sku", "too_long",
                   "A SKU has at most " + std::to_string(kSkuBytesMax) + " bytes; this one has " +
                       std::to_string(text.size()) + ".");
  if (first_bad_utf8(text)) return invalid("sku", "encoding", "The SKU is not valid UTF-8 text.");
  if (has_control(text)) return invalid("sku", "characters", "A SKU holds no line breaks, tabs or control characters.");
  if (blank_at_an_end(text))
    return invalid("sku", "blanks", "The SKU \"" + std::string(text) + "\" begins or ends with a blank; remove it.");
  if (text == "." || text == "..") return invalid("sku", "characters", "A SKU is more than dots.");
  return Sku(std::string(text));
}

Result<std::string> parse_locale(std::string_view text) {
  const auto bad = [&] {
    return invalid("locale", "locale",
                   "\"" + std::string(text.substr(0, 40)) + "\" is not a locale such as nl-NL or en.");
  };
  if (text.size() > 35 || first_bad_utf8(text)) return bad();
  std::string dashed(trim(text));
  std::replace(dashed.begin(), dashed.end(), '_', '-');
  const auto parts = split(dashed, '-');
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto part = parts[i];
    const bool letters = std::all_of(part.begin(), part.end(), is_alpha);
    if (part.empty() || part.size() > 8 || !std::all_of(part.begin(), part.end(), is_alnum)) return bad();
    if (i == 0) {
      if (!letters || part.size() < 2 || part.size() > 3) return bad();
      out = cased(part, false);
      continue;
    }
    out += '-';
    if (part.size() == 4 && letters) {  // script
      out += cased(part.substr(0, 1), true) + cased(part.substr(1), false);
    } else if ((part.size() == 2 && letters) || (part.size() == 3 && std::all_of(part.begin(), part.end(), is_digit))) {
      out += cased(part, true);  // region
    } else {
      out += cased(part, false);
    }
  }
  return out;
}

Result<> check_locale(std::string_view text) {
  PF_TRY(parse_locale(text));
  return {};
}

Result<std::string> parse_ean(std::string_view text) {
  const auto digits = trim(text);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit))
    return invalid("ean", "characters", "An EAN holds digits alone.");
  if (digits.size() != 8 && digits.size() != 12 && digits.size() != 13 && digits.size() != 14)
    return invalid("ean", "length",
                   "An EAN (GTIN) has 8, 12, 13 or 14 digits; this one has " + std::to_string(digits.size()) + ".");
  int sum = 0;
  for (std::size_t i = 0; i + 1 < digits.size(); ++i) {
    const bool odd_from_right = (digits.size() - 1 - i) % 2 == 1;
    sum += (digits[i] - '0') * (odd_from_right ? 3 : 1);
  }
  const char expected = static_cast<char>('0' + (10 - sum % 10) % 10);
  if (digits.back() != expected)
    return invalid(
        "ean", "check_digit",
        "The EAN " + std::string(digits) + " is mistyped: its last digit should be " + std::string(1, expected) + ".");
  return std::string(digits);
}

Result<std::string> parse_category(std::string_view text) {
  const auto bad = [](const char* code, std::string message) {
    return invalid("categories", code, std::move(message));
  };
  if (text.size() > kCategoryBytesMax)
    return bad("too_long", "A category path has at most " + std::to_string(kCategoryBytesMax) + " bytes.");
  if (first_bad_utf8(text) || has_control(text))
    return bad("characters", "A category path holds no line breaks or control characters.");
  std::string out;
  const auto levels = split(text, '/');
  if (levels.size() > kCategoryLevelsMax)
    return bad("too_deep", "A category path has at most " + std::to_string(kCategoryLevelsMax) + " levels.");
  for (const auto level : levels) {
    const auto name = trim(level);
    if (name.empty())
      return bad("empty_level",
                 "The category path \"" + std::string(text) + "\" has an empty level; write it as clothing/shirts.");
    if (!out.empty()) out += '/';
    out += name;
  }
  return out;
}

Result<> check_image(std::string_view image) {
  if (image.size() > kImageBytesMax)
    return invalid("images", "too_long",
                   "An image's address has at most " + std::to_string(kImageBytesMax) + " bytes.");
  if (image.starts_with("asset:")) {
    const auto id = image.substr(6);
    const bool good = id.size() == 64 &&
                      std::all_of(id.begin(), id.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
    if (good) return {};
    return invalid("images", "asset",
                   "\"" + std::string(image) + "\" is not an upload's id (asset: and 64 hexadecimal digits).");
  }
  const bool web = image.starts_with("https://") || image.starts_with("http://");
  const auto host = web ? image.substr(image.find("//") + 2) : std::string_view{};
  if (!web || host.empty() || host[0] == '/' || first_bad_utf8(image) || has_control(image) ||
      image.find_first_of(" \"<>\\^`{|}") != std::string_view::npos)
    return invalid("images", "url",
                   "\"" + std::string(image.substr(0, 80)) +
                       "\" is not an image's address: it starts with https:// or names an upload as asset:<id>.");
  return {};
}

std::string_view outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::created:
      return "created";
    case Outcome::changed:
      return "changed";
    case Outcome::unchanged:
      return "unchanged";
  }
  return "unchanged";
}

}  // namespace pf::catalog
