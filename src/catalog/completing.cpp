// Keeps every product's completeness: with the product's own write, with those of its parent and variants, and, when a
// family, a channel or the shop's languages change, in passes of some hundred products until all are as they should be.
//
// 1. A product is never written without its completeness by the model of the same unit of work.
// 2. A model change marks the families it concerns in its own unit of work; a mark goes when the pass has reached the
//    end. So a restart goes on where it was, and nothing that was acknowledged is forgotten.
#include "catalog/catalog_keys.h"
#include "catalog/completeness.h"
#include "catalog/products.h"
#include "catalog/search_entry.h"

namespace pf::catalog {
namespace {

// Of one parent, in the unit of work that changed it; the others follow when they are written next.
constexpr std::size_t kVariantsAtOnce = 1'000;

}  // namespace

// The product and what stands above it, which `above` keeps alive.
Result<std::vector<const Record*>> Products::line_of(const storage::Reader& reader, const Record& record,
                                                     std::vector<Record>& above) const {
  above.clear();
  above.reserve(kLevelsMax);  // so that no record moves
  std::vector<const Record*> line{&record};
  for (std::string parent = record.parent; !parent.empty() && above.size() + 1 < kLevelsMax;) {
    PF_LET(auto found, find(reader, parent));
    if (!found) break;
    above.push_back(*std::move(found));
    line.push_back(&above.back());
    parent = above.back().parent;
  }
  return line;
}

Result<std::string> Products::completeness_now(const storage::Reader& reader, const Model& model,
                                               const Languages& langs, const Record& record) const {
  if (model.resolved.empty()) return std::string();
  if (record.parent.empty() && model.family(record.family) == nullptr) return std::string();
  std::vector<Record> above;
  PF_LET(const auto line, line_of(reader, record, above));
  PF_LET(const auto below, variants(reader, record.sku, 1));
  return completeness_of(model, langs, line, !below.empty());
}

// Writes the product's completeness if it is another now; its version counts up, since its answer is another.
Result<bool> Products::refresh(storage::Write& work, const Model& model, const Languages& langs,
                               const std::string& sku) {
  PF_LET(auto record, find(work, sku));
  if (!record) return false;
  PF_LET(auto now, completeness_now(work, model, langs, *record));
  if (now == record->completeness) return false;
  const search::Entry before = search_entry(*record);
  record->completeness = std::move(now);
  ++record->version;
  work.put(products_, keys::common(sku), encode_common(*record));
  PF_TRY(index_.update(work, record->document, before, search_entry(*record)));
  return true;
}

Result<> Products::refresh_below(storage::Write& work, const Model& model, const Languages& langs,
                                 const std::string& sku, std::size_t level, std::vector<std::string>& refreshed) {
  if (level >= kLevelsMax) return {};
  PF_LET(const auto below, variants(work, sku, kVariantsAtOnce));
  for (const auto& one : below) {
    PF_LET(const bool changed, refresh(work, model, langs, one));
    if (changed) refreshed.push_back(one);
    PF_TRY(refresh_below(work, model, langs, one, level + 1, refreshed));
  }
  return {};
}

Result<> Products::refresh_beside(storage::Write& work, const Model& model, const Languages& langs,
                                  const std::string& old_parent, const Record& after,
                                  std::vector<std::string>& refreshed) {
  if (model.resolved.empty()) return {};
  if (old_parent != after.parent)
    for (const auto& parent : {old_parent, after.parent}) {
      if (parent.empty()) continue;
      PF_LET(const bool changed, refresh(work, model, langs, parent));
      if (changed) refreshed.push_back(parent);
    }
  return refresh_below(work, model, langs, after.sku, 1, refreshed);
}

Result<bool> Products::complete_some(storage::Write& work, std::size_t count) {
  const std::string start(1, keys::kUnsettled);
  std::string code, place;
  {
    const auto mark = work.scan_prefix(model_, start);
    if (!mark.valid()) return false;
    code = mark.key().substr(1);
    place = mark.value();
  }
  PF_LET(const auto model, models_.known(work));
  PF_LET(const auto langs, languages(work));
  const auto filter = search::any_of("family", {code});
  const search::Sort in_order{"sku", false};
  auto page = index_.page(work, filter, in_order, count, place);
  if (!page.ok() && page.error().code == ErrorCode::invalid) page = index_.page(work, filter, in_order, count);
  if (!page.ok()) return page.error();
  for (const auto document : page->documents) {
    PF_LET(const auto sku, work.get(products_, keys::document(document)));
    if (!sku) continue;
    PF_TRY(refresh(work, *model, langs, *sku));
    std::vector<std::string> refreshed;
    PF_TRY(refresh_below(work, *model, langs, *sku, 1, refreshed));  // those that name no family have this one
  }
  if (events_ != nullptr) PF_TRY(events_->note_catalogue(work));  // lists find them by their completeness
  if (page->next_cursor.empty())
    work.erase(model_, start + code);
  else
    work.put(model_, start + code, page->next_cursor);
  return work.scan_prefix(model_, start).valid();
}

Result<std::uint64_t> Products::families_unsettled(const storage::Reader& read) const {
  std::uint64_t out = 0;
  for (auto mark = read.scan_prefix(model_, std::string(1, keys::kUnsettled)); mark.valid(); mark.next()) ++out;
  return out;
}

void Products::unsettle_all(storage::Write& work, const Model& model) const {
  for (const auto& [code, ignored] : model.families) work.put(model_, std::string(1, keys::kUnsettled) + code, {});
}

}  // namespace pf::catalog
