#include "catalog/value_rules.h"

#include "catalog/value_texts.h"
#include "shop.h"

using namespace pf;
using catalog::ModelKind;
using catalog::Operator;

namespace {

std::string faults_in(const Error& error) {
  std::string out;
  for (const auto& fault : error.faults) out += (out.empty() ? "" : " ") + fault.field + ":" + fault.code;
  return out;
}

// A shop that described one attribute of each type under the type's name.
struct DescribedShop : test::Shop {
  DescribedShop() {
    REQUIRE(describe(ModelKind::channel, "web", R"({"currencies":["EUR"]})").ok());
    REQUIRE(describe(ModelKind::channel, "print", "{}").ok());
    attribute_is("text", R"({"type":"text","validation":{"length_max":5,"pattern":"[A-Z]+"}})");
    attribute_is("number", R"({"type":"number","validation":{"number_min":1,"number_max":10}})");
    attribute_is("decimal", R"({"type":"decimal","validation":{"decimals_max":2}})");
    attribute_is("yes_no", R"({"type":"yes_no"})");
    attribute_is("date", R"({"type":"date","validation":{"date_min":"2026-01-01"}})");
    attribute_is("choice", R"({"type":"choice","choices":[{"code":"red","labels":{"nl-NL":"Rood"}},{"code":"blue"}]})");
    attribute_is("choices", R"({"type":"choices","choices":[{"code":"red"},{"code":"blue"},{"code":"green"}]})");
    attribute_is("weight", R"({"type":"measurement","unit_family":"Weight","unit":"GRAM",
                               "validation":{"number_max":2000}})");
    attribute_is("price", R"({"type":"price","currencies":["EUR","USD"]})");
    attribute_is("file", R"({"type":"file","validation":{"extensions":[".PDF"]}})");
    attribute_is("link", R"({"type":"link"})");
    attribute_is("table", R"({"type":"table","columns":[{"code":"part","type":"text"},{"code":"n","type":"number"}]})");
    attribute_is("gtin", R"({"type":"identifier","check":"gtin","unique":true})");
    attribute_is("isbn", R"({"type":"identifier","check":"isbn"})");
    attribute_is("slogan", R"({"type":"text","localisable":true})");
    attribute_is("teaser", R"({"type":"text","localisable":true,"per_channel":true})");
  }
  // What is stored of one value; "faults" when it is refused.
  std::string kept(const std::string& name, const std::string& value, const std::string& shown_as = {}) {
    const auto done = write("K", R"({"title":"K","attributes":{")" + name + "\":" + value + "}}");
    if (!done.ok()) return faults_in(done.error());
    return attribute("K", shown_as.empty() ? name : shown_as);
  }
};

}  // namespace

TEST_CASE("values of described attributes are kept in their normal form") {
  DescribedShop shop;
  CHECK(shop.kept("text", R"("ABC")") == R"("ABC")");
  CHECK(shop.kept("number", R"(" 7 ")") == "7");
  CHECK(shop.kept("number", "3.0") == "3");
  CHECK(shop.kept("decimal", R"("12,50")") == "12.5");
  CHECK(shop.kept("yes_no", R"("ja")") == "true");
  CHECK(shop.kept("yes_no", "0") == "false");
  CHECK(shop.kept("date", R"("31-1-2026")") == R"("2026-01-31")");
  CHECK(shop.kept("date", R"("2026-03-04T10:00:00Z")") == R"("2026-03-04")");
  CHECK(shop.kept("choice", R"("ROOD")") == R"("red")");
  CHECK(shop.kept("choices", R"("blue, red,blue")") == R"(["blue","red"])");
  CHECK(shop.kept("weight", R"("1.5 kg")") == R"({"amount":1.5,"unit":"KILOGRAM"})");
  CHECK(shop.kept("weight", "250") == R"({"amount":250,"unit":"GRAM"})");
  CHECK(shop.kept("weight", R"({"amount":"2","unit":"ounce"})") == R"({"amount":2,"unit":"OUNCE"})");
  CHECK(shop.kept("price", R"({"EUR":"19,5","USD":21})", "price-EUR") == "19.50");
  CHECK(shop.attribute("K", "price-USD") == "21.00");
  CHECK(shop.kept("price", R"([{"amount":"5","currency":"EUR"}])", "price-EUR") == "5.00");
  CHECK(shop.kept("price-USD", R"("7")") == "7.00");
  CHECK(shop.kept("file", R"("manuals/a.pdf")") == R"("manuals/a.pdf")");
  CHECK(shop.kept("link", R"(["A","A","B"])") == R"(["A","B"])");
  CHECK(shop.kept("table", R"([{"part":"leg","n":"4"}])") == R"([{"part":"leg","n":4}])");
  CHECK(shop.kept("gtin", R"(" 4006381333931 ")") == R"("4006381333931")");
  CHECK(shop.kept("isbn", R"("0-306-40615-2")") == R"("9780306406157")");
  CHECK(shop.kept("text", R"("")") == "absent");
  CHECK(shop.kept("free", R"({"anything":[1,"x"]})") == R"({"anything":[1,"x"]})");
}

