#include "exchange/mapping.h"
#include "shop.h"
#include "support/whole.h"

using namespace pf;
using namespace pf::test;

TEST_CASE("a Google Merchant feed is a file of products, whatever it calls the namespace") {
  for (const std::string prefix : {"g", "goog"}) {
    ImportShop shop;
    const auto g = [&](const std::string& name, const std::string& value) {
      return "<" + prefix + ":" + name + ">" + value + "</" + prefix + ":" + name + ">";
    };
    const std::string feed =
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:" + prefix +
        "=\"http://base.google.com/ns/1.0\"><channel><title>Shop</title><link>http://x.example</link>"
        "<item>" +
        g("id", "W-1") + "<title>Watch &amp; strap</title><description><![CDATA[<p>Black</p>]]></description>" +
        g("price", "105.29 USD") + g("image_link", "http://x.example/1.png") +
        g("additional_image_link", "http://x.example/2.png") + g("additional_image_link", "http://x.example/3.png") +
        g("shipping", g("country", "US") + g("price", "0.00 USD")) + g("shipping", g("country", "NL")) +
        g("tax", g("country", "US") + g("rate", "7.25")) + g("brand", "Diesel") + g("gtin", "4006381333931") +
        "</item>\n"
        "<item>" +
        g("id", "W-2") + "<title>White</title>" + g("price", "99 USD") + g("color", "White&#47;Yellow") +
        "</item></channel></rss>";
    const Done done = shop.import(feed);
    CHECK_MESSAGE(done.counts.created == 2, done, done.told("notice"));
    CHECK(done.format == "products");
    CHECK(shop.field("W-1", "title") == "Watch & strap");
    CHECK(shop.field("W-1", "description") == "<p>Black</p>");
    CHECK(shop.field("W-1", "brand") == "Diesel");
    CHECK(shop.field("W-1", "ean") == "4006381333931");
    CHECK(shop.price("W-1", "USD") == "105.29");
    CHECK(shop.field("W-1", "images") ==
          "[\"http://x.example/1.png\",\"http://x.example/2.png\",\"http://x.example/3.png\"]");
    CHECK(shop.attribute("W-1", "g:shipping") ==
          "[{\"g:country\":\"US\",\"g:price\":\"0.00 USD\"},{\"g:country\":\"NL\"}]");
    CHECK(shop.attribute("W-1", "g:tax.g:rate") == "7.25");
    CHECK(shop.attribute("W-2", "g:color") == "White/Yellow");
    CHECK(shop.import(feed).counts.unchanged == 2);
  }
}

TEST_CASE("products are found in any XML by what repeats, with attributes and nested elements") {
  ImportShop shop;
  const Done done = shop.import(
      "<shop><name>Shop</name><currencies><currency id=\"EUR\" rate=\"1\"/><currency id=\"USD\" "
      "rate=\"2\"/></currencies>"
      "<categories><category id=\"1\">Mugs</category><category id=\"2\">Hats</category></categories>"
      "<products><product sku=\"A\"><title>Mug</title><price currency=\"EUR\">12.50</price><stock>3</stock>"
      "<images><image>http://x.example/a.png</image><image>http://x.example/b.png</image></images>"
      "<size><width unit=\"cm\">10</width></size></product>\n"
      "<product sku=\"B\"><title>Hat</title><images><image>http://x.example/c.png</image></images></product>"
      "<product><title>nameless</title></product></products></shop>");
  CHECK_MESSAGE(done.counts.created == 2, done, done.told("notice"));
  CHECK_MESSAGE(done.refusals().starts_with("2: sku required"), done);
  CHECK(shop.price("A") == "12.50");
  CHECK(shop.available("A") == 3);
  CHECK(shop.attribute("A", "price.currency") == "EUR");
  CHECK(shop.attribute("A", "size.width") == "10");
  CHECK(shop.attribute("A", "size.width.unit") == "cm");
  CHECK(shop.field("A", "images") == "[\"http://x.example/a.png\",\"http://x.example/b.png\"]");
  CHECK(shop.field("B", "images") == "[\"http://x.example/c.png\"]");
}

