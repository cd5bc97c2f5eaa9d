// Files that nothing here knows, and what a shop says about their columns.
#include "exchange/mapping.h"

#include "exchange/preview.h"

#include "shop.h"

using namespace pf;
using namespace pf::test;

namespace {

exchange::ImportOptions mapped(std::string_view text) {
  auto mapping = exchange::parse_mapping(text);
  REQUIRE_MESSAGE(mapping.ok(), mapping.error().message);
  exchange::ImportOptions options;
  options.mapping = std::make_shared<const exchange::Mapping>(*std::move(mapping));
  return options;
}
std::string faults_of(std::string_view text) {
  const auto mapping = exchange::parse_mapping(text);
  if (mapping.ok()) return "";
  std::string out;
  for (const auto& fault : mapping.error().faults) out += fault.field + " " + fault.code + " " + fault.message + "\n";
  return out;
}

constexpr std::string_view kForeign =
    "Lieferliste 2026\n"
    "Nr;Bez;Fabrikat;Netto;Farbe;Gew;Intern;EAN-Nr\n"
    "A-1;Hemd;Acme;19,95;Rot;0,5;geheim;4006381333931\n"
    "A-2;Hose;Acme;1.045,00;grün;0,75;geheim;\n";
constexpr std::string_view kMapping = R"json({"columns":[
  {"column":"Nr","to":"sku"},
  {"to":"title@de-DE","as":"[Fabrikat] & ' ' & [Bez]"},
  {"column":"Fabrikat","to":"brand"},
  {"column":"Netto","to":"sell_price.EUR","as":"round(value * 1.19, 2)"
},
  {"column":"Farbe","to":"color","values":{"rot":"red","GRÜN":"green"}},
  {"column":"Gew","to":"weight","as":"convert(value, 'kg', 'g')"},
  {"column":"EAN-Nr","to":"ean"},
  {"column":"Intern","to":null}]
})json";

}  // namespace

TEST_CASE("mapping: a supplier's list becomes products as its shop says") {
  ImportShop shop;
  const Done plain = shop.import(kForeign);
  CHECK(plain.failure.find("A mapping can say what its columns mean") != std::string::npos);

  const Done done = shop.import(kForeign, mapped(kMapping));
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(done.format == "mapped products");
  CHECK(shop.texts("A-1").find("de-DE")->find("title")->as_string()[0] == "Acme Hemd");
  CHECK(shop.field("A-1", "brand") == "Acme");
  CHECK(shop.price("A-1") == "23.74");  // 19.95 * 1.19 = 23.7405
  CHECK(shop.price("A-2") == "1243.55");
  CHECK(shop.attribute("A-1", "color") == "red");
  CHECK(shop.attribute("A-2", "color") == "green");
  CHECK(shop.attribute("A-1", "weight") == "500");
  CHECK(shop.attribute("A-1", "Intern").empty());
  CHECK(shop.field("A-1", "ean") == "4006381333931");
  const Done again = shop.import(kForeign, mapped(kMapping));
  CHECK_MESSAGE(again.counts.unchanged == 2, again);
}

TEST_CASE("mapping: the short form, and columns that it does not name") {
  ImportShop shop;
  const Done done = shop.import("Artnr,Wat,brand,extra\nA,Ding,Acme,x\n", mapped(R"({"Artnr":"sku","Wat":"title"})"));
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(shop.field("A", "title") == "Ding");
  CHECK(shop.field("A", "brand") == "Acme");
  CHECK(shop.attribute("A", "extra") == "x");
  const Done left = shop.import(
      "Artnr,Wat,extra\nB,Ding,x\n",
      mapped(R"({"columns":[{"column":"Artnr","to":"sku"},{"column":"Wat","to":"title"}],"others":"leave"})"));
  CHECK_MESSAGE(left.counts.created == 1, left);
  CHECK(shop.attribute("B", "extra").empty());
}

TEST_CASE("mapping: a known product is found by its EAN when the shop says so") {
  ImportShop shop;
  REQUIRE(shop.import("sku,ean,title\nMINE,4006381333931,Stift\n").counts.created == 1);
  const std::string_view list = "Nr,Code,Naam\nTHEIRS-1,4006381333931,Pen\nTHEIRS-2,9783161484100,Boek\n";
  const Done done = shop.import(
      list,
      mapped(R"({"columns":[{"column":"Nr","to":"sku"},{"column":"Code","to":"ean"},{"column":"Naam","to":"title"}],
                       "select":"ean"})"));
  CHECK_MESSAGE(done.counts.changed == 1, done);
  CHECK(done.counts.created == 1);
  CHECK(shop.field("MINE", "title") == "Pen");
  CHECK(shop.field("THEIRS-2", "title") == "Boek");
  CHECK_FALSE(shop.has("THEIRS-1"));
}

