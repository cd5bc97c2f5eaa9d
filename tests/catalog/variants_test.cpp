#include "shop.h"

using namespace pf;
using namespace pf::catalog;

namespace {

// Shirts differ in colour, then in size and weight.
struct VariantShop : test::Shop {
  explicit VariantShop(bool described = true) {
    if (described) describe_shirts();
    post("P", R"({"family":"shirts"})");
  }
  void describe_shirts() {
    attribute_is("color", R"({"type":"choice","choices":[{"code":"red"},{"code":"blue"}]})");
    attribute_is("size", R"({"type":"number"})");
    attribute_is("weight", R"({"type":"measurement","unit_family":"Weight"})");
    const auto family = describe(ModelKind::family, "shirts",
                                 R"({"attributes":[{"code":"color"},{"code":"size"},{"code":"weight"}],
                                     "axes":[["color"],["size","weight"]]})");
    REQUIRE_MESSAGE(family.ok(), family.error().message);
  }
  static std::string body(std::string_view parent, std::string_view attributes) {
    return R"({"parent":")" + std::string(parent) + R"(","attributes":{)" + std::string(attributes) + "}}";
  }
  void variant(std::string_view sku, std::string_view parent, std::string_view attributes) {
    post(sku, body(parent, attributes));
  }
  std::string twin_of(std::string_view sku, std::string_view parent, std::string_view attributes) {
    const auto why = refused(sku, body(parent, attributes));
    REQUIRE(why.faults.size() == 1);
    CHECK(why.faults[0].code == "twin");
    return why.message;
  }
  std::vector<RowOutcome> batch(const std::vector<std::pair<std::string, std::string>>& rows, bool forward = false,
                                const Origin& origin = {}) {
    std::vector<ProductRow> all;
    for (const auto& [name, said] : rows)
      all.push_back({sku(name), product_body_of(test::parsed(said), BodyStyle::json)->change});
    std::vector<RowOutcome> out;
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(out, products.upsert_many(work, all, {.forward_parents = forward, .origin = origin}));
                  return {};
                })
                .ok());
    return out;
  }
};

}  // namespace

TEST_CASE("two variants of one product cannot have the same values of what they differ in") {
  VariantShop shop;
  shop.variant("R", "P", R"("color":"red")");
  CHECK(shop.twin_of("R2", "P", R"("color":"red")") ==
        "The variant \"R\" of \"P\" has the same color already, and no two variants may; give this one another, or "
        "change that product instead.");
  shop.variant("R-1", "R", R"("size":1,"weight":"500 g")");
  CHECK(shop.twin_of("R-2", "R", R"("size":"1.0","weight":"0.5 kg")")
            .find("\"R-1\" of \"R\" has the same size and "
                  "weight") != std::string::npos);
  shop.variant("R-2", "R", R"("size":2,"weight":"500 g")");
  CHECK(shop.refused("R-2", R"({"attributes":{"size":1}})").faults.at(0).code == "twin");
  shop.variant("R-3", "R", R"("size":1)");  // nobody said its weight yet
  shop.variant("R-4", "R", R"("size":1)");
  shop.post("Q", R"({"family":"shirts"})");
  shop.variant("Q-R", "Q", R"("color":"red")");  // of another product
  CHECK(shop.refused("Q-R", R"({"parent":"P"})").faults.at(0).code == "twin");
  // All right below the product: deeper axes tell them apart.
  shop.variant("F-1", "P", R"("color":"blue","size":1)");
  shop.variant("F-2", "P", R"("color":"blue","size":2)");
  CHECK(shop.refused("F-2", R"({"attributes":{"size":1}})").faults.at(0).code == "twin");
  // What is free again may be had, and is not given back to who had it.
  shop.patch("R-1", R"({"attributes":{"size":9}})");
  shop.patch("R-2", R"({"attributes":{"size":1}})");
  const auto back = shop.store->write([&](storage::Write& work) -> Result<> {
    return shop.products.restore(work, access::system_actor(), shop.sku("R-1"), 1, {}).ok()
               ? Result<>()
               : error(ErrorCode::invalid, "refused");
  });
  CHECK_FALSE(back.ok());
  REQUIRE(shop.remove("R-2").ok());
  shop.patch("R-1", R"({"attributes":{"size":1}})");
}

TEST_CASE("twins in one batch are refused, in either order, and told where their parent says late what they are") {
  VariantShop shop;
  auto done = shop.batch({{"A", shop.body("P", R"("color":"red")")},
                          {"B", shop.body("P", R"("color":"red")")},
                          {"A", R"({"attributes":{"color":"blue"}})"},
                          {"C", shop.body("P", R"("color":"red")")},
                          {"D", shop.body("P", R"("color":"blue")")}});
  CHECK(done[0].outcome == Outcome::created);
  REQUIRE(done[1].error.faults.size() == 1);
  CHECK(done[1].error.message.find("\"A\"") != std::string::npos);
  CHECK(done[2].outcome == Outcome::changed);
  CHECK(done[3].outcome == Outcome::created);
  CHECK(done[4].error.message.find("\"A\"") != std::string::npos);
  done = shop.batch({{"X", shop.body("N", R"("color":"red")")}, {"Y", shop.body("N", R"("color":"red")")}}, true);
  CHECK(done[1].outcome == Outcome::created);  // of no family that anybody knows of
  done = shop.batch({{"N", R"({"family":"shirts"})"}}, true);
  REQUIRE(done[0].notices.size() == 1);
  CHECK(done[0].notices[0].message.find("\"X\" and \"Y\" have the same color") != std::string::npos);
  done = shop.batch({{"Z", shop.body("M", R"("color":"red")")},
                     {"ZZ", shop.body("M", R"("color":"red")")},
                     {"M", R"({"family":"shirts"})"}});
  CHECK(done[0].outcome == Outcome::created);
  CHECK(done[1].error.faults.at(0).code == "twin");
}

