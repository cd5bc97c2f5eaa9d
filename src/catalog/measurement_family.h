// What a shop says of units: families of its own, units of its own in a family that is built in, and what people call
// either. Plain values; their JSON is stored and answered, as in attribute.h: do not rename a field. What amounts a
// unit stands for decides what is found, so a unit that products have values in keeps its conversion
// (Models::on_units).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalog/measurement.h"

namespace pf::catalog {

inline constexpr std::size_t kMeasurementFamiliesMax = 300;  // as Akeneo has it, and the two below
inline constexpr std::size_t kFamilyUnitsMax = 50;           // of a shop's own in one
inline constexpr std::size_t kConversionStepsMax = 5;
inline constexpr std::size_t kUnitCodeBytesMax = 100;
inline constexpr std::size_t kSymbolBytesMax = 32;  // it stands behind a number in a column of a list

struct ConversionStep {
  std::string operation{};
  json::Decimal value{};
  template <class V>
  void fields(V& visit) {
    visit("operator", operation, "mul, div, add or sub.");
    visit("value", value, "By how much, such as 12.");
  }
};

struct MeasurementUnit {
  std::string code{};
  std::optional<std::string> symbol{};
  Labels labels{};
  std::vector<ConversionStep> to_standard{};
  std::optional<bool> built_in{};
  template <class V>
  void fields(V& visit) {
    visit("code", code, "What values name: letters, digits and _. No other family may have a unit of that code.");
    visit("symbol", symbol, "What stands behind an amount, such as kg.");
    visit("labels", labels, "What people see, by locale.");
    visit("to_standard", to_standard,
          "What is done with an amount, in this order, to have it in the standard unit; none for that one itself.");
    visit("built_in", built_in, "Whether it comes with ProductFlow, as is told: then its labels alone can be said.");
  }
};

struct MeasurementFamily {
  std::string code{};
  Labels labels{};
  std::string standard_unit{};
  std::vector<MeasurementUnit> units{};
  bool built_in = false;
  template <class V>
  void fields(V& visit) {
    visit("code", code, "What attributes name as their unit_family.");
    visit("labels", labels, "What people see, by locale.");
    visit("standard_unit", standard_unit, "The unit that all amounts are compared in.");
    visit("units", units, "Of a family that is built in: more of them, and labels of those that it has.");
    visit("built_in", built_in, "Whether it comes with ProductFlow, as is told.");
  }
};

// What must hold; takes out what a built-in family says by itself. `units`: those of the whole shop, in whose other
// families no unit may have one of these codes. Every fault at once.
std::vector<FieldFault> check_measurement_family(MeasurementFamily& family, const Units& units);

// Another system's description of a family becomes one that can be kept here: what contradicts what is built in (a
// factor, another standard unit, a unit that belongs to another family) is taken out or put in our standard unit, and
// each is told.
std::vector<std::string> fit_to_built_in(MeasurementFamily& family);
// What is built in, with what the shop says. REQUIRES: checked ones
std::shared_ptr<const Units> units_with(const std::vector<const MeasurementFamily*>& said);
// A family as people see it: with what is built in. One of the two may be null.
MeasurementFamily whole_family(const MeasurementFamily* said, const UnitFamily* built_in);
// The shop's own units of `before` whose amounts would mean something else, or nothing, by `after` (null: it goes).
std::vector<std::string> units_changed(const MeasurementFamily& before, const MeasurementFamily* after);

}  // namespace pf::catalog
