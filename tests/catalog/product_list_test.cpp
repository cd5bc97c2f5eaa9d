#include "catalog/product_list.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "rescan.h"

using namespace pf;
using namespace pf::catalog;
using pf::test::Shop;
using Op = Operator;

namespace {

void fill(Shop& shop) {
  shop.post(
      "A",
      R"({"title":"Blue shirt","brand":"Acme","ean":"4006381333931","family":"shirts","categories":["clothing/shirts"],
                    "attributes":{"color":"Blue","weight":9.5,"tags":["new","Sale"],"washable":true}})");
  shop.clock.pass(std::chrono::hours(24));
  shop.post(
      "B",
      R"({"title":"Red shirt","description":"Made of blue thread","brand":"ACME","family":"shirts","categories":["clothing/shirts/red","gifts"],
                    "attributes":{"color":"red","weight":10,"tags":["old"]},"images":["https://x.example/b.png"]})");
  shop.clock.pass(std::chrono::hours(24));
  shop.post(
      "C-1",
      R"({"title":"Élan jacket","brand":"Zeta","family":"jackets","categories":["clothing"],"parent":"A","enabled":false,
                    "attributes":{"color":"navy blue","weight":"100","a[b]":"x"}})");
  shop.post("D/1", R"({"texts":{"nl-NL":{"title":"Alleen Nederlands","fit":"ruim"}}})");
}

}  // namespace

TEST_CASE("words are found in any language, without case and accents, the last one by its beginning") {
  Shop shop;
  fill(shop);
  CHECK(shop.search("blue") == "A B");
  CHECK(shop.search("SHIRT blu") == "A B");
  CHECK(shop.search("red blue") == "B");
  CHECK(shop.search("elan") == "C-1");
  CHECK(shop.search("nederl") == "D/1");
  CHECK(shop.search("acme") == "A B");
  CHECK(shop.search("4006381333931") == "A");
  CHECK(shop.search("c-1") == "C-1");
  CHECK(shop.search("shi blue") == "");  // only the last word may be a beginning
  CHECK(shop.search("nothing") == "");
  CHECK(shop.search("%%%") == "");
  CHECK(shop.search("  ") == "A B C-1 D/1");
}

