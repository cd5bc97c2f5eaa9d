// What the values of a JSON file mean.
#pragma once

#include "exchange/party.h"

namespace pf::exchange {

// What a value is: a product of our own shape, an order, or a family of units; none of them when it is something else,
// with the fault told.
struct JsonMeaning {
  std::string format{};
  std::optional<ProductItem> product{};
  std::optional<OrderItem> order{};
  std::optional<DescribingItem> described{};  // a family of units, Akeneo's or ours
};
JsonMeaning meaning_of(const json::Value& value);
// The lists of orders of a value that has them beside other things, in any order: {"total_count": 2, "orders": [...]}.
// None where the first of a list is no order that is known, or where anything else is listed beside them: that is a
// table.
std::vector<const json::Array*> orders_listed(const json::Value& value);
// Whose a value is: ours, or an order that is known; another system's, whose products are known by the names of their
// members, as a row of a table is; or one that either may have.
enum class Shape { ours, foreign, either };
Shape shape_of(const json::Value& value);
std::optional<OrderItem> order_in(const json::Value& value, std::string& format);  // json_orders.cpp
std::optional<DescribingItem> measurement_family_in(const json::Value& value);     // measurement_files.cpp

}  // namespace pf::exchange