TEST_CASE("mapping: stock and orders are mapped as products are") {
  ImportShop shop;
  REQUIRE(shop.import("sku,title\nA,One\n").counts.created == 1);
  const Done stock =
      shop.import("Lager,Teil\n7,A\n3,B\n",
                  mapped(R"({"columns":[{"column":"Teil","to":"sku"},{"column":"Lager","to":"stock"}]})"));
  CHECK_MESSAGE(stock.counts.changed == 1, stock);
  CHECK(stock.counts.refused == 1);  // no such product
  CHECK(stock.format == "mapped stock");
  CHECK(shop.available("A") == 7);

  const Done orders =
      shop.import("Beleg,Teil,Stk,EP,Wer\n900,A,2,\"9,95\",Jan Jansen\n900,B,1,5,Jan Jansen\n901,A,0,5,Piet\n",
                  mapped(R"({"Beleg":"channel_order_id","Teil":"sku","Stk":"quantity","EP":"price","Wer":"name"})"));
  CHECK_MESSAGE(orders.counts.created == 2, orders);  // two rows, one order
  CHECK(orders.counts.refused == 1);
  CHECK(orders.format == "mapped orders");
  CHECK(shop.available("A") == 5);
}

TEST_CASE("orders in a plain table are read at sight, in several languages; our own export comes back unchanged") {
  ImportShop shop;
  const Done done = shop.import(
      "Bestelnummer;Besteldatum;Artikelnummer;Aantal;Prijs;Voornaam;Achternaam;Postcode;Plaats\n"
      "1001;2026-11-01;A;2;9,95;Jan;Jansen;1234 AB;Utrecht\n1001;2026-11-01;B;1;5,00;Jan;Jansen;1234 AB;Utrecht\n"
      "1002;2026-11-02;A;x;9,95;Piet;Puk;1234 AB;Utrecht\n;2026-11-02;A;1;9,95;Piet;Puk;1234 AB;Utrecht\n");
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(done.counts.refused == 2);
  CHECK(done.format == "orders");
  CHECK(done.refusals().find("quantity") != std::string::npos);
  CHECK(done.refusals().find("Piet") == std::string::npos);
  const auto page = shop.orders->list(shop.store->read(), {});
  REQUIRE(page->orders.size() == 1);
  CHECK(page->orders[0].lines.size() == 2);
  CHECK(page->orders[0].channel_order_id == "1001");
}

TEST_CASE("mapping: a row that a formula cannot work out is refused by column, the others are kept") {
  ImportShop shop;
  const Done done =
      shop.import("Nr,Netto\nA,10\nB,zehn\nC,\n",
                  mapped(R"({"columns":[{"column":"Nr","to":"sku"},{"column":"Netto","to":"sell_price.EUR",
                                           "as":"value * 2"}]})"));
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(done.counts.refused == 1);
  CHECK(done.adds_up());
  CHECK(done.refusals().find("3: sell_price.EUR formula") != std::string::npos);
  CHECK(done.refusals().find("zehn") == std::string::npos);
  CHECK(shop.price("A") == "20.00");
}

TEST_CASE("mapping: what is wrong with one is told, all of it") {
  const std::string told = faults_of(R"({"columns":[{"column":"A","to":"sku","as":"1 +"},{"column":"B","to":"SKU"},
    {"to":"title"},{"column":"C","to":7},{"column":"D","to":null,"values":{"a":"b"}},{"column":"E","to":"x","values":{"a":1}}],
    "select":"name"})");
  for (const char* part :
       {"mapping.columns[0].as syntax", "two columns become SKU", "mapping.columns[2].column required",
        "mapping.columns[3].to unknown", "mapping.columns[4].to required", "mapping.columns[5].values type",
        "mapping.select unknown"})
    CHECK_MESSAGE(told.find(part) != std::string::npos, part, told);
  CHECK(faults_of("{}").find("at least one column") != std::string::npos);
  CHECK(faults_of("[1]").find("must be a JSON object") != std::string::npos);
  CHECK(faults_of("{\"A\":\"sku\",\"B\":\"\"}").find("mapping.B required") != std::string::npos);

  ImportShop shop;
  const auto failure = [&](std::string_view file, std::string_view mapping) {
    return shop.import(file, mapped(mapping)).failure;
  };
  CHECK(failure("A,B\n1,2\n", R"({"A":"sku","X":"title"})").find("does not have: \"X\"") != std::string::npos);
  CHECK(failure("A,B\n1,2\n", R"({"X":"sku"})").find("none of the columns") != std::string::npos);
  CHECK(failure("A,title\n1,2\n", R"({"A":"title"})").find("a column of that name too") != std::string::npos);
  CHECK(failure("A,B\n1,2\n", R"({"A":"color"})").find("nothing tells one product from another") != std::string::npos);
  CHECK(failure("[{\"sku\":\"A\"}]", R"({"A":"sku"})").find("none of the columns") != std::string::npos);
  CHECK_FALSE(shop.has("1"));
}