TEST_CASE("filters on fields and attributes") {
  Shop shop;
  fill(shop);
  CHECK(shop.where("brand", Op::eq, {"acme"}) == "A B");
  CHECK(shop.where("brand", Op::neq, {"Acme"}) == "C-1 D/1");
  CHECK(shop.where("color", Op::like, {"*blue"}) == "A C-1");
  CHECK(shop.where("color", Op::nlike, {"*blue"}) == "B D/1");
  CHECK(shop.where("title", Op::nlike, {"shirt"}) == "C-1 D/1");
  CHECK(shop.where("title", Op::like, {"*ack*"}) == "C-1");
  CHECK(shop.where("title", Op::like, {"*hirt*"}) == "A B");
  CHECK(shop.where("title", Op::nlike, {"*hirt"}) == "C-1 D/1");
  CHECK(shop.where("title", Op::like, {"*lan jack*"}) == "C-1");
  CHECK(shop.where("title", Op::like, {"*la jack*"}) == "");
  CHECK(shop.where("title", Op::like, {"*nothing"}) == "");
  CHECK(shop.where("weight", Op::between, {"9.5", "10"}) == "A B");
  CHECK(shop.where("weight", Op::nbetween, {"9.6", "99"}) == "A C-1");
  CHECK_FALSE(shop.products.list(shop.store->read(), {.where = {{"weight", Op::between, {"1"}}}}).ok());
  CHECK(shop.where("brand", Op::in, {"acme", "Zeta"}) == "A B C-1");
  CHECK(shop.where("brand", Op::nin, {"acme", "Zeta"}) == "D/1");
  CHECK(shop.where("brand", Op::in, {}) == "");
  CHECK(shop.where("brand", Op::empty, {"1"}) == "D/1");
  CHECK(shop.where("brand", Op::empty, {"false"}) == "A B C-1");
  CHECK(shop.where("brand", Op::like, {"%acm%"}) == "A B");
  CHECK(shop.where("sku", Op::eq, {"D/1"}) == "D/1");
  CHECK(shop.where("sku", Op::in, {"A", "C-1", "nope"}) == "A C-1");
  CHECK(shop.where("sku", Op::gt, {"B"}) == "C-1 D/1");
  CHECK(shop.where("sku", Op::gte, {"B"}) == "B C-1 D/1");
  CHECK(shop.where("ean", Op::eq, {"4006381333931"}) == "A");
  CHECK(shop.where("ean", Op::like, {"40063"}) == "A");
  CHECK(shop.where("family", Op::eq, {"shirts"}) == "A B");
  CHECK(shop.where("parent", Op::eq, {"A"}) == "C-1");
  CHECK(shop.where("parent", Op::empty, {"1"}) == "A B D/1");
  shop.post("C-1-1", R"({"parent":"C-1"})");
  CHECK(shop.where("parent", Op::eq, {"A"}) == "C-1");
  CHECK(shop.where("ancestor", Op::eq, {"A"}) == "C-1 C-1-1");
  CHECK(shop.where("ancestor", Op::nin, {"A", "B"}) == "A B D/1");
  CHECK_FALSE(shop.products.list(shop.store->read(), {.where = {{"ancestor", Op::like, {"A"}}}}).ok());
  REQUIRE(shop.remove("C-1-1").ok());
  CHECK(shop.where("category", Op::eq, {"clothing"}) == "A B C-1");
  CHECK(shop.where("category", Op::eq, {"clothing/shirts"}) == "A B");
  CHECK(shop.where("categories", Op::empty, {"1"}) == "D/1");
  CHECK(shop.where("category", Op::in_or_empty, {"gifts"}) == "B D/1");
  CHECK(shop.where("brand", Op::in_or_empty, {}) == "D/1");
  // In a category itself: B is merely below these, but for the second.
  CHECK(shop.where("category", Op::direct, {"clothing"}) == "C-1");
  CHECK(shop.where("category", Op::direct, {"clothing/shirts", "gifts"}) == "A B");
  CHECK(shop.where("category", Op::ndirect, {"clothing/shirts"}) == "B C-1 D/1");
  CHECK(shop.where("category", Op::direct_or_empty, {"clothing"}) == "C-1 D/1");
  CHECK(shop.where("category", Op::direct, {"cloth"}) == "");
  shop.patch("B", R"({"categories":["clothing/shirts/red","clothing/shirts"]})");
  CHECK(shop.where("category", Op::direct, {"clothing/shirts"}) == "A B");
  CHECK(shop.where("category", Op::direct, {"clothing/shirts/red"}) == "B");
  CHECK(shop.where("category", Op::direct, {"clothing"}) == "C-1");
  shop.patch("B", R"({"categories":["clothing/shirts/red","gifts"]})");
  CHECK(shop.where("category", Op::direct, {"clothing/shirts"}) == "A");
  CHECK_FALSE(shop.products.list(shop.store->read(), {.where = {{"brand", Op::direct, {"Acme"}}}}).ok());
  CHECK(shop.where("title", Op::starts, {"Élan J"}) == "C-1");
  CHECK(shop.where("sku", Op::starts, {"C-"}) == "C-1");
  CHECK(shop.where("color", Op::starts, {"navy b"}) == "C-1");
  CHECK(shop.where("family", Op::starts, {"shirt"}) == "A B");
  CHECK(shop.where("description", Op::starts, {"Made OF bl"}) == "B");
  CHECK(shop.where("description", Op::starts, {"of blue"}) == "");
  CHECK(shop.where("description", Op::neq, {"made of blue thread"}) == "A C-1 D/1");
  CHECK(shop.where("description", Op::in_or_empty, {"made of", "made of blue thread"}) == "A B C-1 D/1");
  CHECK(shop.where("description", Op::eq, {"made of blue"}) == "");
  shop.patch("A", R"({"description":"<p>Made of</p> wool"})");
  CHECK(shop.where("description", Op::in, {"made of wool", "Made of blue thread"}) == "A B C-1");
  shop.patch("A", R"({"description":"<p>Wool &amp; <b>silk</b>, 5 &lt; 6</p><p>Soft\n  too</p>"})");
  CHECK(shop.where("description", Op::eq, {"wool & silk, 5 < 6 soft too"}) == "A C-1");
  CHECK(shop.where("description", Op::starts, {"Wool  &amp; silk, 5 <"}) == "A C-1");
  CHECK(shop.where("description", Op::starts, {"<p>wool &amp; <b>s"}) == "A C-1");
  CHECK(shop.where("description", Op::starts, {"<div>wool &amp; <i>si"}) == "A C-1");
  CHECK(shop.where("description", Op::eq, {"wool & silk, 5 < 6softtoo"}) == "");
  shop.patch("A", R"({"description":null})");
  CHECK_FALSE(shop.products.list(shop.store->read(), {.where = {{"description", Op::starts, {"-"}}}}).ok());
  CHECK(shop.where("enabled", Op::eq, {"false"}) == "C-1");
  CHECK(shop.where("enabled", Op::eq, {"1"}) == "A B D/1");
  CHECK(shop.where("images", Op::empty, {"0"}) == "B");
  CHECK(shop.where("title", Op::like, {"shirt"}) == "A B");
  CHECK(shop.where("title", Op::eq, {"blue SHIRT"}) == "A");
  CHECK(shop.where("title", Op::empty, {"1"}, "nl-NL") == "A B C-1");
  CHECK(shop.where("description", Op::like, {"blue"}) == "B");
  CHECK(shop.where("color", Op::eq, {"blue"}) == "A");
  CHECK(shop.where("attributes.color", Op::eq, {"Navy Blue"}) == "C-1");
  CHECK(shop.where("color", Op::like, {"navy"}) == "C-1");
  CHECK(shop.where("color", Op::in, {"blue", "red"}) == "A B");
  CHECK(shop.where("tags", Op::eq, {"sale"}) == "A C-1");  // C-1 is a variant of A
  CHECK(shop.where("washable", Op::eq, {"true"}) == "A C-1");
  CHECK(shop.where("weight", Op::gt, {"9.5"}) == "B C-1");
  CHECK(shop.where("weight", Op::gte, {"9.50"}) == "A B C-1");
  CHECK(shop.where("weight", Op::lt, {"10"}) == "A");
  CHECK(shop.where("weight", Op::lte, {"10.0"}) == "A B");
  CHECK(shop.where("weight", Op::eq, {"9.50"}) == "A");
  CHECK(shop.where("weight", Op::empty, {"true"}) == "D/1");
  CHECK(shop.where("fit", Op::eq, {"ruim"}) == "D/1");
  CHECK(shop.where("created_at", Op::gte, {"2026-01-16"}) == "B C-1 D/1");
  CHECK(shop.where("created_at", Op::lt, {"2026-01-16T00:00:00Z"}) == "A");
  CHECK(shop.where("attributes.no such thing", Op::eq, {"x"}) == "");
  CHECK(shop.where("color", Op::like, {"*lu*"}) == "A C-1");
  CHECK(shop.where("sku", Op::like, {"%-1"}) == "C-1");
  CHECK(shop.where("ean", Op::like, {"*333931"}) == "A");
  CHECK(shop.where("color", Op::like, {"*"}) == "A B C-1");
  CHECK(shop.where("created_at", Op::lt, {"now-1d"}) == "A");
}

