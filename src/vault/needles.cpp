#include "vault/needles.h"

#include <algorithm>

#include "productflow/text.h"
#include "search/index.h"
#include "vault/blind_index.h"

namespace pf::vault {
namespace {

std::uint16_t first_two(const char* bytes) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[0]) << 8 | static_cast<unsigned char>(bytes[1]));
}

// UTF-16 units of well-formed UTF-8.
std::u16string utf16(std::string_view text) {
  std::u16string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t point = length == 1 ? lead : lead & (0xff >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3f);
    i += length;
    if (point >= 0x10000) {
      point -= 0x10000;
      out.push_back(static_cast<char16_t>(0xd800 + (point >> 10)));
      out.push_back(static_cast<char16_t>(0xdc00 + (point & 0x3ff)));
    } else {
      out.push_back(static_cast<char16_t>(point));
    }
  }
  return out;
}

std::string bytes_of(const std::u16string& units, bool big_endian) {
  std::string out;
  for (const char16_t unit : units) {
    const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xff);
    out.push_back(big_endian ? high : low);
    out.push_back(big_endian ? low : high);
  }
  return out;
}

// As JSON that keeps to ASCII writes it.
std::string json_ascii(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char16_t unit : utf16(text)) {
    if (unit == '"' || unit == '\\') out.push_back('\\');
    if (unit >= 0x20 && unit < 0x7f) {
      out.push_back(static_cast<char>(unit));
    } else {
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kDigits[(unit >> shift) & 15]);
    }
  }
  return out;
}

// The letters that the text surely gives when it stands `shift` bytes behind a multiple of three.
std::string base64_inside(std::string_view text, std::size_t shift) {
  const std::string all = base64url(std::string(shift, '\0') + std::string(text));
  const std::size_t front = (shift * 8 + 5) / 6, whole = (shift + text.size()) * 8 / 6;
  return front < whole ? all.substr(front, whole - front) : std::string();
}

std::string with_standard_letters(std::string text) {
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  return text;
}

}  // namespace

void Needles::Pile::add(std::string_view what, std::string_view bytes) {
  if (std::ranges::any_of(needles, [&](const Needle& there) { return there.bytes == bytes; })) return;
  const std::uint16_t begin = first_two(bytes.data());
  begins.set(begin);
  at[begin].push_back(needles.size());
  needles.push_back({std::string(what), std::string(bytes)});
}

void Needles::Pile::count(std::string_view bytes, std::vector<std::pair<std::string, std::uint64_t>>& counts) const {
  for (std::size_t i = 0; i + kShortest <= bytes.size(); ++i) {
    const std::uint16_t begin = first_two(bytes.data() + i);
    if (!begins.test(begin)) continue;
    for (const std::size_t number : at.at(begin)) {
      const Needle& needle = needles[number];
      if (!bytes.substr(i).starts_with(needle.bytes)) continue;
      const auto known = std::ranges::find(counts, needle.what, [](const auto& entry) { return entry.first; });
      if (known == counts.end())
        counts.emplace_back(needle.what, 1);
      else
        ++known->second;
    }
  }
}

void Needles::add(std::string_view what, std::string_view bytes, Case of_letters) {
  if (bytes.size() < kShortest) return;
  longest_ = std::max(longest_, bytes.size());
  if (of_letters == Case::exact)
    exact_.add(what, bytes);
  else
    lowered_.add(what, lower_ascii(bytes));
}

void Needles::add_text(std::string_view text) {
  std::vector<std::string> forms{std::string(text), search::folded(text)};
  for (const IndexField field : {IndexField::email, IndexField::phone, IndexField::postcode, IndexField::name})
    forms.push_back(normalised(field, text));
  std::string upper(text);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  for (const std::string& form : forms) {
    add("as text", form, Case::ignored);
    add("in UTF-16", bytes_of(utf16(form), false), Case::ignored);
    add("in UTF-16", bytes_of(utf16(form), true), Case::ignored);
    add("percent-encoded", percent_encode(form), Case::ignored);
    add("escaped in JSON", json_ascii(form), Case::ignored);
  }
  forms.push_back(lower_ascii(text));
  forms.push_back(upper);
  for (const std::string& form : forms) {
    if (form.size() < kShortest) continue;
    add("in hexadecimal", hex(form), Case::ignored);
    for (std::size_t shift = 0; shift < 3; ++shift) {
      const std::string letters = base64_inside(form, shift);
      add("in base64", letters);
      add("in base64", with_standard_letters(letters));
    }
  }
}

void Needles::count(std::string_view bytes, std::vector<std::pair<std::string, std::uint64_t>>& counts) const {
  exact_.count(bytes, counts);
  if (!lowered_.needles.empty()) lowered_.count(lower_ascii(bytes), counts);
}

}  // namespace pf::vault