TEST_CASE("what an attribute does not take is refused by name, all of it at once") {
  DescribedShop shop;
  CHECK(shop.kept("text", R"("ABCDEF1")") == "attributes.text:too_long attributes.text:pattern");
  CHECK(shop.kept("number", "1.5") == "attributes.number:number");
  CHECK(shop.kept("number", "11") == "attributes.number:range");
  CHECK(shop.kept("decimal", "1.234") == "attributes.decimal:decimals");
  CHECK(shop.kept("decimal", R"("1,234")") == "attributes.decimal:number");
  CHECK(shop.kept("yes_no", R"("maybe")") == "attributes.yes_no:yes_no");
  CHECK(shop.kept("date", R"("2025-12-31")") == "attributes.date:range");
  CHECK(shop.kept("date", R"("2026-02-30")") == "attributes.date:date");
  CHECK(shop.kept("choice", R"("pink")") == "attributes.choice:choice");
  CHECK(shop.kept("choices", R"(["red","pink"])") == "attributes.choices:choice");
  CHECK(shop.kept("weight", R"("3 kg")") == "attributes.weight:range");
  CHECK(shop.kept("weight", R"("3 stone")") == "attributes.weight:unit");
  CHECK(shop.kept("weight-unit", R"("GRAM")") == "attributes.weight-unit:amount");
  CHECK(shop.kept("price", "5") == "attributes.price:currency");
  CHECK(shop.kept("price-GBP", "5") == "attributes.price-GBP:currency");
  CHECK(shop.kept("price-EUR", "5.005") == "attributes.price-EUR:amount");
  CHECK(shop.kept("file", R"("a.exe")") == "attributes.file:extension");
  CHECK(shop.kept("file", R"("../a.pdf")") == "attributes.file:file");
  CHECK(shop.kept("table", R"([{"part":1,"n":"x","z":1}])") == "attributes.table:table attributes.table:table");
  CHECK(shop.kept("gtin", R"("4006381333932")") == "attributes.gtin:check_digit");
  CHECK(shop.kept("isbn", R"("0306406153")") == "attributes.isbn:check_digit");
  CHECK(shop.kept("teaser", R"("x")") == "attributes.teaser:channel");
  CHECK(shop.kept("teaser", R"({"tv":"x"})") == "attributes.teaser:channel");
  CHECK(shop.kept("teaser-tv", R"("x")") == "attributes.teaser-tv:channel");
  const auto all = shop.refused("K", R"({"ean":"12","attributes":{"number":"x","date":"y"},
                                          "texts":{"nl-NL":{"number":3}}})");
  CHECK(faults_in(all) ==
        "attributes.number:number attributes.date:date texts.nl-NL.number:not_localisable ean:length");
  CHECK(all.message == "4 fields need attention.");
  CHECK_FALSE(shop.there("K"));
}

TEST_CASE("a described language or channel decides where a value stands") {
  DescribedShop shop;
  shop.post("A", R"({"title":"A","attributes":{"slogan":"Good","teaser":{"web":"Now","print":"Soon"}}})", "en");
  shop.post("A", R"({"attributes":{"slogan":"Goed"},"texts":{"nl-NL":{"teaser-web":"Nu"}}})", "nl-NL");
  CHECK(shop.attribute("A", "slogan", "en") == R"("Good")");
  CHECK(shop.attribute("A", "slogan", "nl-NL") == R"("Goed")");
  CHECK(shop.attribute("A", "teaser-web", "nl-NL") == R"("Nu")");
  CHECK(shop.attribute("A", "teaser-print", "nl-NL") == R"("Soon")");
  shop.post("A", R"({"attributes":{"slogan":null}})", "nl-NL");
  CHECK(shop.attribute("A", "slogan", "nl-NL") == R"("Good")");
}

TEST_CASE("a file's unit stands in a column of its own, before or behind the amount") {
  DescribedShop shop;
  shop.post("A", R"({"title":"A","attributes":{"weight-unit":"KILOGRAM","weight":"1.5"}})");
  CHECK(shop.attribute("A", "weight") == R"({"amount":1.5,"unit":"KILOGRAM"})");
  CHECK(shop.attribute("A", "weight-unit") == "absent");
}

