#include "catalog/model.h"

#include <set>
#include "catalog/measurement.h"

#include "shop.h"

using namespace pf;
using catalog::DescribeMode;
using catalog::ModelKind;

namespace {

std::string fields_of(const Error& error) {
  std::string out;
  for (const auto& fault : error.faults) out += (out.empty() ? "" : " ") + fault.field + ":" + fault.code;
  return out;
}

}  // namespace

TEST_CASE("an attribute is described, changed, shown and forgotten, each with its entry in the log") {
  test::Shop shop;
  const auto made = shop.describe(ModelKind::attribute, "color",
                                  R"({"type":"choice","labels":{"nl_NL":"Kleur","en":"Colour"},
                                      "choices":[{"code":"red","labels":{"en":"Red"}},{"code":"blue"}]})");
  REQUIRE_MESSAGE(made.ok(), made.error().message);
  CHECK(made->created);
  CHECK(*made->value.find("labels")->find("nl-NL")->as_string() == "Kleur");
  const auto same = shop.describe(ModelKind::attribute, "color", json::write(made->value));
  CHECK_FALSE(same->changed);
  CHECK(same->etag == made->etag);
  const auto patched = shop.describe(ModelKind::attribute, "color", R"({"labels":{"en":null},"group":"look"})",
                                     DescribeMode::patch, made->etag);
  REQUIRE(patched.ok());
  CHECK(json::write(*patched->value.find("labels")) == R"({"nl-NL":"Kleur"})");
  CHECK(patched->value.find("choices")->as_array()->size() == 2);
  const auto stale = shop.describe(ModelKind::attribute, "color", "{}", DescribeMode::patch, made->etag);
  REQUIRE_FALSE(stale.ok());
  CHECK(stale.error().code == ErrorCode::conflict);
  CHECK(fields_of(stale.error()) == "If-Match:stale");
  REQUIRE(shop.forget(ModelKind::attribute, "color").ok());
  CHECK(shop.model()->attribute("color") == nullptr);
  CHECK(shop.forget(ModelKind::attribute, "color").error().code == ErrorCode::not_found);
  const auto log = shop.audit.page(shop.store->read(), 0, 10);
  REQUIRE(log.ok());
  REQUIRE(log->size() == 3);
  CHECK(log->at(0).action == "attribute.delete");
  CHECK(log->at(2).object == "attribute:color");
}

TEST_CASE("every fault of a description is told at once, with its place") {
  test::Shop shop;
  const auto faults = [&](const char* code, const char* body) {
    const auto refused = shop.describe(ModelKind::attribute, code, body);
    REQUIRE_FALSE(refused.ok());
    return fields_of(refused.error());
  };
  CHECK(faults("a@b", R"({"type":"colour"})") == "code:characters type:unknown");
  CHECK(faults("a", R"({"type":"text","labels":{"??":"x"},"validation":{"pattern":"(","length_min":3,"length_max":2},
                        "choices":[{"code":"x"}],"unit":"GRAM"})") ==
        "labels.??:locale validation.length_min:order validation.pattern:pattern choices:not_for_type "
        "unit:not_for_type");
  CHECK(faults("a", R"({"type":"choice","choices":[{"code":"x"},{"code":"x"},{"code":""}]})") ==
        "choices[1].code:repeated choices[2].code:required");
  CHECK(faults("a", R"({"type":"measurement","unit_family":"Weight","unit":"METER"})") == "unit:unknown");
  CHECK(faults("a", R"({"type":"measurement"})") == "unit_family:unknown");
  CHECK(faults("a", R"({"type":"table","columns":[{"code":"c","type":"colour"}]})") == "columns[0].type:unknown");
  CHECK(faults("a", R"({"type":"date","validation":{"date_min":"2026-02-30"},"unique":true,"localisable":true})") ==
        "validation.date_min:date unique:not_for_type");
  CHECK(faults("a", R"({"colour":1,"code":"b"})") == "code:differs");
  CHECK(faults("a", R"({"colour":1})") == "colour:unknown");
  CHECK(faults("a", R"({"type":"price","currencies":["Euro"]})") == "currencies[0]:currency");
  CHECK(shop.model()->version == 0);
}

