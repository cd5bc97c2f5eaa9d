#include "formats/qr.h"

#include <doctest/doctest.h>

#include <string>

using namespace pf;

TEST_CASE("qr: a code of order number 100001 is the one that another encoder makes") {
  constexpr std::string_view kRows[]{"111111100100101111111", "100000100011101000001", "101110101100101011101",
                                     "101110101000001011101", "101110101001101011101", "100000101100101000001",
                                     "111111101010101111111", "000000001101100000000", "101111100110101111100",
                                     "101101010000100011100", "011011101101010100010", "101010011100000100100",
                                     "011100100101000101000", "000000001001111010110", "111111100110101101110",
                                     "100000101001111100100", "101110101100100101001", "101110101000100010100",
                                     "101110101101010100100", "100000100010000100100", "111111101101010101010"};
  const auto code = formats::qr_code("PF100001");
  REQUIRE(code);
  REQUIRE(code->size == 21);
  for (int y = 0; y < code->size; ++y)
    for (int x = 0; x < code->size; ++x) CHECK(code->dark(x, y) == (kRows[y][static_cast<std::size_t>(x)] == '1'));
}

// Sizes as of ISO/IEC 18004, table 7, at M; the fixed patterns of versions with targets and a version number.
TEST_CASE("qr: a longer text is a larger code, and what is too long is none") {
  for (const auto& [bytes, size] :
       {std::pair(14, 21), {15, 25}, {62, 33}, {63, 37}, {106, 41}, {107, 45}, {180, 53}, {181, 57}, {331, 69}}) {
    const auto code = formats::qr_code(std::string(static_cast<std::size_t>(bytes), 'a'));
    REQUIRE(code);
    CHECK(code->size == size);
    CHECK(code->dark(8, size - 8));
    CHECK(code->dark(0, 0));
    CHECK_FALSE(code->dark(7, 7));
    if (size >= 25) CHECK(code->dark(size - 7, size - 7));
  }
  CHECK_FALSE(formats::qr_code(std::string(332, 'a')));
  CHECK(formats::qr_code("")->size == 21);
}
