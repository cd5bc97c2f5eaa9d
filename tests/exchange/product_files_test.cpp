#include "reference_csv.h"
#include "shop.h"
#include "support/whole.h"

using namespace pf;
using namespace pf::test;

namespace fs = std::filesystem;

TEST_CASE("every product file of the folder is read with its rows accounted for and its refusals explained" *
          test::whole) {
  const auto folder = shared_data();
  if (skipped_without(folder)) return;
  std::size_t files = 0;
  for (const char* name : {"woocommerce", "vendure", "unopim", "bol", "akeneo/catalog_modeling", "akeneo/technical"}) {
    if (!fs::exists(folder / name)) continue;
    for (const auto& entry : fs::directory_iterator(folder / name)) {
      if (entry.path().extension() != ".csv") continue;
      ++files;
      ImportShop shop;
      const Done done = shop.import(content_of(entry.path()));
      CHECK_MESSAGE(done.adds_up(), entry.path().string());
      CHECK_MESSAGE((!done.failure.empty() || done.counts.rows > 0), entry.path().string());
      for (const auto& row : done.rows) {
        if (row.outcome != "refused" && row.outcome != "notice") continue;
        CHECK_MESSAGE(!row.errors.empty(), entry.path().string(), row.line);
        for (const auto& fault : row.errors) CHECK_MESSAGE(!fault.message.empty(), entry.path().string());
      }
      if (std::getenv("PF_SHOW") != nullptr) std::cout << entry.path().filename() << " " << done << done.told("notice");
      if (!done.failure.empty() || done.counts.created == 0) continue;
      const Done again = shop.import(content_of(entry.path()));
      CHECK_MESSAGE(again.counts.created == 0, entry.path().string(), again);
    }
  }
  CHECK(files > 50);
}

TEST_CASE("woocommerce: the three generations keep every row and every filled column") {
  const auto folder = shared_data() / "woocommerce";
  if (skipped_without(folder)) return;
  for (const auto& [named, rows] : {std::pair{"woo_upstream_sample_products.csv", 25},
                                    {"sample_products.csv", 24},
                                    {"importer_unit_sample.csv", 7}}) {
    const std::string name = named;
    ImportShop shop;
    const Done done = shop.import(content_of(folder / name));
    CHECK_MESSAGE(done.counts.created == static_cast<std::uint64_t>(rows), name, done);
    const auto file = reference_csv(content_of(folder / name), ',');
    for (std::size_t r = 1; r < file.size(); ++r) {
      std::map<std::string, std::string> cells;
      for (std::size_t c = 0; c < file[0].size(); ++c) cells[file[0][c]] = c < file[r].size() ? file[r][c] : "";
      if (cells["SKU"].empty()) continue;
      CHECK_MESSAGE(shop.field(cells["SKU"], "title") == cells["Name"], name);
      if (!cells["Stock"].empty()) CHECK(std::to_string(shop.available(cells["SKU"])) == cells["Stock"]);
      const json::Value product = shop.product(cells["SKU"]);
      const std::string all = json::write(product);
      for (const auto& cell : cells) {
        const auto& [column, value] = cell;
        if (value.empty() || column == "Regular price" || column == "Sale price" || column == "Stock" ||
            column == "Published" || column == "Categories" || column == "Images" || column == "Parent")
          continue;
        std::string quoted;
        json::write_string(value, quoted);
        CHECK_MESSAGE(all.find(quoted) != std::string::npos, name, cell.first, cell.second);
      }
    }
  }
}

TEST_CASE("woocommerce: variations hang under their parent, by SKU or by ID, wherever it stands") {
  ImportShop shop;
  const Done done = shop.import(
      "ID,Type,SKU,Name,Regular price,Sale price,Parent,Attribute 1 name,Attribute 1 value(s)\n"
      "7,variation,V-7,Hoodie - Red,45,42.5,id:5,Color,Red\n"
      "8,variation,,Hoodie - Blue,45,,HOODIE,Color,Blue\n"
      "5,variable,HOODIE,Hoodie,,,,Color,\"Blue, Red\"\n");
  CHECK_MESSAGE(done.counts.created == 3, done);
  CHECK(shop.field("V-7", "parent") == "HOODIE");
  CHECK(shop.field("woo-8", "parent") == "HOODIE");
  CHECK(shop.price("V-7") == "42.50");
  CHECK(shop.price("V-7", "EUR", catalog::PriceKind::base_price) == "45.00");
  CHECK(shop.price("woo-8") == "45.00");
}

