#include "rule_shop.h"

using namespace pf;
using pf::test::RuleShop;

namespace {

orders::PlaceOrder an_order(const std::string& number, std::int64_t price_minor, const std::string& country = "NL",
                            const std::string& sku = "A-1") {
  orders::PlaceOrder order;
  order.channel = "manual";
  order.channel_order_id = number;
  order.currency = *Currency::parse("EUR");
  order.country_code = country;
  order.lines.push_back({"1", sku, "Something", 2, Money{price_minor, *order.currency}});
  return order;
}

std::string timeline(RuleShop& shop, orders::OrderId id) {
  std::string out;
  const auto events = *shop.orders->events(shop.store->read(), id);
  for (const auto& event : events) out += event.kind + " by " + event.by + "; ";
  return out;
}

}  // namespace

TEST_CASE("order rules: an order is held, tagged, noted and routed the moment it is placed, in the rules' names") {
  RuleShop shop;
  shop.post("A-1", R"({"title":"T","brand":"Fragile & Co","categories":["glass/vases"]})");
  const auto dear = shop.rule(
      R"({"name":"Dear abroad","on":"order","when":{"conditions":[{"field":"total","operator":"gte","value":500},
          {"field":"country_code","operator":"neq","value":"NL"}]},
          "then":[{"action":"hold","reason":"fraud"},{"action":"tag","tag":"Check"},{"action":"note","message":"Call first"}]})");
  shop.rule(
      R"({"name":"Glass","on":"order","when":{"conditions":[{"field":"categories","operator":"eq","value":"glass"}]},
               "then":[{"action":"route","method":"Courier"},{"action":"tag","tag":"fragile"}]})");
  shop.rule(
      R"({"name":"Seen","on":"order","when":{"formula":"[tags] = 'fragile' and [pieces] = 2 and [backordered] = 2"},
               "then":[{"action":"tag","tag":"late"}]})");
  const auto near = shop.orders->place(shop.anna, an_order("1", 30'000), orders::StockPolicy::backorder);
  const auto far = shop.orders->place(shop.anna, an_order("2", 25'000, "DE"), orders::StockPolicy::backorder);
  REQUIRE((near.ok() && far.ok()));
  const auto held = *shop.orders->find(shop.store->read(), far->id);
  REQUIRE(held.holds.size() == 1);
  CHECK(held.holds[0].reason == orders::HoldReason::fraud);
  CHECK(held.holds[0].by == "Dear abroad");
  CHECK(held.tags == std::vector<std::string>{"check", "fragile"});
  CHECK(held.shipping_method == "Courier");
  CHECK(
      timeline(shop, far->id) ==
      "placed by anna@example.com; held by Dear abroad; tagged by Dear abroad; noted by Dear abroad; routed by Glass; "
      "tagged by Glass; ");
  const auto events = *shop.orders->events(shop.store->read(), far->id);
  CHECK(*events[1].details.find("rule")->as_string() == std::to_string(dear.id));
  CHECK(shop.orders->note_text(far->id, events[3]) == "Call first");
  const auto free = *shop.orders->find(shop.store->read(), near->id);
  CHECK(free.holds.empty());
  CHECK(free.tags == std::vector<std::string>{"fragile", "late"});
  CHECK(shop.counts(dear).matched == 1);
  // The same order sent again is not asked about again.
  REQUIRE(shop.orders->place(shop.anna, an_order("2", 25'000, "DE"), orders::StockPolicy::backorder).ok());
  CHECK(shop.counts(dear).matched == 1);
}

TEST_CASE("order rules: what they did is taken back where nobody has since, and notes are not said twice") {
  RuleShop shop;
  orders::PlaceOrder order = an_order("1", 1'000);
  order.shipping_method = "Post";
  const auto placed = shop.orders->place(shop.anna, order, orders::StockPolicy::backorder);
  REQUIRE(placed.ok());
  shop.rule(R"({"name":"All","on":"order","then":[{"action":"hold","reason":"stock"},{"action":"tag","tag":"one"},
               {"action":"tag","tag":"two"},{"action":"note","message":"Hello"},{"action":"route","method":"Courier"}]})");
  const auto follow = [&] {
    orders::OrderRuled out;
    REQUIRE(shop.store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(const auto rules, shop.rules->for_orders(work));
                  PF_LET(const auto now, shop.orders->find(work, placed->id));
                  PF_LET(const auto asked, rules->ask(work, *shop.products, now));
                  PF_LET(out, shop.orders->follow(work, placed->id, asked.acts));
                  return {};
                })
                .ok());
    return out;
  };
  const auto ruled = follow();
  CHECK(ruled.holds.size() == 1);
  CHECK((ruled.tags.size() == 2 && ruled.noted && ruled.rerouted));
  CHECK(follow().empty());
  REQUIRE(shop.orders->untag(shop.anna, placed->id, "two").ok());
  bool undone = false;
  const auto take_back = [&] {
    return shop.store->write([&](storage::Write& work) -> Result<> {
      PF_LET(undone, shop.orders->unfollow(work, shop.anna, placed->id, ruled));
      return {};
    });
  };
  REQUIRE(take_back().ok());
  CHECK(undone);
  const auto after = *shop.orders->find(shop.store->read(), placed->id);
  CHECK((after.holds.empty() && after.tags.empty() && after.shipping_method == "Post"));
  REQUIRE(take_back().ok());
  CHECK_FALSE(undone);
}

TEST_CASE("order rules: an order is never refused for a rule, and faults of rules name their place") {
  RuleShop shop;
  const auto broken = shop.rule(
      R"({"name":"Broken","on":"order","when":{"formula":"[channel] + 1 > 2"},"then":[{"action":"tag","tag":"x"}]})");
  REQUIRE(shop.orders->place(shop.anna, an_order("1", 1'000), orders::StockPolicy::backorder).ok());
  CHECK(shop.counts(broken).failed == 1);
  CHECK(shop.counts(broken).failure.find("\"Broken\" (when)") != std::string::npos);
  CHECK(shop.refused(R"({"name":"x","on":"order","when":{"conditions":[{"field":"email","operator":"eq","value":"a"},
                         {"field":"tags","operator":"eq","value":"a","locale":"en"}]},
                         "then":[{"action":"hold","reason":"x"},{"action":"tag","tag":"a@b"},{"action":"note"},
                         {"action":"set","field":"brand"},{"action":"route","method":"DHL","reason":"y"}]})") ==
        "when.conditions[0].field when.conditions[1].field then[0].reason then[1].tag then[2].message then[3].action "
        "then[4].reason");
  // A location is one that there is; a rule of before that was asked may be kept switched off.
  const auto nowhere = [](const char* enabled) {
    return std::string(R"({"name":"x","on":"order","enabled":)") + enabled +
           R"(,"then":[{"action":"locate","location":"loft"}]})";
  };
  const auto refused = shop.try_rule(nowhere("true"));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().faults[0].field == "then[0].location");
  CHECK(refused.error().message.find("there are: main") != std::string::npos);
  const auto kept = shop.rule(nowhere("false"));
  CHECK(shop.rules->locating(shop.store->read(), "loft")->at(0).id == kept.id);
  CHECK(shop.rules->locating(shop.store->read(), "main")->empty());
  stock::Locations locations(*shop.store, *shop.audit);
  REQUIRE(locations.create(shop.anna, "loft", {}).ok());
  CHECK(shop.refused(nowhere("true")) == "none");
}
