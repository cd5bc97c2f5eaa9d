// A product that a table names in several rows: its texts in each language, its price from so many pieces on or in
// another currency, a row for each of its pictures. What stands doubled otherwise is told. One thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "exchange/product_columns.h"

namespace pf::exchange {

class RepeatedRows {
 public:
  RepeatedRows() = default;  // of a table in which no row leans on another
  // `currency`: the column that says that of the prices.
  RepeatedRows(const Header& header, const std::vector<ProductColumn>& columns, std::optional<std::size_t> currency);
  // The last of `products` is the row's; what came before may have been kept already.
  void look(const Row& row, std::vector<ProductItem>& products);

 private:
  // Of more products than these only neighbours are told; attributes of two rows are compared, each with each.
  static constexpr std::size_t kSeenMax = 200'000, kRepeatsTold = 100, kComparedMax = 300;
  bool put_language(ProductItem& item, ProductItem* before, std::string_view language, const std::string& last);
  bool leave_steps(ProductItem& item, ProductItem* before, std::int64_t from, const std::string& column);
  bool gather_images(ProductItem& item, std::vector<ProductItem>& products);

  std::optional<std::size_t> language_, from_, currency_;  // columns
  std::string language_name_{}, from_name_{}, currency_name_{};
  std::unordered_set<std::size_t> seen_{};  // SKUs, as numbers made of them
  std::size_t repeats_told_ = 0, first_images_ = 0;
  std::string last_sku_{}, last_title_{}, last_language_{};    // of the row above
  std::set<std::string, std::less<>> translated_{};            // attributes
  std::vector<std::string> images_{};                          // of the rows above about the same product
  std::vector<std::pair<std::string, std::int64_t>> least_{};  // currencies, and from how many pieces they were said
};

}  // namespace pf::exchange
