#include <zlib.h>

#include <filesystem>

#include "exchange/preview.h"
#include "shop.h"
#include "support/archive.h"
#include "support/whole.h"

using namespace pf;
using namespace pf::test;

namespace {

std::string gzipped(const std::string& bytes) {
  z_stream deflater{};
  REQUIRE(deflateInit2(&deflater, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&deflater, bytes.size()) + 100, '\0');
  deflater.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  deflater.avail_in = static_cast<uInt>(bytes.size());
  deflater.next_out = reinterpret_cast<Bytef*>(out.data());
  deflater.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&deflater, Z_FINISH) == Z_STREAM_END);
  out.resize(deflater.total_out);
  deflateEnd(&deflater);
  return out;
}

}  // namespace

TEST_CASE("a table in an archive is imported, whatever kind it is, and pictures beside it are told") {
  const std::string csv = "sku,title\nA,one\nB,two\n";
  const std::string xml = "<a><p sku=\"A\" title=\"one\"/><p sku=\"B\" title=\"two\"/></a>";
  const std::string book = workbook_of({{"One", sheet_rows({{"sku", "title"}, {"A", "one"}, {"B", "two"}})}});
  for (const auto& part : Parts{{"data/products.csv", csv},
                                {"feed.xml", xml},
                                {"book.xlsx", book},
                                {"list.json", "[{\"sku\":\"A\",\"title\":\"one\"},{\"sku\":\"B\"}]"},
                                {"products.csv.gz", gzipped(csv)}}) {
    ImportShop shop;
    const Done done = shop.import(
        zip_of({{"images/a.png", "\x89PNG"}, {"__MACOSX/._x", "x"}, {".DS_Store", "x"}, {"data/", ""}, part}));
    CHECK_MESSAGE(done.counts.created == 2, part.first, done);
    CHECK_MESSAGE(done.adds_up(), part.first);
    CHECK(shop.field("A", "title") == "one");
    CHECK(done.told("notice").starts_with(
        "0:  files Pictures of the archive that no row names were left: images/a.png."));
  }
}

TEST_CASE("what is said of an archive's tables leaves its XML and its JSON as they are") {
  auto mapping = exchange::parse_mapping(R"({"columns": [], "delimiter": "semicolon"})");
  REQUIRE(mapping.ok());
  exchange::ImportOptions said;
  said.mapping = std::make_shared<const exchange::Mapping>(*std::move(mapping));
  ImportShop shop;
  const std::string xml = "<a><p sku=\"A\" title=\"one\"/><p sku=\"B\" title=\"two\"/></a>";
  const Done done = shop.import(
      zip_of({{"a.xml", xml}, {"b.csv", "sku;title\nC;a,b\n"}, {"c.json", "[{\"sku\":\"D\"},{\"sku\":\"E\"}]"}}), said);
  CHECK_MESSAGE(done.counts.created == 5, done);
  CHECK(shop.field("C", "title") == "a,b");
  // By itself each says how it is written.
  CHECK(shop.import(xml, said).failure.find("this file is a workbook or XML, which says that itself") !=
        std::string::npos);
}

