#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "search/index.h"

namespace pf::search {
namespace {

struct Free {
  void operator()(utf8proc_uint8_t* p) const { std::free(p); }
};

// NFKD without marks, case folded: "Écharpe" and "ECHARPE" are one. Text that is not UTF-8 folds to nothing.
std::string fold(std::string_view text) {
  constexpr auto kHow = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                                       UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD);
  utf8proc_uint8_t* raw = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &raw, kHow);
  const std::unique_ptr<utf8proc_uint8_t, Free> owned(raw);
  return size < 0 ? std::string() : std::string(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
}

bool is_ascii(std::string_view text) {
  for (char c : text)
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

bool is_word_part(utf8proc_int32_t point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return true;
    default:
      return false;
  }
}

// Scripts written without blanks: each sign is a word of its own (Han, Hiragana, Katakana).
bool stands_alone(utf8proc_int32_t point) {
  return (point >= 0x3040 && point <= 0x30ff) || (point >= 0x3400 && point <= 0x9fff) ||
         (point >= 0x20000 && point <= 0x3ffff);
}

// Of folded text.
std::vector<std::string> ascii_words(std::string_view text) {
  const auto is_part = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  std::vector<std::string> words;
  words.reserve(std::min(kWordsMax, text.size() / 8 + 1));
  for (std::size_t at = 0; at < text.size() && words.size() < kWordsMax; ++at) {
    const std::size_t start = at;
    while (at < text.size() && is_part(text[at])) ++at;
    if (at > start) words.emplace_back(text.substr(start, std::min(at - start, kWordBytesMax)));
  }
  return words;
}

}  // namespace

std::string folded(std::string_view text) {
  if (!is_ascii(text)) return fold(text);
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

std::vector<std::string> words_of(std::string_view text) {
  const std::string plain = folded(text);
  if (is_ascii(plain)) return ascii_words(plain);
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty() && words.size() < kWordsMax) words.push_back(std::move(word));
    word.clear();
  };
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(plain.data());
  auto left = static_cast<utf8proc_ssize_t>(plain.size());
  while (left > 0 && words.size() < kWordsMax) {
    utf8proc_int32_t point = -1;
    const utf8proc_ssize_t length = utf8proc_iterate(at, left, &point);
    if (length <= 0) break;
    const std::string_view letter(reinterpret_cast<const char*>(at), static_cast<std::size_t>(length));
    if (!is_word_part(point)) {
      end_word();
    } else if (stands_alone(point)) {
      end_word();
      word = letter;
      end_word();
    } else if (word.size() + letter.size() <= kWordBytesMax) {
      word += letter;
    }
    at += length;
    left -= length;
  }
  end_word();
  return words;
}

}  // namespace pf::search
