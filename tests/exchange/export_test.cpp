#include "exchange/exporter.h"

#include "catalog/product_body.h"
#include "formats/zip_reader.h"
#include "reference_csv.h"
#include "shop.h"
#include "support/whole.h"

using namespace pf;
using namespace pf::test;
using exchange::ExportFormat;
using exchange::ExportKind;

namespace {

std::string exported(ImportShop& shop, const exchange::ExportQuestion& question) {
  std::string out;
  const auto sink = [&](std::string_view piece) {
    out += piece;
    return true;
  };
  REQUIRE(exchange::check_export(shop.rooms(), question).ok());
  const auto done = exchange::write_export(shop.rooms(), question, sink);
  REQUIRE_MESSAGE(done.ok(), done.error().message);
  return out;
}
// Every part of an archive, one behind the other.
std::string unpacked(const std::string& archive) {
  formats::MemorySource source(archive);
  auto reader = formats::ZipReader::open(source);
  REQUIRE(reader.ok());
  std::string out;
  for (const auto& entry : reader->entries()) out += *reader->read_all(entry, 1u << 20);
  return out;
}
std::string exported(ImportShop& shop, ExportFormat format, ExportKind kind = ExportKind::product) {
  exchange::ExportQuestion question;
  question.kind = kind;
  question.format = format;
  return exported(shop, question);
}

void post(ImportShop& shop, std::string_view sku, std::string_view body, std::string_view offer = {}) {
  const auto read_body = catalog::product_body_of(*json::parse(body), catalog::BodyStyle::json);
  REQUIRE(read_body.ok());
  const auto done = shop.store->write([&](storage::Write& work) -> Result<> {
    PF_TRY(shop.products->change(work, shop.clerk, *catalog::parse_sku(sku), read_body->change,
                                 catalog::WriteMode::upsert, "nl-NL"));
    if (offer.empty()) return {};
    PF_LET(const auto change, catalog::offer_change_of(*json::parse(offer)));
    PF_TRY(shop.offers->upsert(work, shop.clerk, *catalog::parse_sku(sku), change));
    return {};
  });
  REQUIRE_MESSAGE(done.ok(), done.error().message);
}

// Everything that a product may be and a spreadsheet may stumble over.
void fill(ImportShop& shop) {
  post(shop, "P-1", R"({"title":"Parent","categories":["clothing/shirts"],"attributes":{"color":"blue"}})");
  post(
      shop, "P 1/%a,\"b\"",
      R"j({"title":"=HYPERLINK(\"http://x\")","description":"<p>two\r\nlines</p>\n","brand":"-Acme",
        "ean":"4006381333931","family":"shirts","parent":"P-1","categories":["a, b/c","clothing"],"enabled":false,
        "images":["https://x.example/a.png?b=1,2","https://x.example/b.png"],
        "attributes":{"weight":1.50,"sizes":["S","M"],"deep":{"a":null,"b":[1]},"flag":true,"empty":"","blank":" x ",
                      "formula":"@SUM(A1)","minus":"-5","quote":"'quoted","tab":"\tx","name":"clash","price":"clash too",
                      "Color":"Blue","color":"blue","a@nl-NL":"odd","x:json":"odd too","attributes.y":"and this",
                      "control":"a\u0001b","umlaut":"\u00e4\ud83d\ude00","price-EUR":"12"},
        "texts":{"de-DE":{"title":"+Eltern","note":"1"},"en":{"description":"=1+1","note":2}}})j",
      R"({"title":"Offer","proposition":"Today","prices":{"EUR":{"sell_price":19.95,"cost_price":10},"JPY":{"sell_price":1995}}})");
  post(shop, "N", R"({"attributes":{"mixed":5},"associations":{"X_SELL":["P 1/%a,\"b\"","P-1"],"PACK":["P-1"]}})");
  post(shop, "P-1", R"({"associations":{"PACK":[{"sku":"N","quantity":2}]}})");
  post(shop, "S", R"({"attributes":{"mixed":"5"}})");
}

}  // namespace

TEST_CASE(
    "an export that is imported into an empty shop and exported again is the same, in every format that carries it" *
    test::whole) {
  for (const ExportFormat format :
       {ExportFormat::csv, ExportFormat::xlsx, ExportFormat::json, ExportFormat::ndjson, ExportFormat::xml}) {
    ImportShop shop, other;
    fill(shop);
    const std::string file = exported(shop, format);
    const Done done = other.import(file);
    CHECK_MESSAGE(done.counts.created == 4, file, done, done.told("notice"));
    CHECK(done.told("notice").empty());
    CHECK((exported(other, format) == file));
    CHECK_MESSAGE(shop.import(file).counts.unchanged == 4, file);
    // Value by value, types included.
    for (const char* sku : {"P-1", "P 1/%a,\"b\"", "N", "S"}) {
      const auto a = *shop.products->find(shop.store->read(), sku), b = *other.products->find(other.store->read(), sku);
      REQUIRE((a && b));
      CHECK(a->parent == b->parent);
      CHECK(a->categories == b->categories);
      CHECK(a->images == b->images);
      CHECK(a->texts.size() == b->texts.size());
      for (const auto& one : a->attributes) {
        const auto* same = catalog::find_attribute(b->attributes, one.first);
        CHECK_MESSAGE((same != nullptr && *same == one.second), one.first, one.second);
      }
    }
  }
}

