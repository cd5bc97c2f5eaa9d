#include "catalog/completeness.h"

#include "shop.h"

using namespace pf;
using catalog::ModelKind;
using catalog::Operator;

namespace {

struct CompleteShop : test::Shop {
  CompleteShop() {
    REQUIRE(describe(ModelKind::channel, "web", R"({"locales":["nl-NL","de-DE"],"currencies":["EUR"]})").ok());
    REQUIRE(describe(ModelKind::channel, "print", R"({"locales":["nl-NL"]})").ok());
    attribute_is("color", R"({"type":"choice","choices":[{"code":"red"},{"code":"blue"}]})");
    attribute_is("size", R"({"type":"choice","choices":[{"code":"M"},{"code":"L"}]})");
    attribute_is("slogan", R"({"localisable":true})");
    attribute_is("teaser", R"({"per_channel":true})");
    attribute_is("price", R"({"type":"price"})");
    family(R"({"attributes":[{"code":"title","required":["*"]},{"code":"color","required":["*"]},
               {"code":"slogan","required":["web"]},{"code":"teaser","required":["web"]},
               {"code":"price","required":["web"]},{"code":"size"}],"axes":[["color"],["size"]]})");
  }
  void family(std::string_view body) {
    const auto done = describe(ModelKind::family, "shirts", body);
    REQUIRE_MESSAGE(done.ok(), done.error().message);
  }
  std::string complete(std::string_view sku) {
    const auto product = get(sku);
    const auto* found = product.find("completeness");
    return found == nullptr ? "none" : json::write(*found);
  }
  // "web/nl-NL 40 color,teaser; ..." for one product.
  std::string said(std::string_view sku) {
    const auto product = get(sku);
    const auto* found = product.find("completeness");
    if (found == nullptr) return "none";
    std::string out = json::write(*found->find("percent")) + ":";
    for (const auto& [channel, locales] : *found->find("channels")->as_object())
      for (const auto& [locale, of] : *locales.as_object()) {
        out += " " + channel + "/" + locale + "=" + json::write(*of.find("percent"));
        for (const auto& code : *of.find("missing")->as_array()) out += "-" + *code.as_string();
      }
    return out;
  }
  void settle() {
    for (bool more = true; more;)
      REQUIRE(store
                  ->write([&](storage::Write& work) -> Result<> {
                    PF_LET(more, products.complete_some(work, 3));
                    return {};
                  })
                  .ok());
  }
};

}  // namespace

TEST_CASE("completeness is told per channel and language, with what is missing, in the write itself") {
  CompleteShop shop;
  shop.post("A", R"({"title":"Blauw hemd","family":"shirts"})", "nl-NL");
  CHECK(shop.said("A") ==
        "0: print/nl-NL=50-color web/nl-NL=20-color-slogan-teaser-price web/de-DE=0-title-color-slogan-teaser-price");
  shop.post("A", R"({"attributes":{"color":"red","teaser":{"web":"Now"},"price":{"EUR":5}},
                     "texts":{"de-DE":{"title":"Blaues Hemd","slogan":"Gut"}}})",
            "nl-NL");
  CHECK(shop.said("A") == "80: print/nl-NL=100 web/nl-NL=80-slogan web/de-DE=100");
  CHECK(shop.where("completeness", Operator::lt, {"100"}) == "A");
  CHECK(shop.where("completeness.web", Operator::gte, {"80"}) == "A");
  CHECK(shop.where("completeness.web", Operator::eq, {"100"}) == "");
  CHECK(shop.where("completeness.web@de-DE", Operator::eq, {"100"}) == "A");
  CHECK(shop.where("completeness.web@*", Operator::gte, {"80"}) == "A");
  CHECK(shop.where("completeness.web@*", Operator::lt, {"100"}) == "");  // German is whole
  CHECK(shop.where("completeness.print@*", Operator::nbetween, {"0", "99"}) == "A");
  CHECK(shop.where("completeness", Operator::empty, {"0"}) == "A");
  CHECK(shop.where("hint", Operator::eq, {"no_image"}) == "A");
  CHECK(shop.where("hint", Operator::eq, {"short_title@nl-NL"}) == "A");
  CHECK(shop.where("hint", Operator::eq, {"short_title"}) == "A");
  CHECK(shop.where("hint", Operator::nin, {"short_description", "short_title@nl-NL"}) == "");
  catalog::ProductQuery query;
  query.sort = {{"completeness", true}};
  shop.post("B", R"({"title":"B","family":"shirts"})");
  shop.post("C", R"({"title":"C"})");
  CHECK(shop.complete("C") == "none");
  CHECK(shop.listed(query) == "A B C");
  // What GET gave may be sent back; it says nothing.
  CHECK(shop.write("A", shop.bytes("A"), catalog::WriteMode::upsert, "nl-NL").value().outcome ==
        catalog::Outcome::unchanged);
  shop.post("A", R"({"family":"unknown"})");
  CHECK(shop.complete("A") == "none");
  CHECK(shop.where("completeness", Operator::empty, {"1"}) == "A C");
}

