// Many products in one unit of work: reads are gathered, parents may come later.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "catalog/above.h"
#include "catalog/association.h"
#include "catalog/catalog_keys.h"
#include "catalog/changes.h"
#include "catalog/limited.h"
#include "catalog/products.h"
#include "catalog/ruled_write.h"
#include "catalog/unchanged.h"
#include "catalog/value_rules.h"

namespace pf::catalog {

class Batch {
 public:
  Batch(Products& products, storage::Write& work, std::span<const ProductRow> rows, const BatchOptions& options,
        Languages langs, std::shared_ptr<const Model> model, Ruling* ruling)
      : p_(products),
        work_(work),
        rows_(rows),
        options_(options),
        langs_(std::move(langs)),
        model_(std::move(model)),
        ruling_(ruling),
        out_(rows.size()) {}

  Result<std::vector<RowOutcome>> run() {
    PF_TRY(fetch());
    for (const auto& row : rows_) coming_.insert(row.sku.raw());
    std::vector<std::size_t> order(rows_.size()), later;
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    // A row waits while its parent, or an earlier row of the same SKU, still has to come; as deep as variants may go.
    for (std::size_t round = 0; round <= kLevelsMax && !order.empty(); ++round, order.swap(later)) {
      later.clear();
      waiting_.clear();
      above_.crossings.still_to_come = [this, last = round == kLevelsMax](const std::string& sku) {
        return !last && is_still_to_come(sku);
      };
      for (const std::size_t i : order) {
        PF_LET(const bool wait, must_wait(rows_[i], round == kLevelsMax));
        if (wait) {
          waiting_.insert(rows_[i].sku.raw());
          later.push_back(i);
        } else {
          PF_TRY(one(i));
        }
      }
      PF_TRY(let_cross());
    }
    if (learned_) {
      PF_TRY(write_languages(work_, p_.products_, langs_));
      p_.unsettle_all(work_, *model_);
      p_.models_.tell_after(work_);
    }
    if (options_.origin.is_unit()) PF_TRY(p_.history_.note_touched(work_, options_.origin, touched_));
    if (ruling_ != nullptr) PF_TRY(ruling_->finish(work_));
    return std::move(out_);
  }

 private:
  // What is stored of all rows. Texts lie behind their product, so one walk takes both where most rows are known.
  Result<> fetch() {
    constexpr std::size_t kAsked = 32;    // rows that tell whether most are known
    constexpr std::size_t kExpected = 3;  // languages; for each a key of every row
    stored_.resize(rows_.size());
    const std::size_t asked = std::min(kAsked, rows_.size());
    PF_TRY(fetch(0, asked, {}));
    const auto known =
        static_cast<std::size_t>(std::count_if(stored_.begin(), stored_.begin() + static_cast<std::ptrdiff_t>(asked),
                                               [](const auto& product) { return product.has_value(); }));
    std::span<const std::string> expected;
    if (known * 2 > asked) expected = std::span(langs_.locales).first(std::min(kExpected, langs_.locales.size()));
    return fetch(asked, rows_.size(), expected);
  }
  // Of the rows from `from` to `to`, whose texts are likely to be in the languages `expected`.
  Result<> fetch(std::size_t from, std::size_t to, std::span<const std::string> expected) {
    std::vector<std::string> wanted;
    wanted.reserve((to - from) * (1 + expected.size()));
    for (std::size_t i = from; i < to; ++i) {
      wanted.push_back(keys::common(rows_[i].sku.raw()));
      for (const std::string& locale : expected) wanted.push_back(keys::texts(rows_[i].sku.raw(), locale));
    }
    PF_LET(auto read, work_.get_many(p_.products_, wanted));
    std::vector<std::pair<std::size_t, std::size_t>> unexpected;  // a product's row, and which of its texts
    wanted.clear();
    for (std::size_t i = from; i < to; ++i) {
      const auto of_row = std::span(read).subspan((i - from) * (1 + expected.size()), 1 + expected.size());
      if (!of_row[0]) continue;
      auto& product = stored_[i].emplace();
      product.common = *std::move(of_row[0]);
      PF_LET(auto locales, locales_of(product.common));
      for (auto& locale : locales) {
        const auto at = static_cast<std::size_t>(std::ranges::find(expected, locale) - expected.begin());
        std::string texts;
        if (at < expected.size()) {
          texts = std::move(of_row[1 + at]).value_or(std::string());
        } else {
          unexpected.emplace_back(i, product.texts.size());
          wanted.push_back(keys::texts(rows_[i].sku.raw(), locale));
        }
        product.texts.emplace_back(std::move(locale), std::move(texts));
      }
    }
    if (wanted.empty()) return {};
    PF_LET(auto texts, work_.get_many(p_.products_, wanted));
    for (std::size_t k = 0; k < unexpected.size(); ++k) {
      const auto [i, which] = unexpected[k];
      stored_[i]->texts[which].second = std::move(texts[k]).value_or(std::string());
    }
    return {};
  }

