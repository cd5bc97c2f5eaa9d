#include "exchange/mapping.h"

#include "reference_csv.h"
#include "shop.h"
#include "support/whole.h"

using namespace pf;
using namespace pf::test;
using catalog::ModelKind;

namespace {

json::Value said_of(ImportShop& shop, ModelKind kind, const std::string& code) {
  const auto model = shop.products->models().known(shop.store->read());
  REQUIRE(model.ok());
  const auto found = catalog::described(**model, kind, code);
  REQUIRE_MESSAGE(found.has_value(), code);
  return found->value;
}
std::string member(const json::Value& value, const char* name) {
  return json::write(*value.find(name));
}

const std::string kAttributes =
    "code;label-en_US;label-nl_NL;type;group;localizable;scopable;unique;decimals_allowed;default_metric_unit;"
    "metric_family;negative_allowed;number_max;max_characters;allowed_extensions;validation_rule;validation_regexp;"
    "wysiwyg_enabled;sort_order\n"
    "name;Name;Naam;pim_catalog_text;marketing;1;0;0;;;;;;40;;regexp;/^[A-Z].*$/;;2\n"
    "description;;;pim_catalog_textarea;marketing;1;1;0;;;;;;;;;;1;3\n"
    "weight;Weight;;pim_catalog_metric;technical;0;0;0;1;GRAM;Weight;0;;;;;;;\n"
    "color;Colour;;pim_catalog_simpleselect;look;0;0;0;;;;;;;;;;;\n"
    "video;;;pim_catalog_video;look;0;0;0;;;;;;;;;;;\n"
    "height;;;pim_catalog_metric;technical;0;0;0;1;FURLONG;Length;;;;;;;;\n";

}  // namespace