namespace {

exchange::Preview looked_at(ImportShop& shop, std::string_view file, exchange::ImportOptions options = {}) {
  options.by = shop.clerk;
  formats::MemorySource source(file);
  auto seen = exchange::preview(shop.rooms(), options, source);
  REQUIRE_MESSAGE(seen.ok(), seen.error().message);
  return *std::move(seen);
}
std::string columns_of(const exchange::Preview& seen) {
  std::string out;
  for (const auto& column : seen.columns)
    out += column.name + "=" + column.to + (column.samples.empty() ? "" : "(" + column.samples.front() + ")") + " ";
  return out;
}
std::string first_of(const exchange::Preview& seen) {
  std::string out;
  for (const auto& [name, value] : seen.items.at(0).fields) out += name + "=" + value + " ";
  return out;
}

}  // namespace

TEST_CASE("preview: a file is shown as it is taken, and nothing is kept") {
  ImportShop shop;
  const auto known = looked_at(shop, "Artikelnummer;Naam;Prijs;Kleur\nA;Trui;9,95;rood\nB;Hemd;12;\n");
  CHECK(known.format == "products");
  CHECK(columns_of(known) == "Artikelnummer=sku(A) Naam=title(Trui) Prijs=sell_price(9,95) Kleur=Kleur(rood) ");
  CHECK(first_of(known) == "sku=A title=Trui sell_price.EUR=9.95 Kleur=rood ");
  CHECK(known.items.size() == 2);
  const auto mistyped = looked_at(shop, "sku,title,ean\nA,Mug,4006381333931\nB,Pot,4006381333932\nC,Jug,\n");
  for (const std::size_t right : {0u, 2u}) CHECK(mistyped.items.at(right).faults.empty());
  REQUIRE(mistyped.items.at(1).faults.size() == 1);
  CHECK(mistyped.items.at(1).faults.front().message.find("last digit should be 1") != std::string::npos);

  const auto foreign = looked_at(shop, kForeign);
  CHECK(foreign.format.empty());
  CHECK(foreign.problem.find("not a file that is understood") != std::string::npos);
  CHECK(columns_of(foreign).starts_with("Nr=Nr(A-1) Bez=Bez(Hemd) "));
  CHECK(foreign.items.empty());

  const auto as_mapped = looked_at(shop, kForeign, mapped(kMapping));
  CHECK(as_mapped.format == "mapped products");
  CHECK(first_of(as_mapped).find("sell_price.EUR=23.74") != std::string::npos);

  const auto orders = looked_at(shop, "Order ID,SKU,Quantity,First name\n1,A,2,Jan\n");
  CHECK(columns_of(orders) ==
        "Order ID=channel_order_id(1) SKU=sku(A) Quantity=quantity(2) First name=first_name(Jan) ");
  CHECK(first_of(orders).find("Jan") == std::string::npos);

  std::string many = "sku,title\n";
  for (int i = 0; i < 100; ++i) many += "S" + std::to_string(i) + ",T\n";
  CHECK(looked_at(shop, many).items.size() == exchange::kPreviewRows);
  CHECK(looked_at(shop, R"([{"sku":"A","title":"B"}])").format == "productflow products");

  for (const std::string_view nothing : {"", "%PDF-1.4", "just a sentence", "<html>x</html>"}) {
    formats::MemorySource source(nothing);
    CHECK_FALSE(exchange::preview(shop.rooms(), {}, source).ok());
  }
  CHECK_FALSE(shop.has("A"));
  CHECK(shop.products->list(shop.store->read(), {})->total == 0);
}

