// Which countries are one for VAT and customs. Pure functions, any thread.
#pragma once

#include <string_view>

namespace pf::orders {

bool is_in_eu(std::string_view country_code);  // ISO 3166; Greece is GR
// A number of VAT of an EU country by its form: the country's letters (Greece: EL; goods of Northern Ireland: XI) and 2
// to 12 letters and digits. Whether it is in force is known to VIES alone.
bool is_eu_vat_number(std::string_view number);
// Whether goods from one to the other pass customs: another country, and not both in the EU's customs union.
bool passes_customs(std::string_view from, std::string_view to);

}  // namespace pf::orders