TEST_CASE("Akeneo's attributes, options, families and categories describe the catalogue") {
  ImportShop shop;
  const Done attributes = shop.import(kAttributes);
  CHECK(attributes.format == "akeneo attributes");
  CHECK(attributes.adds_up());
  CHECK_MESSAGE(attributes.counts.created == 4, attributes);
  CHECK(attributes.refusals() ==
        "6: type unknown is no type of Akeneo's that is known here;\n"
        "7: unit unknown A unit of Length is one of METER, MICROMETER, MILLIMETER, CENTIMETER, DECIMETER, KILOMETER, "
        "INCH, FEET, YARD, MILE.;\n");
  const auto name = said_of(shop, ModelKind::attribute, "name");
  CHECK(member(name, "labels") == R"({"en-US":"Name","nl-NL":"Naam"})");
  CHECK(member(name, "localisable") == "true");
  CHECK(member(*name.find("validation"), "length_max") == "40");
  CHECK(member(*name.find("validation"), "pattern") == R"("[A-Z].*")");
  CHECK(member(said_of(shop, ModelKind::attribute, "description"), "type") == R"("rich_text")");
  CHECK(member(*said_of(shop, ModelKind::attribute, "weight").find("validation"), "number_min") == "0");
  CHECK(shop.import(kAttributes).counts.unchanged == 4);

  const Done options =
      shop.import("code;label-en_US;attribute;sort_order\nred;Red;color;2\nblue;Blue;color;1\nred;Red;nothing;1\n");
  CHECK(options.format == "akeneo options");
  CHECK_MESSAGE(options.counts.changed == 2, options);
  CHECK(options.refusals() == "4: attribute unknown There is no attribute nothing; import its own file first.;\n");
  CHECK(member(said_of(shop, ModelKind::attribute, "color"), "choices") ==
        R"([{"code":"blue","labels":{"en-US":"Blue"}},{"code":"red","labels":{"en-US":"Red"}}])");

  CHECK(shop.import("code;label-en_US;locales;currencies;tree\nweb;Web;en_US,nl_NL;EUR;master\n").counts.created == 1);
  CHECK(shop.import("code;sort_order;label-en_US\nmarketing;1;Marketing\n").format == "akeneo attribute groups");
  const Done families = shop.import(
      "code;label-en_US;attributes;attribute_as_label;attribute_as_image;requirements-web\n"
      "mugs;Mugs;sku,name,color,weight;name;;sku,name,color\n"
      "cups;Cups;sku,shape;;;sku\n");
  CHECK(families.format == "akeneo families");
  CHECK(families.counts.created == 1);
  CHECK(families.refusals().find("3: attributes[1].code unknown") == 0);
  CHECK(
      member(said_of(shop, ModelKind::family, "mugs"), "attributes") ==
      R"([{"code":"sku","required":["web"]},{"code":"name","required":["web"]},{"code":"color","required":["web"]},{"code":"weight","required":[]}])");
  const Done variants = shop.import(
      "code;family;label-en_US;variant-axes_1;variant-axes_2;variant-attributes_1;variant-attributes_2\n"
      "mugs_color;mugs;;color;;sku;\nmugs_other;mugs;;color;weight;sku;\n");
  CHECK(variants.counts.changed == 2);  // the second is kept for the way back alone
  CHECK(variants.told("notice").find("3: ") == 0);
  CHECK(member(said_of(shop, ModelKind::family, "mugs"), "axes") == R"([["color"]])");

  // A parent may stand further down; one that is nowhere is told.
  const Done categories =
      shop.import("code;parent;label-en_US\nbags;goods;Bags\ngoods;master;Goods\nmaster;;All\nlost;nowhere;Lost\n");
  CHECK(categories.counts.created == 3);
  CHECK(categories.refusals() == "5: parent unknown names a parent that is neither described nor in the file;\n");
  CHECK(member(said_of(shop, ModelKind::category, "bags"), "parent") == R"("goods")");

  const Done products = shop.import(
      "sku;family;groups;categories;color;weight;weight-unit;name-en_US;name-nl_NL\n"
      "M-1;mugs;;bags;red;500;GRAM;Mug;Mok\nM-2;mugs;;bags;pink;a lot;GRAM;mug;\n");
  CHECK(products.counts.created == 1);
  CHECK(products.refusals().find("attributes.color choice") != std::string::npos);
  CHECK(products.refusals().find("attributes.weight number") != std::string::npos);
  CHECK(products.refusals().find("texts.en-US.name pattern") != std::string::npos);
  const auto mug = shop.product("M-1");
  CHECK(member(*mug.find("attributes"), "weight") == R"({"amount":500,"unit":"GRAM"})");
  CHECK(member(*mug.find("completeness"), "percent") == "100");
}

TEST_CASE(
    "Akeneo's kinds of associations are described; a file that does not say whether they go both ways leaves it") {
  ImportShop shop;
  const Done done = shop.import("code;label-en_US;is_two_way;is_quantified\nFITS;Fits;1;0\nSET;Set;0;1\n");
  CHECK(done.format == "akeneo association types");
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(json::write(said_of(shop, ModelKind::association_type, "SET")) ==
        R"({"code":"SET","labels":{"en-US":"Set"},"two_way":false,"quantified":true,"parts":false})");
  CHECK(shop.import("code;label-en_US;label-fr_FR\nFITS;Goes with;Va avec\n").counts.changed == 1);
  CHECK(member(said_of(shop, ModelKind::association_type, "FITS"), "two_way") == "true");
  const auto path = shared_data() / "akeneo" / "icecat_demo_dev" / "association_types.csv";
  if (skipped_without(path)) return;
  CHECK(shop.import(content_of(path)).counts.created == 4);
}

TEST_CASE("a trial of describing files says what would happen, and keeps nothing") {
  ImportShop shop;
  const Done trial = shop.import("code;parent;label-en_US\nbags;master;Bags\nmaster;;All\n", {.dry_run = true});
  CHECK(trial.counts.created == 2);
  CHECK(shop.products->models().known(shop.store->read()).value()->version == 0);
  CHECK(shop.import("sku,stock\nA,1\n", {.kind = "model"}).failure.find("holds stock") != std::string::npos);
}

