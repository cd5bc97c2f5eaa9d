#include "shop.h"
#include "support/whole.h"

using namespace pf;
using namespace pf::test;

TEST_CASE("a cell of 10 MB costs its own row and no other") {
  ImportShop shop;
  const Done done = shop.import("sku,title\nA,good\nB,\"" + std::string(10 << 20, 'x') + "\"\nC,good\n");
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK_MESSAGE(done.refusals().find("3:  row has a cell larger than 4 MiB") != std::string::npos, done);
  CHECK(done.adds_up());
}

TEST_CASE("a row with more cells than the header has columns is refused, one with fewer is read") {
  ImportShop shop;
  const Done done = shop.import("sku,title,brand\nA,good\nB,Shirt, blue,Acme\nC,good,Acme,,\n");
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK_MESSAGE(done.refusals().find("3:  columns has 4 cells, but the header has 3") != std::string::npos, done);
}

TEST_CASE("100,000 columns are too many for a header, and say so") {
  ImportShop shop;
  std::string header = "sku";
  for (int i = 0; i < 100'000; ++i) header += ",c" + std::to_string(i);
  const Done done = shop.import(header + "\nA,1\n");
  CHECK_MESSAGE(done.failure.find("more than 5,000 columns") != std::string::npos, done);
}

TEST_CASE("files that are no table say what they are and what to do") {
  ImportShop shop;
  const auto failure = [&](std::string_view file) { return shop.import(file).failure; };
  CHECK(failure("") == "The file is empty.");
  CHECK(failure("\xef\xbb\xbf\n\n") == "The file is empty.");
  CHECK(failure("sku,title\n").find("a header and no rows") != std::string::npos);
  CHECK(failure(std::string_view("PK\x03\x04\x14\0\x06\0", 8)).find("damaged or cut off") != std::string::npos);
  CHECK(failure("PK\x05\x06" + std::string(18, '\0')).find("nothing in it") != std::string::npos);
  CHECK(failure("\xd0\xcf\x11\xe0").find("old Excel workbook") != std::string::npos);
  CHECK(failure("\x89PNG\r\n\x1a\n").find("picture") != std::string::npos);
  CHECK(failure("%PDF-1.7\n").find("PDF") != std::string::npos);
  for (const char* page : {"<!DOCTYPE html><html>", "\xef\xbb\xbf\n<!doctype html>\n<html>", "<HTML><body>"})
    CHECK_MESSAGE(failure(page).find("web page") != std::string::npos, page);
  CHECK(failure("\x01\x02" + std::string(6, '\0') + "sku,title\n").find("not a text file") != std::string::npos);
  CHECK(failure("alpha,beta\n1,2\n").find("must name its columns") != std::string::npos);
  CHECK(failure("sku,title,Title\nA,b,c\n").find("\"Title\" twice") != std::string::npos);
  CHECK(failure("{\"sku\": \"A\",}").find("JSON") != std::string::npos);
  CHECK(failure("{\"weather\": \"fine\"}").find("neither products") != std::string::npos);
  CHECK(failure("[]").find("empty list") != std::string::npos);
  CHECK(shop.order_count() == 0);
}

TEST_CASE("damaged bytes cost the rows that hold them, by line and column") {
  ImportShop shop;
  const Done done = shop.import(
      "sku,title\nA,Cr\xc3\xa8me\nB,dam\xff"
      "aged\nC,nu" +
      std::string(1, '\0') + "ll\nD,\xc3\xa9t\xc3\xa9\n" + std::string(200, '\n'));
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(done.refusals().find("3: title encoding") != std::string::npos);
  CHECK(done.refusals().find("4: title characters") != std::string::npos);
  CHECK(shop.field("D", "title") == "été");
}

TEST_CASE("a Windows file is read with its accents, and the guess is told") {
  ImportShop shop;
  const Done done = shop.import(
      "sku;title\nA;Cr\xe8me br\xfbl\xe9"
      "e \x96 \x80 5\n");
  CHECK(shop.field("A", "title") == "Crème brûlée – € 5");
  CHECK(done.told("notice").find("Windows-1252") != std::string::npos);
}

TEST_CASE("a cut-off file keeps what came before, and the place is told") {
  ImportShop shop;
  const Done csv = shop.import("sku,title\nA,one\nB,\"two\nlines and then noth");
  CHECK_MESSAGE(csv.counts.created == 1, csv);
  CHECK_MESSAGE(csv.refusals().find("3:  cut_off") != std::string::npos, csv);
  const Done list = shop.import("[{\"sku\":\"J1\"},\n{\"sku\":\"J2\"},\n{\"sku\":\"J3\", \"ti");
  CHECK_MESSAGE(list.counts.created == 2, list);
  CHECK_MESSAGE(list.refusals().find("3:  cut_off") != std::string::npos, list);
  const Done lines = shop.import("{\"sku\":\"L1\"}\n{\"sku\":\"L2\",\n{\"sku\":\"L3\"}\n");
  CHECK_MESSAGE(lines.counts.created == 2, lines);
  CHECK_MESSAGE(lines.refusals().find("2:  json") != std::string::npos, lines);
}

TEST_CASE("variants whose parent never comes are kept and told, when nothing else is left to do") {
  ImportShop shop;
  const Done done = shop.import("sku,title,parent\nV,variant,Nowhere\n");
  CHECK(done.counts.created == 1);
  CHECK(shop.field("V", "parent") == "Nowhere");
  CHECK(done.told("notice").find("there is no product Nowhere yet") != std::string::npos);
}

TEST_CASE("a column that names no channel or a new language is told by name, with those there are") {
  ImportShop shop;
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                auto& models = shop.products->models();
                PF_TRY(models.describe(work, shop.clerk, catalog::ModelKind::channel, "web",
                                       json::Value(json::Members{}), catalog::DescribeMode::put));
                PF_TRY(models.describe(work, shop.clerk, catalog::ModelKind::attribute, "t_pc",
                                       json::Value::object({{"per_channel", true}}), catalog::DescribeMode::put));
                catalog::Languages chosen;
                chosen.locales = {"nl-NL"};
                return shop.products->set_languages(work, shop.clerk, chosen);
              })
              .ok());
  const Done done =
      shop.import("sku,title,title-nl_NL-nope,title-qq_QQ,title@nl-NK,t_pc-web,t_pc-nope\nA,x,a,b,c,d,\nB,x,,,,,e\n");
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(done.refusals() == "3: attributes.t_pc-nope channel There is no channel nope; there are: web.;\n");
  const std::string told = done.told("notice");
  CHECK_MESSAGE(told.find("title-nl_NL-nope channel names no channel in nope; there are: web.") != std::string::npos,
                told);
  CHECK_MESSAGE(told.find("title-qq_QQ language brings texts in qq-QQ") != std::string::npos, told);
  CHECK_MESSAGE(told.find("title@nl-NK language brings texts in nl-NK") != std::string::npos, told);
}

