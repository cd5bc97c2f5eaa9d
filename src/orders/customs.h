// What customs want to know of a parcel that crosses their border, as far as the shop says it once: who sends, under
// which terms, and which of a product's attributes hold its tariff number, origin and weight. Plain values and their
// bytes; invoices.h keeps them.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "productflow/result.h"

namespace pf::orders {

// Incoterms 2020 that a parcel can be sent under; the first when nothing is said.
inline constexpr std::array<std::string_view, 7> kIncoterms{"DAP", "DDP", "EXW", "FCA", "CPT", "CIP", "DPU"};
// Why goods leave; as the posts' form CN 23 has it. The first when nothing is said.
inline constexpr std::array<std::string_view, 6> kExportReasons{"sale", "gift", "sample", "return", "repair", "other"};
inline constexpr std::array<std::string_view, 4> kWeightUnits{"g", "kg", "lb", "oz"};

struct CustomsSettings {
  std::string eori;  // the seller's number with customs, such as NL123456789
  std::string incoterm{kIncoterms[0]}, reason{kExportReasons[0]};
  // Names of products' attributes; empty: not asked for.
  std::string hs_code_attribute = "hs_code", origin_attribute = "country_of_origin", weight_attribute = "weight";
  std::string weight_unit{kWeightUnits[0]};  // of weights that name none
  std::string origin;                        // ISO 3166, of products that say nothing; may be empty
  friend bool operator==(const CustomsSettings&, const CustomsSettings&) = default;
};

Result<> check_customs(const CustomsSettings& settings);  // every fault at once
std::string write_customs(const CustomsSettings& settings);
Result<CustomsSettings> read_customs(std::string_view record);
// A tariff number as it is printed: 6 to 10 digits, as the Harmonised System and the countries' own have it; empty for
// what is none.
std::string hs_code_of(std::string_view written);

}  // namespace pf::orders
