// Export profiles: formats that are data, feeds at their addresses, checks, and what makes a feed another one.
#include "exchange/profiles.h"

#include "catalog/product_body.h"
#include "exchange/channel_file.h"
#include "exchange/profile_check.h"
#include "shop.h"

using namespace pf;
using namespace pf::test;

namespace {

struct ProfileShop : ImportShop {
  std::unique_ptr<exchange::Profiles> profiles;

  ProfileShop() : ImportShop(WithEvents{}) { profiles = std::make_unique<exchange::Profiles>(rooms(), *audit, clock); }
  void put(std::string_view sku, std::string_view body, std::string_view price = {}, std::int64_t pieces = 0) {
    const auto read_body = catalog::product_body_of(*json::parse(body), catalog::BodyStyle::json);
    REQUIRE(read_body.ok());
    const auto parsed = *catalog::parse_sku(sku);
    const auto done = store->write([&](storage::Write& work) -> Result<> {
      PF_TRY(products->change(work, clerk, parsed, read_body->change, catalog::WriteMode::upsert, "nl-NL"));
      if (pieces > 0) PF_TRY(stock->set_available(work, clerk, sku, pieces));
      if (price.empty()) return {};
      PF_LET(
          const auto change,
          catalog::offer_change_of(*json::parse("{\"prices\":{\"EUR\":{\"sell_price\":" + std::string(price) + "}}}")));
      PF_TRY(offers->upsert(work, clerk, parsed, change));
      return {};
    });
    REQUIRE_MESSAGE(done.ok(), done.error().message);
  }
  void fill() {
    put("SHIRT",
        R"({"title":"Overhemd","description":"<p>Katoen &amp; linnen</p><ul><li>wit</li></ul>","brand":"Acme",
            "categories":["kleding/hemden"],"images":["https://x.example/a.png","https://x.example/b.png"]})");
    put("SHIRT S/%1", R"({"parent":"SHIRT","ean":"4006381333931","attributes":{"size":"S","color":["blue","green"]}})",
        "19.95", 3);
    put("MUG", R"({"title":"Mok","description":"Een mok","images":["https://x.example/m.png"]})", "5");
    put("OFF", R"({"title":"Uit","enabled":false})", "5");
    put("BARE", R"({"title":"Zonder prijs"})");
  }
  exchange::Profile made(const exchange::Profile& wanted) {
    auto done = profiles->create(clerk, wanted);
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    return *done;
  }
  std::string file(const exchange::Profile& profile) {
    std::string out;
    const auto done = profiles->write(profile, [&](std::string_view piece) {
      out += piece;
      return true;
    });
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    return out;
  }
  std::string mark(const exchange::Profile& profile) {
    const auto state = profiles->state(store->read(), profile);
    REQUIRE(state.ok());
    return state->mark;
  }
  exchange::ProfileCheck check(const exchange::Profile& profile) {
    auto done = exchange::check_profile(*profiles, profile);
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    return *done;
  }
};

exchange::Profile google() {
  exchange::Profile out;
  out.name = "Google NL";
  out.format = "google_merchant";
  out.link = "https://shop.example/p/{sku}";
  return out;
}

std::string faults_of(const Error& error) {
  std::string out;
  for (const auto& fault : error.faults) out += fault.field + " " + fault.code + ";";
  return out;
}

}  // namespace

TEST_CASE("every format that comes with the executable can be read, and asks for fields that a product has") {
  CHECK(exchange::built_in_formats().size() >= 7);
  for (const auto& format : exchange::built_in_formats()) {
    CHECK(format.columns.size() > 2);
    CHECK_FALSE(format.title.empty());
  }
}