TEST_CASE("products that stand inside categories that repeat too, and a single product, are found") {
  ImportShop shop;
  CHECK(
      shop.import("<all><category name=\"Mugs\"><product><sku>A</sku><name>one</name></product><product><sku>B</sku>"
                  "<name>two</name></product></category><category name=\"Hats\"><product><sku>C</sku><name>three</name>"
                  "</product></category></all>")
          .counts.created == 3);
  CHECK(shop.import("<answer><status>ok</status><product><sku>D</sku><name>alone</name></product></answer>")
            .counts.created == 1);
  CHECK(shop.field("D", "title") == "alone");
}

TEST_CASE("feeds of comparison sites and suppliers are products by their structure") {
  ImportShop shop;
  const Done heureka = shop.import(
      "<SHOP><SHOPITEM><ITEM_ID>H1</ITEM_ID><PRODUCTNAME>Phone</PRODUCTNAME><PRICE_VAT>60.50</PRICE_VAT>"
      "<MANUFACTURER>Nokia</MANUFACTURER><PARAM><PARAM_NAME>Color</PARAM_NAME><VAL>black</VAL></PARAM>"
      "<PARAM><PARAM_NAME>Size</PARAM_NAME><VAL>1</VAL></PARAM></SHOPITEM><SHOPITEM><ITEM_ID>H2</ITEM_ID>"
      "<PRODUCTNAME>Case</PRODUCTNAME><PRICE_VAT>10</PRICE_VAT></SHOPITEM></SHOP>");
  CHECK_MESSAGE(heureka.counts.created == 2, heureka);
  CHECK(shop.price("H1") == "60.50");
  CHECK(shop.field("H1", "title") == "Phone");
  CHECK(shop.attribute("H1", "Color") == "black");
  const Done bmecat = shop.import(
      "<BMECAT><T_NEW_CATALOG><ARTICLE "
      "mode=\"new\"><SUPPLIER_AID>B1</SUPPLIER_AID><ARTICLE_DETAILS><DESCRIPTION_SHORT>Drill"
      "</DESCRIPTION_SHORT><EAN>4006381333931</EAN></ARTICLE_DETAILS></ARTICLE><ARTICLE mode=\"new\"><SUPPLIER_AID>B2"
      "</SUPPLIER_AID><ARTICLE_DETAILS><DESCRIPTION_SHORT>Saw</DESCRIPTION_SHORT></ARTICLE_DETAILS></ARTICLE></"
      "T_NEW_CATALOG>"
      "</BMECAT>");
  CHECK_MESSAGE(bmecat.counts.created == 2, bmecat);
  CHECK(shop.field("B1", "title") == "Drill");
  CHECK(shop.field("B1", "ean") == "4006381333931");
  CHECK_MESSAGE(shop.import("<a><r><id>1</id><name>only a name</name></r><r><id>2</id><name>x</name></r></a>")
                        .failure.find("not understood") != std::string::npos,
                "numbers of anything are no SKU");
}

TEST_CASE("texts in several languages go to their languages") {
  ImportShop shop;
  const Done done = shop.import(
      "<p><i><sku>L1</sku><name xml:lang=\"nl\">Kopje</name><name xml:lang=\"de-DE\">Tasse</name><material "
      "lang=\"nl\">klei"
      "</material></i><i><sku>L2</sku><name xml:lang=\"nl\">Hoed</name></i></p>");
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(shop.text(*shop.texts("L1").find("nl"), "title") == "Kopje");
  CHECK(shop.text(*shop.texts("L1").find("de-DE"), "title") == "Tasse");
  CHECK(shop.text(*shop.texts("L1").find("nl"), "material") == "klei");
  CHECK(shop.text(*shop.texts("L2").find("nl"), "title") == "Hoed");
}

TEST_CASE("a price column's last three letters are a currency only where there is such a one") {
  ImportShop shop;
  const Done done = shop.import("sku,price_vat,price GBP,price (net)\nA,12.50,10,9\n");
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(shop.price("A") == "12.50");
  CHECK(shop.price("A", "GBP") == "10.00");
  CHECK(shop.attribute("A", "price (net)") == "9");
}

