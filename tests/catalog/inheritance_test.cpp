#include "catalog/inheritance.h"

#include "shop.h"

using namespace pf;
using catalog::ModelKind;

namespace {

struct Line : test::Shop {
  json::Value inherited(const std::string& name, std::string_view locale = "nl-NL") {
    const auto found = products.inherited_jsons(store->read(), std::vector<std::string>{name}, locale);
    REQUIRE_MESSAGE(found.ok(), found.error().message);
    return found->front() ? test::parsed(*found->front()) : json::Value(nullptr);
  }
  // "Acme from P", "Acme from P, overridden", "none"
  std::string said(const std::string& name, std::string_view field, std::string_view locale = "nl-NL") {
    const auto all = inherited(name, locale);
    const bool attribute = field.starts_with("attributes.");
    const auto* found = attribute ? all.find("attributes")->find(field.substr(11)) : all.find(field);
    if (found == nullptr) return "none";
    const auto* text = found->find("value")->as_string();
    std::string out = (text != nullptr ? *text : json::write(*found->find("value")));
    out += " from " + *found->find("from")->as_string();
    return *found->find("overridden")->as_bool() ? out + ", overridden" : out;
  }
};

}  // namespace

TEST_CASE("a variant has what it lacks from the nearest product above, over three levels") {
  Line shop;
  shop.post("P",
            R"({"title":"Hemd","brand":"Acme","categories":["clothing/shirts"],"images":["https://shop.example/a.png"],
                     "attributes":{"material":"cotton","care":"wash","color":"any"}})",
            "nl-NL");
  shop.post("M", R"({"parent":"P","attributes":{"color":"red","care":"dry"}})", "nl-NL");
  shop.post("V", R"({"parent":"M","attributes":{"size":"L","color":"crimson","care":""}})", "nl-NL");
  CHECK(shop.said("V", "title") == "Hemd from P");
  CHECK(shop.said("V", "brand") == "Acme from P");
  CHECK(shop.said("V", "categories") == R"(["clothing/shirts"] from P)");
  CHECK(shop.said("V", "images") == R"(["https://shop.example/a.png"] from P)");
  CHECK(shop.said("V", "attributes.material") == "cotton from P");
  CHECK(shop.said("V", "attributes.color") == "red from M, overridden");
  CHECK(shop.said("V", "attributes.care") == "dry from M");  // an empty text says nothing
  CHECK(shop.said("V", "attributes.size") == "none");
  CHECK(shop.said("M", "attributes.color") == "any from P, overridden");
  CHECK(json::write(shop.inherited("P")) == R"({"attributes":{}})");
  CHECK(shop.inherited("nobody").is_null());
  // The override is taken back, and the parent's next value is the variant's at once; the variant was not written.
  shop.patch("V", R"({"attributes":{"color":null}})", "nl-NL");
  const auto version = shop.text("V", "version");
  shop.patch("M", R"({"attributes":{"color":"blue"}})", "nl-NL");
  CHECK(shop.said("V", "attributes.color") == "blue from M");
  CHECK(shop.text("V", "version") == version);
  shop.patch("M", R"({"parent":null})", "nl-NL");
  CHECK(shop.said("V", "brand") == "none");
}

TEST_CASE("a text in the language asked for goes before one in the shop's first language, wherever it stands") {
  Line shop;
  shop.post("P",
            R"({"title":"Hemd","texts":{"de-DE":{"title":"Herrenhemd","slogan":"Gut"},"nl-NL":{"slogan":"Goed"}}})",
            "nl-NL");
  shop.post("V", R"({"parent":"P","title":"Rood hemd"})", "nl-NL");
  CHECK(shop.said("V", "title", "nl-NL") == "Hemd from P, overridden");
  CHECK(shop.said("V", "title", "de-DE") == "Herrenhemd from P");
  CHECK(shop.said("V", "attributes.slogan", "de-DE") == "Gut from P");
  shop.post("Q", R"({"title":"Broek","texts":{"nl-NL":{"slogan":"Lang"}}})", "nl-NL");
  shop.post("W", R"({"parent":"Q"})", "nl-NL");
  CHECK(shop.said("W", "title", "de-DE") == "Broek from Q");
  CHECK(shop.said("W", "attributes.slogan", "de-DE") == "Lang from Q");
}

TEST_CASE("no variant has its parent's EAN or unique number, nor is it complete by them") {
  Line shop;
  shop.attribute_is("color", "{}");
  shop.attribute_is("serial", R"({"unique":true})");
  REQUIRE(shop.describe(ModelKind::family, "mugs",
                        R"({"attributes":[{"code":"ean","required":["*"]},{"code":"serial","required":["*"]},
                                          {"code":"color","required":["*"]},{"code":"brand","required":["*"]}]})")
              .ok());
  shop.post("P", R"({"title":"Mok","brand":"Acme","family":"mugs","ean":"4006381333931",
                     "attributes":{"serial":"S-1","color":"red"}})",
            "nl-NL");
  shop.post("V", R"({"parent":"P"})", "nl-NL");
  CHECK(shop.said("V", "ean") == "none");
  CHECK(shop.said("V", "attributes.serial") == "none");
  CHECK(shop.said("V", "family") == "mugs from P");
  const auto variant = shop.get("V");
  CHECK(json::write(*variant.find("completeness")->find("channels")->find("*")->find("nl-NL")) ==
        R"({"percent":50,"missing":["ean","serial"]})");
}

TEST_CASE("many variants of one parent are answered in one go") {
  Line shop;
  shop.post("P", R"({"brand":"Acme"})");
  std::vector<std::string> skus;
  for (int i = 0; i < 50; ++i) {
    skus.push_back("V" + std::to_string(i));
    shop.post(skus.back(), R"({"parent":"P"})");
  }
  const auto found = shop.products.inherited_jsons(shop.store->read(), skus, {});
  REQUIRE(found.ok());
  for (const auto& one : *found)
    CHECK(one == R"({"brand":{"value":"Acme","from":"P","overridden":false},"attributes":{}})");
}
