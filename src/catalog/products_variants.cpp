// No two variants of one product have the same values of what they differ in (the family's axes): a buyer could not say
// which of them he wants.
//
// 1. Only what a product says itself counts, and only where each axis of its level says something: what is still to be
//    filled in is no twin of anything. Axes of deeper levels count where it has them, since a shop may put all its
//    variants right below the product.
// 2. A change is refused that makes a twin, and no other: twins that were there before may be edited. The product above
//    them has a hint for it (completeness.h) until they differ.
// 3. What counts is how a unit of work ends: its changes may take from each other what they want (two change places).
#include <algorithm>

#include "catalog/above.h"
#include "catalog/catalog_keys.h"
#include "catalog/history_entry.h"
#include "catalog/measurement.h"
#include "catalog/products.h"
#include "catalog/search_entry.h"
#include "productflow/sentence.h"

namespace pf::catalog {
namespace {

constexpr std::size_t kSiblingsAtOnce = 500;  // records read together

// The same text for the same value, however it was written.
std::string axis_value(const Record& record, const Units& units, const std::string& code) {
  std::string bytes;
  if (is_product_field(code)) {
    if (const auto at = field_named(code, {})) bytes = value_of(record, *at);
  } else if (const auto* held = find_attribute(record.attributes, code)) {
    bytes = *held;
  }
  if (bytes.empty() || bytes == "\"\"" || bytes == "null") return {};
  if (bytes[0] != '{' && bytes[0] != '-' && (bytes[0] < '0' || bytes[0] > '9')) return bytes;
  const auto value = json::parse(bytes);
  if (!value.ok()) return bytes;
  if (const auto* number = value->as_number(); number != nullptr && number_key(number->text))
    return canonical_number(number->text);
  const auto *amount = value->find("amount"), *unit = value->find("unit");
  if (amount == nullptr || unit == nullptr || amount->as_number() == nullptr || unit->as_string() == nullptr)
    return bytes;
  const auto standard = units.in_standard_unit(amount->as_number()->text, *unit->as_string());
  return standard ? *standard : bytes;
}

// Empty: an axis of its own level is not filled in.
std::string axis_values(const Record& record, const Axes& axes) {
  std::string out;
  for (std::size_t i = 0; i < axes.codes.size(); ++i) {
    const std::string value = axis_value(record, *axes.units, axes.codes[i]);
    if (value.empty() && i < axes.own) return {};
    out += value;
    out += '\0';
  }
  return out;
}

void forget_sibling(Siblings& siblings, const Record& record) {
  const auto [from, to] = siblings.by_values.equal_range(axis_values(record, siblings.axes));
  for (auto at = from; at != to; ++at)
    if (at->second == record.sku) {
      siblings.by_values.erase(at);
      return;
    }
}

}  // namespace

std::optional<Axes> axes_of(const Model& model, std::span<const Record* const> line, std::size_t level) {
  const ResolvedFamily* family = nullptr;
  for (const auto* record : line)
    if (family == nullptr && !record->family.empty()) family = model.family(record->family);
  if (family == nullptr || level >= family->axes.size()) return std::nullopt;
  Axes out{{}, family->axes[level].size(), model.units};
  for (; level < family->axes.size(); ++level)
    out.codes.insert(out.codes.end(), family->axes[level].begin(), family->axes[level].end());
  return out;
}

bool any_twins(const Siblings& siblings) {
  const auto& all = siblings.by_values;
  return std::adjacent_find(all.begin(), all.end(),
                            [](const auto& one, const auto& next) { return one.first == next.first; }) != all.end();
}

void note_sibling(Above& above, const Record* before, const Record* after) {
  if (!above.knows_siblings()) return;
  if (before != nullptr)
    if (auto* siblings = above.siblings_of(before->parent)) forget_sibling(*siblings, *before);
  if (after == nullptr) return;
  if (auto* siblings = above.siblings_of(after->parent))
    if (auto values = axis_values(*after, siblings->axes); !values.empty())
      siblings->by_values.emplace(std::move(values), after->sku);
}

Result<const Siblings*> Products::siblings_below(const storage::Reader& reader, const std::string& parent,
                                                 const Axes& axes, Above& above) const {
  if (const auto* known = above.siblings_of(parent); known != nullptr && known->axes == axes) return known;
  Siblings all{axes, {}};
  PF_LET(const auto skus, variants(reader, parent, kVariantsComparedMax));
  above.siblings_read += skus.size();
  for (std::size_t at = 0; at < skus.size(); at += kSiblingsAtOnce) {
    std::vector<std::string> wanted;
    for (std::size_t i = at; i < std::min(skus.size(), at + kSiblingsAtOnce); ++i)
      wanted.push_back(keys::common(skus[i]));
    PF_LET(const auto found, reader.get_many(products_, wanted));
    for (const auto& common : found) {
      if (!common) continue;
      std::vector<std::string> ignored;
      PF_LET(const auto record, decode_common(*common, ignored));
      if (auto values = axis_values(record, axes); !values.empty())
        all.by_values.emplace(std::move(values), record.sku);
    }
  }
  return &above.keep_siblings(parent, std::move(all));
}

Result<std::vector<FieldFault>> Products::twin_faults(const storage::Reader& reader, const Model& model,
                                                      const Record* before, const Record& after, Above& above) const {
  std::vector<FieldFault> none;
  if (after.parent.empty() || model.resolved.empty()) return none;
  PF_LET(const auto line, line_of(reader, after, above));
  // A parent that has still to come says no level; most have one.
  const auto axes = axes_of(model, line, line.size() < 2 ? 0 : line.size() - 2);
  if (!axes) return none;
  const std::string values = axis_values(after, *axes);
  if (values.empty()) return none;
  if (before != nullptr && before->parent == after.parent && axis_values(*before, *axes) == values) return none;
  PF_LET(const auto* siblings, siblings_below(reader, after.parent, *axes, above));
  const auto [from, to] = siblings->by_values.equal_range(values);
  Crossings& crossings = above.crossings;
  // Whoever came first among those who wait for the same is asked first.
  if (crossings.still_to_come && std::ranges::any_of(crossings.met, [&](const Crossings::Met& other) {
        return other.values == values && other.parent == after.parent && other.sku != after.sku;
      })) {
    crossings.met.push_back({after.sku, after.parent, *axes, values});
    return std::vector<FieldFault>{{"sku", "twin", "Another waits for the same."}};
  }
  for (auto at = from; at != to; ++at) {
    if (at->second == after.sku || crossings.agreed.contains(after.sku)) continue;
    if (crossings.still_to_come && crossings.still_to_come(at->second))
      crossings.met.push_back({after.sku, after.parent, *axes, values});
    std::vector<std::string> filled;
    for (const auto& code : axes->codes)
      if (!axis_value(after, *axes->units, code).empty()) filled.push_back(code);
    return std::vector<FieldFault>{
        {is_product_field(filled[0]) ? filled[0] : "attributes." + filled[0], "twin",
         "The variant \"" + at->second + "\" of \"" + after.parent + "\" has the same " + in_sentence(filled) +
             " already, and no two variants may; give this one another, or change that product instead."}};
  }
  return none;
}

Result<> Products::agree(const storage::Reader& reader, Above& above) const {
  const auto& met = above.crossings.met;
  auto& agreed = above.crossings.agreed;
  agreed.clear();
  for (const auto& one : met) agreed.insert(one.sku);
  // Whoever is refused stays where he is, which may cost another what he wanted.
  for (bool settled = false; !settled;) {
    settled = true;
    std::unordered_set<std::string> taken;
    for (const auto& one : met) {
      if (!agreed.contains(one.sku)) continue;
      PF_LET(const auto* siblings, siblings_below(reader, one.parent, one.axes, above));
      const auto [from, to] = siblings->by_values.equal_range(one.values);
      const bool stays_taken = std::any_of(
          from, to, [&](const auto& held) { return held.second != one.sku && !agreed.contains(held.second); });
      if (!stays_taken && taken.insert(one.parent + '\0' + one.values).second) continue;
      agreed.erase(one.sku);
      settled = false;
    }
  }
  return {};
}

Result<std::vector<FieldFault>> Products::twins_below(const storage::Reader& reader, const Model& model,
                                                      const Record& parent, Above& above) const {
  constexpr std::size_t kTwinsTold = 20;
  std::vector<FieldFault> out;
  if (model.resolved.empty()) return out;
  PF_LET(const bool any, has_variants(reader, parent.sku, above));
  if (!any) return out;
  PF_LET(const auto line, line_of(reader, parent, above));
  const auto axes = axes_of(model, line, line.size() - 1);
  if (!axes) return out;
  PF_LET(const auto* siblings, siblings_below(reader, parent.sku, *axes, above));
  for (auto at = siblings->by_values.begin(); at != siblings->by_values.end() && out.size() < kTwinsTold;) {
    const auto next = siblings->by_values.equal_range(at->first).second;
    std::vector<std::string> twins;
    for (; at != next; ++at) twins.push_back('"' + at->second + '"');
    std::sort(twins.begin(), twins.end());
    if (twins.size() > 1)
      out.push_back({"sku", "twins",
                     "Its variants " + in_sentence(twins) + " have the same " + in_sentence(axes->codes) +
                         "; give each another, or delete what is there twice."});
  }
  return out;
}

}  // namespace pf::catalog