TEST_CASE("mapping: what a file does not show of how it is written can be said, and is obeyed") {
  ImportShop shop;
  const std::string greek = "sku;title;price\nG-1;\xca\xef\xfd\xf0\xe1;5,00\n";  // too little to tell by
  const Done guessed = shop.import(greek);
  CHECK(guessed.told("notice").find("say which encoding it is") != std::string::npos);
  CHECK(shop.field("G-1", "title") != "Κούπα");
  const Done done = shop.import(greek, mapped(R"({"columns": [], "encoding": "iso-8859-7"})"));
  CHECK_MESSAGE((done.counts.changed == 1 && done.told("notice").empty()), done);
  CHECK(done.format == "products");  // the columns are understood as ever
  CHECK(shop.field("G-1", "title") == "Κούπα");
  CHECK(shop.import("sku;title\nG-9;Κούπα\n", mapped(R"({"columns": [], "encoding": "koi8-r"})"))
            .told("notice")
            .find("begins as good UTF-8, and was read as koi8-r") != std::string::npos);
  // With columns besides; and bytes that are no letters refuse their row alone.
  const Done bad = shop.import("nr!t\nG-2!\xd2\nG-3!\xca\xef\n", mapped(R"({"columns": [{"column": "nr", "to": "sku"},
      {"column": "t", "to": "title"}], "encoding": "windows-1253", "delimiter": "!"})"));
  CHECK_MESSAGE((bad.counts.created == 1 && bad.counts.refused == 1), bad);
  CHECK(bad.refusals().find("holds bytes that are no letters in windows-1253") != std::string::npos);
  CHECK(shop.import("sku;title\nG-4;caf\xe9\n", mapped(R"({"columns": [], "encoding": "utf-8"})"))
            .refusals()
            .find("not text in UTF-8") != std::string::npos);
  // Our own JSON is read as ever, and so are rows that hold the sign of a letter that was lost.
  CHECK(shop.import(R"({"sku": "G-5", "title": "é", "attributes": {}})",
                    mapped(R"({"columns": [], "encoding": "utf-8"})"))
            .counts.created == 1);
  CHECK(
      shop.import("sku;title\nG-6;a\xef\xbf\xbd\n", mapped(R"({"columns": [], "encoding": "utf-8"})")).counts.created ==
      1);
  CHECK(shop.import("[sku]~'title'\nG-7~'a~b'\n",
                    mapped(R"({"columns": [{"column": "[sku]", "to": "sku"}], "delimiter": "~", "quote": "'"})"))
            .counts.created == 1);
  CHECK(shop.field("G-7", "title") == "a~b");
  CHECK(shop.import("<a><b sku='X'/></a>", mapped(R"({"columns": [], "encoding": "koi8-r"})"))
            .failure.find("says that itself") != std::string::npos);
  CHECK(shop.import("\xef\xbb\xbfsku;title\nG-8;a\n", mapped(R"({"columns": [], "encoding": "koi8-r"})"))
            .failure.find("say that it is UTF-8") != std::string::npos);
}

TEST_CASE("mapping: words about a file that cannot be obeyed are refused, each by its name") {
  CHECK(faults_of(R"({"columns": [], "encoding": "klingon"})")
            .find("encoding unknown an encoding is one of utf-8, utf-16le") != std::string::npos);
  for (const char* never : {R"("komma")", R"("\"")", R"("\n")", R"("123456789")", R"("!!!!!!!!!")"}) {
    const std::string told = faults_of(std::string(R"({"columns": [], "delimiter": )") + never + "}");
    CHECK_MESSAGE(told.starts_with("mapping.delimiter invalid a delimiter is tab"), told);
    CHECK_MESSAGE(told.find("names at least one column") == std::string::npos, told);
  }
  CHECK(faults_of(R"({"columns": [], "quote": "<"})").starts_with("mapping.quote unknown"));
  CHECK(faults_of(R"({"columns": [], "quote": 7})").find("how a text is written") != std::string::npos);
  CHECK(faults_of(R"({"columns": [], "encoding": "", "delimiter": "", "quote": ""})").find("at least one column") !=
        std::string::npos);
}

TEST_CASE("preview: what is said of a file is obeyed in what is shown, which says how it was read") {
  ImportShop shop;
  const std::string file = "sku!title\nG-1!\xca\xef\xfd\xf0\xe1\n";
  formats::MemorySource source(file);
  const auto seen =
      exchange::preview(shop.rooms(), mapped(R"({"columns": [], "encoding": "iso-8859-7", "delimiter": "!"})"), source);
  REQUIRE(seen.ok());
  CHECK(seen->encoding == "ISO-8859-7");
  REQUIRE(seen->columns.size() == 2);
  CHECK(seen->columns[1].samples == std::vector<std::string>{"Κούπα"});
}
