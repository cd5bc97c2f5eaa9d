// Associations between products (association.h): which product names which, both ways.
//
// 1. For each product that another names there is one key (catalog_keys.h), whether that product is there or not; it is
//    written and erased with the one that names it.
// 2. A product that is deleted is taken out of those that name it, in the same unit of work, with an entry in their
//    history; beyond kUnlinkedAtOnce the rest keep a name of nothing, which is not shown.
// 3. What a product is made of is kept by a room above (KitKeeper) in the unit of work that keeps the product, or the
//    kind of its links.
#include <algorithm>
#include <set>

#include "catalog/above.h"
#include "catalog/association.h"
#include "catalog/catalog_keys.h"
#include "catalog/products.h"

namespace pf::catalog {

Result<std::vector<std::string>> Products::linked_from(const storage::Reader& reader, std::string_view sku,
                                                       std::size_t at_most) const {
  std::vector<std::string> out;
  const auto start = keys::linked(sku);
  for (auto cursor = reader.scan_prefix(products_, start); cursor.valid() && out.size() < at_most; cursor.next())
    out.emplace_back(cursor.key().substr(start.size()));
  return out;
}

Result<std::vector<std::string>> Products::missing_links(const storage::Reader& reader, const Record* before,
                                                         const Record& after) const {
  std::vector<std::string> out;
  if (after.associations.empty() || (before != nullptr && before->associations == after.associations)) return out;
  std::vector<std::string> wanted, keys;
  const auto had = before != nullptr ? linked_skus(*before) : std::vector<std::string>();
  for (auto& to : linked_skus(after)) {
    if (std::ranges::binary_search(had, to)) continue;
    keys.push_back(keys::common(to));
    wanted.push_back(std::move(to));
  }
  PF_LET(const auto found, reader.get_many(products_, keys));
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (!found[i]) out.push_back(std::move(wanted[i]));
  return out;
}

void Products::put_links(storage::Write& work, const Record* before, const Record* after) const {
  static const Record kNone;
  const Record& old = before != nullptr ? *before : kNone;
  const Record& now = after != nullptr ? *after : kNone;
  if (old.associations == now.associations) return;
  const auto had = linked_skus(old), has = linked_skus(now);
  for (const auto& to : had)
    if (!std::ranges::binary_search(has, to)) work.erase(products_, keys::linked(to, old.sku));
  for (const auto& to : has)
    if (!std::ranges::binary_search(had, to)) work.put(products_, keys::linked(to, now.sku), {});
}

Result<> Products::unlink_from_all(storage::Write& work, const std::string& sku, const access::Actor& by,
                                   const Origin& origin) {
  PF_LET(const auto names, linked_from(work, sku, kUnlinkedAtOnce));
  if (names.empty()) return {};
  PF_LET(const auto model, models_.known(work));
  PF_LET(const auto langs, languages(work));
  std::vector<std::string> refreshed;
  Above above;
  for (const auto& name : names) {
    PF_LET(const auto before, find(work, name));
    if (!before) continue;
    Record after = *before;
    if (!unlink(after, sku)) continue;
    PF_TRY(save(work, *model, langs, &*before, after, by, origin, refreshed, above));
  }
  return events_ != nullptr ? events_->add_skus(work, events::type::kProductUpdated, names) : Result<>();
}

void Products::on_kits(KitKeeper keeper) {
  kits_ = std::move(keeper);
  models_.on_parts([this](storage::Write& work, const Model& before, const Model& after) {
    return settle_kits(work, before, after);
  });
}

namespace {
std::vector<Link> kit_parts_of(const Model& model, const Record* record) {
  return record == nullptr || record->associations.empty() ? std::vector<Link>() : kit_parts(model, *record);
}
}  // namespace

Result<std::vector<FieldFault>> Products::kit_faults(const storage::Reader& reader, const Model& model,
                                                     const Record* before, const Record& after) const {
  if (!kits_.faults || (before != nullptr && before->associations == after.associations) || after.associations.empty())
    return std::vector<FieldFault>();
  const auto parts = kit_parts(model, after);
  if (parts.empty() || parts == kit_parts_of(model, before)) return std::vector<FieldFault>();
  return kits_.faults(reader, after.sku, parts);
}

Result<> Products::keep_kit(storage::Write& work, const Model& model, const Record* before, const Record* after) const {
  if (!kits_.keep) return {};
  const auto was = kit_parts_of(model, before), is = kit_parts_of(model, after);
  return was == is ? Result<>() : kits_.keep(work, after != nullptr ? after->sku : before->sku, is);
}

Result<std::vector<std::string>> Products::kits_with(const storage::Reader& reader, std::string_view part) const {
  if (!kits_.kits_of) return std::vector<std::string>();
  return kits_.kits_of(reader, part);
}

Result<> Products::settle_kits(storage::Write& work, const Model& before, const Model& after) const {
  if (!kits_.keep) return {};
  std::set<std::string> linking;
  const std::string start(1, keys::kLinked);
  for (auto cursor = work.scan_prefix(products_, start); cursor.valid(); cursor.next()) {
    const auto key = cursor.key();
    linking.emplace(key.substr(key.find('\0') + 1));
    if (linking.size() > kLinkedLooked)
      return error(ErrorCode::conflict,
                   "More than 200,000 products have links, too many to look through at once for "
                   "kits. Describe the kind of links before products have any.");
  }
  Error refused{ErrorCode::conflict, "", {}};
  for (const auto& sku : linking) {
    PF_LET(const auto common, work.get(products_, keys::common(sku)));
    if (!common) continue;
    std::vector<std::string> ignored;
    PF_LET(const auto record, decode_common(*common, ignored));
    const auto was = kit_parts(before, record), is = kit_parts(after, record);
    if (was == is) continue;
    PF_LET(auto faults,
           is.empty() ? Result<std::vector<FieldFault>>(std::vector<FieldFault>()) : kits_.faults(work, sku, is));
    for (auto& fault : faults) {
      fault.field = "parts";
      fault.message = "\"" + sku + "\": " + fault.message;
      if (refused.faults.size() < 20) refused.faults.push_back(std::move(fault));  // as many as a page shows
    }
    if (refused.faults.empty()) PF_TRY(kits_.keep(work, sku, is));
  }
  if (refused.faults.empty()) return {};
  refused.message = "Not every product with such links can be a kit. " + refused.faults[0].message;
  return refused;
}

}  // namespace pf::catalog