TEST_CASE("a Google feed holds what is for sale and whole, variants with what they have from above") {
  ProfileShop shop;
  shop.fill();
  const auto profile = shop.made(google());
  const std::string feed = shop.file(profile);
  CHECK_MESSAGE(feed.find("<g:id>SHIRT S/%1</g:id><title>Overhemd</title>"
                          "<description>&lt;p&gt;Katoen &amp;amp; "
                          "linnen&lt;/p&gt;&lt;ul&gt;&lt;li&gt;wit&lt;/li&gt;&lt;/ul&gt;</description>"
                          "<link>https://shop.example/p/SHIRT%20S%2F%251</link>"
                          "<g:image_link>https://x.example/a.png</g:image_link>"
                          "<g:additional_image_link>https://x.example/b.png</g:additional_image_link>"
                          "<g:price>19.95 EUR</g:price><g:availability>in_stock</g:availability>"
                          "<g:condition>new</g:condition><g:brand>Acme</g:brand><g:gtin>4006381333931</g:gtin>"
                          "<g:product_type>kleding &gt; hemden</g:product_type>"
                          "<g:item_group_id>SHIRT</g:item_group_id>") != std::string::npos,
                feed);
  CHECK(feed.find("<g:id>MUG</g:id>") != std::string::npos);
  CHECK(feed.find("<g:availability>out_of_stock</g:availability>") != std::string::npos);
  CHECK(feed.find("<g:identifier_exists>no</g:identifier_exists>") != std::string::npos);
  for (const char* left_out : {"<g:id>SHIRT</g:id>", "OFF", "BARE"})
    CHECK_MESSAGE(feed.find(left_out) == std::string::npos, left_out);

  // It is read back as the same products, of which it changes nothing; what the catalogue has no field for is added
  // once, as attributes.
  const Done first = shop.import(feed);
  CHECK_MESSAGE(first.counts.refused == 0, first);
  CHECK(shop.field("MUG", "title") == "Mok");
  CHECK(shop.field("MUG", "description") == "Een mok");
  CHECK(shop.field("MUG", "images") == "[\"https://x.example/m.png\"]");
  CHECK(shop.price("MUG") == "5.00");
  CHECK(shop.field("SHIRT S/%1", "parent") == "SHIRT");
  CHECK(shop.import(feed).counts.unchanged == 2);
  CHECK((shop.file(profile) == feed));
}

TEST_CASE(
    "a Google feed says what Google takes: weights with their unit, its own words, no number of the shop's own, no "
    "price of nothing") {
  ProfileShop shop;
  const std::string rest = R"("title":"Mok","description":"Een mok","images":["https://x.example/m.png"])";
  shop.put("A",
           "{" + rest + R"(,"ean":"2000000000008","brand":"Acme","attributes":{"weight":"1,25 kg","condition":"New"}})",
           "5", 1);
  shop.put("B", "{" + rest + R"(,"attributes":{"weight":{"amount":540,"unit":"GRAM"},"gender":"Female"}})", "5", 1);
  shop.put("C",
           "{" + rest + R"(,"ean":"4006381333931","attributes":{"weight":"rather heavy","shipping_weight":"2 lb"}})",
           "5", 1);
  shop.put("D", "{" + rest + R"(,"attributes":{"weight":"1,234 kg"}})", "5", 1);
  shop.put("FREE", "{" + rest + "}", "0", 1);
  const auto profile = shop.made(google());
  const std::string feed = shop.file(profile);
  const auto item = [&](const std::string& id) {
    const std::size_t at = feed.find("<g:id>" + id + "</g:id>");
    return at == std::string::npos ? std::string() : feed.substr(at, feed.find("</item>", at) - at);
  };
  const auto says = [&](const std::string& id, const std::string& what) {
    return item(id).find(what) != std::string::npos;
  };
  CHECK(says("A", "<g:condition>new</g:condition>"));
  CHECK(says("A", "<g:shipping_weight>1.25 kg</g:shipping_weight>"));
  CHECK_FALSE(says("A", "g:gtin"));  // restricted: for use within the shop
  CHECK(says("A", "<g:identifier_exists>no</g:identifier_exists>"));
  CHECK(says("B", "<g:shipping_weight>540 g</g:shipping_weight>"));
  CHECK(says("B", "<g:gender>female</g:gender>"));
  CHECK(says("C", "<g:gtin>4006381333931</g:gtin>"));
  CHECK(says("C", "<g:shipping_weight>2 lb</g:shipping_weight>"));
  CHECK_FALSE(item("D").empty());
  CHECK_FALSE(says("D", "g:shipping_weight"));  // a kilogram or a ton
  CHECK(item("FREE").empty());
  REQUIRE(shop.check(profile).faults.size() == 1);
  CHECK(shop.check(profile).faults.front().column == "g:price");
}

TEST_CASE("a feed that another shop imports and offers at the same terms is the same feed") {
  ProfileShop shop, other;
  shop.fill();
  auto profile = google();
  profile.without_heads = false;
  const std::string feed = shop.file(shop.made(profile));
  other.put("SHIRT", "{}");
  REQUIRE(other.import(feed).counts.refused == 0);
  other.put("SHIRT S/%1", "{}", {}, 3);
  CHECK(other.file(other.made(profile)) == feed);
}

