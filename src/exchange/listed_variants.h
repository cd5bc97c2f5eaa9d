// Variants that a product's own row or record lists, each an object with a SKU, a price or a choice ("variants":
// [{"sku": ..., "option1": "S"}]); they are put behind the product. One thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "exchange/party.h"

namespace pf::exchange {

class ListedVariants {
 public:
  ListedVariants() = default;  // of a table that lists none
  explicit ListedVariants(const Header& header);
  static bool in(const Header& header);
  // Whether the cell of this column lists variants, which wait for put().
  bool take(std::size_t column, std::string_view cell);
  // Behind the last of `products`, whose row this is.
  void put(const Row& row, std::string_view currency, std::vector<ProductItem>& products);

 private:
  std::optional<std::size_t> column_, options_, handle_;
  std::vector<json::Value> listed_{};  // of the row at hand
};

}  // namespace pf::exchange
