#include "catalog/marketplace_offers.h"

#include "shop.h"

using namespace pf;
using namespace pf::catalog;
using pf::test::Shop;

namespace {

struct Market {
  Shop shop;
  MarketplaceOffers offers{*shop.store, shop.products, shop.audit, shop.clock};

  Result<Outcome> offer(std::string_view sku, std::string_view body) {
    PF_LET(const auto change, marketplace_offer_change_of(test::parsed(body)));
    Outcome out = Outcome::unchanged;
    PF_TRY(shop.store->write([&](storage::Write& work) -> Result<> {
      PF_LET(out, offers.upsert(work, access::system_actor(), Shop::sku(sku), change));
      return {};
    }));
    return out;
  }
  std::string places(std::string_view after = "", std::size_t count = 100) {
    std::string out;
    const auto page = *offers.after(shop.store->read(), after, count);
    for (const auto& one : page) out += one.sku + "@" + one.marketplace + " ";
    return out;
  }
};

}  // namespace

TEST_CASE("what a product is offered for on a marketplace is kept beside its base offer, and merges") {
  Market market;
  market.shop.post("A", R"({"title":"Blue"})");
  CHECK(*market.offer("A", R"({"marketplace":"bol","qty_available":5,"prices":{"EUR":{"sell_price":18.5}}})") ==
        Outcome::created);
  CHECK(*market.offer("A", R"({"marketplace":"bol","title":"Blauw","enabled":false})") == Outcome::changed);
  CHECK(*market.offer("A", R"({"marketplace":"bol","enabled":"0","qty_available":"5"})") == Outcome::unchanged);
  CHECK(*market.offer("A", R"({"marketplace":"amazon"})") == Outcome::created);
  const auto all = *market.offers.of_product(market.shop.store->read(), "A");
  REQUIRE(all.size() == 2);
  CHECK(all[0].marketplace == "amazon");
  CHECK(all[0].enabled);
  CHECK_FALSE(all[0].quantity_max.has_value());
  CHECK_FALSE(all[1].enabled);
  CHECK(all[1].quantity_max == 5);
  CHECK(all[1].terms.title == "Blauw");
  CHECK(all[1].terms.version == 2);
  CHECK(all[1].terms.prices[0].minor[0] == 1850);
  CHECK(*market.offer("A", R"({"marketplace":"bol","qty_available":null})") == Outcome::changed);
  CHECK_FALSE((*market.offers.of_product(market.shop.store->read(), "A"))[1].quantity_max.has_value());
}

TEST_CASE("a wrong marketplace offer is refused with every fault, and one without product too") {
  Market market;
  market.shop.post("A", R"({"title":"Blue"})");
  CHECK(market.offer("B", R"({"marketplace":"bol"})").error().code == ErrorCode::not_found);
  const auto bad = market.offer("A", R"({"marketplace":"Bol!","enabled":3,"qty_available":-1,"titel":"x"})");
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().faults.size() == 4);
  CHECK(market.offer("A", R"({})").error().faults[0].code == "required");
  CHECK_FALSE(market.offer("A", R"({"marketplace":"bol","prices":{"EUR":{"sell_price":-1}}})").ok());
  CHECK(market.places().empty());
  CHECK(*market.offers.count(market.shop.store->read()) == 0);
}

TEST_CASE("marketplace offers are listed by SKU and go with their product") {
  Market market;
  for (const char* sku : {"A", "A-1", "B"}) market.shop.post(sku, R"({"title":"Thing"})");
  for (const char* sku : {"B", "A-1", "A"})
    for (const char* body : {R"({"marketplace":"bol"})", R"({"marketplace":"amazon"})"})
      REQUIRE(market.offer(sku, body).ok());
  CHECK(market.places() == "A@amazon A@bol A-1@amazon A-1@bol B@amazon B@bol ");
  const auto first = *market.offers.after(market.shop.store->read(), "", 2);
  CHECK(market.places(MarketplaceOffers::place_of(first.back()), 1) == "A-1@amazon ");
  CHECK(*market.offers.count(market.shop.store->read()) == 6);
  REQUIRE(market.shop.store
              ->write([&](storage::Write& work) {
                return market.shop.products.remove(work, access::system_actor(), Shop::sku("A-1"));
              })
              .ok());
  CHECK(market.places() == "A@amazon A@bol B@amazon B@bol ");
  CHECK(*market.offers.count(market.shop.store->read()) == 4);
}
