#include "catalog/offers.h"

#include "shop.h"

using namespace pf;
using namespace pf::catalog;
using pf::test::Shop;

namespace {

Result<Outcome> offer(Shop& shop, std::string_view sku, std::string_view body) {
  PF_LET(const auto change, offer_change_of(test::parsed(body)));
  Result<Outcome> out = error(ErrorCode::internal, "not run");
  const auto kept = shop.store->write([&](storage::Write& work) -> Result<> {
    out = shop.offers.upsert(work, access::system_actor(), Shop::sku(sku), change);
    if (!out.ok()) return out.error();
    return {};
  });
  if (!kept.ok()) return kept.error();
  return out;
}

std::string shown(Shop& shop, std::string_view sku) {
  auto found = shop.offers.find(shop.store->read(), sku);
  REQUIRE(found.ok());
  if (!*found) return "none";
  auto value = offer_value(**found);
  value.erase("updated_at");
  return json::write(value);
}

}  // namespace

TEST_CASE("prices are kept per currency in its own digits, and merge") {
  Shop shop;
  shop.post("A", R"({"title":"Blue"})");
  CHECK(
      *offer(
          shop, "A",
          R"({"qty_available":2,"proposition":"tomorrow","prices":{"EUR":{"sell_price":19.9,"base_price":"25"},"JPY":{"sell_price":3000}}})") ==
      Outcome::created);
  CHECK(
      shown(shop, "A") ==
      R"({"title":null,"proposition":"tomorrow","prices":{"EUR":{"sell_price":19.90,"base_price":25.00},"JPY":{"sell_price":3000}}})");
  CHECK(*offer(shop, "A", R"({"prices":{"EUR":{"sell_price":"18.00","base_price":null},"JPY":null}})") ==
        Outcome::changed);
  CHECK(shown(shop, "A") == R"({"title":null,"proposition":"tomorrow","prices":{"EUR":{"sell_price":18.00}}})");
  CHECK(*offer(shop, "A", R"({"prices":{"EUR":{"sell_price":18}}})") == Outcome::unchanged);
}

TEST_CASE("a wrong offer is refused with every fault, and one without product too") {
  Shop shop;
  shop.post("A", R"({"title":"Blue"})");
  CHECK(offer(shop, "B", R"({"prices":{}})").error().code == ErrorCode::not_found);
  const auto bad = offer(shop, "A", R"({"titel":"x","prices":{"EUR":{"sell_prise":1,"base_price":{}}}})");
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().faults.size() == 3);
  for (const char* body : {R"({"prices":{"EUR":{"sell_price":-1}}})", R"({"prices":{"EUR":{"sell_price":1.999}}})",
                           R"({"prices":{"JPY":{"sell_price":1.5}}})", R"({"prices":{"euro":{"sell_price":1}}})",
                           R"({"prices":{"EUR":{"sell_price":"1,50"}}})", R"({"prices":{"EUR":{"sell_price":1e3}}})",
                           R"({"prices":[]})", R"({"prices":{"EUR":{"sell_price":99999999999999999999}}})"}) {
    CAPTURE(body);
    CHECK_FALSE(offer(shop, "A", body).ok());
  }
  CHECK(shown(shop, "A") == "none");
}

TEST_CASE("products are filtered and sorted by price, and a deleted product takes its offer along") {
  Shop shop;
  for (const char* sku : {"A", "B", "C", "D"}) shop.post(sku, R"({"title":"Thing"})");
  REQUIRE(offer(shop, "A", R"({"prices":{"EUR":{"sell_price":100}}})").ok());
  REQUIRE(offer(shop, "B", R"({"prices":{"EUR":{"sell_price":9.99}}})").ok());
  REQUIRE(offer(shop, "C", R"({"prices":{"USD":{"sell_price":50}}})").ok());
  CHECK(shop.where("price", Operator::lt, {"10"}) == "B");
  CHECK(shop.where("price", Operator::gte, {"9.99"}) == "A B");
  CHECK(shop.where("price.USD", Operator::eq, {"50"}) == "C");
  CHECK(shop.where("price", Operator::empty, {"1"}) == "C D");
  CHECK(shop.where("offer", Operator::empty, {"1"}) == "D");
  ProductQuery query;
  query.sort = {{"price", true}};
  query.where = {{"price", Operator::empty, {"0"}}};
  CHECK(shop.listed(query) == "A B");
  REQUIRE(offer(shop, "A", R"({"prices":{"EUR":{"sell_price":1}}})").ok());
  CHECK(shop.where("price", Operator::lt, {"10"}) == "A B");
  shop.post("A", R"({"title":"Changed","brand":"Acme"})");
  CHECK(shop.where("price", Operator::lt, {"10"}) == "A B");
  CHECK(*shop.offers.count(shop.store->read()) == 3);
  REQUIRE(shop.remove("A").ok());
  CHECK(shop.where("price", Operator::lt, {"10"}) == "B");
  shop.post("A", R"({"title":"again"})");
  CHECK(shown(shop, "A") == "none");
  CHECK(*shop.offers.skus_after(shop.store->read(), "", 10) == std::vector<std::string>{"B", "C"});
  CHECK(*shop.offers.skus_after(shop.store->read(), "B", 10) == std::vector<std::string>{"C"});
  REQUIRE(shop.store
              ->write([&](storage::Write& work) {
                return shop.offers.remove(work, access::system_actor(), Shop::sku("B"));
              })
              .ok());
  CHECK(shop.where("price", Operator::empty, {"0"}) == "");
  CHECK(shop.listed({}) == "A B C D");  // an offer goes, its product stays
  CHECK_FALSE(shop.store
                  ->write([&](storage::Write& work) {
                    return shop.offers.remove(work, access::system_actor(), Shop::sku("B"));
                  })
                  .ok());
}
