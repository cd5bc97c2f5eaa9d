// Stored on disk: do not change. Family "invoices":
//   "i" kind be16 year be32 number        -> JSON of the invoice, "v" its version; append-only, never personal data
//   "s" kind be16 year                    -> be32 last number of the series
//   "n" name                              -> kind be16 year be32 number: a name is given once, whatever the settings
//   "o" be64 order kind be16 year be32 number -> nothing: the order's invoices and credit notes
//   "r" be64 order refund identifier      -> kind be16 year be32 number: one credit note of a refund
//   "d"                                   -> JSON of the settings for customs (customs.h), "v" their version
//   "c"                                   -> JSON of the settings, "v" their version
// `kind` is a byte, 0 invoice, 1 credit note; `year` 0 where numbers have none.
#pragma once

#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::orders {

inline constexpr std::string_view kInvoicesFamily = "invoices", kInvoiceSettingsKey = "c",
                                  kCustomsSettingsKey = "d";
inline constexpr int kInvoiceVersion = 1;  // of records and settings; a newer one is refused
inline constexpr std::size_t kInvoicePlaceBytes = 7;

// kind, year, number
inline std::string invoice_place(std::uint8_t kind, std::uint16_t year, std::uint32_t number) {
  std::string place(1, static_cast<char>(kind));
  put_be16(place, year);
  put_be32(place, number);
  return place;
}
inline std::string invoice_key(std::string_view place) {
  return "i" + std::string(place);
}
inline std::string series_key(std::uint8_t kind, std::uint16_t year) {
  std::string key = "s" + std::string(1, static_cast<char>(kind));
  put_be16(key, year);
  return key;
}
inline std::string invoice_name_key(std::string_view name) {
  return "n" + std::string(name);
}
inline std::string invoices_of_order_prefix(std::uint64_t order) {
  std::string key = "o";
  put_be64(key, order);
  return key;
}
inline std::string credit_key(std::uint64_t order, std::string_view refund) {
  std::string key = "r";
  put_be64(key, order);
  return key + std::string(refund);
}

}  // namespace pf::orders
