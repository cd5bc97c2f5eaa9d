// Which document stands directly above which, for questions about whole trees of variants: the index knows parents by
// their SKU alone, and a million of them are not looked up while somebody waits. In memory, 4 bytes a product, brought
// up to date by the events of products. Any thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "catalog/product.h"
#include "events/following.h"
#include "search/index.h"

namespace pf::catalog {

class Products;

inline constexpr search::Document kNoneAbove = UINT32_MAX;
// Events behind which everything is read anew instead: of some 10,000 products, half a second's work.
inline constexpr std::uint64_t kProductEventsFollowedMax = 100;

class AboveDocuments {
 public:
  // `events` null: all is read anew each time.
  AboveDocuments(const Products& products, const events::Events* events);
  // By document; those behind the last have none above.
  Result<std::shared_ptr<const std::vector<search::Document>>> of(const storage::Reader& read);

 private:
  Result<> read_all(const storage::Reader& read);
  Result<> follow(const storage::Reader& read, const events::News& news);

  const Products& products_;
  std::mutex mutex_;
  // Guarded by mutex_.
  events::Following following_;
  std::shared_ptr<const std::vector<search::Document>> above_{};
};

// Those with variants of which all, or at least one, are complete, or are not. Of a tree those count that have no
// variants themselves, and of those the ones that have a completeness.
enum class VariantsDone { all_complete, all_incomplete, some_complete, some_incomplete };
// REQUIRES: both ascending
std::vector<search::Document> with_variants(VariantsDone asked, const std::vector<search::Document>& above,
                                            const std::vector<search::Document>& complete,
                                            const std::vector<search::Document>& incomplete);

}  // namespace pf::catalog
