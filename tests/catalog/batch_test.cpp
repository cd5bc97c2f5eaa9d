#include <chrono>
#include <cstdio>

#include "shop.h"

using namespace pf;
using namespace pf::catalog;
using pf::test::Shop;

namespace {

ProductRow row(std::string_view sku, std::string_view body, std::string locale = {}) {
  auto read = product_body_of(test::parsed(body), BodyStyle::json);
  REQUIRE(read.ok());
  return ProductRow{Shop::sku(sku), read->change, std::move(locale)};
}

std::vector<RowOutcome> upsert(Shop& shop, const std::vector<ProductRow>& rows, BatchOptions options = {}) {
  Result<std::vector<RowOutcome>> out = error(ErrorCode::internal, "not run");
  const auto kept = shop.store->write([&](storage::Write& work) -> Result<> {
    out = shop.products.upsert_many(work, rows, options);
    if (!out.ok()) return out.error();
    return {};
  });
  REQUIRE_MESSAGE(kept.ok(), kept.error().message);
  REQUIRE(out->size() == rows.size());
  return *out;
}

std::string told(const std::vector<RowOutcome>& outcomes) {
  std::string out;
  for (const auto& o : outcomes)
    out += (out.empty() ? "" : " ") + std::string(o.outcome ? outcome_name(*o.outcome) : "refused");
  return out;
}

}  // namespace

TEST_CASE("a batch tells of every row what became of it, and a bad row stops no other") {
  Shop shop;
  const std::vector<ProductRow> rows = {row("A", R"({"title":"Alpha","texts":{"nl-NL":{"title":"Alfa"}}})"),
                                        row("B", R"({"ean":"123"})"), row("C", R"({"title":"Gamma"})")};
  CHECK(told(upsert(shop, rows)) == "created refused created");
  CHECK_FALSE(shop.there("B"));
  shop.clock.pass(std::chrono::hours(1));
  const auto before = shop.bytes("A");
  CHECK(told(upsert(shop, rows)) == "unchanged refused unchanged");
  CHECK(shop.bytes("A") == before);
  CHECK(told(upsert(shop, {row("A", R"({"title":"Alpha 2"})"), row("C", R"({"title":"Gamma"})")})) ==
        "changed unchanged");
  CHECK(shop.text("A", "title") == "Alpha 2");
  CHECK(shop.text("A", "title", "nl-NL") == "Alfa");
  CHECK(shop.search("alpha") == "A");
  CHECK(shop.search("alfa") == "A");
}

