#include "catalog/above_documents.h"

#include <algorithm>

#include "catalog/products.h"

namespace pf::catalog {
namespace {

constexpr std::size_t kLevelsAboveMax = 8;  // more than there ever are; a circle in damaged records ends here

void put_above(std::vector<search::Document>& above, search::Document document, search::Document parent) {
  if (above.size() <= document) {
    if (parent == kNoneAbove) return;
    above.resize(document + 1, kNoneAbove);
  }
  above[document] = parent;
}

}  // namespace

AboveDocuments::AboveDocuments(const Products& products, const events::Events* events)
    : products_(products), following_(events, kProductEventsFollowedMax, [](std::string_view type) {
        return type.starts_with("product.");
      }) {}

Result<std::shared_ptr<const std::vector<search::Document>>> AboveDocuments::of(const storage::Reader& read) {
  const std::lock_guard lock(mutex_);
  PF_LET(const auto news, following_.news(read));
  if (news.anew)
    PF_TRY(read_all(read));
  else if (news.any())
    PF_TRY(follow(read, news));
  following_.seen(news);
  return above_;
}

// Parents by SKU and products by SKU stand in one order, so that each finds its document in one walk.
Result<> AboveDocuments::read_all(const storage::Reader& read) {
  std::vector<std::pair<std::string, std::vector<search::Document>>> parents;
  PF_TRY(products_.index().each_term(read, "parent", [&](std::string_view sku, search::Document variant) -> Result<> {
    if (parents.empty() || parents.back().first != sku)
      parents.emplace_back(std::string(sku), std::vector<search::Document>());
    parents.back().second.push_back(variant);
    return {};
  }));
  auto above = std::make_shared<std::vector<search::Document>>();
  if (!parents.empty())
    PF_TRY(products_.each_document(read, [&](std::string_view sku, search::Document document) -> Result<> {
      const auto parent =
          std::ranges::lower_bound(parents, sku, {}, [](const auto& one) -> std::string_view { return one.first; });
      if (parent != parents.end() && parent->first == sku)
        for (const search::Document variant : parent->second) put_above(*above, variant, document);
      return {};
    }));
  above_ = std::move(above);
  return {};
}

Result<> AboveDocuments::follow(const storage::Reader& read, const events::News& news) {
  auto above = std::make_shared<std::vector<search::Document>>(*above_);
  for (const std::string& sku : news.skus) {
    PF_LET(const auto record, products_.find(read, sku));
    if (!record) continue;
    PF_LET(const auto parent, products_.document(read, record->parent));
    put_above(*above, record->document, parent.value_or(kNoneAbove));
    PF_LET(const auto variants, products_.index().documents(read, search::any_of("parent", {sku})));
    for (const search::Document variant : variants) put_above(*above, variant, record->document);
  }
  if (news.some_gone) {  // their events name no documents
    PF_LET(const auto all, products_.index().documents(read, search::everything()));
    std::vector<search::Document> left(above->size(), kNoneAbove);
    for (const search::Document one : all)
      if (one < left.size()) left[one] = (*above)[one];
    *above = std::move(left);
  }
  above_ = std::move(above);
  return {};
}

std::vector<search::Document> with_variants(VariantsDone asked, const std::vector<search::Document>& above,
                                            const std::vector<search::Document>& complete,
                                            const std::vector<search::Document>& incomplete) {
  enum : unsigned char { kComplete = 1, kIncomplete = 2, kHasVariants = 4 };
  std::size_t size = above.size();
  for (const search::Document parent : above)
    if (parent != kNoneAbove) size = std::max<std::size_t>(size, parent + std::size_t{1});
  std::vector<unsigned char> said(size);
  for (const search::Document parent : above)
    if (parent != kNoneAbove) said[parent] |= kHasVariants;
  const auto tell_those_above = [&](const std::vector<search::Document>& variants, unsigned char what) {
    for (const search::Document variant : variants) {
      if (variant >= above.size() || (said[variant] & kHasVariants) != 0) continue;
      search::Document at = above[variant];
      for (std::size_t level = 0; at != kNoneAbove && level < kLevelsAboveMax; ++level) {
        said[at] |= what;
        at = at < above.size() ? above[at] : kNoneAbove;
      }
    }
  };
  tell_those_above(complete, kComplete);
  tell_those_above(incomplete, kIncomplete);
  std::vector<search::Document> out;
  for (search::Document one = 0; one < said.size(); ++one) {
    const bool any_complete = (said[one] & kComplete) != 0, any_incomplete = (said[one] & kIncomplete) != 0;
    const bool fits = asked == VariantsDone::all_complete     ? any_complete && !any_incomplete
                      : asked == VariantsDone::all_incomplete ? any_incomplete && !any_complete
                      : asked == VariantsDone::some_complete  ? any_complete
                                                              : any_incomplete;
    if (fits) out.push_back(one);
  }
  return out;
}

}  // namespace pf::catalog
