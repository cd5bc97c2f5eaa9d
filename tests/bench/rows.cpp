#include "rows.h"

#include <fmt/core.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace pf::bench {
namespace {

// A fixed mixing of bits (SplitMix64, Steele et al. 2014), so that every run has the same shop.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}
std::uint64_t draw(std::uint64_t row, std::uint64_t what) {
  return mixed(row * 131 + what);
}

constexpr std::array kColours{"red", "blue", "green", "black", "white", "grey", "yellow", "purple", "brown", "orange"};
// The shop's main language is the unmarked one; with these, the catalogue has three.
constexpr std::array kOtherLocales{"nl-NL", "de-DE"};
constexpr std::size_t kWords = 5'000, kBrands = 25, kFamilies = 40;
// What makes the two catalogues different: of both the columns are 40.
struct Shape {
  std::size_t other_locales, text_words, attributes;
};
constexpr Shape shape_of(Texts texts) {
  return texts == Texts::three_languages ? Shape{kOtherLocales.size(), 50, 26} : Shape{0, 12, 30};
}
static_assert(3 + kOtherLocales.size() * 2 + 7 + shape_of(Texts::three_languages).attributes == kColumns);
static_assert(3 + 7 + shape_of(Texts::short_ones).attributes == kColumns);

std::string numbered(const char* pattern, std::uint64_t number) {
  char text[48];
  std::snprintf(text, sizeof text, pattern, static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

std::string word_of(std::uint64_t number) {
  constexpr std::array kStart{"bel", "cor", "dan", "fen", "gar", "hol", "jun", "kel", "lor", "mer"};
  constexpr std::array kMiddle{"a", "e", "i", "o", "u", "an", "en", "in", "on", "ar"};
  constexpr std::array kEnd{"dor", "fal", "gim", "hust", "kint", "lap", "mur", "nox", "pel", "rim"};
  const std::uint64_t n = number % kWords;
  return std::string(kStart[n % 10]) + kMiddle[n / 10 % 10] + kEnd[n / 100 % 10] +
         (n >= 1'000 ? std::to_string(n / 1'000) : "");
}
std::string sku_of(std::uint64_t number) {
  return numbered("BENCH-%07llu", number);
}
// GTIN-13 with its check digit (GS1 General Specifications 7.9).
std::string ean_of(std::uint64_t number) {
  std::string digits = numbered("200%09llu", number % 1'000'000'000);
  int sum = 0;
  for (std::size_t i = 0; i < 12; ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
  return digits + std::to_string((10 - sum % 10) % 10);
}
std::string brand_of(std::uint64_t number) {
  return "Brand " + std::to_string(number % kBrands);
}

std::string csv_header(Texts texts) {
  const Shape shape = shape_of(texts);
  std::string line = "sku,title,description";
  for (std::size_t i = 0; i < shape.other_locales; ++i)
    line += fmt::format(",title@{0},description@{0}", kOtherLocales[i]);
  line += ",brand,ean,family,categories,enabled,price,stock";
  for (std::size_t i = 0; i < shape.attributes; ++i) line += ",property_" + std::to_string(i);
  return line + "\r\n";
}

std::string csv_row(std::uint64_t number, Texts texts) {
  const Shape shape = shape_of(texts);
  const auto word = [&](std::uint64_t what) { return word_of(draw(number, what) % kWords); };
  std::string line = sku_of(number);
  for (std::uint64_t locale = 0; locale <= shape.other_locales; ++locale) {
    // The first language's words stay what they were before there were others, so that old figures compare.
    const std::uint64_t own = locale * 1'000;
    line += "," + word(own + 1) + " " + word(own + 2) + " " + word(own + 3) + ",\"<p>";
    for (std::uint64_t i = 0; i < shape.text_words; ++i)
      line += (i == 0 ? "" : i % 12 == 0 ? ", " : " ") + word(own + 100 + i);
    line += "</p>\"";
  }
  line += "," + brand_of(draw(number, 4)) + "," + ean_of(number) + ",family-" +
          std::to_string(draw(number, 5) % kFamilies) + ",shop/group-" + std::to_string(draw(number, 6) % 20) +
          "/shelf-" + std::to_string(draw(number, 7) % 200) + ",1," + numbered("%llu", 1 + draw(number, 8) % 200) +
          ".95," + std::to_string(draw(number, 9) % 500);
  for (std::uint64_t i = 0; i < shape.attributes; ++i) {
    line += ',';
    const std::uint64_t value = draw(number, 20 + i);
    switch (i % 6) {
      case 0:
        line += kColours[value % kColours.size()];
        break;
      case 1:
        line += value % 2 == 0 ? "yes" : "no";
        break;
      case 2:
        line += std::to_string(value % 1'000);
        break;
      case 3:
        line += word_of(value);
        break;
      case 4:
        line += "value " + std::to_string(value % 100);
        break;
      case 5:
        line += std::to_string(value % 100'000'000);  // one of its own for nearly each row
        break;
    }
  }
  return line + "\r\n";
}

std::int64_t order_time(const OrderRows& shop, std::uint64_t number) {
  constexpr std::int64_t kTenYears = 10 * 365 * 86'400;
  const auto back = static_cast<double>(shop.orders - number) / static_cast<double>(shop.orders);
  return shop.now - static_cast<std::int64_t>(back * kTenYears);
}
std::string order_channel(std::uint64_t number) {
  constexpr std::array kChannels{"amazon", "bol", "shopify", "woocommerce", "manual"};
  return kChannels[draw(number, 70) % kChannels.size()];
}
std::string order_channel_number(std::uint64_t number) {
  return std::to_string(400 + draw(number, 71) % 10) + numbered("-%07llu", draw(number, 72) % 10'000'000) +
         numbered("-%07llu", number % 10'000'000);
}
std::string order_csv_header() {
  return "channel_order_id,channel,placed_at,ship_by,currency,total,shipping_cost,status,country,sku,quantity,title,"
         "price\r\n";
}
std::string order_csv_rows(const OrderRows& shop, std::uint64_t number) {
  constexpr std::array kCountries{"NL", "NL", "NL", "BE", "DE", "FR"};
  constexpr std::int64_t kDay = 86'400;
  const std::int64_t placed = order_time(shop, number);
  const std::int64_t ship_by = (placed / kDay + 1) * kDay + 16 * 3'600;
  const auto time = [](std::int64_t at) {
    char text[32];
    const auto seconds = static_cast<std::time_t>(at);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return std::string(text);
  };
  // One in two hundred is still open; at one order a minute, that is a day and a half of a shop of ten million.
  const bool is_new = number >= shop.orders - shop.orders / 200;
  const char* status = is_new ? "" : draw(number, 73) % 50 == 0 ? "cancelled" : "shipped";
  const std::uint64_t first = 300 + draw(number, 74) % 10'000, second = 100 + draw(number, 75) % 5'000;
  const auto cents = [](std::uint64_t amount) {
    return numbered("%llu.", amount / 100) + numbered("%02llu", amount % 100);
  };
  const std::string id = order_channel_number(number);
  std::string out = id + "," + order_channel(number) + "," + time(placed) + "," + time(ship_by) + ",EUR," +
                    cents(first + 2 * second + 495) + ",4.95," + status + "," +
                    kCountries[draw(number, 76) % kCountries.size()] + ",";
  for (std::uint64_t line = 0; line < 2; ++line) {
    const std::uint64_t product = draw(number, 60 + line) % shop.products;
    if (line > 0) out += id + ",,,,,,,,,";
    out += sku_of(product) + "," + std::to_string(1 + line) + "," + word_of(draw(product, 1) % kWords) + " " +
           word_of(draw(product, 2) % kWords) + "," + cents(line == 0 ? first : second) + "\r\n";
  }
  return out;
}

std::string order_body(std::uint64_t number, std::uint64_t products, const std::string& run) {
  const std::string n = std::to_string(number);
  return R"({"channel":"bench","channel_order_id":")" + run + "-" + n + R"(","currency_code":"EUR","email":"buyer)" +
         n + R"(@example.com","lines":[{"sku":")" + sku_of(draw(number, 60) % products) +
         R"(","title":"A thing","quantity":1,"price":19.95},{"sku":")" + sku_of(draw(number, 61) % products) +
         R"(","title":"Another thing","quantity":2,"price":4.50}],"shipping_customer":{"first_name":"Jan","last_name":"Number )" +
         n + R"(","street_name":"Lange Straat","house_number":")" + std::to_string(number % 300) +
         R"(","zip_code":"1234 AB","city":"Utrecht","country_code":"NL"}})";
}

}  // namespace pf::bench
