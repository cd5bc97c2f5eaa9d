// Lists sorted by attributes of every type, against a plain sort of what each product says.
#include <cstdlib>
#include <random>
#include <tuple>

#include "shop.h"

using namespace pf;
using namespace pf::catalog;

namespace {

struct OrderShop : test::Shop {
  OrderShop() {
    REQUIRE(describe(ModelKind::channel, "web", "{}").ok());
    attribute_is("note", "{}");
    attribute_is("made", R"({"type":"date"})");
    attribute_is("new", R"({"type":"yes_no"})");
    attribute_is("fabric", R"({"localisable":true})");
    attribute_is("score", R"({"type":"decimal","localisable":true})");
    attribute_is("weight", R"({"type":"measurement","unit_family":"Weight","unit":"GRAM"})");
    attribute_is("fee", R"({"type":"price","currencies":["EUR","USD"]})");
    attribute_is("teaser", R"({"per_channel":true})");
    attribute_is("story", R"({"type":"rich_text"})");
    attribute_is("sizes", R"({"type":"table","columns":[{"code":"size","type":"text"}]})");
    const char* colours = R"("choices":[{"code":"a","labels":{"nl-NL":"Zwart","en":"Black"}},
        {"code":"b","labels":{"nl-NL":"Rood"}},{"code":"c","labels":{"en":"38"}},{"code":"d"}]})";
    attribute_is("colour", std::string(R"({"type":"choice",)") + colours);
    attribute_is("colours", std::string(R"({"type":"choices",)") + colours);
  }
  Result<ProductPage> asked(std::vector<SortKey> sort) {
    ProductQuery query;
    query.sort = std::move(sort);
    return products.list(store->read(), query);
  }
  std::string sorted(std::string column, bool descending = false, std::string locale = {}) {
    ProductQuery query;
    query.sort = {{std::move(column), descending}};
    query.locale = std::move(locale);
    return listed(std::move(query));
  }
  std::string refusal(std::string column) {
    const auto page = asked({{std::move(column), false}});
    if (page.ok()) return "taken";
    CHECK(page.error().code == ErrorCode::invalid);
    REQUIRE(page.error().faults.size() == 1);
    CHECK(page.error().faults[0].field == "sort");
    return page.error().message;
  }
  void batch(const std::vector<ProductRow>& rows) {
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  const BatchOptions options{.locale = "en", .forward_parents = true};
                  PF_LET(const auto outcomes, products.upsert_many(work, rows, options));
                  for (const auto& one : outcomes) REQUIRE_MESSAGE(one.outcome.has_value(), one.error.message);
                  return {};
                })
                .ok());
  }
};

// How a value stands: numbers before texts, texts without case; nothing at all last.
using Stands = std::tuple<int, double, std::string, std::string>;
constexpr int kNumber = 1, kText = 2;

Stands text_stands(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (!text.empty() && *end == '\0') return {kNumber, number, "", ""};
  const std::string folded = search::folded(text);
  return {kText, 0, folded, folded == text ? "" : text};
}

std::optional<Stands> stands(const std::string& name, const json::Value& value, bool descending) {
  if (const auto* items = value.as_array()) {
    std::optional<Stands> best;
    for (const json::Value& one : *items) {
      auto here = stands(name, one, descending);
      // Of several values none counts as a number, unless it is a choice's label.
      if (here && name != "colours") {
        const std::string& text = *one.as_string();
        const std::string folded = search::folded(text);
        here = Stands{kText, 0, folded, folded == text ? "" : text};
      }
      if (here && (!best || (descending ? *here > *best : *here < *best))) best = here;
    }
    return best;
  }
  if (const auto* amount = value.find("amount")) {
    const double factor = *value.find("unit")->as_string() == "KILOGRAM" ? 1000 : 1;
    return Stands{kNumber, factor * std::stod(amount->as_number()->text), "", ""};
  }
  if (const auto* number = value.as_number()) return Stands{kNumber, std::stod(number->text), "", ""};
  if (const auto* yes = value.as_bool()) return Stands{kText, 0, *yes ? "true" : "false", ""};
  const std::string& text = *value.as_string();
  if (text.empty()) return std::nullopt;
  if (name != "colour" && name != "colours") return text_stands(text);
  const std::map<std::string, std::string> labels{{"a", "Zwart"}, {"b", "Rood"}, {"c", "38"}, {"d", "d"}};
  return text_stands(labels.at(text));
}

}  // namespace

