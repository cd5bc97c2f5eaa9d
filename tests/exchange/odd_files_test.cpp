// Files as people's programs write them and nobody would describe them: told by their structure.
#include "shop.h"

using namespace pf;
using namespace pf::test;

TEST_CASE("odd files: names above groups of columns are not the header, in text and in workbooks") {
  ImportShop shop;
  const Done done = shop.import("Article;;Price;;\nsku;title;net;gross;stock\nG-1;One;1,00;1,21;3,0\n");
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(shop.attribute("G-1", "net") == "1,00");
  CHECK(shop.available("G-1") == 3);
}

TEST_CASE("odd files: a column that means nothing here may stand twice, and so may pictures; what counts may not") {
  ImportShop shop;
  const Done done = shop.import(
      "sku,colour,colour,image,image,image\n"
      "D-1,red,blue,https://a.example/1.png,,https://a.example/3.png\n");
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(shop.attribute("D-1", "colour") == "red");
  CHECK(shop.attribute("D-1", "colour.2") == "blue");
  CHECK(shop.field("D-1", "images") == R"(["https://a.example/1.png","https://a.example/3.png"])");
  CHECK(shop.import("sku,price,price\nD-2,1,2\n").failure.find("\"price\" twice") != std::string::npos);
}

TEST_CASE("odd files: a sum below the table and a line about its maker are refused, not sold") {
  ImportShop shop;
  const Done done =
      shop.import("sku,title,price,stock\nB-1,One,1.00,2\nTotaal:,,1.00,2\n\nMade by Lister 3.1 on 26-11-2026\n");
  CHECK_MESSAGE((done.counts.created == 1 && done.counts.refused == 2), done);
  CHECK(shop.import("sku,title\nTotal,A cereal\n").counts.created == 1);  // which somebody sells
}

TEST_CASE("odd files: days come first where it is certain, and whoever may have meant two is asked") {
  ImportShop shop;
  const Done done = shop.import(
      "Bestelnummer;Artikelnummer;Aantal;Prijs;Datum\n"
      "1001;A-1;2;19,95;31-12-2025 "
      "9:05\n1002;A-2;1;5,00;1.2.2026\n1003;A-2;1;5,00;12/31/2025\n1004;A-3;1;5,00;01/02/2026\n");
  CHECK_MESSAGE((done.counts.created == 3 && done.counts.refused == 1), done);
  CHECK(rfc3339(shop.order("1001").placed_at) == "2025-12-31T09:05:00Z");
  CHECK(rfc3339(shop.order("1002").placed_at) == "2026-02-01T00:00:00Z");
  CHECK(rfc3339(shop.order("1003").placed_at) == "2025-12-31T00:00:00Z");
  CHECK_MESSAGE(done.refusals().find("the day or the month first") != std::string::npos, done);
}

TEST_CASE("odd files: German names, a prefix that a document made up, an EAN that a spreadsheet rounded") {
  ImportShop shop;
  CHECK(shop.import("Artikelnr.;Bezeichnung;VK-Preis;Bestand\nN-1;Stuhl;1.299,00 EUR;12\n").counts.created == 1);
  CHECK(shop.price("N-1") == "1299.00");
  const Done xml = shop.import(
      "<n:list xmlns:n=\"urn:x\"><n:item><n:sku>N-2</n:sku><n:title><![CDATA[A & "
      "B]]></n:title><n:odd>1</n:odd></n:item>"
      "<n:item><n:sku>N-3</n:sku></n:item></n:list>");
  CHECK_MESSAGE(xml.counts.created == 2, xml);
  CHECK(shop.field("N-2", "title") == "A & B");
  CHECK(shop.attribute("N-2", "n:odd") == "1");
  CHECK(shop.import("sku;ean\nN-4;4,00638E+12\n").refusals().find("rounded by a spreadsheet") != std::string::npos);
}

TEST_CASE("odd files: lines of JSON belong to whom the first that tells it belongs") {
  ImportShop shop;
  const Done done =
      shop.import("{\"sku\":\"L-1\",\"title\":\"One\"}\n{\"title\":\"Two\",\"sku\":\"L-2\",\"extra\":{\"a\":1}}\n");
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(shop.attribute("L-2", "extra.a") == "1");
}
