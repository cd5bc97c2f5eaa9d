#include "reference_csv.h"
#include "shop.h"
#include "support/whole.h"

using namespace pf;
using namespace pf::test;

namespace {

// Where a column's cells are to be found, by the rules of Akeneo's documentation and not by our code: name, then
// locale, channel or currency. Locales of these files are de_DE, en_US and fr_FR.
struct Place {
  std::string attribute, locale;
};
Place place_of(const std::string& column) {
  for (const auto& [akeneo, ours] : {std::pair{"-de_DE", "de-DE"}, {"-en_US", "en-US"}, {"-fr_FR", "fr-FR"}})
    if (const auto at = column.find(akeneo); at != std::string::npos)
      return {column.substr(0, at) + column.substr(at + 6), ours};
  return {column, ""};
}

// Compares every cell of the file with what the shop answers; returns the number of cells that were compared.
std::size_t compare_cells(ImportShop& shop, const std::vector<std::vector<std::string>>& file) {
  const auto& header = file[0];
  std::size_t compared = 0, wrong = 0;
  const auto equal = [&](const std::string& sku, const std::string& column, const std::string& is,
                         const std::string& wanted) {
    ++compared;
    if (is == wanted) return;
    if (++wrong <= 20) MESSAGE(sku, " ", column, " is \"", is, "\", the file has \"", wanted, "\"");
  };
  for (std::size_t r = 1; r < file.size(); ++r) {
    const std::string sku = file[r][0];
    const json::Value product = shop.product(sku), texts = shop.texts(sku);
    const json::Value& attributes = *product.find("attributes");
    for (std::size_t c = 1; c < header.size(); ++c) {
      const std::string& column = header[c];
      const std::string wanted = c < file[r].size() ? file[r][c] : "";
      if (column == "family" || column == "parent") {
        equal(sku, column, ImportShop::text(product, column), wanted);
      } else if (column == "enabled") {
        equal(sku, column, ImportShop::text(product, "enabled"), wanted == "1" ? "true" : "false");
      } else if (column == "categories") {
        std::string all;
        for (const json::Value& one : *product.find("categories")->as_array())
          all += (all.empty() ? "" : ",") + *one.as_string();
        equal(sku, column, all, wanted);
      } else if (const Place place = place_of(column); place.locale.empty()) {
        equal(sku, column, ImportShop::text(attributes, place.attribute), wanted);
      } else {
        const json::Value* of_locale = texts.find(place.locale);
        equal(sku, column, of_locale == nullptr ? "" : ImportShop::text(*of_locale, place.attribute), wanted);
      }
    }
  }
  CHECK_MESSAGE(wrong == 0, wrong, " of ", compared, " cells differ");
  return compared;
}

}  // namespace

