// A shop whose people propose and decide, on a real store in a throw-away folder.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "catalog/product_body.h"
#include "productflow/names.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"
#include "teamwork/comments.h"
#include "teamwork/drafts.h"
#include "teamwork/tasks.h"
#include "teamwork/views.h"

namespace pf::test {

struct TeamShop {
  TempFolder folder;
  HandClock clock;
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<audit::Audit> audit;
  std::unique_ptr<events::Events> events;
  std::unique_ptr<catalog::Products> products;
  std::unique_ptr<catalog::Offers> offers;
  std::unique_ptr<teamwork::Drafts> drafts;
  std::unique_ptr<teamwork::Mentions> mentions;
  std::unique_ptr<teamwork::Comments> comments;
  std::unique_ptr<teamwork::Tasks> tasks;
  std::unique_ptr<teamwork::Views> views;
  access::Actor anna = person("u1", "anna@example.com", {access::Permission::catalog_propose});
  access::Actor ben = person("u2", "ben@example.com", {access::Permission::catalog_propose});
  access::Actor rita = person("u9", "rita@example.com", {access::Permission::catalog_write});

  static access::Actor person(const char* id, const char* name, std::initializer_list<access::Permission> may) {
    access::Actor out{.kind = access::Actor::Kind::user, .id = id, .name = name};
    for (const auto one : may) out.may.set(static_cast<std::size_t>(one));
    return out;
  }
  TeamShop() { open(); }
  // Or opens it again, as a machine does that was switched off.
  void open() {
    views.reset();
    tasks.reset();
    comments.reset();
    mentions.reset();
    drafts.reset();
    offers.reset();
    products.reset();
    events.reset();
    audit.reset();
    store.reset();
    auto families = audit::Audit::families();
    for (const auto& more : {events::Events::families(), catalog::Products::families(), teamwork::Drafts::families()})
      families.insert(families.end(), more.begin(), more.end());
    store =
        std::move(*storage::Store::open(folder.path(), families, {.create_if_missing = true, .free_bytes_reserve = 0}));
    audit = std::make_unique<audit::Audit>(*store, clock);
    events = std::make_unique<events::Events>(*store, clock);
    products = std::make_unique<catalog::Products>(*store, *audit, clock, events.get());
    offers = std::make_unique<catalog::Offers>(*store, *products, *audit, clock, events.get());
    drafts = std::make_unique<teamwork::Drafts>(*store, *products, *offers, *audit, clock, events.get());
    mentions = std::make_unique<teamwork::Mentions>(*store);
    comments = std::make_unique<teamwork::Comments>(*store, *products, *mentions, *audit, clock, events.get());
    tasks = std::make_unique<teamwork::Tasks>(*store, *audit, clock, events.get());
    views = std::make_unique<teamwork::Views>(*store, *audit, clock);
  }

  static catalog::OfferChange prices(const std::string& eur) {
    auto read = catalog::offer_change_of(*json::parse(R"({"prices":{"EUR":)" + eur + "}}"));
    REQUIRE_MESSAGE(read.ok(), eur);
    return *read;
  }
  void price(const std::string& eur) {
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_TRY(offers->upsert(work, rita, catalog::Sku("A"), prices(eur)));
                  return {};
                })
                .ok());
  }
  static catalog::ProductChange change_of(std::string_view body) {
    const auto value = json::parse(body);
    REQUIRE_MESSAGE(value.ok(), std::string(body));
    auto read = catalog::product_body_of(*value, catalog::BodyStyle::merge_patch);
    REQUIRE_MESSAGE(read.ok(), std::string(body));
    return read->change;
  }
  void write(const char* sku, std::string_view body, catalog::WriteMode mode = catalog::WriteMode::upsert) {
    const auto change = change_of(body);
    const auto kept = store->write([&](storage::Write& work) -> Result<> {
      PF_TRY(products->change(work, rita, catalog::Sku(sku), change, mode, "en"));
      return {};
    });
    REQUIRE_MESSAGE(kept.ok(), (kept.ok() ? "" : kept.error().message));
  }
  void remove(const char* sku) {
    REQUIRE(store->write([&](storage::Write& work) { return products->remove(work, rita, catalog::Sku(sku)); }).ok());
  }
  Result<teamwork::Drafts::Proposed> try_propose(const access::Actor& by, const char* sku, std::string_view body,
                                                 std::optional<std::uint64_t> read_version = {}) {
    return drafts->propose(by, catalog::Sku(sku),
                           {.change = change_of(body), .locale = "en", .read_version = read_version});
  }
  teamwork::Draft propose(const access::Actor& by, const char* sku, std::string_view body,
                          std::optional<std::uint64_t> read_version = {}) {
    auto done = try_propose(by, sku, body, read_version);
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    return done->draft;
  }
  catalog::Record record(const char* sku) {
    auto found = products->find(store->read(), sku);
    REQUIRE((found.ok() && found->has_value()));
    return **std::move(found);
  }
  std::string value(const char* sku, const char* field, const char* locale = "") {
    return catalog::value_of(record(sku), *catalog::field_named(field, locale));
  }
  static catalog::FieldName at(const char* field, const char* locale = "") {
    return *catalog::field_named(field, locale);
  }
  // "brand: "A" -> "B" approved, ..." in the draft's order
  static std::string told(const teamwork::Draft& draft) {
    std::string out;
    for (const auto& field : draft.fields)
      out += (out.empty() ? "" : ", ") + catalog::field_words(field.at) + ": " + field.seen + " -> " + field.wanted +
             (field.state == teamwork::FieldState::open
                  ? std::string()
                  : " " + std::string(name_of(teamwork::kFieldStateNames, field.state)));
    return out;
  }
  std::size_t found(std::vector<catalog::Condition> where, std::string text = {}) {
    const auto page = drafts->list(store->read(), {.text = std::move(text), .where = std::move(where)});
    REQUIRE_MESSAGE(page.ok(), (page.ok() ? "" : page.error().message));
    return page->total;
  }
  std::vector<std::string> told_events() {
    std::vector<std::string> out;
    const auto all = events->after(store->read(), 0, 1'000);
    for (const auto& event : *all) out.push_back(event.type);
    return out;
  }
};

}  // namespace pf::test
