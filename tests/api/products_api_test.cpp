#include "api/products_api.h"

#include <set>

#include "../catalog/shop.h"
#include "formats/png.h"
#include "gate/gate.h"
#include "productflow/text.h"

using namespace pf;
using pf::test::parsed;

namespace {

// The gate in front of the real rooms; no socket.
struct Door {
  test::TempFolder folder;
  test::HandClock clock;
  std::unique_ptr<storage::Store> store = opened(folder.path());
  audit::Audit audit{*store, clock};
  catalog::Products products{*store, audit, clock};
  catalog::Offers offers{*store, products, audit, clock};
  catalog::Assets assets{*store, clock};
  catalog::Thumbnails thumbnails{*store, assets, pictures::shrink};
  stock::Stock stock{*store, clock};
  access::Actor actor = access::system_actor();
  gate::Gate gate{api::products_routes({*store, products, offers, assets, thumbnails, stock}), options(), clock};

  static std::unique_ptr<storage::Store> opened(const std::filesystem::path& at) {
    auto families = catalog::Products::families();
    for (auto& family : audit::Audit::families()) families.push_back(family);
    for (auto& family : stock::Stock::families()) families.push_back(family);
    auto store = storage::Store::open(at, std::move(families),
                                      storage::OpenOptions{.create_if_missing = true, .free_bytes_reserve = 1 << 20});
    REQUIRE(store.ok());
    return *std::move(store);
  }
  gate::GateOptions options() {
    gate::GateOptions out;
    out.authenticate = [this](const http::Request&) -> Result<access::Actor> { return actor; };
    out.check_csrf = [](const access::Actor&, const http::Request&) { return Result<>(); };
    out.company_number = [] { return std::string("1"); };
    return out;
  }

  http::Response send(std::string method, std::string target, std::string body = {}, http::Headers headers = {}) {
    http::Request request;
    request.method = std::move(method);
    request.target = target;
    const auto mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string::npos) request.query = target.substr(mark + 1);
    if (!body.empty() && http::find_header(headers, "content-type") == nullptr)
      headers.emplace_back("content-type", "application/json");
    request.body = std::move(body);
    request.headers = std::move(headers);
    return gate.handle(request);
  }
  json::Value data(const http::Response& response) {
    const auto body = parsed(response.body);
    const auto* found = body.find("data");
    REQUIRE_MESSAGE(found != nullptr, response.body);
    return *found;
  }
  std::string fault_fields(const http::Response& response) {
    const auto body = parsed(response.body);
    std::string out;
    for (const auto& fault : *body.find("errors")->as_array())
      out += (out.empty() ? "" : " ") + *fault.find("field")->as_string();
    return out;
  }
};

std::string header(const http::Response& response, std::string_view name) {
  const auto* value = http::find_header(response.headers, name);
  return value == nullptr ? std::string() : *value;
}

const std::string kShirt =
    R"({"title":"Blue shirt","description":"<p>Cotton</p>","brand":"Acme","ean":"4006381333931","family":"shirts","parent":null,
  "categories":["clothing/shirts"],"attributes":{"color":"blue","size":"M","weight":1.50},"images":["https://shop.example/a.png"],"enabled":true})";

}  // namespace

TEST_CASE("a product is created, read, merged, replaced, patched and deleted over HTTP") {
  Door door;
  const auto created = door.send("POST", "/api/v1/product/A-1", kShirt);
  REQUIRE_MESSAGE(created.status == 201, created.body);
  CHECK(header(created, "content-type") == "application/json");
  CHECK_FALSE(header(created, "etag").empty());
  const auto product = door.data(created);
  const auto sent = parsed(kShirt);
  for (const auto& member : *sent.as_object()) {
    INFO(member.first);
    REQUIRE(product.find(member.first) != nullptr);
    CHECK(*product.find(member.first) == member.second);
  }
  CHECK(product.find("attributes")->find("weight")->as_number()->text == "1.50");
  CHECK(*product.find("sku")->as_string() == "A-1");
  CHECK(product.find("version")->as_int() == 1);

  const auto read = door.send("GET", "/api/v1/product/A-1");
  CHECK(read.status == 200);
  CHECK(read.body == created.body);
  CHECK(header(read, "etag") == header(created, "etag"));
  CHECK(door.send("GET", "/api/v1/product/A-1", "", {{"if-none-match", header(read, "etag")}}).status == 304);

  const auto merged = door.send("POST", "/api/v1/product/A-1", R"({"attributes":{"size":null,"fit":"loose"}})");
  CHECK(merged.status == 200);
  CHECK(json::write(*door.data(merged).find("attributes")) == R"({"color":"blue","weight":1.50,"fit":"loose"})");
  const auto patched = door.send("PATCH", "/api/v1/product/A-1", R"({"brand":null})",
                                 {{"content-type", "application/merge-patch+json"}});
  CHECK(door.data(patched).find("brand")->is_null());
  const auto replaced = door.send("PUT", "/api/v1/product/A-1", R"({"title":"Plain"})");
  CHECK(json::write(*door.data(replaced).find("attributes")) == "{}");
  CHECK(door.data(replaced).find("version")->as_int() == 4);
  CHECK(door.send("DELETE", "/api/v1/product/A-1").status == 204);
  CHECK(door.send("GET", "/api/v1/product/A-1").status == 404);
  CHECK(door.send("DELETE", "/api/v1/product/A-1").status == 404);
  CHECK(door.send("PATCH", "/api/v1/product/A-1", "{}").status == 404);
}