TEST_CASE("akeneo: the demo catalogue of 1,239 products comes out cell by cell as it went in" * test::whole) {
  const auto path = shared_data() / "akeneo" / "icecat_demo_dev" / "products.csv";
  if (skipped_without(path)) return;
  const std::string bytes = content_of(path);
  const auto file = reference_csv(bytes, ';');
  REQUIRE(file.size() == 1'240);
  REQUIRE(file[0].size() == 111);

  ImportShop shop;
  // Its 240 variants name models that come in a file of their own; 18 of them in other letters' case.
  const auto models = shop.import(content_of(path.parent_path() / "product_models.csv"));
  CHECK_MESSAGE(models.format == "akeneo product models", models);
  CHECK_MESSAGE(models.counts.created == 81, models);
  const Done done = shop.import(bytes);
  CHECK_MESSAGE(done.format == "akeneo products", done);
  CHECK_MESSAGE(done.counts.rows == 1'239, done);
  CHECK_MESSAGE(done.counts.created == 1'239, done);
  CHECK(done.adds_up());
  CHECK(compare_cells(shop, file) == 1'239 * 110);
  CHECK(compare_cells(shop, reference_csv(content_of(path.parent_path() / "product_models.csv"), ';')) == 81 * 51);

  SUBCASE("and a seller finds them by title, in the shop's three languages") {
    CHECK(shop.field("1111111171", "title") == "Bag");
    const auto languages = shop.products->languages(shop.store->read());
    CHECK(languages->locales.size() == 3);
    CHECK(languages->standard() == "en-US");
    CHECK(shop.attribute("1111111171", "ean") == "1234567890183");  // its check digit is wrong
    CHECK(shop.field("1111111171", "description").empty());
    CHECK(shop.text(shop.product("13871461", "en-US"), "description").starts_with("<b>Streamlined Reliability</b>"));
  }
  SUBCASE("and sending it again changes nothing") {
    const Done again = shop.import(bytes);
    CHECK_MESSAGE(again.counts.unchanged == 1'239, again);
    CHECK(shop.import(content_of(path.parent_path() / "product_models.csv")).counts.unchanged == 81);
  }
}

TEST_CASE("akeneo: variants in two levels and their models come out as they went in, whichever file comes first") {
  const auto folder = shared_data() / "akeneo" / "catalog_modeling";
  if (skipped_without(folder)) return;
  const std::string products = content_of(folder / "products.csv"), models = content_of(folder / "product_models.csv");
  ImportShop shop;
  bool models_first = false;
  SUBCASE("models first") {
    models_first = true;
  }
  SUBCASE("products first") {}
  const Done first = shop.import(models_first ? models : products);
  const Done second = shop.import(models_first ? products : models);
  CHECK_MESSAGE(first.counts.created + second.counts.created == 242 + 80, first, second);
  CHECK(shop.import(products).counts.unchanged == 242);
  CHECK(compare_cells(shop, reference_csv(models, ';')) == 80 * 18);
  CHECK(compare_cells(shop, reference_csv(products, ';')) == 242 * 14);
}

TEST_CASE(
    "akeneo: links to products and models, with how many, become associations; those to groups stay as they are") {
  ImportShop shop;
  const std::string file =
      "sku;categories;family;groups;enabled;name-en_US;X_SELL-products;X_SELL-product_models;X_SELL-groups;"
      "PACK-products;PACK-products-quantity\n"
      "camera;;cameras;;1;Camera;bag,lens;model;summer;card,lens;2|1\n"
      "bag;;bags;;1;Bag;;;;;\n"
      "card;;cards;;1;Card;;;;lens;many\n";
  const Done done = shop.import(file);
  CHECK(done.format == "akeneo products");
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(done.refusals().starts_with("4: associations.PACK[0].quantity range"));
  const auto camera = shop.product("camera");
  CHECK(json::write(*camera.find("associations")) ==
        R"({"X_SELL":[{"sku":"bag"},{"sku":"lens"},{"sku":"model"}],)"
        R"("PACK":[{"sku":"card","quantity":2},{"sku":"lens","quantity":1}]})");
  CHECK(shop.attribute("camera", "X_SELL-groups") == "summer");
  CHECK(shop.attribute("camera", "X_SELL-products").empty());
  CHECK(shop.import(file).counts.unchanged == 2);
  // The lens comes later, and is linked then.
  CHECK(*shop.products->linked_from(shop.store->read(), "lens", 10) == std::vector<std::string>{"camera"});
}

TEST_CASE("akeneo: a header with an unknown locale, channel or currency is refused by name") {
  ImportShop shop;
  const Done done = shop.import(
      "sku;name-en_US;description-wronglocale-ecommerce;description-fr_FR-wrongscope;price-wrongcurrency\n"
      "SKU-001;high heels;red high heels;talons rouges;100\n");
  CHECK(done.failure.find("description-wronglocale-ecommerce") != std::string::npos);
  CHECK(done.failure.find("price-wrongcurrency") != std::string::npos);
  CHECK_FALSE(shop.has("SKU-001"));
}

TEST_CASE("akeneo: the negative fixtures say what is wrong with them") {
  const auto folder = shared_data() / "akeneo" / "features_fixtures";
  if (skipped_without(folder)) return;
  ImportShop shop;
  CHECK(shop.import(content_of(folder / "invalid_import_header.csv")).failure.find("names no locale") !=
        std::string::npos);
  for (const char* headerless : {"colors.csv", "fabrics.csv"})
    CHECK_MESSAGE(
        shop.import(content_of(folder / headerless)).failure.find("must name its columns") != std::string::npos,
        headerless);
  const Done latin = shop.import(content_of(folder / "product_export_with_non_utf8_characters.csv"));
  CHECK_MESSAGE(latin.counts.rows == 112, latin);
  CHECK(latin.adds_up());
  for (const auto& row : latin.rows)
    if (row.outcome == "refused") CHECK_MESSAGE(!row.errors.empty(), row.line);
  const Done media = shop.import(content_of(folder / "with_media.csv"));
  CHECK_MESSAGE(media.counts.created == 1, media);
  CHECK(shop.attribute("SKU-001", "view") == "sku-001.jpg");
}

TEST_CASE("akeneo: an EAN with a wrong check digit is kept as an attribute and told") {
  ImportShop shop;
  const Done done =
      shop.import("sku;family;groups;categories;enabled;ean;price-EUR;price-USD\nA;f;;c;0;1234567890123;12.50;13\n");
  CHECK(done.counts.created == 1);
  CHECK(shop.field("A", "ean").empty());
  CHECK(shop.attribute("A", "ean") == "1234567890123");
  CHECK(done.told("notice").find("ean") != std::string::npos);
  CHECK(shop.price("A") == "12.50");
  CHECK(shop.price("A", "USD") == "13.00");
  CHECK(shop.field("A", "enabled") == "false");
}
