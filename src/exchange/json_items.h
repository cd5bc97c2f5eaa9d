// JSON files, in pieces: one value, a list, a list inside an object ({"data": [...]}, {"orders": [...]}), or a value a
// line (NDJSON). Lists and lines are read value by value, so their memory is that of one value.
#pragma once

#include <functional>

#include "exchange/party.h"

namespace pf::exchange {

inline constexpr std::size_t kJsonItemBytesMax = 8u << 20;  // of one value: a product or an order, pictures left out

struct JsonItem {
  std::uint64_t line = 0;  // where it starts
  std::string text{};
};

// Cuts a JSON text into its items. One thread.
class JsonItems {
 public:
  // Its Error ends the reading, as does that of `item`.
  Result<> feed(std::string_view text, const std::function<Result<>(JsonItem&&)>& item);
  // Gives the last item; `invalid` naming the line when the text ends inside one.
  Result<> finish(const std::function<Result<>(JsonItem&&)>& item);

 private:
  Result<> take(const std::function<Result<>(JsonItem&&)>& item);
  bool opens_list();

  enum class At { start, items, done } at_ = At::start;
  bool in_list_ = false, in_text_ = false, escaped_ = false;
  int depth_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t line_ = 1;
  JsonItem item_{};
};

// What a value is: a product of our own shape, or an order; neither when it is something else, with the fault told.
struct JsonMeaning {
  std::string format{};
  std::optional<ProductItem> product{};
  std::optional<OrderItem> order{};
};
JsonMeaning meaning_of(const json::Value& value);
std::optional<OrderItem> order_in(const json::Value& value, std::string& format);  // json_orders.cpp

}  // namespace pf::exchange
