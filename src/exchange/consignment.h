// One parcel as a carrier's label program wants to know it: where it goes, what it weighs, what it is called here.
// Holds a buyer in the clear, so it lives as long as the answer that is made of it, and is kept nowhere.
//
// Fields that a formula may name:
//   reference                       "100123-PACK01": what comes back with the tracking number (orders/tracking.h)
//   order, order_code, channel, channel_order_id, parcel; shipping_method as the buyer chose it
//   service, account                as the question says: the carrier's product, the shop's number with the carrier
//   date                            today, 2026-11-26
//   name, first_name, last_name, company_name; name1, name2     company and person, or the person alone
//   street_name, house_number, house_number_addition, number (both), street (all three), address_2
//   zip_code, city, state, country_code, email, phone
//   weight_g, weight_kg, length_mm, width_mm, height_mm, length_cm, width_cm, height_cm     empty: not known
//   pieces, contents (titles), value, currency
//   sender_name, sender_street, sender_zip_code, sender_city, sender_country_code, sender_email, sender_phone
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "catalog/measurement.h"
#include "json/json.h"
#include "orders/invoice.h"
#include "orders/orders.h"

namespace pf::exchange {

struct Consignment {
  const orders::Order& order;
  const orders::Parcel* parcel = nullptr;  // null: all that is ready
  json::Value address{};                   // of vault::Field::shipping
  std::string email{}, phone{};
};
struct CarrierTerms {
  orders::Seller seller{};
  std::string service{}, account{}, date{};
  std::shared_ptr<const catalog::Units> units = catalog::built_in_units();  // of the shop, in which formulas convert
};

std::span<const std::string_view> consignment_fields();
// Empty for what is not known. REQUIRES: `name` is one of them.
std::string consignment_field(const Consignment& one, const CarrierTerms& terms, std::string_view name);

}  // namespace pf::exchange
