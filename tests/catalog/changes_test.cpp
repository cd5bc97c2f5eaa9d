#include "catalog/changes.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "catalog/product_body.h"

using namespace pf;
using namespace pf::catalog;

namespace {

Result<Record> applied(const Record* before, std::string_view body, WriteMode mode = WriteMode::upsert,
                       BodyStyle style = BodyStyle::json, const std::string& locale = "en") {
  auto value = json::parse(body);
  REQUIRE_MESSAGE(value.ok(), std::string(body));
  PF_LET(auto read, product_body_of(*value, style));
  return apply(before, *parse_sku("A-1"), read.change, mode, locale, "en");
}

Record made(const Record* before, std::string_view body, WriteMode mode = WriteMode::upsert,
            BodyStyle style = BodyStyle::json, const std::string& locale = "en") {
  auto after = applied(before, body, mode, style, locale);
  REQUIRE_MESSAGE(after.ok(), after.error().message);
  return *std::move(after);
}

std::string value(const Attributes& in, std::string_view name) {
  const auto* found = find_attribute(in, name);
  return found == nullptr ? "absent" : *found;
}

}  // namespace

TEST_CASE("a merge leaves alone what it does not name, a replacement clears it") {
  const Record first = made(
      nullptr,
      R"({"title":"Blue","brand":"Acme","categories":["a/b"],"attributes":{"color":"blue","size":"M"},"enabled":false})");
  const Record merged = made(&first, R"({"attributes":{"size":"L"}})");
  CHECK(merged.brand == "Acme");
  CHECK(merged.texts_of("en")->title == "Blue");
  CHECK(value(merged.attributes, "color") == "\"blue\"");
  CHECK(value(merged.attributes, "size") == "\"L\"");
  CHECK_FALSE(merged.enabled);
  const Record replaced = made(&first, R"({"title":"Red"})", WriteMode::replace);
  CHECK(replaced.brand.empty());
  CHECK(replaced.attributes.empty());
  CHECK(replaced.categories.empty());
  CHECK(replaced.enabled);
  CHECK(replaced.texts_of("en")->title == "Red");
}

TEST_CASE("replacing one language's product leaves the other languages' texts") {
  const Record first = made(nullptr, R"({"title":"Blue","texts":{"nl-NL":{"title":"Blauw","fit":"ruim"}}})");
  const Record second = made(&first, R"({"title":"Blue 2"})", WriteMode::replace);
  REQUIRE(second.texts_of("nl-NL") != nullptr);
  CHECK(second.texts_of("nl-NL")->title == "Blauw");
  const Record third = made(&first, R"({"title":"Blue 3","texts":{"de-DE":{"title":"Blau"}}})", WriteMode::replace);
  CHECK(third.texts_of("nl-NL") == nullptr);
  CHECK(third.texts_of("de-DE")->title == "Blau");
}

TEST_CASE("null removes: a text, a field, an attribute, and in a merge patch a member of an attribute") {
  const Record first = made(
      nullptr, R"({"title":"Blue","brand":"Acme","parent":"P","attributes":{"box":{"w":1,"h":2},"color":"blue"}})");
  const Record posted = made(&first, R"({"title":null,"brand":null,"parent":null,"attributes":{"color":null}})");
  CHECK(posted.texts.empty());
  CHECK(posted.brand.empty());
  CHECK(posted.parent.empty());
  CHECK(value(posted.attributes, "color") == "absent");
  CHECK(value(made(&first, R"({"attributes":{"box":{"w":3}}})").attributes, "box") == R"({"w":3})");
  const Record patched =
      made(&first, R"({"attributes":{"box":{"w":null,"d":4}}})", WriteMode::update, BodyStyle::merge_patch);
  CHECK(value(patched.attributes, "box") == R"({"h":2,"d":4})");
  CHECK(made(&first, R"({"attributes":null})", WriteMode::update, BodyStyle::merge_patch).attributes.empty());
}

TEST_CASE("attribute values are kept to the letter") {
  const Record r = made(
      nullptr,
      R"({"attributes":{"a":1.50,"b":12345678901234567890,"c":1E+2,"d":"1.50","e":[1.0,"x",null],"f":"","g":false,"h":-0}})");
  CHECK(value(r.attributes, "a") == "1.50");
  CHECK(value(r.attributes, "b") == "12345678901234567890");
  CHECK(value(r.attributes, "c") == "1E+2");
  CHECK(value(r.attributes, "d") == "\"1.50\"");
  CHECK(value(r.attributes, "e") == R"([1.0,"x",null])");
  CHECK(value(r.attributes, "f") == "\"\"");
  CHECK(value(r.attributes, "g") == "false");
  CHECK(value(r.attributes, "h") == "-0");
}

TEST_CASE("an attribute that becomes one per locale keeps what it was as the default's") {
  const Record first = made(nullptr, R"({"attributes":{"fit":"loose"}})");
  const Record second = made(&first, R"({"texts":{"nl-NL":{"fit":"ruim"}}})");
  CHECK(value(second.attributes, "fit") == "absent");
  CHECK(value(second.texts_of("en")->attributes, "fit") == "\"loose\"");
  CHECK(value(second.texts_of("nl-NL")->attributes, "fit") == "\"ruim\"");
  const Record third = made(&second, R"({"attributes":{"fit":"wijd"}})", WriteMode::upsert, BodyStyle::json, "nl-NL");
  CHECK(value(third.attributes, "fit") == "absent");
  CHECK(value(third.texts_of("nl-NL")->attributes, "fit") == "\"wijd\"");
  CHECK(value(third.texts_of("en")->attributes, "fit") == "\"loose\"");
}

