// How many products hold what somebody is about to take back from the catalogue's descriptions. Counted by the index.
#include <algorithm>

#include "catalog/products.h"
#include "catalog/search_entry.h"

namespace pf::catalog {
namespace {

constexpr std::size_t kChoicesCounted = 200;  // of one change; the first of more are enough to ask

std::string products_have(std::uint64_t count) {
  return count == 1 ? "1 product has" : std::to_string(count) + " products have";
}

}  // namespace

Result<std::vector<FieldFault>> Products::uses_of(const storage::Reader& read, ModelKind kind,
                                                  std::string_view code) const {
  std::vector<FieldFault> out;
  const std::string name(code);
  if (kind == ModelKind::family) {
    PF_LET(const auto count, index_.count(read, search::any_of("family", {name})));
    if (count > 0)
      out.push_back({"code", "in_use",
                     products_have(count) + " the family \"" + name +
                         "\", whose name stays there and asks for nothing any more."});
  } else if (kind == ModelKind::category) {
    PF_LET(const auto count, index_.count(read, search::any_of("category", {name})));
    if (count > 0)
      out.push_back({"path", "in_use",
                     products_have(count) + " the category \"" + name +
                         "\" or one below, which stays there without its labels and its place."});
  } else if (kind == ModelKind::attribute && !is_product_field(code)) {
    PF_LET(const auto model, models_.known(read));
    const auto* known = model->attribute(code);
    if (known == nullptr) return out;
    std::uint64_t most = 0;  // of its cells; a product may have several
    PF_LET(const auto uses, attribute_uses(read));
    for (const auto& [cell, count] : uses)
      if (model->cell(cell).attribute == known) most = std::max(most, count);
    if (most > 0)
      out.push_back({"code", "in_use",
                     products_have(most) + " a value of \"" + name +
                         "\", which stays there and is checked and shown by its description no more."});
  }
  return out;
}

// By what records say of themselves (Record::standards), so a unit that no product has a value in may change.
Result<> Products::refuse_units_in_use(const storage::Reader& read, std::span<const std::string> units) const {
  Error refused{ErrorCode::conflict, "", {}};
  for (const std::string& unit : units) {
    PF_LET(const auto count, index_.count(read, search::any_of(std::string(kUnitField), {unit})));
    if (count == 0) continue;
    refused.faults.push_back(
        {"units." + unit, "in_use",
         products_have(count) + " a value in " + unit + ", which would stand for another amount, or for none."});
    refused.message += refused.faults.back().message + " ";
  }
  if (refused.faults.empty()) return {};
  refused.message += "Write those in another unit first; its symbol and labels may change as it is.";
  return refused;
}

Result<std::vector<FieldFault>> Products::uses_of_choices(const storage::Reader& read, const Attribute& before,
                                                          const Attribute& after) const {
  std::vector<FieldFault> out;
  const auto is_of_choices = [](const Attribute& a) { return a.type == "choice" || a.type == "choices"; };
  if (!is_of_choices(before) || !is_of_choices(after)) return out;
  PF_LET(const auto model, models_.known(read));
  const auto cells = model->cells_of(before);
  for (const auto& choice : before.choices) {
    if (std::ranges::find(after.choices, choice.code, &Choice::code) != after.choices.end()) continue;
    if (out.size() == kChoicesCounted) break;
    std::uint64_t most = 0;
    for (const auto& cell : cells) {
      PF_LET(const auto count, index_.count(read, search::any_of("a." + cell, {name_term(choice.code)})));
      most = std::max(most, count);
    }
    if (most > 0)
      out.push_back({"choices." + choice.code, "in_use",
                     products_have(most) + " the choice \"" + choice.code + "\" of " + before.code +
                         ", which stays there until it is changed and is refused from then on."});
  }
  return out;
}

}  // namespace pf::catalog
