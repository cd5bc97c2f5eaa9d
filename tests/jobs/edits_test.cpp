// Bulk edits of people whose rights are limited: what they were confined to when they began holds after a restart.
// Undos of products that stand in each other's way.
#include "jobs/edits.h"

#include <cstdio>
#include <thread>

#include "catalog/product_body.h"
#include "exchange/shop.h"
#include "jobs/imports.h"
#include "json/members.h"

using namespace pf;
using namespace pf::test;

namespace {

struct EditedShop : ImportShop {
  std::unique_ptr<rules::Rules> rules;
  std::unique_ptr<jobs::Edits> edits;

  static std::vector<storage::Family> more() {
    auto out = jobs::Imports::families();
    for (auto& family : rules::Rules::families()) out.push_back(std::move(family));
    return out;
  }
  EditedShop() : ImportShop(WithEvents{}, more()) {
    rules = std::make_unique<rules::Rules>(*store, *products, *orders, *audit, clock);
    start();
  }
  void start() { edits = std::make_unique<jobs::Edits>(rooms(), *rules, clock); }
  void put(const std::string& sku, std::string_view body) {
    auto change = catalog::product_body_of(*json::parse(body), catalog::BodyStyle::merge_patch);
    REQUIRE(change.ok());
    const auto done = store->write([&](storage::Write& work) -> Result<> {
      PF_TRY(products->change(work, access::system_actor(), catalog::Sku(sku), change->change,
                              catalog::WriteMode::upsert, "en"));
      return {};
    });
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
  }
  jobs::Edit ended(std::uint64_t id) {
    for (;;) {
      const auto edit = edits->find(store->read(), id);
      REQUIRE((edit.ok() && *edit));
      if ((*edit)->ended()) return **edit;
      std::this_thread::yield();
    }
  }
  std::string value(const std::string& sku, const char* field, const char* locale = "") {
    const auto record = products->find(store->read(), sku);
    return catalog::value_of(**record, *catalog::field_named(field, locale));
  }
  // "limits" for each product of the report
  std::string reasons(std::uint64_t id) {
    std::string out;
    const auto rows = edits->rows(store->read(), id, 0, 1'000);
    for (const auto& [number, row] : *rows)
      out += json::text_in(row, "sku") + ":" + json::text_in(row.find("errors")->as_array()->at(0), "code") + " ";
    return out;
  }
};

}  // namespace

TEST_CASE("bulk edits: limits survive a restart, and whoever has them takes back what he may still write") {
  EditedShop shop;
  constexpr std::size_t kProducts = 2 * jobs::kEditedAtOnce;  // so that a restart comes between
  std::vector<std::string> skus;
  for (std::size_t i = 0; i < kProducts; ++i) {
    char sku[16];
    std::snprintf(sku, sizeof sku, "P%04zu", i);
    skus.emplace_back(sku);
  }
  const auto made = shop.store->write([&](storage::Write& work) -> Result<> {
    catalog::ProductChange change;
    change.brand = "Old";
    change.categories = std::vector<std::string>{"garden"};
    std::vector<catalog::ProductRow> rows;
    for (const auto& sku : skus) rows.push_back({catalog::Sku(sku), change, "en"});
    PF_TRY(shop.products->upsert_many(work, rows, {.locale = "en", .by = access::system_actor()}));
    return {};
  });
  REQUIRE(made.ok());
  access::Actor gardener{.kind = access::Actor::Kind::user, .id = "u1", .name = "gardener@example.com"};
  gardener.limits = std::make_shared<const access::Limits>(access::Limits{.categories = {"garden"}, .locales = {"nl"}});
  const auto actions = *json::parse(R"([{"action":"set","field":"brand","value":"New"},
                                        {"action":"set","field":"title","locales":["nl"],"value":"Hark"}])");
  const auto begun = shop.edits->start(gardener, actions, "nl", skus);
  REQUIRE(begun.ok());
  shop.edits.reset();  // as a stop does: at the next unit of work
  shop.put(skus.back(), R"({"categories":["kitchen"]})");
  shop.start();
  const auto done = shop.ended(begun->id);
  CHECK(done.resumed);
  CHECK((done.changed == kProducts - 1 && done.refused == 1));
  CHECK(shop.value(skus.back(), "brand") == "\"Old\"");

