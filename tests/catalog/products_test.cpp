#include "catalog/products.h"

#include <thread>

#include "catalog/any_case.h"
#include "shop.h"

using namespace pf;
using namespace pf::catalog;
using pf::test::Shop;

TEST_CASE("a SKU is found in other capitals, whichever they are, and each that differs in nothing else") {
  Shop shop;
  for (const char* sku : {"ABC-1", "Abc-2", "abc-2", "abC-2", "abc-22", "\u00c9-[1]", "é-[1]", "@A`", "100/a"})
    shop.post(sku, "{}");
  std::size_t looks = 10'000;
  const auto alike = [&](std::string_view sku, std::size_t at_most = 9) {
    return *skus_in_any_case(shop.products, shop.store->read(), sku, at_most, looks);
  };
  using Skus = std::vector<std::string>;
  CHECK(alike("abc-1") == Skus{"ABC-1"});
  CHECK(alike("aBc-2") == Skus{"Abc-2", "abC-2", "abc-2"});
  CHECK(alike("ABC-2", 2) == Skus{"Abc-2", "abc-2"});
  CHECK(alike("abc") == Skus{});
  CHECK(alike("abc-12") == Skus{});
  CHECK(alike("\u00c9-[1]") == Skus{"\u00c9-[1]"});  // ASCII letters alone
  CHECK(alike("@a`") == Skus{"@A`"});
  CHECK(alike("`a@") == Skus{});
  CHECK(alike("100/A") == Skus{"100/a"});
  CHECK(alike("") == Skus{});
  // When no look is left, those are found that are written in one case, and no other, which may have a twin.
  CHECK((looks > 9'000 && looks < 10'000));
  looks = 0;
  CHECK(alike("abc-1") == Skus{"ABC-1"});
  CHECK(alike("ABC-22") == Skus{"abc-22"});
  CHECK(alike("ABC-2") == Skus{"abc-2"});
  shop.post("Mixed", "{}");
  CHECK(alike("mixed") == Skus{});
  CHECK(looks == 0);
  looks = 100;
  CHECK(alike("mixed") == Skus{"Mixed"});
  CHECK((looks > 70 && looks < 100));
}

TEST_CASE("of SKUs that begin alike in all capitals, only so many are looked at") {
  Shop shop;
  for (unsigned which = 0; which < 1u << 9; ++which) {
    std::string sku = "abcdefghi";
    for (unsigned at = 0; at < sku.size(); ++at)
      if ((which >> at & 1) != 0) sku[at] = static_cast<char>(sku[at] ^ 0x20);
    shop.post(sku + "-" + std::to_string(which), "{}");
  }
  shop.post("ABCDEFGHI-X", "{}");
  std::size_t looks = 10'000;
  for (std::size_t times = 1; times <= 5; ++times) {
    CHECK(*skus_in_any_case(shop.products, shop.store->read(), "abcdefghi-x", 9, looks) ==
          std::vector<std::string>{"ABCDEFGHI-X"});
    CHECK(looks >= 10'000 - times * 2'000);
  }
  looks = 7;
  CHECK(*skus_in_any_case(shop.products, shop.store->read(), "abcdefghi-x", 9, looks) ==
        std::vector<std::string>{"ABCDEFGHI-X"});
  CHECK(looks < 2);
}