TEST_CASE("a family has the attributes of those above it, and names what is there") {
  test::Shop shop;
  shop.attribute_is("color", R"({"type":"choice"})");
  shop.attribute_is("size", R"({"type":"choice"})");
  shop.attribute_is("text", R"({"localisable":true})");
  const auto put = [&](const char* code, const char* body) { return shop.describe(ModelKind::family, code, body); };
  REQUIRE(shop.describe(ModelKind::channel, "webshop", R"({"locales":["nl-NL"]})").ok());
  REQUIRE(put("goods", R"({"attributes":[{"code":"title","required":["*"]},{"code":"color"}]})").ok());
  REQUIRE(put("shirts", R"({"parent":"goods","labels":{"en":"Shirts"},
      "attributes":[{"code":"size","required":["webshop"]},{"code":"color","required":["*"]}],
      "axes":[["color"],["size"]]})")
              .ok());
  const auto* shirts = shop.model()->family("shirts");
  REQUIRE(shirts != nullptr);
  REQUIRE(shirts->attributes.size() == 3);
  CHECK(shirts->attributes[0].code == "title");
  CHECK(shirts->attributes[1].code == "color");
  CHECK(shirts->attributes[1].required == std::vector<std::string>{"*"});
  CHECK(shirts->axes.size() == 2);
  CHECK(fields_of(put("goods", R"({"parent":"shirts"})").error()) == "parent:circle");
  CHECK(fields_of(put("x", R"({"parent":"none","attributes":[{"code":"weight","required":["bol"]}],
      "axes":[["text"],["size","size"],[],["color"]]})")
                      .error()) ==
        "axes:too_many axes[1][1]:repeated axes[2]:required parent:unknown attributes[0].code:unknown "
        "attributes[0].required:unknown axes[0][0]:not_of_family axes[1][0]:not_of_family "
        "axes[1][1]:not_of_family axes[3][0]:not_of_family");
  // What a family names cannot go from under it.
  CHECK(shop.forget(ModelKind::attribute, "size").error().code == ErrorCode::conflict);
  CHECK(shop.forget(ModelKind::family, "goods").error().code == ErrorCode::conflict);
  CHECK(shop.forget(ModelKind::channel, "webshop").error().code == ErrorCode::conflict);
  REQUIRE(shop.forget(ModelKind::family, "shirts").ok());
  CHECK(shop.forget(ModelKind::family, "goods").ok());
}

TEST_CASE("categories stand below one another by path or by name, and a question for one means all below") {
  test::Shop shop;
  const auto put = [&](const char* path, const char* body) { return shop.describe(ModelKind::category, path, body); };
  REQUIRE(put("master", R"({"labels":{"en":"All"}})").ok());
  REQUIRE(put("bags", R"({"parent":"master","position":2})").ok());
  REQUIRE(put("clothing/shirts", R"({"labels":{"nl-NL":"Hemden"}})").ok());
  CHECK(fields_of(put("master", R"({"parent":"bags"})").error()) == "parent:circle");
  CHECK(fields_of(put("a//b", "{}").error()).starts_with("categories"));
  CHECK(fields_of(put("x", R"({"parent":"nowhere"})").error()) == "parent:unknown");
  shop.post("A", R"({"title":"Bag","categories":["bags"]})");
  shop.post("B", R"({"title":"Shirt","categories":["clothing/shirts"]})");
  using catalog::Operator;
  CHECK(shop.where("category", Operator::eq, {"master"}) == "A");
  CHECK(shop.where("category", Operator::neq, {"master"}) == "B");
  CHECK(shop.where("category", Operator::eq, {"clothing"}) == "B");
  CHECK(shop.forget(ModelKind::category, "master").error().code == ErrorCode::conflict);
}

