#include "exchange/trial.h"

#include "exchange/archive_pictures.h"
#include "exchange/keeper.h"

namespace pf::exchange {
namespace {

// Of what it would write, which is held in memory. What is unchanged needs nothing, and an import that keeps what it
// reads has no such bound.
constexpr std::size_t kTriedBytesMax = 128u << 20;

}  // namespace

Result<> Trial::write(const std::function<Result<>(storage::Write&)>& decide) {
  std::shared_ptr<const catalog::Model> left;
  PF_TRY(tried_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto before, model_ ? Result(model_) : models_.known(work));
    // What is described here and not kept has a version that somebody else's may have too.
    const catalog::Models::Assumed assumed(models_, work, before);
    PF_TRY(decide(work));
    PF_LET(left, models_.known(work));
    if (left == before) left = model_;
    return {};
  }));
  model_ = std::move(left);
  if (tried_.bytes() <= kTriedBytesMax) return {};
  tried_.forget();
  model_ = nullptr;
  forgot_ = true;
  return {};
}

Result<> Trial::look(const std::function<Result<>(const storage::Reader&)>& at) const {
  return tried_.look([&](storage::Write& work) -> Result<> {
    std::optional<catalog::Models::Assumed> assumed;
    if (model_) assumed.emplace(models_, work, model_);
    return at(work);
  });
}

Result<> Keeper::show_changes(const storage::Write& work, std::span<const ProductItem> items,
                              std::span<const Written> written, std::vector<RowReport>& reports) {
  constexpr std::size_t kChangesShownMax = 1'000;  // products; nobody reads more, and each is a record
  for (const Written& one : written) {
    RowReport& row = reports[one.item];
    if (row.outcome != catalog::outcome_name(catalog::Outcome::changed)) continue;
    if (changes_shown_ == kChangesShownMax) return {};
    ++changes_shown_;
    const std::string& sku = items[one.item].sku;
    PF_LET(auto of_offer, rooms_.products.offer_changes(rooms_.store.read(), work, sku));
    PF_LET(auto entry, rooms_.products.history().find(work, sku, one.document, one.version));
    if (entry && entry->origin.kind == options_.origin.kind && entry->origin.id == options_.origin.id)
      row.changes = std::move(entry->changes);
    if (pictures != nullptr) pictures->show(row.changes);
    for (auto& change : of_offer) row.changes.push_back(std::move(change));
  }
  return {};
}

}  // namespace pf::exchange
