#include <doctest/doctest.h>

#include "json/fields.h"

using namespace pf;

TEST_CASE("json: numbers keep their text and everything is written back as it was read") {
  for (const char* text :
       {R"({"price":19.90,"big":12345678901234567890123,"e":-1.5E+10,"n":0})", R"([])", R"({})",
        R"([null,true,false,"é\n\"\\"])", R"({"a":{"b":[1,[2,[3]]]}})", R"("\u2028\u003c\u007f\u0000")"}) {
    auto value = json::parse(text);
    REQUIRE(value.ok());
    const std::string written = json::write(*value);
    CHECK(*json::parse(written) == *value);
    if (std::string_view(text).find('u') == std::string_view::npos || text[0] == '"') CHECK(written == text);
  }
  CHECK(json::write(json::Value(json::Number{"19.90"})) == "19.90");
  CHECK(json::parse("42")->as_int() == 42);
  CHECK_FALSE(json::parse("4.2")->as_int().has_value());
}

TEST_CASE("json: what is not strictly JSON is refused with its place") {
  for (const char* bad : {"", "{", "[1,]", "{\"a\":1,}", "{'a':1}", "nul", "01", "+1", "1.", "\"\xff\"", "\"a\nb\"",
                          "[1] 2", "// c\n1", "{\"a\":1,\"a\":2}", "NaN", "\"\\ud800\"", "\xef\xbb\xbf{}"})
    CHECK_MESSAGE(!json::parse(bad).ok(), bad);
  CHECK(json::parse("{\n  \"a\": tru\n}").error().message.find("line 2") != std::string::npos);
  CHECK_FALSE(json::parse(std::string(100, '[') + std::string(100, ']')).ok());
  CHECK_FALSE(json::parse(std::string(1'000'000, '[')).ok());
}

namespace {
struct Line {
  std::string sku;
  std::int64_t quantity = 0;
  std::optional<json::Decimal> price;
  template <class V>
  void fields(V& visit) {
    visit("sku", sku, "The seller's number.");
    visit("quantity", quantity, "Pieces.");
    visit("price", price, "Of one piece.");
  }
};
struct Order {
  std::string channel;
  std::optional<bool> paid;
  std::vector<Line> lines;
  json::Map<std::string> labels;
  template <class V>
  void fields(V& visit) {
    visit("channel", channel, "Where it was sold.");
    visit("paid", paid, "Whether the money came.");
    visit("lines", lines, "What was sold.");
    visit("labels", labels, "Free labels.");
  }
};
}  // namespace

TEST_CASE("json fields: every fault of a body is named at once, with its path") {
  auto read = json::read_fields<Order>(
      *json::parse(R"({"lines":[{"sku":"A","quantity":"x"},{"quantity":1.5,"price":"1e9"}],"colour":1})"));
  REQUIRE_FALSE(read.ok());
  std::vector<std::string> fields;
  for (const auto& fault : read.error().faults) fields.push_back(fault.field + " " + fault.code);
  CHECK(fields == std::vector<std::string>{"channel required", "lines[0].quantity type", "lines[1].sku required",
                                           "lines[1].quantity type", "lines[1].price type", "colour unknown"});
}

TEST_CASE("json fields: a body is read, written and described from one list") {
  const auto body = *json::parse(
      R"({"channel":"manual","paid":"1","lines":[{"sku":"A","quantity":"2","price":19.90}],"labels":{"x":"y"}})");
  auto order = json::read_fields<Order>(body);
  REQUIRE(order.ok());
  CHECK(order->lines[0].quantity == 2);
  CHECK(order->paid == true);
  CHECK(json::write(json::write_fields(*order)) ==
        R"({"channel":"manual","paid":true,"lines":[{"sku":"A","quantity":2,"price":19.90}],"labels":{"x":"y"}})");
  const std::string schema = json::write(json::schema<Order>());
  CHECK(schema.find(R"("required":["channel"])") != std::string::npos);
  CHECK(schema.find(R"("type":["boolean","null"])") != std::string::npos);
}

namespace {
struct Address {
  std::string house_number;
  template <class V>
  void fields(V& visit) {
    visit("house_number", house_number, "House number.");
  }
};
}  // namespace

TEST_CASE("json fields: a text takes a number as it is written, as house and order numbers arrive from other systems") {
  CHECK(json::read_fields<Address>(*json::parse(R"({"house_number": 12})"))->house_number == "12");
  CHECK(json::read_fields<Address>(*json::parse(R"({"house_number": 7.50})"))->house_number == "7.50");
  CHECK_FALSE(json::read_fields<Address>(*json::parse(R"({"house_number": [12]})")).ok());
  CHECK_FALSE(json::read_fields<Address>(*json::parse(R"({"house_number": true})")).ok());
}
