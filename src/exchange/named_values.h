// Lists inside a product's record whose items say by themselves what they are: values with a name, prices of a kind.
// Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json/json.h"

namespace pf::exchange {

// "<param name="Colour" unit="x">Red</param>" and its like in feeds, a list of what is called somehow: YML and
// Prom, Heureka, Ceneo, BMEcat, TradeTracker. Each is an attribute of that name.
struct NamedValue {
  const std::string *name = nullptr, *value = nullptr, *unit = nullptr;
};
std::optional<NamedValue> named_value(const json::Value& one);

// BMEcat's prices of a product, by kind and from how many pieces on.
struct ListedPrice {
  std::string_view kind{}, amount{}, currency{};
  std::int64_t from = 1;
  bool scaled = false;  // no price of one piece as it stands
};
std::optional<ListedPrice> listed_price(const json::Value& one);

// BMEcat's PRICE_QUANTITY, for how many units a price is, and PRICE_FACTOR, by which it is to be multiplied.
bool scales_prices(std::string_view name);
bool is_one(std::string_view number);  // "1", "1.00"

}  // namespace pf::exchange