TEST_CASE("a product comes back as it was sent, with its SKU, locale, version and times") {
  Shop shop;
  const auto done = shop.post(
      "A-1",
      R"({"title":"Blue shirt","description":"<p>Cotton</p>","brand":"Acme","ean":"4006381333931","family":"shirts",
      "parent":null,"categories":["clothing/shirts"],"attributes":{"color":"blue","size":"M"},"images":["https://shop.example/a.png"],"enabled":true})");
  CHECK(done.outcome == Outcome::created);
  const auto product = shop.get("A-1");
  CHECK(*product.find("title")->as_string() == "Blue shirt");
  CHECK(*product.find("description")->as_string() == "<p>Cotton</p>");
  CHECK(*product.find("brand")->as_string() == "Acme");
  CHECK(*product.find("ean")->as_string() == "4006381333931");
  CHECK(*product.find("family")->as_string() == "shirts");
  CHECK(product.find("parent")->is_null());
  CHECK(json::write(*product.find("categories")) == R"(["clothing/shirts"])");
  CHECK(json::write(*product.find("attributes")) == R"({"color":"blue","size":"M"})");
  CHECK(json::write(*product.find("images")) == R"(["https://shop.example/a.png"])");
  CHECK(*product.find("enabled")->as_bool());
  CHECK(*product.find("sku")->as_string() == "A-1");
  CHECK(*product.find("locale")->as_string() == "en");
  CHECK(product.find("version")->as_int() == 1);
  CHECK(*product.find("created_at")->as_string() == "2026-01-15T00:00:00Z");
  CHECK(product.as_object()->size() == 15);
}

TEST_CASE("awkward SKUs are products like any other, and do not mix with their neighbours") {
  Shop shop;
  const std::vector<std::string> names = {"a",       "a/b",      "a/",
                                          "50% off", "A",        "0012",
                                          "12",      "Größe 42", "\xf0\x9f\x91\x95",
                                          "a b",     "ab",       std::string(kSkuBytesMax, 'x')};
  for (const auto& name : names) shop.post(name, R"({"title":"T","texts":{"nl-NL":{"title":"N"}}})");
  for (const auto& name : names) CHECK(shop.text(name, "sku") == name);
  std::vector<std::string> all;
  std::string after;
  for (;;) {
    auto some = shop.products.skus_after(shop.store->read(), after, 5);
    REQUIRE(some.ok());
    if (some->empty()) break;
    all.insert(all.end(), some->begin(), some->end());
    after = all.back();
  }
  auto sorted = names;
  std::sort(sorted.begin(), sorted.end());
  CHECK(all == sorted);
  REQUIRE(shop.remove("a").ok());
  CHECK_FALSE(shop.there("a"));
  CHECK(shop.there("a/"));
  CHECK(shop.text("a/b", "title", "nl-NL") == "N");
}

TEST_CASE("versions count up, times move, and an unchanged write writes nothing") {
  Shop shop;
  shop.post("A-1", R"({"title":"Blue","attributes":{"weight":1.50}})");
  const auto first = shop.bytes("A-1");
  const auto entries = shop.audit.page(shop.store->read(), 0, 100)->size();
  shop.clock.pass(std::chrono::seconds(5));
  CHECK(shop.post("A-1", R"({"title":"Blue","attributes":{"weight":1.50}})").outcome == Outcome::unchanged);
  CHECK(shop.bytes("A-1") == first);
  CHECK(shop.audit.page(shop.store->read(), 0, 100)->size() == entries);
  CHECK(shop.post("A-1", R"({"attributes":{"weight":1.5}})").outcome == Outcome::changed);
  CHECK(shop.text("A-1", "version") == "2");
  CHECK(shop.text("A-1", "created_at") == "2026-01-15T00:00:00Z");
  CHECK(shop.text("A-1", "updated_at") == "2026-01-15T00:00:05Z");
}

