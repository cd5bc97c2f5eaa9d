// What history gives back: a field, a version, a product, a whole import or bulk edit.
//
// 1. What is given back is a change like any other: by the rules of today, with its own entry in the history.
// 2. An undo touches a field only while it holds what the unit wrote, and deletes a product only if nobody else touched
//    it since the unit made it: it is what it was then, and its offer is not younger than the unit.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "catalog/above.h"
#include "catalog/association.h"
#include "catalog/bulk_edit.h"
#include "catalog/catalog_keys.h"
#include "catalog/changes.h"
#include "catalog/if_match.h"
#include "catalog/limited.h"
#include "catalog/offers.h"
#include "catalog/products.h"
#include "catalog/value_rules.h"

namespace pf::catalog {
namespace {

// An attribute is for everybody or per locale, never both (README.md).
bool is_mixed(const Record& record, const std::string& name) {
  return find_attribute(record.attributes, name) != nullptr &&
         std::any_of(record.texts.begin(), record.texts.end(),
                     [&](const auto& texts) { return find_attribute(texts.second.attributes, name) != nullptr; });
}

FieldFault changed_since(std::string field, const char* what) {
  return {std::move(field), "changed", std::string(what) + " changed afterwards, so it was left as it is."};
}

// Whoever is limited takes back what he may still write.
bool may_touch(const access::Actor& by, const Record& record) {
  return by.limits == nullptr || by.limits->category(record.categories);
}
bool may_write_in(const access::Actor& by, const std::string& locale) {
  return by.limits == nullptr || locale.empty() || by.limits->locale(locale);
}

// What the rules for values say of `after`, where it differs from `before`.
std::vector<FieldFault> value_faults(const Model& model, const Record& before, const Record& after,
                                     const std::string& locale) {
  ProductChange named = change_between(before, after);
  std::vector<FieldFault> faults;
  if (names_described(model, named)) check_values(model, locale, named, faults);
  return faults;
}

}  // namespace

std::vector<Clash> Products::merge(const Record& base, const Record& now, Record& after) {
  std::vector<Clash> clashes;
  for (const auto& change : differences(now, after)) {
    std::string was = value_of(base, change.at);
    if (was == change.before) continue;  // nobody else touched it
    if (was == change.after)             // sent as it was read: theirs stays
      static_cast<void>(put_value(after, change.at, change.before));
    else
      clashes.push_back({change.at, std::move(was), change.before, change.after});
  }
  return clashes;
}

Result<Record> Products::as_of(const storage::Reader& read, std::string_view sku, std::uint64_t version) const {
  PF_LET(const auto now, find(read, sku));
  return history_.as_of(read, sku, now ? &*now : nullptr, version);
}

Result<Written> Products::restore(storage::Write& work, const access::Actor& by, const Sku& sku, std::uint64_t version,
                                  std::span<const FieldName> fields, std::string_view if_match) {
  PF_LET(const auto now, find(work, sku.raw()));
  PF_TRY(check_if_match(if_match, stamp_if(now ? &*now : nullptr)));
  PF_LET(const auto was, history_.as_of(work, sku.raw(), now ? &*now : nullptr, version));
  Record after = now ? *now : Record{};
  after.sku = sku.raw();
  const auto give_back = [&](const FieldName& at) { return put_value(after, at, value_of(was, at)); };
  for (const auto& change : differences(after, was)) {
    // One that was for everybody and is per locale now, or the other way round, comes back in all its languages.
    const auto is_wanted = [&](const FieldName& at) {
      return at == change.at || (at.field == Field::attribute && at.field == change.at.field &&
                                 at.name == change.at.name && (at.locale.empty() || change.at.locale.empty()));
    };
    if (fields.empty() || std::any_of(fields.begin(), fields.end(), is_wanted)) PF_TRY(give_back(change.at));
  }
  Above above;
  PF_LET(auto done,
         keep_as(work, by, {Origin::Kind::restore, version, 0}, now ? &*now : nullptr, std::move(after), {}, above));
  if (now) return done;
  // A deleted product comes back with the offer that it had at the end.
  PF_LET(const auto last, history_.page(work, sku.raw(), {}, 2));
  std::optional<Offer> offer(std::in_place);
  for (const auto& entry : last.entries)
    if (entry.action == HistoryEntry::Action::deleted)
      for (const auto& change : entry.changes)
        if (is_of_offer(change.at.field)) PF_TRY(put_offer_field(*offer, change.at, change.before));
  if (offer_differences(nullptr, &*offer).empty()) return done;
  PF_LET(const auto made, stamp(work, sku.raw()));
  const OfferNote note{by, {Origin::Kind::restore, version, 0}, made->version};
  PF_TRY(keep_offer(*this, work, offers_, sku, made->document, std::nullopt, offer, clock_.now(), &note));
  return done;
}

Result<Written> Products::keep_as(storage::Write& work, const access::Actor& by, const Origin& origin,
                                  const Record* before, Record after, std::string_view locale, Above& above) {
  PF_LET(auto langs, languages(work));
  PF_LET(const auto model, models_.known(work));
  Written done;
  done.locale = langs.for_writing(locale);
  // Links to what was deleted since do not come back.
  PF_LET(const auto unlinked, missing_links(work, before, after));
  for (const auto& gone : unlinked) unlink(after, gone);
  if (before != nullptr && same_content(*before, after)) {
    PF_LET(auto tag, etag(work, after.sku));
    done.etag = std::move(tag).value_or(std::string());
    return done;
  }
  PF_LET(const auto sku, parse_sku(after.sku));
  PF_LET(auto faults, reference_faults(work, before, sku, after.parent, after.images));
  if (origin.kind == Origin::Kind::undo && !faults.empty()) {
    // A file may name a parent before it is there, so an undo may again; one that was there has been deleted since.
    PF_LET(const auto been, history_.page(work, after.parent, {}, 1));
    if (been.entries.empty())
      std::erase_if(faults, [](const FieldFault& one) { return one.field == "parent" && one.code == "unknown"; });
  }
  auto wrong = value_faults(*model, before != nullptr ? *before : Record{}, after, done.locale);
  faults.insert(faults.end(), wrong.begin(), wrong.end());
  PF_LET(auto unknown, unknown_references(work, *model, before != nullptr ? *before : Record{}, after));
  faults.insert(faults.end(), unknown.begin(), unknown.end());
  PF_LET(auto taken, unique_faults(work, *model, before, after));
  faults.insert(faults.end(), taken.begin(), taken.end());
  PF_LET(auto unmade, kit_faults(work, *model, before, after));
  faults.insert(faults.end(), unmade.begin(), unmade.end());
  PF_LET(auto twins, twin_faults(work, *model, before, after, above));
  faults.insert(faults.end(), twins.begin(), twins.end());
  for (const auto& [name, ignored] : after.attributes)
    if (is_mixed(after, name))
      faults.push_back({"attributes." + name, "mixed",
                        "This attribute has a value for everybody and one of a language; give back both or neither."});
  if (!faults.empty()) return with_faults(Error{ErrorCode::invalid, {}, {}}, std::move(faults));
  PF_LET(const bool learned, langs.learn(done.locale, after.locales()));
  if (learned) {
    PF_TRY(write_languages(work, products_, langs));
    unsettle_all(work, *model);
    models_.tell_after(work);
  }
  std::vector<std::string> refreshed;
  PF_TRY(save(work, *model, langs, before, after, by, origin, refreshed, above));
  done.outcome = before != nullptr ? Outcome::changed : Outcome::created;
  PF_LET(auto tag, etag(work, after.sku));
  done.etag = std::move(tag).value_or(std::string());
  if (origin.kind != Origin::Kind::restore) return done;  // an undo tells of many at once
  if (events_ != nullptr)
    PF_TRY(events_->add_sku(work, before != nullptr ? events::type::kProductUpdated : events::type::kProductCreated,
                            after.sku));
  json::Value names = json::Value::array();
  for (auto& name : changed_fields(before, after)) names.push(std::move(name));
  PF_TRY(audit_.append(
      work, by, "product.restore", "product:" + after.sku,
      json::Value::object({{"version", after.version}, {"from", origin.id}, {"fields", std::move(names)}})));
  return done;
}

Result<std::optional<Offer>> Products::offer_of(const storage::Reader& reader, std::string_view sku) const {
  PF_LET(const auto stored, reader.get(offers_, sku));
  if (!stored) return std::optional<Offer>();
  PF_LET(auto offer, offer_of_record(*stored));
  return std::optional<Offer>(std::move(offer));
}

Result<std::vector<FieldChange>> Products::offer_changes(const storage::Reader& before, const storage::Reader& after,
                                                         std::string_view sku) const {
  PF_LET(const auto was, offer_of(before, sku));
  PF_LET(const auto is, offer_of(after, sku));
  return offer_differences(was ? &*was : nullptr, is ? &*is : nullptr);
}

// Sets what the unit wrote back to what it was, unless somebody changed it since.
Result<Undone> Products::undo_offer(storage::Write& work, const access::Actor& by, const Origin& undo,
                                    const Touched& touched) {
  using What = Undone::Outcome;
  PF_LET(const auto now, stamp(work, touched.sku));
  if (!now || now->document != touched.document) return Undone{};
  if (by.limits != nullptr) {
    PF_LET(const auto record, find(work, touched.sku));
    if (record && !may_touch(by, *record)) return Undone{What::stays, {beyond_limits("categories")}};
  }
  PF_LET(const auto entry, history_.find_offer(work, touched));
  if (!entry) return Undone{What::stays, {{"offer", "forgotten", "What this offer was before is no longer kept."}}};
  PF_LET(const auto before, offer_of(work, touched.sku));
  std::optional<Offer> after = before ? *before : Offer{};
  Undone out;
  for (const auto& change : entry->changes) {
    const std::string is = offer_field(*after, change.at);
    if (is == change.after)
      PF_TRY(put_offer_field(*after, change.at, change.before));
    else if (is != change.before)
      out.faults.push_back(changed_since(field_words(change.at), "This field was"));
  }
  if (offer_differences(before ? &*before : nullptr, &*after).empty()) {
    if (!out.faults.empty()) out.outcome = What::stays;
    return out;
  }
  if (offer_differences(nullptr, &*after).empty()) after.reset();  // the unit had made it
  PF_LET(const auto sku, parse_sku(touched.sku));
  const OfferNote note{by, undo, now->version};
  PF_TRY(keep_offer(*this, work, offers_, sku, now->document, before, after, clock_.now(), &note));
  out.outcome = What::restored;
  return out;
}

// Whether a later change of the same unit stands on top of it, which has to go back first.
Result<bool> Products::is_below_another(const storage::Reader& read, const Touched& touched) const {
  PF_LET(const auto own, history_.find(read, touched.sku, touched.document, touched.version));
  PF_LET(const auto newest, history_.page(read, touched.sku, {}, 1));
  if (!own || newest.entries.empty()) return false;
  const HistoryEntry& top = newest.entries.front();
  return top.document == touched.document && top.version > touched.version && top.origin.kind == own->origin.kind &&
         top.origin.id == own->origin.id;
}

Result<Undone> Products::undo_one(storage::Write& work, const access::Actor& by, const Origin& undo,
                                  const Touched& touched, Time unit_ended, Above& above) {
  using What = Undone::Outcome;
  PF_LET(const auto before, find(work, touched.sku));
  if (!before || before->document != touched.document) {
    PF_LET(const auto last, history_.page(work, touched.sku, {}, 1));
    if (touched.created || (!last.entries.empty() && last.entries[0].origin.kind == Origin::Kind::undo))
      return Undone{};
    return Undone{What::stays, {{"", "deleted", "The product was deleted afterwards."}}};
  }
  if (!may_touch(by, *before)) return Undone{What::stays, {beyond_limits("categories")}};
  if (touched.created) {
    const auto made = history_.as_of(work, touched.sku, &*before, touched.version);
    if (!made.ok() && made.error().code == ErrorCode::internal) return made.error();
    if (!made.ok() || !differences(*made, *before).empty()) {
      PF_LET(const bool waits, is_below_another(work, touched));
      return Undone{waits ? What::waits : What::stays, {changed_since("", "The product was")}};
    }
    PF_LET(const auto priced, work.get(offers_, touched.sku));
    if (priced) {
      PF_LET(const auto offer, offer_of_record(*priced));
      if (offer.updated > unit_ended) return Undone{What::stays, {changed_since("offer", "The offer was")}};
    }
    PF_LET(const auto below, variants(work, touched.sku, 1));
    if (!below.empty())
      return Undone{What::waits,
                    {{"", "variants", "The product has variants, such as \"" + below.front() + "\", so it stays."}}};
    PF_LET(const auto kits, kits_with(work, touched.sku));
    if (!kits.empty())
      return Undone{What::waits,
                    {{"", "kit", "The product is part of the kit \"" + kits.front() + "\", so it stays."}}};
    above.forget(touched.sku);
    note_sibling(above, &*before, nullptr);
    PF_TRY(erase(work, *before, by, undo));
    return Undone{What::deleted, {}};
  }
  PF_LET(const auto entry, history_.find(work, touched.sku, touched.document, touched.version));
  if (!entry) return Undone{What::stays, {{"", "forgotten", "What this product was before is no longer kept."}}};
  Undone out;
  Record after = *before;
  for (const auto& change : entry->changes) {
    const std::string now = value_of(*before, change.at);
    if (now == change.after && !may_write_in(by, change.at.locale))
      out.faults.push_back(beyond_limits(field_words(change.at)));
    else if (now == change.after)
      PF_TRY(put_value(after, change.at, change.before));
    else if (now != change.before)
      out.faults.push_back(changed_since(field_words(change.at), "This field was"));
  }
  if (!out.faults.empty()) {
    PF_LET(const bool waits, is_below_another(work, touched));
    if (waits) {
      out.outcome = What::waits;
      return out;
    }
  }
  for (const auto& change : entry->changes) {
    if (change.at.field != Field::attribute || !is_mixed(after, change.at.name)) continue;
    for (const auto& other : entry->changes)
      if (other.at.field == Field::attribute && other.at.name == change.at.name)
        PF_TRY(put_value(after, other.at, value_of(*before, other.at)));
    out.faults.push_back(changed_since(field_words(change.at), "Another language of this field was"));
  }
  if (!may_touch(by, after)) return Undone{What::stays, {beyond_limits("categories")}};
  const auto kept = keep_as(work, by, undo, &*before, std::move(after), {}, above);
  if (!kept.ok()) {
    if (kept.error().code != ErrorCode::invalid) return kept.error();
    out.faults.insert(out.faults.end(), kept.error().faults.begin(), kept.error().faults.end());
    out.outcome = What::waits;
  } else if (kept->outcome == Outcome::changed) {
    out.outcome = What::restored;
  } else if (!out.faults.empty()) {
    out.outcome = What::stays;
  }
  return out;
}

Result<std::vector<Undone>> Products::undo(storage::Write& work, const access::Actor& by, const Origin& undo,
                                           std::span<const Touched> touched, Time unit_ended) {
  std::vector<Undone> out;
  out.reserve(touched.size());
  Above above;
  Crossings& crossings = above.crossings;
  std::unordered_map<std::string_view, std::size_t> last_of;  // of the products
  for (std::size_t i = 0; i < touched.size(); ++i)
    if (touched[i].offer_version == 0) last_of[touched[i].sku] = i;
  crossings.still_to_come = [&](const std::string& sku) {
    const auto at = last_of.find(sku);
    return at != last_of.end() && (at->second >= out.size() || out[at->second].outcome == Undone::Outcome::waits);
  };
  std::vector<std::size_t> crossing;
  for (const auto& one : touched) {
    PF_LET(auto undone,
           one.offer_version > 0 ? undo_offer(work, by, undo, one) : undo_one(work, by, undo, one, unit_ended, above));
    out.push_back(std::move(undone));
    if (crossings.met.size() == crossing.size()) continue;
    crossing.push_back(out.size() - 1);
    out.back().outcome = Undone::Outcome::waits;
  }
  if (crossing.empty()) return out;
  crossings.still_to_come = {};
  PF_TRY(agree(work, above));
  for (const bool may : {true, false})
    for (const std::size_t i : crossing)
      if (crossings.agreed.contains(touched[i].sku) == may) {
        PF_LET(out[i], undo_one(work, by, undo, touched[i], unit_ended, above));
      }
  return out;
}

Result<> Products::note_undo(storage::Write& work, const access::Actor& by, std::span<const Touched> touched,
                             std::span<const Undone> undone) {
  std::vector<std::string> restored, deleted, repriced;
  for (std::size_t i = 0; i < undone.size(); ++i) {
    if (undone[i].outcome == Undone::Outcome::restored)
      (touched[i].offer_version > 0 ? repriced : restored).push_back(touched[i].sku);
    if (undone[i].outcome == Undone::Outcome::deleted) deleted.push_back(touched[i].sku);
  }
  if (restored.empty() && deleted.empty() && repriced.empty()) return {};
  if (events_ != nullptr) {
    PF_TRY(events_->add_skus(work, events::type::kProductUpdated, restored));
    PF_TRY(events_->add_skus(work, events::type::kProductDeleted, deleted));
    PF_TRY(events_->add_skus(work, events::type::kOfferUpdated, repriced));
  }
  return audit_.append(
      work, by, "product.undo", "",
      json::Value::object({{"restored", restored.size()}, {"deleted", deleted.size()}, {"repriced", repriced.size()}}));
}

Result<Edited> Products::edit_many(storage::Write& work, std::span<const std::string> skus,
                                   const std::vector<BulkAction>& actions, const BatchOptions& options) {
  PF_LET(const auto langs, languages(work));
  const std::string locale = langs.for_writing(options.locale);
  Edited out;
  out.rows.resize(skus.size());
  out.outcomes.resize(skus.size());
  std::vector<ProductRow> rows;
  std::vector<std::size_t> of_row;
  // Offers as they will be: tried before the product is written, so that a row is done whole or refused whole.
  const bool prices = names_offer(actions);
  std::vector<std::pair<std::optional<Offer>, std::optional<Offer>>> offers(prices ? skus.size() : 0);
  for (std::size_t i = 0; i < skus.size(); ++i) {
    out.rows[i].sku = Sku(skus[i]);
    PF_LET(const auto record, find(work, skus[i]));
    if (!record || (options.by.limits && !options.by.limits->category(record->categories))) {
      out.outcomes[i].error =
          error(ErrorCode::not_found, "There is no product with the SKU \"" + skus[i] + "\" any more.");
      continue;
    }
    auto change = bulk_change(actions, *record, locale);
    if (!change.ok()) {
      if (change.error().code != ErrorCode::invalid) return change.error();
      out.outcomes[i].error = std::move(change).error();
      continue;
    }
    if (prices) {
      PF_LET(offers[i].first, offer_of(work, skus[i]));
      offers[i].second = offers[i].first ? *offers[i].first : Offer{};
      if (auto good = bulk_offer(actions, *offers[i].second); !good.ok()) {
        out.outcomes[i].error = std::move(good).error();
        continue;
      }
    }
    rows.push_back({out.rows[i].sku, *std::move(change), locale});
    if (prices && !offer_differences(offers[i].first ? &*offers[i].first : nullptr, &*offers[i].second).empty())
      rows.back().offer = &*offers[i].second;
    of_row.push_back(i);
  }
  BatchOptions updating = options;
  updating.mode = WriteMode::update;
  PF_LET(auto outcomes, upsert_many(work, rows, updating));
  for (std::size_t k = 0; k < outcomes.size(); ++k) out.outcomes[of_row[k]] = std::move(outcomes[k]);
  std::unique_ptr<Ruling> rules;
  if (prices) {
    PF_LET(rules, ruling(work));
  }
  std::vector<Touched> touched;
  std::unordered_set<std::string_view> priced;  // whoever names a product twice raises its price once
  for (std::size_t i = 0; i < offers.size(); ++i) {
    auto& outcome = out.outcomes[i];
    if (!priced.insert(skus[i]).second) continue;
    auto& [before, after] = offers[i];
    if (!outcome.outcome || offer_differences(before ? &*before : nullptr, &*after).empty()) continue;
    Ruled ruled;
    if (rules) {
      PF_LET(ruled, rule_offer(work, *rules, skus[i], *after));
      outcome.made.insert(outcome.made.end(), ruled.made.begin(), ruled.made.end());
    }
    if (offer_differences(nullptr, &*after).empty()) after.reset();
    const OfferNote note{options.by, options.origin, outcome.version, ruled.made};
    const Time now = clock_.now();
    PF_TRY(keep_offer(*this, work, offers_, out.rows[i].sku, outcome.document, before, after, now, &note));
    touched.push_back({skus[i], outcome.document, outcome.version, false, (before ? before->version : 0) + 1, now});
    outcome.repriced = true;
    outcome.only_repriced = outcome.outcome == Outcome::unchanged;
    outcome.outcome = Outcome::changed;
  }
  if (options.origin.is_unit()) PF_TRY(history_.note_touched(work, options.origin, touched));
  return out;
}

}  // namespace pf::catalog