TEST_CASE("variants change places in one batch, and back when it is taken back") {
  VariantShop shop;
  shop.attribute_is("color", R"({"type":"choice","choices":[{"code":"green"},{"code":"red"},{"code":"blue"}]})");
  shop.variant("A", "P", R"("color":"red")");
  shop.variant("B", "P", R"("color":"blue")");
  const auto is = [](const char* color) { return R"({"title":"T","attributes":{"color":")" + std::string(color) + "\"}}"; };
  shop.batch({{"A", is("red")}, {"B", is("blue")}}, true);  // with texts, which a second reading needs too
  const Origin import{Origin::Kind::import, 1, 0};
  // C takes what A leaves, who takes what B leaves; D comes too late.
  auto done = shop.batch({{"C", shop.body("P", R"("color":"red")")},
                          {"A", is("blue")},
                          {"B", is("green")},
                          {"D", shop.body("P", R"("color":"blue")")}},
                         true, import);
  CHECK(done[0].outcome == Outcome::created);
  CHECK(done[1].outcome == Outcome::changed);
  CHECK(done[2].outcome == Outcome::changed);
  REQUIRE(done[3].error.faults.size() == 1);
  CHECK(done[3].error.message.find("\"A\"") != std::string::npos);
  // A circle, of whom nobody could be first.
  const Origin circle{Origin::Kind::import, 2, 0};
  done = shop.batch({{"A", is("green")}, {"B", is("red")}, {"C", is("blue")}}, true, circle);
  for (const auto& row : done) CHECK(row.outcome == Outcome::changed);
  const auto colours = [&] { return shop.attribute("A", "color") + shop.attribute("B", "color"); };
  CHECK(colours() == R"("green""red")");
  const auto take_back = [&](const Origin& unit) {
    std::vector<Undone> out;
    const auto kept = shop.store->write([&](storage::Write& work) -> Result<> {
      PF_LET(const auto touched, shop.products.history().touched(work, unit, 0));
      PF_LET(out,
             shop.products.undo(work, access::system_actor(), {Origin::Kind::undo, 9, 0}, *touched, shop.clock.now()));
      return {};
    });
    REQUIRE_MESSAGE(kept.ok(), kept.error().message);
    return out;
  };
  for (const auto& one : take_back(circle)) CHECK(one.outcome == Undone::Outcome::restored);
  CHECK(colours() == R"("blue""green")");
  CHECK(take_back(import).size() == 3);
  CHECK(colours() == R"("red""blue")");
  CHECK_FALSE(shop.there("C"));
  // Whoever stays keeps his place: A cannot have it, and so B cannot have A's.
  done = shop.batch({{"A", is("blue")}, {"B", R"({"attributes":{"color":"red","size":"no number"}})"}}, true);
  CHECK_FALSE(done[0].outcome);
  CHECK_FALSE(done[1].outcome);
  CHECK(colours() == R"("red""blue")");
}

TEST_CASE("twins of an older shop are edited as ever, and get no third") {
  VariantShop shop(false);
  shop.variant("A", "P", R"("color":"red")");
  shop.variant("B", "P", R"("color":"red")");
  shop.describe_shirts();
  shop.patch("B", R"({"title":"Still red","attributes":{"color":"red"}})");
  CHECK(shop.refused("C", shop.body("P", R"("color":"red")")).faults.at(0).code == "twin");
  shop.patch("B", R"({"attributes":{"color":"blue"}})");
  shop.patch("A", R"({"title":"Alone"})");
  CHECK(shop.refused("A", R"({"attributes":{"color":"blue"}})").faults.at(0).code == "twin");
}

TEST_CASE("twins from before have a hint at what stands above them, until they differ") {
  VariantShop shop(false);
  for (const char* sku : {"T1", "T2", "T3"}) shop.variant(sku, "P", R"("color":"red")");
  shop.describe_shirts();
  for (bool more = true; more;)
    REQUIRE(shop.store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(more, shop.products.complete_some(work, 100));
                  return {};
                })
                .ok());
  const auto hinted = [&] { return shop.where("hint", Operator::eq, {"twins"}); };
  CHECK(hinted() == "P");
  shop.patch("T3", R"({"attributes":{"color":"blue"}})");
  CHECK(hinted() == "P");
  shop.patch("P", R"({"brand":"Acme"})");
  CHECK(hinted() == "P");
  REQUIRE(shop.remove("T2").ok());
  CHECK(hinted() == "");
  shop.patch("P", R"({"brand":"Other"})");
  CHECK(hinted() == "");
}
