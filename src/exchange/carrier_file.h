// Writes consignments as a carrier's label program reads them (carrier_format.h). In memory alone: it names buyers.
#pragma once

#include "exchange/carrier_format.h"
#include "exchange/consignment.h"

namespace pf::exchange {

// What one parcel comes to: the cells, and what is wrong with them; faults name columns, never values.
struct CarrierRow {
  std::vector<std::string> cells{};  // in the format's encoding
  std::vector<FieldFault> faults{};
};
CarrierRow carrier_row(const CarrierFormat& format, const CarrierTerms& terms, const Consignment& one);

// UTF-8 in Windows-1252; nothing where a letter has no place in it, not even its base letter.
std::optional<std::string> to_windows1252(std::string_view utf8);

// Adds the header's row, if the format has one, or a row.
void put_carrier_header(const CarrierFormat& format, std::string& out);
void put_carrier_row(const CarrierFormat& format, const std::vector<std::string>& cells, std::string& out);

}  // namespace pf::exchange