TEST_CASE("measurements are found and sorted by conversion") {
  DescribedShop shop;
  shop.post("A", R"({"title":"A","attributes":{"weight":"0.5 kg"}})");
  shop.post("B", R"({"title":"B","attributes":{"weight":400}})");
  shop.post("C", R"({"title":"C","attributes":{"weight":"1 lb"}})");
  CHECK(shop.where("attributes.weight", Operator::gt, {"450"}) == "A C");
  CHECK(shop.where("weight", Operator::gte, {"0.5 kg"}) == "A");
  CHECK(shop.where("weight", Operator::eq, {"500 g"}) == "A");
  catalog::ProductQuery query;
  query.sort = {{"attributes.weight", true}};
  CHECK(shop.listed(query) == "A C B");
}

TEST_CASE("no two products have the same value of what is unique") {
  DescribedShop shop;
  shop.attribute_is("ean", R"({"type":"identifier","check":"gtin","unique":true})");
  shop.post("A", R"({"title":"A","ean":"4006381333931","attributes":{"gtin":"4006381333931"}})");
  shop.post("A", R"({"title":"A again","attributes":{"gtin":"4006381333931"}})");
  const auto taken = shop.refused("B", R"({"title":"B","ean":"4006381333931","attributes":{"gtin":"4006381333931"}})");
  CHECK(faults_in(taken) == "ean:taken attributes.gtin:taken");
  CHECK(taken.faults[0].message.find("\"A\"") != std::string::npos);
  // Within one unit of work too.
  std::vector<catalog::ProductRow> rows(2);
  for (std::size_t i = 0; i < 2; ++i) {
    rows[i].sku = test::Shop::sku("R-" + std::to_string(i));
    rows[i].change.attributes = {{"gtin", "4012345678901"}};
  }
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_LET(const auto done, shop.products.upsert_many(work, rows, {}));
                CHECK(done[0].outcome == catalog::Outcome::created);
                REQUIRE_FALSE(done[1].outcome);
                CHECK(faults_in(done[1].error) == "attributes.gtin:taken");
                return {};
              })
              .ok());
  REQUIRE(shop.remove("A").ok());
  CHECK(shop.write("B", R"({"title":"B","ean":"4006381333931"})").ok());
}

TEST_CASE("a batch checks as one write does, and finds unchanged what comes as the file has it") {
  DescribedShop shop;
  std::vector<catalog::ProductRow> rows(3);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].sku = test::Shop::sku("R-" + std::to_string(i));
    rows[i].change.title = "R";
    rows[i].change.attributes = {{"weight", "500"}, {"weight-unit", "GRAM"}, {"choices", "red,blue"}, {"yes_no", "1"}};
  }
  rows[1].change.attributes[0].second = "much";
  const auto run = [&] {
    std::vector<catalog::RowOutcome> out;
    REQUIRE(shop.store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(out, shop.products.upsert_many(work, rows, {}));
                  return {};
                })
                .ok());
    return out;
  };
  const auto first = run();
  CHECK(first[0].outcome == catalog::Outcome::created);
  CHECK(faults_in(first[1].error) == "attributes.weight:number");
  CHECK(first[2].outcome == catalog::Outcome::created);
  const auto second = run();
  CHECK(second[0].outcome == catalog::Outcome::unchanged);
  CHECK(second[2].outcome == catalog::Outcome::unchanged);
  CHECK(shop.get("R-0").find("version")->as_int() == 1);
}

TEST_CASE("values that were there before somebody described them stay until they are written") {
  test::Shop shop;
  shop.post("A", R"({"title":"A","attributes":{"weight":"heavy","color":"pink"}})");
  shop.attribute_is("weight", R"({"type":"measurement","unit_family":"Weight"})");
  shop.post("A", R"({"attributes":{"color":"red"}})");
  CHECK(shop.attribute("A", "weight") == R"("heavy")");
  CHECK(faults_in(shop.refused("A", R"({"attributes":{"weight":"heavy"}})")) == "attributes.weight:number");
}

TEST_CASE("days and numbers as people write them") {
  CHECK(catalog::iso_date("2026-1-2") == "2026-01-02");
  CHECK(catalog::iso_date("31/12/2026") == "2026-12-31");
  CHECK(catalog::iso_date("5/5/2026") == "2026-05-05");
  for (const char* bad : {"", "01/02/2026", "2026-13-01", "26-01-31", "tomorrow", "2026-01", "1.2.3.4"}) {
    CAPTURE(bad);
    CHECK_FALSE(catalog::iso_date(bad));
  }
  CHECK(catalog::plain_number("+1,5") == "1.5");
  CHECK(catalog::plain_number("-0.10") == "-0.1");
  CHECK(catalog::plain_number("1e2") == "100");
  for (const char* bad : {"", "1,234", "1.234,5", "1,2,3", "--1", "0x10", "1e400", "NaN"}) {
    CAPTURE(bad);
    CHECK_FALSE(catalog::plain_number(bad));
  }
}
