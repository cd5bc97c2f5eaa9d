// Units and their families, so that 0.5 KILOGRAM and 500 GRAM compare as equal: those that come with ProductFlow, and a
// shop's own beside them (measurement_family.h). A table never changes once it is made: a model holds the one of its
// moment, and whoever reads the model reads its units without a lock. A unit belongs to one family, since a value names
// its unit alone. Any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "catalog/attribute.h"

namespace pf::catalog {

struct Unit {
  std::string code{}, symbol{};     // "GRAM", "g"; a shop's own may have no symbol
  long double times = 1, plus = 0;  // amount in the standard unit = amount * times + plus
  Labels labels{};
  bool built_in = true;
};
struct UnitFamily {
  std::string code{};         // "Weight"
  std::vector<Unit> units{};  // the standard one first
  Labels labels{};
  bool built_in = true;
  // Null pointer if it has none. Codes in any case, before symbols.
  const Unit* unit(std::string_view code_or_symbol) const;
  std::string known() const;  // the codes of its units, for people: "GRAM, KILOGRAM"
};

class Units {
 public:
  // Of two units with one code the later family's counts: a shop's own, that it had before one like it was built in.
  explicit Units(std::vector<UnitFamily> families);
  Units(const Units&) = delete;
  Units& operator=(const Units&) = delete;

  const std::vector<UnitFamily>& families() const { return families_; }
  const UnitFamily* family(std::string_view code) const;     // null pointer if there is none; in any case
  const UnitFamily* family_of(std::string_view unit) const;  // the exact code
  const Unit* unit(std::string_view code) const;             // the same

  // The amount in the standard unit of the unit's family, as a plain decimal of 12 significant digits; nothing for an
  // unknown unit or what is no number.
  std::optional<std::string> in_standard_unit(std::string_view amount, std::string_view unit_code) const;
  // The amount (a plain decimal) in another unit of the same family, of 12 significant digits. Units by code or symbol;
  // a symbol that two families have is the first one's that has both.
  std::optional<std::string> converted(std::string_view amount, std::string_view from, std::string_view to) const;

 private:
  struct Place {
    const UnitFamily* family = nullptr;
    const Unit* unit = nullptr;
  };
  const std::vector<UnitFamily> families_;
  std::unordered_map<std::string_view, Place> by_code_{};
  std::unordered_map<std::string_view, const UnitFamily*> by_family_{};
};

// As a formula asks for it (expression::Convert), for as long as it lives.
inline auto converting(std::shared_ptr<const Units> units) {
  return [units = std::move(units)](std::string_view amount, std::string_view from, std::string_view to) {
    return units->converted(amount, from, to);
  };
}

// Those that come with ProductFlow: their codes are Akeneo's where it has the unit, and their factors never change.
const std::shared_ptr<const Units>& built_in_units();

// {"amount": 500, "unit": "GRAM"} as it is stored; nothing for what is no measurement.
struct Measured {
  std::string amount{}, unit{};
};
std::optional<Measured> measured_in(std::string_view value_bytes);

}  // namespace pf::catalog
