// What a unit of work has changed, as it goes into the log.
#include "storage/changes.h"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>

using namespace pf;

namespace {

struct Taken {
  std::vector<std::pair<std::string, std::string>> all{};  // key, what was done to it
  void put(std::string_view key, std::string_view value) { all.emplace_back(key, "put " + std::string(value)); }
  void erase(std::string_view key) { all.emplace_back(key, "erase"); }
  void merge(std::string_view key, std::string_view operands) {
    all.emplace_back(key, "merge " + std::string(operands));
  }
};

}  // namespace

TEST_CASE("changes: thousands of keys come in their order, however they begin and end") {
  std::mt19937 random(7);
  const auto one_of = [&](std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  };
  constexpr std::string_view kLetters("\0\1ab\xff", 5);
  for (const std::size_t many : {0u, 1u, 9u, 300u, 20'000u}) {
    std::pmr::monotonic_buffer_resource arena;
    storage::Changes changes(arena);
    std::map<std::string, std::string> wanted;
    while (wanted.size() < many) {
      // Alike for none, one or several times the eight bytes that are looked at together; zeros where others end.
      std::string key(std::string_view("p a column of many").substr(0, one_of(19)));
      for (std::size_t i = one_of(14); i-- > 0;) key += kLetters[one_of(kLetters.size())];
      switch (one_of(3)) {
        case 0:
          changes.put(key, "v" + key);
          wanted[key] = "put v" + key;
          break;
        case 1:
          changes.erase(key);
          wanted[key] = "erase";
          break;
        default:
          changes.put(key, "");
          wanted[key] = "put ";
      }
    }
    Taken taken;
    changes.take(taken);
    CHECK(taken.all == std::vector<std::pair<std::string, std::string>>(wanted.begin(), wanted.end()));
    changes.take(taken);
    CHECK(taken.all.size() == many);  // nothing twice
  }
}

TEST_CASE("changes: keys that differ in nothing but zeros at their ends come the shorter first") {
  for (const std::size_t many : {8u, 9u, 17u, 300u}) {
    std::pmr::monotonic_buffer_resource arena;
    storage::Changes changes(arena);
    std::vector<std::pair<std::string, std::string>> wanted;
    for (std::size_t zeros = 0; zeros < many; ++zeros) wanted.emplace_back("a" + std::string(zeros, '\0'), "erase");
    for (std::size_t i = many; i-- > 0;) changes.erase(wanted[i].first);
    Taken taken;
    changes.take(taken);
    CHECK(taken.all == wanted);
  }
}

TEST_CASE("changes: what is merged into many keys at once is the same as one by one, and follows the record") {
  std::pmr::monotonic_buffer_resource arena;
  storage::Changes changes(arena);
  std::vector<std::string> names;
  for (int i = 0; i < 1'000; ++i) names.push_back("k" + std::to_string(i * 7 % 1'000));
  const std::vector<std::string_view> keys(names.begin(), names.end());
  changes.put("k5", "record");
  changes.merge_all(keys, "a");
  changes.merge_all(keys, "");
  changes.merge_all(std::span(keys).first(500), "bc");
  Taken taken;
  changes.take(taken);
  std::vector<std::pair<std::string, std::string>> wanted;
  std::map<std::string, std::string> each;
  for (std::size_t i = 0; i < names.size(); ++i) each[names[i]] = i < 500 ? "merge abc" : "merge a";
  for (const auto& [key, done] : each) {
    if (key == "k5") wanted.emplace_back(key, "put record");
    wanted.emplace_back(key, done);
  }
  CHECK(taken.all == wanted);
}

TEST_CASE("changes: a key that is named twice in one call is merged into once, and by the next call again") {
  std::pmr::monotonic_buffer_resource arena;
  storage::Changes changes(arena);
  const std::vector<std::string_view> keys{"the", "red", "the", "mug", "the"};
  changes.merge_all(keys, "a");
  changes.merge_all(keys, "a");
  changes.merge("the", "b");
  Taken taken;
  changes.take(taken);
  CHECK(taken.all == std::vector<std::pair<std::string, std::string>>{
                         {"mug", "merge aa"}, {"red", "merge aa"}, {"the", "merge aab"}});
}
