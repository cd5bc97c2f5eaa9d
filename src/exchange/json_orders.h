// Orders as the APIs of shops and marketplaces answer them, and what they are read with. Pure functions, any thread.
#pragma once

#include "exchange/values.h"

namespace pf::exchange {

std::string words_in(const json::Value& in, std::string_view name);  // a text, or a number's digits; empty for all else
const json::Array& list_in(const json::Value& in, std::string_view name);  // an empty one where there is none
const json::Value& part_in(const json::Value& in, std::string_view name);  // an object, empty where there is none
const json::Value& no_part();                                              // an empty object
bool is_set(const json::Value& in, std::string_view name);

// What an API calls the parts of an address; empty where it has none of it. `street` may be a list of lines. Behind a
// dot stands what an object within the address has: "country.iso".
struct AddressNames {
  const char *first = "", *last = "", *company = "", *street = "", *number = "", *addition = "", *more = "",
             *third = "", *zip = "", *city = "", *state = "", *country = "", *vat = "", *phone = "";
};
// Both addresses, sealed, and of the shipping address, or else of the billing address, the country and the phone; where
// neither has a phone, `phone`.
void put_addresses(orders::PlaceOrder& order, const json::Value& shipping, const json::Value& billing,
                   const AddressNames& names, std::string_view phone = {});

// Whether something can be sent to it: it has a street, and the name of a person or a company.
bool is_address(const json::Value& address, const AddressNames& names);

// Of a member that `in` may lack or have as null: a fault, under the name `field`, where it is of a type that the API
// does not write, so that what it was to say does not pass for nothing. Amounts and pieces are small enough to be
// added.
std::string text_told(const json::Value& in, std::string_view name, const char* field, std::vector<FieldFault>& faults);
std::optional<Money> amount_told(const json::Value& in, std::string_view name, const char* field, Currency currency,
                                 std::vector<FieldFault>& faults);
std::int64_t pieces_told(const json::Value& in, std::string_view name, const char* field,
                         std::vector<FieldFault>& faults);
bool flag_told(const json::Value& in, std::string_view name, const char* field, std::vector<FieldFault>& faults);
inline constexpr std::int64_t kAmountMax = 1'000'000'000'000;  // times a line's pieces it still can be counted

// An amount in the currency's minor units, 0 where there is none; and the sum of those in a list.
std::int64_t minor_told(const json::Value& in, std::string_view name, const char* field, Currency currency,
                        std::vector<FieldFault>& faults);
std::int64_t sum_told(const json::Array& list, std::string_view name, const char* field, Currency currency,
                      std::vector<FieldFault>& faults);
// One more fault or notice. A function of its own, since an order has many and each would be a hundred bytes of code.
void tell(std::vector<FieldFault>& to, const char* field, const char* code, std::string_view message);
void tell_unknown_state(std::vector<FieldFault>& to, const char* field, const char* system);

// A part or a list that an API may leave out or write as null, or as [] where it is empty; of another type it is told.
const json::Value& part_told(const json::Value& in, std::string_view name, const char* field,
                             std::vector<FieldFault>& faults);
const json::Array& list_told(const json::Value& in, std::string_view name, const char* field,
                             std::vector<FieldFault>& faults);

// Of each, is_... tells one by its members' names, in the file that is called by the system.
bool is_magento_order(const json::Value& in);
OrderItem magento_order(const json::Value& in);
bool is_bol_order(const json::Value& in);
OrderItem bol_order(const json::Value& in);
bool is_vendure_order(const json::Value& in);
OrderItem vendure_order(const json::Value& in);
bool is_mirakl_order(const json::Value& in);
OrderItem mirakl_order(const json::Value& in);
bool is_shopware_order(const json::Value& in);
OrderItem shopware_order(const json::Value& in);
bool is_bigcommerce_order(const json::Value& in);
OrderItem bigcommerce_order(const json::Value& in);
bool is_amazon_order(const json::Value& in);  // amazon_api_orders.cpp
OrderItem amazon_order(const json::Value& in);
bool is_prestashop_order(const json::Value& in);
OrderItem prestashop_order(const json::Value& in);
bool is_amazon_tax_on_top(const Currency& currency);  // of prices in it, whether in a flat file or in the API's answer

}  // namespace pf::exchange
