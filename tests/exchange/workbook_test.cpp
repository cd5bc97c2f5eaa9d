#include <filesystem>

#include "shop.h"
#include "support/archive.h"
#include "support/whole.h"

using namespace pf;
using namespace pf::test;

TEST_CASE("a workbook's rows are read as those of a CSV, dates and long numbers as people see them") {
  ImportShop shop;
  const std::string rows =
      sheet_rows({{"sku", "title", "ean", "price", "stock", "released", "note"}}) +
      "<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>A</t></is></c><c r=\"B3\" "
      "t=\"inlineStr\"><is><t>Mug</t></is></c>"
      "<c r=\"C3\"><v>4.006381333931E+12</v></c><c r=\"D3\"><v>19.949999999999999</v></c><c r=\"E3\"><v>7</v></c>"
      "<c r=\"F3\" s=\"1\"><v>42545</v></c><c r=\"G3\" t=\"e\"><v>#N/A</v></c></row>"
      "<row r=\"4\"><c r=\"B4\" t=\"inlineStr\"><is><t>nameless</t></is></c></row>";
  const std::string book = workbook_of({{"One", rows}}, "", "", "<xf/><xf numFmtId=\"14\"/>");
  const Done done = shop.import(book);
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(done.format == "products");
  CHECK(done.refusals().starts_with("4: sku required"));
  CHECK(done.told("notice") == "3: note formula holds the spreadsheet's error #N/A; it was read as empty;\n");
  CHECK(shop.field("A", "ean") == "4006381333931");
  CHECK(shop.price("A") == "19.95");
  CHECK(shop.available("A") == 7);
  CHECK(shop.attribute("A", "released") == "2016-06-24");
  CHECK(shop.import(book).counts.unchanged == 1);
}

TEST_CASE("the header is found below a title, on a later sheet, and sheets that go on with it are read") {
  ImportShop shop;
  const Done done =
      shop.import(workbook_of({{"Read me", sheet_rows({{"How to fill in this template"}, {"1.", "Be brief"}})},
                               {"Empty", ""},
                               {"Products", sheet_rows({{"Price list"}, {"sku", "title"}, {"A", "one"}})},
                               {"More", sheet_rows({{"sku", "title"}, {"B", "two"}})},
                               {"Codes", sheet_rows({{"code", "meaning"}, {"1", "one"}})},
                               {"Lists", sheet_rows({{"sku", "title"}, {"X", "hidden"}}), "hidden"}}));
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK_MESSAGE(done.told("notice").find("The sheet \"Codes\" was not read") != std::string::npos, done.told("notice"));
  CHECK(shop.has("B"));
  CHECK_FALSE(shop.has("X"));
}

TEST_CASE("a party's file is recognised in a workbook by its header, as in a CSV") {
  ImportShop shop;
  const Done woo = shop.import(workbook_of(
      {{"One", sheet_rows({{"ID", "Type", "SKU", "Name", "Regular price"}, {"1", "simple", "W-1", "Hat", "12.50"}})}}));
  CHECK(woo.format == "woocommerce products");
  CHECK_MESSAGE(woo.counts.created == 1, woo);
  const Done orders = shop.import(
      workbook_of({{"One", sheet_rows({{"order-id", "order-item-id", "purchase-date", "sku", "product-name",
                                        "quantity-purchased", "recipient-name", "ship-country"},
                                       {"302-1", "1", "2026-01-14T10:00:00Z", "A", "Mug", "2", "Zyxander", "NL"}})}}));
  CHECK(orders.format == "amazon orders");
  CHECK_MESSAGE(orders.counts.created == 1, orders);
  CHECK(shop.order_count() == 1);
}

TEST_CASE("a workbook that holds nothing to import says why") {
  ImportShop shop;
  const auto failure = [&](const std::string& file) { return shop.import(file).failure; };
  CHECK(failure(workbook_of({{"One", ""}})) == "The workbook has no rows; nothing was imported.");
  CHECK(failure(workbook_of({{"One", sheet_rows({{"alpha", "beta"}, {"1", "2"}})}})).find("must name its columns") !=
        std::string::npos);
  CHECK(failure(workbook_of({{"One", sheet_rows({{"sku", "title"}})}})).find("a header and no rows") !=
        std::string::npos);
  CHECK(failure(workbook_of({{"One", sheet_rows({{"sku", "title", "Title"}})}})).find("\"Title\" twice") !=
        std::string::npos);
  CHECK(failure(zip_of({{"mimetype", "x"}, {"content.xml", "<a/>"}})).find("OpenDocument") != std::string::npos);
}

TEST_CASE("a workbook that is damaged in the middle keeps what came before, and the place is told") {
  ImportShop shop;
  const std::string rows = sheet_rows({{"sku", "title"}, {"A", "one"}, {"B", "two"}}) + "<row><c><v>1</row>";
  const Done done = shop.import(workbook_of({{"One", rows}}));
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK_MESSAGE(done.refusals().starts_with("4:  cut_off"), done);
}

TEST_CASE("the workbooks of the folder are read with their rows accounted for" * test::whole) {
  const auto folder = shared_data();
  if (skipped_without(folder)) return;
  std::size_t files = 0;
  for (const char* name : {"akeneo/features_fixtures", "unopim"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder / name)) {
      if (entry.path().extension() != ".xlsx") continue;
      ++files;
      ImportShop shop;
      const Done done = shop.import(content_of(entry.path()));
      CHECK_MESSAGE(done.adds_up(), entry.path().string());
      CHECK_MESSAGE((!done.failure.empty() || done.counts.rows > 0), entry.path().string());
      if (std::getenv("PF_SHOW") != nullptr) std::cout << entry.path().filename() << " " << done << done.told("notice");
      if (done.counts.created > 0) CHECK(shop.import(content_of(entry.path())).counts.created == 0);
    }
  }
  CHECK(files > 8);
  ImportShop shop;
  const Done dates = shop.import(content_of(folder / "akeneo/features_fixtures/products_with_timestamp_dates.xlsx"));
  CHECK_MESSAGE(dates.counts.created == 2, dates);
  CHECK(shop.attribute("rangers001", "destocking_date") == "2016-06-24");
  shop.import(content_of(folder / "akeneo/features_fixtures/product_with_carriage_return.xlsx"));
  CHECK(json::write(shop.texts("SKU-001")).find("dictum magna.\\n\\nLorem ispum\\nEst") != std::string::npos);
  const Done unopim = shop.import(content_of(folder / "unopim/e2e__1k_products.xlsx"));
  CHECK_MESSAGE(unopim.counts.rows == 1'000, unopim);
  CHECK(unopim.counts.refused == 0);
}