TEST_CASE("the columns of an export are those that its products use, however they are found") {
  ImportShop shop;
  const auto header = [&](const exchange::ExportQuestion& question) {
    const std::string file = exported(shop, question);
    return file.substr(0, file.find('\r'));
  };
  const auto columns = [&](std::string_view brand = {}) {
    exchange::ExportQuestion question;
    if (!brand.empty()) question.products.where = {{"brand", catalog::Operator::eq, {std::string(brand)}}};
    const std::string names = header(question);
    const std::string_view fixed = "sku,parent,family,brand,ean,enabled,categories,images";
    REQUIRE(names.starts_with(fixed));
    return names.substr(fixed.size(),
                        names.size() - fixed.size() - std::string_view(",attributes:json,texts:json").size());
  };
  CHECK(columns().empty());
  // More than are looked at first, so that the others are found by who had them, and by the index.
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                for (int i = 0; i < 600; ++i) {
                  const auto body = catalog::product_body_of(
                      *json::parse(R"({"brand":"Acme","title":"A","attributes":{"size":"S"}})"),
                      catalog::BodyStyle::json);
                  PF_TRY(shop.products->change(work, shop.clerk, *catalog::parse_sku("A-" + std::to_string(1000 + i)),
                                               body->change, catalog::WriteMode::upsert, "nl-NL"));
                }
                return {};
              })
              .ok());
  CHECK(columns() == ",title@nl-NL,size");
  post(shop, "Z-1", R"({"brand":"Zed","attributes":{"size":7,"only":"x"},"associations":{"PACK":[{"sku":"A-1000"}]}})",
       R"({"proposition":"soon","prices":{"EUR":{"sell_price":1,"cost_price":2}}})");
  const std::string all = ",title@nl-NL,sell_price.EUR,cost_price.EUR,proposition,associations.PACK,only,size:json";
  CHECK(columns() == all);
  CHECK(columns("Acme") == ",title@nl-NL,size");
  CHECK(columns("Zed") == ",sell_price.EUR,cost_price.EUR,proposition,associations.PACK,only,size:json");
  // What nobody uses any more goes, and comes back.
  REQUIRE(shop.store
              ->write([&](storage::Write& work) {
                return shop.products->remove(work, shop.clerk, *catalog::parse_sku("Z-1"), {});
              })
              .ok());
  CHECK(columns() == ",title@nl-NL,size");
  post(shop, "Z-2", R"({"attributes":{"only":"x"}})");
  CHECK(columns() == ",title@nl-NL,only,size");
  // A shop from before columns were kept finds them by a walk, and keeps them.
  auto kept = *shop.products->used_columns().all(shop.store->read());
  REQUIRE(kept);
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                const auto family = shop.store->family("products");
                std::vector<std::string> keys;
                for (auto row = work.scan(family, "\x08", "\x09"); row.valid(); row.next())
                  keys.emplace_back(row.key());
                for (const std::string& key : keys) work.erase(family, key);
                return {};
              })
              .ok());
  CHECK_FALSE(*shop.products->used_columns().all(shop.store->read()));
  CHECK(columns() == ",title@nl-NL,only,size");
  kept = *shop.products->used_columns().all(shop.store->read());
  REQUIRE(kept);
  CHECK(kept->size() == 3);
  CHECK(columns() == ",title@nl-NL,only,size");
}

TEST_CASE("no cell of an export runs as a formula in a spreadsheet") {
  ImportShop shop;
  fill(shop);
  const auto rows = reference_csv(exported(shop, ExportFormat::csv), ',');
  CHECK(rows.size() == 5);
  for (const auto& row : rows)
    for (const std::string& cell : row) {
      if (cell.empty() || cell == "-5") continue;  // a number is no formula
      CHECK_MESSAGE(std::string_view("=+-@\t\r\n").find(cell[0]) == std::string_view::npos, cell);
    }
}

