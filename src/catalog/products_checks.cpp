// What a change names must be there, and what is unique must be nobody else's.
#include <algorithm>

#include "catalog/catalog_keys.h"
#include "catalog/inherited_entry.h"
#include "catalog/products.h"
#include "catalog/search_entry.h"

namespace pf::catalog {

Result<std::vector<FieldFault>> Products::parent_faults(const storage::Reader& reader, const std::string& sku,
                                                        const std::string& parent) const {
  std::vector<FieldFault> faults;
  std::size_t levels = 1;  // this product
  for (std::string above = parent; !above.empty(); ++levels) {
    if (above == sku) {
      faults.push_back({"parent", "circle", "The product \"" + parent + "\" is itself a variant of this one."});
      return faults;
    }
    PF_LET(const auto common, reader.get(products_, keys::common(above)));
    if (!common) {
      faults.push_back({"parent", "unknown", "The parent \"" + above + "\" does not exist; create it first."});
      return faults;
    }
    if (levels > kLevelsMax) break;
    PF_LET(above, parent_of(*common));
  }
  PF_LET(const auto children, variants(reader, sku, kListMax));
  if (!children.empty()) {
    ++levels;
    for (const auto& child : children) {
      PF_LET(const auto below, variants(reader, child, 1));
      if (below.empty()) continue;
      ++levels;
      break;
    }
  }
  if (levels > kLevelsMax)
    faults.push_back({"parent", "too_deep",
                      "Variants go at most " + std::to_string(kLevelsMax) +
                          " levels deep: product, variant, variant of a variant."});
  return faults;
}

Result<std::vector<FieldFault>> Products::reference_faults(const storage::Reader& reader, const Record* before,
                                                           const Sku& sku, const std::string& parent,
                                                           const std::vector<std::string>& images) const {
  std::vector<FieldFault> faults;
  if (!parent.empty() && (before == nullptr || before->parent != parent)) {
    PF_LET(faults, parent_faults(reader, sku.raw(), parent));
  }
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (!images[i].starts_with("asset:")) continue;
    if (before != nullptr && std::find(before->images.begin(), before->images.end(), images[i]) != before->images.end())
      continue;
    PF_LET(const auto head, reader.get(assets_, keys::asset_head(std::string_view(images[i]).substr(6))));
    if (!head)
      faults.push_back({"images[" + std::to_string(i) + "]", "unknown",
                        "The upload " + images[i] + " does not exist; upload the image first."});
  }
  return faults;
}

Result<std::vector<FieldFault>> Products::reference_faults(const storage::Reader& reader, const Record* before,
                                                           const Sku& sku, const ProductChange& change) const {
  const bool parent_named =
      change.parent && *change.parent && parse_sku(**change.parent).ok() && **change.parent != sku.raw();
  std::vector<std::string> images = change.images ? *change.images : std::vector<std::string>();
  images.insert(images.end(), change.more_images.begin(), change.more_images.end());
  return reference_faults(reader, before, sku, parent_named ? **change.parent : std::string(), images);
}

Result<std::vector<FieldFault>> Products::unique_faults(const storage::Reader& reader, const Model& model,
                                                        const Record* before, const Record& after) const {
  std::vector<FieldFault> faults;
  for (const auto& known : model.unique) {
    const std::string& code = known->said.code;
    const bool is_ean = code == "ean";
    const std::string* bytes = find_attribute(after.attributes, code);
    const std::string* was = before != nullptr ? find_attribute(before->attributes, code) : nullptr;
    search::Filter same;
    if (is_ean) {
      if (after.ean.empty() || (before != nullptr && before->ean == after.ean)) continue;
      same = search::any_of("ean", {after.ean});
    } else {
      if (bytes == nullptr || (was != nullptr && *was == *bytes)) continue;
      const auto value = json::parse(*bytes);
      if (!value.ok()) continue;
      if (const auto* text = value->as_string(); text != nullptr && !text->empty())
        same = search::any_of("a." + code, {name_term(*text)});
      else if (const auto* number = value->as_number(); number != nullptr && number_key(number->text))
        same = search::any_of("a." + code, {name_term(canonical_number(number->text))});
      else
        continue;
    }
    PF_LET(const auto document, owner_of(reader, same, before));
    if (!document) continue;
    PF_LET(const auto sku, reader.get(products_, keys::document(*document)));
    faults.push_back(
        {is_ean ? code : "attributes." + code, "taken",
         "The product \"" + sku.value_or("") + "\" has this value already, and no two may have the same."});
  }
  return faults;
}

// The first other product that has this term itself. Since an attribute became unique, variants may be in the index for
// a while with what they no longer inherit.
Result<std::optional<std::uint32_t>> Products::owner_of(const storage::Reader& reader, const search::Filter& term,
                                                        const Record* but) const {
  constexpr std::size_t kLookedAtOnce = 50;
  std::string cursor;
  do {
    PF_LET(auto found, index_.page(reader, term, {"sku", false}, cursor.empty() ? 2 : kLookedAtOnce, cursor));
    for (const auto document : found.documents) {
      if (but != nullptr && document == but->document) continue;
      PF_LET(const auto kept, reader.get(products_, keys::inherited(document)));
      PF_LET(const auto inherited, decode_inherited(kept.value_or(std::string())));
      const search::Pairs::Pair wanted(term.field, term.terms.front());
      if (std::find(inherited.terms.begin(), inherited.terms.end(), wanted) == inherited.terms.end())
        return std::optional(document);
    }
    cursor = std::move(found.next_cursor);
  } while (!cursor.empty());
  return std::optional<std::uint32_t>();
}

}  // namespace pf::catalog
