#include "catalog/known_terms.h"

#include <algorithm>
#include <set>

#include "catalog/products.h"

namespace pf::catalog {
namespace {

// Products that are read to see which categories they brought; behind more events all names are read anew (3 ms).
constexpr std::uint64_t kRankEventsMax = 10;
constexpr std::uint64_t kPartEventsMax = 1;
constexpr std::size_t kPartsKnownMax = 64;  // each up to 128 KiB a million products

bool is_of_products(std::string_view type) {
  return type.starts_with("product.");
}

}  // namespace

std::string category_key(std::string_view path, bool descending) {
  return search::folded(path).append(descending ? "/\x01" : "/\xff").append(path);
}

CategoryRanks::CategoryRanks(const Products& products, const events::Events* events)
    : products_(products), following_(events, kRankEventsMax, is_of_products) {}

Result<std::shared_ptr<const search::Terms::Ranked>> CategoryRanks::of(const storage::Reader& read, bool descending) {
  const std::lock_guard lock(mutex_);
  PF_LET(const auto news, following_.news(read));
  if (news.anew)
    rank(products_.index().terms(read, "category", SIZE_MAX));
  else if (news.any())
    PF_TRY(follow(read, news));
  following_.seen(news);
  return descending ? descending_ : ascending_;
}

// Names that nobody has any more may stay: they cost a look each.
Result<> CategoryRanks::follow(const storage::Reader& read, const events::News& news) {
  std::set<std::string> paths;
  for (const auto& [key, path] : *ascending_) paths.insert(path);
  const std::size_t known = paths.size();
  for (const std::string& sku : news.skus) {
    PF_LET(const auto record, products_.find(read, sku));
    if (!record) continue;
    for (const std::string& path : record->categories) {
      paths.insert(path);
      for (std::size_t at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1))
        paths.insert(path.substr(0, at));
    }
  }
  if (paths.size() > known) rank({paths.begin(), paths.end()});
  return {};
}

void CategoryRanks::rank(std::vector<std::string> paths) {
  for (const bool descending : {false, true}) {
    auto ranked = std::make_shared<search::Terms::Ranked>();
    for (const std::string& path : paths) ranked->emplace_back(category_key(path, descending), path);
    std::ranges::sort(*ranked);
    (descending ? descending_ : ascending_) = std::move(ranked);
  }
}

KnownParts::KnownParts(const events::Events* events) : following_(events, kPartEventsMax, is_of_products) {}

Result<search::Filter> KnownParts::of(const storage::Reader& read, const search::Index& index,
                                      const std::string& beside, const std::string& name,
                                      const search::Filter& filter) {
  events::News news;
  {
    const std::lock_guard lock(mutex_);
    PF_LET(news, following_.news(read, beside));
    if (news.any()) known_.clear();
    following_.seen(news);
    if (const auto at = known_.find(name); at != known_.end()) {
      if (!at->second.ok()) return at->second.error();
      return search::found(*at->second);
    }
  }
  auto found = index.found(read, filter);
  const std::lock_guard lock(mutex_);
  const bool may_stay = found.ok() || found.error().code == ErrorCode::invalid;  // a refusal, and no fault of the disk
  if (may_stay && following_.is_as_of(news)) {  // else a question of a later moment came between
    if (known_.size() >= kPartsKnownMax) known_.clear();
    known_.insert_or_assign(name, found);
  }
  if (!found.ok()) return found.error();
  return search::found(*std::move(found));
}

}  // namespace pf::catalog
