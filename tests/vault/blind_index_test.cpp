#include "vault/blind_index.h"

#include "small_vault.h"

using namespace pf;
using namespace pf::vault;

TEST_CASE("blind index: a value is found however it is written") {
  const auto same = [](IndexField field, std::string_view a, std::string_view b) {
    CHECK_MESSAGE(normalised(field, a) == normalised(field, b), a);
  };
  same(IndexField::email, " Jan.Jansen@Example.COM ", "jan.jansen@example.com");
  same(IndexField::phone, "+31 (0)6 1234-5678", "0031612345678");
  same(IndexField::phone, "+49 170 1234567", "49 (170) 123 45 67");
  same(IndexField::postcode, "1234 ab", "1234AB");
  same(IndexField::postcode, "SW1A 1AA", "sw1a-1aa");
  same(IndexField::name, "  Renée  MÜLLER ", "renee muller");
  CHECK(normalised(IndexField::email, "a@example.com") != normalised(IndexField::email, "b@example.com"));
  CHECK(normalised(IndexField::name, "Jan Jansen") != normalised(IndexField::name, "Jansen Jan"));
  for (const IndexField field : {IndexField::email, IndexField::phone, IndexField::postcode, IndexField::name}) {
    CHECK(normalised(field, "").empty());
    CHECK(normalised(field, "   ").empty());
  }
}

TEST_CASE("blind index: tokens tell neither field nor day apart from noise, and differ by both") {
  const std::string monday(32, 'm'), tuesday(32, 't');
  const std::string token = index_token(monday, IndexField::email, "jan@example.com");
  CHECK(token.size() == kTokenBytes);
  CHECK(token == index_token(monday, IndexField::email, "jan@example.com"));
  CHECK(token != index_token(tuesday, IndexField::email, "jan@example.com"));
  CHECK(token != index_token(monday, IndexField::name, "jan@example.com"));
  CHECK(token != index_token(monday, IndexField::email, "jan@example.co"));
}

TEST_CASE("blind index: what a buyer can be found by has no doubles and no empty values") {
  Buyer buyer = test::a_buyer();
  buyer.fields.emplace_back(Field::billing, *buyer.find(Field::shipping));
  buyer.fields.emplace_back(Field::extra, Private(R"({"vat":"NL1"})"));
  const auto values = index_values(buyer);
  CHECK(values.size() == 4);
  Buyer odd;
  odd.fields.emplace_back(Field::shipping, Private("no JSON"));
  odd.fields.emplace_back(Field::billing, Private(R"({"zip_code":12,"first_name":null})"));
  odd.fields.emplace_back(Field::email, Private("  "));
  CHECK(index_values(odd).empty());
}