TEST_CASE("images that are added meet what the product has in the unit of work, and each is told of") {
  Shop shop;
  shop.post("A", R"({"title":"One","images":["https://a.test/1"]})");
  const auto adding = [](std::vector<std::string> images) {
    ProductRow out{Shop::sku("A"), {}};
    out.change.more_images = std::move(images);
    return out;
  };
  using enum AddedImage;
  // Whoever read the product before the first row would lose what that adds.
  const std::vector rows{adding({"https://a.test/2"}), adding({"https://a.test/1", "https://a.test/3"})};
  auto done = upsert(shop, rows);
  CHECK(told(done) == "changed changed");
  CHECK(done[0].images == std::vector{added});
  CHECK(done[1].images == std::vector{there, added});
  CHECK(shop.text("A", "images") == R"(["https://a.test/1","https://a.test/2","https://a.test/3"])");
  done = upsert(shop, rows);
  CHECK(told(done) == "unchanged unchanged");
  CHECK(done[1].images == std::vector{there, there});
  done = upsert(shop, {adding({"https://a.test/4", "asset:" + std::string(64, '0')})});
  CHECK(told(done) == "refused");
  CHECK(done[0].error.faults.at(0).code == "unknown");
  CHECK(shop.text("A", "images").find("/4") == std::string::npos);
}

TEST_CASE("the same SKU twice in a batch: the second row meets what the first made") {
  Shop shop;
  CHECK(told(upsert(shop, {row("A", R"({"title":"One","brand":"Acme"})"), row("A", R"({"title":"Two"})"),
                           row("A", R"({"title":"Two"})")})) == "created changed unchanged");
  CHECK(shop.text("A", "title") == "Two");
  CHECK(shop.text("A", "brand") == "Acme");
  CHECK(shop.text("A", "version") == "2");
  CHECK(shop.search("one").empty());
  CHECK(shop.search("two") == "A");
}

TEST_CASE("modes of an import: create refuses what exists, update what does not") {
  Shop shop;
  shop.post("A", R"({"title":"Alpha"})");
  const std::vector<ProductRow> rows = {row("A", R"({"title":"X"})"), row("B", R"({"title":"Y"})")};
  CHECK(told(upsert(shop, rows, {.mode = WriteMode::create})) == "refused created");
  const std::vector<ProductRow> later = {row("A", R"({"title":"X"})"), row("C", R"({"title":"Y"})")};
  const auto updated = upsert(shop, later, {.mode = WriteMode::update});
  CHECK(told(updated) == "changed refused");
  CHECK(updated[1].error.code == ErrorCode::not_found);
}

TEST_CASE("a variant may stand before its parent in a file, in this batch or in a later one") {
  Shop shop;
  const std::vector<ProductRow> rows = {row("V-1-a", R"({"parent":"V-1"})"), row("V-1", R"({"parent":"P"})"),
                                        row("V-9", R"({"title":"nine","parent":"Later"})"),
                                        row("P", R"({"title":"Parent"})")};
  auto outcomes = upsert(shop, rows, {.forward_parents = true});
  CHECK(told(outcomes) == "created created created created");
  CHECK(outcomes[0].missing_parent.empty());
  CHECK(outcomes[2].missing_parent == "Later");
  CHECK(shop.text("V-1-a", "parent") == "V-1");
  CHECK(shop.text("V-1-a", "version") == "1");
  CHECK(shop.text("V-9", "parent") == "Later");
  upsert(shop, {row("Later", R"({"title":"x"})")});
  CHECK(*shop.products.variants(shop.store->read(), "Later", 10) == std::vector<std::string>{"V-9"});
  // What was waited for cannot become a variant of what waits for it.
  CHECK(told(upsert(shop, {row("Later", R"({"parent":"V-9"})")}, {.forward_parents = true})) == "refused");
  upsert(shop, {row("Other", R"({"title":"x"})")});
  const std::vector<ParentLink> links = {{Shop::sku("V-9"), Shop::sku("Other")},
                                         {Shop::sku("V-1"), Shop::sku("Never")}};
  Result<std::vector<RowOutcome>> settled = error(ErrorCode::internal, "not run");
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                settled = shop.products.settle_parents(work, links);
                return {};
              })
              .ok());
  REQUIRE(settled.ok());
  CHECK(told(*settled) == "changed refused");
  CHECK(shop.text("V-9", "parent") == "Other");
  CHECK(shop.text("V-9", "title") == "nine");
  CHECK(shop.text("V-1", "parent") == "P");
  // Without forward references such a row is refused, and its own variants with it.
  CHECK(told(upsert(shop, {row("W-1", R"({"parent":"None"})"), row("W-2", R"({"parent":"W-1"})")})) ==
        "refused refused");
  // A circle inside one batch ends.
  CHECK(told(upsert(shop, {row("X", R"({"parent":"Y"})"), row("Y", R"({"parent":"X"})")})) == "refused refused");
  CHECK(told(upsert(shop, rows, {.forward_parents = true})) == "unchanged unchanged changed unchanged");
}

TEST_CASE("rows of several languages, each with its own locale") {
  Shop shop;
  CHECK(told(upsert(shop,
                    {row("A", R"({"title":"Blue"})", "en"), row("A", R"({"title":"Blauw"})", "nl_NL"),
                     row("B", R"({"title":"Rood"})")},
                    {.locale = "nl-NL"})) == "created changed created");
  CHECK(shop.text("A", "title", "nl-NL") == "Blauw");
  CHECK(shop.text("A", "title", "en") == "Blue");
  CHECK(shop.text("B", "title", "nl-NL") == "Rood");
}

