// Associations between products (association.h): which product names which, both ways.
//
// 1. For each product that another names there is one key (catalog_keys.h), whether that product is there or not; it is
//    written and erased with the one that names it.
// 2. A product that is deleted is taken out of those that name it, in the same unit of work, with an entry in their
//    history; beyond kUnlinkedAtOnce the rest keep a name of nothing, which is not shown.
#include <algorithm>

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
  for (const auto& name : names) {
    PF_LET(const auto before, find(work, name));
    if (!before) continue;
    Record after = *before;
    if (!unlink(after, sku)) continue;
    PF_TRY(save(work, *model, langs, &*before, after, by, origin, refreshed));
  }
  return events_ != nullptr ? events_->add_skus(work, events::type::kProductUpdated, names) : Result<>();
}

}  // namespace pf::catalog
