// JSON of other systems: read as a table, mapped as one.
#include "exchange/mapping.h"
#include "exchange/preview.h"

#include "shop.h"

using namespace pf;
using namespace pf::test;

namespace {

exchange::ImportOptions by_mapping(std::string_view text) {
  auto mapping = exchange::parse_mapping(text);
  REQUIRE_MESSAGE(mapping.ok(), mapping.error().message);
  exchange::ImportOptions options;
  options.mapping = std::make_shared<const exchange::Mapping>(*std::move(mapping));
  return options;
}

constexpr std::string_view kSupplier = R"({
  "meta": {"made": "2026-11-26", "pages": [{"number": 1, "of": 2}, {"number": 2, "of": 2}]},
  "result": {"artikelen": [
    {"nr": "A-1", "naam": {"nl": "Hemd", "en": "Shirt"}, "prijs": 19.95, "kleuren": ["rood", "blauw"],
     "maten": [{"maat": "S", "voorraad": 3}, {"maat": "M", "voorraad": 4}], "actief": true, "merk": null},
    {"nr": "A-2", "naam": {"nl": "Broek"}, "prijs": 30, "kleuren": [], "maten": [], "actief": false, "merk": "Acme"}
  ]}
})";
constexpr std::string_view kSaid = R"json({"records": "$/result/artikelen", "others": "leave", "columns": [
  {"column": "nr", "to": "sku"}, {"column": "naam.nl", "to": "title@nl-NL"}, {"column": "prijs", "to": "sell_price.EUR"},
  {"column": "kleuren", "to": "colours:json"}, {"column": "merk", "to": "brand"}, {"column": "actief", "to": "enabled"}]})json";

}  // namespace

TEST_CASE("json: a file of no known shape is shown as tables, and mapped as a person says") {
  ImportShop shop;
  formats::MemorySource source(kSupplier);
  const auto seen = exchange::preview(shop.rooms(), {}, source);
  REQUIRE_MESSAGE(seen.ok(), seen.error().message);
  REQUIRE(seen->tables.size() >= 3);
  std::string tables;
  for (const auto& table : seen->tables) tables += table.records + " " + std::to_string(table.count) + "\n";
  CHECK(tables.find("$/result/artikelen 2\n") != std::string::npos);
  CHECK(tables.find("$/result/artikelen/maten 2\n") != std::string::npos);
  CHECK(tables.find("$/meta/pages 2\n") != std::string::npos);
  CHECK(seen->records == "$/result/artikelen");  // outermost and fullest
  std::string columns;
  for (const auto& column : seen->columns) columns += column.name + " ";
  CHECK(columns == "actief kleuren maten merk naam.en naam.nl nr prijs ");
  CHECK(seen->columns[1].to == "kleuren:json");
  CHECK(seen->columns[6].samples == std::vector<std::string>{"A-1", "A-2"});

  const Done done = shop.import(kSupplier, by_mapping(kSaid), 7);
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(shop.texts("A-1").find("nl-NL")->find("title")->as_string()[0] == "Hemd");
  CHECK(shop.price("A-1") == "19.95");
  CHECK(shop.attribute("A-1", "colours") == R"(["rood","blauw"])");
  CHECK(shop.field("A-2", "enabled") == "false");
  CHECK(shop.field("A-2", "brand") == "Acme");
  CHECK(shop.import(kSupplier, by_mapping(kSaid)).counts.unchanged == 2);

  // Of a large file the page sends the beginning.
  formats::MemorySource beginning(kSupplier.substr(0, 420));
  const auto cut = exchange::preview(shop.rooms(), {}, beginning);
  REQUIRE_MESSAGE(cut.ok(), cut.error().message);
  CHECK(cut->records == "$/result/artikelen");
  CHECK(shop.import("{\"sku\":\"B-1\",}\n{\"sku\":\"B-2\",\"naam\":\"x\"}\n").counts.created == 1);

  const Done elsewhere =
      shop.import(kSupplier, by_mapping(R"({"columns":[{"column":"nr","to":"sku"}],"records":"x/y"})"));
  CHECK_MESSAGE(elsewhere.failure.find("it has some at $/result/artikelen") != std::string::npos, elsewhere);
}