TEST_CASE("texts belong to their locale and the default lends what is missing") {
  Shop shop;
  shop.post("A-1", R"({"title":"Blue shirt","description":"Cotton","attributes":{"color":"blue"}})", "en");
  shop.post("A-1", R"({"title":"Blauw hemd","texts":{"de-DE":{"title":"Blaues Hemd","fit":"weit"}}})", "nl-NL");
  CHECK(shop.text("A-1", "title") == "Blue shirt");
  CHECK(shop.text("A-1", "title", "nl-NL") == "Blauw hemd");
  CHECK(shop.text("A-1", "description", "nl-NL") == "Cotton");
  CHECK(shop.text("A-1", "locale", "nl-NL") == "nl-NL");
  CHECK(shop.attribute("A-1", "fit", "de-DE") == "\"weit\"");
  CHECK(shop.attribute("A-1", "fit", "nl-NL") == "absent");
  CHECK(shop.attribute("A-1", "color", "de-DE") == "\"blue\"");
  CHECK(shop.text("A-1", "title", "fr-FR") == "Blue shirt");
  CHECK(shop.text("A-1", "locale", "fr-FR") == "en");
  CHECK(shop.products.languages(shop.store->read())->locales == std::vector<std::string>{"en", "nl-NL", "de-DE"});
  shop.post("B-1", R"({"title":"Alleen Nederlands"})", "nl-NL");
  CHECK(shop.text("B-1", "title", "en") == "Alleen Nederlands");
  shop.post("A-1", R"({"title":""})", "nl-NL");
  CHECK(shop.text("A-1", "title", "nl-NL") == "Blue shirt");
  CHECK(*shop.products.title(shop.store->read(), "A-1", "de-DE") == "Blaues Hemd");
  const auto texts = shop.products.all_texts_json(shop.store->read(), "A-1");
  REQUIRE(texts.ok());
  CHECK(**texts ==
        R"({"de-DE":{"title":"Blaues Hemd","fit":"weit"},"en":{"title":"Blue shirt","description":"Cotton"}})");
}

TEST_CASE("locales of one language lend to each other before the default does, from above as well") {
  Shop shop;
  shop.post("P", R"({"title":"Sofa","description":"Soft","attributes":{"fit":"wide"},
                     "texts":{"nl-NL":{"title":"Bank","fit":"ruim","care":"wassen"},"nl-BE":{"description":"Zacht"}}})",
            "en");
  CHECK(shop.text("P", "title", "nl-BE") == "Bank");
  CHECK(shop.text("P", "description", "nl-BE") == "Zacht");
  CHECK(shop.text("P", "description", "nl-NL") == "Zacht");
  CHECK(shop.attribute("P", "fit", "nl-BE") == "\"ruim\"");
  CHECK(shop.text("P", "description", "en") == "Soft");
  CHECK(*shop.products.title(shop.store->read(), "P", "nl-BE") == "Bank");
  shop.post("V", R"({"parent":"P"})");
  const std::vector<std::string> skus{"V"};
  const auto above = shop.products.inherited_jsons(shop.store->read(), skus, "nl-BE");
  REQUIRE(above.ok());
  for (const char* part :
       {R"("title":{"value":"Bank")", R"("description":{"value":"Zacht")", R"("value":"ruim")", "wassen"})
    CHECK_MESSAGE((*above)[0]->find(part) != std::string::npos, *(*above)[0]);
}

TEST_CASE("a locale takes its texts from the one that the owner names, along the chain, and circles are refused") {
  Shop shop;
  const auto choose = [&](std::map<std::string, std::string, std::less<>> fallbacks) {
    Languages chosen;
    chosen.locales = {"en", "nl-NL", "nl-BE", "de-DE", "fr-FR"};
    chosen.fallbacks = std::move(fallbacks);
    return shop.store->write(
        [&](storage::Write& work) { return shop.products.set_languages(work, access::system_actor(), chosen); });
  };
  REQUIRE(choose({}).ok());
  shop.post("A", R"({"title":"Shirt","texts":{"nl-NL":{"title":"Hemd"},"de-DE":{"title":"Oberhemd"}}})", "en");
  CHECK(shop.text("A", "title", "nl-BE") == "Hemd");
  REQUIRE(choose({{"nl-BE", "fr-FR"}, {"fr-FR", "de-DE"}}).ok());
  CHECK(shop.text("A", "title", "nl-BE") == "Oberhemd");
  CHECK(shop.products.languages(shop.store->read())->lending("nl-BE") ==
        std::vector<std::string>{"nl-BE", "fr-FR", "de-DE", "en"});
  CHECK(choose({{"nl-BE", "it-IT"}}).error().faults.at(0).code == "unknown");
  const auto circle = choose({{"nl-BE", "fr-FR"}, {"fr-FR", "nl-BE"}});
  CHECK(circle.error().faults.at(0).code == "circle");
  CHECK(circle.error().message.find("fr-FR > nl-BE > fr-FR") != std::string::npos);
  CHECK(choose({{"en", "en"}}).error().faults.at(0).code == "circle");
  shop.post("B", R"({"title":"Camisa"})", "es-ES");  // a language that comes by itself leaves the chains as they are
  CHECK(shop.text("A", "title", "nl-BE") == "Oberhemd");
}