TEST_CASE("a shop from before knows who is in a category itself after its next start") {
  Shop shop;
  shop.post("A", R"({"categories":["x/y","x"]})");
  shop.post("B", R"({"categories":["x/y","gifts"]})");
  REQUIRE(shop.products.prepare(*shop.store).ok());
  const search::Entry before{.terms = {{"sku", "A"}, {"category.own", "x"}}}, after{.terms = {{"sku", "A"}}};
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                work.erase(shop.store->family("model"), "\x0e");
                return shop.products.index().update(work, **shop.products.document(work, "A"), before, after);
              })
              .ok());
  CHECK(shop.where("category", Op::direct, {"x"}) == "");
  REQUIRE(shop.products.prepare(*shop.store).ok());
  CHECK(shop.where("category", Op::direct, {"x"}) == "A");
}

TEST_CASE("a described attribute is asked for as people write its values; days have an order") {
  Shop shop;
  const auto describe = [&](const char* code, const char* body) {
    REQUIRE(shop.describe(ModelKind::attribute, code, body).ok());
  };
  describe("launch", R"({"type":"date"})");
  describe("washable", R"({"type":"yes_no"})");
  describe("color", R"({"type":"choice","choices":[{"code":"red","labels":{"nl":"Rood"}},{"code":"blue"}]})");
  describe("price", R"({"type":"decimal"})");
  int at = 0;
  for (const char* day : {"1999-12-31", "2026-01-31", "2026-11-27", "2026-11-28", "2026-12-01", "2031-05-05"})
    shop.post("D" + std::to_string(++at),
              R"({"attributes":{"launch":")" + std::string(day) + R"(","washable":true,"color":"red","net":"9,5"}})");
  CHECK(shop.where("launch", Op::gt, {"2026-11-27"}) == "D4 D5 D6");
  CHECK(shop.where("launch", Op::gte, {"27-11-2026"}) == "D3 D4 D5 D6");
  CHECK(shop.where("launch", Op::lt, {"2026-11-27T10:00:00Z"}) == "D1 D2");
  CHECK(shop.where("launch", Op::lte, {"2026-11-27"}) == "D1 D2 D3");
  CHECK(shop.where("launch", Op::lt, {"now+1d"}) == "D1");  // the test's clock stands in January
  CHECK(shop.where("launch", Op::eq, {"31.1.2026"}) == "D2");
  CHECK(shop.where("launch", Op::like, {"2026-11"}) == "D3 D4");
  ProductQuery soon;
  soon.where = {{"launch", Op::gt, {"soon"}}};
  CHECK_FALSE(shop.products.list(shop.store->read(), soon).ok());
  CHECK(shop.where("washable", Op::eq, {"yes"}) == "D1 D2 D3 D4 D5 D6");
  CHECK(shop.where("washable", Op::eq, {"0"}) == "");
  CHECK(shop.where("color", Op::in, {"ROOD", "green"}) == "D1 D2 D3 D4 D5 D6");
}

