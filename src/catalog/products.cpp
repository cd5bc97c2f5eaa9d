#include "catalog/products.h"
#include "catalog/if_match.h"

#include <algorithm>
#include <unordered_map>

#include "catalog/above.h"
#include "catalog/above_documents.h"
#include "catalog/association.h"
#include "catalog/catalog_keys.h"
#include "catalog/changes.h"
#include "catalog/inheritance.h"
#include "catalog/inherited_entry.h"
#include "catalog/marketplace_offers.h"
#include "catalog/offers.h"
#include "catalog/ruled_write.h"
#include "catalog/search_entry.h"
#include "catalog/value_rules.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

Error no_such_product(std::string_view sku) {
  return error(ErrorCode::not_found, "There is no product with the SKU \"" + std::string(sku) + "\".");
}

Result<> check_mode(WriteMode mode, bool there, const Sku& sku) {
  if (mode == WriteMode::create && there) {
    Error clash = error(ErrorCode::conflict, "A product with the SKU \"" + sku.raw() + "\" exists already.");
    clash.faults.push_back({"sku", "exists", clash.message});
    return clash;
  }
  if (mode == WriteMode::update && !there) return no_such_product(sku.raw());
  return {};
}

}  // namespace

std::vector<storage::Family> Products::families() {
  auto references = References::families();
  return {storage::Family{.name = std::string(keys::kProducts)},
          search::Index::family(std::string(keys::kProductIndex)),
          storage::Family{.name = std::string(keys::kOffers)},
          storage::Family{.name = std::string(keys::kMarketplaceOffers)},
          storage::Family{.name = std::string(keys::kAssets)},
          storage::Family{.name = std::string(keys::kModel)},
          History::family(),
          std::move(references[0]),
          std::move(references[1])};
}

Products::Products(storage::Store& store, audit::Audit& audit, const Clock& clock, events::Events* events)
    : audit_(audit),
      clock_(clock),
      events_(events),
      above_documents_(std::make_unique<AboveDocuments>(*this, events)),
      category_ranks_(std::make_unique<CategoryRanks>(*this, events)),
      known_parts_(std::make_unique<KnownParts>(events)),
      models_(store, audit),
      index_(store, keys::kProductIndex, kProductCoarse),
      references_(store, audit, clock, models_, index_),
      history_(store),
      products_(store.family(keys::kProducts)),
      offers_(store.family(keys::kOffers)),
      marketplace_offers_(store.family(keys::kMarketplaceOffers)),
      assets_(store.family(keys::kAssets)),
      model_(store.family(keys::kModel)),
      used_columns_(store, products_),
      standing_(std::make_unique<Standing>(*this, store, events)) {
  models_.on_units(
      [this](storage::Write& work, std::span<const std::string> units) { return refuse_units_in_use(work, units); });
}

Products::~Products() = default;

Result<> Products::set_languages(storage::Write& work, const access::Actor& by, const Languages& chosen) {
  PF_TRY(write_languages(work, products_, chosen));
  PF_LET(const auto model, models_.known(work));
  unsettle_all(work, *model);
  models_.tell_after(work);
  json::Value list = json::Value::array();
  for (const auto& locale : chosen.locales) list.push(locale);
  auto told = json::Value::object({{"languages", std::move(list)}});
  if (!chosen.fallbacks.empty()) {
    json::Value lent{json::Members{}};
    for (const auto& [locale, lender] : chosen.fallbacks) lent.set(locale, lender);
    told.set("fallbacks", std::move(lent));
  }
  return audit_.append(work, by, "languages.change", "", std::move(told));
}

