#include "catalog/measurement_family.h"

#include "rescan.h"
#include "shop.h"

using namespace pf;
using catalog::DescribeMode;
using catalog::ModelKind;
using catalog::Operator;

namespace {

constexpr const char* kPackaging = R"({"labels":{"nl_NL":"Verpakking"},"standard_unit":"EACH","units":[
    {"code":"EACH","symbol":"ea"},
    {"code":"BOX","symbol":"bx","labels":{"en":"Box","nl-NL":"Doos"},"to_standard":[{"operator":"mul","value":"12"}]},
    {"code":"PALLET_80","to_standard":[{"operator":"mul","value":40},{"operator":"mul","value":12}]}]})";

std::string units_faults(const Result<catalog::Described>& done) {
  std::string out;
  if (done.ok()) return "kept";
  for (const auto& fault : done.error().faults) out += (out.empty() ? "" : " ") + fault.field + ":" + fault.code;
  return out;
}

std::string standard_in(test::Shop& shop, const char* amount, const char* unit) {
  return shop.model()->units->in_standard_unit(amount, unit).value_or("none");
}

// One unit of an own family with these steps: its faults.
std::string steps_faults(test::Shop& shop, const std::string& steps) {
  return units_faults(
      shop.describe(ModelKind::measurement_family, "Odd",
                    R"({"standard_unit":"ONE","units":[{"code":"ONE"},{"code":"X","to_standard":[)" + steps + "]}]}"));
}

}  // namespace

TEST_CASE("a shop's own units convert exactly, are found and sorted, and are there after a restart") {
  test::Shop shop;
  REQUIRE(units_faults(shop.describe(ModelKind::measurement_family, "Packaging", kPackaging)) == "kept");
  REQUIRE(units_faults(shop.describe(ModelKind::measurement_family, "Weight",
                                     R"({"units":[{"code":"STONE","symbol":"st",
                                         "to_standard":[{"operator":"mul","value":"14"},
                                                        {"operator":"mul","value":"0.45359237"}]}]})")) == "kept");
  REQUIRE(units_faults(shop.describe(ModelKind::measurement_family, "Temperature",
                                     R"({"units":[{"code":"REAUMUR","symbol":"°Ré",
                                         "to_standard":[{"operator":"div","value":"0.8"},
                                                        {"operator":"add","value":"273.15"}]}]})")) == "kept");
  CHECK(standard_in(shop, "2.5", "BOX") == "30");
  CHECK(standard_in(shop, "0.1", "PALLET_80") == "48");
  CHECK(standard_in(shop, "1", "STONE") == "6.35029318");
  CHECK(standard_in(shop, "80", "REAUMUR") == standard_in(shop, "100", "CELSIUS"));
  const auto units = shop.model()->units;
  CHECK(units->converted("1", "PALLET_80", "bx") == "40");
  CHECK(units->converted("1", "bx", "kg") == std::nullopt);
  CHECK(units->converted("212", "FAHRENHEIT", "REAUMUR") == "80");

  shop.attribute_is("content", R"({"type":"measurement","unit_family":"packaging","unit":"box"})");
  CHECK(shop.model()->attribute("content")->said.unit == "BOX");
  shop.post("A", R"({"title":"A","attributes":{"content":"2 Box"}})");
  shop.post("B", R"({"title":"B","attributes":{"content":"1 PALLET_80"}})");
  shop.post("C", R"({"title":"C","attributes":{"content":{"amount":30,"unit":"ea"}}})");
  CHECK(shop.attribute("A", "content") == R"({"amount":2,"unit":"BOX"})");
  CHECK(shop.attribute("B", "content") == R"({"amount":1,"unit":"PALLET_80"})");
  CHECK(shop.where("attributes.content", Operator::gt, {"2"}) == "B C");
  CHECK(shop.where("attributes.content", Operator::eq, {"24 ea"}) == "A");
  test::index_is_a_rescan(shop);

  catalog::Models again(*shop.store, shop.audit);
  const auto known = again.known(shop.store->read());
  REQUIRE(known.ok());
  CHECK((*known)->units->in_standard_unit("1", "BOX") == "12");
  CHECK((*known)->units->family("Packaging")->labels.front().second == "Verpakking");
}

