// Product files: WooCommerce, Akeneo, and plain tables with our own names.
#include <algorithm>
#include <set>

#include "exchange/product_files.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

std::vector<std::string> list_of(std::string_view cell, char separator = ',') {
  std::vector<std::string> items;
  std::string item;
  const auto take = [&] {
    if (!trim(item).empty()) items.emplace_back(trim(item));
    item.clear();
  };
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] == '\\' && i + 1 < cell.size() && cell[i + 1] == separator)
      item.push_back(cell[++i]);
    else if (cell[i] == separator)
      take();
    else
      item.push_back(cell[i]);
  }
  take();
  return items;
}

// "Clothing > Tshirts" -> "Clothing/Tshirts"
std::string category_path(std::string_view text) {
  std::string path;
  for (std::string_view part : split(text, '>')) path += (path.empty() ? "" : "/") + std::string(trim(part));
  return path;
}

class WooCommerceProducts final : public Party {
 public:
  std::string name() const override { return "woocommerce products"; }
  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    ProductItem item;
    item.line = row.line;
    item.sku = row.cell("SKU");
    const std::string id(row.cell("ID"));
    if (item.sku.empty()) {
      if (id.empty()) {
        item.faults.push_back({"SKU", "required", "is empty, and so is ID: the product cannot be told from others"});
        products.push_back(std::move(item));
        return;
      }
      item.sku = "woo-" + id;  // a variation without a SKU of its own; the ID is the shop's number for it
    }
    if (!id.empty()) sku_of_id_[id] = item.sku;
    catalog::ProductChange& change = item.change;
    if (const auto title = row.cell("Name"); !title.empty()) change.title = title;
    if (const auto text = row.cell("Description"); !text.empty())
      change.description = text;
    else if (const auto brief = row.cell("Short description"); !brief.empty())
      change.description = brief;
    if (const auto published = row.cell("Published"); !published.empty()) change.enabled = published == "1";
    if (row.header->has("Categories") && !row.cell("Categories").empty()) {
      std::vector<std::string> paths;
      for (const std::string& path : list_of(row.cell("Categories"))) paths.push_back(category_path(path));
      change.categories = std::move(paths);
    }
    if (!row.cell("Images").empty()) change.images = list_of(row.cell("Images"));
    if (std::string parent(row.cell("Parent")); !parent.empty()) {
      if (parent.starts_with("id:"))
        if (const auto known = sku_of_id_.find(parent.substr(3)); known != sku_of_id_.end()) parent = known->second;
      change.parent = parent;
    }
    if (const auto ean = row.cell("GTIN, UPC, EAN, or ISBN"); !ean.empty()) change.ean = ean;

    static const std::set<std::string> taken{"sku",
                                             "name",
                                             "description",
                                             "published",
                                             "categories",
                                             "images",
                                             "parent",
                                             "sale price",
                                             "regular price",
                                             "stock",
                                             "gtin, upc, ean, or isbn"};
    for (std::size_t i = 0; i < row.header->names().size() && i < row.cells.size(); ++i) {
      const std::string folded = lower_ascii(row.header->names()[i]);
      const std::string_view value = trim(row.cells[i]);
      if (value.empty() || folded.empty() || taken.contains(folded)) continue;
      if (folded.starts_with("attribute ") && folded.ends_with(" name")) {
        const std::string number = folded.substr(10, folded.size() - 15);
        if (const auto values = row.cell("Attribute " + number + " value(s)"); !values.empty())
          change.attributes.emplace_back(std::string(value), std::string(values));
        continue;
      }
      if (folded.starts_with("attribute ")) continue;
      change.attributes.emplace_back(row.header->names()[i], std::string(value));
    }
    if (const auto price = row.cell("Sale price"); !price.empty()) item.price = price;
    if (const auto price = row.cell("Regular price"); !price.empty())
      (item.price ? item.regular_price : item.price) = price;
    if (const auto stock = row.cell("Stock"); !stock.empty()) {
      item.stock = parse_int(stock);
      if (!item.stock)
        item.faults.push_back({"Stock", "type", "must be a whole number"});
      else if (*item.stock < 0)
        item.stock = 0;  // WooCommerce counts backorders below zero
    }
    products.push_back(std::move(item));
  }

 private:
  std::map<std::string, std::string> sku_of_id_;
};