TEST_CASE("the first text of a new shop decides its default language; the owner may choose another") {
  Shop shop;
  shop.post("A-1", R"({"title":"Blauw hemd"})", "nl-NL");
  shop.post("A-1", R"({"title":"Blue shirt"})", "en-GB");
  CHECK(shop.text("A-1", "title") == "Blauw hemd");
  Languages chosen;
  chosen.locales = {"en-GB", "nl-NL"};
  REQUIRE(shop.store
              ->write([&](storage::Write& work) {
                return shop.products.set_languages(work, access::system_actor(), chosen);
              })
              .ok());
  CHECK(shop.text("A-1", "title") == "Blue shirt");
  for (const std::vector<std::string>& bad :
       {std::vector<std::string>{}, {"en", "en"}, {"english language"}, {"nl_NL"}}) {
    chosen.locales = bad;
    CHECK_FALSE(shop.store
                    ->write([&](storage::Write& work) {
                      return shop.products.set_languages(work, access::system_actor(), chosen);
                    })
                    .ok());
  }
}

TEST_CASE("variants hang on a parent that exists, no deeper than three levels and in no circle") {
  Shop shop;
  CHECK(shop.refused("V-1", R"({"parent":"P"})").faults.at(0).field == "parent");
  CHECK(shop.refused("P", R"({"parent":"P"})").faults.at(0).code == "itself");
  shop.post("P", R"({"title":"Parent"})");
  shop.post("V-2", R"({"parent":"P"})");
  shop.post("V-1", R"({"parent":"P"})");
  shop.post("V-1-a", R"({"parent":"V-1"})");
  CHECK(shop.refused("V-1-a-x", R"({"parent":"V-1-a"})").faults.at(0).code == "too_deep");
  CHECK(shop.refused("P", R"({"parent":"V-1-a"})").faults.at(0).code == "circle");
  shop.post("Top", R"({"title":"Top"})");
  CHECK(shop.refused("P", R"({"parent":"Top"})").faults.at(0).code == "too_deep");
  CHECK(*shop.products.variants(shop.store->read(), "P", 10) == std::vector<std::string>{"V-1", "V-2"});
  const auto kept = shop.remove("P");
  REQUIRE_FALSE(kept.ok());
  CHECK(kept.error().code == ErrorCode::conflict);
  shop.patch("V-2", R"({"parent":null})");
  CHECK(*shop.products.variants(shop.store->read(), "P", 10) == std::vector<std::string>{"V-1"});
  REQUIRE(shop.remove("V-1-a").ok());
  REQUIRE(shop.remove("V-1").ok());
  CHECK(shop.remove("P").ok());
  CHECK(shop.remove("P").error().code == ErrorCode::not_found);
}

TEST_CASE("create and update mean what they say") {
  Shop shop;
  CHECK(shop.refused("A-1", R"({"title":"x"})", WriteMode::update).code == ErrorCode::not_found);
  CHECK(shop.write("A-1", R"({"title":"x"})", WriteMode::create).ok());
  CHECK(shop.refused("A-1", R"({"title":"y"})", WriteMode::create).code == ErrorCode::conflict);
  CHECK(shop.text("A-1", "title") == "x");
}

