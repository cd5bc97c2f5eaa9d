#include "formats/code128.h"

#include <doctest/doctest.h>

#include "support/code128_reader.h"

using namespace pf;

namespace {

std::string modules_of(const std::string& widths) {
  std::string out;
  for (std::size_t i = 0; i < widths.size(); ++i)
    out.append(static_cast<std::size_t>(widths[i] - '0'), i % 2 == 0 ? '1' : '0');
  return out;
}

}  // namespace

TEST_CASE("code128: what is written as bars is read back, in the fewest symbols") {
  const struct {
    const char* text;
    std::size_t symbols;  // with start and check, without stop
  } codes[]{
      {"PF100001", 8}, {"4006381333931", 10}, {"40063813", 6}, {"12", 3},           {"1", 3},          {"123", 5},
      {"A-1", 5},      {"AB1234", 7},         {"1234AB", 7},   {"AB123456CD", 11},  {"AB12345CD", 11}, {"12345", 6},
      {"00", 3},       {" ~!\"#", 7},         {"x1234567", 8}, {"PROD-0001-XL", 14}};
  for (const auto& one : codes) {
    const auto widths = formats::code128(one.text);
    REQUIRE(widths);
    const std::string modules = modules_of(*widths);
    CHECK_MESSAGE(test::read_code128(modules) == one.text, one.text);
    CHECK_MESSAGE(modules.size() == 11 * one.symbols + 13, one.text);
  }
}

TEST_CASE("code128: an article's number as the standard prints it") {
  // Start C, 40 06 38 13 33 93, to B, 1; (105 + 40 + 2*6 + 3*38 + 4*13 + 5*33 + 6*93 + 7*100 + 8*17) % 103 is 28; stop.
  CHECK(formats::code128("4006381333931").value_or("") ==
        "211232"
        "231113122213132311122132111323111341"
        "114131123221"
        "322112"
        "2331112");
}

TEST_CASE("code128: a bar too wide anywhere is no code") {
  std::string modules = modules_of(*formats::code128("PF100001"));
  REQUIRE(test::read_code128(modules) == "PF100001");
  for (std::size_t i = 0; i < modules.size(); ++i) {
    std::string hurt = modules;
    hurt[i] = hurt[i] == '1' ? '0' : '1';
    CHECK(test::read_code128(hurt) != std::optional<std::string>("PF100001"));
  }
}

TEST_CASE("code128: letters that it cannot say, and too many, have no bars") {
  CHECK_FALSE(formats::code128(""));
  CHECK_FALSE(formats::code128("Łódź"));
  CHECK_FALSE(formats::code128("a\nb"));
  CHECK_FALSE(formats::code128(std::string(formats::kCode128LettersMax + 1, '1')));
  CHECK(formats::code128(std::string(formats::kCode128LettersMax, '1')));
}
