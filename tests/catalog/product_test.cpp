#include "catalog/product.h"

#include <doctest/doctest.h>

#include "catalog/image_kind.h"
#include "catalog/languages.h"
#include "catalog/search_entry.h"

using namespace pf;
using namespace pf::catalog;

TEST_CASE("a SKU is kept byte for byte, however odd, unless nobody could see or name it") {
  for (const std::string good :
       {"A-1", "0012", "a/b", "50% off", "Größe 42", "\xf0\x9f\x91\x95", "..a", "a?b#c&d=e", "{sku}", "x\"y'z"}) {
    CAPTURE(good);
    REQUIRE(parse_sku(good).ok());
    CHECK(parse_sku(good)->raw() == good);
  }
  CHECK(parse_sku(std::string(kSkuBytesMax, 'x')).ok());
  for (const std::string& bad :
       {std::string(), std::string(kSkuBytesMax + 1, 'x'), std::string(" a"), std::string("a "), std::string("a\tb"),
        std::string("a\nb"), std::string("a\0b", 3), std::string("\xff"),
        std::string("\xc2\xa0"
                    "a"),
        std::string("a\xc2\x85"), std::string("a\xe2\x80\x8b"), std::string("."), std::string("..")}) {
    CAPTURE(bad);
    REQUIRE_FALSE(parse_sku(bad).ok());
    CHECK(parse_sku(bad).error().faults.at(0).field == "sku");
  }
}

TEST_CASE("an EAN is believed only with the right number of digits and the right check digit") {
  for (const char* good :
       {"4006381333931", "96385074", "036000291452", "00012345600012", "9783161484100", " 4006381333931 "}) {
    CAPTURE(good);
    CHECK(parse_ean(good).ok());
  }
  CHECK(*parse_ean(" 4006381333931 ") == "4006381333931");
  for (const char* bad : {"4006381333932", "400638133393", "40063813339311", "123", "", "400638133393X",
                          "4006-381333931", "036000291453"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_ean(bad).ok());
  }
  CHECK(parse_ean("4006381333932").error().faults.at(0).code == "check_digit");
  CHECK(parse_ean("4006381333932").error().message.find("should be 1") != std::string::npos);
}

TEST_CASE("a locale is written one way whatever the file calls it") {
  CHECK(*parse_locale("nl_NL") == "nl-NL");
  CHECK(*parse_locale("EN") == "en");
  CHECK(*parse_locale("zh_hans_cn") == "zh-Hans-CN");
  CHECK(*parse_locale("es-419") == "es-419");
  for (const char* bad : {"", "*", "e", "english-", "nl NL", "nl-", "12", "nl-NL;q=1", "wrong locale"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_locale(bad).ok());
  }
}

TEST_CASE("a category path has names at every level") {
  CHECK(*parse_category("clothing / shirts") == "clothing/shirts");
  CHECK_FALSE(parse_category("").ok());
  CHECK_FALSE(parse_category("clothing//shirts").ok());
  CHECK_FALSE(parse_category("/clothing").ok());
  CHECK_FALSE(parse_category("a/b/c/d/e/f/g/h/i/j/k/l/m").ok());
}

TEST_CASE("an image is a web address or an upload, never a script or a local file") {
  CHECK(check_image("https://shop.example/a.png?v=1").ok());
  CHECK(check_image("http://shop.example/a.png").ok());
  CHECK(check_image("asset:" + std::string(64, 'a')).ok());
  for (const std::string bad : {"javascript:alert(1)", "data:image/png;base64,AAAA", "file:///etc/passwd", "https://",
                                "https:///x", "a.png", "asset:abc", "https://a/\"onerror=", "https://a b/"}) {
    CAPTURE(bad);
    CHECK_FALSE(check_image(bad).ok());
  }
}