TEST_CASE("a row in no language, or in one language too many, is refused alone") {
  Shop shop;
  CHECK(told(upsert(shop, {row("A", R"({"title":"x"})", "not a locale"), row("B", R"({"title":"x"})", "en")})) ==
        "refused created");
  std::vector<ProductRow> rows;
  for (char a = 'a'; a < 'k'; ++a)
    for (char b = 'a'; b < 'k'; ++b) rows.push_back(row("L", R"({"title":"x"})", std::string{a, b, '-', 'X', 'X'}));
  const auto outcomes = upsert(shop, rows);
  CHECK(outcomes.front().outcome == Outcome::created);
  CHECK(outcomes[98].outcome == Outcome::changed);
  REQUIRE_FALSE(outcomes[99].outcome.has_value());
  CHECK(outcomes[99].error.faults.at(0).field == "locale");
  CHECK(shop.products.languages(shop.store->read())->locales.size() == kLanguagesMax);
}

TEST_CASE("importing a thousand wide rows, and again unchanged (figures are printed)") {
  Shop shop;
  constexpr int kRows = 1'000, kBatch = 500;
  std::vector<ProductRow> rows;
  for (int i = 0; i < kRows; ++i) {
    const std::string n = std::to_string(i);
    ProductRow r;
    r.sku = Shop::sku("SKU-" + n);
    r.change.title = "Shirt number " + n + " of the blue series";
    r.change.description =
        "A fine shirt of soft cotton with short sleeves, made to last for many years of wear and care";
    r.change.brand = "Brand " + std::to_string(i % 50);
    r.change.family = "shirts";
    r.change.categories = std::vector<std::string>{"clothing/shirts/" + std::to_string(i % 20)};
    for (int a = 0; a < 20; ++a)
      r.change.attributes.emplace_back("attribute_" + std::to_string(a), "value " + std::to_string((i * (a + 3)) % 97));
    r.change.attributes.emplace_back("weight", json::Number{std::to_string(i % 500) + ".50"});
    rows.push_back(std::move(r));
  }
  const auto run = [&](const char* what, Outcome expected) {
    const auto start = std::chrono::steady_clock::now();
    for (int at = 0; at < kRows; at += kBatch) {
      const std::vector<ProductRow> batch(rows.begin() + at, rows.begin() + at + kBatch);
      for (const auto& outcome : upsert(shop, batch)) REQUIRE(outcome.outcome == expected);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("batch of %d, 21 attributes, %s: %.0f rows/s\n", kBatch, what, kRows / took.count());
  };
  run("created", Outcome::created);
  run("unchanged", Outcome::unchanged);
  for (auto& r : rows) r.change.title = "New " + *r.change.title;
  run("changed", Outcome::changed);
  ProductQuery query;
  query.text = "new shirt";
  const auto start = std::chrono::steady_clock::now();
  const auto page = shop.page(query);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  std::printf("first page of a search over %d: %.2f ms\n", kRows, took.count());
  CHECK(page.total == kRows);
}

TEST_CASE("rows of products that are known meet their texts in every language, the shop's first ones or not") {
  Shop shop;
  std::vector<ProductRow> rows;
  for (int i = 0; i < 80; ++i)
    rows.push_back(row("P" + std::to_string(i), R"({"texts":{"en":{"title":"a"},"nl":{"title":"b"},"de":{"title":"c"},)"
                                                R"("fr":{"title":"d"},"es":{"title":"e"}}})"));
  rows.push_back(row("NEW", R"({"title":"new"})"));
  const std::string once = told(upsert(shop, rows));
  CHECK(once.find("unchanged") == std::string::npos);
  const auto again = upsert(shop, rows);
  CHECK(std::ranges::all_of(again, [](const RowOutcome& one) { return one.outcome == Outcome::unchanged; }));
  for (auto& one : rows) one = row(one.sku.raw(), R"({"texts":{"es":{"title":"f"}}})");
  const auto third = upsert(shop, rows);
  CHECK(std::ranges::all_of(third, [](const RowOutcome& one) { return one.outcome == Outcome::changed; }));
  for (const char* sku : {"P0", "P40", "P79"})
    for (const auto& [locale, text] : {std::pair("en", "a"), {"nl", "b"}, {"de", "c"}, {"fr", "d"}, {"es", "f"}})
      CHECK(shop.text(sku, "title", locale) == text);
}