TEST_CASE("a price or a stock that cannot be read is told, and the product is kept") {
  ImportShop shop;
  const Done done =
      shop.import("sku,title,price,stock\nA,one,\"1,234\",some\nB,two,\"12,50 EUR\",7\nC,three,$9.99,3.00\n");
  CHECK_MESSAGE(done.counts.created == 3, done);
  CHECK(done.told("notice").find("price money") != std::string::npos);
  CHECK(done.told("notice").find("stock type") != std::string::npos);
  CHECK(shop.price("A").empty());
  CHECK(shop.price("B") == "12.50");
  CHECK(shop.available("B") == 7);
  CHECK(shop.price("C", "USD") == "9.99");
  CHECK(shop.available("C") == 3);
}

TEST_CASE("the order of columns, their case, the delimiter, the quoting and the pieces make no difference" *
          test::whole) {
  const std::string forms[] = {
      "sku,title,brand,price\nA,Blue shirt,Acme,19.95\n",
      "\xef\xbb\xbf\"PRICE\";\"Brand\";\"SKU\";\"Title\"\r\n\"19,95\";\"Acme\";\"A\";\"Blue shirt\"\r\n",
      "Naam\tArtikelnummer\tMerk\tPrijs\nBlue shirt\tA\tAcme\t19.95\n",
      "sep=|\nSku|Name|Brand|price (EUR)\nA|Blue shirt|Acme|19.95\n",
      "Stock list of Monday\n\nsku,title,brand,price\nA,Blue shirt,Acme,19.95",
      "price ,  sku , title        , brand\n19.95 , A    , \"Blue shirt\" , Acme\n",
  };
  for (const std::string& form : forms)
    for (const std::size_t piece : {1u, 7u, 1u << 16}) {
      ImportShop shop;
      const Done done = shop.import(form, {}, piece);
      CHECK_MESSAGE(done.counts.created == 1, form, done);
      if (!shop.has("A")) continue;
      CHECK_MESSAGE(shop.field("A", "title") == "Blue shirt", form);
      CHECK_MESSAGE(shop.field("A", "brand") == "Acme", form);
      CHECK_MESSAGE(shop.price("A") == "19.95", form);
    }
}