TEST_CASE("numbers sort as numbers whatever their length, and before texts") {
  const std::vector<std::string> ascending = {"-1e10",
                                              "-1000",
                                              "-12",
                                              "-1.5",
                                              "-1.25",
                                              "-1",
                                              "-0.5",
                                              "-0.05",
                                              "0",
                                              "0.0001",
                                              "0.05",
                                              "0.5",
                                              "1",
                                              "1.25",
                                              "1.5",
                                              "2",
                                              "10",
                                              "12",
                                              "100",
                                              "12345678901234567890",
                                              "12345678901234567891",
                                              "1e30"};
  for (std::size_t i = 1; i < ascending.size(); ++i) {
    CAPTURE(ascending[i]);
    CHECK(value_key(ascending[i - 1]) < value_key(ascending[i]));
  }
  CHECK(*number_key("1.50") == *number_key("1.5"));
  CHECK(*number_key("15e-1") == *number_key("1.5"));
  CHECK(*number_key("-0") == *number_key("0.00"));
  CHECK(canonical_number("0012.500") == "12.5");
  CHECK(canonical_number("1e3") == "1000");
  CHECK(canonical_number("-0.00120") == "-0.0012");
  CHECK(value_key("999999") < value_key("abc"));
  for (const char* text : {"", "-", ".5", "5.", "1,5", "0x10", "1e", "NaN", "1e99999"}) {
    CAPTURE(text);
    CHECK_FALSE(number_key(text).has_value());
  }
}

TEST_CASE("a reader gets the nearest language, a writer the one that was named") {
  Languages shop;
  shop.locales = {"nl-NL", "en", "de-DE"};
  shop.chosen = true;
  CHECK(shop.for_reading("de-DE") == "de-DE");
  CHECK(shop.for_reading("de") == "de-DE");
  CHECK(shop.for_reading("en-GB") == "en");
  CHECK(shop.for_reading("de-AT") == "de-DE");
  CHECK(shop.for_reading("fr") == "nl-NL");
  CHECK(shop.for_reading("") == "nl-NL");
  CHECK(shop.for_reading("*") == "nl-NL");
  CHECK(shop.for_writing("") == "nl-NL");
  CHECK(shop.for_writing("nl") == "nl-NL");
  CHECK(shop.for_writing("en-GB") == "en-GB");
  CHECK(shop.for_writing("fr") == "fr");
}

TEST_CASE("a picture is told by its bytes") {
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x20\x08\x06\0\0\0\0\0\0\0", 33);
  REQUIRE(image_kind(png).has_value());
  CHECK(image_kind(png)->content_type == "image/png");
  CHECK(image_kind(png)->width == 16);
  CHECK(image_kind(png)->height == 32);
  const std::string gif("GIF89a\x05\0\x06\0\0\0\0", 13);
  CHECK(image_kind(gif)->width == 5);
  const std::string jpeg(
      "\xff\xd8\xff\xe0\0\x04"
      "ab"
      "\xff\xc0\0\x0b\x08\0\x07\0\x09\x01\0\0\0",
      21);
  REQUIRE(image_kind(jpeg).has_value());
  CHECK(image_kind(jpeg)->width == 9);
  CHECK(image_kind(jpeg)->height == 7);
  std::string webp("RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x02\0\0\x03\0\0", 30);
  REQUIRE(image_kind(webp).has_value());
  CHECK(image_kind(webp)->height == 4);
  CHECK_FALSE(image_kind("<svg xmlns='http://www.w3.org/2000/svg'/>").has_value());
  CHECK_FALSE(image_kind("GIF89a").has_value());
  CHECK_FALSE(image_kind("").has_value());
  CHECK_FALSE(image_kind("<html><script>alert(1)</script>").has_value());
  // Cut off anywhere, it is no picture and nothing is read past the end.
  for (std::size_t n = 0; n < jpeg.size() - 6; ++n) CHECK_FALSE(image_kind(jpeg.substr(0, n)).has_value());
  for (std::size_t n = 0; n < webp.size(); ++n) CHECK_FALSE(image_kind(webp.substr(0, n)).has_value());
}