TEST_CASE("the check of a profile names what products lack, and what the profile itself does") {
  ProfileShop shop;
  shop.fill();
  auto wanted = google();
  wanted.link.clear();
  auto check = shop.check(shop.made(wanted));
  CHECK(check.total == 4);    // OFF is not for sale
  CHECK(check.checked == 3);  // SHIRT is but the head of its variants
  CHECK(check.faulty == 3);
  CHECK(check.whole);
  REQUIRE(check.advice.size() == 1);
  CHECK(check.advice[0].field == "link");
  CHECK(check.samples.empty());
  wanted.link = "https://shop.example/p/{sku}";
  check = shop.check(shop.made(wanted));
  CHECK(check.faulty == 1);
  CHECK(check.samples.size() == 2);
  std::string lacking;
  for (const auto& fault : check.faults) {
    lacking += fault.column + " " + fault.code + ";";
    CHECK(fault.products == 1);
    CHECK(fault.skus == std::vector<std::string>{"BARE"});
  }
  for (const char* column : {"description required", "g:image_link required", "g:price required"})
    CHECK_MESSAGE(lacking.find(column) != std::string::npos, lacking);

  shop.put("PICTURED", "{\"title\":\"T\",\"description\":\"D\",\"images\":[\"https://x.example/p.png\"]}", "1");
  const auto put = shop.store->write([&](storage::Write& work) -> Result<> {
    catalog::ProductChange change;
    change.attributes.emplace_back("condition", "broken");
    PF_TRY(shop.products->change(work, shop.clerk, *catalog::parse_sku("PICTURED"), change, catalog::WriteMode::upsert,
                                 ""));
    return {};
  });
  REQUIRE(put.ok());
  check = shop.check(shop.made(wanted));
  CHECK(check.faulty == 2);
  wanted.with_faulty = true;
  const auto kept = shop.made(wanted);
  CHECK(shop.file(kept).find("broken") != std::string::npos);
}

TEST_CASE("a feed becomes another with every change of a product, an offer or the stock, and with none else") {
  ProfileShop shop;
  shop.fill();
  const auto profile = shop.made(google());
  const std::string before = shop.mark(profile);
  const auto other = shop.made(google());  // another profile changes nothing of this one
  CHECK(shop.mark(profile) == before);
  CHECK(shop.mark(other) != before);
  std::vector<std::string> seen{before};
  const auto differs = [&](const char* what) {
    const std::string now = shop.mark(profile);
    CHECK_MESSAGE(std::ranges::find(seen, now) == seen.end(), what);
    CHECK_MESSAGE(shop.mark(profile) == now, what);
    seen.push_back(now);
  };
  shop.put("MUG", R"({"title":"Beker"})");
  differs("a title");
  shop.put("MUG", "{}", "6");
  differs("a price");
  shop.put("MUG", "{}", {}, 5);
  differs("pieces");
  REQUIRE(shop.import("sku,title\nNEW,New\n").counts.created == 1);
  differs("an import");
  REQUIRE(shop.store
              ->write([&](storage::Write& work) {
                return shop.products->remove(work, shop.clerk, *catalog::parse_sku("NEW"));
              })
              .ok());
  differs("a product that goes");
  orders::PlaceOrder order;
  order.channel = "till";
  order.channel_order_id = "1";
  order.currency = *Currency::parse("EUR");
  order.lines.push_back({.sku = "MUG", .title = "Beker", .quantity = 2});
  REQUIRE(shop.orders->place(shop.clerk, order, orders::StockPolicy::backorder).ok());
  differs("an order that takes pieces");
  const auto there = catalog::marketplace_offer_change_of(*json::parse(R"({"marketplace":"bol","enabled":false})"));
  const auto write = [&](const char* what, const std::function<Result<>(storage::Write&)>& change) {
    const auto done = shop.store->write(change);
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : what + (": " + done.error().message)));
    differs(what);
  };
  const auto mug = *catalog::parse_sku("MUG");
  write("an offer on a marketplace", [&](storage::Write& work) -> Result<> {
    PF_TRY(shop.marketplace_offers->upsert(work, shop.clerk, mug, *there));
    return {};
  });
  write("an offer that goes", [&](storage::Write& work) { return shop.offers->remove(work, shop.clerk, mug); });
  write("a version put back", [&](storage::Write& work) -> Result<> {
    PF_TRY(shop.products->restore(work, shop.clerk, mug, 1, {}));
    return {};
  });
  write("a category's place", [&](storage::Write& work) -> Result<> {
    PF_TRY(shop.products->models().describe(work, shop.clerk, catalog::ModelKind::category, "kleding/hemden",
                                            *json::parse(R"({"position":1})"), catalog::DescribeMode::patch));
    return {};
  });
  write("the languages", [&](storage::Write& work) {
    return shop.products->set_languages(work, shop.clerk, {.locales = {"en", "nl-NL"}, .chosen = true});
  });
  auto wanted = google();
  wanted.currency = "USD";
  const auto changed = shop.profiles->change(shop.clerk, profile.id, wanted);
  REQUIRE(changed.ok());
  CHECK(shop.mark(*changed) != seen.back());
}

