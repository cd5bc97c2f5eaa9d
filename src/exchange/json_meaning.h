// What the values of a JSON file mean.
#pragma once

#include "exchange/party.h"

namespace pf::exchange {

// What a value is: a product of our own shape, or an order; neither when it is something else, with the fault told.
struct JsonMeaning {
  std::string format{};
  std::optional<ProductItem> product{};
  std::optional<OrderItem> order{};
};
JsonMeaning meaning_of(const json::Value& value);
// Whether a file that begins with this holds values of a shape that is known: an order, or a product with no more than
// ours has. Another system's product is known by the names of its members, as a row of a table is.
bool is_known_shape(const json::Value& value);
std::optional<OrderItem> order_in(const json::Value& value, std::string& format);  // json_orders.cpp

}  // namespace pf::exchange
