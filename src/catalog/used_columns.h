// What products hold, as columns of a table: attributes by language, texts, prices, links. Written when the first
// product holds one, so that an export names its columns without a walk through all products. Nothing is taken back
// when the last one goes: whoever asks makes sure of each by the product that is named with it, by the index, or by a
// walk.
//
// On disk: family "products", mark 0x08 (catalog_keys.h). Any thread; those with a Write inside a unit of work only.
#pragma once

#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "catalog/record.h"
#include "storage/store.h"

namespace pf::catalog {

struct Offer;

// The text of a value that can stand in a cell as it is: not empty, no control characters but tabs and line ends.
// Nothing for every other value, which stands there as JSON.
std::optional<std::string> plain_text_of(std::string_view bytes);

struct UsedColumn {
  // Stored on disk: do not renumber.
  enum class Kind : char {
    attribute = 1,       // of whatever kind
    json_attribute = 2,  // one with a value that is no plain text; `attribute` is there besides
    title = 3,
    description = 4,
    price = 5,  // name: the currency and the kind's number, "EUR0"
    offer_title = 6,
    proposition = 7,
    links = 8,             // name: their kind
    quantified_links = 9,  // with a quantity; `links` is there besides
  } kind = Kind::attribute;
  std::string name{}, locale{};
  std::string sku{};  // of a product that had it
};

class UsedColumns {
 public:
  UsedColumns(storage::Store& store, storage::FamilyRef products) : store_(store), family_(products) {}

  // Adds what is new, in the unit of work that keeps the product or its offer.
  Result<> note(storage::Write& work, const Record& record);
  Result<> note(storage::Write& work, std::string_view sku, const Offer& offer);

  // At least those that products have. Nothing in a shop from before they were kept, until keep().
  Result<std::optional<std::vector<UsedColumn>>> all(const storage::Reader& read) const;
  // Whether products have, or had, the attribute by language; in doubt they have.
  Result<bool> by_language(const storage::Reader& read, std::string_view attribute) const;
  // What a walk through all products has found: from now on they are known, each by the product that is named here.
  Result<> keep(const std::vector<UsedColumn>& found) const;

 private:
  Result<> note(storage::Write& work, std::string_view sku, std::uint64_t shape, std::vector<std::string> keys);
  bool knows(std::uint64_t shape) const;

  storage::Store& store_;
  const storage::FamilyRef family_;
  mutable std::shared_mutex mutex_;
  // Guarded by mutex_; of what is on disk only, so that a unit of work which is given up is forgotten.
  std::unordered_set<std::uint64_t> shapes_;  // hashes of the columns of whole products, most of which are alike
  std::unordered_set<std::string> keys_;
};

}  // namespace pf::catalog
