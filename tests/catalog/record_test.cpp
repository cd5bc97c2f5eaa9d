#include "catalog/record.h"

#include <doctest/doctest.h>

using namespace pf;
using namespace pf::catalog;

namespace {

Record sample() {
  Record r;
  r.document = 7;
  r.version = 3;
  r.created = Time{milliseconds{1'700'000'000'000}};
  r.updated = Time{milliseconds{1'700'000'000'250}};
  r.sku = "A/1 \"50%\"";
  r.brand = "Acme <b>";
  r.categories = {"clothing/shirts", "a\"b"};
  r.images = {"https://x.example/1.png"};
  r.attributes = {{"color", "\"blue\""}, {"weight", "1.50"}, {"a \"quoted\" name", "{\"deep\":[1,null]}"}};
  r.texts_for("nl-NL") = Texts{"Blauw hemd", "<p>Katoen</p>", {{"fit", "\"ruim\""}}};
  r.texts_for("en") = Texts{"Blue shirt", "", {{"fit", "\"loose\""}, {"care", "\"cold\""}}};
  return r;
}

}  // namespace

TEST_CASE("a record comes back from its bytes as it was") {
  const Record r = sample();
  std::vector<std::string> locales;
  auto back = decode_common(encode_common(r), locales);
  REQUIRE(back.ok());
  CHECK(locales == std::vector<std::string>{"en", "nl-NL"});
  for (const auto& [locale, texts] : r.texts) {
    auto read = decode_texts(encode_texts(texts));
    REQUIRE(read.ok());
    back->texts.emplace_back(locale, *read);
  }
  CHECK(same_content(r, *back));
  CHECK(back->document == 7);
  CHECK(back->version == 3);
  CHECK(back->updated == r.updated);
  CHECK(stamp_of(encode_common(r))->version == 3);
  CHECK(*locales_of(encode_common(r)) == locales);
}

TEST_CASE("joining segments gives the product in a language, and the default lends what is missing") {
  const Record r = sample();
  const auto common = encode_common(r), nl = encode_texts(*r.texts_of("nl-NL")), en = encode_texts(*r.texts_of("en"));
  auto joined = join_json(common, "nl-NL", nl, en, ",\"offer\":{}");
  REQUIRE(joined.ok());
  auto product = json::parse(*joined);
  REQUIRE_MESSAGE(product.ok(), *joined);
  CHECK(*product->find("sku")->as_string() == r.sku);
  CHECK(*product->find("locale")->as_string() == "nl-NL");
  CHECK(*product->find("title")->as_string() == "Blauw hemd");
  const auto* attributes = product->find("attributes");
  CHECK(*attributes->find("fit")->as_string() == "ruim");
  CHECK(*attributes->find("care")->as_string() == "cold");
  CHECK(attributes->find("weight")->as_number()->text == "1.50");
  CHECK(attributes->as_object()->size() == 5);
  CHECK(product->find("brand") != nullptr);
  CHECK(product->find("ean")->is_null());
  CHECK(product->find("offer") != nullptr);
  CHECK(*json::parse(*join_json(common, "en", en, {}))->find("title")->as_string() == "Blue shirt");
  CHECK(json::parse(*join_json(common, "fr", {}, {}))->find("title")->is_null());
}

TEST_CASE("a damaged record is reported and nothing is read past its end") {
  const auto common = encode_common(sample());
  std::vector<std::string> locales;
  for (std::size_t n = 0; n < common.size(); ++n) {
    locales.clear();
    CHECK_FALSE(decode_common(std::string_view(common).substr(0, n), locales).ok());
    (void)join_json(std::string_view(common).substr(0, n), "en", {}, {});
    (void)locales_of(std::string_view(common).substr(0, n));
  }
  // Any byte turned: an answer or an Error, never a fault of memory (the sanitizers watch).
  for (std::size_t n = 0; n < common.size(); ++n) {
    auto turned = common;
    turned[n] = static_cast<char>(~static_cast<unsigned char>(turned[n]));
    locales.clear();
    (void)decode_common(turned, locales);
    (void)join_json(turned, "en", turned, turned);
  }
}