TEST_CASE("a dry run counts everything and keeps nothing") {
  ImportShop shop;
  const Done done = shop.import("sku,title\nA,one\nB,two\n,three\n", {.dry_run = true});
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(done.counts.refused == 1);
  CHECK_FALSE(shop.has("A"));
}

TEST_CASE("rows that are refused are told together, and also when the file is not read to its end") {
  // A file that somebody cancels after its first piece.
  struct Cancelled final : formats::Source {
    std::string bytes = "sku,title\n";
    bool whole = true;
    std::uint64_t size() const override { return bytes.size(); }
    Result<std::string> read(std::uint64_t at, std::size_t count) override {
      if (at < bytes.size()) return bytes.substr(static_cast<std::size_t>(at), count);
      return whole ? Result<std::string>(std::string()) : error(ErrorCode::gone, "Cancelled.");
    }
  };
  for (const bool whole : {true, false}) {
    ImportShop shop;
    Cancelled file;
    file.whole = whole;
    for (int i = 0; i < 30'000; ++i) file.bytes += "A,b,too many\n";
    std::size_t calls = 0, rows = 0;
    exchange::Importer importer(shop.rooms(), {.by = shop.clerk}, [&](const std::vector<exchange::RowReport>& told) {
      ++calls;
      rows += told.size();
      return Result<>();
    });
    CHECK(importer.run(file).ok() == whole);
    CHECK(rows == 30'000);
    CHECK(importer.counts().refused == 30'000);
    CHECK(calls < 30);
  }
}

TEST_CASE("a row is told all that is wrong with it at once, of its form and of what it would be") {
  ImportShop shop;
  const Done done = shop.import(
      "{\"sku\":\"A\",\"title\":5,\"colour\":\"x\",\"ean\":\"1\",\"images\":[\"no\"],\"attributes\":{}}\n"
      "{\"sku\":\"B\",\"title\":\"B\"}\n");
  CHECK_MESSAGE(done.counts.created == 1, done);
  REQUIRE_MESSAGE(done.counts.refused == 1, done);
  std::string fields;
  for (const auto& fault : done.rows[0].errors) fields += fault.field + ":" + fault.code + " ";
  CHECK(fields == "title:type colour:unknown ean:length images[0]:url ");
}

TEST_CASE("a file's pieces are counted before orders that wait take theirs") {
  ImportShop shop;
  REQUIRE(shop.import("sku,title,brand,stock\nCUP,Cup,Delft,5\nSAUCER,Saucer,Delft,0\nSET,Cup and saucer,Delft,\n")
              .counts.created == 3);
  const std::vector<stock::Part> parts{{.sku = "CUP", .quantity = 1}, {.sku = "SAUCER", .quantity = 1}};
  REQUIRE(shop.store->write([&](storage::Write& work) { return shop.stock->make_kit(work, "SET", parts); }).ok());
  orders::PlaceOrder order;
  order.channel = "till";
  order.channel_order_id = "1";
  order.currency = *Currency::parse("EUR");
  order.lines.push_back({.sku = "SET", .title = "Cup and saucer", .quantity = 2});
  REQUIRE(shop.orders->place(shop.clerk, order, orders::StockPolicy::backorder).ok());
  // The saucers let two sets go, for which the cups that the next row counts are used as well.
  const Done done = shop.import("sku,stock\nSAUCER,3\nCUP,6\nCUP,7\n");
  CHECK(done.counts.changed == 3);
  CHECK(shop.stock->level(shop.store->read(), "SAUCER")->available() == 1);
  CHECK(shop.stock->level(shop.store->read(), "SAUCER")->allocated == 2);
  CHECK(shop.stock->level(shop.store->read(), "CUP")->available() == 5);
  CHECK(shop.stock->level(shop.store->read(), "CUP")->allocated == 2);
}

TEST_CASE("stock goes to products that are there, and to no others") {
  ImportShop shop;
  shop.import("sku,title\nA,one\n");
  const Done done = shop.import("sku,stock\nA,12\nB,3\nA,-1\n");
  CHECK(done.format == "stock");
  CHECK_MESSAGE(done.counts.changed == 1, done);
  CHECK_MESSAGE(done.counts.refused == 2, done);
  CHECK_MESSAGE(done.refusals().find("3: sku unknown is of no product here, and a list of stock makes none;") !=
                    std::string::npos,
                done);
  CHECK(shop.available("A") == 12);
  CHECK_FALSE(shop.has("B"));
  const std::string titled = "sku,title,stock\nA,Another,13\nB,Bee,3\n";
  CHECK(shop.import(titled).refusals().find("import it again as products, new ones too") != std::string::npos);
  CHECK(shop.import(titled, {.kind = "product"}).counts.created == 1);
  CHECK(shop.available("A") == 13);
  CHECK(shop.import("sku,stock\nA,13\n").counts.unchanged == 1);
  CHECK(shop.import("sku,stock\nA,12\n", {.kind = "order"}).failure.find("kind=order was asked for") !=
        std::string::npos);
}

TEST_CASE("products are told apart by EAN where a file has no SKU") {
  ImportShop shop;
  shop.import("sku,ean,title\nMUG-1,4006381333931,Mug\n");
  const Done done = shop.import("ean;prijs;voorraad\n4006381333931;12,50;4\n8785073983111;6.99;1\n4006381333930;1;1\n");
  CHECK_MESSAGE(done.counts.changed == 1, done);
  CHECK(done.counts.created + done.counts.refused == 2);
  CHECK(shop.price("MUG-1") == "12.50");
  CHECK(shop.available("MUG-1") == 4);
  CHECK(shop.field("MUG-1", "title") == "Mug");
}

TEST_CASE("a row that says an EAN alone means the product that a row above it has brought, or given that EAN") {
  ImportShop shop;
  shop.import("sku,ean,title\nOLD,4006381333931,Old\n");
  const std::string file =
      "Artikelnummer,ean,title,brand\nNEW,8785073983116,New,\n,8785073983116,,Found\nOLD,96385074,,\n,96385074,,Moved\n"
      ",4006381333931,Third,\n,4006381333931,,Mine\nTWIN,96385074,Twin,\n,96385074,,Whose\n";
  for (const bool dry_run : {true, false}) {
    const Done done = shop.import(file, {.dry_run = dry_run});
    CHECK_MESSAGE(done.counts.created == 3, done);
    CHECK_MESSAGE(done.counts.changed == 4, done);
    CHECK_MESSAGE(done.counts.refused == 1, done);  // OLD's or TWIN's
    CHECK(done.refusals().find("so a SKU is needed") != std::string::npos);
  }
  CHECK(shop.field("NEW", "brand") == "Found");
  CHECK_FALSE(shop.has("8785073983116"));
  CHECK(shop.field("OLD", "brand") == "Moved");
  CHECK(shop.field("4006381333931", "brand") == "Mine");  // nobody has it any more
}

TEST_CASE("an EAN alone makes no second product below a row that was to bring or move it and was refused") {
  const std::string long_title(20'000, 'x');  // which the catalogue refuses
  for (const bool dry_run : {true, false}) {
    ImportShop shop;
    shop.import("sku,ean,title\nOLD,4006381333931,Old\n");
    // OLD was to give its EAN up; NEW was to bring one.
    const Done done = shop.import("Artikelnummer,ean,title,brand\nOLD,96385074," + long_title +
                                      ",\n,4006381333931,,Kept\nNEW,8785073983116," + long_title +
                                      ",\n,8785073983116,,Lost\n,96385074,,Lost\nFINE,5901234123457,Fine,\n"
                                      ",5901234123457,,Found\n",
                                  {.dry_run = dry_run});
    CHECK_MESSAGE(done.adds_up(), done);
    CHECK_MESSAGE(done.counts.created == 1, done);
    CHECK_MESSAGE(done.counts.changed == 2, done);
    CHECK_MESSAGE(done.counts.refused == 4, done);
    CHECK_MESSAGE(done.refusals().find("5: ean not_kept is that of the product in line 4, which was not kept") !=
                      std::string::npos,
                  done);
    CHECK(done.refusals().find("6: ean not_kept is that of the product in line 2") != std::string::npos);
    for (const char* ean : {"4006381333931", "8785073983116", "96385074", "5901234123457"}) CHECK_FALSE(shop.has(ean));
    if (dry_run) continue;
    CHECK(shop.field("OLD", "brand") == "Kept");
    CHECK(shop.field("FINE", "brand") == "Found");
  }
}

TEST_CASE("many rows that lean on each other by their EAN are kept as if each had been alone") {
  ImportShop shop;
  std::string file = "Artikelnummer,ean,title,brand\n";
  const auto ean = [](int n) {
    std::string digits = std::to_string(400'638'000'000 + n);
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
    return digits + std::to_string((10 - sum % 10) % 10);
  };
  constexpr int kPairs = 40;
  for (int i = 0; i < kPairs; ++i) file += "P" + std::to_string(i) + "," + ean(i) + ",T,\n," + ean(i) + ",,B\n";
  const Done done = shop.import(file);
  CHECK_MESSAGE(done.counts.created == kPairs, done);
  CHECK_MESSAGE(done.counts.changed == kPairs, done);
  CHECK(shop.field("P39", "brand") == "B");
}
