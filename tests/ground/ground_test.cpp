#include <doctest/doctest.h>

#include "productflow/faults.h"
#include "productflow/money.h"
#include "productflow/sentence.h"
#include "productflow/text.h"

using namespace pf;

TEST_CASE("money: amounts keep every minor unit and refuse what they cannot hold") {
  const Currency eur = *Currency::parse("EUR"), jpy = *Currency::parse("JPY"), bhd = *Currency::parse("BHD");
  CHECK(parse_money("19.95", eur)->minor == 1995);
  CHECK(parse_money("19.9500", eur)->minor == 1995);
  CHECK(parse_money("-0.5", eur)->minor == -50);
  CHECK(parse_money("20", jpy)->minor == 20);
  CHECK(parse_money("1.234", bhd)->minor == 1234);
  CHECK(decimal({-50, eur}) == "-0.50");
  CHECK(decimal({5, eur}) == "0.05");
  CHECK(decimal({20, jpy}) == "20");
  CHECK(decimal({INT64_MIN, eur}) == "-92233720368547758.08");
  for (const char* bad : {"", "-", ".", "1.", ".5", "1,95", "1e3", "1.999", "1 000", "99999999999999999999", "+1"})
    CHECK_FALSE(parse_money(bad, eur).ok());
  CHECK_FALSE(Currency::parse("eur").ok());
  CHECK_FALSE(Currency::parse("EURO").ok());
  CHECK_FALSE(add({1, eur}, {1, jpy}).ok());
  CHECK_FALSE(multiply({INT64_MAX, eur}, 2).ok());
}

TEST_CASE("faults: everything that is wrong is told at once") {
  CHECK(Faults().checked().ok());
  Faults one;
  one.add("name", "required", "must say what it is called");
  CHECK(Faults(one).checked().error().message == "name must say what it is called");
  one.take(Result<int>(invalid("lines[2].sku", "unknown", "There is no such product.")));
  one.take(Result<int>(3));
  one.take(error(ErrorCode::not_found, "There is no such mapping."));
  const Error all = Faults(one).checked().error();
  CHECK(all.code == ErrorCode::invalid);
  CHECK(all.message == "3 fields need attention.");
  REQUIRE(all.faults.size() == 3);
  CHECK(all.faults[1].field == "lines[2].sku");
  CHECK(all.faults[2].message == "There is no such mapping.");
  Faults refused(ErrorCode::conflict, "They cannot be sent together: ");
  refused.add("orders[1]", "address", "order 7 goes to another buyer");
  CHECK(Faults(refused).checked().error().message == "They cannot be sent together: order 7 goes to another buyer");
  CHECK(std::move(refused).checked().error().code == ErrorCode::conflict);
}

TEST_CASE("text: times are read with any offset and written in UTC") {
  CHECK(rfc3339(*parse_time("2026-05-14 11:23:45 +0100")) == "2026-05-14T10:23:45Z");
  CHECK(rfc3339(*parse_time("2026-02-28T23:30:00-01:00")) == "2026-03-01T00:30:00Z");
  CHECK(rfc3339(*parse_time("2026-01-01T00:00:00.250Z")) == "2026-01-01T00:00:00.250Z");
  CHECK(rfc3339(*parse_time("2026-01-01T00:00:00.1234567Z")) == "2026-01-01T00:00:00.123Z");
  CHECK(rfc3339(*parse_time("2019-03-07 14:00:32.743 UTC")) == "2019-03-07T14:00:32.743Z");
  CHECK(rfc3339(*parse_time("2026-01-31")) == "2026-01-31T00:00:00Z");
  for (const char* bad : {"", "2026", "2026-02-30", "2026-01-01T25:00:00Z", "2026-01-01T00:00:00+1", "yesterday",
                          "2026-01-01T00:00:00.Z"})
    CHECK_FALSE(parse_time(bad).ok());
}

TEST_CASE("text: UTF-8 is checked byte by byte") {
  for (std::size_t size = 0; size < 20; ++size) {
    std::string text(size, 'x');
    CHECK(is_plain_ascii(text));
    for (std::size_t at = 0; at < size; ++at)
      for (int byte = 0; byte < 256; ++byte) {
        text[at] = static_cast<char>(byte);
        CHECK(is_plain_ascii(text) == (byte >= 0x20 && byte <= 0x7e));
        text[at] = 'x';
      }
  }
  CHECK_FALSE(first_bad_utf8("caf\xc3\xa9 \xf0\x9f\x98\x80").has_value());
  CHECK(first_bad_utf8("ab\xe9") == 2);            // Latin-1
  CHECK(first_bad_utf8("\xc0\xaf") == 0);          // overlong
  CHECK(first_bad_utf8("x\xed\xa0\x80") == 1);     // surrogate
  CHECK(first_bad_utf8("\xf4\x90\x80\x80") == 0);  // above U+10FFFF
  CHECK(first_bad_utf8("\xe2\x82") == 0);          // cut off
}

TEST_CASE("text: encodings go there and back and refuse garbage") {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  CHECK(unhex(hex(all)) == all);
  CHECK(percent_decode(percent_encode(all)) == all);
  for (std::size_t n = 0; n < 5; ++n) CHECK(unbase64url(base64url(all.substr(0, n))) == all.substr(0, n));
  CHECK(form_decode("a+b%2Bc") == "a b+c");
  CHECK_FALSE(percent_decode("%4").has_value());
  CHECK_FALSE(percent_decode("%zz").has_value());
  CHECK_FALSE(unbase64url("A").has_value());
  CHECK_FALSE(unhex("abc").has_value());
  CHECK(split("", ',').size() == 1);
  CHECK(parse_int("-12") == -12);
  const std::vector<std::string> three{"a", "b", "c"};
  CHECK(in_sentence(three) == "a, b and c");
  CHECK(in_sentence(std::span(three).first(2)) == "a and b");
  CHECK_FALSE(parse_int("12 ").has_value());
}
