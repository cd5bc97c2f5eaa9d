// What the name of a column says of a price: which one, in which currency, with tax or without.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "exchange/product_columns.h"

namespace pf::exchange {

std::optional<catalog::PriceKind> price_kind(std::string_view name);  // by our own name, such as "sell_price"
// "sell_price.EUR", "price-EUR", "price (USD)", "price EUR"
std::optional<ProductColumn> price_of(std::string_view name);

// "VK-Preis brutto (EUR)", "Prijs incl. BTW", "Price_Old", "formerPrice", "prix d'achat". A price at which somebody
// else buys is without tax; one at which the shop sells must not be.
struct WordedPrice {
  catalog::PriceKind kind{};
  std::string currency{};
  bool net = false, retail = false, sale = false;  // retail, sale: sold at, unless another price is
};
// Nothing where a word of it says anything else: "shipping price" and "price group" are no prices of a product.
std::optional<WordedPrice> worded_price(std::string_view name);

// The column that says in which currency a row's prices are.
std::optional<std::size_t> currency_column(const Header& header);

}  // namespace pf::exchange
