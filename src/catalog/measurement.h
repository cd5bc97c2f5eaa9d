// Units and their families, so that 0.5 KILOGRAM and 500 GRAM compare as equal. The table is fixed: converted amounts
// are stored in the search index, so a unit's factor never changes; new units may be added. Codes are Akeneo's where it
// has the unit. A unit belongs to one family. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pf::catalog {

struct Unit {
  std::string_view code, symbol;    // "GRAM", "g"
  long double times = 1, plus = 0;  // amount in the standard unit = amount * times + plus
};
struct UnitFamily {
  std::string_view code;                                    // "Weight"
  std::vector<Unit> units;                                  // the standard one first
  const Unit* unit(std::string_view code_or_symbol) const;  // null pointer if it has none; codes in any case
};

const std::vector<UnitFamily>& unit_families();
const UnitFamily* unit_family(std::string_view code);     // null pointer if there is none; in any case
const UnitFamily* family_of_unit(std::string_view code);  // the exact code

// The amount in the standard unit of the unit's family, as a plain decimal of 12 significant digits; nothing for an
// unknown unit or what is no number.
std::optional<std::string> in_standard_unit(std::string_view amount, std::string_view unit_code);

// The amount (a plain decimal) in another unit of the same family, of 12 significant digits. Units by code or symbol; a
// symbol that two families have is the first one's that has both.
std::optional<std::string> converted(std::string_view amount, std::string_view from, std::string_view to);

}  // namespace pf::catalog