  Result<std::optional<Record>> old_record(std::size_t i) {
    // The same SKU twice in a file: the second row meets what the first made; so does a variant whose parent came.
    if (is_newer(rows_[i].sku.raw())) return p_.find(work_, rows_[i].sku.raw());
    if (!stored_[i]) return std::optional<Record>();
    std::vector<std::string> locales;
    PF_LET(auto record, decode_common(stored_[i]->common, locales));
    for (const auto& [locale, bytes] : stored_[i]->texts) {
      PF_LET(auto texts, decode_texts(bytes));
      record.texts.emplace_back(locale, std::move(texts));  // a copy: who crosses another is read once more
    }
    return std::optional<Record>(std::move(record));
  }

  bool is_newer(const std::string& sku) const {  // than what was fetched
    return written_.contains(sku) || (!refreshed_.empty() && refreshed_.contains(sku));
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

  // Whether what is stored of a product is not yet what the batch leaves of it.
  bool is_still_to_come(const std::string& sku) {
    if (!coming_.contains(sku) || written_.contains(sku)) return false;
    if (last_of_.empty())
      for (std::size_t i = 0; i < rows_.size(); ++i) last_of_[rows_[i].sku.raw()] = i;
    const std::size_t row = last_of_.at(sku);
    return !out_[row].outcome && out_[row].error.message.empty();
  }

  // Rows that met such a product, once the others of their round are done.
  Result<> let_cross() {
    if (crossing_.empty()) return {};
    Crossings& crossings = above_.crossings;
    crossings.still_to_come = {};
    PF_TRY(p_.agree(work_, above_));
    for (const bool may : {true, false})
      for (const std::size_t i : crossing_)
        if (crossings.agreed.contains(rows_[i].sku.raw()) == may) PF_TRY(one(i));
    crossings = {};
    crossing_.clear();
    return {};
  }

  static Error no_such(const std::string& sku) {
    return error(ErrorCode::not_found, "There is no product with the SKU \"" + sku + "\".");
  }

  Result<> one(std::size_t i) {
    const auto& row = rows_[i];
    auto& out = out_[i];
    const std::string& sku = row.sku.raw();
    const bool there = stored_[i] || written_.contains(sku);
    const auto refuse = [&](Error why) {
      out.error = std::move(why);
      if (!there) refused_.insert(sku);
      stored_[i].reset();
      return Result<>();
    };
    if (options_.mode == WriteMode::create && there) {
      Error clash = error(ErrorCode::conflict, "A product with the SKU \"" + sku + "\" exists already.");
      clash.faults.push_back({"sku", "exists", clash.message});
      return refuse(std::move(clash));
    }
    if (options_.mode == WriteMode::update && !there) {
      Error unknown = no_such(sku);
      if (row.change.wrong.empty()) return refuse(std::move(unknown));
      unknown.faults.push_back({"sku", "unknown", unknown.message});
      return refuse(with_faults(std::move(unknown), row.change.wrong));
    }
    const std::string& wanted = row.locale.empty() ? options_.locale : row.locale;
    if (wanted != wanted_locale_ || locale_.empty()) {
      if (auto good = check_locale(wanted); !wanted.empty() && !good.ok()) return refuse(good.error());
      wanted_locale_ = wanted;
      locale_ = langs_.for_writing(wanted);
    }
    std::optional<ProductChange> normal;
    if (names_described(*model_, row.change)) {
      normal.emplace(row.change);
      check_values(*model_, locale_, *normal, normal->wrong);
      if (!model_->references.empty())
        PF_TRY(p_.references_.settle(work_, *model_, *normal, normal->wrong, known_references_));
    }
    const ProductChange& change = normal ? *normal : row.change;
    if (stored_[i] && !is_newer(sku) && change.wrong.empty() && options_.ruling == nullptr && row.offer == nullptr &&
        options_.by.limits == nullptr && leaves_unchanged(*stored_[i], change, options_.mode, locale_)) {
      out.outcome = Outcome::unchanged;
      out.images.assign(change.more_images.size(), AddedImage::there);
      PF_LET(const auto stamp, stamp_of(stored_[i]->common));
      out.document = stamp.document;
      out.version = stamp.version;
      stored_[i].reset();
      return {};
    }
    PF_LET(const auto before, old_record(i));
    const Record* old = before ? &*before : nullptr;
    // Whoever is limited finds nothing outside, and so learns nothing of it either.
    const auto* limits = options_.by.limits.get();
    if (limits != nullptr && old != nullptr && !limits->category(old->categories)) return refuse(no_such(sku));
    std::vector<FieldFault> faults, found;
    Record after = applied(old, row.sku, change, options_.mode, locale_, langs_.standard(), faults);
    out.images = added_images(old, after, change);
    if (row.change.parent || row.change.images || !row.change.more_images.empty()) {
      PF_LET(found, p_.reference_faults(work_, old, row.sku, row.change));
      const auto is_missing_parent = [](const FieldFault& f) { return f.field == "parent" && f.code == "unknown"; };
      if (options_.forward_parents && std::erase_if(found, is_missing_parent) > 0) out.missing_parent = after.parent;
      add_faults(faults, std::exchange(found, {}));
    }
    if (!options_.forward_parents) {  // a file may name what comes in a later one
      PF_LET(auto unlinked, p_.missing_links(work_, old, after));
      std::erase_if(unlinked, [&](const std::string& to) { return coming_.contains(to); });
      add_faults(faults, link_faults(unlinked));
    }
    if (!model_->unique.empty()) {
      PF_LET(found, p_.unique_faults(work_, *model_, old, after));
      add_faults(faults, std::exchange(found, {}));
    }
    PF_LET(found, p_.kit_faults(work_, *model_, old, after));
    add_faults(faults, std::move(found));
    RuledWrite ruled;
    if (ruling_ != nullptr && faults.empty()) {
      PF_LET(ruled, p_.rule(work_, *model_, langs_, *ruling_, after, row.offer));
      out.notices = std::move(ruled.ruled.failed);
    }
    PF_LET(found, p_.twin_faults(work_, *model_, old, after, above_));  // as rules leave it
    const bool crosses = above_.crossings.met.size() > crossing_.size();
    if (crosses && faults.empty()) {
      crossing_.push_back(i);
      waiting_.insert(sku);
      return {};
    }
    if (crosses) above_.crossings.met.pop_back();
    add_faults(faults, std::move(found));
    if (!faults.empty()) return refuse(invalid_for(std::move(faults)));
    if (limits != nullptr)
      if (auto may = may_become(*limits, *model_, after.categories, locale_, row.change); !may.ok())
        return refuse(std::move(may).error());
    Origin origin = options_.origin;
    origin.row = row.line;
    if (old != nullptr && same_content(*old, after)) {
      out.outcome = Outcome::unchanged;
    } else {
      auto learned = langs_.learn(locale_, after.locales());
      if (!learned.ok()) return refuse(std::move(learned).error());
      learned_ = *learned || learned_;
      std::vector<std::string> refreshed;
      PF_TRY(p_.save(work_, *model_, langs_, old, after, options_.by, origin, refreshed, above_, ruled.ruled.made));
      if (old == nullptr) {  // in whichever order they came
        PF_LET(auto twins, p_.twins_below(work_, *model_, after, above_));
        out.notices.insert(out.notices.end(), twins.begin(), twins.end());
      }
      if (origin.is_unit()) touched_.push_back({sku, after.document, after.version, old == nullptr});
      for (auto& other : refreshed) refreshed_.insert(std::move(other));
      out.outcome = old != nullptr ? Outcome::changed : Outcome::created;
      written_.insert(sku);
    }
    out.document = after.document;
    out.version = after.version;
    if (ruling_ != nullptr && row.offer == nullptr) {
      PF_LET(out.repriced, p_.keep_ruled_offer(work_, ruled, after, options_.by, origin,
                                               origin.is_unit() && old != nullptr ? &touched_ : nullptr));
      out.only_repriced = out.repriced && out.outcome == Outcome::unchanged;
      if (out.only_repriced) out.outcome = Outcome::changed;
    }
    out.made = std::move(ruled.ruled.made);
    stored_[i].reset();  // a batch of large products would otherwise hold each of them twice
    return {};
  }

  Products& p_;
  storage::Write& work_;
  std::span<const ProductRow> rows_;
  const BatchOptions& options_;
  Languages langs_;
  const std::shared_ptr<const Model> model_;  // shared: a change of the model makes another
  Ruling* const ruling_;                      // null: no rule is in force
  std::vector<RowOutcome> out_;
  std::vector<std::optional<StoredProduct>> stored_;
  std::unordered_set<std::string_view> coming_, waiting_, written_, refused_;
  std::unordered_set<std::string> refreshed_;
  std::vector<Touched> touched_;
  References::Known known_references_;
  Above above_;
  std::vector<std::size_t> crossing_;                          // rows, in step with what above_ has met
  std::unordered_map<std::string_view, std::size_t> last_of_;  // SKU -> its last row; empty until somebody asks
  std::string wanted_locale_, locale_;
  bool learned_ = false;
};

Result<std::vector<RowOutcome>> Products::upsert_many(storage::Write& work, std::span<const ProductRow> rows,
                                                      const BatchOptions& options) {
  PF_LET(auto langs, languages(work));
  PF_LET(auto model, models_.known(work));
  std::unique_ptr<Ruling> in_force;
  if (options.ruling == nullptr) {
    PF_LET(in_force, ruling(work));
  }
  Ruling* const rules = options.ruling != nullptr ? options.ruling : in_force.get();
  return Batch(*this, work, rows, options, std::move(langs), std::move(model), rules).run();
}

Result<> Products::note_batch(storage::Write& work, const access::Actor& by, std::span<const ProductRow> rows,
                              std::span<const RowOutcome> outcomes) {
  std::uint64_t created = 0, changed = 0;
  for (const auto& row : outcomes) {
    created += row.outcome == Outcome::created;
    changed += row.outcome == Outcome::changed;
  }
  if (created + changed == 0) return {};
  if (events_ != nullptr) {
    std::vector<std::string> made, others, repriced;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (outcomes[i].outcome == Outcome::created) made.push_back(rows[i].sku.raw());
      if (outcomes[i].repriced) repriced.push_back(rows[i].sku.raw());
      if (outcomes[i].outcome == Outcome::changed && !outcomes[i].only_repriced) others.push_back(rows[i].sku.raw());
    }
    PF_TRY(events_->add_skus(work, events::type::kProductCreated, made));
    PF_TRY(events_->add_skus(work, events::type::kProductUpdated, others));
    PF_TRY(events_->add_skus(work, events::type::kOfferUpdated, repriced));
  }
  return audit_.append(work, by, "product.batch", "",
                       json::Value::object({{"created", created}, {"changed", changed}}));
}

Result<std::vector<RowOutcome>> Products::settle_parents(storage::Write& work, std::span<const ParentLink> links,
                                                         const access::Actor& by, const Origin& origin) {
  std::vector<ProductRow> rows;
  rows.reserve(links.size());
  for (const auto& link : links) {
    rows.emplace_back();
    rows.back().sku = link.sku;
    rows.back().change.parent = std::optional<std::string>(link.parent.raw());
  }
  return upsert_many(work, rows, BatchOptions{.mode = WriteMode::update, .by = by, .origin = origin});
}

}  // namespace pf::catalog
