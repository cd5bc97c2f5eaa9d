// Many products in one unit of work: reads are gathered, parents may come later.
#include <algorithm>
#include <unordered_set>

#include "catalog/catalog_keys.h"
#include "catalog/changes.h"
#include "catalog/products.h"

namespace pf::catalog {

class Batch {
 public:
  Batch(Products& products, storage::Write& work, std::span<const ProductRow> rows, const BatchOptions& options,
        Languages langs)
      : p_(products), work_(work), rows_(rows), options_(options), langs_(std::move(langs)), out_(rows.size()) {}

  Result<std::vector<RowOutcome>> run() {
    PF_TRY(fetch());
    for (const auto& row : rows_) coming_.insert(row.sku.raw());
    std::vector<std::size_t> order(rows_.size()), later;
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    // A row waits while its parent, or an earlier row of the same SKU, still has to come; as deep as variants may go.
    for (std::size_t round = 0; round <= kLevelsMax && !order.empty(); ++round, order.swap(later)) {
      later.clear();
      waiting_.clear();
      for (const std::size_t i : order) {
        PF_LET(const bool wait, must_wait(rows_[i], round == kLevelsMax));
        if (wait) {
          waiting_.insert(rows_[i].sku.raw());
          later.push_back(i);
        } else {
          PF_TRY(one(i));
        }
      }
    }
    if (learned_) PF_TRY(write_languages(work_, p_.products_, langs_));
    return std::move(out_);
  }

 private:
  // The old records of all rows by two reads.
  Result<> fetch() {
    std::vector<std::string> wanted;
    wanted.reserve(rows_.size());
    for (const auto& row : rows_) wanted.push_back(keys::common(row.sku.raw()));
    PF_LET(const auto commons, work_.get_many(p_.products_, wanted));
    old_.resize(rows_.size());
    wanted.clear();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!commons[i]) continue;
      std::vector<std::string> locales;
      PF_LET(old_[i].emplace(), decode_common(*commons[i], locales));
      for (auto& locale : locales) {
        wanted.push_back(keys::texts(rows_[i].sku.raw(), locale));
        old_[i]->texts.emplace_back(std::move(locale), Texts{});
      }
    }
    if (wanted.empty()) return {};
    PF_LET(const auto segments, work_.get_many(p_.products_, wanted));
    std::size_t next = 0;
    for (auto& record : old_) {
      if (!record) continue;
      for (auto& [ignored, texts] : record->texts) {
        const auto& bytes = segments[next++];
        if (!bytes) continue;
        PF_LET(texts, decode_texts(*bytes));
      }
    }
    return {};
  }

  Result<bool> must_wait(const ProductRow& row, bool last_round) {
    if (last_round) return false;
    if (waiting_.contains(row.sku.raw())) return true;
    const auto& parent = row.change.parent;
    if (!parent || !*parent || (*parent)->empty() || !coming_.contains(**parent) || written_.contains(**parent))
      return false;
    if (**parent == row.sku.raw()) return false;
    PF_LET(const bool there, p_.exists(work_, **parent));
    return !there && !refused_.contains(**parent);
  }

  Result<> one(std::size_t i) {
    const auto& row = rows_[i];
    auto& out = out_[i];
    const std::string& sku = row.sku.raw();
    if (written_.contains(sku)) {  // the same SKU twice in a file: the second row meets what the first made
      PF_LET(old_[i], p_.find(work_, sku));
    }
    const Record* old = old_[i] ? &*old_[i] : nullptr;
    const auto refuse = [&](Error why) {
      out.error = std::move(why);
      if (old == nullptr) refused_.insert(sku);
      old_[i].reset();
      return Result<>();
    };
    if (options_.mode == WriteMode::create && old != nullptr) {
      Error clash = error(ErrorCode::conflict, "A product with the SKU \"" + sku + "\" exists already.");
      clash.faults.push_back({"sku", "exists", clash.message});
      return refuse(std::move(clash));
    }
    if (options_.mode == WriteMode::update && old == nullptr)
      return refuse(error(ErrorCode::not_found, "There is no product with the SKU \"" + sku + "\"."));
    const std::string& wanted = row.locale.empty() ? options_.locale : row.locale;
    if (wanted != wanted_locale_ || locale_.empty()) {
      if (auto good = check_locale(wanted); !wanted.empty() && !good.ok()) return refuse(good.error());
      wanted_locale_ = wanted;
      locale_ = langs_.for_writing(wanted);
    }
    auto applied = apply(old, row.sku, row.change, options_.mode, locale_, langs_.standard());
    std::vector<FieldFault> faults;
    if (!applied.ok()) {
      PF_LET(faults, p_.reference_faults(work_, old, row.sku, row.change));
    } else if (!applied->parent.empty() || !applied->images.empty()) {
      PF_LET(faults, p_.reference_faults(work_, old, row.sku, applied->parent, applied->images));
    }
    if (options_.forward_parents) {
      const auto is_missing_parent = [](const FieldFault& f) { return f.field == "parent" && f.code == "unknown"; };
      if (std::erase_if(faults, is_missing_parent) > 0 && applied.ok()) out.missing_parent = applied->parent;
    }
    if (!applied.ok()) return refuse(with_faults(std::move(applied).error(), std::move(faults)));
    if (!faults.empty()) return refuse(with_faults(Error{ErrorCode::invalid, {}, {}}, std::move(faults)));
    if (old != nullptr && same_content(*old, *applied)) {
      out.outcome = Outcome::unchanged;
    } else {
      auto learned = langs_.learn(locale_, applied->locales());
      if (!learned.ok()) return refuse(std::move(learned).error());
      learned_ = *learned || learned_;
      PF_TRY(p_.save(work_, old, *applied));
      out.outcome = old != nullptr ? Outcome::changed : Outcome::created;
      written_.insert(sku);
    }
    old_[i].reset();  // a batch of large products would otherwise hold each of them twice
    return {};
  }

  Products& p_;
  storage::Write& work_;
  std::span<const ProductRow> rows_;
  const BatchOptions& options_;
  Languages langs_;
  std::vector<RowOutcome> out_;
  std::vector<std::optional<Record>> old_;
  std::unordered_set<std::string_view> coming_, waiting_, written_, refused_;
  std::string wanted_locale_, locale_;
  bool learned_ = false;
};

Result<std::vector<RowOutcome>> Products::upsert_many(storage::Write& work, std::span<const ProductRow> rows,
                                                      const BatchOptions& options) {
  PF_LET(auto langs, languages(work));
  return Batch(*this, work, rows, options, std::move(langs)).run();
}

Result<> Products::note_batch(storage::Write& work, const access::Actor& by, std::span<const RowOutcome> outcomes) {
  std::uint64_t created = 0, changed = 0;
  for (const auto& row : outcomes) {
    created += row.outcome == Outcome::created;
    changed += row.outcome == Outcome::changed;
  }
  if (created + changed == 0) return {};
  return audit_.append(work, by, "product.batch", "",
                       json::Value::object({{"created", created}, {"changed", changed}}));
}

Result<std::vector<RowOutcome>> Products::settle_parents(storage::Write& work, std::span<const ParentLink> links) {
  std::vector<ProductRow> rows;
  rows.reserve(links.size());
  for (const auto& link : links) {
    rows.emplace_back();
    rows.back().sku = link.sku;
    rows.back().change.parent = std::optional<std::string>(link.parent.raw());
  }
  return upsert_many(work, rows, BatchOptions{.mode = WriteMode::update});
}

}  // namespace pf::catalog