TEST_CASE("a feed is found by its token alone, which a new one and closing end") {
  ProfileShop shop;
  const auto profile = shop.made(google());
  CHECK_FALSE(profile.feed);
  const auto first = shop.profiles->open_feed(shop.clerk, profile.id);
  REQUIRE(first.ok());
  CHECK(first->second.size() == 43);
  const auto found = [&](const std::string& token) {
    const auto one = shop.profiles->of_token(shop.store->read(), token);
    REQUIRE(one.ok());
    return one->has_value();
  };
  CHECK(found(first->second));
  for (const std::string& wrong : {std::string(), profile.id, first->second.substr(1), first->second + "A"})
    CHECK_FALSE(found(wrong));
  const auto second = shop.profiles->open_feed(shop.clerk, profile.id);
  REQUIRE(second.ok());
  CHECK_FALSE(found(first->second));
  CHECK(found(second->second));
  // The token itself is nowhere in the store.
  const auto read = shop.store->read();
  for (auto row = read.scan(shop.store->family("profiles"), "", ""); row.valid(); row.next())
    CHECK((std::string(row.key()) + std::string(row.value())).find(second->second) == std::string::npos);
  REQUIRE(shop.profiles->close_feed(shop.clerk, profile.id).ok());
  CHECK_FALSE(found(second->second));
  const auto third = shop.profiles->open_feed(shop.clerk, profile.id);
  REQUIRE(shop.profiles->remove(shop.clerk, profile.id).ok());
  CHECK_FALSE(found(third->second));
}

TEST_CASE("a whole export is a profile but no feed, since it tells what the shop pays") {
  ProfileShop shop;
  shop.fill();
  exchange::Profile whole;
  whole.name = "All";
  whole.format = "csv";
  const auto profile = shop.made(whole);
  CHECK(shop.file(profile).find("attributes:json") != std::string::npos);
  CHECK(shop.file(profile).find("OFF") == std::string::npos);
  const auto opened = shop.profiles->open_feed(shop.clerk, profile.id);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().code == ErrorCode::conflict);
  whole.columns = {
      {"Nummer", "[sku]"}, {"Prijs", "if(empty([price]), '', [price] & ' ' & [currency])"}, {"Maat", "[size]"}};
  const auto columns = shop.made(whole);
  CHECK(shop.file(columns) == "Nummer,Prijs,Maat\r\nBARE,,\r\nMUG,5.00 EUR,\r\nSHIRT S/%1,19.95 EUR,S\r\n");
  CHECK(shop.profiles->open_feed(shop.clerk, columns.id).ok());
  whole.columns.clear();
  CHECK_FALSE(shop.profiles->change(shop.clerk, columns.id, whole).ok());
}

TEST_CASE("a profile that cannot be right is refused with every fault at once") {
  ProfileShop shop;
  exchange::Profile bad;
  bad.format = "papyrus";
  bad.locale = "not a language";
  bad.currency = "euro";
  bad.link = "https://shop.example/all";
  bad.public_address = "https://pim.example/path";
  bad.columns = {{"", "[sku"}};
  bad.question.where.push_back({"created_at", catalog::Operator::gt, {"yesterday"}});
  const auto done = shop.profiles->create(shop.clerk, bad);
  REQUIRE_FALSE(done.ok());
  const std::string faults = faults_of(done.error());
  for (const char* named : {"name length", "format unknown", "locale format", "currency format", "link format",
                            "public_address format", "columns conflict", "columns[0].from formula", "query value"})
    CHECK_MESSAGE(faults.find(named) != std::string::npos, faults, named);
  for (const char* link : {"ftp://x.example/{sku}", "https://x.example/{price}", "https://x.example/{sku} x"})
    CHECK_FALSE_MESSAGE(exchange::check_link(link).ok(), link);
}