TEST_CASE("attributes of every type sort by what they mean, and none that cannot is taken for another order") {
  OrderShop shop;
  shop.post(
      "A",
      R"({"title":"A","attributes":{"note":"bee","made":"2026-03-01","new":true,"weight":{"amount":2,"unit":"KILOGRAM"},
      "fee-EUR":10,"teaser-web":"x","colour":"a","colours":["d","b"],"story":"<p>x</p>","ref":"B-2"},"texts":{"nl-NL":{"fabric":"wol"}}})",
      "en");
  shop.post(
      "B",
      R"({"title":"B","attributes":{"note":"Ant","made":"2025-12-31","new":false,"weight":{"amount":300,"unit":"GRAM"},
      "fee-EUR":9.5,"teaser-web":"X","colour":"b","colours":["a"]},"texts":{"en":{"fabric":"Cotton"},"nl-NL":{"fabric":"katoen"}}})",
      "en");
  shop.post("C",
            R"({"title":"C","attributes":{"note":"10","weight":{"amount":299.5,"unit":"GRAM"},"colour":"c","ref":"A-1"},
      "texts":{"en":{"fabric":"leather"}}})",
            "en");
  shop.post("D", R"({"title":"D","parent":"A","attributes":{"note":"9","colour":"d","colours":["c","a"]}})", "en");
  shop.post("E", R"({"title":"E"})", "en");
  CHECK(shop.sorted("attributes.note") == "D C B A E");
  CHECK(shop.sorted("note", true) == "A B C D E");
  CHECK(shop.sorted("made") == "B A D C E");  // D has it from A
  CHECK(shop.sorted("new", true) == "D A B E C");
  CHECK(shop.sorted("weight") == "C B A D E");
  CHECK(shop.sorted("fee-EUR") == "B A D C E");
  CHECK(shop.sorted("teaser-web") == "A D B C E");
  CHECK(shop.sorted("ref") == "C A D B E");
  shop.patch("C", R"({"enabled":false,"parent":"B"})");
  CHECK(shop.sorted("enabled") == "C A B D E");
  CHECK(shop.sorted("parent") == "D C A B E");
  shop.patch("C", R"({"parent":null})");
  // By labels: 38, d, Rood, Zwart for whoever reads Dutch; 38, b, Black, d in English.
  CHECK(shop.sorted("colour", false, "nl-NL") == "C D B A E");
  CHECK(shop.sorted("colour", false, "en") == "C B A D E");
  CHECK(shop.sorted("colours", false, "nl-NL") == "D A B C E");
  CHECK(shop.sorted("colours", true, "nl-NL") == "D B A E C");
  // The reader's language, else the shop's first; a variant has its parent's.
  CHECK(shop.sorted("fabric", false, "nl-NL") == "B C A D E");
  CHECK(shop.sorted("fabric", false, "en") == "B C A D E");
  CHECK(shop.sorted("attributes.fabric@nl-NL", true) == "D A B E C");

  CHECK(shop.refusal("attributes.story").find("attributes.story: it is of the type rich_text") != std::string::npos);
  CHECK(shop.refusal("sizes").find("sizes: it is of the type table") != std::string::npos);
  CHECK(shop.refusal("attributes.colr").find("attributes.colr: no attribute has that name") != std::string::npos);
  CHECK(shop.refusal("fee").find("fee-EUR and fee-USD") != std::string::npos);
  CHECK(shop.refusal("teaser").find("teaser-web") != std::string::npos);
  CHECK(shop.asked({{"note", false}, {"story", false}}).ok() == false);
}