TEST_CASE("stock is read from XML as from a table") {
  ImportShop shop;
  shop.import("sku,title\nA,one\nB,two\n");
  const Done done =
      shop.import("<stock><item><sku>A</sku><qty>12.0000</qty></item><item><sku>B</sku><qty>0</qty></item></stock>");
  CHECK(done.format == "stock");
  CHECK_MESSAGE(done.counts.changed + done.counts.unchanged == 2, done);
  CHECK(shop.available("A") == 12);
  CHECK(shop.import("[{\"sku\":\"A\",\"stock\":\"9.00\"},{\"sku\":\"B\",\"stock\":\"9.5\"}]").counts.refused == 1);
  CHECK(shop.available("A") == 9);
}

TEST_CASE("XML that holds nothing to import, and hostile XML, say what they are") {
  ImportShop shop;
  const auto failure = [&](const std::string& file) { return shop.import(file).failure; };
  CHECK(failure("<weather><day>fine</day><day>wet</day></weather>").find("not understood") != std::string::npos);
  CHECK(failure("<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><body/></html>")
            .find("web page") != std::string::npos);
  CHECK(failure("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"b\">]><x>&a;</x>").find("DOCTYPE") !=
        std::string::npos);
  CHECK(failure("<?xml version=\"1.0\"?><a><b></a>").find("line 1: the XML is not well formed") != std::string::npos);
  std::string many = "<a>";
  for (int i = 0; i < 21'000; ++i) many += "<b" + std::to_string(i) + "/>";
  CHECK(failure(many + "</a>").find("20,000 different kinds") != std::string::npos);
  const Done cut =
      shop.import("<a><p><sku>A</sku><title>one</title></p>\n<p><sku>B</sku><title>two</title></p>\n<p><sku>C</");
  CHECK_MESSAGE(cut.counts.created == 2, cut);
  CHECK_MESSAGE(cut.refusals().starts_with("3:  cut_off"), cut);
  const Done large =
      shop.import("<a><p><sku>L1</sku><title>one</title></p><p><sku>L2</sku><title>" + std::string(9 << 20, 'x') +
                  "</title></p><p><sku>L3</sku><title>three</title></p></a>");
  CHECK_MESSAGE(large.counts.created == 2, large);
  CHECK_MESSAGE(large.refusals().find("is larger than 8 MiB") != std::string::npos, large);
  // Elements that hold nothing take memory too.
  std::string hollow;
  for (int i = 0; i < 200'000; ++i) hollow += "<e/>";
  const Done empty =
      shop.import("<a><p><sku>E1</sku><title>x</title>" + hollow + "</p><p><sku>E2</sku><title>y</title></p></a>");
  CHECK_MESSAGE(empty.counts.created == 1, empty);
  CHECK_MESSAGE(empty.refusals().find("is larger than 8 MiB") != std::string::npos, empty);
  CHECK(failure("<a><" + std::string(2'000, 'n') + "/></a>").find("name of more than 1,000 bytes") !=
        std::string::npos);
}

TEST_CASE("a feed in UTF-16 or of an old Windows program is read with its accents") {
  ImportShop shop;
  std::string wide = "\xff\xfe";
  for (const char c : std::string("<?xml version=\"1.0\" encoding=\"UTF-16\"?><a><p sku=\"U\" title=\"Cr\xe8me\"/>"
                                  "<p sku=\"V\" title=\"x\"/></a>")) {
    wide.push_back(c);
    wide.push_back('\0');
  }
  CHECK(shop.import(wide).counts.created == 2);
  CHECK(shop.field("U", "title") == "Crème");
  CHECK(shop.import("<?xml version=\"1.0\" encoding=\"windows-1252\"?><a><p sku=\"W\" title=\"5 \x80\"/><p sku=\"X\" "
                    "title=\"y\"/></a>")
            .counts.created == 2);
  CHECK(shop.field("W", "title") == "5 €");
}

TEST_CASE("categories that a feed lists beside its products become their paths of names") {
  ImportShop shop;
  const std::string yml =
      "<?xml version=\"1.0\"?><!DOCTYPE yml_catalog SYSTEM \"shops.dtd\"><yml_catalog><shop><name>S</name><currencies>"
      "<currency id=\"EUR\" rate=\"1\"/></currencies><categories><category id=\"3\" parentId=\"2\">Mugs, "
      "large</category>"
      "<category id=\"1\">Kitchen</category><category id=\"2\" parentId=\"1\"> Table </category>"
      "<category id=\"8\" parentId=\"9\">Round</category><category id=\"9\" parentId=\"8\">And round</category>"
      "<category id=\"7\" parentId=\"77\">Orphan</category></categories><offers>"
      "<offer "
      "id=\"A\"><name>Mug</name><price>12.50</price><currencyId>EUR</currencyId><categoryId>3</categoryId></offer>"
      "<offer id=\"B\"><name>Hat</name><price>1</price><currencyId>EUR</currencyId><categoryId>99</categoryId></offer>"
      "<offer id=\"C\"><name>Lamp</name><price>1</price><currencyId>EUR</currencyId><categoryId>8</categoryId></offer>"
      "<offer id=\"D\"><name>Vase</name><price>1</price><currencyId>EUR</currencyId><categoryId>7</categoryId></offer>"
      "</offers></shop></yml_catalog>";
  const Done done = shop.import(yml);
  CHECK_MESSAGE(done.counts.created == 4, done, done.told("notice"));
  CHECK(shop.field("A", "categories") == "[\"Kitchen/Table/Mugs, large\"]");
  CHECK(shop.attribute("A", "categoryId").empty());
  CHECK(shop.field("B", "categories") == "[]");
  CHECK(shop.attribute("B", "categoryId") == "99");  // which the file does not list
  CHECK(shop.field("C", "categories").ends_with("And round/Round\"]"));
  CHECK(shop.field("D", "categories") == "[\"Orphan\"]");
  CHECK(shop.import(yml).counts.unchanged == 4);
  // Hotline's elements, and JSON; several at once, and where the number stands for the category itself.
  const Done hotline = shop.import(
      "<price><categories><category><id>5</id><name>Tools</name></category><category><id>6</id><parentId>5</parentId>"
      "<name>Saws</name></category></categories><items><item><id>H1</id><categoryId>6</categoryId><name>Saw</name>"
      "<price>9</price></item><item><id>H2</id><categoryId>5</categoryId><name>Box</name><price>9</price></item></"
      "items>"
      "</price>");
  CHECK_MESSAGE(hotline.counts.created == 2, hotline);
  CHECK(shop.field("H1", "categories") == "[\"Tools/Saws\"]");
  const Done json = shop.import(
      R"({"categories":[{"id":1,"name":"Kitchen","parent_id":null},{"id":2,"name":"Mugs","parent_id":1}],
          "products":[{"article_number":"J1","name":"Mug","price":"1","category_ids":[2,1]},
                      {"article_number":"J2","name":"Pan","price":"1","category_ids":[2,3]}]})");
  CHECK_MESSAGE(json.counts.created == 2, json);
  CHECK(shop.field("J1", "categories") == "[\"Kitchen/Mugs\",\"Kitchen\"]");
  CHECK(shop.attribute("J1", "category_ids").empty());
  CHECK(shop.field("J2", "categories") == "[\"Kitchen/Mugs\"]");
  CHECK(shop.attribute("J2", "category_ids") == "[\"2\",\"3\"]");
  const Done named = shop.import(
      "<l><categories><category id=\"1\">Kitchen</category><category id=\"2\">Hats</category></categories><products>"
      "<product sku=\"N1\"><title>Mug</title><category>1</category></product>"
      "<product sku=\"N2\"><title>Hat</title><category>Head</category></product></products></l>");
  CHECK_MESSAGE(named.counts.created == 2, named);
  CHECK(shop.field("N1", "categories") == "[\"Kitchen\"]");
  CHECK(shop.field("N2", "categories") == "[\"Head\"]");
}

TEST_CASE("a mapping may name a feed's number of a category, and its path, as it likes") {
  ImportShop shop;
  const std::string feed =
      "<l><categories><category id=\"1\">Kitchen</category><category id=\"2\">Hats</category></categories><products>"
      "<product sku=\"M1\"><title>Mug</title><categoryId>1</categoryId></product>"
      "<product sku=\"M2\"><title>Hat</title><categoryId>2</categoryId></product></products></l>";
  const auto mapped = [&](const std::string& text) {
    const auto mapping = exchange::parse_mapping(text);
    REQUIRE(mapping.ok());
    return shop.import(feed, {.mapping = std::make_shared<const exchange::Mapping>(*mapping)});
  };
  CHECK(mapped(R"({"sku":"sku","categoryId":"group"})").counts.created == 2);
  CHECK(shop.attribute("M1", "group") == "1");
  CHECK(shop.field("M1", "categories") == "[\"Kitchen\"]");
  CHECK(mapped(R"({"sku":"sku","categoryId":"categories"})").counts.changed == 2);  // as it was made before
  CHECK(shop.field("M1", "categories") == "[\"1\"]");
  CHECK(mapped(R"({"sku":"sku","category":"path"})").counts.changed == 2);
  CHECK(shop.attribute("M1", "path") == "[\"Kitchen\"]");
}

TEST_CASE("a portal's feed has the portal's currency where it says none, and nobody's guess where that is unsure") {
  ImportShop shop;
  const auto item = [](const std::string& id, const std::string& price, const std::string& more) {
    return "<SHOPITEM><ITEM_ID>" + id + "</ITEM_ID><PRODUCTNAME>Mug</PRODUCTNAME><PRICE_VAT>" + price + "</PRICE_VAT>" +
           more + "</SHOPITEM>";
  };
  const Done heureka = shop.import("<SHOP>" + item("Z1", "399", "<URL>https://www.shop.cz/m?x=a.sk</URL>") +
                                   item("Z2", "12,50", "<URL>https://shop.sk:443/m</URL>") +
                                   item("Z3", "399",
                                        "<URL>https://shop.com/m.cz</URL><CATEGORYTEXT>Heureka.cz | "
                                        "Mugs</CATEGORYTEXT>") +
                                   item("Z4", "7", "<URL>https://shop.com/m</URL>") +
                                   item("Z5", "8 \u20ac", "<URL>https://shop.cz/m</URL>") + "</SHOP>");
  CHECK_MESSAGE(heureka.counts.created == 5, heureka);
  CHECK(shop.price("Z1", "CZK") == "399.00");
  CHECK(shop.price("Z1").empty());
  CHECK(shop.attribute("Z1", "currency") == "CZK");
  CHECK(shop.price("Z2") == "12.50");
  CHECK(shop.price("Z3", "CZK") == "399.00");
  CHECK(shop.price("Z4") == "7.00");
  CHECK(shop.price("Z5") == "8.00");  // its cell says it
  CHECK_MESSAGE(heureka.told("notice").find("neither .cz nor .sk (products: 1) they were taken") != std::string::npos,
                heureka.told("notice"));
  const Done ceneo = shop.import(
      "<offers xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" version=\"1\"><group name=\"other\">"
      "<o id=\"C1\" url=\"http://shop.example/1\" price=\"49.90\" avail=\"1\" stock=\"3\"><cat><![CDATA[Dom/Kubki]]>"
      "</cat><name><![CDATA[Kubek]]></name></o><o id=\"C2\" url=\"http://shop.example/2\" price=\"5\" avail=\"1\">"
      "<cat><![CDATA[Dom]]></cat><name><![CDATA[Talerz]]></name></o></group></offers>");
  CHECK_MESSAGE(ceneo.counts.created == 2, ceneo);
  CHECK(shop.price("C1", "PLN") == "49.90");
  CHECK(shop.price("C1").empty());
  // Whoever says the currency is believed.
  const std::string said = "<SHOP>" + item("Y1", "5", "<URL>https://a.cz/</URL><CURRENCY>EUR</CURRENCY>") +
                           item("Y2", "6", "<URL>https://a.cz/</URL><CURRENCY>EUR</CURRENCY>") + "</SHOP>";
  CHECK(shop.import(said).counts.created == 2);
  CHECK(shop.price("Y1") == "5.00");
  const auto mapping =
      exchange::parse_mapping(R"({"ITEM_ID":"sku","PRICE_VAT":{"to":"sell_price.EUR","as":"value * 2"}})");
  REQUIRE(mapping.ok());
  CHECK(shop.import("<SHOP>" + item("X1", "5", "<URL>https://a.cz/</URL>") + item("X2", "5", "") + "</SHOP>",
                    {.mapping = std::make_shared<const exchange::Mapping>(*mapping)})
            .counts.created == 2);
  CHECK(shop.price("X1") == "10.00");
}

TEST_CASE("HTML's names of characters are understood in XML, whatever rules it names; others are refused by name") {
  for (const std::string rules : {"", "<!DOCTYPE shop>", "<!DOCTYPE shop SYSTEM \"file:///etc/passwd\">",
                                  "<!DOCTYPE shop PUBLIC \"-//x//y\" \"http://127.0.0.1:1/x.dtd\">"}) {
    ImportShop shop;
    const Done done =
        shop.import("<?xml version=\"1.0\"?>" + rules +
                    "<shop><p sku=\"A\" brand=\"Andr&eacute;\"><title>Caf&eacute;&nbsp;&ndash; 5&euro; &amp; "
                    "&lt;b&gt;&hearts;</title></p><p sku=\"B\"><title>&Yuml;&yuml;&Omega;</title></p></shop>");
    CHECK_MESSAGE(done.counts.created == 2, rules, done);
    CHECK(shop.field("A", "title") == "Café\u00a0– 5€ & <b>♥");
    CHECK(shop.field("A", "brand") == "André");
    CHECK(shop.field("B", "title") == "ŸÿΩ");
    for (const char* unknown : {"<title>&apple;</title>", "<title t=\"&apple;\">x</title>"})
      CHECK_MESSAGE(
          shop.import("<?xml version=\"1.0\"?>" + rules + "<shop><p sku=\"C\">" + unknown + "</p><p sku=\"D\"/></shop>")
                  .failure.find("uses &apple; without saying") != std::string::npos,
          rules);
  }
  // What declares something itself is refused before it can, also what would make HTML's own grow.
  ImportShop shop;
  for (const char* inner :
       {"<!ENTITY nbsp \"&#160;&#160;\">", "<!ENTITY % x SYSTEM \"file:///etc/passwd\"> %x;", "%html;", ""})
    CHECK_MESSAGE(
        shop.import(std::string("<!DOCTYPE shop [") + inner + "]><shop><p sku=\"A\"><title>&nbsp;</title></p></shop>")
                .failure.find("DOCTYPE") != std::string::npos,
        inner);
  std::string many = "<shop><p sku=\"A\"><title>x</title></p><p sku=\"B\"><title>";
  for (int i = 0; i < 100'000; ++i) many += "&nbsp;";
  const Done full = shop.import(many + "y</title></p></shop>");
  CHECK_MESSAGE(full.counts.rows == 2, full);
}

TEST_CASE("wordpress: products of a shop's WXR export come with their terms, variations and pictures") {
  ImportShop shop;
  const auto post = [](const std::string& id, const std::string& type, const std::string& parent,
                       const std::string& more) {
    return "<item><title>T" + id + "</title><content:encoded><![CDATA[<p>text</p>]]></content:encoded><wp:post_id>" +
           id + "</wp:post_id><wp:status>publish</wp:status><wp:post_parent>" + parent +
           "</wp:post_parent><wp:post_type>" + type + "</wp:post_type>" + more + "</item>\n";
  };
  const auto meta = [](const std::string& key, const std::string& value) {
    return "<wp:postmeta><wp:meta_key>" + key + "</wp:meta_key><wp:meta_value><![CDATA[" + value +
           "]]></wp:meta_value></wp:postmeta>";
  };
  const std::string file =
      "<?xml version=\"1.0\"?><rss xmlns:wp=\"http://wordpress.org/export/1.2/\" "
      "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><wp:author><wp:author_id>1</wp:author_id>"
      "</wp:author>" +
      post("5", "product_variation", "6",
           meta("_sku", "TEE-R") + meta("attribute_pa_color", "red") + meta("_regular_price", "20")) +
      post("6", "product", "0",
           "<category domain=\"product_cat\" nicename=\"t\">Shirts</category><category domain=\"pa_color\" "
           "nicename=\"r\">Red</category><category domain=\"pa_color\" nicename=\"b\">Blue</category>" +
               meta("_sku", "TEE") + meta("_regular_price", "20") + meta("_sale_price", "15") +
               meta("_thumbnail_id", "9") + meta("_stock", "4") + meta("custom", "kept")) +
      post("7", "page", "0", meta("a", "b")) +
      post("9", "attachment", "6",
           "<wp:attachment_url>http://x.example/9.png"
           "</wp:attachment_url>" +
               meta("a", "b") + meta("c", "d")) +
      "</channel></rss>";
  const Done done = shop.import(file);
  CHECK(done.format == "wordpress products");
  CHECK_MESSAGE(done.counts.created == 2, done, done.told("notice"));
  CHECK(done.told("notice").find("1 of the kind attachment, 1 of the kind page") != std::string::npos);
  CHECK(shop.field("TEE", "title") == "T6");
  CHECK(shop.field("TEE", "categories") == "[\"Shirts\"]");
  CHECK(shop.attribute("TEE", "color") == "Red, Blue");
  CHECK(shop.attribute("TEE", "custom") == "kept");
  CHECK(shop.price("TEE") == "15.00");
  CHECK(shop.price("TEE", "EUR", catalog::PriceKind::base_price) == "20.00");
  CHECK(shop.available("TEE") == 4);
  CHECK(shop.field("TEE", "images") == "[\"http://x.example/9.png\"]");
  CHECK(shop.field("TEE-R", "parent") == "TEE");
  CHECK(shop.attribute("TEE-R", "color") == "red");
  CHECK(shop.import(file).counts.unchanged == 2);
  // What stands behind the products belongs to them in every mode, and a dry run does not miss what it has not kept.
  ImportShop created, tried;
  CHECK(created.import(file, {.mode = catalog::WriteMode::create}).counts.created == 2);
  CHECK(created.field("TEE", "images") == "[\"http://x.example/9.png\"]");
  CHECK(created.field("TEE-R", "parent") == "TEE");
  const Done dry = tried.import(file, {.dry_run = true});
  CHECK(dry.counts.created == 2);
  CHECK_MESSAGE(dry.told("notice") == done.told("notice"), dry.told("notice"));
}

TEST_CASE("wordpress: a product that was refused is not made by its pictures") {
  ImportShop shop;
  const std::string name(300, 'n');
  const Done done = shop.import(
      "<rss "
      "xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><item><wp:post_id>1</wp:post_id><wp:post_type>product"
      "</wp:post_type><wp:postmeta><wp:meta_key>_sku</wp:meta_key><wp:meta_value>S</wp:meta_value></wp:postmeta>"
      "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>2</wp:meta_value></wp:postmeta>"
      "<wp:postmeta><wp:meta_key>" +
      name +
      "</wp:meta_key><wp:meta_value>x</wp:meta_value></wp:postmeta></item>"
      "<item><wp:post_id>2</wp:post_id><wp:post_type>attachment</wp:post_type><wp:attachment_url>http://x.example/2.png"
      "</wp:attachment_url></item></channel></rss>");
  CHECK_MESSAGE(done.counts.refused == 1, done);
  CHECK_FALSE(shop.has("S"));
}

TEST_CASE("wordpress: the sample shop of the folder is the same 25 products as its CSV" * test::whole) {
  const auto folder = shared_data() / "woocommerce";
  if (skipped_without(folder)) return;
  ImportShop xml, csv;
  const Done done = xml.import(content_of(folder / "woo_upstream_sample_products.xml"));
  csv.import(content_of(folder / "woo_upstream_sample_products.csv"));
  CHECK_MESSAGE(done.counts.created == 25, done, done.told("notice"));
  CHECK(xml.import(content_of(folder / "woo_upstream_sample_products.xml")).counts.unchanged == 25);
  for (const char* sku : {"woo-vneck-tee", "woo-vneck-tee-red", "woo-hoodie", "woo-beanie", "logo-collection"}) {
    REQUIRE_MESSAGE((xml.has(sku) && csv.has(sku)), sku);
    CHECK(xml.field(sku, "title") == csv.field(sku, "title"));
    CHECK(xml.field(sku, "parent") == csv.field(sku, "parent"));
    CHECK(xml.price(sku) == csv.price(sku));
    CHECK_MESSAGE((xml.field(sku, "images").empty() == csv.field(sku, "images").empty()), sku);
  }
}

TEST_CASE("Google's example feed of the folder") {
  const auto path = shared_data() / "google_merchant" / "product-data-xml-feed-example.xml";
  if (skipped_without(path)) return;
  ImportShop shop;
  const Done done = shop.import(content_of(path));
  CHECK_MESSAGE(done.counts.created == 2, done, done.told("notice"));
  CHECK(shop.field("celebird-eg-variants-apparel-upi-001", "brand") == "Diesel");
  CHECK(shop.price("celebird-eg-variants-apparel-upi-002", "USD") == "105.29");
}

TEST_CASE("BMEcat's prices that are not those of one unit set no price and stay, which is told") {
  ImportShop shop;
  const auto article = [](const std::string& sku, const std::string& quantity, const std::string& factor) {
    return "<ARTICLE><SUPPLIER_AID>" + sku +
           "</SUPPLIER_AID><ARTICLE_DETAILS><DESCRIPTION_SHORT>Schraube</DESCRIPTION_SHORT></"
           "ARTICLE_DETAILS><ARTICLE_ORDER_DETAILS><PRICE_QUANTITY>" +
           quantity +
           "</PRICE_QUANTITY></ARTICLE_ORDER_DETAILS><ARTICLE_PRICE_DETAILS><ARTICLE_PRICE "
           "price_type=\"net_customer\"><PRICE_AMOUNT>12.50</PRICE_AMOUNT><PRICE_FACTOR>" +
           factor +
           "</PRICE_FACTOR></ARTICLE_PRICE><ARTICLE_PRICE price_type=\"net_list\"><PRICE_AMOUNT>20</PRICE_AMOUNT>"
           "</ARTICLE_PRICE></ARTICLE_PRICE_DETAILS></ARTICLE>";
  };
  const Done done = shop.import("<BMECAT><T>" + article("A", "100", "1") + article("B", "1", "1.00") +
                                article("C", "", "0.5") + "</T></BMECAT>");
  CHECK_MESSAGE(done.counts.created == 3, done);
  for (const char* sku : {"A", "C"}) {
    CHECK(shop.price(sku, "EUR", catalog::PriceKind::purchase_price).empty());
    CHECK(shop.attribute(sku, "ARTICLE_PRICE_DETAILS").find("12.50") != std::string::npos);
  }
  CHECK(shop.price("B", "EUR", catalog::PriceKind::purchase_price) == "12.50");
  CHECK_MESSAGE(done.told("notice").find("(PRICE_QUANTITY, PRICE_FACTOR)") != std::string::npos, done.told("notice"));
}

TEST_CASE("a list of things that have names and no values is kept as it is") {
  ImportShop shop;
  CHECK(shop.import("<l><p sku=\"A\"><colors><color name=\"Red\"/><color name=\"Blue\"/></colors></p>"
                    "<p sku=\"B\"/></l>")
            .counts.created == 2);
  CHECK_MESSAGE(shop.attribute("A", "colors").find("Blue") != std::string::npos, json::write(shop.product("A")));
}

TEST_CASE("values with names are bounded as attributes are, and name nobody who bought something") {
  ImportShop shop;
  std::string many, same;
  for (int i = 0; i < 4'001; ++i) many += "<param name=\"n" + std::to_string(i) + "\">v</param>";
  for (int i = 0; i < 3; ++i) same += "<param name=\"Size\">" + std::to_string(i) + "</param>";
  const Done done = shop.import("<l><p sku=\"A\">" + many + "</p><p sku=\"B\">" + same +
                                "<param name=\"Klantnaam\">Jan</param></p></l>");
  CHECK_MESSAGE((done.counts.created == 1 && done.counts.refused == 1), done);
  CHECK_MESSAGE(done.refusals() == "1: param:json too_many A product has at most 4000 attributes.;\n", done);
  CHECK(shop.attribute("B", "Size") == "0, 1, 2");
  CHECK(json::write(shop.product("B")).find("Jan") == std::string::npos);
  CHECK_MESSAGE(done.told("notice").find("were left out: Klantnaam") != std::string::npos, done.told("notice"));
}
