#include "catalog/measurement_family.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "catalog/search_entry.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

// From a quark to a galaxy; with what products hold, far from where a long double ends.
constexpr long double kFactorMax = 1e30L;

struct Conversion {
  long double times = 1, plus = 0;
  friend bool operator==(const Conversion&, const Conversion&) = default;
};

long double number_of_step(const ConversionStep& step) {
  return std::strtold(step.value.text.c_str(), nullptr);
}

Conversion conversion_of(const MeasurementUnit& unit) {
  Conversion out;
  for (const auto& step : unit.to_standard) {
    const long double value = number_of_step(step);
    if (step.operation == "mul") {
      out.times *= value;
      out.plus *= value;
    } else if (step.operation == "div") {
      out.times /= value;
      out.plus /= value;
    } else {
      out.plus += step.operation == "add" ? value : -value;
    }
  }
  return out;
}

// Factors as others round them.
bool nearly(long double a, long double b) {
  constexpr long double kRounded = 1e-9L;  // the shortest published factors have as many digits
  return std::fabs(a - b) <= kRounded * std::max(std::fabs(a), std::fabs(b));
}

std::string digits_of(long double number) {
  char text[64];
  std::snprintf(text, sizeof text, "%.17Lg", number);
  return canonical_number(text);
}

std::vector<ConversionStep> steps_of(const Unit& unit) {
  std::vector<ConversionStep> out;
  if (unit.times != 1) out.push_back({"mul", {digits_of(unit.times)}});
  if (unit.plus != 0) out.push_back({"add", {digits_of(unit.plus)}});
  return out;
}

