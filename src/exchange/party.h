// What a format turns a file into. One file per outside party implements `Party`; parties.cpp lists them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/product.h"
#include "json/json.h"
#include "orders/order.h"

namespace pf::exchange {

// A header's names, trimmed; looked up without case.
class Header {
 public:
  explicit Header(const std::vector<std::string>& names);
  std::optional<std::size_t> find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name).has_value(); }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::size_t, std::less<>> by_folded_;
};

struct Row {
  std::uint64_t line = 0;
  const Header* header = nullptr;
  std::vector<std::string> cells;
  // Empty for a missing column or cell.
  std::string_view cell(std::string_view name) const;
};

struct ProductItem {
  std::uint64_t line = 0;
  std::string sku, locale;
  catalog::ProductChange change;
  std::optional<std::string> price{}, regular_price{};  // decimals, in the shop's currency
  std::optional<std::int64_t> stock{};
  std::vector<FieldFault> faults{};
};
struct OrderItem {
  std::vector<std::uint64_t> lines;  // of the file
  orders::PlaceOrder order;
  std::vector<FieldFault> faults{};
};

// Turns rows into products or orders. Orders may gather several rows; `flush` gives what is still gathered.
class Party {
 public:
  virtual ~Party() = default;
  virtual std::string name() const = 0;         // "woocommerce products"
  virtual bool quoted() const { return true; }  // false: a " is a "
  virtual void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>& orders) = 0;
  virtual void flush(std::vector<OrderItem>&) {}
};

// Null when no format fits.
std::unique_ptr<Party> party_for(const Header& header);
// For a whole JSON file: orders of WooCommerce or Shopify, or products and orders of our own shape.
Result<std::string> json_items(const json::Value& file, std::vector<ProductItem>& products,
                               std::vector<OrderItem>& orders);

// Shared by parties.
void put_field(vault::Buyer& buyer, vault::Field field, std::string_view text);
void put_address(vault::Buyer& buyer, vault::Field field,
                 const std::vector<std::pair<const char*, std::string_view>>& parts);
std::optional<Money> money_of(std::string_view text, Currency currency, const char* field,
                              std::vector<FieldFault>& faults);
std::optional<Time> time_of(std::string_view text, const char* field, std::vector<FieldFault>& faults);

}  // namespace pf::exchange