TEST_CASE("json: names that any table may have are understood without a mapping, line by line") {
  ImportShop shop;
  // One line is broken, one has other members, one holds a list where others hold a text.
  const Done done = shop.import(
      "{\"sku\": \"N-1\", \"name\": \"One\", \"price\": 5, \"dimensions\": {\"width\": 3}}\n"
      "{\"sku\": \"N-2\", \"name\": \"Two\", oops}\n"
      "{\"colour\": \"red\", \"sku\": \"N-3\", \"name\": \"Three\"}\r\n"
      "\n"
      "{\"name\": \"no number\"}\n");
  CHECK(done.format == "products");
  CHECK_MESSAGE((done.counts.rows == 4 && done.counts.created == 2 && done.counts.refused == 2), done);
  CHECK_MESSAGE(done.refusals().find("2:  row is not valid JSON") != std::string::npos, done);
  CHECK(shop.attribute("N-1", "dimensions.width") == "3");
  CHECK(shop.attribute("N-3", "colour") == "red");
}

TEST_CASE("json: a list of a single value, in UTF-16, below a name that nobody knows") {
  ImportShop shop;
  std::string text = "\xff\xfe";
  for (const char c : std::string_view(R"({"rows": [{"ean": "4006381333931", "title": "Solo"}]})")) {
    text += c;
    text += '\0';
  }
  const Done done = shop.import(text);
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(shop.field("4006381333931", "title") == "Solo");
}

TEST_CASE("json: values of neither a known shape nor a table are refused one by one, with what to do") {
  ImportShop shop;
  const Done done = shop.import(R"([{"weather": "fine", "wind": 3}, {"weather": "wet", "wind": 9}])");
  CHECK(done.counts.refused == 2);
  CHECK_MESSAGE(done.failure.find("neither products") != std::string::npos, done);
}

