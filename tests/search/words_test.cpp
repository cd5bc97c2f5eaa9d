#include <doctest/doctest.h>

#include <set>

#include "search/index.h"
#include "search/index_keys.h"

using namespace pf::search;

TEST_CASE("search: words are found whatever their case and accents") {
  using Words = std::vector<std::string>;
  CHECK(words_of("Crème BRÛLÉE, 2 × 100 ml") == Words{"creme", "brulee", "2", "100", "ml"});
  CHECK(words_of("Straße STRASSE") == Words{"strasse", "strasse"});
  CHECK(words_of("Ελληνικά Привет") == Words{"ελληνικα", "привет"});
  CHECK(words_of("红茶 tea") == Words{"红", "茶", "tea"});
  CHECK(words_of("A-1/b_2.c") == Words{"a", "1", "b", "2", "c"});
  CHECK(words_of("  \n").empty());
  CHECK(words_of("\xff\xfe").empty());
  CHECK(words_of(std::string(1000, 'x')).at(0).size() == kWordBytesMax);
  CHECK(folded("ÉCHARPE") == "echarpe");
}

TEST_CASE("search: keys keep the order of values, whatever bytes they hold") {
  const std::vector<std::string> values{
      "",    std::string("\0", 1), std::string("\0a", 2), "a", std::string("a\0", 2), std::string("a\0b", 3), "aa", "b",
      "\xff"};
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    const std::string key = term_key(kColumnKey, "c", values[i], 7);
    CHECK(term_key(kColumnKey, "c", values[i], 0xffff) < term_key(kColumnKey, "c", values[i + 1], 0));
    CHECK(unescaped(escaped_term(key, "c")) == values[i]);
    CHECK(key_block(key) == 7);
  }
}

TEST_CASE("search: a long text is found by each of its words, whichever of them come again") {
  std::string text;
  for (int i = 0; i < 600; ++i)
    text += "the strawberry" + std::to_string(i % 400) + " strawberr" + std::to_string(i % 7) + "y, w" +
            std::to_string(i * i % 251) + " ";
  search::Entry entry;
  search::add_words(entry, {"d", "e"}, text);
  const auto words = search::words_of(text);
  std::set<std::pair<std::string, std::string>> wanted, found;
  for (const std::string& word : words)
    for (const char* field : {"d", "e"}) wanted.emplace(field, word);
  for (const auto& [field, word] : entry.terms) found.emplace(field, word);
  CHECK(found == wanted);
  CHECK(entry.terms.size() < words.size() * 2);  // "the" is not there six hundred times
}
