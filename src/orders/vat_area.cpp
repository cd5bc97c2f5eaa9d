#include "orders/vat_area.h"

#include <algorithm>
#include <array>

namespace pf::orders {
namespace {

// Members since 2020.
constexpr std::array<std::string_view, 27> kEu{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES",
                                               "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
                                               "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};

// Monaco is of France's customs territory. Turkey's union is of some goods alone, with papers of their own.
bool is_in_customs_union(std::string_view country_code) {
  return is_in_eu(country_code) || country_code == "MC";
}

}  // namespace

bool is_in_eu(std::string_view country_code) {
  return std::ranges::find(kEu, country_code) != kEu.end();
}

bool is_eu_vat_number(std::string_view number) {
  std::size_t size = 0;
  char country[2] = {};
  for (const char c : number) {
    if (c == ' ' || c == '.' || c == '-') continue;
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (size < 2)
      country[size] = upper;
    else if (!((upper >= 'A' && upper <= 'Z') || (upper >= '0' && upper <= '9') || upper == '+' || upper == '*'))
      return false;
    ++size;
  }
  const std::string_view letters(country, 2);
  return size >= 4 && size <= 14 && letters != "GR" && (letters == "EL" || letters == "XI" || is_in_eu(letters));
}

bool passes_customs(std::string_view from, std::string_view to) {
  return !from.empty() && !to.empty() && from != to && !(is_in_customs_union(from) && is_in_customs_union(to));
}

}  // namespace pf::orders