TEST_CASE("json: a product with far too many names is refused by their number, and told briefly") {
  ImportShop shop;
  std::string names;
  for (int i = 0; i < 4'001; ++i) names += (i > 0 ? ",\"n" : "\"n") + std::to_string(i) + "\":1";
  const Done done =
      shop.import("[{\"sku\":\"A\",\"attributes\":{" + names + "}},{\"sku\":\"B\",\"offer\":{}," + names + "}]");
  CHECK_MESSAGE((done.counts.refused == 2 && done.rows.size() == 2), done.format);
  CHECK(done.refusals().find("has 4001 members") != std::string::npos);
  for (const auto& row : done.rows) CHECK(row.errors.size() <= 200);
}

TEST_CASE("a mapping may say no more than which of a file's tables is meant, of XML too") {
  ImportShop shop;
  const std::string xml =
      "<shop><sold><line><sku>X</sku><title>sold</title></line><line><sku>Y</sku><title>too</title></line></sold>"
      "<wares><ware><sku>A</sku><title>ware</title></ware></wares></shop>";
  const Done done = shop.import(xml, by_mapping(R"({"columns": [], "records": "shop/wares/ware"})"));
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(shop.has("A"));
  CHECK(!shop.has("X"));
}

TEST_CASE("a channel's report on a feed shows what it refused, and what it takes for selling is no catalogue") {
  ImportShop shop;
  const std::string
      head = R"({"header":{"feedId":"1"},"issues":[)",
      tail =
          R"(],"summary":{"messagesProcessed":2,"messagesAccepted":1},"items":[{"sku":"A","title":"x","attributes":{}},{"sku":"B","title":"y"}]})";
  const Done done = shop.import(
      head +
      R"({"messageId":4,"sku":"A","code":"90220","severity":"ERROR","message":"batteries_required is missing","attributeName":"batteries"},
         {"messageId":5,"sku":"B","code":"18448","severity":"WARNING","message":"Could be better"})" +
      tail);
  CHECK(done.format == "amazon processing report");
  CHECK_MESSAGE((done.counts.rows == 2 && done.counts.refused == 1 && done.counts.unchanged == 1), done);
  CHECK(done.refusals().find("batteries 90220 batteries_required is missing") != std::string::npos);
  CHECK(done.told("notice").find("Could be better") != std::string::npos);
  CHECK(!shop.has("A"));
  CHECK(shop.import(head + tail).failure.find("finds no fault") != std::string::npos);
  CHECK(shop.import("Feed Processing Summary:\n\tNumber of records processed\t\t2\n\n"
                    "original-record-number\tsku\terror-code\terror-type\terror-message\n7\tA\t8560\tError\tNo such "
                    "product\n")
            .refusals()
            .find("7 8560 No such product") != std::string::npos);
  CHECK(
      shop.import(
              "<AmazonEnvelope><Message><ProcessingReport><ProcessingSummary><MessagesProcessed>1</MessagesProcessed>"
              "</ProcessingSummary><Result><MessageID>1</MessageID><ResultCode>Error</ResultCode>"
              "<ResultMessageCode>8560</ResultMessageCode><ResultDescription>Unknown</ResultDescription>"
              "<AdditionalInfo><SKU>A</SKU></AdditionalInfo></Result><Result><MessageID>2</MessageID>"
              "<ResultCode>Error</ResultCode><ResultMessageCode>1</ResultMessageCode><ResultDescription>Two"
              "</ResultDescription><AdditionalInfo><SKU>B</SKU></AdditionalInfo></Result></ProcessingReport></Message>"
              "</AmazonEnvelope>")
          .counts.refused == 2);
  const Done fees = shop.import(
      R"({"commissions":[{"ean":"8712626055150","condition":"NEW","unitPrice":34.99,"fixedAmount":0.99,"percentage":15,"totalCost":6.24},
                         {"ean":"8804269223123","condition":"NEW","unitPrice":699.95,"fixedAmount":0.99,"percentage":16,"totalCost":112.99}]})");
  CHECK(fees.failure.find("what bol takes for selling") != std::string::npos);
  CHECK(fees.counts.rows == 0);
}

