#include "team_shop.h"

using namespace pf;
using teamwork::View;
using teamwork::ViewChange;
using test::TeamShop;

namespace {

std::string names(const TeamShop& shop, const access::Actor& by, const char* list = "product") {
  const auto views = shop.views->list(shop.store->read(), by, list);
  REQUIRE_MESSAGE(views.ok(), (views.ok() ? "" : views.error().message));
  std::string out;
  for (const View& view : *views) out += (out.empty() ? "" : ", ") + view.name;
  return out;
}
View keep(TeamShop& shop, const access::Actor& by, ViewChange said, const char* list = "product") {
  const auto view = shop.views->create(by, list, said);
  REQUIRE_MESSAGE(view.ok(), (view.ok() ? "" : view.error().message));
  return *view;
}

}  // namespace

TEST_CASE("views: one's own and those for everybody are found again, and by nobody else") {
  TeamShop shop;
  const auto admin = TeamShop::person("u8", "ada@example.com", {access::Permission::settings_write});
  const auto own =
      keep(shop, shop.anna, {.name = " Mugs ", .query = "?family[eq]=mugs", .columns = {{"title", "ean"}}});
  const auto shared = keep(shop, shop.anna, {.name = "Acme", .query = "brand[eq]=Acme", .shared = true});
  keep(shop, shop.ben, {.name = "first", .position = 0});
  keep(shop, shop.ben, {.name = "Mugs", .position = 2});
  keep(shop, shop.anna, {.name = "Mugs", .query = "status[]=open"}, "order");  // another list
  shop.open();                                                                 // what was told is on disk
  CHECK(names(shop, shop.anna) == "Acme, Mugs");
  CHECK(names(shop, shop.anna, "") == "Acme, Mugs, Mugs");
  CHECK(names(shop, shop.ben) == "Acme, first, Mugs");
  CHECK(names(shop, shop.rita) == "Acme");
  const auto found = *shop.views->find(shop.store->read(), shop.anna, own.id);
  CHECK(found.name == "Mugs");
  CHECK(found.query == "family[eq]=mugs");
  CHECK(found.columns == std::vector<std::string>{"title", "ean"});
  CHECK(shop.views->find(shop.store->read(), shop.ben, own.id).error().code == ErrorCode::not_found);
  CHECK(shop.views->remove(admin, own.id).error().code == ErrorCode::not_found);

  // A program acts for its person.
  auto program = TeamShop::person("t1", "script", {});
  program.user = "u1";
  CHECK(names(shop, program) == "Acme, Mugs");
  CHECK(shop.views->change(program, own.id, {.position = 3}, 1)->version == 2);
  CHECK(shop.views->change(shop.anna, own.id, {.position = 4}, 1).error().faults[0].code == "stale");

  CHECK(shop.views->change(shop.ben, shared.id, {.name = "Mine"}, {}).error().code == ErrorCode::forbidden);
  CHECK(shop.views->remove(shop.ben, shared.id).error().code == ErrorCode::forbidden);
  CHECK(shop.views->change(admin, shared.id, {.name = "Acme & Sons"}, {})->name == "Acme & Sons");
  CHECK(shop.views->change(admin, shared.id, {.shared = false}, {}).error().code == ErrorCode::forbidden);
  REQUIRE(shop.views->change(shop.anna, shared.id, {.shared = false}, {}).ok());
  CHECK(names(shop, shop.ben) == "first, Mugs");
  REQUIRE(shop.views->change(shop.anna, shared.id, {.shared = true}, {}).ok());

  // An account ends: what it shared stays, what was its own goes.
  REQUIRE(shop.store->write([&](storage::Write& work) { return shop.views->forget_owner(work, "u1"); }).ok());
  CHECK(names(shop, shop.anna, "") == "Acme & Sons");
  CHECK(names(shop, shop.ben) == "Acme & Sons, first, Mugs");
  REQUIRE(shop.views->remove(admin, shared.id).ok());
  CHECK(names(shop, shop.ben) == "first, Mugs");
}

TEST_CASE("views: every fault is told at once; names and numbers have an end") {
  TeamShop shop;
  const auto refused = shop.views->create(shop.anna, "product",
                                          {.name = std::string(61, 'x'),
                                           .query = std::string(teamwork::kViewQueryBytesMax + 1, 'a'),
                                           .columns = {{"title", "", "a\nb"}},
                                           .position = 10'001});
  REQUIRE_FALSE(refused.ok());
  std::string fields;
  for (const auto& fault : refused.error().faults) fields += fault.field + " ";
  CHECK(fields == "name query columns[1] columns[2] position ");
  std::string sixty;
  for (int i = 0; i < 60; ++i) sixty += "é";
  keep(shop, shop.anna, {.name = sixty});
  CHECK(shop.views->create(shop.anna, "product", {.name = " "}).error().faults[0].code == "required");

  keep(shop, shop.anna, {.name = "Late", .shared = true});
  keep(shop, shop.ben, {.name = "LATE"});  // his own beside the shop's
  CHECK(shop.views->create(shop.ben, "product", {.name = "late", .shared = true}).error().faults[0].code == "taken");
  CHECK(shop.views->create(shop.ben, "product", {.name = "late"}).error().code == ErrorCode::conflict);
  for (std::size_t i = 2; i < teamwork::kViewsOfPersonMax; ++i)
    keep(shop, shop.anna, {.name = std::to_string(i), .shared = i % 2 == 0});
  CHECK(shop.views->create(shop.anna, "order", {.name = "one more"}).error().faults[0].code == "many");
}