TEST_CASE("a shop's own format is a document, and needs nothing else") {
  ProfileShop shop;
  shop.fill();
  const auto kept = shop.profiles->keep_format(
      shop.clerk, R"j({"name":"winkel","layout":"xml","root":"artikelen","item":"artikel","columns":[
        {"name":"nr","from":"[sku]","required":true,"length_max":5},
        {"name":"verzending/prijs","from":"'4.95'"},
        {"name":"verzending/land","from":"'NL'"},
        {"name":"kleur","from":"[color]","list_max":5},
        {"name":"staat","from":"if([stock] > 0, 'ja', 'nee')","one_of":["ja"]}]})j");
  REQUIRE_MESSAGE(kept.ok(), (kept.ok() ? "" : kept.error().message));
  exchange::Profile profile;
  profile.name = "Winkel";
  profile.format = "winkel";
  profile.with_faulty = true;
  const auto made = shop.made(profile);
  CHECK(
      shop.file(made) ==
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<artikelen>\n"
      "<artikel><nr>BARE</nr><verzending><prijs>4.95</prijs><land>NL</land></verzending><staat>nee</staat></artikel>\n"
      "<artikel><nr>MUG</nr><verzending><prijs>4.95</prijs><land>NL</land></verzending><staat>nee</staat></artikel>\n"
      "<artikel><nr>SHIRT S/%1</nr><verzending><prijs>4.95</prijs><land>NL</land></verzending>"
      "<kleur>blue</kleur><kleur>green</kleur><staat>ja</staat></artikel>\n</artikelen>\n");
  const auto check = shop.check(made);
  CHECK(check.faulty == 3);
  CHECK(check.faults.size() == 2);
  CHECK_FALSE(shop.profiles->remove_format(shop.clerk, "winkel").ok());
  REQUIRE(shop.profiles->remove(shop.clerk, made.id).ok());
  CHECK(shop.profiles->remove_format(shop.clerk, "winkel").ok());
  CHECK_FALSE(shop.profiles->remove_format(shop.clerk, "google_merchant").ok());

  for (const auto& one : std::vector<std::pair<std::string, std::string>>{
           {R"({"name":"Big","columns":[{"name":"a","from":"[sku]"}]})", "name format"},
           {R"({"name":"x","layout":"papyrus","columns":[{"name":"a","from":"[sku]"}]})", "layout unknown"},
           {R"({"name":"x","columns":[]})", "columns required"},
           {R"({"name":"x","columns":[{"name":"a","from":"[sku"}]})", "columns[0].from formula"},
           {R"({"name":"x","columns":[{"name":"a"}]})", "columns[0].from required"},
           {R"({"name":"x","columns":[{"name":"a","from":"1"},{"name":"a","from":"2"}]})", "columns[1].name twice"},
           {R"({"name":"x","layout":"xml","columns":[{"name":"a b","from":"1"}]})", "columns[0].name format"},
           {R"({"name":"x","layout":"xml","columns":[{"name":"a/b/c","from":"1"}]})", "columns[0].name format"},
           {R"({"name":"x","columns":[{"name":"a","from":"1","type":"colour"}]})", "columns[0].type unknown"},
           {R"({"name":"x","columns":[{"name":"a","from":"1","length_max":-1}]})", "columns[0].length_max range"},
           {R"({"name":"x","nonsense":1,"columns":[{"name":"a","from":"1"}]})", "nonsense unknown"}}) {
    const std::string &document = one.first, &named = one.second;
    const auto parsed = exchange::parse_channel_format(document);
    REQUIRE_FALSE_MESSAGE(parsed.ok(), document);
    CHECK_MESSAGE(faults_of(parsed.error()).find(named) != std::string::npos, document, faults_of(parsed.error()));
  }
  CHECK_FALSE(shop.profiles->keep_format(shop.clerk, R"({"name":"csv","columns":[{"name":"a","from":"1"}]})").ok());
}