TEST_CASE("json: the members of an object are rows where a mapping says so, whatever their names are") {
  const std::string rows =
      R"({"SKU-1": {"title": "One", "price": 5.5, "stock": 3}, "SKU-2": {"title": "Two \"x\"", "price": 6},
          "": {"title": "nobody"}, "SKU-3": {"title": "Three", "size": {"width": 2}, "tags": ["a", "b"]}})";
  const auto said = [](const std::string& records) {
    return by_mapping(R"({"columns": [{"column": "key", "to": "sku"}], "records": ")" + records + "\"}");
  };
  for (const auto& [text, records] : std::initializer_list<std::pair<std::string, std::string>>{
           {rows, "$/*"},
           {R"({"status": "ok", "count": 3, "products": )" + rows + "}", "$/products/*"},
           {R"([{"data": {"a/b": )" + rows + R"(}, "meta": {"page": 1}}])", "$/data/a/b/*"}})
    for (const std::size_t piece : {std::size_t{3}, std::size_t{100'000}}) {
      ImportShop shop;
      CHECK(shop.import(text, {}, piece).counts.created == 0);  // nobody said so
      const Done done = shop.import(text, said(records), piece);
      CHECK_MESSAGE((done.counts.created == 3 && done.counts.refused == 1), done);
      CHECK(shop.field("SKU-2", "title") == "Two \"x\"");
      CHECK(shop.price("SKU-1") == "5.50");
      CHECK(shop.available("SKU-1") == 3);
      CHECK(shop.attribute("SKU-3", "size.width") == "2");
      CHECK(shop.import(text, said(records)).counts.unchanged == 3);
    }
  ImportShop shop;
  // Lines of NDJSON, values alone, and what is no object beside objects.
  CHECK(shop.import("{\"L-1\": {\"title\": \"a\"}, \"L-2\": {\"title\": \"b\"}}\n{\"L-3\": {\"title\": \"c\"}}\n",
                    said("$/*"))
            .counts.created == 3);
  CHECK(shop.import(R"({"L-1": 4, "L-2": 5})",
                    by_mapping(R"({"columns": [{"column": "key", "to": "sku"}, {"column": "value", "to": "stock"}],
                                   "records": "$/*"})"))
            .counts.changed == 2);
  CHECK(shop.available("L-2") == 5);
  const Done mixed = shop.import(
      R"({"count": 2, "next": null, "message": "", "nothing": {}, "none": [], "L-1": {"title": "z"}})", said("$/*"));
  CHECK_MESSAGE((mixed.counts.changed == 1 && mixed.counts.refused == 4 && mixed.counts.created == 0), mixed);
  CHECK(mixed.refusals().find("is one value or nothing under a key") != std::string::npos);
  // People by their addresses are no products, whatever is said; a number beside a thread's size is.
  const Done people = shop.import(
      R"({"jan@example.com": {"phone": "0612345678", "sku": "PK-1"}, "M8@1.25": {"title": "Bolt", "sku": "B-8"}})",
      by_mapping(R"({"columns": [], "records": "$/*"})"));
  CHECK_MESSAGE((people.counts.created == 1 && people.counts.refused == 1), people);
  CHECK(people.refusals().find("is an e-mail address") != std::string::npos);
  CHECK(people.refusals().find("jan@") == std::string::npos);
  CHECK(shop.import(R"({"people": [{"customer_email": "a@example.com", "customer_name": "A", "phone": "0612345678"}]})",
                    by_mapping(R"({"columns": [], "records": "$/people"})"))
            .failure.find("This is a list of people") != std::string::npos);
  // Lists under keys: each of their items is a row of the key.
  CHECK(
      shop.import(R"({"Toys": [{"sku": "T-1", "title": "a"}, {"sku": "T-2", "title": "b"}], "Mugs": [{"sku": "M-1"}]})",
                  by_mapping(R"({"columns": [{"column": "key", "to": "categories"}], "records": "$/*"})"))
          .counts.created == 3);
  // A member that is called key besides.
  CHECK(shop.import(R"({"N-1": {"title": "n", "key": "k"}})",
                    by_mapping(R"({"columns": [{"column": "key.@", "to": "sku"}], "records": "$/*"})"))
            .counts.created == 1);
  CHECK(shop.attribute("N-1", "key") == "k");
}

TEST_CASE("json: rows under keys that nobody finds, and more keys than there are names, are told") {
  ImportShop shop;
  const auto failure = [&](std::string_view text, const std::string& records) {
    return shop.import(text, by_mapping(R"({"columns": [], "records": ")" + records + "\"}")).failure;
  };
  CHECK(failure(R"({"A": {"t": 1}})", "$/products/*").find("at $/products/*, where the file has none") !=
        std::string::npos);
  CHECK(failure(R"({"A": {"t": 1}})", "$/*").find("which of their names becomes sku or ean: key, t.") !=
        std::string::npos);
  CHECK(failure("<a><b><t>1</t></b></a>", "$/*").find("where the file has none") != std::string::npos);
  std::string many = "{";
  for (int i = 0; i < 21'000; ++i) many += (i > 0 ? ",\"K" : "\"K") + std::to_string(i) + "\": {\"title\": \"t\"}";
  many += "}";
  CHECK(shop.import(many).counts.created == 0);
  formats::MemorySource source(many);
  const auto seen = exchange::preview(shop.rooms(), {}, source);
  REQUIRE(!seen.ok());
  CHECK(seen.error().message.find("or records that end in /*") != std::string::npos);
  const Done done = shop.import(many, by_mapping(R"({"columns": [{"column": "key", "to": "sku"}], "records": "$/*"})"));
  CHECK_MESSAGE(done.counts.created == 21'000, done);
}
