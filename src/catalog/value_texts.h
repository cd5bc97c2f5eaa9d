// What people write for days, numbers and codes, in one form. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "catalog/measurement.h"

namespace pf::catalog {

// "2026-01-31" of itself, of a time, of 31-1-2026, 31.01.2026 and 31/1/2026; nothing for what is no day, or could be
// two (01/02/2026).
std::optional<std::string> iso_date(std::string_view text);
// A decimal with a point of what people write: "12,5" too; nothing for what is no number, or could be two ("1,234").
std::optional<std::string> plain_number(std::string_view text);
// Thirteen digits of an ISBN-10 or -13 with any dashes; nothing if a check digit is wrong.
std::optional<std::string> isbn13(std::string_view text);
// "500 g", "500 GRAM", "500" in the attribute's unit: the amount in the standard unit, for questions.
std::optional<std::string> measured(const Attribute& attribute, const Units& units, std::string_view text);
// "12.5 cm", "12 PACK_6": the amount, and the unit as it is written, where it is one of the family; else what stands
// before the first letter and what stands behind. The unit is empty where there is none.
std::pair<std::string_view, std::string_view> amount_and_unit(std::string_view text, const UnitFamily& family);

}  // namespace pf::catalog
