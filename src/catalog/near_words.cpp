#include "catalog/near_words.h"

#include <algorithm>

namespace pf::catalog {
namespace {

std::vector<std::string_view> letters_of(std::string_view word) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < word.size();) {
    std::size_t end = at + 1;
    while (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xc0) == 0x80) ++end;
    out.push_back(word.substr(at, end - at));
    at = end;
  }
  return out;
}

// Letters that may stand in its place: of the alphabets that the word is written in.
std::vector<std::string> alphabet_of(const std::vector<std::string_view>& word) {
  std::vector<std::string> out;
  const auto add = [&](char32_t from, char32_t to) {
    for (char32_t point = from; point <= to; ++point)
      if (point < 0x80)
        out.emplace_back(1, static_cast<char>(point));
      else
        out.push_back({static_cast<char>(0xc0 | (point >> 6)), static_cast<char>(0x80 | (point & 0x3f))});
  };
  const auto has = [&](unsigned char from, unsigned char to) {  // first bytes of UTF-8
    return std::ranges::any_of(word, [&](std::string_view letter) {
      const auto first = static_cast<unsigned char>(letter[0]);
      return first >= from && first <= to;
    });
  };
  if (has('0', '9')) add('0', '9');
  if (has('a', 'z')) add('a', 'z');
  if (has(0xce, 0xcf)) add(0x3b1, 0x3c9);  // Greek
  if (has(0xd0, 0xd1)) add(0x430, 0x44f);  // Cyrillic
  return out;
}

}  // namespace

std::vector<std::string> near_words(std::string_view word) {
  const auto letters = letters_of(word);
  const bool number = std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
  std::vector<std::string> out;
  if (number || letters.size() < kNearLettersMin || letters.size() > kNearLettersMax) return out;
  const auto alphabet = alphabet_of(letters);
  // Of the letters before `at`, `instead`, and those from `rest`.
  const auto put = [&](std::size_t at, std::string_view instead, std::size_t rest) {
    std::string near;
    for (std::size_t i = 0; i < at; ++i) near += letters[i];
    near += instead;
    for (std::size_t i = rest; i < letters.size(); ++i) near += letters[i];
    if (near != word) out.push_back(std::move(near));
  };
  for (std::size_t i = 0; i <= letters.size(); ++i) {
    for (const std::string& letter : alphabet) {
      put(i, letter, i);
      if (i < letters.size()) put(i, letter, i + 1);
    }
    if (i < letters.size()) put(i, "", i + 1);
    if (i + 1 < letters.size()) put(i, std::string(letters[i + 1]).append(letters[i]), i + 2);
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace pf::catalog