TEST_CASE("what amounts mean stays while products hold them; what they are called may change") {
  test::Shop shop;
  // Free values come first: what nobody described when it was written is no measurement, and the index keeps to that.
  shop.post("OLD", R"({"title":"Old","attributes":{"pack":{"amount":3,"unit":"BOX"}}})");
  REQUIRE(shop.describe(ModelKind::measurement_family, "Packaging", kPackaging).ok());
  shop.attribute_is("content", R"({"type":"measurement","unit_family":"Packaging"})");
  shop.post("A", R"({"title":"A","attributes":{"content":"2 BOX"}})");
  test::index_is_a_rescan(shop);
  const auto change = [&](const std::string& box, const char* standard = "EACH") {
    return units_faults(
        shop.describe(ModelKind::measurement_family, "Packaging",
                      R"({"standard_unit":")" + std::string(standard) + R"(","units":[{"code":"EACH"},)" + box + "]}"));
  };
  CHECK(change(R"({"code":"BOX","symbol":"box","to_standard":[{"operator":"mul","value":"10"}]})") ==
        "units.BOX:in_use");
  CHECK(change(R"({"code":"CRATE","to_standard":[{"operator":"mul","value":"10"}]})") == "units.BOX:in_use");
  // By other steps to the same factor, with another symbol and without the pallets that nobody has.
  CHECK(change(R"({"code":"BOX","symbol":"box","to_standard":[{"operator":"mul","value":"4"},
                                                             {"operator":"mul","value":"3"}]})") == "kept");
  const auto refused = shop.forget(ModelKind::measurement_family, "Packaging");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("content") != std::string::npos);
  CHECK(units_faults(shop.describe(ModelKind::measurement_family, "Packaging",
                                   R"({"standard_unit":"BOX","units":[{"code":"BOX"},
                                       {"code":"EACH","to_standard":[{"operator":"div","value":"12"}]}]})")) ==
        "standard_unit:in_use");
  // The attribute goes, its values stay, and so does what they stand for.
  REQUIRE(shop.forget(ModelKind::attribute, "content").ok());
  CHECK(shop.forget(ModelKind::measurement_family, "Packaging").error().message.find("1 product has") == 0);
  shop.post("A", R"({"title":"A","attributes":{"content":null}})");
  shop.post("OLD", R"({"title":"Old","attributes":{"pack":{"amount":4,"unit":"BOX"}}})");
  CHECK(shop.where("attributes.pack", Operator::eq, {"48"}) == "OLD");
  shop.post("OLD", R"({"title":"Old","attributes":{"pack":null}})");
  REQUIRE(shop.forget(ModelKind::measurement_family, "Packaging").ok());
  CHECK(shop.model()->units == catalog::built_in_units());
  test::index_is_a_rescan(shop);
}

TEST_CASE("a built-in family takes more units, and nothing that contradicts it") {
  test::Shop shop;
  const auto weight = [&](const char* units, const char* code = "Weight") {
    return units_faults(
        shop.describe(ModelKind::measurement_family, code, R"({"units":[)" + std::string(units) + "]}"));
  };
  CHECK(weight(R"({"code":"GRAM","symbol":"gr","to_standard":[{"operator":"mul","value":"0.01"}]})") ==
        "units[0].symbol:built_in units[0].to_standard:built_in");
  CHECK(weight(R"({"code":"METER","to_standard":[{"operator":"mul","value":"2"}]})") == "units[0].code:taken");
  CHECK(weight(R"({"code":"gram","to_standard":[{"operator":"mul","value":"2"}]})") == "units[0].code:repeated");
  CHECK(weight(R"({"code":"BAG","symbol":"kg","to_standard":[{"operator":"mul","value":"2"}]})") ==
        "units[0].symbol:repeated");
  CHECK(weight("", "weight") == "code:built_in");
  // What is answered can be sent back: of what is built in only the labels are kept.
  REQUIRE(weight(R"({"code":"GRAM","labels":{"nl-NL":"Gram"}},
                    {"code":"BAG","to_standard":[{"operator":"mul","value":"25"}]})") == "kept");
  const auto whole = catalog::described(*shop.model(), ModelKind::measurement_family, "Weight");
  REQUIRE(whole);
  CHECK(whole->value.find("units")->as_array()->size() == 8);
  CHECK_FALSE(shop.describe(ModelKind::measurement_family, "Weight", json::write(whole->value))->changed);
  CHECK(shop.model()->measurement_families.at("Weight")->said.units.size() == 2);
  CHECK(catalog::described(*shop.model(), ModelKind::measurement_family, "Length")->etag.empty());
}

TEST_CASE("units that no amount could be converted by are refused, with their place") {
  test::Shop shop;
  for (const char* steps : {R"({"operator":"mul","value":"0"})", R"({"operator":"div","value":"0.000"})",
                            R"({"operator":"mul","value":-2})", R"({"operator":"pow","value":"2"})",
                            R"({"operator":"mul","value":"NaN"})", R"({"operator":"mul","value":"1e3"})",
                            R"({"operator":"mul","value":"10000000000000000000000000000000000000000"})",
                            R"({"operator":"add","value":"9999999999999999999999999999999"})", ""}) {
    CAPTURE(steps);
    CHECK(steps_faults(shop, steps).starts_with("units[1].to_standard"));
  }
  std::string many;
  for (int i = 0; i < 6; ++i) many += std::string(i > 0 ? "," : "") + R"({"operator":"add","value":"1"})";
  CHECK(steps_faults(shop, many) == "units[1].to_standard:too_many");
  std::string units = R"({"code":"ONE"})";
  for (int i = 0; i < 50; ++i)
    units += R"(,{"code":"U)" + std::to_string(i) + R"(","to_standard":[{"operator":"mul","value":"2"}]})";
  CHECK(units_faults(shop.describe(ModelKind::measurement_family, "Odd",
                                   R"({"standard_unit":"ONE","units":[)" + units + "]}")) == "units:too_many");
  CHECK(units_faults(shop.describe(ModelKind::measurement_family, "9 Lives",
                                   R"({"standard_unit":"NO","units":[{"code":"1","symbol":"5x","labels":{"??":"x"},
                                       "to_standard":[{"operator":"mul","value":"1"}]}]})")) ==
        "code:format standard_unit:unknown units[0].code:format units[0].symbol:format units[0].labels.??:locale");
  CHECK(shop.model()->measurement_families.empty());
}
