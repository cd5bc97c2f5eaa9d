#include "papers/address.h"

#include <algorithm>
#include <array>

#include "json/members.h"
#include "papers/countries.h"
#include "productflow/text.h"

namespace pf::papers {
namespace {

// Where the house's number stands before the street, and where the postcode follows the place (Universal Postal Union,
// S42 templates); elsewhere it is the other way round.
constexpr std::array<std::string_view, 10> kNumberFirst{"AU", "CA", "FR", "GB", "IE", "LU", "NZ", "SG", "US", "ZA"};
constexpr std::array<std::string_view, 9> kPlaceFirst{"AU", "CA", "GB", "IE", "IN", "NZ", "SG", "US", "ZA"};

bool is_among(const auto& codes, std::string_view code) {
  return std::ranges::find(codes, code) != codes.end();
}
// Those that are there, with blanks between.
std::string joined(std::initializer_list<std::string> parts) {
  std::string out;
  for (const std::string& part : parts)
    if (!trim(part).empty()) out.append(out.empty() ? "" : " ").append(trim(part));
  return out;
}
// Posts read capitals of Latin alone here; the names are English.
std::string capitals(std::string_view name) {
  std::string out(name);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

}  // namespace

std::vector<std::string> address_lines(const vault::Private& address, std::string_view home, VatNumber vat_number) {
  const auto parsed = json::parse(address.in_the_clear());
  if (!parsed.ok() || parsed->as_object() == nullptr) return {};
  const auto part = [&](const char* name) { return std::string(json::text_in(*parsed, name)); };
  const std::string country = part("country_code");
  const std::string number = joined({part("house_number"), part("house_number_addition")});
  std::vector<std::string> lines{
      part("company_name"),
      joined({part("first_name"), part("last_name")}),
      is_among(kNumberFirst, country) ? joined({number, part("street_name")}) : joined({part("street_name"), number}),
      part("address_2"),
      is_among(kPlaceFirst, country) ? joined({part("city"), part("state"), part("zip_code")})
                                     : joined({part("zip_code"), part("city")}),
      is_among(kPlaceFirst, country) ? "" : part("state"),
      country == home ? "" : capitals(country_name(country)),
      vat_number == VatNumber::with ? part("vat_number") : ""};
  std::erase_if(lines, [](const std::string& line) { return trim(line).empty(); });
  return lines;
}

}  // namespace pf::papers