TEST_CASE("pictures of an archive become those of the rows that name them") {
  ImportShop shop;
  // A picture's head is looked at here; its pixels when somebody wants to see them small.
  const std::string gif("GIF89a\x02\0\x02\0and more", 18);
  const std::string table =
      "sku;title;images;more_images\nA;one;photos/Blue.GIF;\nB;two;blue.gif|https://a.test/b.png;green.gif\nC;three;x/"
      "c.png;\n"
      "D;four;twice.gif;\nE;five;elsewhere.png;\n";
  const Parts parts{{"table.csv", table},
                    {"photos/blue.gif", gif},
                    {"photos/green.gif", gif + "g"},
                    {"x/c.png", "no picture"},
                    {"1/twice.gif", gif + "1"},
                    {"2/twice.gif", gif + "2"},
                    {"photos/unused.gif", gif + "u"}};
  const Done dry = shop.import(zip_of(parts), {.dry_run = true});
  CHECK_MESSAGE(dry.counts.created == 5, dry);
  CHECK(dry.told("notice").find("4: images picture names the file x/c.png, which was not kept") != std::string::npos);
  CHECK(shop.assets->page(shop.store->read(), "", 10)->empty());

  const Done done = shop.import(zip_of(parts));
  CHECK_MESSAGE(done.counts.created == 5, done);
  const auto uploads = shop.assets->page(shop.store->read(), "", 10);
  CHECK(uploads->size() == 2);
  const std::string blue = shop.field("A", "images"), two = shop.field("B", "images");
  CHECK(blue.starts_with("[\"asset:"));
  CHECK(two.starts_with(blue.substr(0, blue.size() - 1) + ",\"https://a.test/b.png\",\"asset:"));
  CHECK(shop.field("C", "images") == "[]");
  CHECK(shop.attribute("E", "images") == "elsewhere.png");  // which is no file of the archive
  const std::string told = done.told("notice");
  CHECK(told.find("4: images picture names the file x/c.png, which was not kept: This file is no PNG") !=
        std::string::npos);
  CHECK(told.find("5: images picture names the file twice.gif, which is in several folders") != std::string::npos);
  CHECK(told.find("no row names were left: 1/twice.gif, 2/twice.gif, photos/unused.gif.") != std::string::npos);
  CHECK(shop.import(zip_of(parts)).counts.unchanged == 5);

  // What a dry run shows of new ones are their files, since nobody could look at them.
  const Parts others{
      {"table.csv", "sku;images\nA;blue.gif|new.gif\nB;new.gif\n"}, {"blue.gif", gif}, {"new.gif", gif + "n"}};
  const Done shown = shop.import(zip_of(others), {.dry_run = true});
  REQUIRE_MESSAGE(shown.counts.changed == 2, shown);
  CHECK(shown.rows[0].changes.at(0).after == blue.substr(0, blue.size() - 1) + ",\"new.gif\"]");
  CHECK(shown.rows[1].changes.at(0).after == "[\"new.gif\"]");
  CHECK(shop.assets->page(shop.store->read(), "", 10)->size() == 2);
}

TEST_CASE("an archive of pictures alone gives them to the products that their names say") {
  ImportShop shop;
  const std::string gif("GIF89a\x02\0\x02\0and more", 18);
  REQUIRE(shop.import("sku,title,ean,images\nSKU-1,one,,https://a.test/one.png\nMUG,two,4006381333931,\nABC,three,,\n"
                      "E1,four,4004764782208,\nE2,five,4004764782208,\n")
              .counts.created == 5);
  const Parts parts{{"SKU-1_2.gif", gif + "2"},     {"SKU-1.gif", gif + "1"},
                    {"SKU-1-front.gif", gif + "f"}, {"all/4006381333931 (1).gif", gif + "e"},
                    {"ABC/1.gif", gif + "a1"},      {"ABC/10.gif", gif + "a10"},
                    {"ABC/2.gif", gif + "a2"},      {"abc_3.gif", gif + "a3"},
                    {"MUG-12.gif", gif + "v"},      {"4004764782208.gif", gif + "two"},
                    {"holiday.gif", gif + "h"},     {"MUG_2.png", "no picture"},
                    {"__MACOSX/._MUG.gif", "x"},    {"all/Thumbs.db", "\xd0\xcf\x11\xe0"},
                    {"README.txt", "these are"},    {"MUG.12.gif", gif + "v2"},
                    {"MUG-small.gif", gif + "v3"}};
  // A dry run shows which product would get which of them.
  const Done dry = shop.import(zip_of(parts), {.dry_run = true});
  CHECK_MESSAGE((dry.counts.rows == 14 && dry.counts.changed == 8 && dry.adds_up()), dry);
  CHECK(dry.refusals().find("is MUG_2.png, which was not kept: This file is no PNG") != std::string::npos);
  std::string shown;
  for (const auto& row : dry.rows)
    for (const auto& change : row.changes) shown += row.sku + " " + change.before + " " + change.after + "\n";
  CHECK(shown == R"(ABC  ["ABC/1.gif","ABC/2.gif","abc_3.gif","ABC/10.gif"]
MUG  ["all/4006381333931 (1).gif"]
SKU-1 ["https://a.test/one.png"] ["https://a.test/one.png","SKU-1.gif","SKU-1-front.gif","SKU-1_2.gif"]
)");
  CHECK(shop.assets->page(shop.store->read(), "", 20)->empty());

  const Done done = shop.import(zip_of(parts));
  CHECK(done.format == "product pictures");
  CHECK_MESSAGE((done.counts.rows == 14 && done.counts.changed == 8 && done.counts.refused == 6), done);
  CHECK(done.adds_up());
  const auto count = [&](std::string_view sku) {
    return shop.products->find(shop.store->read(), sku).value()->images.size();
  };
  CHECK(shop.field("SKU-1", "images").starts_with("[\"https://a.test/one.png\",\"asset:"));
  CHECK(count("SKU-1") == 4);
  CHECK(count("MUG") == 1);
  CHECK(count("ABC") == 4);
  CHECK(count("E1") == 0);
  // "1" comes before "2", and that before "10".
  const auto of_abc = shop.products->find(shop.store->read(), "ABC").value()->images;
  const auto id_of = [&](const std::string& bytes) {
    const auto stored = shop.store->write([&](storage::Write& work) -> Result<> {
      PF_LET(const auto kept, shop.assets->put(work, bytes));
      CHECK(!kept.created);
      CHECK("asset:" + kept.asset.id == of_abc.back());
      return {};
    });
    return stored.ok();
  };
  CHECK(id_of(gif + "a10"));
  const std::string refused = done.refusals();
  CHECK(refused.find("is holiday.gif, and no product is called so: name the file") != std::string::npos);
  CHECK(refused.find("is MUG-12.gif, and no product is called so") != std::string::npos);
  CHECK(refused.find("is MUG.12.gif, and no product is called so") != std::string::npos);
  CHECK(refused.find("is MUG-small.gif, and no product is called so") != std::string::npos);
  CHECK(refused.find("is 4004764782208.gif, and several products have the EAN") != std::string::npos);
  CHECK(refused.find("is MUG_2.png, which was not kept: This file is no PNG") != std::string::npos);

  const Done again = shop.import(zip_of(parts));
  CHECK_MESSAGE((again.counts.unchanged == 8 && again.counts.refused == 6), again);
  // Who asks for another kind of file, or hides one beside the pictures, gets none of it.
  CHECK(!shop.import(zip_of(parts), {.kind = "order"}).failure.empty());
}