TEST_CASE("a variant has what its parent has, and a parent needs not what its variants differ in") {
  CompleteShop shop;
  shop.post("P", R"({"title":"Hemd","family":"shirts","attributes":{"teaser":{"web":"Now"},"price":{"EUR":5}},
                     "texts":{"de-DE":{"title":"Hemd","slogan":"x"},"nl-NL":{"slogan":"y"}}})",
            "nl-NL");
  CHECK(shop.said("P").starts_with("50: print/nl-NL=50-color"));
  shop.post("V", R"({"parent":"P"})", "nl-NL");
  CHECK(shop.said("P").starts_with("100:"));
  CHECK(shop.said("V") == "50: print/nl-NL=50-color web/nl-NL=80-color web/de-DE=80-color");
  shop.post("V", R"({"attributes":{"color":"blue"}})", "nl-NL");
  CHECK(shop.said("V").starts_with("100:"));
  CHECK(shop.where("variants", Operator::eq, {"all_complete"}) == "P");
  shop.post("W", R"({"parent":"P"})", "nl-NL");
  CHECK(shop.where("variants.web@de-DE", Operator::in, {"all_complete", "all_incomplete"}) == "");
  CHECK(shop.where("variants.web", Operator::eq, {"some_incomplete"}) == "P");
  CHECK(shop.where("variants", Operator::neq, {"some_complete"}) == "V W");
  CHECK_FALSE(shop.products.list(shop.store->read(), {.where = {{"variants", Operator::eq, {"whole"}}}}).ok());
  REQUIRE(shop.remove("W").ok());
  const auto version = shop.get("V").find("version")->as_int();
  // What the parent loses, its variants lose in the same unit of work.
  shop.post("P", R"({"attributes":{"teaser":{"web":null}}})", "nl-NL");
  CHECK(shop.said("V") == "80: print/nl-NL=100 web/nl-NL=80-teaser web/de-DE=80-teaser");
  CHECK(shop.get("V").find("version")->as_int() == *version + 1);
  CHECK(shop.where("completeness", Operator::lt, {"100"}) == "P V");
  REQUIRE(shop.remove("V").ok());
  CHECK(shop.said("P").starts_with("50: print/nl-NL=50-color"));
}

TEST_CASE("a batch with parents and variants in any order leaves every completeness right") {
  CompleteShop shop;
  shop.post("V2", R"({"title":"old","family":"shirts"})", "nl-NL");
  std::vector<catalog::ProductRow> rows(3);
  rows[0].sku = test::Shop::sku("V1");
  rows[0].change.parent = std::optional<std::string>("P");
  rows[1].sku = test::Shop::sku("P");
  rows[1].change.family = "shirts";
  rows[1].change.title = "Hemd";
  rows[1].change.attributes = {{"color", "red"}};
  rows[2].sku = test::Shop::sku("V2");
  rows[2].change.parent = std::optional<std::string>("P");
  rows[2].change.attributes = {{"color", "blue"}};
  for (int times = 0; times < 2; ++times)
    REQUIRE(shop.store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(const auto done, shop.products.upsert_many(work, rows, {.locale = "nl-NL"}));
                  for (const auto& one : done) CHECK(one.outcome.has_value());
                  if (times == 1)
                    for (const auto& one : done) CHECK(one.outcome == catalog::Outcome::unchanged);
                  return {};
                })
                .ok());
  CHECK(shop.said("V1").find("print/nl-NL=100") != std::string::npos);
  CHECK(shop.said("V2").find("print/nl-NL=100") != std::string::npos);
  CHECK(shop.where("completeness.print", Operator::eq, {"100"}) == "P V1 V2");
}