  // Since then one has left his categories, one was edited, and he may write no Dutch any more.
  shop.put("P0000", R"({"categories":["kitchen"]})");
  shop.put("P0001", R"({"brand":"Newer"})");
  gardener.limits = std::make_shared<const access::Limits>(access::Limits{.categories = {"garden"}, .locales = {"fr"}});
  const auto undo = shop.edits->start_undo(gardener, {catalog::Origin::Kind::bulk, begun->id, 0}, done.finished_at);
  REQUIRE(undo.ok());
  const auto undone = shop.ended(undo->id);
  CHECK(undone.status == "done");
  CHECK(undone.collided == kProducts - 1);
  CHECK(shop.value("P0000", "brand") == "\"New\"");
  CHECK(shop.value("P0001", "brand") == "\"Newer\"");
  CHECK(shop.value("P0002", "brand") == "\"Old\"");
  CHECK(shop.value("P0002", "title", "nl") == "\"Hark\"");
  CHECK(shop.reasons(undo->id).find("P0002:limits") != std::string::npos);
}

TEST_CASE("undo: what collides with another product of the same import goes back after it, over restarts, and once") {
  EditedShop shop;
  // Below P variants differ in colour; once P is itself a variant, of A, they differ in size, and all have the same.
  const auto described = shop.store->write([&](storage::Write& work) -> Result<> {
    const auto is = [&](catalog::ModelKind kind, const char* code, const char* body) -> Result<> {
      PF_TRY(shop.products->models().describe(work, access::system_actor(), kind, code, *json::parse(body),
                                              catalog::DescribeMode::put, {}));
      return {};
    };
    PF_TRY(is(catalog::ModelKind::attribute, "color", R"({"type":"number"})"));
    PF_TRY(is(catalog::ModelKind::attribute, "size", R"({"type":"number"})"));
    return is(catalog::ModelKind::family, "shirts",
              R"({"attributes":[{"code":"color"},{"code":"size"}],"axes":[["color"],["size"]]})");
  });
  REQUIRE_MESSAGE(described.ok(), (described.ok() ? "" : described.error().message));
  for (const auto& [sku, body] : {std::pair("A", "{}"),
                                  {"P", R"({"family":"shirts"})"},
                                  {"X", "{}"},
                                  {"Y", "{}"},
                                  {"T", R"({"parent":"P","attributes":{"color":1,"size":1}})"},
                                  {"U", R"({"parent":"P","attributes":{"color":2,"size":1}})"},
                                  {"V", R"({"parent":"P","attributes":{"color":3,"size":1}})"},
                                  {"W", R"({"parent":"P","attributes":{"color":4,"size":1}})"}})
    shop.put(sku, body);
  const catalog::Origin import{catalog::Origin::Kind::import, 7, 0};
  const auto unit = [&](const std::vector<std::pair<std::string, std::string>>& rows) {
    std::vector<catalog::ProductRow> all;
    for (const auto& [sku, parent] : rows) {
      catalog::ProductChange change;
      change.parent = parent;
      all.push_back({catalog::Sku(sku), change, "en"});
    }
    const auto done = shop.store->write([&](storage::Write& work) -> Result<> {
      PF_LET(const auto outcomes,
             shop.products->upsert_many(work, all, {.locale = "en", .by = access::system_actor(), .origin = import}));
      for (const auto& one : outcomes) CHECK_MESSAGE(one.outcome.has_value(), one.error.message);
      return {};
    });
    REQUIRE(done.ok());
  };
  unit({{"P", "A"}, {"U", "X"}});
  unit({{"V", "X"}, {"W", "X"}});  // undone before P, in another unit of work
  shop.put("W", R"({"parent":"Y"})");
  const auto undo = shop.edits->start_undo(access::system_actor(), import, shop.clock.now());
  REQUIRE(undo.ok());
  constexpr int kRestarts = 5;  // as many as there are units of work
  for (int i = 0; i < kRestarts; ++i) {
    shop.edits.reset();
    shop.start();
  }
  const auto undone = shop.ended(undo->id);
  CHECK(undone.status == "done");
  CHECK((undone.changed == 3 && undone.unchanged == 0 && undone.collided == 1));
  CHECK((undone.done == 4 && undone.total == 4));
  CHECK(shop.reasons(undo->id) == "W:changed ");
  CHECK(shop.value("V", "parent") == "\"P\"");
  CHECK(shop.value("U", "parent") == "\"P\"");
  CHECK(shop.value("W", "parent") == "\"Y\"");  // somebody's since
  CHECK(shop.value("P", "parent").empty());
}
