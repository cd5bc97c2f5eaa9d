// What a described attribute makes of a value: refused with what to do, or taken into its normal form, in which it is
// stored, searched and compared:
//   text, rich_text, identifier, reference, image, file, date   a text; a date is 2026-01-31, a GTIN or ISBN its digits
//   number, decimal       a JSON number without needless zeros       yes_no   true or false
//   choice                the choice's code                          choices  a list of codes
//   measurement           {"amount": 12.5, "unit": "CENTIMETER"}     table    a list of objects
//   price                 one cell per currency: price-EUR, a JSON number with the currency's digits
//   link                  an SKU, or a list of them; they may come later, as a parent may
// An attribute that has a value per channel has one cell for each: description-webshop. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/model.h"
#include "catalog/product.h"

namespace pf::catalog {

// Whether check_values() could find anything to do.
bool names_described(const Model& model, const ProductChange& change);
// Takes what the change says of described attributes into normal form and into its place (a language of its own, a cell
// per channel or currency), and adds a fault for what cannot be. `locale` is that of the call's texts.
void check_values(const Model& model, const std::string& locale, ProductChange& change,
                  std::vector<FieldFault>& faults);

// One value by itself. `unit` is the unit that a cell of its own names; empty: none.
std::optional<json::Value> normal_value(const KnownAttribute& attribute, const json::Value& value,
                                        std::string_view unit, std::string_view currency, const std::string& field,
                                        std::vector<FieldFault>& faults);

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
