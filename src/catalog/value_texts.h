// What people write for days, numbers and codes, in one form. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/attribute.h"

namespace pf::catalog {

// "2026-01-31" of itself, of a time, of 31-1-2026, 31.01.2026 and 31/1/2026; nothing for what is no day, or could be
// two (01/02/2026).
std::optional<std::string> iso_date(std::string_view text);
// A decimal with a point of what people write: "12,5" too; nothing for what is no number, or could be two ("1,234").
std::optional<std::string> plain_number(std::string_view text);
// Thirteen digits of an ISBN-10 or -13 with any dashes; nothing if a check digit is wrong.
std::optional<std::string> isbn13(std::string_view text);
// "500 g", "500 GRAM", "500" in the attribute's unit: the amount in the standard unit, for questions.
std::optional<std::string> measured(const Attribute& attribute, std::string_view text);

}  // namespace pf::catalog