Result<> Products::save(storage::Write& work, const Model& model, const Languages& langs, const Record* before,
                        Record& after, const access::Actor& by, const Origin& origin,
                        std::vector<std::string>& refreshed, Above& above, std::span<const MadeBy> made) {
  const Time now = clock_.now();
  above.forget(after.sku);
  if (before == nullptr) {
    PF_LET(after.document, index_.add_document(work));
    after.version = 1;
    after.created = now;
    work.put(products_, keys::document(after.document), after.sku);
  } else {
    after.version = before->version + 1;
  }
  after.updated = now;
  PF_LET(after.completeness, completeness_now(work, model, langs, after, above));
  after.standards = standards_of(*model.units, after);
  work.put(products_, keys::common(after.sku), encode_common(after));
  for (const auto& [locale, texts] : after.texts) {
    const auto* old = before != nullptr ? before->texts_of(locale) : nullptr;
    if (old == nullptr || !(*old == texts)) work.put(products_, keys::texts(after.sku, locale), encode_texts(texts));
  }
  const std::string old_parent = before != nullptr ? before->parent : std::string();
  if (before != nullptr)
    for (const auto& [locale, ignored] : before->texts)
      if (after.texts_of(locale) == nullptr) work.erase(products_, keys::texts(after.sku, locale));
  if (old_parent != after.parent) {
    if (!old_parent.empty()) work.erase(products_, keys::variant(old_parent, after.sku));
    if (!after.parent.empty()) {
      work.put(products_, keys::variant(after.parent, after.sku), {});
      PF_TRY(note_parent(work, after.parent, above));
    }
  }
  PF_TRY(used_columns_.note(work, after));
  put_links(work, before, &after);
  PF_TRY(keep_kit(work, model, before, &after));
  put_asset_uses(work, before, &after);
  note_sibling(above, before, &after);
  search::Entry was = before != nullptr ? search_entry(*before) : search::Entry{}, is = search_entry(after);
  PF_TRY(inherit(work, model, before, &after, was, is, above));
  PF_TRY(index_.update(work, after.document, was, is));
  PF_TRY(history_.note(work, before, &after, by, origin, now, {}, made));
  return refresh_beside(work, model, langs, before, after, refreshed, above);
}

Result<Written> Products::change(storage::Write& work, const access::Actor& by, const Sku& sku,
                                 const ProductChange& change, WriteMode mode, std::string_view locale,
                                 std::string_view if_match, std::optional<std::uint64_t> read_version,
                                 std::vector<Clash>* clashes, const Origin& origin) {
  PF_LET(auto langs, languages(work));
  Written done;
  if (!locale.empty()) PF_TRY(check_locale(locale));
  done.locale = langs.for_writing(locale);
  PF_LET(const auto before, find(work, sku.raw()));
  const Record* old = before ? &*before : nullptr;
  std::optional<Record> base;  // what an earlier reader saw, when others were faster
  auto current = check_if_match(if_match, stamp_if(old));
  if (current.ok() && read_version && (old == nullptr || old->version != *read_version))
    current = stale(old != nullptr);
  if (!current.ok()) {
    const auto read = old != nullptr ? version_read(if_match, read_version, old->document) : 0;
    if (clashes == nullptr || mode != WriteMode::update || read == 0 || read >= old->version) return current.error();
    auto was = history_.as_of(work, sku.raw(), old, read);
    if (!was.ok()) return was.error().code == ErrorCode::internal ? was.error() : current.error();
    base = *std::move(was);
  }
  PF_TRY(check_mode(mode, old != nullptr, sku));

  PF_LET(const auto model, models_.known(work));
  std::optional<ProductChange> normal;
  if (names_described(*model, change)) {
    normal.emplace(change);
    check_values(*model, done.locale, *normal, normal->wrong);
    References::Known known;
    if (!model->references.empty()) PF_TRY(references_.settle(work, *model, *normal, normal->wrong, known));
  }
  std::vector<FieldFault> faults;
  Record after = applied(old, sku, normal ? *normal : change, mode, done.locale, langs.standard(), faults);
  if (base && faults.empty()) {
    if (auto both = merge(*base, *old, after); !both.empty()) {
      Error clash = stale(true);
      for (const auto& one : both)
        clash.faults.push_back({field_words(one.at), "conflict", "Somebody else changed this field too."});
      *clashes = std::move(both);
      return clash;
    }
    done.merged = true;
  }
  PF_LET(auto found, reference_faults(work, old, sku, change));
  add_faults(faults, std::move(found));
  PF_LET(found, unique_faults(work, *model, old, after));
  add_faults(faults, std::move(found));
  PF_LET(const auto unlinked, missing_links(work, old, after));
  add_faults(faults, link_faults(unlinked));
  PF_LET(found, kit_faults(work, *model, old, after));
  add_faults(faults, std::move(found));
  RuledWrite ruled;
  PF_LET(const auto rules, ruling(work));
  if (rules && faults.empty()) {
    PF_LET(ruled, rule(work, *model, langs, *rules, after, nullptr));
  }
  Above above;
  PF_LET(found, twin_faults(work, *model, old, after, above));  // as rules leave it
  add_faults(faults, std::move(found));
  if (!faults.empty()) return invalid_for(std::move(faults));
  const auto reprice = [&](const Record& kept) -> Result<> {
    if (!rules) return {};
    PF_LET(const bool repriced, keep_ruled_offer(work, ruled, kept, by, {}, nullptr));
    if (repriced && events_ != nullptr) PF_TRY(events_->add_sku(work, events::type::kOfferUpdated, sku.raw()));
    if (repriced)
      PF_TRY(audit_.append(work, by, "offer.change", "product:" + sku.raw(),
                           json::Value::object({{"version", ruled.after ? ruled.after->version : 0}})));
    return repriced || done.outcome != Outcome::unchanged ? rules->finish(work) : Result<>();
  };
  if (old != nullptr && same_content(*old, after)) {
    done.etag = etag_of({old->document, old->version});
    PF_TRY(reprice(*old));
    return done;
  }
  PF_LET(const bool learned, langs.learn(done.locale, after.locales()));
  if (learned) {
    PF_TRY(write_languages(work, products_, langs));
    unsettle_all(work, *model);
    models_.tell_after(work);
  }
  std::vector<std::string> refreshed;
  PF_TRY(save(work, *model, langs, old, after, by, origin, refreshed, above, ruled.ruled.made));
  done.outcome = old != nullptr ? Outcome::changed : Outcome::created;
  done.etag = etag_of({after.document, after.version});
  if (events_ != nullptr)
    PF_TRY(events_->add_sku(work, old != nullptr ? events::type::kProductUpdated : events::type::kProductCreated,
                            sku.raw()));
  json::Value names = json::Value::array();
  for (auto& name : changed_fields(old, after)) names.push(std::move(name));
  PF_TRY(audit_.append(work, by, old != nullptr ? "product.change" : "product.create", "product:" + sku.raw(),
                       json::Value::object({{"version", after.version}, {"fields", std::move(names)}})));
  PF_TRY(reprice(after));
  return done;
}