TEST_CASE("a column stands in another language than its profile's where it says so, from above too") {
  ProfileShop shop;
  REQUIRE(shop.import("sku,title@nl-NL,title@en,stof@nl-NL,stof@en,parent\n"
                      "P,Hemd,Shirt,katoen,cotton,\nP-1,,,,,P\nP-2,Rood hemd,,linnen,,P\n")
              .counts.created == 3);
  exchange::Profile profile{.name = "Both", .format = "csv", .locale = "nl-NL"};
  profile.columns = {{"Naam", "[title]"},
                     {"Name", "[title@en]"},
                     {"Stof", "[attributes.stof@nl-NL]"},
                     {"Stuff", "[attributes.stof@en]"},
                     {"None", "[attributes.stof@fr]"}};
  profile = shop.made(profile);
  CHECK(shop.file(profile) ==
        "Naam,Name,Stof,Stuff,None\r\nHemd,Shirt,katoen,cotton,\r\nRood hemd,Shirt,linnen,cotton,\r\n");
  CHECK(exchange::check_profile(*shop.profiles, profile)->samples.at(0).at(1).second == "Shirt");
}

TEST_CASE("what a channel has of its own goes before the base offer, and what it does not sell stays out") {
  ProfileShop shop;
  shop.put("A", R"({"title":"A"})", "10", 50);
  shop.put("B", R"({"title":"B"})", "10", 50);
  for (const auto& one : std::vector<std::pair<std::string, std::string>>{
           {"A", R"({"marketplace":"bol","qty_available":4,"prices":{"EUR":{"sell_price":12.5}}})"},
           {"B", R"({"marketplace":"bol","enabled":false})"}}) {
    const auto change = catalog::marketplace_offer_change_of(*json::parse(one.second));
    REQUIRE(change.ok());
    REQUIRE(shop.store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_TRY(shop.marketplace_offers->upsert(work, shop.clerk, *catalog::parse_sku(one.first), *change));
                  return {};
                })
                .ok());
  }
  exchange::Profile profile;
  profile.name = "bol";
  profile.format = "csv";
  profile.columns = {{"sku", "[sku]"}, {"price", "[price]"}, {"stock", "[stock]"}};
  CHECK(shop.file(shop.made(profile)) == "sku,price,stock\r\nA,10.00,50\r\nB,10.00,50\r\n");
  profile.channel = "bol";
  CHECK(shop.file(shop.made(profile)) == "sku,price,stock\r\nA,12.50,4\r\n");
}

TEST_CASE("a picture that is kept here has an address only where the shop says how it is reached") {
  ProfileShop shop;
  const std::string id(64, 'a');
  exchange::Profile profile;
  profile.name = "Pictures";
  profile.format = "csv";
  profile.columns = {{"image", "[image]"}};
  const exchange::ListingTerms nowhere = exchange::Profiles::terms_of(profile);
  profile.public_address = "https://pim.example:8443/";
  const auto made = shop.made(profile);
  catalog::Record record;
  record.sku = "A";
  record.images = {"asset:" + id, "https://x.example/b.png"};
  const exchange::Listed listed{.record = record};
  CHECK(exchange::Listing(nowhere, {}).field(listed, "images") == "https://x.example/b.png");
  // What a shop pays is never a field, whatever a formula calls it.
  catalog::Offer offer;
  offer.prices.push_back({.currency = *Currency::parse("EUR"), .minor = {1000, {}, {}, 700, 600}});
  const exchange::Listed offered{.record = record, .offer = &offer};
  CHECK(exchange::Listing(nowhere, {}).field(offered, "price") == "10.00");
  for (const char* paid : {"purchase_price", "cost_price", "attributes.cost_price"})
    CHECK(exchange::Listing(nowhere, {}).field(offered, paid).empty());
  CHECK(exchange::Listing(exchange::Profiles::terms_of(made), {}).field(listed, "image") ==
        "https://pim.example:8443/feed/" + made.picture_key + "/image/" + id);
  CHECK(*shop.profiles->has_pictures(shop.store->read(), made.picture_key));
  CHECK_FALSE(*shop.profiles->has_pictures(shop.store->read(), made.picture_key.substr(1)));
}

TEST_CASE("HTML is read as a person reads it") {
  CHECK(exchange::without_html("<h2>Big</h2><p>One &lt; two<br/>three</p>\n <!-- no --> <b>bold</b> 1 < 2 &copy;") ==
        "Big\nOne < two\nthree\nbold 1 < 2 &copy;");
  CHECK(exchange::without_html("plain text").find("plain text") == 0);
  CHECK(exchange::without_html("<script") == "<script");
  CHECK(exchange::without_html("two\n lines \n\n& more") == "two\nlines\n& more");
}