TEST_CASE("of pictures for one product those that fit are taken, and each that is left is told") {
  ImportShop shop;
  const std::string gif("GIF89a\x02\0\x02\0and more", 18);
  std::string images;
  for (int i = 0; i < 248; ++i) images += (i > 0 ? "|" : "") + ("https://a.test/" + std::to_string(i));
  REQUIRE(shop.import("sku,title,images\nA,one," + images + "\nB,two,\n").counts.created == 2);
  // The same picture twice is one, whatever it is called.
  Parts parts{{"A_1.gif", gif + "1"}, {"A_2.gif", gif + "1"}, {"A_3.gif", gif + "3"},
              {"A_4.gif", gif + "4"}, {"A_5.gif", gif + "5"}, {"B.gif", gif + "1"}};
  for (const bool dry_run : {true, false}) {
    const Done done = shop.import(zip_of(parts), {.dry_run = dry_run});
    CHECK_MESSAGE((done.counts.rows == 6 && done.counts.changed == 3 && done.counts.unchanged == 1), done);
    CHECK(done.adds_up());
    const std::string told = done.refusals();
    for (const char* left :
         {"4: file too_many is A_4.gif, which finds no room: its product has 250 images", "is A_5.gif"})
      CHECK_MESSAGE(told.find(left) != std::string::npos, told);
    CHECK(told.find("A_3.gif") == std::string::npos);
  }
  CHECK(shop.products->find(shop.store->read(), "A").value()->images.size() == 250);
  const Done again = shop.import(zip_of(parts));
  CHECK_MESSAGE((again.counts.unchanged == 4 && again.counts.refused == 2 && again.adds_up()), again);
  CHECK(shop.products->find(shop.store->read(), "A").value()->images.size() == 250);
}