TEST_CASE("a refused product leaves nothing behind, and names upload and parent beside its other faults") {
  Shop shop;
  const auto bad = shop.refused("A-1",
                                R"({"title":"x","brand":5,"colour":"blue","ean":"1","parent":"none",
          "images":["asset:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],"associations":{"X":["Z"]}})");
  CHECK(bad.code == ErrorCode::invalid);
  std::string named;
  for (const auto& fault : bad.faults) named += fault.field + ":" + fault.code + " ";
  CHECK(named == "brand:type colour:unknown ean:length parent:unknown images[0]:unknown associations:unknown ");
  CHECK(shop.refused("A-1", R"({"brand":5})").message == "brand must be a text or null");
  CHECK_FALSE(shop.there("A-1"));
  CHECK(shop.search("x").empty());
}

TEST_CASE("of two people who edit what both read, the second is told") {
  Shop shop;
  shop.post("A-1", R"({"title":"Blue"})");
  const auto read = **shop.products.etag(shop.store->read(), "A-1");
  CHECK(shop.write("A-1", R"({"title":"Red"})", WriteMode::upsert, {}, read).ok());
  const auto late = shop.write("A-1", R"({"title":"Green"})", WriteMode::upsert, {}, read);
  REQUIRE_FALSE(late.ok());
  CHECK(late.error().code == ErrorCode::conflict);
  CHECK(late.error().faults.at(0).code == "stale");
  CHECK(shop.text("A-1", "title") == "Red");
  CHECK_FALSE(shop.remove("A-1", read).ok());
  CHECK(shop.write("A-1", R"({"title":"Green"})", WriteMode::upsert, {},
                   "\"0-0\", W/" + **shop.products.etag(shop.store->read(), "A-1"))
            .ok());
  CHECK(shop.write("A-1", R"({"title":"Any"})", WriteMode::upsert, {}, "*").ok());
  CHECK_FALSE(shop.write("B-1", R"({"title":"New"})", WriteMode::upsert, {}, "*").ok());
  // Deleted and made anew, it is another product.
  const auto old = **shop.products.etag(shop.store->read(), "A-1");
  REQUIRE(shop.remove("A-1").ok());
  for (int i = 0; i < 4; ++i) shop.post("A-1", R"({"title":"again )" + std::to_string(i) + R"("})");
  CHECK(**shop.products.etag(shop.store->read(), "A-1") != old);
}

TEST_CASE("eight editors who repeat what was refused lose no update") {
  Shop shop;
  shop.post("A-1", R"({"attributes":{"n":0}})");
  constexpr int kEach = 25;
  std::vector<std::thread> editors;
  for (int e = 0; e < 8; ++e) {
    editors.emplace_back([&] {
      for (int done = 0; done < kEach;) {
        std::string etag;
        std::int64_t n = 0;
        {
          const auto read = shop.store->read();
          etag = **shop.products.etag(read, "A-1");
          n = *json::parse(**shop.products.product_json(read, "A-1", ""))->find("attributes")->find("n")->as_int();
        }
        ProductChange change;
        change.attributes.emplace_back("n", n + 1);
        const auto kept = shop.store->write([&](storage::Write& work) -> Result<> {
          PF_LET(const auto written, shop.products.change(work, access::system_actor(), Shop::sku("A-1"), change,
                                                          WriteMode::update, "", etag));
          (void)written;
          return {};
        });
        if (kept.ok()) ++done;
      }
    });
  }
  for (auto& editor : editors) editor.join();
  CHECK(shop.attribute("A-1", "n") == std::to_string(8 * kEach));
  CHECK(shop.text("A-1", "version") == std::to_string(8 * kEach + 1));
}

TEST_CASE("what was written is there after the shop is opened again") {
  Shop shop;
  shop.post("A-1", R"({"title":"Blue","texts":{"nl-NL":{"title":"Blauw"}}})");
  shop.store.reset();
  auto store = test::open_store(shop.folder.path());
  audit::Audit audit(*store, shop.clock);
  Products products(*store, audit, shop.clock);
  const auto bytes = products.product_json(store->read(), "A-1", "nl-NL");
  REQUIRE(bytes.ok());
  CHECK(*json::parse(**bytes)->find("title")->as_string() == "Blauw");
}
