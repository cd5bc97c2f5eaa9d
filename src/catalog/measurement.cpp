#include "catalog/measurement.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "catalog/search_entry.h"
#include "json/json.h"
#include "productflow/text.h"

namespace pf::catalog {

namespace {

std::optional<std::string> twelve_digits(long double number) {
  if (!std::isfinite(number)) return std::nullopt;
  char text[64];
  std::snprintf(text, sizeof text, "%.12Lg", number);
  return number_key(text) ? std::optional(canonical_number(text)) : std::nullopt;
}

// Factors: NIST SP 811 (2008), appendix B; US units of volume where they differ from imperial ones.
std::vector<UnitFamily> families_built_in() {
  return {
      {"Weight",
       {{"KILOGRAM", "kg"},
        {"MILLIGRAM", "mg", 0.000001L},
        {"GRAM", "g", 0.001L},
        {"TON", "t", 1000},
        {"OUNCE", "oz", 0.028349523125L},
        {"POUND", "lb", 0.45359237L},
        {"GRAIN", "gr", 0.00006479891L}}},
      {"Length",
       {{"METER", "m"},
        {"MICROMETER", "μm", 0.000001L},
        {"MILLIMETER", "mm", 0.001L},
        {"CENTIMETER", "cm", 0.01L},
        {"DECIMETER", "dm", 0.1L},
        {"KILOMETER", "km", 1000},
        {"INCH", "in", 0.0254L},
        {"FEET", "ft", 0.3048L},
        {"YARD", "yd", 0.9144L},
        {"MILE", "mi", 1609.344L}}},
      {"Area",
       {{"SQUARE_METER", "m²"},
        {"SQUARE_MILLIMETER", "mm²", 0.000001L},
        {"SQUARE_CENTIMETER", "cm²", 0.0001L},
        {"SQUARE_KILOMETER", "km²", 1000000},
        {"HECTARE", "ha", 10000},
        {"SQUARE_INCH", "sq in", 0.00064516L},
        {"SQUARE_FOOT", "sq ft", 0.09290304L}}},
      {"Volume",
       {{"CUBIC_METER", "m³"},
        {"CUBIC_MILLIMETER", "mm³", 0.000000001L},
        {"CUBIC_CENTIMETER", "cm³", 0.000001L},
        {"MILLILITER", "ml", 0.000001L},
        {"CENTILITER", "cl", 0.00001L},
        {"DECILITER", "dl", 0.0001L},
        {"LITER", "l", 0.001L},
        {"OUNCE_FLUID", "fl oz", 0.0000295735295625L},
        {"PINT", "pt", 0.000473176473L},
        {"GALLON", "gal", 0.003785411784L}}},
      {"Duration",
       {{"SECOND", "s"},
        {"MILLISECOND", "ms", 0.001L},
        {"MINUTE", "min", 60},
        {"HOUR", "h", 3600},
        {"DAY", "d", 86400},
        {"WEEK", "week", 604800},
        {"MONTH", "month", 2629800},
        {"YEAR", "year", 31557600}}},
      {"Temperature",
       {{"KELVIN", "K"}, {"CELSIUS", "°C", 1, 273.15L}, {"FAHRENHEIT", "°F", 5.0L / 9, 273.15L - 32 * 5.0L / 9}}},
      {"Speed",
       {{"METER_PER_SECOND", "m/s"}, {"KILOMETER_PER_HOUR", "km/h", 1 / 3.6L}, {"MILE_PER_HOUR", "mi/h", 0.44704L}}},
      {"Power",
       {{"WATT", "W"},
        {"MILLIWATT", "mW", 0.001L},
        {"KILOWATT", "kW", 1000},
        {"HORSEPOWER", "hp", 745.69987158227022L}}},
      {"Energy",
       {{"JOULE", "J"},
        {"KILOJOULE", "kJ", 1000},
        {"CALORIE", "cal", 4.184L},
        {"KILOCALORIE", "kcal", 4184},
        {"WATTHOUR", "Wh", 3600},
        {"KILOWATTHOUR", "kWh", 3600000}}},
      {"Voltage", {{"VOLT", "V"}, {"MILLIVOLT", "mV", 0.001L}, {"KILOVOLT", "kV", 1000}}},
      {"Intensity", {{"AMPERE", "A"}, {"MILLIAMPERE", "mA", 0.001L}}},
      {"ElectricCharge", {{"AMPEREHOUR", "Ah"}, {"MILLIAMPEREHOUR", "mAh", 0.001L}, {"COULOMB", "C", 1 / 3600.0L}}},
      {"Resistance", {{"OHM", "Ω"}, {"KILOHM", "kΩ", 1000}, {"MEGOHM", "MΩ", 1000000}}},
      {"Frequency",
       {{"HERTZ", "Hz"}, {"KILOHERTZ", "kHz", 1000}, {"MEGAHERTZ", "MHz", 1000000}, {"GIGAHERTZ", "GHz", 1000000000}}},
      {"Binary",
       {{"BYTE", "B"},
        {"BIT", "b", 0.125L},
        {"KILOBYTE", "kB", 1000},
        {"MEGABYTE", "MB", 1000000},
        {"GIGABYTE", "GB", 1000000000},
        {"TERABYTE", "TB", 1000000000000}}},
      {"Pressure",
       {{"PASCAL", "Pa"}, {"KILOPASCAL", "kPa", 1000}, {"BAR", "bar", 100000}, {"PSI", "psi", 6894.757293168L}}},
      {"Force", {{"NEWTON", "N"}, {"KILONEWTON", "kN", 1000}, {"KILOGRAM_FORCE", "kgf", 9.80665L}}},
      {"Angle", {{"RADIAN", "rad"}, {"DEGREE", "°", 0.017453292519943295769L}}},
      {"Decibel", {{"DECIBEL", "dB"}}},
      {"Brightness", {{"LUMEN", "lm"}}},
      {"CaseBox", {{"PIECE", "Pc"}, {"DOZEN", "Dz", 12}}},
  };
}

}  // namespace

const Unit* UnitFamily::unit(std::string_view text) const {
  for (const auto& one : units)
    if (equals_ignoring_case(one.code, text)) return &one;
  for (const auto& one : units)
    if (!one.symbol.empty() && one.symbol == text) return &one;
  return nullptr;
}

std::string UnitFamily::known() const {
  std::string out;
  for (const auto& one : units) out.append(out.empty() ? "" : ", ").append(one.code);
  return out;
}

Units::Units(std::vector<UnitFamily> families) : families_(std::move(families)) {
  for (const auto& family : families_) {
    by_family_.emplace(family.code, &family);
    for (const auto& unit : family.units) by_code_.insert_or_assign(unit.code, Place{&family, &unit});
  }
}

const UnitFamily* Units::family(std::string_view code) const {
  if (const auto at = by_family_.find(code); at != by_family_.end()) return at->second;
  for (const auto& family : families_)
    if (equals_ignoring_case(family.code, code)) return &family;
  return nullptr;
}

const UnitFamily* Units::family_of(std::string_view code) const {
  const auto at = by_code_.find(code);
  return at != by_code_.end() ? at->second.family : nullptr;
}

const Unit* Units::unit(std::string_view code) const {
  const auto at = by_code_.find(code);
  return at != by_code_.end() ? at->second.unit : nullptr;
}

std::optional<std::string> Units::in_standard_unit(std::string_view amount, std::string_view unit_code) const {
  const auto* of = unit(unit_code);
  if (of == nullptr || !number_key(amount)) return std::nullopt;
  return twelve_digits(std::strtold(std::string(amount).c_str(), nullptr) * of->times + of->plus);
}

std::optional<std::string> Units::converted(std::string_view amount, std::string_view from, std::string_view to) const {
  if (!number_key(amount)) return std::nullopt;
  for (const auto& family : families_) {
    const Unit *source = family.unit(from), *target = family.unit(to);
    if (source == nullptr || target == nullptr) continue;
    const long double standard = std::strtold(std::string(amount).c_str(), nullptr) * source->times + source->plus;
    return twelve_digits((standard - target->plus) / target->times);
  }
  return std::nullopt;
}

const std::shared_ptr<const Units>& built_in_units() {
  static const auto all = std::make_shared<const Units>(families_built_in());
  return all;
}

std::optional<Measured> measured_in(std::string_view bytes) {
  constexpr std::size_t kMeasurementBytesMax = 200;  // a larger object is none, and need not be parsed
  if (bytes.size() > kMeasurementBytesMax || !bytes.starts_with("{\"amount\":")) return std::nullopt;
  const auto value = json::parse(bytes);
  if (!value.ok() || value->as_object() == nullptr || value->as_object()->size() != 2) return std::nullopt;
  const auto *amount = value->find("amount"), *unit = value->find("unit");
  if (amount == nullptr || amount->as_number() == nullptr || unit == nullptr || unit->as_string() == nullptr)
    return std::nullopt;
  return Measured{amount->as_number()->text, *unit->as_string()};
}

}  // namespace pf::catalog
