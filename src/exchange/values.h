// What cells hold, as programs and people write it: amounts, yes and no, lists, locales in a column's name, addresses.
// Pure functions, any thread. No message repeats a cell, since a shifted row may hold a buyer's name anywhere.
#pragma once

#include "exchange/party.h"

namespace pf::exchange {

// "19.95", "19,95", "105.29 USD", "EUR 12,50", "$1,045.99", "1.045,99": the decimal as parse_money reads it, and the
// currency if one is named. Nothing when it is no amount, or could mean two ("1,234").
struct Amount {
  std::string decimal{}, currency{};
};
std::optional<Amount> amount_of(std::string_view text);

// Sets one price of an offer; a fault goes to `notices`, so that a bad price does not cost the product.
void put_price(ProductItem& item, std::string_view text, catalog::PriceKind kind, std::string_view currency,
               const std::string& column);
// "12", and "12.00" as shops with fractions write whole pieces.
std::optional<std::int64_t> whole_pieces(std::string_view text);
// Pieces on hand; what is no whole number becomes a notice, less than none becomes none (some count backorders so).
json::Members& texts_of(ProductItem& item, const std::string& locale);  // what it says in that language
void put_stock(ProductItem& item, std::string_view text, const std::string& column);
// The EAN if its check digit is right; else it stays an attribute and a notice tells.
void put_ean(ProductItem& item, std::string_view text, const std::string& column);
// Addresses if all of them are; else they stay an attribute, as paths inside an archive do.
void put_images(ProductItem& item, std::vector<std::string> images, std::string_view cell, const std::string& column);

std::optional<bool> yes_or_no(std::string_view text);  // 1, true, yes, ja, oui, ... in some languages

// Items of a list, trimmed, without empty ones; a backslash keeps a separator.
std::vector<std::string> list_of(std::string_view cell, char separator = ',');
std::string category_path(std::string_view text);  // "Clothing > Tshirts" -> "Clothing/Tshirts"
std::string slug_of(std::string_view text);        // "Woo Album #1" -> "woo-album-1"; for products without a SKU

// "en_US", "nl-NL", "zh_Hans" at a column's end; nothing for what only looks alike.
std::optional<std::string> locale_in(std::string_view part);

// For orders.
void put_field(vault::Buyer& buyer, vault::Field field, std::string_view text);
void put_address(vault::Buyer& buyer, vault::Field field,
                 const std::vector<std::pair<const char*, std::string_view>>& parts);
std::optional<Money> money_of(std::string_view text, Currency currency, const char* field,
                              std::vector<FieldFault>& faults);
// Of a decimal that may have more digits than the currency, as APIs give; the sums that count are rounded by the shop
// itself.
std::optional<Money> rounded_money(std::string decimal, Currency currency);
std::optional<Currency> currency_of(std::string_view text, const char* field, std::vector<FieldFault>& faults);
std::optional<std::int64_t> pieces_of(std::string_view text, const char* field, std::vector<FieldFault>& faults);
std::optional<std::int64_t> month_named(std::string_view text);  // "Nov", "november", "M\u00e4rz": 1 to 12
std::optional<Time> time_of(std::string_view text, const char* field, std::vector<FieldFault>& faults);
// The price of one of `pieces`, rounded half up; the order's total keeps what rounding loses.
Money per_piece(const Money& whole, std::int64_t pieces);
// What of `whole` falls on a `part` of `all`, rounded down; nothing where one is negative or beyond 30 million in
// cents, all is nothing, or the part more than all.
std::optional<std::int64_t> share_of(std::int64_t whole, std::int64_t part, std::int64_t all);
// An amount and the tax that comes on top of it; the amount alone where the sum is beyond what can be counted.
Money with_tax(const Money& amount, const std::optional<Money>& tax);
std::string country_of(std::string_view text);  // two capital letters, or nothing

}  // namespace pf::exchange