TEST_CASE("a model is read again after a restart, and an older read keeps its own") {
  test::Shop shop;
  const auto before = shop.store->read();
  shop.attribute_is("weight", R"({"type":"measurement","unit_family":"weight","unit":"gram"})");
  const auto now = shop.model();
  CHECK(now->attribute("weight")->said.unit == "GRAM");
  const auto then = shop.products.models().known(before);
  REQUIRE(then.ok());
  CHECK((*then)->version == 0);
  CHECK((*then)->attribute("weight") == nullptr);
  CHECK(shop.model() == now);  // the older read did not take its place
  catalog::Models again(*shop.store, shop.audit);
  const auto known = again.known(shop.store->read());
  REQUIRE(known.ok());
  CHECK((*known)->attribute("weight")->said.unit_family == "Weight");
  // What a failed unit of work described was never there.
  const auto kept = shop.store->write([&](storage::Write& work) -> Result<> {
    PF_TRY(shop.products.models().describe(work, access::system_actor(), ModelKind::attribute, "size",
                                           test::parsed("{}"), DescribeMode::put));
    PF_LET(const auto inside, shop.products.models().known(work));
    CHECK(inside->attribute("size") != nullptr);
    return error(ErrorCode::conflict, "no");
  });
  CHECK_FALSE(kept.ok());
  CHECK(shop.model()->attribute("size") == nullptr);
}

TEST_CASE("the name of a cell tells its attribute, channel, currency and unit") {
  test::Shop shop;
  shop.attribute_is("weight", R"({"type":"measurement","unit_family":"Weight"})");
  shop.attribute_is("price", R"({"type":"price"})");
  shop.attribute_is("text", R"({"per_channel":true})");
  shop.attribute_is("fee", R"({"type":"price","per_channel":true})");
  shop.attribute_is("pre-order", R"({"type":"yes_no"})");
  REQUIRE(shop.describe(ModelKind::channel, "web", "{}").ok());
  CHECK(fields_of(shop.describe(ModelKind::channel, "EUR", "{}").error()) == "code:reserved");
  CHECK(fields_of(shop.describe(ModelKind::channel, "a-b", "{}").error()) == "code:characters");
  const auto model = shop.model();
  const auto code = [&](const char* name) {
    const auto cell = model->cell(name);
    if (cell.attribute == nullptr) return std::string("free");
    return cell.attribute->said.code + "/" + std::string(cell.channel) + "/" + std::string(cell.currency) +
           (cell.is_unit ? "/unit" : "");
  };
  CHECK(code("weight") == "weight//");
  CHECK(code("weight-unit") == "weight///unit");
  CHECK(code("price-EUR") == "price//EUR");
  CHECK(code("text-web") == "text/web/");
  CHECK(code("fee-web-EUR") == "fee/web/EUR");
  CHECK(code("pre-order") == "pre-order//");
  for (const char* name : {"price-web", "text-print", "weight-EUR", "fee-print-EUR", "-EUR", "x", "text-"}) {
    CAPTURE(name);
    CHECK(code(name) == "free");
  }
}

TEST_CASE("units: every family converts, and no unit is in two of them") {
  std::set<std::string_view> seen;
  for (const auto& family : catalog::built_in_units()->families()) {
    CHECK(family.units.front().times == 1);
    CHECK(family.units.front().plus == 0);
    for (const auto& unit : family.units) {
      CAPTURE(unit.code);
      CHECK(seen.insert(unit.code).second);
      CHECK(catalog::built_in_units()->in_standard_unit("1", unit.code).has_value());
    }
  }
  const auto standard = [](const char* amount, const char* unit) {
    return catalog::built_in_units()->in_standard_unit(amount, unit).value_or("none");
  };
  CHECK(standard("500", "GRAM") == "0.5");
  CHECK(standard("1", "POUND") == "0.45359237");
  CHECK(standard("2.54", "CENTIMETER") == standard("1", "INCH"));
  CHECK(standard("212", "FAHRENHEIT") == standard("100", "CELSIUS"));
  CHECK(standard("x", "GRAM") == "none");
  CHECK(standard("1", "STONE") == "none");
}
