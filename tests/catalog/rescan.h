// The index of a shop compared with a full rescan: every product's entry, with what it has from above, asked without
// the index.
#pragma once

#include <algorithm>
#include <set>

#include "catalog/search_entry.h"
#include "shop.h"

namespace pf::test {

inline void index_is_a_rescan(Shop& shop) {
  const auto read = shop.store->read();
  const auto skus = shop.products.skus_after(read, "", 10'000);
  REQUIRE(skus.ok());
  std::vector<std::pair<std::uint32_t, search::Entry>> all;
  std::set<std::pair<std::string, std::string>> terms;
  std::set<std::string> fields, columns{"sku", "ean", "brand", "title@en", "updated_at", "a.weight"};
  for (const auto& sku : *skus) {
    const auto record = shop.products.find(read, sku);
    REQUIRE(record.ok());
    const auto whole = shop.products.with_inherited(read, **record);
    REQUIRE(whole.ok());
    all.emplace_back((*record)->document, catalog::search_entry(*whole));
    for (const auto& [field, term] : all.back().second.terms) terms.emplace(field, term);
    for (const auto& [column, ignored] : all.back().second.columns) columns.emplace(column);
  }
  const auto& index = shop.products.index();
  for (const auto& term : terms) {
    std::uint64_t expected = 0;
    for (const auto& [ignored, entry] : all)
      expected += std::count(entry.terms.begin(), entry.terms.end(), search::Pairs::Pair(term)) > 0;
    CAPTURE(term.first);
    CAPTURE(term.second);
    CHECK(*index.count(read, search::any_of(term.first, {term.second})) == expected);
    fields.insert(term.first);
  }
  CHECK(*index.count(read, search::everything()) == skus->size());
  // No field holds a term that no record has.
  fields.insert({"w.title", "d", "brand", "family", "parent", "category", "has"});
  for (const auto& field : fields) {
    CAPTURE(field);
    const auto counts = index.facet(read, search::everything(), field, 10'000);
    REQUIRE(counts.ok());
    for (const auto& [term, count] : *counts) CHECK((count == 0 || terms.contains({field, term})));
  }
  // Columns: each product stands where its value says.
  for (const auto& column : columns) {
    CAPTURE(column);
    std::vector<std::pair<std::string, std::uint32_t>> expected;
    for (const auto& [document, entry] : all)
      for (const auto& [name, value] : entry.columns)
        if (name == column) expected.emplace_back(value, document);
    std::sort(expected.begin(), expected.end());
    const auto page = index.page(read, search::in_range(column, std::nullopt, std::nullopt), {column, false}, 10'000);
    REQUIRE(page.ok());
    CHECK(page->total == expected.size());
    REQUIRE(page->documents.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(page->documents[i] == expected[i].second);
  }
}

// The same by the shop's own means: made anew, the index has nothing to be mended, and what is spoilt is mended.
inline void index_is_mended(Shop& shop) {
  const auto rebuilt = [&] {
    const TempFolder beside;
    const auto done = shop.products.rebuild_index(*shop.store, beside.path() / "anew", {});
    REQUIRE(done.ok());
    CHECK(done->documents == shop.products.skus_after(shop.store->read(), "", 10'000)->size());
    return done->mended;
  };
  CHECK(rebuilt() == 0);
  const auto some = shop.products.skus_after(shop.store->read(), "", 1);
  const auto record = shop.products.find(shop.store->read(), some->front());
  REQUIRE(shop.store
              ->write([&](storage::Write& work) {
                return shop.products.index().update(work, (*record)->document, catalog::search_entry(**record),
                                                    {.terms = {{"brand", "nobody's"}}});
              })
              .ok());
  CHECK(rebuilt() > 1);
  index_is_a_rescan(shop);
}

}  // namespace pf::test
