#include "events/events.h"

#include <doctest/doctest.h>

#include "support/hand_clock.h"
#include "support/temp_folder.h"

using namespace pf;

namespace {

struct Told {
  test::TempFolder folder;
  test::HandClock clock;
  std::unique_ptr<storage::Store> store = open();
  std::unique_ptr<events::Events> events = std::make_unique<events::Events>(*store, clock);

  std::unique_ptr<storage::Store> open() const {
    return std::move(*storage::Store::open(folder.path(), events::Events::families(),
                                           {.create_if_missing = true, .free_bytes_reserve = 0}));
  }
  Result<> change(const std::function<Result<>(storage::Write&)>& how) { return store->write(how); }
  void add(const char* id) {
    REQUIRE(change([&](storage::Write& work) {
              return events->add(work, events::type::kOrderCreated, json::Value::object({{"id", id}}));
            }).ok());
  }
  std::vector<events::Event> all(std::uint64_t after = 0) { return *events->after(store->read(), after, 1'000); }
};

}  // namespace

TEST_CASE("events: numbers rise by one, and none is told of what was refused") {
  Told told;
  int news = 0;
  const auto listener = told.events->on_news([&] { ++news; });
  told.add("1");
  CHECK_FALSE(told.change([&](storage::Write& work) -> Result<> {
                    PF_TRY(told.events->add(work, events::type::kOrderCreated, json::Value(json::Members{})));
                    return error(ErrorCode::conflict, "no");
                  })
                  .ok());
  told.add("2");
  CHECK(news == 2);
  const auto all = told.all();
  REQUIRE(all.size() == 2);
  CHECK(all[0].number == 1);
  CHECK(all[1].number == 2);
  CHECK(all[1].type == "order.created");
  CHECK(events::body_of(all[1]) == R"({"type":"order.created","timestamp":"2026-01-15T00:00:00Z","data":{"id":"2"}})");
  CHECK(told.all(1).size() == 1);
  told.events->forget(listener);
  told.add("3");
  CHECK(news == 2);
}

TEST_CASE("events: numbers go on after a restart") {
  Told told;
  told.add("1");
  told.events.reset();
  told.store.reset();
  told.store = told.open();
  told.events = std::make_unique<events::Events>(*told.store, told.clock);
  told.add("2");
  REQUIRE(told.all().size() == 2);
  CHECK(told.all()[1].number == 2);
}

TEST_CASE("events: a batch of products is told by few events, each of one kind") {
  Told told;
  REQUIRE(told.change([&](storage::Write& work) -> Result<> {
                events::Batch batch(told.events.get(), work);
                for (int i = 0; i < 250; ++i) {
                  const std::string sku = "S-" + std::to_string(i);
                  PF_TRY(told.events->add_sku(work, events::type::kStockUpdated, sku));
                  PF_TRY(told.events->add_sku(work, events::type::kStockUpdated, sku));
                }
                PF_TRY(told.events->add_sku(work, events::type::kOfferUpdated, "S-1"));
                return batch.finish();
              })
              .ok());
  const auto all = told.all();
  REQUIRE(all.size() == 4);
  CHECK(all[0].type == "offer.updated");
  std::size_t skus = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    CHECK(all[i].type == "stock.updated");
    skus += all[i].data.find("skus")->as_array()->size();
  }
  CHECK(skus == 250);
  REQUIRE(told.change([&](storage::Write& work) { return told.events->add_sku(work, "stock.updated", "S-1"); }).ok());
  CHECK(told.all().size() == 5);
}

TEST_CASE("events: what is a week old goes, but not what somebody still has to send") {
  Told told;
  for (const char* id : {"1", "2", "3"}) told.add(id);
  told.clock.pass(events::kKeepTime + std::chrono::hours{1});
  told.add("4");
  CHECK(*told.events->since(told.store->read(), told.clock.now()) == 4);
  CHECK(*told.events->since(told.store->read(), told.clock.now() + std::chrono::hours{1}) == 5);
  CHECK(*told.events->trim(3, 100) == 2);
  CHECK(*told.events->first(told.store->read()) == 3);
  CHECK(*told.events->trim(5, 100) == 1);
  CHECK(*told.events->first(told.store->read()) == 4);
  CHECK(*told.events->last(told.store->read()) == 4);
  told.clock.pass(events::kKeepTime + std::chrono::hours{1});
  CHECK(*told.events->trim(5, 100) == 1);
  CHECK(*told.events->first(told.store->read()) == 5);
}

TEST_CASE("events: the catalogue is another after every change of products, offers or stock, and after no other") {
  Told told;
  const auto state = [&] { return *told.events->catalogue_state(told.store->read()); };
  CHECK(state().number == 0);
  told.add("1");  // an order
  CHECK(state().number == 0);
  std::uint64_t before = 0;
  for (const auto type : {events::type::kProductCreated, events::type::kProductUpdated, events::type::kProductDeleted,
                          events::type::kOfferUpdated, events::type::kOfferDeleted, events::type::kStockUpdated}) {
    told.clock.pass(std::chrono::minutes{1});
    REQUIRE(told.change([&](storage::Write& work) { return told.events->add_sku(work, type, "A"); }).ok());
    CHECK_MESSAGE(state().number > before, type);
    CHECK(state().at == told.clock.now());
    before = state().number;
  }
  REQUIRE(told.change([&](storage::Write& work) { return told.events->note_catalogue(work); }).ok());
  CHECK(state().number > before);
  // It outlives the log, and a restart: a number is never given twice.
  before = state().number;
  told.clock.pass(events::kKeepTime + std::chrono::hours{1});
  REQUIRE(told.events->trim(1'000, 1'000).ok());
  CHECK(told.all().empty());
  told.events.reset();
  told.store.reset();
  told.store = told.open();
  told.events = std::make_unique<events::Events>(*told.store, told.clock);
  CHECK(state().number == before);
}