TEST_CASE("a thousand products stand by any attribute as a plain sort puts them, page by page, whatever was edited") {
  OrderShop shop;
  std::mt19937 dice(2026);
  const auto pick = [&](std::vector<std::string> from) { return from[dice() % from.size()]; };
  const auto word = [&] {
    std::string text = pick({"Wool", "wool", "Érable", "10", "9", "38.5", "linen"});
    if (dice() % 3 > 0) text = std::string(1, static_cast<char>('a' + dice() % 26)) + std::to_string(dice() % 900);
    return text;
  };
  const auto random = [&](unsigned number) {
    json::Value attributes{json::Members{}}, texts{json::Members{}};
    const auto sometimes = [&](const char* name, json::Value value) {
      if (dice() % 4 > 0) attributes.set(name, std::move(value));
    };
    sometimes("note", word());
    sometimes("made", "2026-0" + std::to_string(1 + dice() % 9) + "-1" + std::to_string(dice() % 9));
    sometimes("new", dice() % 2 == 0);
    sometimes("weight", test::parsed("{\"amount\":" + std::to_string(dice() % 5000) + ",\"unit\":\"" +
                                     pick({"GRAM", "KILOGRAM"}) + "\"}"));
    sometimes("colour", pick({"a", "b", "c", "d"}));
    sometimes("colours", json::Value(json::Array{pick({"a", "b"}), pick({"c", "d"})}));
    sometimes("free", dice() % 5 == 0   ? json::Value(json::Array{word(), "zz" + word()})
                      : dice() % 5 == 0 ? json::Value(json::Number{std::to_string(dice() % 50)})
                                        : json::Value(word()));
    for (const char* locale : {"en", "nl-NL", "de"}) {
      json::Value own{json::Members{}};
      if (dice() % 2) own.set("fabric", word());
      if (dice() % 2) own.set("title", word());
      if (dice() % 2) own.set("score", json::Value(json::Number{std::to_string(dice() % 300)}));
      texts.set(locale, std::move(own));
    }
    json::Value body = json::Value::object({{"family", number % 2 ? "odd" : "even"}});
    if (dice() % 3) body.set("categories", json::Value(json::Array{pick({"a", "a/x", "a/y"}), pick({"a/x/k", "b"})}));
    if (number >= 100 && number % 3 == 0) {
      body.set("parent", "P-" + std::to_string(number % 100));
      if (dice() % 2) attributes = json::Value{json::Members{}};
    }
    body.set("attributes", std::move(attributes));
    body.set("texts", std::move(texts));
    auto read_body = product_body_of(body, BodyStyle::json);
    REQUIRE(read_body.ok());
    return ProductRow{shop.sku("P-" + std::to_string(number)), std::move(read_body->change)};
  };
  constexpr unsigned kProducts = 1'000;  // more than those who are just asked
  std::vector<ProductRow> rows;
  for (unsigned i = 0; i < kProducts; ++i) rows.push_back(random(i));
  shop.batch(rows);
  rows.clear();
  for (unsigned i = 0; i < kProducts; i += 9) rows.push_back(random(i));
  shop.batch(rows);
  for (unsigned i = 107; i < kProducts; i += 31) REQUIRE(shop.remove("P-" + std::to_string(i)).ok());
  for (bool more = true; more;)
    REQUIRE(shop.store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(more, shop.products.complete_some(work, 500));
                  return {};
                })
                .ok());

  // What each says, asked without the index.
  const auto read = shop.store->read();
  std::vector<Record> all;
  const auto skus = shop.products.skus_after(read, "", 10'000);
  for (const auto& sku : *skus) all.push_back(*shop.products.with_inherited(read, **shop.products.find(read, sku)));
  CHECK(all.size() > 900);
  const std::vector<std::string> nl{"nl-NL", "en"};
  const auto said = [&](const Record& record, const std::string& name, bool descending) -> std::optional<Stands> {
    if (name == "title") {
      for (const std::string& locale : nl)
        if (const auto* texts = record.texts_of(locale); texts != nullptr && !texts->title.empty()) {
          const auto [kind, number, folded, written] = text_stands(texts->title);
          return Stands{kind, number, folded, ""};
        }
      return std::nullopt;
    }
    if (name == "category") {  // behind those below it
      std::optional<Stands> best;
      for (const std::string& path : record.categories) {
        const Stands here{kText, 0, path + (descending ? "/\x01" : "/\xff"), ""};
        if (!best || (descending ? here > *best : here < *best)) best = here;
      }
      return best;
    }
    const std::string* bytes = find_attribute(record.attributes, name);
    for (const std::string& locale : nl)
      if (const auto* texts = record.texts_of(locale); bytes == nullptr && texts != nullptr)
        bytes = find_attribute(texts->attributes, name);
    return bytes == nullptr ? std::nullopt : stands(name, test::parsed(*bytes), descending);
  };
  bool descending = false;
  for (const std::string name :
       {"note", "made", "new", "weight", "colour", "colours", "free", "fabric", "score", "title", "category"})
    for (const std::string family : {"", "odd"}) {
      descending = !descending;
      CAPTURE(name);
      CAPTURE(family);
      CAPTURE(descending);
      // Without a value of the reader's languages, but with one in another, goes before nothing at all.
      using Row = std::tuple<std::optional<Stands>, bool, std::uint32_t, std::string>;
      std::vector<Row> wanted;
      for (const Record& record : all) {
        if (!family.empty() && record.family != family) continue;
        const Texts* de = record.texts_of("de");
        const bool elsewhere =
            de != nullptr && (name == "title" ? !de->title.empty() : find_attribute(de->attributes, name) != nullptr);
        wanted.emplace_back(said(record, name, descending), elsewhere && family.empty(), record.document, record.sku);
      }
      std::ranges::sort(wanted, [&](const Row& one, const Row& other) {
        const auto& [value, elsewhere, document, sku] = one;
        const auto& [other_value, other_elsewhere, other_document, other_sku] = other;
        if (value.has_value() != other_value.has_value()) return value.has_value();
        if (value != other_value) return descending ? *value > *other_value : *value < *other_value;
        if (!value && elsewhere != other_elsewhere) return elsewhere;
        return descending ? document > other_document : document < other_document;
      });
      std::vector<std::string> expected, met;
      for (const Row& row : wanted) expected.push_back(std::get<3>(row));
      ProductQuery query;
      query.sort = {{(name == "title" || name == "category" ? "" : "attributes.") + name, descending}};
      query.locale = "nl-NL";
      query.skus_only = true;
      query.count = 90;
      if (!family.empty()) query.where = {{"family", Operator::eq, {family}}};
      do {
        const auto page = shop.page(query);
        met.insert(met.end(), page.skus.begin(), page.skus.end());
        query.cursor = page.next_cursor;
      } while (!query.cursor.empty());
      CHECK(met == expected);
      query.offset = expected.size() / 2;
      CHECK(shop.page(query).skus.front() == expected[expected.size() / 2]);
    }
}
