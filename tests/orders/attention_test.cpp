// What a person has to look at before an order goes on.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "orders/order_shop.h"

using namespace pf;
using namespace pf::orders;
using test::order_of;
using test::Shop;

namespace {

std::uint64_t marked(Shop& shop, const char* kind) {
  return *shop.orders->count(shop.store->read(), {.where = {{"attention", catalog::Operator::eq, {kind}}}});
}
std::uint64_t needs_attention(Shop& shop) {
  return *shop.orders->count(shop.store->read(), {.where = {{"needs_attention", catalog::Operator::eq, {"true"}}}});
}
PlaceOrder from(const char* channel, const std::string& number, std::int64_t pieces = 2) {
  PlaceOrder order = order_of(number, pieces);
  order.channel = channel;
  order.total = Money{1995 * pieces, *order.currency};
  return order;
}

}  // namespace

TEST_CASE("attention: a SKU that is no product's is marked, and the mark goes when it is linked or becomes one") {
  Shop shop;
  std::set<std::string, std::less<>> products{"A-1"};
  shop.orders->know_products(
      [&](const storage::Reader&, std::string_view sku) -> Result<bool> { return products.contains(sku); });
  const auto placed = [&](const char* number, const char* sku) {
    return shop.orders->place(shop.clerk, order_of(number, 1, sku), StockPolicy::backorder)->id;
  };
  placed("1", "A-1");
  const OrderId linked = placed("2", "X-1"), later = placed("3", "X-2"), wanted = placed("4", "X-3");
  CHECK(marked(shop, "unknown_sku") == 3);
  const auto page = *shop.orders->list(shop.store->read(), {.with_attention_counts = true});
  CHECK(page.attention_counts == std::vector<std::pair<std::string, std::uint64_t>>{{"unknown_sku", 3}});

  REQUIRE(shop.orders->link_line(shop.clerk, linked, 0, "A-1").ok());
  CHECK(shop.find(linked).marks.empty());
  CHECK(*shop.orders->look_again() == 0);
  products.insert("X-2");
  CHECK(*shop.orders->look_again() == 1);
  CHECK(shop.find(later).marks.empty());

  REQUIRE(shop.orders->dismiss(shop.clerk, wanted, Attention::unknown_sku).ok());  // sold beside the catalogue
  CHECK(shop.orders->dismiss(shop.clerk, later, Attention::unknown_sku).error().code == ErrorCode::not_found);
  CHECK(needs_attention(shop) == 0);

  // A product is deleted: open orders with it are marked at the next look, what has left is not.
  shop.put_in_stock("A-1", 5);
  const OrderId sent = placed("5", "A-1"), open = placed("6", "A-1");
  REQUIRE(shop.orders->ship(shop.clerk, sent, {}).ok());
  products.erase("A-1");
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                shop.orders->note_gone(work, "A-1");
                return {};
              })
              .ok());
  CHECK(*shop.orders->look_again() == 3);
  const auto unknown = [&](OrderId id) {
    return std::ranges::count(shop.find(id).marks, Attention::unknown_sku, &Mark::kind);
  };
  CHECK(unknown(sent) == 0);
  CHECK(unknown(open) == 1);
  CHECK(*shop.orders->look_again() == 0);
}

TEST_CASE("pain 5, duplicate orders: the same buyer, wares and money within a day under another number is marked") {
  Shop shop;
  const auto place = [&](const PlaceOrder& order) {
    return shop.orders->place(shop.clerk, order, StockPolicy::backorder)->id;
  };
  const OrderId first = place(from("shopify", "1"));
  CHECK(place(from("shopify", "1")) == first);  // its own number is no second order
  place(from("shopify", "2", 3));               // other wares
  PlaceOrder other = from("shopify", "3");
  other.buyer.fields.back().second = vault::Private("somebody.else@example.com");
  place(other);
  CHECK(marked(shop, "duplicate") == 0);

  const OrderId twin = place(from("amazon", "99"));
  REQUIRE(shop.find(twin).marks.size() == 1);
  CHECK(shop.find(twin).marks[0].other == first);
  CHECK(marked(shop, "duplicate") == 1);
  const auto details = shop.orders->events(shop.store->read(), twin)->back().details;
  CHECK(json::write(details).find("\"duplicate_of\":\"" + std::to_string(first.raw())) != std::string::npos);
  REQUIRE(shop.orders->dismiss(shop.clerk, twin, Attention::duplicate).ok());
  REQUIRE(shop.orders->dismiss(shop.clerk, twin, Attention::duplicate).ok());
  CHECK(needs_attention(shop) == 0);

  shop.clock.pass(std::chrono::hours(25));
  CHECK(shop.find(place(from("amazon", "100"))).marks.empty());  // a regular, who orders every day
  PlaceOrder nameless = from("amazon", "101");
  nameless.buyer.fields.pop_back();  // no e-mail address: by name and postcode
  CHECK(shop.find(place(nameless)).marks.size() == 1);
}
