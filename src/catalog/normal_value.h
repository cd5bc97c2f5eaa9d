// What a described attribute makes of a value: refused with what to do, or taken into its normal form, in which it is
// stored, searched and compared:
//   text, rich_text, identifier, reference, image, file, date   a text; a date is 2026-01-31, a GTIN or ISBN its digits
//   number, decimal       a JSON number without needless zeros       yes_no   true or false
//   choice                the choice's code                          choices  a list of codes
//   measurement           {"amount": 12.5, "unit": "CENTIMETER"}     table    a list of objects
//   reference(s)          of a kind: a record's code, or a list of them; whether it is there, References looks up
//   price                 one cell per currency: price-EUR, a JSON number with the currency's digits
//   link                  an SKU, or a list of them; they may come later, as a parent may
// Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/model.h"

namespace pf::catalog {

// One value by itself. `unit` is the unit that a cell of its own names; empty: none.
// `units`: those of the shop.
std::optional<json::Value> normal_value(const KnownAttribute& attribute, const Units& units, const json::Value& value,
                                        std::string_view unit, std::string_view currency, const std::string& field,
                                        std::vector<FieldFault>& faults);

}  // namespace pf::catalog