TEST_CASE("a mistyped word finds names and SKUs that are one error away, when nothing has it as it is") {
  Shop shop;
  fill(shop);
  shop.post("E", R"({"title":"Shirtmaker's guide"})");
  CHECK(shop.search("shrt") == "A B E");      // a letter less, also at the beginning of a longer word
  CHECK(shop.search("acme shrit") == "A B");  // the other word means what it says
  CHECK(shop.search("jaccket") == "C-1");
  CHECK(shop.search("jakket elan") == "C-1");
  CHECK(shop.search("shirt") == "A B E");
  CHECK(shop.search("nedrlnds") == "");       // two errors
  CHECK(shop.search("4006381333932") == "");  // a number is no slip of another
  CHECK(shop.search("bed") == "");            // too short to tell
  CHECK(shop.search("rad shirt") == "");
}

TEST_CASE("SKUs as long as the bytes that are kept for sorting, and longer, are told apart") {
  Shop shop;
  const std::string kept(catalog::kKeyBytesMax, 'k');
  for (const std::string& sku : {kept.substr(1), kept, kept + "1", kept + "2"})
    REQUIRE(shop.write(sku, R"({"title": "Long"})").ok());
  for (const std::string& sku : {kept.substr(1), kept, kept + "1", kept + "2"})
    CHECK(shop.where("sku", Op::eq, {sku}) == sku);
  CHECK(shop.where("sku", Op::in, {kept, kept + "2", kept + "3"}) == kept + " " + kept + "2");
}

TEST_CASE("a question that makes no sense is refused with what to ask instead") {
  Shop shop;
  fill(shop);
  const auto refused = [&](ProductQuery query) {
    const auto page = shop.products.list(shop.store->read(), query);
    REQUIRE_FALSE(page.ok());
    CHECK(page.error().code == ErrorCode::invalid);
    return page.error().faults.size();
  };
  ProductQuery query;
  query.where = {{"enabled", Op::gt, {"1"}}, {"created_at", Op::eq, {"yesterday"}}, {"description", Op::gt, {"x"}},
                 {"brand", Op::eq, {}},      {"price", Op::gt, {"cheap"}},          {"weight", Op::gt, {"heavy"}}};
  CHECK(refused(query) == 6);
  query.where = {{"colour", Op::eq, {"red"}}, {"completeness.web", Op::lt, {"100"}}, {"color", Op::eq, {"red"}}};
  query.sort = {{"titel", false}};
  query.facets = {"brnad"};
  CHECK(refused(query) == 4);
  query.facets.clear();
  query.where.clear();
  query.sort = {{"description", false}};
  refused(query);
  query.sort.clear();
  query.facets = {"created_at"};
  refused(query);
  query.facets.clear();
  query.cursor = "no cursor";
  refused(query);
}

TEST_CASE("sorting: numbers as numbers, texts without case, both ways, by the reader's language") {
  Shop shop;
  fill(shop);
  const auto sorted = [&](std::string column, bool descending, std::vector<Condition> where = {}) {
    ProductQuery query;
    query.sort = {{std::move(column), descending}};
    query.where = std::move(where);
    return shop.listed(std::move(query));
  };
  CHECK(sorted("sku", true) == "D/1 C-1 B A");
  CHECK(sorted("weight", false, {{"weight", Op::empty, {"0"}}}) == "A B C-1");
  CHECK(sorted("weight", true, {{"weight", Op::empty, {"0"}}}) == "C-1 B A");
  CHECK(sorted("title", false) == "A C-1 B D/1");
  CHECK(shop.listed({.sort = {{"title", true}}, .locale = "nl-NL"}) == "B C-1 A D/1");  // the others' are English
  CHECK(sorted("category", false) == "B A C-1 D/1");
  CHECK(sorted("category", true) == "B A C-1 D/1");  // B by its gifts
  CHECK(sorted("created_at", true, {{"brand", Op::empty, {"0"}}}) == "C-1 B A");
}

TEST_CASE("facets count exactly what was found, with names as written") {
  Shop shop;
  fill(shop);
  ProductQuery query;
  query.facets = {"brand", "color", "category", "enabled", "tags"};
  const auto page = shop.page(query);
  CHECK(page.total == 4);
  REQUIRE(page.facets.size() == 5);
  const auto counts = [&](std::size_t i) {
    return std::map<std::string, std::uint64_t>(page.facets[i].counts.begin(), page.facets[i].counts.end());
  };
  CHECK(counts(0) == std::map<std::string, std::uint64_t>{{"Acme", 1}, {"ACME", 1}, {"Zeta", 1}});
  CHECK(counts(1) == std::map<std::string, std::uint64_t>{{"Blue", 1}, {"red", 1}, {"navy blue", 1}});
  CHECK(counts(2) == std::map<std::string, std::uint64_t>{
                         {"clothing", 3}, {"clothing/shirts", 2}, {"clothing/shirts/red", 1}, {"gifts", 1}});
  CHECK(counts(3) == std::map<std::string, std::uint64_t>{{"true", 3}, {"false", 1}});
  CHECK(counts(4).at("Sale") == 2);
  CHECK(*shop.products.counts(shop.store->read(), "family") ==
        std::vector<std::pair<std::string, std::uint64_t>>{{"jackets", 1}, {"shirts", 2}});
}

TEST_CASE("going through everything by cursor meets each product once, while others are added and deleted") {
  Shop shop;
  std::set<std::string> expected;
  for (int i = 0; i < 250; ++i) {
    const std::string sku = "S-" + std::to_string(1000 + i);
    shop.post(sku, R"({"title":"Thing","attributes":{"n":)" + std::to_string(i % 7) + "}}");
    expected.insert(sku);
  }
  for (const char* column : {"sku", "created_at", "title", "n"}) {
    for (const bool descending : {false, true}) {
      CAPTURE(column);
      ProductQuery query;
      query.count = 17;
      query.sort = {{column, descending}};
      std::set<std::string> met;
      int extra = 0;
      for (;;) {
        const auto page = shop.page(query);
        for (const auto& sku : page.skus)
          if (sku.starts_with("S-")) CHECK(met.insert(sku).second);
        if (page.next_cursor.empty()) break;
        query.cursor = page.next_cursor;
        const auto name = std::string("T-") + column + (descending ? "d" : "a") + std::to_string(extra++);
        shop.post(name, R"({"title":"Thing","attributes":{"n":3}})");
        if (extra % 3 == 0) REQUIRE(shop.remove(name).ok());
      }
      CHECK(met == expected);
    }
  }
}

TEST_CASE("after random edits the index says what a full rescan says") {
  Shop shop;
  std::mt19937 dice(20260115);
  const auto pick = [&](std::vector<std::string> from) { return from[dice() % from.size()]; };
  for (int step = 0; step < 1'500; ++step) {
    const std::string sku = "P-" + std::to_string(dice() % 60);
    if (dice() % 7 == 0) {
      if (shop.there(sku)) (void)shop.remove(sku);
      continue;
    }
    json::Value body{json::Members{}};
    if (dice() % 2) body.set("title", pick({"Blue shirt", "Red shirt", "Green Jacket", "", "Blå skjorta"}));
    if (dice() % 3 == 0) body.set("brand", pick({"Acme", "ACME", "Zeta", ""}));
    if (dice() % 3 == 0) body.set("family", pick({"shirts", "jackets", ""}));
    if (dice() % 3 == 0) body.set("enabled", dice() % 2 == 0);
    if (dice() % 3 == 0)
      body.set("categories", dice() % 4 ? json::Value(json::Array{pick({"a/b", "a", "c/d/e"})}) : json::Value::array());
    if (dice() % 4 == 0) body.set("parent", pick({"P-1", "P-2", "P-3"}));
    if (dice() % 2) {
      json::Value attributes{json::Members{}};
      attributes.set("color", dice() % 5 ? json::Value(pick({"Blue", "blue", "red"})) : json::Value(nullptr));
      if (dice() % 2)
        attributes.set("weight", dice() % 5 ? json::Value(json::Number{pick({"1", "1.5", "10", "9.50", "-2"})})
                                            : json::Value(pick({"10", "heavy"})));
      body.set("attributes", std::move(attributes));
    }
    if (dice() % 4 == 0)
      body.set("texts", test::parsed(R"({"nl-NL":{"title":")" + pick({"Blauw hemd", "Rood hemd", ""}) + R"(","fit":")" +
                                     pick({"ruim", "krap"}) + "\"}}"));
    shop.clock.pass(std::chrono::seconds(1));
    (void)shop.write(sku, json::write(body), dice() % 10 == 0 ? WriteMode::replace : WriteMode::upsert);
  }
  test::index_is_a_rescan(shop);
}
