// The index against a model that looks at every document.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

#include "productflow/bytes.h"
#include "search/index.h"
#include "support/temp_folder.h"

using namespace pf;
using namespace pf::search;

namespace {

constexpr std::array<std::uint8_t, 2> kSets{12, 6};
constexpr std::array<Coarse::Column, 1> kColumns{{{"at", kSets}}};

struct Shelf {
  explicit Shelf(Coarse coarse = {}) : index(*store, "index", coarse) {}
  test::TempFolder folder;
  std::unique_ptr<storage::Store> store = std::move(*storage::Store::open(
      folder.path(), {Index::family("index")}, {.create_if_missing = true, .free_bytes_reserve = 0}));
  Index index;
  std::map<Document, Entry> model;

  void change(const std::function<Result<>(storage::Write&)>& how) { REQUIRE(store->write(how).ok()); }
  Document add(storage::Write& work, Entry entry) {
    const Document document = *index.add_document(work);
    REQUIRE(index.update(work, document, {}, entry).ok());
    model[document] = std::move(entry);
    return document;
  }
  Page page(const Filter& filter, const Sort& sort, std::size_t count, std::string_view cursor = {},
            std::uint64_t offset = 0) {
    auto got = index.page(store->read(), filter, sort, count, cursor, offset);
    REQUIRE(got.ok());
    return *std::move(got);
  }
  std::vector<Document> all_pages(const Filter& filter, const Sort& sort, std::size_t count) {
    std::vector<Document> all;
    std::string cursor;
    do {
      const Page got = page(filter, sort, count, cursor);
      all.insert(all.end(), got.documents.begin(), got.documents.end());
      cursor = got.next_cursor;
    } while (!cursor.empty());
    return all;
  }
};

bool has(const Entry& entry, std::string_view field, std::string_view term) {
  return std::ranges::any_of(entry.terms, [&](const auto& t) { return t.first == field && t.second == term; });
}
std::string value_of(const Entry& entry, std::string_view column) {
  for (const auto& [name, value] : entry.columns)
    if (name == column) return std::string(value);
  return {};
}
std::vector<Document> expected(const Shelf& shelf, const std::function<bool(const Entry&)>& wanted, const Sort& sort) {
  std::vector<std::pair<std::string, Document>> order;
  for (const auto& [document, entry] : shelf.model)
    if (wanted(entry)) order.emplace_back(value_of(entry, sort.column), document);
  std::ranges::sort(order);
  if (sort.descending) std::ranges::reverse(order);
  std::stable_partition(order.begin(), order.end(), [](const auto& one) { return !one.first.empty(); });
  std::vector<Document> out;
  for (const auto& [value, document] : order) out.push_back(document);
  return out;
}
Entry random_entry(std::mt19937& dice) {
  const auto below = [&](unsigned n) { return dice() % n; };
  Entry entry;
  entry.terms = {{"colour", std::string(1, static_cast<char>('a' + below(4)))},
                 {"word", "w" + std::to_string(below(50))},
                 {"word", "w" + std::to_string(below(50))}};
  if (below(10) > 0)
    entry.columns.emplace_back(
        "price", std::string(1, static_cast<char>(below(256))) + std::string(1, static_cast<char>(below(3))));
  entry.columns.emplace_back("name", "n" + std::to_string(below(100)));
  return entry;
}

// Documents 0 to 19,999 and 64,000 to 69,999, each of its own value in the column "back": 70,000 less its number.
void look_at_large(Shelf& shelf) {
  const auto value = [](std::uint32_t number) {
    std::string bytes;
    put_be32(bytes, number);
    return bytes;
  };
  CHECK(shelf.page(everything(), {"back", false}, 3).total == 26'000);
  CHECK(shelf.page(everything(), {"back", false}, 0).documents.empty());
  CHECK(shelf.page(any_of("all", {"yes"}), {"back", false}, 2).documents == std::vector<Document>{69'999, 69'998});
  CHECK(shelf.page(everything(), {"back", true}, 2).documents == std::vector<Document>{0, 1});
  CHECK(shelf.page(everything(), {"back", false}, 2, {}, 25'000).documents == std::vector<Document>{999, 998});
  CHECK(shelf.page(in_range("back", value(100), value(110)), {"back", false}, 1).documents ==
        std::vector<Document>{69'900});
  // So many values that each document's own is looked at instead.
  const Filter wide = in_range("back", value(100), value(65'000));
  CHECK(shelf.page(wide, {"back", false}, 1).total == 20'900);
  CHECK(shelf.page(both({wide, any_of("all", {"yes"})}), {"back", true}, 1).documents == std::vector<Document>{5'001});
  CHECK(shelf.page(without(wide), {"back", false}, 1).total == 5'100);
}

}  // namespace

TEST_CASE("search: after random changes every question has the answer of a full look, page by page") {
  std::mt19937 dice(7);
  Shelf shelf;
  constexpr int kDocuments = 6000;  // enough that some questions walk the column and others sort their few hits
  for (int i = 0; i < kDocuments; i += 1000)
    shelf.change([&](storage::Write& work) -> Result<> {
      for (int k = 0; k < 1000; ++k) shelf.add(work, random_entry(dice));
      return {};
    });
  shelf.change([&](storage::Write& work) -> Result<> {
    for (int i = 0; i < 1500; ++i) {
      const auto document = static_cast<Document>(dice() % kDocuments);
      const auto found = shelf.model.find(document);
      if (found == shelf.model.end()) continue;
      const Entry after = dice() % 4 == 0 ? Entry{} : random_entry(dice);
      PF_TRY(shelf.index.update(work, document, found->second, after));
      if (after.terms.empty())
        shelf.model.erase(found);
      else
        found->second = after;
    }
    return {};
  });

  const auto any = [](const Entry&) { return true; };
  const auto red = [](const Entry& e) { return has(e, "colour", "a"); };
  const auto one_of = [](const Entry& e) { return has(e, "colour", "a") || has(e, "colour", "b"); };
  const auto not_red = [](const Entry& e) { return !has(e, "colour", "a"); };
  const auto word_and_colour = [](const Entry& e) { return has(e, "word", "w7") && has(e, "colour", "c"); };
  const auto starts = [](const Entry& e) {
    return std::ranges::any_of(e.terms, [](const auto& t) { return t.first == "word" && t.second.starts_with("w1"); });
  };
  const auto cheap = [](const Entry& e) {
    const auto v = value_of(e, "price");
    return !v.empty() && v >= "\x10" && v < "\x80";
  };
  const std::vector<std::pair<Filter, std::function<bool(const Entry&)>>> questions{
      {everything(), any},
      {any_of("colour", {"a"}), red},
      {any_of("colour", {"a", "b"}), one_of},
      {without(any_of("colour", {"a"})), not_red},
      {both({any_of("word", {"w7"}), any_of("colour", {"c"})}), word_and_colour},
      {prefix("word", "w1"), starts},
      {in_range("price", "\x10", "\x80"), cheap},
      {both({in_range("price", "\x10", "\x80"), any_of("word", {"w7"})}),  // few: their own values are looked at
       [&](const Entry& e) { return cheap(e) && has(e, "word", "w7"); }},
      {both({any_of("word", {"w7"}), without(in_range("price", "\x10", "\x80"))}),
       [&](const Entry& e) { return !cheap(e) && has(e, "word", "w7"); }},
      {both({any_of("word", {"w7"}), in_range("price", "\x10", std::nullopt)}),
       [&](const Entry& e) { return value_of(e, "price") >= "\x10" && has(e, "word", "w7"); }},
      {both({any_of("word", {"w7"}), in_range("price", std::nullopt, "\x80")}),
       [&](const Entry& e) {
         const auto v = value_of(e, "price");
         return !v.empty() && v < "\x80" && has(e, "word", "w7");
       }},
      {both({in_range("price", "\x10", "\x80"), without(any_of("colour", {"a"}))}),
       [&](const Entry& e) { return cheap(e) && not_red(e); }},
      {either({any_of("colour", {"a"}), any_of("colour", {"b"})}), one_of},
      {any_of("colour", {"nothing"}), [](const Entry&) { return false; }}};
  bool descending = false;  // each column in one direction, by turns
  for (const auto& [filter, wanted] : questions)
    for (const char* column : {"price", "name", "unknown"}) {
      const Sort sort{column, descending = !descending};
      const auto all = expected(shelf, wanted, sort);
      CHECK(shelf.all_pages(filter, sort, 700) == all);
      const Page second = shelf.page(filter, sort, 10, {}, 10);
      CHECK(second.total == all.size());
      CHECK(second.documents ==
            std::vector<Document>(all.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(10, all.size())),
                                  all.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(20, all.size()))));
      const std::size_t behind = all.size() * 2 / 3;
      CHECK(shelf.page(filter, sort, 1, {}, behind).documents ==
            (all.empty() ? all : std::vector<Document>{all[behind]}));
    }

  const auto facet = *shelf.index.facet(shelf.store->read(), any_of("word", {"w7"}), "colour", 2);
  REQUIRE(facet.size() == 2);
  CHECK(facet[0].second >= facet[1].second);
  for (const auto& [term, count] : facet)
    CHECK(count == expected(shelf,
                            [&, t = term](const Entry& e) { return has(e, "word", "w7") && has(e, "colour", t); },
                            {"name", false})
                       .size());
}

TEST_CASE("search: documents beyond one block of 65,536 are counted and walked alike") {
  Shelf shelf;
  for (int unit = 0; unit < 7; ++unit)
    shelf.change([&](storage::Write& work) -> Result<> {
      for (int i = 0; i < 10'000; ++i) {
        PF_LET(const Document document, shelf.index.add_document(work));
        if (document >= 20'000 && document < 64'000) continue;
        std::string value;
        put_be32(value, 70'000 - document);
        PF_TRY(shelf.index.update(work, document, {}, {.terms = {{"all", "yes"}}, .columns = {{"back", value}}}));
      }
      return {};
    });
  // In tables and out of them: what waits for its record is folded there.
  for (int look = 0; look < 3; ++look) {
    if (look == 1) REQUIRE(shelf.store->flush_all().ok());
    if (look == 2) REQUIRE(shelf.store->rewrite_range(shelf.store->family("index"), "", "").ok());
    look_at_large(shelf);
  }
}

TEST_CASE("search: coarse sets change no answer, whether they were kept from the first or made of an older index") {
  std::mt19937 dice(11);
  Shelf shelf({kColumns, "word"}), older;
  std::vector<Entry> entries;
  const auto at = [](std::uint64_t value) {
    std::string bytes;
    put_be64(bytes, value);
    return bytes;
  };
  const auto random = [&] {
    Entry entry{.terms = {{"word", "w" + std::to_string(dice() % 2000)}, {"word", std::to_string(dice() % 40)}}};
    if (dice() % 20 > 0) entry.columns.emplace_back("at", at(dice() % 9 == 0 ? dice() % 60 : dice() % 20'000));
    return entry;
  };
  for (Shelf* one : {&shelf, &older})
    one->change([&](storage::Write& work) -> Result<> {
      dice.seed(3);
      for (int i = 0; i < 3'000; ++i) one->add(work, random());
      for (Document document = 0; document < 3'000; document += 3) {
        const Entry after = document % 2 == 0 ? Entry{} : random();
        PF_TRY(one->index.update(work, document, one->model[document], after));
        one->model[document] = after;
        if (after.terms.empty()) one->model.erase(document);
      }
      return {};
    });
  // By its name there, by its beginning here.
  const std::array<Coarse::Column, 1> beginning{{{"a", kColumns.front().shifts, true}}};
  const Index made(*older.store, "index", {beginning, "word"});
  REQUIRE(made.complete(*older.store).ok());
  REQUIRE(made.complete(*older.store).ok());  // again is nothing
  const Index other(*older.store, "index", {kColumns, "other"});
  CHECK_FALSE(other.complete(*older.store).ok());

  const auto begins = [](std::string start) {
    return [start](const Entry& e) {
      return std::ranges::any_of(e.terms, [&](const auto& t) { return t.second.starts_with(start); });
    };
  };
  const auto between = [&](std::uint64_t from, std::uint64_t to) {
    return [=](const Entry& e) {
      const auto v = value_of(e, "at");
      return !v.empty() && v >= at(from) && v < at(to);
    };
  };
  std::vector<std::pair<Filter, std::function<bool(const Entry&)>>> questions{
      {everything(), [](const Entry&) { return true; }},
      {in_range("at", at(64), std::nullopt), between(64, UINT64_MAX)},
      {in_range("at", std::nullopt, at(5'000) + '\0'), between(0, 5'001)},
      {in_range("at", at(100), at(100)), [](const Entry&) { return false; }}};
  for (const auto& [from, to] : {std::pair(3, 9'000), {4'096, 8'192}, {4'095, 8'193}, {1, 62}, {63, 65}})
    questions.emplace_back(in_range("at", at(static_cast<std::uint64_t>(from)), at(static_cast<std::uint64_t>(to))),
                           between(static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(to)));
  for (const char* word : {"w", "w1", "w12", "w123", "w1234", "1", "12", "3"})
    questions.emplace_back(prefix("word", word), begins(word));
  bool descending = false;
  for (const auto& [filter, wanted] : questions) {
    const Sort sort{"at", descending = !descending};
    const auto all = expected(shelf, wanted, sort);
    CHECK(shelf.all_pages(filter, sort, 170) == all);
    for (const std::size_t skip : {std::size_t{0}, all.size() / 3, all.size() * 19 / 20})
      for (const bool from_the_first : {true, false}) {
        const auto got = *(from_the_first ? shelf.index : made)
                              .page((from_the_first ? shelf : older).store->read(), filter, sort, 30, {}, skip);
        CHECK(got.total == all.size());
        CHECK(got.documents ==
              std::vector<Document>(all.begin() + static_cast<std::ptrdiff_t>(skip),
                                    all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), skip + 30))));
      }
  }
}

TEST_CASE("search: several keys order as a full look would, few and many, by cursor and by number") {
  std::mt19937 dice(5);
  Shelf shelf;
  constexpr Document kMany = 9'000;  // and half of them are more than those whose values are just read
  shelf.change([&](storage::Write& work) -> Result<> {
    for (Document i = 0; i < kMany; ++i) {
      Entry entry{.terms = {{"half", std::to_string(i % 2)}, {"tenth", std::to_string(i % 10)}}};
      if (dice() % 9 > 0) entry.columns.emplace_back("shelf", std::string(1, static_cast<char>(dice() % 2)));
      if (dice() % 9 > 0) entry.columns.emplace_back("price", std::to_string(dice() % 30));
      entry.columns.emplace_back("name", std::to_string(dice() % 4'000));
      shelf.add(work, std::move(entry));
    }
    return {};
  });
  const auto wanted = [&](const std::string& field, const std::string& term, const std::vector<Sort>& keys) {
    std::vector<std::pair<std::vector<std::string>, Document>> rows;
    for (const auto& [document, entry] : shelf.model) {
      if (!has(entry, field, term)) continue;
      auto& row = rows.emplace_back(std::vector<std::string>(), document);
      for (const Sort& key : keys) row.first.push_back(value_of(entry, key.column));
    }
    std::ranges::sort(rows, [&](const auto& one, const auto& other) {
      for (std::size_t i = 0; i < keys.size(); ++i)
        if (one.first[i].empty() != other.first[i].empty())
          return other.first[i].empty();
        else if (one.first[i] != other.first[i])
          return (one.first[i] < other.first[i]) != keys[i].descending;
      return one.second != other.second && (one.second < other.second) != keys.back().descending;
    });
    std::vector<Document> out;
    for (const auto& row : rows) out.push_back(row.second);
    return out;
  };
  const std::vector<std::vector<Sort>> orders{{{"shelf"}, {"price", true}},
                                              {{"shelf", true}, {"name"}, {"price"}},
                                              {{"price"}, {"shelf", true}},
                                              {{"name", true}, {"shelf"}}};
  for (const auto& keys : orders)
    for (const auto& [field, term] : {std::pair("half", "1"), {"tenth", "3"}}) {
      Sort sort = keys.front();
      sort.then.assign(keys.begin() + 1, keys.end());
      const auto all = wanted(field, term, keys);
      CHECK(shelf.all_pages(any_of(field, {term}), sort, 211) == all);
      for (const std::size_t skip : {std::size_t{1}, all.size() / 2, all.size() - 3}) {
        const auto got = shelf.page(any_of(field, {term}), sort, 40, {}, skip);
        CHECK(got.total == all.size());
        CHECK(got.documents ==
              std::vector<Document>(all.begin() + static_cast<std::ptrdiff_t>(skip),
                                    all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), skip + 40))));
      }
    }
  // A cursor is of its keys, all of them.
  const Sort one{"shelf", false, {{"price"}}}, other{"shelf", false, {{"price", true}}}, alone{"shelf"};
  const std::string cursor = shelf.page(everything(), one, 10).next_cursor;
  for (const Sort& sort : {other, alone})
    CHECK_FALSE(shelf.index.page(shelf.store->read(), everything(), sort, 10, cursor).ok());
  CHECK_FALSE(shelf.index.page(shelf.store->read(), everything(), one, 10, cursor.substr(0, cursor.size() - 4)).ok());
}

TEST_CASE("search: what a document no longer has leaves nothing behind in the tables") {
  Shelf shelf;
  const auto family = shelf.store->family("index");
  Entry entry{.terms = {{"word", "first"}}, .columns = {{"updated_at", "0000"}}};
  Document document = 0;
  shelf.change([&](storage::Write& work) -> Result<> {
    document = shelf.add(work, entry);
    return {};
  });
  const auto keys = [&] {
    int count = 0;
    const auto read = shelf.store->read();
    for (auto row = read.scan(family, "", ""); row.valid(); row.next()) ++count;
    return count;
  };
  const int before = keys();
  for (int i = 1; i <= 200; ++i) {
    const Entry next{.terms = {{"word", "word" + std::to_string(i)}},
                     .columns = {{"updated_at", std::to_string(1000 + i)}}};
    shelf.change([&](storage::Write& work) { return shelf.index.update(work, document, entry, next); });
    entry = next;
  }
  CHECK(keys() > before + 200);
  // The first rewriting merges what waits, the second sees that it came to nothing.
  for (int i = 0; i < 2; ++i) REQUIRE(shelf.store->rewrite_range(family, "", "").ok());
  CHECK(keys() == before);
  CHECK(shelf.page(any_of("word", {"word200"}), {}, 10).documents == std::vector<Document>{document});
}

TEST_CASE("search: a damaged cursor, or one of another list, is refused") {
  Shelf shelf;
  shelf.change([&](storage::Write& work) -> Result<> {
    for (int i = 0; i < 5; ++i) shelf.add(work, {.terms = {{"t", "x"}}, .columns = {{"name", std::to_string(i)}}});
    return {};
  });
  const std::string cursor = shelf.page(everything(), {"name", false}, 2).next_cursor;
  REQUIRE_FALSE(cursor.empty());
  for (const std::string& bad : {std::string("x"), cursor.substr(1), cursor.substr(0, 4), std::string("AAAAAAAAAAAA")})
    CHECK_FALSE(shelf.index.page(shelf.store->read(), everything(), {"name", false}, 2, bad).ok());
  CHECK_FALSE(shelf.index.page(shelf.store->read(), everything(), {"name", true}, 2, cursor).ok());
  CHECK_FALSE(shelf.index.page(shelf.store->read(), everything(), {"other", false}, 2, cursor).ok());
}

namespace {

// Documents that stand by terms: "own" by the first of theirs or by a number in the column "n", "lent" by what they
// have in the language a, else in b, and never by what they have in c; "turn" the same by columns that have it all.
struct Standing {
  explicit Standing(Shelf& on) : shelf(on) {}
  Shelf& shelf;
  struct Has {
    std::vector<std::string> own{};     // terms; a digit in front: a number
    std::array<std::string, 3> lent{};  // by language, the same
    bool odd = false;                   // has something that nobody can stand by
    unsigned number = 0;
  };
  std::map<Document, Has> all{};

  static bool is_number(const std::string& text) { return !text.empty() && text[0] >= '0' && text[0] <= '9'; }
  static std::string key_of(const std::string& text) { return (is_number(text) ? '\x10' : '\x20') + text; }
  static std::string ranked(std::string_view term) { return std::string(term.rbegin(), term.rend()); }
  static Entry entry_of(const Has& has) {
    Entry entry{.terms = {{"half", std::to_string(has.number % 2)}, {"tenth", std::to_string(has.number % 10)}},
                .columns = {{"shelf", std::to_string(has.number % 3)}}};
    for (const std::string& one : has.own) entry.terms.emplace_back("own", one);
    if (!has.own.empty() || has.odd) entry.terms.emplace_back("has", "own");
    if (has.own.size() == 1 && is_number(has.own.front())) entry.columns.emplace_back("n", key_of(has.own.front()));
    for (std::size_t i = 0; i < has.lent.size(); ++i) {
      if (has.lent[i].empty()) continue;
      entry.terms.emplace_back("lent", has.lent[i]);
      entry.terms.emplace_back("has", "lent");
      if (is_number(has.lent[i])) entry.columns.emplace_back("n@" + std::string(1, "abc"[i]), key_of(has.lent[i]));
      entry.columns.emplace_back("t@" + std::string(1, "abc"[i]), key_of(has.lent[i]));
    }
    return entry;
  }
  std::string key(Document document, const std::string& field, bool descending) const {
    const Has& has = all.at(document);
    if (field == "lent" || field == "turn") {
      const std::string& text = has.lent[has.lent[0].empty() ? 1 : 0];
      return text.empty() ? std::string() : key_of(text);
    }
    std::string best;
    for (const std::string& one : has.own) {
      std::string key = field == "ranked"     ? ranked(one)
                        : has.own.size() == 1 ? key_of(one)
                                              : '\x20' + one;  // of a list nothing is in a column
      if (best.empty() || (descending ? key > best : key < best)) best = std::move(key);
    }
    return best;
  }
  Sort sort(const std::string& field, bool descending) const {
    auto terms = std::make_shared<Terms>();
    if (field == "turn") {
      *terms = {.has_field = "has", .has_term = "lent", .columns = {"t@a", "t@b"}, .own = false, .in_turn = true};
      return {field, descending, {}, std::move(terms)};
    }
    terms->field = terms->has_term = field == "lent" ? "lent" : "own";
    terms->has_field = "has";
    terms->mark = '\x20';
    terms->own = field != "lent";
    terms->columns = field == "lent" ? std::vector<std::string>{"n@a", "n@b"} : std::vector<std::string>{"n"};
    if (field == "ranked") terms->key_of = ranked;
    terms->keys_of = [this, field, descending](std::span<const Document> some) -> Result<std::vector<std::string>> {
      std::vector<std::string> out;
      for (const Document one : some) out.push_back(key(one, field, descending));
      return out;
    };
    return {field, descending, {}, std::move(terms)};
  }
};

}  // namespace

TEST_CASE("search: by terms documents stand as a full look would put them, whatever they are found by") {
  std::mt19937 dice(17);
  Shelf shelf;
  Standing standing(shelf);
  constexpr unsigned kWords = 2'500;  // of most documents their own, and a few that hundreds have
  const auto word = [&]() -> std::string {
    switch (dice() % 4) {
      case 0:
        return "w" + std::to_string(dice() % 3);
      case 1:
        return std::to_string(dice() % 9);
      default:
        return std::string(1, static_cast<char>('a' + dice() % 26)) + std::to_string(dice() % kWords);
    }
  };
  const auto random = [&](unsigned number) {
    Standing::Has has{.number = number};
    for (unsigned i = dice() % 8 == 0 ? 0 : dice() % 9 == 0 ? 3 : 1; i > 0; --i) has.own.push_back(word());
    for (std::string& one : has.lent)
      if (dice() % 2 == 0) one = word();
    has.odd = dice() % 40 == 0;
    return has;
  };
  constexpr unsigned kDocuments = 5'500;
  shelf.change([&](storage::Write& work) -> Result<> {
    for (unsigned i = 0; i < kDocuments; ++i) {
      auto has = random(i);
      standing.all[shelf.add(work, Standing::entry_of(has))] = has;
    }
    for (Document one = 0; one < kDocuments; one += 7) {
      auto has = random(one);
      const bool goes = one % 2 == 0;
      PF_TRY(shelf.index.update(work, one, shelf.model[one], goes ? Entry{} : Standing::entry_of(has)));
      standing.all[one] = has;
      if (goes) standing.all.erase(one);
    }
    return {};
  });

  const auto wanted = [&](unsigned of, const std::string& field, bool descending, bool by_shelf) {
    using Row = std::tuple<std::string, bool, std::string, Document>;  // key, whether it has nothing, shelf, number
    std::vector<Row> rows;
    for (const auto& [document, has] : standing.all) {
      if (has.number % of != 1 && of != 1) continue;
      const bool has_any = field == "lent" || field == "turn"
                               ? std::ranges::any_of(has.lent, [](const auto& one) { return !one.empty(); })
                               : !has.own.empty() || has.odd;
      rows.emplace_back(standing.key(document, field, descending), !has_any,
                        by_shelf ? std::to_string(has.number % 3) : "", document);
    }
    std::ranges::sort(rows, [&](const Row& one, const Row& other) {
      const auto& [key, nothing, shelf_of, number] = one;
      const auto& [other_key, other_nothing, other_shelf, other_number] = other;
      if (key.empty() != other_key.empty()) return other_key.empty();
      if (key != other_key) return descending ? key > other_key : key < other_key;
      if (nothing != other_nothing) return other_nothing;
      if (shelf_of != other_shelf) return shelf_of < other_shelf;
      return descending && !by_shelf ? number > other_number : number < other_number;
    });
    std::vector<Document> out;
    for (const Row& row : rows) out.push_back(std::get<3>(row));
    return out;
  };
  bool turn = false;
  for (const std::string field : {"own", "ranked", "lent", "turn"})
    for (const unsigned of : {1u, 2u, 10u, 1u}) {
      const bool descending = turn = !turn;
      CAPTURE(field);
      CAPTURE(descending);
      CAPTURE(of);
      const bool by_shelf = of == 2;
      const Filter filter = of == 1 ? everything() : any_of(of == 2 ? "half" : "tenth", {"1"});
      Sort sort = standing.sort(field, descending);
      if (by_shelf) sort.then.push_back({"shelf"});
      const auto all = wanted(of, field, descending, by_shelf);
      CHECK(shelf.all_pages(filter, sort, 700) == all);
      for (const std::size_t skip : {std::size_t{1}, all.size() / 2, all.size() - 30}) {
        const auto got = shelf.page(filter, sort, 20, {}, skip);
        CHECK(got.total == all.size());
        CHECK(got.documents == std::vector<Document>(all.begin() + static_cast<std::ptrdiff_t>(skip),
                                                     all.begin() + static_cast<std::ptrdiff_t>(skip + 20)));
        // By an order that somebody holds; some in it are gone.
        const auto read = shelf.store->read();
        auto held = wanted(1, field, descending, by_shelf);
        const auto far = shelf.index.page_in(read, filter, sort, held, 20, skip);
        REQUIRE(far.ok());
        REQUIRE(far->has_value());
        CHECK((*far)->documents == got.documents);
        CHECK((*far)->total == got.total);
        CHECK((*far)->next_cursor == got.next_cursor);
        const std::array<Document, 2> some{held.front(), held.back()};
        CHECK(*shelf.index.behind(read, sort, some) == std::vector<Document>{held[1], kNoDocument});
        held.resize(held.size() / 2);
        const auto lacking = shelf.index.page_in(read, filter, sort, held, 20, all.size() - 30);
        REQUIRE(lacking.ok());
        CHECK_FALSE(lacking->has_value());
      }
    }
}