TEST_CASE("a picture's name says a SKU in other capitals too, where one alone is meant") {
  ImportShop shop;
  const std::string gif("GIF89a\x02\0\x02\0and more", 18);
  REQUIRE(shop.import("sku,category\nABC-1,a\nMixed/Case,a\nTwin,a\ntWin,a\nlow,a\nLOW,a\nABC-1_2x,a\nmug,a\nMUG_2,a\n")
              .counts.created == 9);
  const auto images = [&](std::string_view sku) {
    return shop.products->find(shop.store->read(), sku).value()->images.size();
  };
  const Parts parts{{"abc-1.gif", gif + "1"}, {"aBc-1_2.gif", gif + "2"}, {"twin.gif", gif + "3"},
                    {"low.gif", gif + "4"},   {"mug_2.gif", gif + "5"},   {"LOW/1.gif", gif + "6"},
                    {"Tw.gif", gif + "7"}};
  const Done done = shop.import(zip_of(parts));
  CHECK_MESSAGE((done.counts.changed == 5 && done.counts.refused == 2 && done.adds_up()), done);
  CHECK(images("ABC-1") == 2);
  CHECK(images("low") == 1);
  CHECK(images("LOW") == 1);
  CHECK(images("mug") == 1);  // which is written so
  CHECK(images("MUG_2") == 0);
  CHECK(images("Twin") + images("tWin") == 0);
  CHECK_MESSAGE(
      done.refusals().find("is twin.gif, and the SKUs Twin and tWin differ in capitals alone") != std::string::npos,
      done);
  // Whoever is limited learns nothing of others' products.
  access::Limits limits;
  limits.categories = {"b"};
  shop.clerk.limits = std::make_shared<const access::Limits>(limits);
  const Done outside = shop.import(zip_of(parts));
  CHECK_MESSAGE(outside.counts.refused == 7, outside);
  CHECK_MESSAGE(outside.refusals().find("SKUs") == std::string::npos, outside);
}

TEST_CASE("a picture's name means what is written exactly so, be it its folder, before other capitals") {
  ImportShop shop;
  const std::string gif("GIF89a\x02\0\x02\0and more", 18);
  REQUIRE(shop.import("sku,title\nMUG-1,a\nBlue,b\nTOP,c\nRED_2,d\nred,e\n").counts.created == 5);
  const Done done = shop.import(zip_of({{"MUG-1/blue.gif", gif + "1"},
                                        {"MUG-1/Top.gif", gif + "2"},
                                        {"MUG-1/TOP.gif", gif + "3"},
                                        {"mug-1/Blue_3.gif", gif + "4"},
                                        {"mug-1/back-blue.gif", gif + "5"},
                                        {"mug-1/blue_2.gif", gif + "6"},
                                        {"photos/Top_2.gif", gif + "7"},
                                        {"Red_2/green.gif", gif + "8"}}));
  CHECK_MESSAGE((done.counts.changed == 8 && done.adds_up()), done);
  const auto images = [&](std::string_view sku) {
    return shop.products->find(shop.store->read(), sku).value()->images.size();
  };
  CHECK(images("MUG-1") == 3);  // blue, Top, and back-blue, which is called so nowhere
  CHECK(images("TOP") == 2);
  CHECK(images("Blue") == 2);
  CHECK(images("RED_2") == 1);
}

TEST_CASE("a picture that names a product of others goes to none of those with shorter names") {
  ImportShop shop;
  const std::string gif("GIF89a\x02\0\x02\0and more", 18);
  REQUIRE(shop.import("sku,category,ean\nB_2,others,\nB,mine,\n4006381333931_2,mine,\n"
                      "E,others,4006381333931\nsolo,mine,\nSOLO,others,\n")
              .counts.created == 6);
  access::Limits limits;
  limits.categories = {"mine"};
  shop.clerk.limits = std::make_shared<const access::Limits>(limits);
  const auto images = [&](std::string_view sku) {
    return shop.products->find(shop.store->read(), sku).value()->images.size();
  };
  const Done done = shop.import(zip_of({{"B_2.gif", gif + "1"},
                                        {"B/B_2 (2).gif", gif + "2"},
                                        {"4006381333931.gif", gif + "3"},
                                        {"SOLO.gif", gif + "4"},
                                        {"B_3.gif", gif + "5"},
                                        {"Solo.gif", gif + "6"}}));
  CHECK_MESSAGE((done.counts.refused == 4 && done.counts.changed == 2 && done.adds_up()), done);
  CHECK(done.refusals().find("is B_2.gif, and no product is called so: name the file") != std::string::npos);
  CHECK(images("B") == 1);  // B_3
  CHECK(images("solo") == 1);
  CHECK(images("B_2") + images("E") + images("SOLO") == 0);
}