TEST_CASE("what GET gives may be edited and PUT, once per version") {
  Door door;
  door.send("POST", "/api/v1/product/A-1", kShirt);
  auto product = door.data(door.send("GET", "/api/v1/product/A-1"));
  product.set("title", "Edited");
  CHECK(door.send("PUT", "/api/v1/product/A-1", json::write(product)).status == 200);
  const auto late = door.send("PUT", "/api/v1/product/A-1", json::write(product));
  CHECK(late.status == 412);
  CHECK(header(late, "content-type") == "application/problem+json");
  CHECK(door.send("POST", "/api/v1/product/B-1", json::write(product)).status == 422);  // another SKU
}

TEST_CASE("a PATCH from an older version is merged with others' fields, and a real conflict tells both values") {
  Door door;
  const auto made = door.send("POST", "/api/v1/product/A-1", R"({"title":"Old","brand":"Acme"})");
  const std::string etag = *http::find_header(made.headers, "etag");
  door.send("POST", "/api/v1/product/A-1", R"({"title":"Ann's"})");
  const auto merged = door.send("PATCH", "/api/v1/product/A-1", R"({"brand":"Ben's"})", {{"if-match", etag}});
  CHECK(merged.status == 200);
  CHECK(*door.data(merged).find("title")->as_string() == "Ann's");
  const auto clash = door.send("PATCH", "/api/v1/product/A-1", R"({"title":"Ben's"})", {{"if-match", etag}});
  CHECK(clash.status == 412);
  CHECK(*http::find_header(clash.headers, "content-type") == "application/problem+json");
  const auto body = parsed(clash.body);
  CHECK(json::write(*body.find("conflicts")) ==
        R"([{"field":"title","locale":"en","was":"Old","theirs":"Ann's","mine":"Ben's"}])");
  CHECK(body.find("errors")->as_array()->size() == 2);
  const std::string now = *http::find_header(clash.headers, "etag");
  CHECK(door.send("PATCH", "/api/v1/product/A-1", R"({"title":"Ben's"})", {{"if-match", now}}).status == 200);
  CHECK(door.send("PATCH", "/api/v1/product/A-1", R"({"title":"C","version":1})").status == 412);
  CHECK(door.send("PATCH", "/api/v1/product/A-1", R"({"ean":"4006381333931","version":1})").status == 200);
}

TEST_CASE("the history of a product is read, compared and given back over the API") {
  Door door;
  door.actor.kind = access::Actor::Kind::token;
  door.actor.name = "robot";
  door.send("POST", "/api/v1/product/A%2F1", R"({"title":"One","attributes":{"color":"blue"}})");
  door.send("POST", "/api/v1/product/A%2F1", R"({"title":"Two","categories":["a"],"attributes":{"color":null}})");
  const auto list = parsed(door.send("GET", "/api/v1/product/A%2F1/history?per_page=1").body);
  const auto& newest = list.find("data")->as_array()->at(0);
  CHECK(
      json::write(newest) ==
      R"({"version":2,"at":"2026-01-15T00:00:00Z","action":"changed","by":"robot","source":"api","source_id":null,)"
      R"("row":null,"from_version":null,"offer":false,"changes":[{"field":"title","locale":"en","before":"One","after":"Two"},)"
      R"({"field":"categories","locale":null,"before":null,"after":["a"]},)"
      R"({"field":"attributes.color","locale":null,"before":"blue","after":null}]})");
  const auto& cursor = *list.find("meta")->find("next_cursor")->as_string();
  const auto next = parsed(door.send("GET", "/api/v1/product/A%2F1/history?cursor=" + cursor).body);
  CHECK(*next.find("data")->as_array()->at(0).find("action")->as_string() == "created");
  CHECK(next.find("meta")->find("next_cursor")->is_null());
  const auto difference = door.data(door.send("GET", "/api/v1/product/A%2F1/difference?from=2&to=1"));
  CHECK(difference.find("changes")->as_array()->size() == 3);
  const auto given =
      door.send("POST", "/api/v1/product/A%2F1/restore", R"({"version":1,"fields":[{"field":"title","locale":"en"}]})");
  CHECK(given.status == 200);
  CHECK(*door.data(given).find("title")->as_string() == "One");
  CHECK(door.data(given).find("attributes")->find("color") == nullptr);
  CHECK(door.send("POST", "/api/v1/product/A%2F1/restore", R"({"version":1})").status == 200);
  CHECK(door.send("DELETE", "/api/v1/product/A%2F1").status == 204);
  CHECK(door.send("GET", "/api/v1/product/A%2F1/history").status == 200);
  CHECK(door.send("POST", "/api/v1/product/A%2F1/restore", R"({"version":1})").status == 201);

  for (const auto& [body, status] : {std::pair(R"({"version":0})", 422),
                                     {R"({"version":99})", 404},
                                     {R"({"version":1,"fields":[]})", 422},
                                     {R"({"version":1,"fields":[{"field":"title"}]})", 422},
                                     {R"({"version":1,"fields":[{"field":"price"}]})", 422}})
    CHECK(door.send("POST", "/api/v1/product/A%2F1/restore", body).status == status);
  CHECK(door.send("GET", "/api/v1/product/none/history").status == 404);
  CHECK(door.send("GET", "/api/v1/product/A%2F1/history?cursor=x").status == 422);
  CHECK(door.send("GET", "/api/v1/product/A%2F1/difference?from=1").status == 422);
  CHECK(door.send("GET", "/api/v1/product/A%2F1/difference?from=1&to=77").status == 404);
}

TEST_CASE("If-None-Match: * makes a product and changes none") {
  Door door;
  const std::vector<std::pair<std::string, std::string>> as_new{{"if-none-match", "*"}};
  CHECK(door.send("POST", "/api/v1/product/N-1", R"({"title":"Shirt"})", as_new).status == 201);
  const auto again = door.send("POST", "/api/v1/product/N-1", R"({"title":"Other"})", as_new);
  CHECK(again.status == 412);
  CHECK(again.body.find("There is a product with this SKU already.") != std::string::npos);
  CHECK(door.send("PUT", "/api/v1/product/N-1", R"({"title":"Other"})", as_new).status == 412);
  const auto similar = door.send("GET", "/api/v1/product?q=shrt", "");
  CHECK(similar.body.find("\"title\":\"Shirt\"") != std::string::npos);
  CHECK(similar.body.find("\"similar\":true") != std::string::npos);
}

TEST_CASE("If-Match guards what two people edit") {
  Door door;
  const auto etag = header(door.send("POST", "/api/v1/product/A-1", kShirt), "etag");
  CHECK(door.send("POST", "/api/v1/product/A-1", R"({"title":"Red"})", {{"if-match", etag}}).status == 200);
  CHECK(door.send("POST", "/api/v1/product/A-1", R"({"title":"Green"})", {{"if-match", etag}}).status == 412);
  CHECK(door.send("DELETE", "/api/v1/product/A-1", "", {{"if-match", etag}}).status == 412);
  CHECK(*door.data(door.send("GET", "/api/v1/product/A-1")).find("title")->as_string() == "Red");
}

TEST_CASE("awkward SKUs are named by their percent-encoding") {
  Door door;
  for (const std::string sku : {"a/b", "50% off", "Größe 42", "a?b#c&d=e+f", "{sku}", "..a"}) {
    CAPTURE(sku);
    const auto path = "/api/v1/product/" + percent_encode(sku);
    CHECK(door.send("POST", path, R"({"title":"T"})").status == 201);
    CHECK(*door.data(door.send("GET", path)).find("sku")->as_string() == sku);
  }
  CHECK(door.send("POST", "/api/v1/product/" + percent_encode(" a"), R"({"title":"T"})").status == 422);
  CHECK(door.send("POST", "/api/v1/product/" + percent_encode(std::string(256, 'x')), R"({"title":"T"})").status ==
        422);
  CHECK(door.send("POST", "/api/v1/product/a%00b", R"({"title":"T"})").status >= 400);
}

TEST_CASE("every fault is named at once, and unknown fields by name") {
  Door door;
  const auto bad = door.send("POST", "/api/v1/product/A-1", R"({"titel":"x","colour":"blue","enabled":"yes"})");
  CHECK(bad.status == 422);
  CHECK(header(bad, "content-type") == "application/problem+json");
  CHECK(door.fault_fields(bad) == "titel colour enabled");
  const auto wrong =
      door.send("POST", "/api/v1/product/A-1", R"({"ean":"4006381333932","parent":"none","images":["javascript:x"]})");
  CHECK(wrong.status == 422);
  CHECK(door.fault_fields(wrong) == "ean images[0] parent");
  CHECK(door.send("POST", "/api/v1/product/A-1", "{").status == 400);
  CHECK(door.send("POST", "/api/v1/product/A-1", "[]").status == 422);
  CHECK(door.send("POST", "/api/v1/product/A-1", "<a/>", {{"content-type", "text/xml"}}).status == 415);
  CHECK(door.send("GET", "/api/v1/product/A-1").status == 404);
}

TEST_CASE("a form as the hosted product's clients send it: unknown names are attributes") {
  Door door;
  const auto created = door.send("POST", "/api/v1/product/A-1",
                                 "title=Awesome+product&colour=blue&attributes%5Bsize%5D=M&categories%5B%5D=a%2Fb",
                                 {{"content-type", "application/x-www-form-urlencoded"}, {"accept-language", "en"}});
  REQUIRE_MESSAGE(created.status == 201, created.body);
  const auto product = door.data(created);
  CHECK(*product.find("title")->as_string() == "Awesome product");
  CHECK(*product.find("attributes")->find("colour")->as_string() == "blue");
  CHECK(*product.find("attributes")->find("size")->as_string() == "M");
  CHECK(json::write(*product.find("categories")) == R"(["a/b"])");
}

TEST_CASE("Accept-Language picks whose texts are written and read") {
  Door door;
  door.send("POST", "/api/v1/product/A-1", R"({"title":"Blue shirt"})", {{"accept-language", "en-GB"}});
  door.send("POST", "/api/v1/product/A-1", R"({"title":"Blauw hemd"})", {{"accept-language", "nl-NL,nl;q=0.9"}});
  const auto title = [&](http::Headers headers, const std::string& query = "") {
    return *door.data(door.send("GET", "/api/v1/product/A-1" + query, "", std::move(headers)))
                .find("title")
                ->as_string();
  };
  CHECK(title({}) == "Blue shirt");
  CHECK(title({{"accept-language", "nl-NL"}}) == "Blauw hemd");
  CHECK(title({{"accept-language", "nl"}}) == "Blauw hemd");
  CHECK(title({{"accept-language", "fr-FR"}}) == "Blue shirt");
  CHECK(title({{"accept-language", "en-GB"}}, "?locale=nl-NL") == "Blauw hemd");
  CHECK(json::write(*door.data(door.send("GET", "/api/v1/product/A-1?include=texts")).find("texts")) ==
        R"({"en-GB":{"title":"Blue shirt"},"nl-NL":{"title":"Blauw hemd"}})");
  CHECK(door.send("GET", "/api/v1/language")
            .body.starts_with(
                R"({"data":[{"locale":"en-GB","default":true},{"locale":"nl-NL","default":false}],"meta")"));
  CHECK(door.send("PUT", "/api/v1/language", R"({"locales":["nl_nl","en-GB"]})").status == 200);
  CHECK(title({}) == "Blauw hemd");
  CHECK(door.send("PUT", "/api/v1/language", R"({"locales":[]})").status == 422);
  CHECK(door.send("POST", "/api/v1/product/A-1", R"({"title":"x","locale":"no locale"})").status == 422);
}

TEST_CASE("the list searches, filters, sorts, counts, pages and shows what was asked for") {
  Door door;
  for (int i = 0; i < 40; ++i)
    door.send("POST", "/api/v1/product/S-" + std::to_string(100 + i),
              R"({"title":"Shirt )" + std::to_string(i) + R"(","brand":")" + (i % 4 ? "Acme" : "Zeta") +
                  R"(","family":"shirts","attributes":{"n":)" + std::to_string(i) + "}}");
  const auto skus = [&](const std::string& query) {
    const auto response = door.send("GET", "/api/v1/product?" + query);
    REQUIRE_MESSAGE(response.status == 200, response.body);
    std::string out;
    const auto data = door.data(response);
    for (const auto& product : *data.as_array()) out += (out.empty() ? "" : " ") + *product.find("sku")->as_string();
    return out;
  };
  CHECK(skus("sort=sku&per_page=3") == "S-100 S-101 S-102");
  CHECK(skus("sort[0]=-sku&per_page=2") == "S-139 S-138");
  CHECK(skus("sort=sku&per_page=3&page=2") == "S-103 S-104 S-105");
  CHECK(skus("brand[eq]=zeta&n[gte]=30&sort=sku") == "S-132 S-136");
  CHECK(skus("sku[in]=S-101,S-103&sort=sku") == "S-101 S-103");
  CHECK(skus("attributes.n[lt]=2&sort=-n") == "S-101 S-100");
  CHECK(skus("q=shirt+39") == "S-139");
  const auto page = parsed(
      door.send("GET", "/api/v1/product?sort=sku&brand%5Beq%5D=Acme&per_page=10&page=2&facets=brand,family").body);
  const auto& meta = *page.find("meta");
  CHECK(meta.find("total")->as_int() == 30);
  CHECK(meta.find("current_page")->as_int() == 2);
  CHECK(meta.find("last_page")->as_int() == 3);
  CHECK(meta.find("per_page")->as_int() == 10);
  CHECK(json::write(*page.find("facets")) ==
        R"({"brand":[{"value":"Acme","count":30}],"family":[{"value":"shirts","count":30}]})");
  CHECK(page.find("links")->find("next")->as_string()->find("page=3") != std::string::npos);
  CHECK(page.find("links")->find("next")->as_string()->find("brand%5Beq%5D=Acme") != std::string::npos);
  CHECK(page.find("links")->find("prev")->as_string()->find("page=1") != std::string::npos);

  std::set<std::string> met;
  std::string target = "/api/v1/product?sort=sku&per_page=7";
  for (int pages = 0; pages < 10; ++pages) {
    const auto body = parsed(door.send("GET", target).body);
    for (const auto& product : *body.find("data")->as_array())
      CHECK(met.insert(*product.find("sku")->as_string()).second);
    const auto* next = body.find("meta")->find("next_cursor");
    if (next->is_null()) break;
    target = "/api/v1/product?sort=sku&per_page=7&cursor=" + percent_encode(*next->as_string());
  }
  CHECK(met.size() == 40);
  CHECK(json::write(door.data(door.send("GET", "/api/v1/product?sort=sku&per_page=1&fields=title,attributes.n"))) ==
        R"([{"sku":"S-100","title":"Shirt 0","attributes":{"n":0}}])");
  CHECK(parsed(door.send("GET", "/api/v1/product").body).find("data")->as_array()->size() == 15);
  for (const char* bad : {"per_page=201", "per_page=0", "page=0", "brand[is]=x", "brand=x", "sort=description",
                          "cursor=zzz", "enabled[gt]=1", "include=stock"}) {
    CAPTURE(bad);
    CHECK(door.send("GET", std::string("/api/v1/product?") + bad).status == 422);
  }
  CHECK(door.send("GET", "/api/v1/family").body.starts_with(R"({"data":[{"code":"shirts","products":40}],"meta")"));
}

TEST_CASE("attributes are shown as columns: inherited, in another language, by the labels of their codes") {
  Door door;
  door.send("PUT", "/api/v1/language", R"({"locales":["en","nl-NL"]})");
  const auto described = [&](const char* code, const char* body) {
    REQUIRE(door.send("PUT", std::string("/api/v1/attribute/") + code, body).status < 300);
  };
  described("color",
            R"({"type":"choice","choices":[{"code":"red","labels":{"en":"Red","nl-NL":"Rood"}},{"code":"x"}]})");
  described("tags", R"({"type":"choices","choices":[{"code":"a","labels":{"nl-NL":"Aa"}},{"code":"b"}]})");
  described("material", R"({"localisable":true})");
  described("weight", R"({"type":"measurement","unit_family":"Weight","unit":"GRAM"})");
  described("serial", R"({"unique":true})");
  described("nobodys", "{}");
  REQUIRE(door.send("PUT", "/api/v1/reference-kind/maker", R"({"attributes":[]})").status == 201);
  REQUIRE(door.send("PUT", "/api/v1/reference/maker/acme", R"({"labels":{"en":"Acme Works"}})").status == 201);
  described("maker", R"({"type":"reference","reference_kind":"maker"})");
  REQUIRE(door.send("POST", "/api/v1/product/P",
                    R"({"attributes":{"color":"red","material":"Wool","serial":"1","weight":"500 g","maker":"acme"}})")
              .status == 201);
  REQUIRE(door.send("POST", "/api/v1/product/V", R"({"parent":"P","attributes":{"tags":["a","b"],"free":[1,{"x":2}]}})")
              .status == 201);
  REQUIRE(door.send("PATCH", "/api/v1/product/V?locale=nl-NL", R"({"attributes":{"material":"Wol"}})").status == 200);
  const auto columns = [&](const std::string& sku, const std::string& query) {
    const auto response = door.send("GET", "/api/v1/product?fields=title&sku[eq]=" + sku + "&" + query);
    REQUIRE_MESSAGE(response.status == 200, response.body);
    return json::write(*door.data(response).as_array()->front().find("columns"));
  };
  CHECK(
      columns("P", "columns=attributes.color,attributes.material,attributes.tags,attributes.weight,attributes.color") ==
      R"({"attributes.color":{"value":"red","label":"Red"},"attributes.material":{"value":"Wool"},)"
      R"("attributes.weight":{"value":{"amount":500,"unit":"GRAM"},"label":"g"}})");
  CHECK(columns("V",
                "locale=nl-NL&columns=attributes.color,attributes.tags,attributes.free,attributes.serial,"
                "attributes.maker") ==
        R"({"attributes.color":{"value":"red","label":"Rood","from":"P"},)"
        R"("attributes.tags":{"value":["a","b"],"label":["Aa","b"]},"attributes.free":{"value":[1,{"x":2}]},)"
        R"("attributes.maker":{"value":"acme","label":"Acme Works","from":"P"}})");
  // In the language of the column, else from above in it, else from one that lends.
  CHECK(columns("V", "columns=attributes.material@nl-NL,attributes.material") ==
        R"({"attributes.material@nl-NL":{"value":"Wol"},"attributes.material":{"value":"Wool","from":"P"}})");
  CHECK(columns("P", "columns=attributes.material@nl-NL") ==
        R"({"attributes.material@nl-NL":{"value":"Wool","locale":"en"}})");
  CHECK(columns("P", "columns=attributes.nobodys") == "{}");
  // What a variant has from above is the same in both ways of asking.
  for (const std::string locale : {"en", "nl-NL"}) {
    CAPTURE(locale);
    const auto both = door.data(door.send("GET", "/api/v1/product/V?include=inherited&locale=" + locale +
                                                     "&columns=attributes.color,attributes.material,attributes.tags,"
                                                     "attributes.weight,attributes.serial,attributes.maker"));
    const auto& above = *both.find("inherited")->find("attributes");
    for (const auto& had : *above.as_object()) {
      CAPTURE(had.first);
      const auto* shown = both.find("columns")->find("attributes." + had.first);
      REQUIRE(shown != nullptr);
      const bool own = *had.second.find("overridden")->as_bool();
      CHECK((shown->find("from") == nullptr) == own);
      if (own) continue;
      CHECK(*shown->find("value") == *had.second.find("value"));
      CHECK(*shown->find("from") == *had.second.find("from"));
    }
    CHECK(above.as_object()->size() == 4);
  }
  CHECK(json::write(*door.data(door.send("GET", "/api/v1/product/V?columns=attributes.color")).find("columns")) ==
        R"({"attributes.color":{"value":"red","label":"Red","from":"P"}})");

  std::string many = "attributes.a0";
  for (int i = 1; i < 31; ++i) many += ",attributes.a" + std::to_string(i);
  for (const std::string& bad : {std::string("attributes.no-such"), std::string("title"), std::string("attributes."),
                                 std::string("attributes.material@de"), std::string("attributes.%22%5C%00%F0%9F%92%A5"),
                                 "attributes." + std::string(3'000, 'a'), many}) {
    CAPTURE(bad);
    const auto refused = door.send("GET", "/api/v1/product?columns=" + bad);
    CHECK(refused.status == 422);
    CHECK(door.fault_fields(refused).starts_with("columns"));
  }
  CHECK(door.fault_fields(door.send("GET", "/api/v1/product?columns=attributes.no,attributes.nor")) ==
        "columns columns");
}

TEST_CASE("offers are shown with prices and pieces when asked for") {
  Door door;
  door.send("POST", "/api/v1/product/A-1", kShirt);
  door.send("POST", "/api/v1/product/B-1", R"({"title":"No offer"})");
  const auto sku = *catalog::parse_sku("A-1");
  REQUIRE(door.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_LET(const auto change, catalog::offer_change_of(parsed(
                                              R"({"proposition":"tomorrow","prices":{"EUR":{"sell_price":19.95}}})")));
                PF_LET(const auto done, door.offers.upsert(work, door.actor, sku, change));
                CHECK(done == catalog::Outcome::created);
                return door.stock.set_available(work, door.actor, "A-1", 7);
              })
              .ok());
  const auto list = door.data(door.send("GET", "/api/v1/product?include=offer&sort=sku"));
  const auto* offer = (*list.as_array())[0].find("offer");
  REQUIRE(offer != nullptr);
  CHECK(offer->find("qty_available")->as_int() == 7);
  CHECK(json::write(*offer->find("prices")) == R"({"EUR":{"sell_price":19.95}})");
  CHECK((*list.as_array())[1].find("offer")->find("qty_available")->as_int() == 0);
  CHECK(door.data(door.send("GET", "/api/v1/product/A-1?include=offer&fields=sku")).find("offer") != nullptr);
  CHECK(door.data(door.send("GET", "/api/v1/product/A-1")).find("offer") == nullptr);
}

TEST_CASE("variants and categories are listed") {
  Door door;
  door.send("POST", "/api/v1/product/P", R"({"title":"Parent","categories":["clothing/shirts"]})");
  for (const char* sku : {"V-2", "V-1"})
    door.send("POST", std::string("/api/v1/product/") + sku, R"({"parent":"P","categories":["clothing"]})");
  const auto list = door.data(door.send("GET", "/api/v1/product/P/variant"));
  REQUIRE(list.as_array()->size() == 2);
  CHECK(*(*list.as_array())[0].find("sku")->as_string() == "V-1");
  CHECK(door.send("GET", "/api/v1/product/none/variant").status == 404);
  CHECK(door.send("DELETE", "/api/v1/product/P").status == 409);
  CHECK(
      door.send("GET", "/api/v1/category")
          .body.starts_with(
              R"({"data":[{"path":"clothing","name":"clothing","parent":null,"products":3},{"path":"clothing/shirts","name":"shirts","parent":"clothing","products":1}],"meta")"));
}

TEST_CASE(
    "a list finds variants by what they inherit and says from where; whoever is limited sees what says so itself") {
  Door door;
  door.send("POST", "/api/v1/product/P",
            R"({"title":"Shirt","brand":"Acme","categories":["clothing"],"attributes":{"color":"Blue","fit":"slim"}})");
  door.send("POST", "/api/v1/product/V", R"({"parent":"P","attributes":{"color":"Red"}})");
  const auto found = [&](const std::string& question) {
    return door.send("GET", "/api/v1/product?sort=sku&" + question).body;
  };
  const auto body = found("brand%5Beq%5D=acme&fields=brand,attributes.color&include=inherited&facets=brand");
  CHECK(body.starts_with(
      R"({"data":[{"sku":"P","brand":"Acme","attributes":{"color":"Blue"},"inherited":{"attributes":{}}},)"
      R"({"sku":"V","brand":null,"attributes":{"color":"Red"},)"
      R"("inherited":{"brand":{"value":"Acme","from":"P","overridden":false},)"
      R"("attributes":{"color":{"value":"Blue","from":"P","overridden":true}}}}])"));
  CHECK(body.find(R"("facets":{"brand":[{"value":"Acme","count":2}]})") != std::string::npos);
  CHECK(found("category%5Beq%5D=clothing").find(R"("total":2)") != std::string::npos);
  door.actor.limits = std::make_shared<const access::Limits>(access::Limits{.categories = {"clothing"}});
  CHECK(found("brand%5Beq%5D=acme").find(R"("total":1)") != std::string::npos);
}

TEST_CASE("many products by lines: one answer for each line, in one piece or in many") {
  Door door;
  const std::string lines = R"({"sku":"A","title":"Alpha"})"
                            "\n"
                            R"({"sku":"B","titel":"x"})"
                            "\r\n"
                            "\n"
                            "nonsense\n"
                            R"({"title":"no sku"})"
                            "\n"
                            R"({"sku":"A","title":"Alpha"})"
                            "\n"
                            R"({"sku":"C","title":"Gamma","locale":"nl-NL"})";
  const http::Headers type = {{"content-type", "application/x-ndjson"}};
  const auto answered = [&](const http::Response& response) {
    REQUIRE_MESSAGE(response.status == 200, response.body);
    std::string out;
    for (const auto line : split(response.body, '\n')) {
      if (line.empty()) continue;
      const auto value = parsed(line);
      out += (out.empty() ? "" : " ") + std::to_string(*value.find("line")->as_int()) + ":" +
             *value.find("status")->as_string();
      CHECK((value.find("errors") != nullptr) == (*value.find("status")->as_string() == "refused"));
    }
    return out;
  };
  CHECK(answered(door.send("POST", "/api/v1/product", lines, type)) ==
        "1:created 2:refused 4:refused 5:refused 6:unchanged 7:created");
  CHECK(*door.data(door.send("GET", "/api/v1/product/C?locale=nl-NL")).find("title")->as_string() == "Gamma");
  // The same through the large lane, three bytes at a time.
  http::Request request;
  request.method = "POST";
  request.path = "/api/v1/product";
  request.headers = type;
  std::size_t at = 0;
  request.body_source = [&]() -> Result<std::string> {
    const auto piece = lines.substr(at, 3);
    at += piece.size();
    return piece;
  };
  CHECK(answered(door.gate.handle(request)) == "1:unchanged 2:refused 4:refused 5:refused 6:unchanged 7:unchanged");
  const auto entries = door.audit.page(door.store->read(), 0, 10);
  REQUIRE(entries.ok());
  REQUIRE(entries->size() == 1);  // for the whole batch; the repetition changed nothing
  CHECK(entries->front().action == "product.batch");
  CHECK(entries->front().details.find("created")->as_int() == 2);
  CHECK(door.send("POST", "/api/v1/product", lines).status == 415);
  CHECK(answered(door.send("POST", "/api/v1/product?mode=create", lines, type)) ==
        "1:refused 2:refused 4:refused 5:refused 6:refused 7:refused");
  CHECK(door.send("POST", "/api/v1/product?mode=perhaps", lines, type).status == 422);
}

TEST_CASE("an upload is served back as the very same bytes, and nothing else is taken") {
  Door door;
  std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x20\x08\x06\0\0\0", 29);
  png += std::string("\r\n--other-line\r\n", 16) + std::string(3000, '\xaa');
  const std::string form =
      "--frontier\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--frontier\r\nContent-Disposition: "
      "form-data; name=\"file\"; filename=\"a.exe\"\r\n"
      "Content-Type: text/html\r\n\r\n" +
      png + "\r\n--frontier--\r\n";
  const auto stored =
      door.send("POST", "/api/v1/asset", form, {{"content-type", "multipart/form-data; boundary=frontier"}});
  REQUIRE_MESSAGE(stored.status == 201, stored.body);
  const auto asset = door.data(stored);
  CHECK(*asset.find("content_type")->as_string() == "image/png");
  CHECK(asset.find("height")->as_int() == 32);
  const auto served = door.send("GET", *asset.find("url")->as_string());
  CHECK(served.status == 200);
  CHECK(served.body == png);
  CHECK(header(served, "content-type") == "image/png");
  CHECK(header(served, "x-content-type-options") == "nosniff");
  CHECK(header(served, "cache-control").find("immutable") != std::string::npos);
  CHECK(header(served, "content-security-policy").find("sandbox") != std::string::npos);
  CHECK(door.send("POST", "/api/v1/asset", png, {{"content-type", "image/png"}}).status == 200);  // the same bytes
  CHECK(door.send("POST", "/api/v1/asset", "<svg xmlns='http://www.w3.org/2000/svg'/>",
                  {{"content-type", "image/svg+xml"}})
            .status == 415);
  CHECK(door.send("POST", "/api/v1/asset", "--f\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n--f--\r\n",
                  {{"content-type", "multipart/form-data; boundary=f"}})
            .status == 422);
  CHECK(door.send("GET", "/api/v1/asset/none").status == 404);
  const std::string small = *asset.find("thumbnails")->find("128")->as_string();
  CHECK(door.send("GET", small).status == 404);  // its pixels are none
  CHECK(parsed(door.send("GET", "/api/v1/asset").body)
            .find("data")
            ->as_array()
            ->at(0)
            .find("problem")
            ->as_string()
            ->starts_with("The picture is damaged"));
  CHECK(door.send("GET", small + "0").status == 422);
  CHECK(door.send("GET", "/api/v1/asset/none/thumbnail").status == 404);
  CHECK(parsed(door.send("GET", "/api/v1/asset").body).find("data")->as_array()->size() == 1);
  CHECK(door.send("POST", "/api/v1/product/A-1", R"({"images":[")" + *asset.find("image")->as_string() + R"("]})")
            .status == 201);
}

TEST_CASE("a small picture is served with an ETag, for ever") {
  Door door;
  const std::vector<std::uint8_t> red(200 * 100 * 3, 0x80);
  const auto asset =
      door.data(door.send("POST", "/api/v1/asset", formats::write_png(200, 100, red), {{"content-type", "image/png"}}));
  const std::string url = *asset.find("thumbnails")->find("128")->as_string();
  const auto served = door.send("GET", url);
  REQUIRE(served.status == 200);
  CHECK(header(served, "content-type") == "image/jpeg");
  CHECK(header(served, "cache-control").find("immutable") != std::string::npos);
  CHECK(served.body.starts_with("\xff\xd8\xff"));
  const auto again = door.send("GET", url, "", {{"if-none-match", header(served, "etag")}});
  CHECK(again.status == 304);
  CHECK(again.body.empty());
}

TEST_CASE("who may only look changes nothing, and strangers see nothing") {
  Door door;
  door.send("POST", "/api/v1/product/A-1", kShirt);
  door.actor = access::Actor{.kind = access::Actor::Kind::token, .id = "t", .name = "reader"};
  door.actor.may.set(static_cast<std::size_t>(access::Permission::catalog_read));
  CHECK(door.send("GET", "/api/v1/product/A-1").status == 200);
  CHECK(door.send("GET", "/api/v1/product").status == 200);
  for (const char* method : {"POST", "PUT", "PATCH"})
    CHECK(door.send(method, "/api/v1/product/A-1", "{}").status == 403);
  CHECK(door.send("DELETE", "/api/v1/product/A-1").status == 403);
  CHECK(door.send("PUT", "/api/v1/language", R"({"locales":["en"]})").status == 403);
  CHECK(door.send("POST", "/api/v1/asset", "x").status == 403);
  door.actor = access::Actor{};
  CHECK(door.send("GET", "/api/v1/product").status == 401);
  CHECK(door.send("GET", "/api/v1/asset").status == 401);
}