TEST_CASE("every fault of a product is named at once") {
  auto bad =
      applied(nullptr, R"({"ean":"4006381333932","categories":["a//b","ok"],"images":["javascript:x"],"parent":"A-1",
                                  "attributes":{"":1},"texts":{"??":{"title":"x"},"nl":{"title":5}}})");
  REQUIRE_FALSE(bad.ok());
  std::vector<std::string> fields;
  for (const auto& fault : bad.error().faults) fields.push_back(fault.field);
  std::sort(fields.begin(), fields.end());
  CHECK(fields == std::vector<std::string>{"attributes.", "categories[0]", "ean", "images[0]", "parent", "texts.??",
                                           "texts.nl.title"});
}

TEST_CASE("images that are added come behind those there are, none twice, and as many as a product may have") {
  Record before;
  before.sku = "A-1";
  for (std::size_t i = 0; i + 2 < kImagesMax; ++i) before.images.push_back("https://a.test/" + std::to_string(i));
  ProductChange change;
  change.more_images = {"https://a.test/5", "https://b.test/1", "https://b.test/1",
                        "https://b.test/2", "https://b.test/3", "https://a.test/6"};
  const auto after = apply(&before, Sku("A-1"), change, WriteMode::update, "en", "en");
  REQUIRE(after.ok());
  REQUIRE(after->images.size() == kImagesMax);
  CHECK(std::equal(before.images.begin(), before.images.end(), after->images.begin()));
  CHECK(after->images[kImagesMax - 2] == "https://b.test/1");
  CHECK(after->images[kImagesMax - 1] == "https://b.test/2");
  using enum AddedImage;
  CHECK(added_images(&before, *after, change) == std::vector{there, added, there, added, left, there});

  change.images = std::vector<std::string>{"https://c.test/1"};
  change.more_images = {"https://c.test/1", "https://c.test/2"};
  CHECK(apply(&before, Sku("A-1"), change, WriteMode::update, "en", "en")->images ==
        std::vector<std::string>{"https://c.test/1", "https://c.test/2"});
  CHECK(apply(nullptr, Sku("A-1"), change, WriteMode::create, "en", "en")->images.size() == 2);
  change.more_images = {"https://c.test/2", "javascript:x"};
  const auto bad = apply(&before, Sku("A-1"), change, WriteMode::update, "en", "en");
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().faults.at(0).field == "images[2]");
}

TEST_CASE("bodies are read strictly as JSON and leniently as a form") {
  const auto read = [](const char* text, BodyStyle style) { return product_body_of(*json::parse(text), style); };
  auto unknown = read(R"({"title":"x","colour":"blue","ean":4006381333931})", BodyStyle::json);
  REQUIRE(unknown.ok());
  REQUIRE(unknown->change.wrong.size() == 2);
  CHECK(unknown->change.wrong[0].field == "colour");
  CHECK(unknown->change.wrong[0].code == "unknown");
  CHECK(unknown->change.wrong[1].field == "ean");
  auto form =
      read(R"({"title":"Awesome product","colour":"blue","enabled":"1","categories":{"0":"a/b","1":"c"},"images":""})",
           BodyStyle::form);
  REQUIRE(form.ok());
  CHECK(*form->change.title == "Awesome product");
  CHECK(form->change.attributes.at(0).first == "colour");
  CHECK(*form->change.enabled);
  CHECK(form->change.categories->size() == 2);
  CHECK(form->change.images->empty());
  CHECK_FALSE(read(R"({"enabled":"1"})", BodyStyle::json)->change.wrong.empty());
  CHECK_FALSE(read(R"(["title"])", BodyStyle::json).ok());
  // What GET gives may come back.
  CHECK(
      read(R"({"sku":"A-1","locale":"en","version":3,"created_at":"x","updated_at":"y","title":null})", BodyStyle::json)
          ->version == 3u);
}

TEST_CASE("limits hold: too long, too many, control characters, bytes that are no text") {
  ProductChange change;
  change.title = std::string(kTitleBytesMax + 1, 'x');
  change.brand =
      "a\x01"
      "b";
  change.family = "\xff";
  change.categories = std::vector<std::string>(kCategoriesMax + 1, "a");
  for (std::size_t i = 0; i <= kAttributesMax; ++i) change.attributes.emplace_back("n" + std::to_string(i), 1);
  auto bad = apply(nullptr, *parse_sku("A-1"), change, WriteMode::upsert, "en", "en");
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().faults.size() == 5);
}

TEST_CASE("the names of changed fields are told, per locale") {
  const Record first = made(nullptr, R"({"title":"Blue","brand":"Acme","attributes":{"color":"blue","size":"M"}})");
  const Record second =
      made(&first, R"({"title":"Bleu","attributes":{"color":null,"weight":1},"texts":{"nl-NL":{"title":"Blauw"}}})");
  auto names = changed_fields(&first, second);
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"attributes.color", "attributes.weight", "title@en", "title@nl-NL"});
}
