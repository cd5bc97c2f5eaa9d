// What questions to the product list ask again and again, held in memory until a product changes: the names of
// categories in their order, and whom a part of a word finds. Both are otherwise a walk through all names there are,
// for each page anew. Any thread. Only for this room.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "events/following.h"
#include "search/index.h"

namespace pf::catalog {

class Products;

class CategoryRanks {
 public:
  CategoryRanks(const Products& products, const events::Events* events);
  // All categories that products are in, and those above, by category_key().
  Result<std::shared_ptr<const search::Terms::Ranked>> of(const storage::Reader& read, bool descending);

 private:
  Result<> follow(const storage::Reader& read, const events::News& news);
  void rank(std::vector<std::string> paths);

  const Products& products_;
  std::mutex mutex_;
  // Guarded by mutex_.
  events::Following following_;
  std::shared_ptr<const search::Terms::Ranked> ascending_{}, descending_{};
};

// A category stands behind those below it, both ways: the index has a product under each category above its own too,
// and it stands by the one that is met first.
std::string category_key(std::string_view path, bool descending);

class KnownParts {
 public:
  explicit KnownParts(const events::Events* events);
  // What the filter finds, kept under `name` while no product changes, and nothing `beside` that no event tells of; so
  // is its refusal.
  Result<search::Filter> of(const storage::Reader& read, const search::Index& index, const std::string& beside,
                            const std::string& name, const search::Filter& filter);

 private:
  using Found = Result<std::shared_ptr<const search::Documents>>;
  std::mutex mutex_;
  // Guarded by mutex_.
  events::Following following_;
  std::map<std::string, Found> known_{};
};

}  // namespace pf::catalog
