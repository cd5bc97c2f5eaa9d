// A shop in a throw-away folder with the real store, for the catalogue's tests.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "../support/hand_clock.h"
#include "../support/temp_folder.h"
#include "audit/audit.h"
#include "catalog/offers.h"
#include "catalog/product_body.h"
#include "catalog/products.h"

namespace pf::test {

inline std::unique_ptr<storage::Store> open_store(const std::filesystem::path& folder) {
  auto families = catalog::Products::families();
  for (auto& family : audit::Audit::families()) families.push_back(family);
  auto store = storage::Store::open(folder, std::move(families),
                                    storage::OpenOptions{.create_if_missing = true, .free_bytes_reserve = 1 << 20});
  REQUIRE_MESSAGE(store.ok(), store.error().message);
  return *std::move(store);
}

inline json::Value parsed(std::string_view text) {
  auto value = json::parse(text);
  REQUIRE_MESSAGE(value.ok(), std::string(text));
  return *std::move(value);
}

struct Shop {
  TempFolder folder;
  HandClock clock;
  std::unique_ptr<storage::Store> store = open_store(folder.path());
  audit::Audit audit{*store, clock};
  catalog::Products products{*store, audit, clock};
  catalog::Offers offers{*store, products, audit, clock};

  static catalog::Sku sku(std::string_view text) {
    auto parsed_sku = catalog::parse_sku(text);
    REQUIRE_MESSAGE(parsed_sku.ok(), std::string(text));
    return *parsed_sku;
  }

  Result<catalog::Written> write(std::string_view name, std::string_view body,
                                 catalog::WriteMode mode = catalog::WriteMode::upsert, std::string_view locale = {},
                                 std::string_view if_match = {}, catalog::BodyStyle style = catalog::BodyStyle::json) {
    PF_LET(auto read_body, catalog::product_body_of(parsed(body), style));
    Result<catalog::Written> out = error(ErrorCode::internal, "not run");
    const auto kept = store->write([&](storage::Write& work) -> Result<> {
      out = products.change(work, access::system_actor(), sku(name), read_body.change, mode, locale, if_match);
      if (!out.ok()) return out.error();
      return {};
    });
    if (!kept.ok()) return kept.error();
    return out;
  }
  catalog::Written post(std::string_view name, std::string_view body, std::string_view locale = {}) {
    auto done = write(name, body, catalog::WriteMode::upsert, locale);
    REQUIRE_MESSAGE(done.ok(), done.error().message);
    return *done;
  }
  catalog::Written patch(std::string_view name, std::string_view body, std::string_view locale = {}) {
    auto done = write(name, body, catalog::WriteMode::update, locale, {}, catalog::BodyStyle::merge_patch);
    REQUIRE_MESSAGE(done.ok(), done.error().message);
    return *done;
  }
  Error refused(std::string_view name, std::string_view body, catalog::WriteMode mode = catalog::WriteMode::upsert) {
    auto done = write(name, body, mode);
    REQUIRE_FALSE(done.ok());
    return done.error();
  }
  Result<catalog::Described> describe(catalog::ModelKind kind, std::string_view code, std::string_view body,
                                      catalog::DescribeMode mode = catalog::DescribeMode::put,
                                      std::string_view if_match = {}) {
    Result<catalog::Described> out = error(ErrorCode::internal, "not run");
    const auto kept = store->write([&](storage::Write& work) -> Result<> {
      out = products.models().describe(work, access::system_actor(), kind, code, parsed(body), mode, if_match);
      if (!out.ok()) return out.error();
      return {};
    });
    if (!kept.ok()) return kept.error();
    return out;
  }
  catalog::Described attribute_is(std::string_view code, std::string_view body) {
    auto done = describe(catalog::ModelKind::attribute, code, body);
    REQUIRE_MESSAGE(done.ok(), done.error().message);
    return *done;
  }
  Result<> forget(catalog::ModelKind kind, std::string_view code) {
    return store->write(
        [&](storage::Write& work) { return products.models().forget(work, access::system_actor(), kind, code); });
  }
  std::shared_ptr<const catalog::Model> model() {
    auto known = products.models().known(store->read());
    REQUIRE(known.ok());
    return *known;
  }

  Result<> remove(std::string_view name, std::string_view if_match = {}) {
    return store->write(
        [&](storage::Write& work) { return products.remove(work, access::system_actor(), sku(name), if_match); });
  }

  std::string bytes(std::string_view name, std::string_view locale = {}) {
    const auto read = store->read();
    auto found = products.product_json(read, name, locale);
    REQUIRE_MESSAGE(found.ok(), found.error().message);
    REQUIRE_MESSAGE(found->has_value(), std::string(name));
    return **found;
  }
  json::Value get(std::string_view name, std::string_view locale = {}) { return parsed(bytes(name, locale)); }
  std::string text(std::string_view name, std::string_view field, std::string_view locale = {}) {
    const auto product = get(name, locale);
    const auto* value = product.find(field);
    REQUIRE(value != nullptr);
    return value->as_string() != nullptr ? *value->as_string() : json::write(*value);
  }
  std::string attribute(std::string_view name, std::string_view attribute_name, std::string_view locale = {}) {
    const auto product = get(name, locale);
    const auto* value = product.find("attributes")->find(attribute_name);
    return value == nullptr ? "absent" : json::write(*value);
  }
  bool there(std::string_view name) {
    const auto read = store->read();
    auto found = products.exists(read, name);
    REQUIRE(found.ok());
    return *found;
  }

  catalog::ProductPage page(const catalog::ProductQuery& query) {
    const auto read = store->read();
    auto found = products.list(read, query);
    REQUIRE_MESSAGE(found.ok(), found.error().message);
    return *std::move(found);
  }
  // SKUs in the list's order, divided by blanks.
  std::string listed(catalog::ProductQuery query) {
    if (query.count == 15) query.count = 1000;
    if (query.sort.empty()) query.sort = {{"sku", false}};
    std::string out;
    for (const auto& name : page(query).skus) out += (out.empty() ? "" : " ") + name;
    return out;
  }
  std::string where(std::string column, catalog::Operator op, std::vector<std::string> values,
                    std::string locale = {}) {
    catalog::ProductQuery query;
    query.where = {{std::move(column), op, std::move(values)}};
    query.locale = std::move(locale);
    return listed(std::move(query));
  }
  std::string search(std::string text_asked) {
    catalog::ProductQuery query;
    query.text = std::move(text_asked);
    return listed(std::move(query));
  }
};

}  // namespace pf::test