// The product with its offers, its entry in the index and, for its parent, its part of the completeness.
Result<> Products::erase(storage::Write& work, const Record& record, const access::Actor& by, const Origin& origin) {
  search::Entry entry = search_entry(record);
  std::vector<FieldChange> of_offer;
  PF_LET(const auto offer, work.get(offers_, record.sku));
  if (offer) {
    PF_LET(const auto prices, offer_entry(*offer));
    add_entry(entry, prices);
    work.erase(offers_, record.sku);
    PF_LET(const auto was, offer_of_record(*offer));
    of_offer = offer_differences(&was, nullptr);
  }
  PF_TRY(remove_marketplace_offers(work, marketplace_offers_, record.sku));
  PF_LET(const auto model, models_.known(work));
  search::Entry nothing;
  Above above;
  PF_TRY(inherit(work, *model, &record, nullptr, entry, nothing, above));
  PF_TRY(index_.update(work, record.document, entry, nothing));
  for (const auto& [locale, ignored] : record.texts) work.erase(products_, keys::texts(record.sku, locale));
  if (!record.parent.empty()) work.erase(products_, keys::variant(record.parent, record.sku));
  work.erase(products_, keys::document(record.document));
  work.erase(products_, keys::common(record.sku));
  put_links(work, &record, nullptr);
  PF_TRY(keep_kit(work, *model, &record, nullptr));
  put_asset_uses(work, &record, nullptr);
  PF_TRY(history_.note(work, &record, nullptr, by, origin, clock_.now(), std::move(of_offer)));
  PF_TRY(unlink_from_all(work, record.sku, by, origin));
  if (gone_) PF_TRY(gone_(work, record.sku));
  if (record.parent.empty()) return {};
  if (model->resolved.empty()) return {};
  PF_LET(const auto langs, languages(work));
  PF_TRY(refresh(work, *model, langs, record.parent, above));
  return {};
}

Result<> Products::remove(storage::Write& work, const access::Actor& by, const Sku& sku, std::string_view if_match) {
  PF_LET(const auto before, find(work, sku.raw()));
  PF_TRY(check_if_match(if_match, stamp_if(before ? &*before : nullptr)));
  if (!before) return no_such_product(sku.raw());
  PF_LET(const auto children, variants(work, sku.raw(), 1));
  if (!children.empty())
    return error(ErrorCode::conflict, "The product \"" + sku.raw() + "\" has variants, such as \"" + children.front() +
                                          "\". Delete them first or give them another parent.");
  PF_LET(const auto kits, kits_with(work, sku.raw()));
  if (!kits.empty())
    return error(ErrorCode::conflict, "The product \"" + sku.raw() + "\" is part of " + std::to_string(kits.size()) +
                                          " kits, such as \"" + kits.front() + "\". Take it out of them first.");
  PF_TRY(erase(work, *before, by, {}));
  if (events_ != nullptr) PF_TRY(events_->add_sku(work, events::type::kProductDeleted, sku.raw()));
  return audit_.append(work, by, "product.delete", "product:" + sku.raw(),
                       json::Value::object({{"version", before->version}}));
}

}  // namespace pf::catalog