TEST_CASE("when a family changes, all its products follow in passes that outlive a restart") {
  CompleteShop shop;
  for (int i = 0; i < 10; ++i) shop.post("A" + std::to_string(i), R"({"title":"Hemd","family":"shirts"})", "nl-NL");
  shop.post("V", R"({"parent":"A1"})", "nl-NL");
  shop.settle();
  shop.family(R"({"attributes":[{"code":"title","required":["print"]}]})");
  CHECK(*shop.products.families_unsettled(shop.store->read()) == 1);
  CHECK(shop.where("completeness", Operator::eq, {"100"}) == "");
  bool more = false;
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_LET(more, shop.products.complete_some(work, 3));
                return {};
              })
              .ok());
  CHECK(more);
  CHECK(shop.where("completeness", Operator::eq, {"100"}) == "A0 A1 A2");
  catalog::Products again(*shop.store, shop.audit, shop.clock);  // the process begins anew
  for (; more;)
    REQUIRE(shop.store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(more, again.complete_some(work, 3));
                  return {};
                })
                .ok());
  CHECK(shop.where("completeness", Operator::eq, {"100"}) == "A0 A1 A2 A3 A4 A5 A6 A7 A8 A9 V");
  CHECK(*shop.products.families_unsettled(shop.store->read()) == 0);
  // The label of an attribute concerns nobody's completeness; a channel does; a forgotten family leaves nothing behind.
  shop.attribute_is("color", R"({"type":"choice","labels":{"en":"Colour"}})");
  CHECK(*shop.products.families_unsettled(shop.store->read()) == 0);
  REQUIRE(shop.describe(ModelKind::channel, "print", R"({"locales":["fr"]})").ok());
  shop.settle();
  CHECK(shop.said("A0").find("print/fr=0-title") != std::string::npos);
  REQUIRE(shop.forget(ModelKind::family, "shirts").ok());
  shop.settle();
  CHECK(shop.complete("A0") == "none");
  CHECK(shop.where("completeness", Operator::empty, {"0"}) == "");
}

TEST_CASE("an attribute of a field's name counts for the field") {
  test::Shop shop;
  shop.attribute_is("ean", "{}");
  REQUIRE(shop.describe(ModelKind::family, "mugs", R"({"attributes":[{"code":"ean","required":["*"]}]})").ok());
  shop.post("A", R"({"title":"A","family":"mugs","attributes":{"ean":"123"}})");
  shop.post("B", R"({"title":"B","family":"mugs","ean":"4006381333931"})");
  shop.post("C", R"({"title":"C","family":"mugs"})");
  CHECK(shop.where("completeness", Operator::eq, {"100"}) == "A B");
}

TEST_CASE("a model without measure makes no product's record so") {
  test::Shop shop;
  std::string attributes, locales;
  for (int i = 0; i < 120; ++i) {
    shop.attribute_is("a" + std::to_string(i), "{}");
    attributes += (i > 0 ? "," : "") + ("{\"code\":\"a" + std::to_string(i)) + "\",\"required\":[\"*\"]}";
  }
  for (char c = 'a'; c <= 'z'; ++c) locales += std::string(c > 'a' ? "," : "") + "\"z" + c + "\"";
  for (int i = 0; i < 20; ++i)
    REQUIRE(shop.describe(ModelKind::channel, "c" + std::to_string(i), "{\"locales\":[" + locales + "]}").ok());
  REQUIRE(shop.describe(ModelKind::family, "wide", "{\"attributes\":[" + attributes + "]}").ok());
  shop.post("A", R"({"title":"A","family":"wide","attributes":{"a0":"x","a1":"y","a2":"z"}})");
  const auto product = shop.get("A");
  std::size_t cells = 0;
  for (const auto& [channel, of] : *product.find("completeness")->find("channels")->as_object())
    for (const auto& [locale, cell] : *of.as_object()) {
      ++cells;
      CHECK(cell.find("percent")->as_int() == 2);  // 3 of 120
      CHECK(cell.find("missing")->as_array()->size() == catalog::kMissingNamedMax);
    }
  CHECK(cells == catalog::kCompletenessCellsMax);
}

TEST_CASE("a shop without channels has one completeness, in the shop's languages") {
  test::Shop shop;
  REQUIRE(shop.describe(ModelKind::family, "mugs", R"({"attributes":[{"code":"title","required":["*"]},
      {"code":"images","required":["*"]}]})")
              .ok());
  shop.post("A", R"({"title":"Een blauwe mok met oor","family":"mugs"})", "nl-NL");
  CHECK(json::write(*shop.get("A").find("completeness")) ==
        R"({"percent":50,"channels":{"*":{"nl-NL":{"percent":50,"missing":["images"]}}},"hints":["no_image"]})");
  shop.post("A", R"({"texts":{"de-DE":{"description":"Kurz."}},"images":["https://shop.example/a.png"]})", "nl-NL");
  CHECK(
      json::write(*shop.get("A").find("completeness")) ==
      R"({"percent":50,"channels":{"*":{"nl-NL":{"percent":100,"missing":[]},"de-DE":{"percent":50,"missing":["title"]}}},"hints":["short_description@de-DE"]})");
}
