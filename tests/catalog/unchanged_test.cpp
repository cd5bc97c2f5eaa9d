// What is told from stored bytes, against what a change really makes of the product.
#include "catalog/unchanged.h"

#include <doctest/doctest.h>

#include <random>

#include "catalog/changes.h"
#include "catalog/record.h"

using namespace pf;
using namespace pf::catalog;

namespace {

StoredProduct stored(const Record& record) {
  StoredProduct out{encode_common(record), {}};
  for (const auto& [locale, texts] : record.texts) out.texts.emplace_back(locale, encode_texts(texts));
  return out;
}

const std::vector<std::string> kTexts{"",          "red",          "blue", "a \"quoted\" <b>", "back\\slash",
                                      "line\nend", "\u00e9t\u00e9"};

}  // namespace

TEST_CASE("a change is told to change nothing only if it changes nothing") {
  std::mt19937 dice(11);
  const auto pick = [&] { return kTexts[dice() % kTexts.size()]; };
  const auto maybe = [&](std::optional<std::string>& field) {
    if (dice() % 3 == 0) field = pick();
  };
  const auto random_change = [&] {
    ProductChange change;
    for (auto* field : {&change.title, &change.description, &change.brand, &change.family}) maybe(*field);
    if (dice() % 4 == 0) change.ean = dice() % 2 == 0 ? "" : "4006381333931";
    if (dice() % 4 == 0) change.parent = dice() % 2 == 0 ? std::optional<std::string>() : "parent";
    if (dice() % 3 == 0) change.categories = std::vector<std::string>{dice() % 2 == 0 ? "shop/a" : "shop / b"};
    if (dice() % 3 == 0) change.images = std::vector<std::string>{"https://example.com/1.png"};
    if (dice() % 6 == 0) change.more_images = {"https://example.com/" + std::to_string(1 + dice() % 3) + ".png"};
    if (dice() % 90 == 0) change.more_images.push_back(",");
    if (dice() % 3 == 0) change.enabled = dice() % 2 == 0;
    for (const char* name : {"colour", "size", "quoted \"name\""})
      if (dice() % 2 == 0)
        change.attributes.emplace_back(name, dice() % 8 == 0 ? json::Value(nullptr) : json::Value(pick()));
    if (dice() % 3 == 0)
      change.texts.emplace_back(dice() % 5 == 0 ? "nl_NL" : "nl-NL",
                                json::Members{{"title", pick()}, {dice() % 2 == 0 ? "fabric" : "colour", pick()}});
    change.clear_attributes = dice() % 10 == 0;
    return change;
  };
  int told = 0, unchanged = 0;
  for (int round = 0; round < 400; ++round) {
    Record record;
    record.sku = "A";
    for (int i = 0; i < 3; ++i)
      if (auto next = apply(&record, Sku("A"), random_change(), WriteMode::upsert, "en", "en"); next.ok())
        record = *std::move(next);
    const StoredProduct bytes = stored(record);
    for (int i = 0; i < 20; ++i) {
      // Half of the changes say what is there already.
      ProductChange change = random_change();
      if (i % 2 == 0) {
        change = {};
        change.brand = record.brand;
        change.attributes.clear();
        for (const auto& [name, value] : record.attributes) change.attributes.emplace_back(name, *json::parse(value));
        if (const auto* texts = record.texts_of("en")) change.title = texts->title;
        change.categories = record.categories;
        change.more_images.assign(record.images.rbegin(), record.images.rend());
      }
      const WriteMode mode = dice() % 10 == 0 ? WriteMode::replace : WriteMode::upsert;
      const auto applied = apply(&record, Sku("A"), change, mode, "en", "en");
      const bool same = applied.ok() && same_content(record, *applied);
      const bool quick = leaves_unchanged(bytes, change, mode, "en");
      CHECK((!quick || same));
      told += quick;
      unchanged += same;
      if (i % 2 == 0 && mode == WriteMode::upsert) CHECK(quick);
    }
  }
  CHECK(told > 3'000);
  CHECK(told <= unchanged);
}

TEST_CASE("bytes that are cut off are told to be damaged, or never to be unchanged") {
  Record record;
  record.sku = "A";
  record.brand = "B";
  StoredProduct bytes = stored(record);
  for (std::size_t size = 0; size < bytes.common.size(); ++size) {
    ProductChange change;
    change.enabled = true;
    const StoredProduct cut{bytes.common.substr(0, size), {}};
    CHECK_FALSE((locales_of(cut.common).ok() && leaves_unchanged(cut, change, WriteMode::upsert, "en")));
  }
  CHECK_FALSE(leaves_unchanged({"", {}}, ProductChange{}, WriteMode::upsert, "en"));
  CHECK_FALSE(leaves_unchanged({"\x07garbage", {}}, ProductChange{}, WriteMode::upsert, "en"));
}