bool is_unit_code(std::string_view code) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !code.empty() && code.size() <= kUnitCodeBytesMax && letter(code.front()) &&
         std::ranges::all_of(code, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

// It is read behind an amount, as in "12 box".
bool is_symbol(std::string_view symbol) {
  constexpr std::string_view kOfNumbers = "0123456789.,-+'";
  return symbol.size() <= kSymbolBytesMax && !first_bad_utf8(symbol) && trim(symbol) == symbol &&
         (symbol.empty() || kOfNumbers.find(symbol.front()) == std::string_view::npos) &&
         std::ranges::none_of(symbol, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
}

void check_steps(const MeasurementUnit& unit, const std::string& at, std::vector<FieldFault>& faults) {
  const std::size_t before = faults.size();
  if (unit.to_standard.size() > kConversionStepsMax) {
    faults.push_back({at, "too_many", "A unit has at most " + std::to_string(kConversionStepsMax) + " steps."});
    return;
  }
  for (std::size_t i = 0; i < unit.to_standard.size(); ++i) {
    const auto& step = unit.to_standard[i];
    const std::string here = at + "[" + std::to_string(i) + "]";
    const bool scales = step.operation == "mul" || step.operation == "div";
    if (!scales && step.operation != "add" && step.operation != "sub")
      faults.push_back({here + ".operator", "unknown", "is mul, div, add or sub"});
    if (step.value.text.size() > kNumberBytesMax)
      faults.push_back({here + ".value", "too_long", "has more than " + std::to_string(kNumberBytesMax) + " digits"});
    else if (scales && !(number_of_step(step) > 0))
      faults.push_back({here + ".value", "range", "is above 0: by nothing else can an amount be converted and back"});
  }
  if (faults.size() > before) return;
  const Conversion all = conversion_of(unit);
  if (!(all.times >= 1 / kFactorMax && all.times <= kFactorMax && std::fabs(all.plus) <= kFactorMax))
    faults.push_back({at, "range", "The steps together make a factor or a sum that no measure has (beyond 10^30)."});
}

class FamilyCheck {
 public:
  FamilyCheck(MeasurementFamily& family, const Units& units)
      : f_(family), units_(units), ours_(built_in_units()->family(family.code)) {}

  std::vector<FieldFault> faults() {
    if (!is_unit_code(f_.code))
      fault("code", "format",
            "is letters, digits and _, begins with a letter and has at most " + std::to_string(kUnitCodeBytesMax));
    if (ours_ != nullptr && ours_->code != f_.code)
      fault("code", "built_in", "This family is built in as " + ours_->code + "; write it like that.");
    f_.built_in = ours_ != nullptr;
    check_labels(f_.labels, "labels", faults_);
    const auto own = std::ranges::count_if(f_.units, [&](const MeasurementUnit& one) { return known(one) == nullptr; });
    if (static_cast<std::size_t>(own) > kFamilyUnitsMax) {
      fault("units", "too_many", "A shop has at most " + std::to_string(kFamilyUnitsMax) + " units in a family.");
      return std::move(faults_);
    }
    standard();
    for (std::size_t i = 0; i < f_.units.size(); ++i) unit(i);
    names();
    std::erase_if(f_.units, [](const MeasurementUnit& one) { return *one.built_in && one.labels.empty(); });
    return std::move(faults_);
  }

 private:
  void fault(std::string field, const char* code, std::string message) {
    faults_.push_back({std::move(field), code, std::move(message)});
  }
  static std::string at(std::size_t i) { return "units[" + std::to_string(i) + "]"; }

  const Unit* known(const MeasurementUnit& one) const {  // null pointer if it is not built in
    if (ours_ == nullptr) return nullptr;
    const auto at = std::ranges::find(ours_->units, one.code, &Unit::code);
    return at != ours_->units.end() ? &*at : nullptr;
  }

  void standard() {
    if (ours_ != nullptr) {
      if (!f_.standard_unit.empty() && f_.standard_unit != ours_->units.front().code)
        fault("standard_unit", "built_in",
              "The standard unit of " + ours_->code + " is built in: " + ours_->units.front().code + ".");
      f_.standard_unit = ours_->units.front().code;
      return;
    }
    if (std::ranges::find(f_.units, f_.standard_unit, &MeasurementUnit::code) == f_.units.end())
      fault("standard_unit", f_.standard_unit.empty() ? "required" : "unknown",
            "Say which of the family's units all amounts are compared in.");
  }

  void unit(std::size_t i) {
    MeasurementUnit& one = f_.units[i];
    if (!is_unit_code(one.code))
      fault(at(i) + ".code", "format",
            "is letters, digits and _, begins with a letter and has at most " + std::to_string(kUnitCodeBytesMax));
    const std::string symbol = one.symbol.value_or("");
    if (!is_symbol(symbol))
      fault(at(i) + ".symbol", "format",
            "has at most " + std::to_string(kSymbolBytesMax) + " bytes, no blanks around it and no digit in front");
    check_labels(one.labels, at(i) + ".labels", faults_);
    check_steps(one, at(i) + ".to_standard", faults_);
    one.symbol = symbol;
    one.built_in = false;
    if (const Unit* of_ours = known(one)) return built_in(one, *of_ours, at(i));
    const bool is_standard = one.code == f_.standard_unit;
    const Conversion conversion = conversion_of(one);
    if (is_standard && !(conversion == Conversion{}))
      fault(at(i) + ".to_standard", "standard", "is the standard unit, which has no steps");
    if (is_standard) one.to_standard.clear();
    if (!is_standard && one.to_standard.empty())
      fault(at(i) + ".to_standard", "required",
            "Say how an amount becomes one in " + f_.standard_unit + "; by mul 1, where it is the same.");
    for (const auto& family : units_.families()) {
      if (family.code == f_.code) continue;
      for (const auto& other : family.units)
        if (equals_ignoring_case(other.code, one.code))
          fault(at(i) + ".code", "taken",
                "The unit " + other.code + " belongs to the family " + family.code +
                    ". A unit belongs to one family, since a value names its unit alone; take another code.");
    }
  }

  void built_in(MeasurementUnit& one, const Unit& known, const std::string& at) {
    const Conversion said = conversion_of(one);
    if (!one.symbol->empty() && one.symbol != known.symbol)
      fault(at + ".symbol", "built_in", known.code + " is built in, with the symbol " + known.symbol + ".");
    if (!one.to_standard.empty() && !(nearly(said.times, known.times) && nearly(said.plus, known.plus)))
      fault(at + ".to_standard", "built_in",
            known.code + " is built in and is " + digits_of(known.times) + " " + ours_->units.front().code +
                "; leave its steps out.");
    one.symbol = known.symbol;
    one.to_standard.clear();
    one.built_in = true;
  }

  // Within the family, of what is built in too: whoever writes "12 box" means one unit.
  void names() {
    struct Name {
      std::string_view code, symbol;
      std::size_t at;
    };
    std::vector<Name> all;
    constexpr std::size_t kBuiltIn = SIZE_MAX;
    if (ours_ != nullptr)
      for (const Unit& known : ours_->units) all.push_back({known.code, known.symbol, kBuiltIn});
    for (std::size_t i = 0; i < f_.units.size(); ++i) {
      const MeasurementUnit& one = f_.units[i];
      for (const Name& other : all) {
        if (*one.built_in && other.at == kBuiltIn) continue;
        if (equals_ignoring_case(other.code, one.code))
          fault(at(i) + ".code", "repeated", "The unit " + std::string(other.code) + " is there already.");
        else if (!one.symbol->empty() && (*one.symbol == other.symbol || equals_ignoring_case(*one.symbol, other.code)))
          fault(at(i) + ".symbol", "repeated",
                "An amount with \"" + *one.symbol + "\" could be one in " + std::string(other.code) + " too.");
        else if (!other.symbol.empty() && equals_ignoring_case(other.symbol, one.code))
          fault(at(i) + ".code", "repeated",
                "An amount with \"" + one.code + "\" could be one in " + std::string(other.code) + " too.");
      }
      all.push_back({one.code, *one.symbol, i});
    }
  }

  MeasurementFamily& f_;
  const Units& units_;
  const UnitFamily* const ours_;
  std::vector<FieldFault> faults_{};
};

}  // namespace

std::vector<FieldFault> check_measurement_family(MeasurementFamily& family, const Units& units) {
  return FamilyCheck(family, units).faults();
}

std::vector<std::string> fit_to_built_in(MeasurementFamily& f) {
  std::vector<std::string> told;
  const UnitFamily* ours = built_in_units()->family(f.code);
  if (ours != nullptr && ours->code != f.code) ours = nullptr;  // which is refused, with how it is written
  if (ours != nullptr && f.standard_unit != ours->units.front().code) {
    const Unit& standard = ours->units.front();
    if (const Unit* theirs = built_in_units()->unit(f.standard_unit);
        theirs != nullptr && built_in_units()->family_of(f.standard_unit) == ours) {
      for (MeasurementUnit& unit : f.units)
        for (const ConversionStep& step : steps_of(*theirs)) unit.to_standard.push_back(step);
      f.standard_unit = standard.code;
    }
  }
  std::erase_if(f.units, [&](MeasurementUnit& unit) {
    const Unit* known = built_in_units()->unit(unit.code);
    if (known == nullptr) return false;
    const UnitFamily* family = built_in_units()->family_of(unit.code);
    if (family != ours) {
      if (ours == nullptr) return false;  // a family of its own cannot do without, and is refused
      told.push_back("the unit " + unit.code + " belongs to " + family->code + " here and is left out of " + f.code);
      return true;
    }
    const Conversion said = conversion_of(unit);
    if (!unit.to_standard.empty() && !(nearly(said.times, known->times) && nearly(said.plus, known->plus)))
      told.push_back("the unit " + unit.code + " is built in as " + digits_of(known->times) + " " +
                     ours->units.front().code + ", and stays so");
    unit.to_standard.clear();
    unit.symbol = known->symbol;
    return false;
  });
  if (ours == nullptr) return told;
  // A symbol that a unit has here already would not say which of them is meant.
  for (MeasurementUnit& unit : f.units)
    for (const Unit& known : ours->units)
      if (known.code != unit.code && unit.symbol && !unit.symbol->empty() &&
          (*unit.symbol == known.symbol || equals_ignoring_case(*unit.symbol, known.code))) {
        told.push_back("the symbol " + *unit.symbol + " of " + unit.code + " is that of " + known.code +
                       " here and is left out");
        unit.symbol = "";
      }
  return told;
}

std::shared_ptr<const Units> units_with(const std::vector<const MeasurementFamily*>& said) {
  if (said.empty()) return built_in_units();
  std::vector<UnitFamily> all = built_in_units()->families();
  for (const MeasurementFamily* one : said) {
    auto family = std::ranges::find(all, one->code, &UnitFamily::code);
    if (family == all.end()) {
      all.push_back({one->code, {}, {}, false});
      family = all.end() - 1;
    }
    family->labels = one->labels;
    for (const MeasurementUnit& unit : one->units) {
      const auto known = std::ranges::find(family->units, unit.code, &Unit::code);
      if (known != family->units.end()) {
        known->labels = unit.labels;
        continue;
      }
      const Conversion conversion = conversion_of(unit);
      const Unit own{unit.code, unit.symbol.value_or(""), conversion.times, conversion.plus, unit.labels, false};
      const bool first = !family->built_in && unit.code == one->standard_unit;
      family->units.insert(first ? family->units.begin() : family->units.end(), own);
    }
  }
  return std::make_shared<const Units>(std::move(all));
}

MeasurementFamily whole_family(const MeasurementFamily* said, const UnitFamily* built_in) {
  if (built_in == nullptr) return *said;
  MeasurementFamily out;
  out.code = built_in->code;
  out.standard_unit = built_in->units.front().code;
  out.built_in = true;
  for (const Unit& unit : built_in->units) out.units.push_back({unit.code, unit.symbol, {}, steps_of(unit), true});
  if (said == nullptr) return out;
  out.labels = said->labels;
  for (const MeasurementUnit& unit : said->units) {
    const auto known = std::ranges::find(out.units, unit.code, &MeasurementUnit::code);
    if (known != out.units.end())
      known->labels = unit.labels;
    else
      out.units.push_back(unit);
  }
  return out;
}

std::vector<std::string> units_changed(const MeasurementFamily& before, const MeasurementFamily* after) {
  std::vector<std::string> out;
  const bool other_standard = after == nullptr || after->standard_unit != before.standard_unit;
  for (const MeasurementUnit& was : before.units) {
    if (was.built_in.value_or(false)) continue;
    const MeasurementUnit* is = nullptr;
    if (after != nullptr)
      for (const MeasurementUnit& one : after->units)
        if (one.code == was.code) is = &one;
    if (other_standard || is == nullptr || !(conversion_of(*is) == conversion_of(was))) out.push_back(was.code);
  }
  return out;
}

}  // namespace pf::catalog