// Lossless: every cell that is filled is kept under its header's name; names with a locale become texts of that locale.
class AkeneoProducts final : public Party {
 public:
  explicit AkeneoProducts(const Header& header) {
    for (const std::string& name : header.names()) columns_.push_back(column_of(name));
  }
  std::string name() const override { return "akeneo products"; }
  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    ProductItem item;
    item.line = row.line;
    std::map<std::string, json::Members> texts;
    for (std::size_t i = 0; i < columns_.size() && i < row.cells.size(); ++i) {
      const Column& column = columns_[i];
      const std::string& value = row.cells[i];
      if (value.empty()) continue;
      if (column.name == "sku")
        item.sku = value;
      else if (column.name == "categories")
        item.change.categories = list_of(value);
      else if (column.name == "enabled")
        item.change.enabled = value == "1";
      else if (column.name == "family")
        item.change.family = value;
      else if (!column.locale.empty())
        texts[column.locale].emplace_back(column.name, value);
      else
        item.change.attributes.emplace_back(column.name, value);
    }
    for (auto& [locale, members] : texts) item.change.texts.emplace_back(locale, std::move(members));
    if (item.sku.empty()) item.faults.push_back({"sku", "required", "is empty"});
    products.push_back(std::move(item));
  }

 private:
  struct Column {
    std::string name, locale;
  };
  // "description-en_US-ecommerce" -> description-ecommerce in en-US; "price-EUR" stays as it is.
  static Column column_of(const std::string& name) {
    const auto parts = split(name, '-');
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const std::string_view part = parts[i];
      const bool locale =
          part.size() == 5 && part[2] == '_' && part[0] >= 'a' && part[0] <= 'z' && part[3] >= 'A' && part[3] <= 'Z';
      if (!locale) continue;
      std::string rest;
      for (std::size_t k = 0; k < parts.size(); ++k)
        if (k != i) rest += (k == 0 ? "" : "-") + std::string(parts[k]);
      const auto mended = catalog::parse_locale(part);
      if (mended.ok()) return {rest, *mended};
    }
    return {name, ""};
  }
  std::vector<Column> columns_;
};

class PlainProducts final : public Party {
 public:
  std::string name() const override { return "products"; }
  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    ProductItem item;
    item.line = row.line;
    for (std::size_t i = 0; i < row.header->names().size() && i < row.cells.size(); ++i) {
      const std::string folded = lower_ascii(row.header->names()[i]);
      const std::string value(trim(row.cells[i]));
      if (value.empty() || folded.empty()) continue;
      if (folded == "sku")
        item.sku = value;
      else if (folded == "title" || folded == "name")
        item.change.title = value;
      else if (folded == "description")
        item.change.description = value;
      else if (folded == "brand")
        item.change.brand = value;
      else if (folded == "ean" || folded == "gtin" || folded == "barcode")
        item.change.ean = value;
      else if (folded == "family")
        item.change.family = value;
      else if (folded == "parent")
        item.change.parent = value;
      else if (folded == "categories" || folded == "category")
        item.change.categories = list_of(value);
      else if (folded == "images" || folded == "image")
        item.change.images = list_of(value);
      else if (folded == "enabled")
        item.change.enabled = value == "1" || equals_ignoring_case(value, "true") || equals_ignoring_case(value, "yes");
      else if (folded == "price" || folded == "sell_price")
        item.price = value;
      else if (folded == "stock" || folded == "quantity" || folded == "qty_available") {
        item.stock = parse_int(value);
        if (!item.stock) item.faults.push_back({row.header->names()[i], "type", "must be a whole number"});
      } else
        item.change.attributes.emplace_back(row.header->names()[i], value);
    }
    if (item.sku.empty())
      item.faults.push_back({"sku", "required", "is empty: the product cannot be told from others"});
    products.push_back(std::move(item));
  }
};

}  // namespace

std::unique_ptr<Party> product_party(const Header& header) {
  if (header.has("sku") && header.has("type") && header.has("name") &&
      (header.has("regular price") || header.has("visibility in catalog")))
    return std::make_unique<WooCommerceProducts>();
  if (header.has("sku") && header.has("family") && header.has("groups") && header.has("enabled"))
    return std::make_unique<AkeneoProducts>(header);
  if (header.has("sku")) return std::make_unique<PlainProducts>();
  return nullptr;
}

}  // namespace pf::exchange