TEST_CASE("shopify: rows of one handle become a parent with its variants, or one product without options") {
  ImportShop shop;
  const std::string file =
      "Handle,Title,Body (HTML),Vendor,Type,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant "
      "SKU,Variant Inventory Qty,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Status\r\n"
      "tee,Tee,\"<p>Soft\nand "
      "blue</p>\",Acme,Shirts,true,Size,S,Color,Blue,TEE-S,3,19.95,24.95,4006381333931,https://x.example/"
      "1.png,active\r\n"
      "tee,,,,,,,M,,Blue,,4,19.95,,,https://x.example/2.png,\r\n"
      "tee,,,,,,,,,,,,,,,https://x.example/3.png,\r\n"
      "mug,Mug,,Acme,,true,Title,Default Title,,,MUG,5,9.95,,,,active\r\n";
  const Done done = shop.import(file);
  CHECK_MESSAGE(done.counts.rows == 4, done);
  CHECK_MESSAGE(done.counts.created == 4, done);
  CHECK(shop.field("tee", "title") == "Tee");
  CHECK(shop.field("tee", "description") == "<p>Soft\nand blue</p>");
  CHECK(shop.product("tee").find("images")->as_array()->size() == 3);
  CHECK(shop.field("TEE-S", "parent") == "tee");
  CHECK(shop.attribute("TEE-S", "Color") == "Blue");
  CHECK(shop.field("TEE-S", "ean") == "4006381333931");
  CHECK(shop.price("TEE-S", "EUR", catalog::PriceKind::base_price) == "24.95");
  CHECK(shop.field("tee-m-blue", "parent") == "tee");
  CHECK(shop.available("tee-m-blue") == 4);
  CHECK(shop.field("MUG", "title") == "Mug");
  CHECK(shop.field("MUG", "parent").empty());
  CHECK(shop.import(file).counts.unchanged == 4);
}

TEST_CASE("vendure: a nameless row is the next variant, and several languages come in together") {
  ImportShop shop;
  const Done done = shop.import(
      "name:en   , name:zh_Hans, slug, assets, facets:en         , optionGroups, optionValues:en, "
      "optionValues:zh_Hans, sku  , price, stockOnHand\n"
      "Stretcher , \xe5\xbc\xa0    , str , , category:Paper|brand:KB, size        , Half           , \xe5\x8d\x8a      "
      "  , PPS12, 45.3 , -10\n"
      "          ,          ,     , ,                        ,             , Quarter        , \xe5\x9b\x9b        , "
      "PPS14, 32.5 , 11\n"
      "Easel     ,          ,     , ,                        ,             ,                ,            , M02  , "
      "910.7, 13\n"
      "          ,          ,     , ,                        ,             , a|b            ,            , M03  , 1    "
      ", 1\n");
  CHECK_MESSAGE(done.counts.rows == 4, done);
  CHECK_MESSAGE(done.counts.created == 3, done);
  CHECK(shop.text(shop.product("str", "en"), "title") == "Stretcher");
  CHECK(shop.text(shop.product("str", "zh-Hans"), "title") == "\xe5\xbc\xa0");
  CHECK(shop.field("PPS14", "parent") == "str");
  CHECK(shop.text(*shop.texts("PPS14").find("zh-Hans"), "size") == "\xe5\x9b\x9b");
  CHECK(shop.available("PPS12") == 0);
  CHECK(shop.price("M02") == "910.70");
  CHECK(done.refusals().find("5:") != std::string::npos);
}