TEST_CASE("the whole Akeneo demo catalogue describes itself, and its products are taken by their own rules" *
          test::whole) {
  const auto folder = shared_data() / "akeneo" / "icecat_demo_dev";
  if (skipped_without(folder)) return;
  ImportShop shop;
  const auto import = [&](const char* file) { return shop.import(content_of(folder / (std::string(file) + ".csv"))); };
  for (const char* file :
       {"channels", "attribute_groups", "attributes", "attribute_options", "categories", "families"}) {
    const Done done = import(file);
    CHECK_MESSAGE(done.counts.refused == 0, file, ": ", done);
    CHECK_MESSAGE(done.failure.empty(), file, ": ", done.failure);
    CHECK(done.adds_up());
  }
  const auto model = *shop.products->models().known(shop.store->read());
  const auto attributes = reference_csv(content_of(folder / "attributes.csv"), ';');
  CHECK(model->attributes.size() == attributes.size() - 1);
  CHECK(model->families.size() == reference_csv(content_of(folder / "families.csv"), ';').size() - 1);
  CHECK(model->categories.size() == reference_csv(content_of(folder / "categories.csv"), ';').size() - 1);
  std::size_t choices = 0;
  for (const auto& [code, known] : model->attributes) choices += known->said.choices.size();
  CHECK(choices == reference_csv(content_of(folder / "attribute_options.csv"), ';').size() - 1);
  CHECK(import("family_variants").counts.refused == 0);
  for (const char* file : {"product_models", "products"}) {
    const Done done = import(file);
    CHECK_MESSAGE(done.counts.refused == 0, file, ": ", done);
  }
  CHECK(import("products").counts.changed == 0);
}

TEST_CASE("Akeneo's families of units come as JSON, and what is built in here stays as it is") {
  ImportShop shop;
  constexpr std::string_view kFamilies = R"([
    {"code":"Pressure","labels":{"en_US":"Pressure","fr_FR":null},"standard_unit_code":"BAR","units":{
      "BAR":{"code":"BAR","labels":{"nl_NL":"Bar"},"convert_from_standard":[{"operator":"mul","value":"1"}],"symbol":"Bar"},
      "PSI":{"code":"PSI","labels":[],"convert_from_standard":[{"operator":"mul","value":"0.068947572932"}],"symbol":"PSI"},
      "TORR":{"code":"TORR","labels":[],"convert_from_standard":[{"operator":"mul","value":"0.00133322"}],"symbol":"Torr"},
      "MINUTE":{"code":"MINUTE","labels":[],"convert_from_standard":[{"operator":"mul","value":"2"}],"symbol":"m"}}},
    {"code":"Binary","labels":[],"standard_unit_code":"BYTE","units":{
      "BYTE":{"code":"BYTE","labels":[],"convert_from_standard":[{"operator":"mul","value":"1"}],"symbol":"B"},
      "KILOBYTE":{"code":"KILOBYTE","labels":[],"convert_from_standard":[{"operator":"mul","value":"1024"}],"symbol":"kB"}}},
    {"code":"packaging","labels":{"en_US":"Packaging"},"standard_unit_code":"each","units":{
      "each":{"code":"each","labels":[],"convert_from_standard":[{"operator":"mul","value":"1"}],"symbol":""},
      "box":{"code":"box","labels":[],"convert_from_standard":[{"operator":"mul","value":"12"}],"symbol":"bx"}}},
    {"code":"broken","labels":[],"standard_unit_code":"a","units":{
      "a":{"code":"a","convert_from_standard":[{"operator":"mul","value":"0"}]}}}])";
  const Done done = shop.import(kFamilies, {.kind = "model"});
  CHECK(done.format == "measurement families");
  CHECK_MESSAGE((done.failure.empty() && done.counts.created == 3 && done.counts.refused == 1), done);
  const std::string told = done.told("notice");
  CHECK_MESSAGE(told.find("MINUTE belongs to Duration") != std::string::npos, told);
  CHECK(told.find("KILOBYTE is built in as 1000 BYTE") != std::string::npos);
  CHECK(told.find("PSI") == std::string::npos);
  const auto units = (*shop.products->models().known(shop.store->read()))->units;
  CHECK(units->in_standard_unit("1", "TORR") == "133.322");
  CHECK(units->in_standard_unit("1", "KILOBYTE") == "1000");
  CHECK(units->in_standard_unit("2", "box") == "24");
  CHECK(member(said_of(shop, ModelKind::measurement_family, "Pressure"), "standard_unit") == "\"PASCAL\"");
  CHECK(shop.import(kFamilies).counts.unchanged == 3);
  // As we answer it ourselves; and a mapping converts by it.
  const std::string own = json::write(said_of(shop, ModelKind::measurement_family, "packaging"));
  CHECK(shop.import(own).counts.unchanged == 1);
  auto mapping = exchange::parse_mapping(
      R"json({"columns":[{"column":"sku","to":"sku"},{"column":"n","to":"pieces","as":"convert(value, 'bx', 'each')"}]})json");
  REQUIRE(mapping.ok());
  exchange::ImportOptions mapped;
  mapped.mapping = std::make_shared<const exchange::Mapping>(*std::move(mapping));
  CHECK(shop.import("sku,n\nA,3\n", mapped).counts.created == 1);
  CHECK(shop.attribute("A", "pieces") == "36");
}

