// WooCommerce's product CSV, all generations: the shop's own export, its importer's sample, and what plugins write.
#include <algorithm>
#include <set>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

class WooCommerceProducts final : public Party {
 public:
  explicit WooCommerceProducts(const Header& header) {
    static const std::set<std::string, std::less<>> fields{"sku",           "name",   "description", "published",
                                                           "categories",    "images", "parent",      "sale price",
                                                           "regular price", "stock"};
    for (std::size_t i = 0; i < header.names().size(); ++i) {
      const std::string folded = lower_ascii(header.names()[i]);
      if (folded.empty() || fields.contains(folded)) continue;
      if (folded.starts_with("attribute ") && folded.ends_with(" name")) {
        const std::string start = folded.substr(0, folded.size() - 5);
        pairs_.push_back({i, header.find(start + " value(s)")});
      } else if (!(folded.starts_with("attribute ") && folded.ends_with(" value(s)"))) {
        others_.push_back(i);
      }
    }
  }
  std::string name() const override { return "woocommerce products"; }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    ProductItem item;
    item.line = row.line;
    catalog::ProductChange& change = item.change;
    std::string parent(row.cell("Parent"));
    if (parent.starts_with("id:")) parent = referred(parent);
    item.sku = sku_of(row, parent, item);
    if (item.sku.empty()) {
      item.faults.push_back({"SKU", "required",
                             "is empty, and so are ID and Name: the product cannot be told from "
                             "others"});
      products.push_back(std::move(item));
      return;
    }
    if (const auto id = row.cell("ID"); !id.empty()) sku_of_id_["id:" + std::string(id)] = item.sku;
    if (!parent.empty()) change.parent = parent;
    if (const auto title = row.cell("Name"); !title.empty()) change.title = title;
    const auto text = row.cell("Description"), brief = row.cell("Short description");
    if (!text.empty() || !brief.empty()) change.description = text.empty() ? brief : text;
    if (const auto published = row.cell("Published"); !published.empty()) change.enabled = published == "1";
    if (const auto cell = row.cell("Categories"); !cell.empty()) {
      change.categories.emplace();
      for (const std::string& path : list_of(cell)) change.categories->push_back(category_path(path));
    }
    if (const auto cell = row.cell("Images"); !cell.empty()) put_images(item, list_of(cell), cell, "Images");
    if (const auto cell = row.cell("GTIN, UPC, EAN, or ISBN"); !cell.empty())
      put_ean(item, cell, "GTIN, UPC, EAN, or ISBN");
    for (const Pair& pair : pairs_) {
      const auto what = row.cell(pair.name), values = row.cell(pair.values);
      if (!what.empty() && !values.empty())
        change.attributes.emplace_back(std::string(what), std::string(values));
      else if (!what.empty() || !values.empty())
        change.attributes.emplace_back(row.header->names()[what.empty() ? *pair.values : pair.name],
                                       std::string(what.empty() ? values : what));
    }
    for (const std::size_t i : others_)
      if (const auto value = row.cell(i); !value.empty())
        change.attributes.emplace_back(row.header->names()[i], std::string(value));

    const auto sale = row.cell("Sale price"), regular = row.cell("Regular price");
    put_price(item, sale.empty() ? regular : sale, catalog::PriceKind::sell_price, catalog::kListCurrency,
              sale.empty() ? "Regular price" : "Sale price");
    if (!sale.empty())
      put_price(item, regular, catalog::PriceKind::base_price, catalog::kListCurrency, "Regular price");
    if (const auto stock = row.cell("Stock"); !equals_ignoring_case(stock, "parent")) put_stock(item, stock, "Stock");
    products.push_back(std::move(item));
  }

  std::string referred(const std::string& reference) const override {
    const auto known = sku_of_id_.find(reference);
    return known == sku_of_id_.end() ? reference : known->second;
  }

 private:
  struct Pair {
    std::size_t name;
    std::optional<std::size_t> values;
  };
  // Many shops give variations no SKU. The ID is the shop's number for it; without that the parent and its choices, or
  // the name: the same again when the file is sent again.
  std::string sku_of(const Row& row, const std::string& parent, ProductItem& item) const {
    if (const auto sku = row.cell("SKU"); !sku.empty()) return std::string(sku);
    if (const auto id = row.cell("ID"); !id.empty()) return "woo-" + std::string(id);
    std::string made = parent;
    if (made.empty()) {
      made = slug_of(row.cell("Name"));
    } else {
      for (const Pair& pair : pairs_)
        if (const std::string value = slug_of(row.cell(pair.values)); !value.empty()) made += "-" + value;
      if (made == parent) made = slug_of(row.cell("Name"));
    }
    if (!made.empty()) item.notices.push_back({"SKU", "made", "is empty; the product was given the SKU " + made});
    return made;
  }

  std::vector<Pair> pairs_;
  std::vector<std::size_t> others_;
  std::map<std::string, std::string> sku_of_id_;
};

}  // namespace

std::unique_ptr<Party> woocommerce_products(const Header& header) {
  if (!header.has("sku") || !header.has("type") || !header.has("name") ||
      !(header.has("regular price") || header.has("visibility in catalog")))
    return nullptr;
  return std::make_unique<WooCommerceProducts>(header);
}

}  // namespace pf::exchange