TEST_CASE("unopim: rows of one SKU in three languages make one product") {
  ImportShop shop;
  const Done done = shop.import(
      "channel,locale,sku,status,type,parent,attribute_family,categories,name,price (USD),cost (USD),meta_title\n"
      "default,en_US,M,true,simple,,default,root,Product,50,25,Meta\n"
      "default,fr_FR,M,true,simple,,default,root,Produit,50,25,M\xc3\xa9ta\n");
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK_MESSAGE(done.counts.changed == 1, done);
  CHECK(shop.text(shop.product("M", "fr-FR"), "title") == "Produit");
  CHECK(shop.text(shop.product("M", "en-US"), "title") == "Product");
  CHECK(shop.price("M", "USD") == "50.00");
  CHECK(shop.price("M", "USD", catalog::PriceKind::cost_price) == "25.00");
}

TEST_CASE("bol: an offers export finds its products by EAN") {
  const auto path = shared_data() / "bol" / "200-offers-export.csv";
  if (skipped_without(path)) return;
  ImportShop shop;
  const Done done = shop.import(content_of(path));
  CHECK_MESSAGE(done.counts.rows == 9, done);
  CHECK(done.adds_up());
  CHECK(done.counts.created > 0);
}

TEST_CASE("a plain table with families and categories is not taken for Akeneo's") {
  ImportShop shop;
  const Done done =
      shop.import("sku,title,family,categories,enabled,groups,price\nA,Blue shirt,shirts,clothing,1,g,5\n");
  CHECK_MESSAGE(done.format == "products", done);
  CHECK(shop.field("A", "title") == "Blue shirt");
  CHECK(shop.price("A") == "5.00");
  CHECK(shop.attribute("A", "groups") == "g");
}

TEST_CASE("magento: variants named by their parent, attributes in one cell, and a row for each language of the shop") {
  ImportShop shop;
  const std::string file =
      "sku,store_view_code,attribute_set_code,product_type,categories,name,description,weight,product_online,price,"
      "special_price,special_price_to_date,base_image,additional_images,additional_attributes,qty,related_skus,"
      "configurable_variations\n"
      "MH01-XS,,Top,simple,\"Default Category/Men/Hoodies & Sweatshirts,Default Category\",Chaz XS,\"<p>Warm\n"
      "and soft</p>\",1.5,1,52.00,45,,https://x.example/a.jpg,\"https://x.example/b.jpg,https://x.example/a.jpg\","
      "\"material=Wool, brushed,climate=Cool|Indoor,care=\"\"30, \"\"\"\"gentle\"\"\"\"\"\",size=XS\",100,MH02,\n"
      "MH01,,Top,configurable,Default Category,Chaz,<p>Warm</p>,,2,52,49,2026-12-31,/m/h/mh01.jpg,,material=Wool,0,,"
      "\"sku=MH01-XS,size=XS,color=Black|sku=GONE,size=S\"\n"
      "MH01,nl_NL,,,,Chaz trui,<p>Warm wol</p>,,,39,,,,,,,,\n"
      "MH01,store_7,,,,Chaz 7,,,,,,,,,,,,\n";
  const Done done = shop.import(file);
  CHECK_MESSAGE(done.format == "magento products", done);
  CHECK(done.adds_up());
  CHECK(done.counts.created == 2);
  CHECK(done.refusals() ==
        "6: store_view_code locale names a store view whose language is not known; write a locale such as nl-NL "
        "there;\n");
  const auto variant = shop.product("MH01-XS");
  CHECK(ImportShop::text(variant, "parent") == "MH01");
  CHECK(ImportShop::text(variant, "categories") ==
        "[\"Default Category/Men/Hoodies & Sweatshirts\",\"Default Category\"]");
  CHECK(ImportShop::text(variant, "images") == "[\"https://x.example/a.jpg\",\"https://x.example/b.jpg\"]");
  const auto& attributes = *variant.find("attributes");
  for (const auto& one : {std::pair{"material", "Wool, brushed"},
                          {"climate", "[\"Cool\",\"Indoor\"]"},
                          {"care", "30, \"gentle\""},
                          {"color", "Black"},
                          {"weight", "1.5"}})
    CHECK_MESSAGE(ImportShop::text(attributes, one.first) == one.second, one.first);
  CHECK(ImportShop::text(*variant.find("associations"), "RELATED").find("MH02") != std::string::npos);
  CHECK(shop.price("MH01-XS") == "45.00");
  CHECK(shop.price("MH01-XS", "EUR", catalog::PriceKind::base_price) == "52.00");
  CHECK(shop.available("MH01-XS") == 100);
  // The Dutch row changed no English text; its price is another store's.
  CHECK(shop.field("MH01", "title") == "Chaz");
  CHECK(ImportShop::text(shop.product("MH01", "nl-NL"), "title") == "Chaz trui");
  CHECK(shop.field("MH01", "enabled") == "false");
  CHECK(shop.price("MH01") == "52.00");
  CHECK(shop.attribute("MH01", "special_price") == "49");
  CHECK(shop.attribute("MH01", "base_image") == "/m/h/mh01.jpg");
  const std::string told = done.told("notice");
  CHECK(told.find("gives values of its own for this view to price;") != std::string::npos);
  CHECK(told.find("GONE") != std::string::npos);  // a variant that there is not
  const Done again = shop.import(file);
  CHECK_MESSAGE(again.counts.unchanged == 3, again);
}

