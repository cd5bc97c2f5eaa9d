#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "productflow/text.h"
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
template <class Take>
void each_ascii_word(std::string_view text, Take&& take) {
  const auto is_part = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  std::size_t words = 0;
  for (std::size_t at = 0; at < text.size() && words < kWordsMax; ++at) {
    const std::size_t start = at;
    while (at < text.size() && is_part(text[at])) ++at;
    if (at == start) continue;
    take(text.substr(start, std::min(at - start, kWordBytesMax)));
    ++words;
  }
}

template <class Take>
void each_letters_word(std::string_view plain, Take&& take) {
  std::size_t words = 0;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty() && words < kWordsMax) {
      take(std::string_view(word));
      ++words;
    }
    word.clear();
  };
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(plain.data());
  auto left = static_cast<utf8proc_ssize_t>(plain.size());
  while (left > 0 && words < kWordsMax) {
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
}

template <class Take>
void each_word(std::string_view text, Take&& take) {
  const std::string plain = folded(text);
  if (is_ascii(plain))
    each_ascii_word(plain, take);
  else
    each_letters_word(plain, take);
}

// A fifth of the words of real catalogues' longer texts stood in the same text before, and each would become a key that
// is looked up for nothing. Of words that share a place the last is known: who is forgotten is added twice, which is
// once.
constexpr std::size_t kLongText = 128;  // bytes; of fewer hardly a word comes again
class SeenWords {
 public:
  bool is_new(std::string_view word) {
    std::uint64_t letters = 0;
    std::memcpy(&letters, word.data(), std::min<std::size_t>(word.size(), 8));
    std::string_view& last = last_[(letters * 0x9e3779b97f4a7c15ull + word.size()) >> 56];
    if (last == word) return false;
    last = word;
    return true;
  }

 private:
  std::array<std::string_view, 256> last_{};
};

}  // namespace

std::string folded(std::string_view text) {
  return is_plain_ascii(text) || is_ascii(text) ? lower_ascii(text) : fold(text);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  words.reserve(std::min(kWordsMax, text.size() / 8 + 1));
  each_word(text, [&](std::string_view word) { words.emplace_back(word); });
  return words;
}

void add_words(Entry& entry, std::initializer_list<std::string_view> fields, std::string_view text) {
  const std::string plain = folded(text);
  const auto add = [&](std::string_view word) {
    for (const std::string_view field : fields) entry.terms.emplace_back(field, word);
  };
  if (!is_ascii(plain)) return each_letters_word(plain, add);
  if (plain.size() < kLongText) return each_ascii_word(plain, add);
  SeenWords seen;
  each_ascii_word(plain, [&](std::string_view word) {
    if (seen.is_new(word)) add(word);
  });
}

}  // namespace pf::search