TEST_CASE("the Akeneo catalogue goes out and comes back unchanged" * test::whole) {
  const auto path = shared_data() / "akeneo" / "icecat_demo_dev" / "products.csv";
  if (skipped_without(path)) return;
  ImportShop shop, other;
  shop.import(content_of(path));
  const std::string csv = exported(shop, ExportFormat::csv);
  CHECK(shop.import(csv).counts.unchanged == 1'239);
  const Done done = other.import(csv);
  CHECK_MESSAGE(done.counts.created == 1'239, done);
  CHECK((exported(other, ExportFormat::csv) == csv));
}

TEST_CASE("an export holds what the list's question means, in the list's order") {
  ImportShop shop;
  shop.import("sku,title,brand,price\nA,Blue mug,Acme,3\nB,Red mug,Acme,1\nC,Blue hat,Other,2\n");
  exchange::ExportQuestion question;
  question.products.text = "mug";
  question.products.sort = {{"price", true}};
  auto rows = reference_csv(exported(shop, question), ',');
  REQUIRE(rows.size() == 3);
  CHECK(rows[1][0] == "A");
  CHECK(rows[2][0] == "B");
  question.products.where = {{"brand", catalog::Operator::eq, {"Nobody"}}};
  CHECK(reference_csv(exported(shop, question), ',').size() == 1);
  question.products.where = {{"price", catalog::Operator::gt, {"much"}}};
  CHECK_FALSE(exchange::check_export(shop.rooms(), question).ok());
}

TEST_CASE("pages of an export join without a gap or a repetition") {
  ImportShop shop;
  std::string file = "sku,title\n";
  for (int i = 0; i < 1'203; ++i) file += "SKU-" + std::to_string(i) + ",t\n";
  shop.import(file);
  exchange::ExportQuestion question;
  CHECK(reference_csv(exported(shop, question), ',').size() == 1'204);
  question.products.sort = {{"created_at", true}};
  std::map<std::string, int> seen;
  for (const auto& row : reference_csv(exported(shop, question), ',')) ++seen[row[0]];
  CHECK(seen.size() == 1'204);
}

TEST_CASE("an orders export holds totals and lines and nobody's name, and comes back from every format") {
  ImportShop shop;
  shop.import(
      "order-id\torder-item-id\tpurchase-date\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\trecipient-"
      "name\tship-city\tship-country\tbuyer-email\n"
      "7-1\t1\t2026-01-14T10:00:00Z\tA\tMug\t2\tEUR\t20.00\tZyxander Quillonbury\tQuillonstad\tNL\tzyx@example.com\n"
      "7-1\t2\t2026-01-14T10:00:00Z\tB\tHat\t1\tEUR\t9.95\t\t\t\t\n");
  for (const ExportFormat format :
       {ExportFormat::csv, ExportFormat::xlsx, ExportFormat::json, ExportFormat::ndjson, ExportFormat::xml}) {
    std::string file = exported(shop, format, ExportKind::order);
    ImportShop other;
    const Done made = other.import(file), again = shop.import(file);
    CHECK_MESSAGE(made.adds_up(), made);
    CHECK_MESSAGE((made.counts.created > 0 && made.counts.refused == 0), made);
    CHECK_MESSAGE((again.counts.unchanged == again.counts.rows && again.told("notice").empty()), again);
    CHECK((exported(other, format, ExportKind::order) == exported(shop, format, ExportKind::order)));
    if (format == ExportFormat::xlsx) file = unpacked(file);
    CHECK(file.find("7-1") != std::string::npos);
    CHECK(file.find("29.95") != std::string::npos);
    for (const char* secret : {"Zyxander", "Quillon", "zyx@"}) CHECK(file.find(secret) == std::string::npos);
  }
  const auto rows = reference_csv(exported(shop, ExportFormat::csv, ExportKind::order), ',');
  CHECK(rows.size() == 3);  // a line a row
}

TEST_CASE("what an export is known by follows what it holds, and nothing else") {
  ImportShop shop(ImportShop::WithEvents{});
  fill(shop);
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_TRY(shop.products->models().describe(work, shop.clerk, catalog::ModelKind::reference_kind, "maker",
                                                        *json::parse("{}"), catalog::DescribeMode::put));
                return {};
              })
              .ok());
  constexpr ExportKind kKinds[] = {ExportKind::product, ExportKind::stock_by_location, ExportKind::order,
                                   ExportKind::reference};
  const auto marks = [&] {
    std::vector<std::string> out;
    for (const ExportKind kind : kKinds) {
      exchange::ExportQuestion question;
      question.kind = kind;
      question.reference_kind = "maker";
      out.push_back(*exchange::export_mark(shop.rooms(), shop.store->read(), question));
    }
    return out;
  };
  auto before = marks();
  CHECK(marks() == before);
  // Which of the four an act changes.
  const auto changes = [&](const std::string& act, std::vector<bool> which) {
    const auto now = marks();
    for (std::size_t i = 0; i < now.size(); ++i) CHECK_MESSAGE((now[i] != before[i]) == which[i], act << " " << i);
    before = now;
  };
  post(shop, "P-1", R"({"title":"Other"})");
  changes("a product", {true, true, false, false});
  shop.import("sku,shelf\nP-1,A-03-2\n");
  changes("a shelf", {true, true, false, false});
  stock::Locations locations(*shop.store, *shop.audit);
  REQUIRE(locations.create(shop.clerk, "shop", {}).ok());
  changes("a new location", {true, true, false, false});
  REQUIRE(locations.change(shop.clerk, "shop", {.may_ship = false}).ok());
  changes("a location that sells no more", {true, true, false, false});
  shop.import("reference_kind,code,label@en\nmaker,acme,Acme\nmaker,zenith,Zenith\n");
  changes("two records", {false, false, false, true});
  REQUIRE(shop.store
              ->write([&](storage::Write& work) {
                return shop.products->references().remove(work, shop.clerk, "maker", "acme", {});
              })
              .ok());
  changes("a record that goes", {false, false, false, true});
  shop.import(
      "order-id\torder-item-id\tpurchase-date\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\n"
      "1\t1\t2026-11-01T10:00:00Z\tNONE\tThing\t1\tEUR\t5.00\n");
  REQUIRE(shop.order_count() == 1);
  changes("an order", {false, false, true, false});
  REQUIRE(shop.orders->accept(shop.clerk, shop.order("1").id).ok());
  changes("an order that is accepted", {false, false, true, false});
}

TEST_CASE("a stock export is read back, and XML is well formed") {
  ImportShop shop;
  fill(shop);
  shop.import("sku,stock\nN,12\n");
  const std::string stock = exported(shop, ExportFormat::csv, ExportKind::stock);
  CHECK(stock == "sku,stock,on_hand,allocated,shelf\r\nN,12,12,0,\r\n");
  CHECK(shop.import(stock).counts.unchanged == 1);
  for (const ExportFormat format : {ExportFormat::xlsx, ExportFormat::json, ExportFormat::ndjson, ExportFormat::xml}) {
    const Done back = shop.import(exported(shop, format, ExportKind::stock));
    CHECK_MESSAGE(back.counts.unchanged == 1, back);
  }
  // By location: what is free at each, and where it stands.
  stock::Locations locations(*shop.store, *shop.audit);
  REQUIRE(locations.create(shop.clerk, "loft", {.may_ship = false}).ok());
  CHECK(shop.import("sku,location,stock,shelf\nN,loft,5,A-03-2\nN,attic,1,\n").counts.refused == 1);
  CHECK(shop.stock->level(shop.store->read(), "N")->available() == 12);
  const std::string places = exported(shop, ExportFormat::csv, ExportKind::stock_by_location);
  CHECK(places == "sku,location,stock,on_hand,allocated,shelf\r\nN,main,12,12,0,A-03-2\r\nN,loft,5,5,0,A-03-2\r\n");
  for (const ExportFormat format : {ExportFormat::csv, ExportFormat::ndjson}) {
    const Done back = shop.import(exported(shop, format, ExportKind::stock_by_location));
    CHECK_MESSAGE(back.counts.unchanged == 2, back);
  }
  CHECK(shop.import("sku,location,stock\nN,main,3\nN,loft,9\n").counts.changed == 2);
  CHECK(shop.stock->level(shop.store->read(), "N")->on_hand == 12);
  const std::string xml = exported(shop, ExportFormat::xml);
  CHECK(xml.starts_with(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<products>\n<product><field name=\"sku\">N</field>"));
  CHECK(xml.find('\x01') == std::string::npos);
  CHECK(xml.find("=HYPERLINK(&quot;http://x&quot;)") != std::string::npos);
  CHECK(xml.ends_with("</products>\n"));
}

TEST_CASE("an export for other programs has variants with what they inherit, and the plain one does not") {
  ImportShop shop;
  post(shop, "P", R"({"title":"Hemd","brand":"Acme","ean":"4006381333931","categories":["shirts"],
                      "attributes":{"material":"cotton","color":"any"},"texts":{"en":{"title":"Shirt","care":"wash"}}})");
  post(shop, "V", R"({"parent":"P","attributes":{"color":"red"}})");
  exchange::ExportQuestion question;
  question.format = ExportFormat::ndjson;
  const auto variant = [&] {
    const std::string all = exported(shop, question);
    return all.substr(all.find("{\"sku\":\"V\""));
  };
  CHECK(variant().find("cotton") == std::string::npos);
  question.inherited = true;
  const std::string whole = variant();
  CHECK(whole.find(R"("brand":"Acme","ean":null)") != std::string::npos);
  CHECK(whole.find(R"("categories":["shirts"])") != std::string::npos);
  CHECK(whole.find(R"("attributes":{"color":"red","material":"cotton"})") != std::string::npos);
  CHECK(whole.find(R"("en":{"title":"Shirt","care":"wash"})") != std::string::npos);
}
