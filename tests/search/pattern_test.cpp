#include "search/pattern.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace pf;

TEST_CASE("a pattern means the whole text, and what is none is told") {
  const auto plate = search::Pattern::compile("[A-Z]{2}-\\d+");
  REQUIRE(plate.ok());
  CHECK(plate->matches("AB-12"));
  CHECK_FALSE(plate->matches("AB-12 "));
  CHECK_FALSE(plate->matches("xAB-12"));
  const auto letters = search::Pattern::compile("\\p{L}+");
  REQUIRE(letters.ok());
  CHECK(letters->matches("Größe"));
  for (const char* bad : {"(", "[a-", "a{2000}", "(?=a)", "(a)\\1", "*"}) {
    CAPTURE(bad);
    const auto refused = search::Pattern::compile(bad);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().faults.at(0).field == "pattern");
  }
  CHECK_FALSE(search::Pattern::compile(std::string(1'001, 'a')).ok());
}

// A backtracking matcher would need 2^200'000 steps; the bound is generous for a machine under sanitizers.
TEST_CASE("a pattern that backtracks elsewhere is answered in linear time") {
  const auto evil = search::Pattern::compile("(a|a)*(a+)+b");
  REQUIRE(evil.ok());
  const auto started = std::chrono::steady_clock::now();
  CHECK_FALSE(evil->matches(std::string(200'000, 'a')));
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(5));
}
