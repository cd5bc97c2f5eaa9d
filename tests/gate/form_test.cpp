#include "gate/form.h"

#include <doctest/doctest.h>

using namespace pf;

namespace {
std::string form(std::string_view text) {
  const auto value = gate::decode_form(text);
  return value.ok() ? json::write(*value) : "refused";
}
}  // namespace

TEST_CASE("gate: a form's brackets become objects and lists, in PHP's manner") {
  CHECK(form("prices%5BEUR%5D%5Bsell_price%5D=19.95&prices[EUR][buy_price]=9&qty_available=2") ==
        R"({"prices":{"EUR":{"sell_price":"19.95","buy_price":"9"}},"qty_available":"2"})");
  CHECK(form("tags[]=a&tags[]=b") == R"({"tags":["a","b"]})");
  CHECK(form("lines[0][sku]=A&lines[0][quantity]=1&lines[1][sku]=B") ==
        R"({"lines":[{"sku":"A","quantity":"1"},{"sku":"B"}]})");
  CHECK(form("a[2]=x&a[5]=y") == R"({"a":{"2":"x","5":"y"}})");
  CHECK(form("title=Blue+shirt%21&empty=&bare") == R"({"title":"Blue shirt!","empty":"","bare":""})");
  CHECK(form("a=1&a=2") == R"({"a":"2"})");
  CHECK(form("") == "{}");
  CHECK(form("&&a=1&") == R"({"a":"1"})");
}

TEST_CASE("gate: forms whose names do not fit together are refused") {
  for (const char* bad :
       {"a[b=1", "a]b[=1", "[a]=1", "a[b]c=1", "a=1&a[b]=2", "a[][][][][][][][][]=1", "a=%f", "a=%ff", "%ff=1"})
    CHECK_MESSAGE(form(bad) == "refused", bad);
  std::string many;
  for (int i = 0; i < 3'000; ++i) many += "a" + std::to_string(i) + "=1&";
  CHECK(form(many) == "refused");
}
