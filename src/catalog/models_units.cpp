// What may change of a family of units that is in use.
#include <algorithm>

#include "catalog/models.h"

namespace pf::catalog {

// Amounts that products hold keep their meaning: what the index has of them, and what people wrote, would be another.
Result<> Models::may_change(storage::Write& work, const Model& model, const MeasurementFamily& before,
                            const MeasurementFamily* after) const {
  const auto units = units_changed(before, after);
  if (units.empty()) return {};
  Error refused{ErrorCode::conflict, "", {}};
  const bool other_standard = after != nullptr && after->standard_unit != before.standard_unit;
  for (const auto& [code, known] : model.attributes) {
    const Attribute& a = known->said;
    if (a.unit_family != before.code) continue;
    const bool names_gone = std::ranges::find(units, a.unit) != units.end() &&
                            (after == nullptr || std::ranges::none_of(after->units, [&](const MeasurementUnit& one) {
                               return one.code == a.unit;
                             }));
    if (other_standard)
      refused.faults.push_back({"standard_unit", "in_use",
                                "The attribute " + code + " measures in " + before.code +
                                    ", whose amounts are all compared in " + before.standard_unit + "."});
    else if (names_gone)
      refused.faults.push_back({"units." + a.unit, "in_use",
                                "The attribute " + code + " has the unit " + a.unit + " where a value names none."});
  }
  if (refused.faults.empty()) return units_changed_ ? units_changed_(work, units) : Result<>();
  for (const auto& fault : refused.faults) refused.message += (refused.message.empty() ? "" : " ") + fault.message;
  refused.message += " Change that first.";
  return refused;
}

}  // namespace pf::catalog
