#include "team_shop.h"

using namespace pf;
using catalog::Operator;
using teamwork::Person;
using test::TeamShop;

namespace {

teamwork::Day day(const char* text) {
  return *teamwork::parse_day(text);
}
std::string ids(const TeamShop& shop, teamwork::TaskQuery query) {
  const auto page = shop.tasks->list(shop.store->read(), query);
  REQUIRE_MESSAGE(page.ok(), (page.ok() ? "" : page.error().message));
  std::string out;
  for (const auto& task : page->tasks) out += (out.empty() ? "" : " ") + std::to_string(task.id);
  return out;
}

}  // namespace

TEST_CASE("tasks: who does what until when is found by person, product and day") {
  TeamShop shop;
  const Person anna{"u1", "Anna"};
  const auto make = [&](teamwork::TaskChange said) {
    const auto task = shop.tasks->create(shop.rita, said);
    REQUIRE_MESSAGE(task.ok(), (task.ok() ? "" : task.error().message));
    return *task;
  };
  make({.title = "Photograph the mugs", .skus = {{"A", "B"}}, .assignee = anna, .due = day("2026-01-20")});
  make({.title = "Translate",
        .comment = "into Dutch",
        .query = "family[eq]=mugs",
        .assignee = anna,
        .due = day("2026-01-10")});
  make({.title = "Some day"});
  shop.open();  // what was told is on disk
  CHECK(ids(shop, {}) == "3 2 1");
  CHECK(ids(shop, {.where = {{"assignee", Operator::eq, {"u1"}}}, .sort = {{"due", false}}}) == "2 1");
  CHECK(ids(shop, {.sort = {{"due", false}}}) == "2 1 3");  // without a day: at the end
  CHECK(ids(shop, {.where = {{"sku", Operator::eq, {"B"}}}}) == "1");
  CHECK(ids(shop, {.text = "dut"}) == "2");
  CHECK(ids(shop, {.where = {{"due", Operator::lt, {"2026-01-15"}}}}) == "2");
  CHECK(ids(shop, {.where = {{"due", Operator::empty, {"1"}}}}) == "3");
  CHECK(ids(shop, {.own = "u1"}) == "2 1");
  CHECK(ids(shop, {.own = "u9"}) == "3 2 1");
  CHECK(shop.tasks->list(shop.store->read(), {.where = {{"due", Operator::lt, {"soon"}}}}).error().faults[0].code ==
        "date");
  auto mine = *shop.tasks->mine(shop.store->read(), "u1", day("2026-01-15"));
  CHECK((mine.open == 2 && mine.overdue == 1));
  CHECK(shop.tasks->mine(shop.store->read(), "u1", day("2026-01-10"))->overdue == 0);  // the day itself is none

  const auto done = shop.tasks->change(shop.anna, 2, {.done = true}, 1);
  REQUIRE(done.ok());
  CHECK(done->done_by == "anna@example.com");
  CHECK(shop.tasks->change(shop.anna, 2, {.done = false}, 1).error().faults[0].code == "stale");
  CHECK(ids(shop, {.where = {{"status", Operator::eq, {"done"}}}}) == "2");
  mine = *shop.tasks->mine(shop.store->read(), "u1", day("2026-01-15"));
  CHECK((mine.open == 1 && mine.overdue == 0));
  CHECK(shop.tasks->remove(shop.anna, 1).error().code == ErrorCode::forbidden);
  REQUIRE(shop.tasks->remove(shop.rita, 1).ok());
  CHECK(ids(shop, {}) == "3 2");
  CHECK(shop.told_events() ==
        std::vector<std::string>{"task.created", "task.created", "task.created", "task.updated", "task.updated"});
}

TEST_CASE("tasks: every fault is told at once") {
  TeamShop shop;
  const auto refused = shop.tasks->create(shop.rita, {.title = " ", .query = "q=mug", .skus = {{"A", "../\n"}}});
  REQUIRE_FALSE(refused.ok());
  std::string fields;
  for (const auto& fault : refused.error().faults) fields += fault.field + " ";
  CHECK(fields == "title query skus[1] ");
  teamwork::Tasks few(*shop.store, *shop.audit, shop.clock, nullptr, 1);
  for (std::uint64_t id = 1; id <= 3; ++id) {
    shop.clock.pass(std::chrono::seconds{1});
    REQUIRE(few.create(shop.rita, {.title = "x"}).ok());
    REQUIRE(few.change(shop.rita, id, {.done = true}, {}).ok());
  }
  CHECK(few.find(shop.store->read(), 2).error().code == ErrorCode::not_found);  // the oldest done ones are forgotten
  CHECK(few.find(shop.store->read(), 3)->done);
  CHECK_FALSE(teamwork::parse_day("2026-02-30"));
  CHECK_FALSE(teamwork::parse_day("2026-02-03T00:00:00Z"));
}

TEST_CASE("comments: a thread stays with its product, and everybody's words are his own") {
  TeamShop shop;
  shop.write("A", R"({"title":"Mug"})");
  const catalog::Sku sku("A");
  CHECK(shop.comments->add(shop.anna, catalog::Sku("B"), "x").error().code == ErrorCode::not_found);
  CHECK(shop.comments->add(shop.anna, sku, " \n").error().faults[0].field == "text");
  CHECK(shop.comments->add(shop.anna, sku, std::string(5'000, 'x')).error().faults[0].code == "length");
  REQUIRE(shop.comments->add(shop.anna, sku, "Which red?").ok());
  REQUIRE(shop.comments->add(shop.ben, sku, "Cherry.").ok());
  REQUIRE(shop.comments->add(shop.ben, sku, "Or not.").ok());
  CHECK(shop.comments->edit(shop.ben, "A", 1, "mine").error().code == ErrorCode::forbidden);
  CHECK(shop.comments->remove(shop.anna, "A", 2).error().code == ErrorCode::forbidden);
  REQUIRE(shop.comments->edit(shop.anna, "A", 1, "Which red is it?").ok());
  REQUIRE(shop.comments->resolve(shop.ben, "A", 1, true).ok());
  REQUIRE(shop.comments->remove(shop.rita, "A", 2).ok());
  shop.remove("A");
  shop.open();
  auto page = *shop.comments->list(shop.store->read(), "A", {}, 1);
  REQUIRE(page.comments.size() == 1);
  CHECK(page.total == 2);
  CHECK(page.comments[0].text == "Which red is it?");
  CHECK(page.comments[0].edited_at.has_value());
  CHECK(page.comments[0].resolved_by == "ben@example.com");
  page = *shop.comments->list(shop.store->read(), "A", page.next_cursor, 10);
  REQUIRE(page.comments.size() == 1);
  CHECK(page.comments[0].id == 3);
  CHECK(page.next_cursor.empty());
  CHECK_FALSE(shop.comments->list(shop.store->read(), "A", "x", 10).ok());
}