TEST_CASE("Google's taxonomy becomes categories, as paths with and without numbers and as a drawn tree") {
  const std::string paths[] = {
      "# Google_Product_Taxonomy_Version: 2021-09-21\n"
      "1 - Animals & Pet Supplies\n"
      "3237 - Animals & Pet Supplies > Live Animals\n"
      "412 - Food, Beverages & \"Tobacco\"\n"
      "5740 - Food, Beverages & \"Tobacco\" > Mints\n",
      "# Google_Product_Taxonomy_Version: 2021-09-21\r\n"
      "Animals & Pet Supplies\r\n"
      "Animals & Pet Supplies > Live Animals\r\n"
      "Food, Beverages & \"Tobacco\"\r\n"
      "Food, Beverages & \"Tobacco\" > Mints\r\n",
      "# Google Product Taxonomy with Nested Set Model\n"
      "# Generated on: 2025-08-16\n"
      "\n"
      "   1 | [   1-   4] | Animals & Pet Supplies\n"
      "     2 | [   2-   3] | Live Animals\n"
      " 150 | [ 299- 302] | Food, Beverages & \"Tobacco\"\n"
      "   151 | [ 300- 301] | Mints\n"};
  for (const std::string& file : paths) {
    CAPTURE(file);
    ImportShop shop;
    const Done done = shop.import(file);
    CHECK(done.format == "google taxonomy");
    CHECK(done.adds_up());
    CHECK_MESSAGE(done.counts.created == 4, done);
    CHECK(done.counts.refused == 0);
    CHECK(member(said_of(shop, ModelKind::category, "Animals & Pet Supplies/Live Animals"), "position") == "1");
    CHECK(member(said_of(shop, ModelKind::category, "Food, Beverages & \"Tobacco\"/Mints"), "position") == "3");
    CHECK(shop.import(file).counts.changed == 0);
  }
}

TEST_CASE("A taxonomy's line that no category can be is refused by itself") {
  ImportShop shop;
  const Done done =
      shop.import("# Google_Product_Taxonomy_Version: 2021-09-21\nA\nA > \nA > " + std::string(600, 'b') + "\nA > C\n");
  CHECK(done.adds_up());
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK_MESSAGE(done.counts.refused == 2, done);
  CHECK(done.refusals().find("3: ") != std::string::npos);
  CHECK(done.refusals().find("empty level") != std::string::npos);
}