TEST_CASE("unopim: files that describe a catalogue describe it, and make no products of their codes") {
  ImportShop shop;
  const auto kept = [&](const char* file, const char* format, std::uint64_t created) {
    const Done done = shop.import(file);
    CHECK_MESSAGE(done.format == format, done);
    CHECK_MESSAGE(done.counts.created == created, done);
    CHECK(done.adds_up());
    CHECK(done.counts.refused == 0);
  };
  kept(
      "code,type,locale,name,position,enable_wysiwyg,is_required,is_unique,validation,regex_pattern,value_per_locale,"
      "value_per_channel\nmaterial,select,en_US,Material,1,0,0,0,,,0,0\nmaterial,select,nl_NL,Materiaal,1,0,0,0,,,0,0\n"
      "story,textarea,en_US,Story,2,1,0,0,,,1,0\nserial,text,en_US,Serial,3,0,0,1,regex,/^[A-Z]+$/,0,0\n",
      "unopim attributes", 4);
  kept("attribute_code,code,locale,label,sort_order\nmaterial,wool,en_US,Wool,1\nmaterial,wool,nl_NL,Wol,1\n",
       "unopim options", 0);
  kept("locale,code,name,root_category,locales,currencies\nen_US,web,Web,root,\"en_US,nl_NL\",\"EUR,USD\"\n",
       "unopim channels", 1);
  kept(
      "code,locale,name,attribute_group,attributes,completeness\ncoats,en_US,Coats,g,material,web\n"
      "coats,en_US,Coats,g,story,\n",
      "unopim families", 2);
  kept("locale,code,parent,name\nen_US,women,clothing,Women\nen_US,clothing,root,Clothing\n", "unopim categories", 2);
  kept("code,locale,name\ng,en_US,General\n", "unopim attribute groups", 1);
  CHECK(shop.import("code,name,status\nen_US,English,1\n").failure.find("languages of another system") !=
        std::string::npos);
  CHECK_FALSE(shop.has("material"));
  const auto model = *shop.products->models().known(shop.store->read());
  const auto material = json::write(catalog::described(*model, catalog::ModelKind::attribute, "material")->value);
  CHECK(material.find(R"("labels":{"en-US":"Material","nl-NL":"Materiaal"})") != std::string::npos);
  CHECK(material.find(R"({"code":"wool","labels":{"en-US":"Wool","nl-NL":"Wol"}})") != std::string::npos);
  const auto coats = json::write(catalog::described(*model, catalog::ModelKind::family, "coats")->value);
  CHECK(coats.find(R"([{"code":"material","required":["web"]},{"code":"story","required":[]}])") != std::string::npos);

  shop.import("sku,title\nA,one\nB,two\nC,three\n");
  const Done links = shop.import(
      "sku,association_type,related_sku,quantity\nA,set,B,2\nC,related,A,\nA,set,C,1\nGONE,set,A,1\nA,,B,\n");
  CHECK_MESSAGE(links.counts.changed == 3, links);
  CHECK(links.counts.refused == 2);
  CHECK(shop.field("A", "associations").find(R"({"sku":"C","quantity":1})") != std::string::npos);
}
