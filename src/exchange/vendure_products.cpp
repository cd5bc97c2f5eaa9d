// Vendure's product CSV: header and cells padded with blanks, lists by |, languages by suffix (name:en), and a row
// without a name is the next variant of the product above. A product with options becomes a parent and its variants.
#include <algorithm>
#include <set>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

struct Column {
  enum class Level { product, variant, option_values } level = Level::product;
  std::string name{}, locale{};  // "name" in "zh-Hans" for name:zh_Hans
};

Column column_of(const std::string& header_name) {
  static const std::set<std::string, std::less<>> of_variant{
      "sku", "price", "taxcategory", "stockonhand", "trackinventory", "variantassets", "variantfacets"};
  Column out{.name = header_name};
  const std::size_t colon = header_name.rfind(':');
  if (colon != std::string::npos)
    if (const auto locale = locale_in(std::string_view(header_name).substr(colon + 1))) {
      out.locale = *locale;
      out.name = header_name.substr(0, colon);
    }
  const std::string folded = lower_ascii(out.name);
  if (folded == "optionvalues")
    out.level = Column::Level::option_values;
  else if (folded.starts_with("variant:") || of_variant.contains(folded))
    out.level = Column::Level::variant;
  return out;
}

class VendureProducts final : public Party {
 public:
  explicit VendureProducts(const Header& header) {
    for (const std::string& name : header.names()) columns_.push_back(column_of(name));
    for (const Column& column : columns_)
      if (locale_.empty()) locale_ = column.locale;
  }
  std::string name() const override { return "vendure products"; }
  std::string locale() const override { return locale_; }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    bool named = false;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      named |= lower_ascii(columns_[i].name) == "name" && !row.cell(i).empty();
    if (named) begin(row, products);
    ProductItem item;
    item.line = row.line;
    item.sku = row.cell("sku");
    if (parent_.empty() && named) {
      put(row, Column::Level::product, item);
    } else if (parent_.empty()) {
      item.faults.push_back({"name", "required", "is empty, and no product with variants stands above this row"});
    } else {
      item.change.parent = parent_;
    }
    put(row, Column::Level::variant, item);
    put_options(row, item);
    put_price(item, row.cell("price"), catalog::PriceKind::sell_price, catalog::kListCurrency, "price");
    put_stock(item, row.cell("stockOnHand"), "stockOnHand");
    if (item.sku.empty())
      item.faults.push_back({"sku", "required", "is empty: the product cannot be told from others"});
    products.push_back(std::move(item));
  }

 private:
  // A new product; one with options gets a parent of its own, which no row stands for.
  void begin(const Row& row, std::vector<ProductItem>& products) {
    options_.clear();
    parent_.clear();
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (lower_ascii(columns_[i].name) == "optiongroups" && options_.empty())
        for (std::string& option : list_of(row.cell(i), '|')) options_.push_back(std::move(option));
    if (options_.empty()) return;
    parent_ = row.cell("slug");
    for (std::size_t i = 0; i < columns_.size() && parent_.empty(); ++i)
      if (lower_ascii(columns_[i].name) == "slug" || lower_ascii(columns_[i].name) == "name")
        parent_ = slug_of(row.cell(i));
    ProductItem product;
    product.line = row.line;
    product.is_row = false;
    product.sku = parent_;
    put(row, Column::Level::product, product);
    products.push_back(std::move(product));
  }

  static json::Members& texts_of(ProductItem& item, const std::string& locale) {
    for (auto& [name, members] : item.change.texts)
      if (name == locale) return members;
    return item.change.texts.emplace_back(locale, json::Members{}).second;
  }

  void put(const Row& row, Column::Level level, ProductItem& item) const {
    catalog::ProductChange& change = item.change;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      const std::string value(row.cell(i));
      const std::string folded = lower_ascii(column.name);
      if (column.level != level || value.empty() || folded == "sku" || folded == "price" || folded == "stockonhand")
        continue;
      const bool title = folded == "name", text = folded == "description";
      if (!column.locale.empty())
        texts_of(item, column.locale).emplace_back(title ? "title" : text ? "description" : column.name, value);
      else if (title)
        change.title = value;
      else if (text)
        change.description = value;
      else if (folded == "assets" || folded == "variantassets")
        put_images(item, list_of(value, '|'), value, column.name);
      else
        change.attributes.emplace_back(column.name, value);
      if (folded == "facets")
        for (const std::string& facet : list_of(value, '|')) put_facet(facet, change);
    }
  }
  // "category:Electronics|brand:Apple"
  static void put_facet(const std::string& facet, catalog::ProductChange& change) {
    const std::size_t colon = facet.find(':');
    if (colon == std::string::npos) return;
    const std::string kind = lower_ascii(trim(std::string_view(facet).substr(0, colon)));
    const std::string value(trim(std::string_view(facet).substr(colon + 1)));
    if (kind == "brand" && !change.brand) change.brand = value;
    if (kind != "category" || !catalog::parse_category(value).ok()) return;
    if (!change.categories) change.categories.emplace();
    change.categories->push_back(value);
  }

  void put_options(const Row& row, ProductItem& item) const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      if (column.level != Column::Level::option_values || row.cell(i).empty()) continue;
      const auto values = list_of(row.cell(i), '|');
      if (values.size() != options_.size()) {
        item.faults.push_back({row.header->names()[i], "options",
                               "has " + std::to_string(values.size()) + " values, but optionGroups names " +
                                   std::to_string(options_.size())});
        return;
      }
      for (std::size_t k = 0; k < values.size(); ++k)
        if (column.locale.empty())
          item.change.attributes.emplace_back(options_[k], values[k]);
        else
          texts_of(item, column.locale).emplace_back(options_[k], values[k]);
    }
  }

  std::vector<Column> columns_;
  std::vector<std::string> options_;
  std::string parent_, locale_;
};

}  // namespace

std::unique_ptr<Party> vendure_products(const Header& header) {
  const auto has = [&](std::string_view wanted) {
    return std::ranges::any_of(header.names(), [&](const std::string& name) {
      const std::string folded = lower_ascii(name);
      return folded == wanted || folded.starts_with(std::string(wanted) + ":");
    });
  };
  if (!header.has("sku") || !has("name") || !has("optiongroups") || !has("optionvalues")) return nullptr;
  return std::make_unique<VendureProducts>(header);
}

}  // namespace pf::exchange