TEST_CASE("a dry run shows of many pictures with long names the first, each by the start of its name") {
  ImportShop shop;
  const std::string gif("GIF89a\x02\0\x02\0and more", 18);
  REQUIRE(shop.import("sku,images\nA,https://a.test/one.png\n").counts.created == 1);
  Parts parts;
  for (int i = 10; i < 35; ++i)
    parts.push_back({"A/" + std::to_string(i) + std::string(400, 'x') + ".gif", gif + std::to_string(i)});
  const Done dry = shop.import(zip_of(parts), {.dry_run = true});
  CHECK_MESSAGE((dry.counts.changed == 25 && dry.adds_up()), dry);
  std::string expected = "[\"https://a.test/one.png\"";
  for (int i = 10; i < 30; ++i) expected += ",\"A/" + std::to_string(i) + std::string(196, 'x') + "\"";
  expected += ",\"+5\"]";
  std::string shown;
  for (const auto& row : dry.rows)
    for (const auto& change : row.changes) shown += change.after;
  CHECK(shown == expected);
}

TEST_CASE("a look at an archive of very many pictures names only the first") {
  ImportShop shop;
  const std::string gif("GIF89a\x02\0\x02\0and more", 18);
  REQUIRE(shop.import("sku,title\nA,one\n").counts.created == 1);
  Parts parts{{"zz.gif", gif}};
  for (int i = 0; i < 600; ++i) parts.push_back({"A/" + std::to_string(i) + ".gif", gif});
  const std::string zip = zip_of(parts);
  formats::MemorySource source(zip, 100'000);
  const auto seen = exchange::preview(shop.rooms(), {.by = shop.clerk}, source);
  REQUIRE(seen.ok());
  REQUIRE(seen->items.size() == 1);  // and nothing of zz.gif
  CHECK(seen->items[0].faults.empty());
}

TEST_CASE("a look at an archive of pictures shows whose they are") {
  ImportShop shop;
  const std::string gif("GIF89a\x02\0\x02\0and more", 18);
  REQUIRE(shop.import("sku,title\nA,one\nB,two\n").counts.created == 2);
  const std::string zip = zip_of({{"a_2.gif", gif + "2"}, {"A.gif", gif + "1"}, {"B/1.gif", gif}, {"C.gif", gif}});
  formats::MemorySource source(zip, 100'000);
  const auto seen = exchange::preview(shop.rooms(), {.by = shop.clerk}, source);
  REQUIRE(seen.ok());
  CHECK(seen->format == "product pictures");
  std::string shown;
  for (const auto& item : seen->items) {
    for (const auto& [name, value] : item.fields) shown += name + " " + value + "; ";
    for (const auto& fault : item.faults) shown += fault.code;
    shown += "\n";
  }
  CHECK(shown == "sku ; images C.gif; unknown\nsku A; images A.gif | a_2.gif; \nsku B; images B/1.gif; \n");
  CHECK(shop.assets->page(shop.store->read(), "", 10)->empty());
}

TEST_CASE("several tables of an archive are imported one after the other, and their counts add up") {
  ImportShop shop;
  const Done done = shop.import(zip_of(
      {{"1.csv", "sku,title\nA,one\nB,two\n,none\n"}, {"2.csv", "sku,stock\nA,5\n"}, {"3.csv", "code;label\nx;y\n"}}));
  CHECK_MESSAGE(done.counts.rows == 4, done);
  CHECK(done.adds_up());
  CHECK(done.format == "products");
  CHECK(shop.available("A") == 5);
  CHECK(done.told("notice").find("above is of the file 1.csv of the archive: 3 rows") != std::string::npos);
  CHECK(done.told("notice").find("The file 3.csv was not imported: This is not a file") != std::string::npos);
}

TEST_CASE("a file beside the tables of an archive does not keep them out, whatever it is") {
  ImportShop shop;
  const Done done = shop.import(zip_of({{"a.json", "{\"name\": \"package\"}"},
                                        {"b.json", "{"},
                                        {"c.txt", "Dear reader"},
                                        {"products.csv", "sku,title\nA,one\nB,two\n"},
                                        {"twice.csv", "sku,title,Title\nC,one,two\n"}}));
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(done.adds_up());
  CHECK(done.format == "products");
  for (const char* why : {"The file a.json was not imported: This file holds neither",
                          "The file c.txt was not imported: This is not a file", "\"Title\" twice"})
    CHECK_MESSAGE(done.told("notice").find(why) != std::string::npos, done.told("notice"));
}

TEST_CASE("a compressed file is read as what is in it") {
  ImportShop shop;
  const std::string csv = "sku,title\nA,one\nB,two\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1'000}})
    CHECK(shop.import(gzipped(csv), {}, piece).counts.rows == 2);
  // Members one behind the other are one file, as gzip has it.
  CHECK(shop.import(gzipped(csv) + gzipped("C,three\n")).counts.rows == 3);
  CHECK(shop.import(gzipped("<a><p sku=\"X\" title=\"1\"/><p sku=\"Y\" title=\"2\"/></a>")).counts.created == 2);
}

TEST_CASE("archives that hold nothing to import, damaged and packed again and again, say what they are") {
  ImportShop shop;
  const auto failure = [&](const std::string& file) { return shop.import(file).failure; };
  CHECK(failure(zip_of({{"a.csv", "alpha,beta\n1,2\n"}})).find("must name its columns") != std::string::npos);
  const std::string inner = zip_of({{"a.csv", "sku,title\nA,b\n"}});
  CHECK(failure(zip_of({{"a.zip", zip_of({{"a.zip", inner}})}})).find("archive in an archive") != std::string::npos);
  CHECK(failure(gzipped(gzipped(gzipped("sku,title\nA,b\n")))).find("packed in what is packed") != std::string::npos);
  CHECK(failure(zip_of({{"../a.csv", "sku,title\nA,b\n"}})).find("outside of it") != std::string::npos);
  CHECK(failure("\x1f\x8b nonsense").find("damaged or cut off") != std::string::npos);
}

TEST_CASE("a packed table that is cut off gives the rows before the cut, and one that swells is stopped" *
          test::whole) {
  ImportShop shop;
  std::string rows = "sku,title\n";
  for (int i = 0; i < 20'000; ++i)
    rows += "SKU-" + std::to_string(i * 7919) + ",title " + std::to_string(i * 31) + "\n";
  const std::string packed = gzipped(rows);
  const Done cut = shop.import(packed.substr(0, packed.size() / 2));
  CHECK_MESSAGE(cut.counts.created > 100, cut);
  CHECK_MESSAGE(cut.refusals().find("cut_off") != std::string::npos, cut);
  const Done bomb = shop.import(gzipped("sku,title\nA,b\n" + std::string(100u << 20, '\n')));
  CHECK_MESSAGE((bomb.failure + bomb.refusals()).find("swells") != std::string::npos, bomb);
}

TEST_CASE("the archives of the folder are read with their rows accounted for" * test::whole) {
  const auto folder = shared_data() / "akeneo" / "features_fixtures";
  if (skipped_without(folder)) return;
  for (const char* name : {"caterpillar_import.zip", "caterpillar_import_xlsx.zip"}) {
    ImportShop shop;
    const Done done = shop.import(content_of(folder / name));
    CHECK_MESSAGE(done.counts.created == 3, name, done, done.told("notice"));
    CHECK(done.told("notice").find("no row names") == std::string::npos);
    CHECK(shop.attribute("CAT-001", "side_view").starts_with("asset:"));
    CHECK(shop.assets->page(shop.store->read(), "", 10)->size() == 3);
  }
  ImportShop shop;
  const Done groups = shop.import(content_of(folder / "caterpillar_variant_import.zip"));
  CHECK_MESSAGE(groups.counts.rows == 2, groups);
  CHECK(groups.adds_up());
}

TEST_CASE("an archive's tables are read in the order in which they need each other, and each refusal says of which") {
  ImportShop shop;
  const Done done = shop.import(
      zip_of({{"1_products.csv", "sku;family;groups;color\nA;shirts;;red\nB;shirts;;green\n"},
              {"2_families.csv",
               "code;label-en_US;attributes;attribute_as_label;requirements-web\nshirts;Shirts;sku,color;sku;color\n"},
              {"3_options.csv", "code;label-en_US;attribute;sort_order\nred;Red;color;1\n"},
              {"4_channels.csv", "code;label-en_US;currencies;locales;tree\nweb;Web;EUR;en_US;master\n"},
              {"5_attributes.csv",
               "code;label-en_US;type;localizable;scopable;group;sort_order\nsku;SKU;pim_catalog_identifier;0;0;;1\n"
               "color;Color;pim_catalog_simpleselect;0;0;;2\n"},
              {"6_categories.csv", "code;parent;label-en_US\nmaster;;Master\n"}}));
  CHECK_MESSAGE(done.counts.refused == 1, done);
  CHECK_MESSAGE(done.counts.created == 6, done);  // one of each, two attributes; the option changes one of them
  for (const auto& row : done.rows)
    if (row.outcome == "refused") {
      CHECK(row.file == "1_products.csv");
      CHECK(row.sku == "B");
    }
}
