// A shop with products, offers, orders and rules, on a real store in a throw-away folder.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "catalog/offers.h"
#include "catalog/product_body.h"
#include "rules/rules.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"

namespace pf::test {

inline json::Value parsed(std::string_view text) {
  auto value = json::parse(text);
  REQUIRE_MESSAGE(value.ok(), std::string(text));
  return *std::move(value);
}

struct RuleShop {
  TempFolder folder;
  HandClock clock;
  vault::Vault::LiveMin live_min = std::make_shared<std::atomic<std::uint32_t>>(0);
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<audit::Audit> audit;
  std::unique_ptr<vault::Vault> vault;
  std::unique_ptr<catalog::Products> products;
  std::unique_ptr<catalog::Offers> offers;
  std::unique_ptr<stock::Stock> stock;
  std::unique_ptr<orders::Orders> orders;
  std::unique_ptr<rules::Rules> rules;
  access::Actor anna{access::Actor::Kind::user, "u1", "anna@example.com", access::all_permissions(), "", true};

  RuleShop() {
    std::vector<storage::Family> families = audit::Audit::families();
    for (const auto& more : {vault::Vault::families(live_min), catalog::Products::families(), stock::Stock::families(),
                             orders::Orders::families(), rules::Rules::families()})
      families.insert(families.end(), more.begin(), more.end());
    store =
        std::move(*storage::Store::open(folder.path(), families, {.create_if_missing = true, .free_bytes_reserve = 0}));
    audit = std::make_unique<audit::Audit>(*store, clock);
    vault = std::move(*vault::Vault::open(*store, *audit, clock, folder.path(), live_min));
    products = std::make_unique<catalog::Products>(*store, *audit, clock);
    offers = std::make_unique<catalog::Offers>(*store, *products, *audit, clock);
    stock = std::make_unique<stock::Stock>(*store, clock);
    orders = std::make_unique<orders::Orders>(*store, *stock, *vault, *audit, clock);
    rules = std::make_unique<rules::Rules>(*store, *products, *orders, *audit, clock);
  }

  Result<rules::Rule> try_rule(std::string_view body) {
    PF_LET(const auto read, json::read_fields<rules::RuleBody>(parsed(body)));
    return rules->create(anna, read);
  }
  rules::Rule rule(std::string_view body) {
    auto made = try_rule(body);
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
    return *made;
  }
  // The fields at fault, divided by blanks.
  std::string refused(std::string_view body) {
    const auto made = try_rule(body);
    if (made.ok()) return "none";
    std::string out;
    for (const auto& fault : made.error().faults) out += (out.empty() ? "" : " ") + fault.field;
    return out;
  }
  void change(std::uint64_t id, std::string_view body) {
    const auto read = json::read_fields<rules::RuleBody>(parsed(body));
    REQUIRE(read.ok());
    const auto changed = rules->change(anna, id, *read, {});
    REQUIRE_MESSAGE(changed.ok(), (changed.ok() ? "" : changed.error().message));
  }

  catalog::Written post(std::string_view sku, std::string_view body, std::string_view locale = {}) {
    auto read = catalog::product_body_of(parsed(body), catalog::BodyStyle::json);
    REQUIRE(read.ok());
    Result<catalog::Written> out = error(ErrorCode::internal, "not run");
    const auto kept = store->write([&](storage::Write& work) -> Result<> {
      out = products->change(work, anna, catalog::Sku(std::string(sku)), read->change, catalog::WriteMode::upsert,
                             locale);
      return out.ok() ? Result<>() : Result<>(out.error());
    });
    REQUIRE_MESSAGE(kept.ok(), (kept.ok() ? "" : kept.error().message));
    return *out;
  }
  void price(std::string_view sku, std::string_view body) {
    const auto change = catalog::offer_change_of(parsed(body));
    REQUIRE(change.ok());
    const auto kept = store->write([&](storage::Write& work) -> Result<> {
      PF_TRY(offers->upsert(work, anna, catalog::Sku(std::string(sku)), *change));
      return {};
    });
    REQUIRE_MESSAGE(kept.ok(), (kept.ok() ? "" : kept.error().message));
  }
  std::vector<catalog::RowOutcome> batch(const std::vector<std::pair<std::string, std::string>>& rows,
                                         std::uint64_t import = 1) {
    std::vector<catalog::ProductRow> all;
    for (const auto& [sku, body] : rows) {
      auto read = catalog::product_body_of(parsed(body), catalog::BodyStyle::json);
      REQUIRE(read.ok());
      all.emplace_back();
      all.back().sku = catalog::Sku(sku);
      all.back().change = read->change;
      all.back().line = all.size() + 1;
    }
    std::vector<catalog::RowOutcome> out;
    const auto kept = store->write([&](storage::Write& work) -> Result<> {
      PF_LET(out, products->upsert_many(work, all, {.by = anna, .origin = {catalog::Origin::Kind::import, import, 0}}));
      return {};
    });
    REQUIRE_MESSAGE(kept.ok(), (kept.ok() ? "" : kept.error().message));
    return out;
  }
  catalog::Record record(std::string_view sku) {
    auto found = products->find(store->read(), sku);
    REQUIRE(found.ok());
    REQUIRE(found->has_value());
    return **std::move(found);
  }
  // JSON of one value: "brand", "attributes.color", "title (nl-NL)"; empty: none.
  std::string value(std::string_view sku, std::string_view field, std::string_view locale = {}) {
    const auto at = catalog::field_named(field, locale);
    REQUIRE_MESSAGE(at, std::string(field));
    if (!catalog::is_of_offer(at->field)) return catalog::value_of(record(sku), *at);
    const auto offer = products->offer_of(store->read(), sku);
    REQUIRE(offer.ok());
    return *offer ? catalog::offer_field(**offer, *at) : std::string();
  }
  // Of the newest entry, or the one so far back: "field=rule" for what rules made, else "field", in its order.
  std::string history(std::string_view sku, std::size_t back = 0) {
    const auto page = products->history().page(store->read(), sku, {}, 10);
    REQUIRE(page.ok());
    REQUIRE(page->entries.size() > back);
    std::string out;
    for (const auto& change : page->entries[back].changes)
      out += (out.empty() ? "" : " ") + catalog::field_words(change.at) +
             (change.rule.id != 0 ? "=" + change.rule.name : "");
    return out;
  }
  rules::RuleCounts counts(const rules::Rule& rule) { return *rules->counts(store->read(), rule.id); }
};

}  // namespace pf::test
