// Magento's product export (CSV): a plain table, but for the attributes that one column holds all of
//   additional_attributes: color=Black,material=Cotton|Nylon,features="Waterproof, light"
// and for rows of a store view, which say a product's texts once more in that store's language.
#include <algorithm>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::string_view kStore = "store_view_code", kMore = "additional_attributes";

// name=value pairs between commas. A value with a comma stands in quotes, doubled where they are meant.
std::vector<std::pair<std::string, std::string>> pairs_of(std::string_view cell) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!cell.empty()) {
    const std::size_t sign = cell.find('=');
    if (sign == std::string_view::npos) break;
    std::string name(trim(cell.substr(0, sign))), value;
    cell.remove_prefix(sign + 1);
    const bool quoted = cell.starts_with('"');
    std::size_t at = quoted ? 1 : 0;
    for (; at < cell.size(); ++at) {
      if (quoted && cell[at] == '"') {
        if (cell.substr(at + 1, 1) != "\"") break;
        ++at;
      } else if (!quoted && cell[at] == ',') {
        break;
      }
      value += cell[at];
    }
    cell.remove_prefix(std::min(cell.find(',', at), cell.size()));
    if (!cell.empty()) cell.remove_prefix(1);
    if (!name.empty() && !trim(value).empty()) out.emplace_back(std::move(name), std::string(trim(value)));
  }
  return out;
}

class MagentoProducts final : public Party {
 public:
  explicit MagentoProducts(std::unique_ptr<Party> table) : table_(std::move(table)) {}
  std::string name() const override { return "magento products"; }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>& orders) override {
    table_->row(row, products, orders);
    ProductItem& item = products.back();
    auto& attributes = item.change.attributes;
    const std::string_view more = row.cell(kMore), store = row.cell(kStore);
    auto pairs = pairs_of(more);
    std::erase_if(attributes, [&](const auto& one) {
      return equals_ignoring_case(one.first, kStore) || (!pairs.empty() && equals_ignoring_case(one.first, kMore));
    });
    for (auto& [name, value] : pairs)
      if (std::ranges::none_of(attributes, [&, &known = name](const auto& one) { return one.first == known; }))
        attributes.emplace_back(std::move(name), json::Value(std::move(value)));
    if (store.empty() || store == "default" || store == "admin") return;
    const auto locale = locale_in(store);
    if (!locale) {
      item.faults.push_back({std::string(kStore), "language",
                             "names the store view \"" + std::string(store.substr(0, 60)) +
                                 "\", which does not tell its language, as nl or nl_NL would; rename it in the file"});
      return;
    }
    item.locale = *locale;
    if (attributes.empty()) return;
    json::Members& texts = item.change.texts.emplace_back(*locale, json::Members{}).second;
    for (auto& [name, value] : attributes) texts.emplace_back(std::move(name), std::move(value));
    attributes.clear();
  }

 private:
  const std::unique_ptr<Party> table_;
};

}  // namespace

std::unique_ptr<Party> magento_products(const Header& header) {
  if (!header.has("sku") || !header.has("attribute_set_code") || !header.has("product_type")) return nullptr;
  if (!header.has(kStore) && !header.has(kMore)) return nullptr;
  auto table = plain_products(header);
  return table ? std::make_unique<MagentoProducts>(std::move(table)) : nullptr;
}

}  // namespace pf::exchange
