// Keeps what follows from other records than the product's own: its completeness, and what its entry in the index has
// from those above it. With the product's own write, with those of its parent and variants, and, when the model or the
// shop's languages change, in passes of some hundred products until all are as they should be.
//
// 1. A product is never written without both by the model and the products above of the same unit of work.
// 2. A parent's change brings its variants along, those of all levels, kVariantsAtOnce of them in its own unit of work.
//    Whom it leaves for the background it marks there, as does a change of the model; a mark goes when a pass has
//    reached its end. So a restart goes on where it was, and nothing that was acknowledged is forgotten.
#include <atomic>
#include <utility>

#include "catalog/above.h"
#include "catalog/catalog_keys.h"
#include "catalog/completeness.h"
#include "catalog/inheritance.h"
#include "catalog/inherited_entry.h"
#include "catalog/products.h"
#include "catalog/search_entry.h"

namespace pf::catalog {
namespace {

// Products of a family whose variants differ in something: each may have kTwinsHintedMax to be compared, some 10 us
// each, while others wait to write.
constexpr std::size_t kParentsAtOnce = 16;

std::string mark_of(char kind) {
  return std::string(1, kind);
}

// The first key after this one.
std::string behind(std::string key) {
  key += '\0';
  return key;
}

}  // namespace

// The product and what stands above it, which `above` keeps alive until it is asked again.
Result<std::vector<const Record*>> Products::line_of(const storage::Reader& reader, const Record& record,
                                                     Above& above) const {
  above.make_room();
  std::vector<const Record*> line{&record};
  for (const std::string* parent = &record.parent; !parent->empty() && line.size() < kLevelsMax;) {
    const auto* known = above.find(*parent);
    if (known == nullptr) {
      PF_LET(auto found, find(reader, *parent));
      known = &above.keep(*parent, std::move(found));
    }
    if (!*known) break;
    line.push_back(&**known);
    parent = &(*known)->parent;
  }
  return line;
}

Result<std::string> Products::completeness_now(const storage::Reader& reader, const Model& model,
                                               const Languages& langs, const Record& record, Above& above) const {
  if (model.resolved.empty()) return std::string();
  if (record.parent.empty() && model.family(record.family) == nullptr) return std::string();
  PF_LET(const auto line, line_of(reader, record, above));
  PF_LET(const bool below, has_variants(reader, record.sku, above));
  // Some may be alike in shops from before that was refused.
  bool alike = false;
  if (const auto axes = below ? axes_of(model, line, line.size() - 1) : std::nullopt) {
    const Siblings* siblings = above.siblings_of(record.sku);
    if (siblings == nullptr || !(siblings->axes == *axes)) {
      siblings = nullptr;
      PF_LET(const auto some, variants(reader, record.sku, kTwinsHintedMax + 1));
      if (some.size() <= kTwinsHintedMax) {
        PF_LET(siblings, siblings_below(reader, record.sku, *axes, above));
      }
    }
    alike = siblings != nullptr && siblings->by_values.size() <= kTwinsHintedMax && any_twins(*siblings);
  }
  return completeness_of(model, langs, line, below, alike);
}

Result<bool> Products::any_parents(const storage::Reader& reader, Above& above) const {
  if (!above.looked_for_parents) {
    PF_LET(const auto mark, reader.get(products_, keys::parent({})));
    above.any_parents = mark.has_value();
    above.looked_for_parents = true;
  }
  return above.any_parents;
}

// Each row of an import asks. Most shops have no variants, most products neither, and a record is read in a fraction of
// what a walk takes.
Result<bool> Products::has_variants(const storage::Reader& reader, std::string_view sku, Above& above) const {
  PF_LET(const bool some, any_parents(reader, above));
  if (!some) return false;
  PF_LET(const auto mark, reader.get(products_, keys::parent(sku)));
  if (!mark) return false;
  PF_LET(const auto below, variants(reader, sku, 1));
  return !below.empty();
}

Result<> Products::note_parent(storage::Write& work, std::string_view parent, Above& above) const {
  PF_LET(const bool some, any_parents(work, above));
  // Once: whoever looked at it meanwhile would have to look again.
  if (!some) work.put(products_, keys::parent({}), {});
  above.any_parents = true;
  work.put(products_, keys::parent(parent), {});
  return {};
}

// What the index has of the product from above, `was`, and will have, `is`: adds it to both, its own entries, and keeps
// it. Whether that is another.
Result<bool> Products::inherit(storage::Write& work, const Model& model, const Record* before, const Record* after,
                               search::Entry& was, search::Entry& is, Above& above) {
  const bool had = before != nullptr && !before->parent.empty(), has = after != nullptr && !after->parent.empty();
  if (!had && !has) return false;
  const bool full = work.bytes() > kInheritingBytesMax;
  if (has && full) follow_later(work, after->parent, {});
  if (full && before == after) return false;  // it stays as it is until then
  const std::string key = keys::inherited((after != nullptr ? after : before)->document);
  std::string old_bytes, bytes;
  if (had) {
    PF_LET(auto kept, work.get(products_, key));
    if (kept) old_bytes = *std::move(kept);
  }
  if (has && !full) {
    PF_LET(const auto line, line_of(work, *after, above));
    auto entry = inherited_entry(model, line, is);
    bytes = encode_inherited(entry);
    add_entry(is, entry);
  }
  PF_LET(auto old_entry, decode_inherited(old_bytes));
  add_entry(was, old_entry);
  if (bytes == old_bytes) return false;
  if (bytes.empty())
    work.erase(products_, key);
  else
    work.put(products_, key, bytes);
  return true;
}

// Writes what follows from other records, if it is another now. A product's version counts up with its completeness,
// since its answer is another.
Result<bool> Products::refresh(storage::Write& work, const Model& model, const Languages& langs, const std::string& sku,
                               Above& above) {
  PF_LET(auto record, find(work, sku));
  if (!record) return false;
  PF_LET(auto now, completeness_now(work, model, langs, *record, above));
  auto standards = standards_of(*model.units, *record);
  const bool other = now != record->completeness, other_amounts = standards != record->standards;
  if (!other && !other_amounts && record->parent.empty()) return false;
  search::Entry was = search_entry(*record);
  if (other || other_amounts) {
    record->completeness = std::move(now);
    record->standards = std::move(standards);
    if (other) ++record->version;
    work.put(products_, keys::common(sku), encode_common(*record));
  }
  search::Entry is = other || other_amounts ? search_entry(*record) : was;
  PF_LET(const bool inherits, inherit(work, model, &*record, &*record, was, is, above));
  if (!other && !other_amounts && !inherits) return false;
  // The events of the unit name whom somebody wrote, and not this one.
  if (!std::exchange(above.told_to_nobody, true)) note_told_to_nobody(work);
  PF_TRY(index_.update(work, record->document, was, is));
  return other;
}

Result<> Products::refresh_below(storage::Write& work, const Model& model, const Languages& langs,
                                 const std::string& sku, std::size_t level, std::vector<std::string>& refreshed,
                                 Above& above) {
  if (level >= kLevelsMax) return {};
  PF_LET(const bool any, has_variants(work, sku, above));
  if (!any) return {};
  const std::size_t room = kVariantsAtOnce - std::min(kVariantsAtOnce, above.followed);
  PF_LET(const auto below, variants(work, sku, room + 1));
  std::string last;
  for (const auto& one : below) {
    if (above.followed >= kVariantsAtOnce || work.bytes() > kFollowedBytesMax) {
      follow_later(work, sku, last);
      return {};
    }
    ++above.followed;
    PF_LET(const bool changed, refresh(work, model, langs, one, above));
    if (changed) refreshed.push_back(one);
    PF_TRY(refresh_below(work, model, langs, one, level + 1, refreshed, above));
    last = one;
  }
  return {};
}

Result<> Products::refresh_beside(storage::Write& work, const Model& model, const Languages& langs,
                                  const Record* before, const Record& after, std::vector<std::string>& refreshed,
                                  Above& above) {
  const std::string old_parent = before != nullptr ? before->parent : std::string();
  if (old_parent != after.parent && !model.resolved.empty())
    for (const auto& parent : {old_parent, after.parent}) {
      if (parent.empty()) continue;
      PF_LET(const bool changed, refresh(work, model, langs, parent, above));
      if (changed) refreshed.push_back(parent);
    }
  if (before != nullptr && old_parent == after.parent && !after.parent.empty()) {  // who was a twin may be none now
    PF_LET(const auto line, line_of(work, after, above));
    if (line.size() > 1 && line[1]->completeness.find(kTwinsHint) != std::string::npos) {
      const std::string parent = after.parent;
      PF_LET(const bool changed, refresh(work, model, langs, parent, above));
      if (changed) refreshed.push_back(parent);
    }
  }
  if (before != nullptr && passes_on_the_same(*before, after)) return {};
  return refresh_below(work, model, langs, after.sku, 1, refreshed, above);
}

void Products::follow_later(storage::Write& work, const std::string& parent, const std::string& last) const {
  work.put(model_, mark_of(keys::kFollowing) + parent, last);
  models_.tell_after(work);
}

// --- in the background ---

// Each goes on where its mark says, for at most `count` products, and few more; of how many it looked at, those among
// them whose values were compared as siblings.
Result<std::size_t> Products::complete_family(storage::Write& work, const Model& model, const Languages& langs,
                                              const std::string& code, const std::string& place, std::size_t count,
                                              Above& above) {
  const auto filter = search::any_of("family", {code});  // its own or inherited
  const auto* family = model.family(code);
  if (family != nullptr && !family->axes.empty()) count = std::min(count, kParentsAtOnce);
  const std::size_t siblings_before = above.siblings_read;
  const search::Sort in_order{"sku", false};
  auto page = index_.page(work, filter, in_order, count, place);
  if (!page.ok() && page.error().code == ErrorCode::invalid) page = index_.page(work, filter, in_order, count);
  if (!page.ok()) return page.error();
  for (const auto document : page->documents) {
    PF_LET(const auto sku, work.get(products_, keys::document(document)));
    if (sku) PF_TRY(refresh(work, model, langs, *sku, above));
  }
  const auto mark = mark_of(keys::kUnsettled) + code;
  if (page->next_cursor.empty())
    work.erase(model_, mark);
  else
    work.put(model_, mark, page->next_cursor);
  return page->documents.size() + above.siblings_read - siblings_before;
}

Result<std::size_t> Products::follow_some(storage::Write& work, const Model& model, const Languages& langs,
                                          const std::string& mark, const std::string& prefix, std::string last,
                                          std::size_t count, Above& above) {
  std::vector<std::string> found;
  std::string end = prefix;
  end.back() = static_cast<char>(end.back() + 1);
  for (auto row = work.scan(products_, last.empty() ? prefix : behind(last), end); row.valid() && found.size() <= count;
       row.next())
    found.emplace_back(row.key());
  std::size_t seen = 0;
  const std::size_t siblings_before = above.siblings_read;
  const auto cost = [&] { return seen + above.siblings_read - siblings_before; };
  for (const auto& key : found) {
    if (cost() >= count || work.bytes() > kFollowedBytesMax) break;
    ++seen;
    last = key;
    const std::string sku = key.substr(key.find('\0') + 1);
    PF_TRY(refresh(work, model, langs, sku, above));
    // Of all variants these come themselves; else they follow theirs.
    if (prefix.size() == 1) continue;
    PF_LET(const bool any, has_variants(work, sku, above));
    if (any) work.put(model_, mark_of(keys::kFollowing) + sku, {});
  }
  if (seen == found.size())
    work.erase(model_, mark);
  else
    work.put(model_, mark, prefix.size() == 1 ? std::string_view(last) : std::string_view(last).substr(prefix.size()));
  return cost();
}

Result<bool> Products::complete_some(storage::Write& work, std::size_t count) {
  PF_LET(const auto model, models_.known(work));
  PF_LET(const auto langs, languages(work));
  const auto first = [&](char kind) -> std::optional<std::pair<std::string, std::string>> {
    const auto mark = work.scan_prefix(model_, mark_of(kind));
    if (!mark.valid()) return std::nullopt;
    return std::pair(std::string(mark.key()), std::string(mark.value()));
  };
  Above above;
  bool any = false;
  // A mark of nobody costs as much as a product.
  for (std::size_t left = count; left > 0 && work.bytes() <= kFollowedBytesMax;) {
    std::size_t seen = 0;
    if (const auto family = first(keys::kUnsettled)) {
      PF_LET(seen, complete_family(work, *model, langs, family->first.substr(1), family->second, left, above));
    } else if (const auto all = first(keys::kAllFollowing)) {
      PF_LET(seen, follow_some(work, *model, langs, all->first, mark_of(keys::kVariant), all->second, left, above));
    } else if (const auto parent = first(keys::kFollowing)) {
      const std::string prefix = keys::variants(std::string_view(parent->first).substr(1));
      PF_LET(seen, follow_some(work, *model, langs, parent->first, prefix,
                               parent->second.empty() ? std::string() : prefix + parent->second, left, above));
    } else {
      break;
    }
    any = true;
    left -= std::min(left, std::max<std::size_t>(seen, 1));
  }
  if (any && events_ != nullptr) PF_TRY(events_->note_catalogue(work));  // lists find them by what they have now
  return waits(work);
}

void Products::note_told_to_nobody(storage::Write& work) const {
  static std::atomic<std::uint64_t> passes{0};
  work.put(model_, mark_of(keys::kToldToNobody),
           std::to_string(clock_.now().time_since_epoch().count()) + "/" + std::to_string(++passes));
}

Result<std::string> Products::told_to_nobody(const storage::Reader& read) const {
  PF_LET(const auto model, models_.known(read));
  PF_LET(auto pass, read.get(model_, mark_of(keys::kToldToNobody)));
  return std::to_string(model->version) + " " + std::move(pass).value_or(std::string());
}

Result<bool> Products::waits(const storage::Reader& read) const {
  for (const char kind : {keys::kUnsettled, keys::kAllFollowing, keys::kFollowing})
    if (read.scan_prefix(model_, mark_of(kind)).valid()) return true;
  return false;
}

Result<std::uint64_t> Products::families_unsettled(const storage::Reader& read) const {
  std::uint64_t out = 0;
  for (auto mark = read.scan_prefix(model_, mark_of(keys::kUnsettled)); mark.valid(); mark.next()) ++out;
  return out;
}

void Products::unsettle_all(storage::Write& work, const Model& model) const {
  for (const auto& [code, ignored] : model.families) work.put(model_, mark_of(keys::kUnsettled) + code, {});
}

Result<> Products::prepare_inherited(storage::Store& store) {
  {
    PF_LET(const auto kept, store.read().get(model_, mark_of(keys::kInheritedKept)));
    if (kept) return {};
  }
  constexpr std::size_t kParentsNotedAtOnce = 5'000;  // of one unit of work
  const std::string end(1, static_cast<char>(keys::kVariant + 1));
  for (std::string from = mark_of(keys::kVariant); !from.empty();) {
    const auto read = store.read();
    PF_TRY(store.write([&](storage::Write& work) -> Result<> {
      auto row = read.scan(products_, from, end);
      if (row.valid()) work.put(products_, keys::parent({}), {});
      for (std::size_t parents = 0; row.valid() && parents < kParentsNotedAtOnce; ++parents) {
        const auto key = row.key().substr(1);
        from = keys::variants(key.substr(0, key.find('\0')));
        work.put(products_, keys::parent(std::string_view(from).substr(1, from.size() - 2)), {});
        from.back() = '\x01';  // behind all of this parent's variants
        row.seek(from);
      }
      if (row.valid()) return {};
      from.clear();
      work.put(model_, mark_of(keys::kInheritedKept), std::string(1, '\x01'));
      work.put(model_, mark_of(keys::kAllFollowing), {});
      models_.tell_after(work);
      return {};
    }));
  }
  return {};
}

// Who may be in a category and in one below it has several, which its bytes tell; the others are passed over.
Result<> Products::prepare_own_categories(storage::Store& store) {
  {
    PF_LET(const auto kept, store.read().get(model_, mark_of(keys::kOwnCategoriesKept)));
    if (kept) return {};
  }
  constexpr std::size_t kReadAtOnce = 100'000, kTermedAtOnce = 1'000;
  const auto has_several = [](std::string_view common) {
    constexpr std::string_view kList = "\"categories\":[";
    const auto list = common.find(kList);
    if (list == std::string_view::npos) return false;
    const auto more = common.find("\",\"", list), end = common.find("\"]", list), escaped = common.find('\\', list);
    return std::min(more, escaped) < end;  // a name may hold anything, escaped quotes too
  };
  std::string from(1, keys::kSegment);
  for (bool more = true; more;) {
    more = false;
    std::vector<std::string> skus;
    {
      const auto read = store.read();
      auto row = read.scan(products_, from, mark_of(keys::kDocument));
      for (std::size_t seen = 0; row.valid(); row.next()) {
        if (skus.size() >= kTermedAtOnce || ++seen > kReadAtOnce) {
          more = true;
          from = std::string(row.key());
          break;
        }
        const auto sku = row.key().substr(1, row.key().size() - 2);
        if (row.key().back() == '\0' && has_several(row.value())) skus.emplace_back(sku);
      }
    }
    PF_TRY(store.write([&](storage::Write& work) -> Result<> {
      for (const auto& sku : skus) {
        PF_LET(const auto record, find(work, sku));
        if (!record) continue;
        search::Entry whole, before{.terms = {{"sku", sku}}}, after = before;
        add_shared(whole, *record);
        for (const auto& [field, term] : whole.terms)
          if (field == kOwnCategoryField) after.terms.emplace_back(field, term);
        PF_TRY(index_.update(work, record->document, before, after));
      }
      if (more) return {};
      work.put(model_, mark_of(keys::kOwnCategoriesKept), std::string(1, '\x01'));
      work.put(model_, mark_of(keys::kAllFollowing), {});  // what variants have of it from above
      PF_LET(const auto model, models_.known(work));
      for (const auto& [code, ignored] : model->families)  // whose variants may be alike
        if (const auto* family = model->family(code); family != nullptr && !family->axes.empty())
          work.put(model_, mark_of(keys::kUnsettled) + code, {});
      models_.tell_after(work);
      return {};
    }));
  }
  return {};
}

}  // namespace pf::catalog
