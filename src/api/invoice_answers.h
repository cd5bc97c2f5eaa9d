// What invoices and their settings have in common in bodies and answers. Only for the files of such rows.
#pragma once

#include "api/rows.h"
#include "json/fields.h"
#include "orders/invoice.h"
#include "productflow/faults.h"

namespace pf::api {

inline const Currency kHundredths{};  // two digits: a percentage is read and written as an amount of them

inline json::Value rate_value(orders::VatRate rate) {
  return json::Value(json::Number{decimal({rate, kHundredths})});
}
inline orders::VatRate rate_of(Faults& faults, const std::string& field, const json::Decimal& percent) {
  const auto rate = parse_money(percent.text, kHundredths);
  if (rate.ok() && rate->minor >= 0 && rate->minor <= orders::kVatRateMax)
    return static_cast<orders::VatRate>(rate->minor);
  faults.add(field, "range", "must be a percentage from 0 to 100 with at most two decimals");
  return 0;
}

inline json::Value seller_value(const orders::Seller& seller) {
  return json::Value::object({{"name", seller.name},
                              {"street", seller.street},
                              {"zip_code", seller.zip_code},
                              {"city", seller.city},
                              {"country_code", seller.country_code},
                              {"vat_number", seller.vat_number},
                              {"registration_number", seller.registration_number},
                              {"iban", seller.iban},
                              {"email", seller.email},
                              {"phone_number", seller.phone_number},
                              {"small_business_note", seller.small_business_note},
                              {"footer", seller.footer}});
}

}  // namespace pf::api
