// UnoPim's product CSV: a row per channel, locale and SKU, currencies in brackets in the header. The columns that are
// texts by their nature go to the row's locale; whether another one does is not in the file, so it is for everybody.
#include <algorithm>
#include <set>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

class UnopimProducts final : public Party {
 public:
  explicit UnopimProducts(const Header& header) {
    for (const std::string& name : header.names()) {
      const std::string folded = lower_ascii(name);
      const std::size_t open = folded.find(" (");
      Column column{folded, {}};
      if (open != std::string::npos && folded.ends_with(")")) {
        const std::string currency = name.substr(open + 2, name.size() - open - 3);
        if (Currency::parse(currency).ok()) column = {folded.substr(0, open), currency};
      }
      columns_.push_back(std::move(column));
    }
  }
  std::string name() const override { return "unopim products"; }
  std::string locale() const override { return first_locale_; }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    static const std::set<std::string, std::less<>> texts{"short_description", "meta_title", "meta_keywords",
                                                          "meta_description"};
    ProductItem item;
    item.line = row.line;
    item.sku = row.cell("sku");
    catalog::ProductChange& change = item.change;
    const auto locale = catalog::parse_locale(row.cell("locale"));
    if (locale.ok())
      item.locale = *locale;
    else
      item.faults.push_back({"locale", "locale", "is not a locale such as en_US"});
    if (first_locale_.empty()) first_locale_ = item.locale;
    json::Members of_locale;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& [folded, currency] = columns_[i];
      const std::string value(row.cell(i));
      if (value.empty() || folded == "sku" || folded == "locale") continue;
      if (folded == "name")
        change.title = value;
      else if (folded == "description")
        change.description = value;
      else if (folded == "status")
        change.enabled = yes_or_no(value);
      else if (folded == "parent")
        change.parent = value;
      else if (folded == "attribute_family")
        change.family = value;
      else if (folded == "categories")
        change.categories = list_of(value);
      else if (!currency.empty() && (folded == "price" || folded == "cost"))
        put_price(item, value, folded == "price" ? catalog::PriceKind::sell_price : catalog::PriceKind::cost_price,
                  currency, row.header->names()[i]);
      else if (texts.contains(folded))
        of_locale.emplace_back(row.header->names()[i], value);
      else
        change.attributes.emplace_back(row.header->names()[i], value);
    }
    if (!of_locale.empty() && !item.locale.empty()) change.texts.emplace_back(item.locale, std::move(of_locale));
    if (item.sku.empty())
      item.faults.push_back({"sku", "required", "is empty: the product cannot be told from others"});
    products.push_back(std::move(item));
  }

 private:
  struct Column {
    std::string folded, currency;
  };
  std::vector<Column> columns_;
  std::string first_locale_;
};

}  // namespace

std::unique_ptr<Party> unopim_products(const Header& header) {
  if (!header.has("sku") || !header.has("locale") || !header.has("channel") || !header.has("attribute_family"))
    return nullptr;
  return std::make_unique<UnopimProducts>(header);
}

}  // namespace pf::exchange
