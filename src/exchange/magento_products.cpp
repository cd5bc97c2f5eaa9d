// Magento 2's product CSV: attributes of a shop's own in one cell ("color=Black,climate=Cool|Indoor"), variants that
// their parent's row names, and a further row for each store view with what is translated there.
#include <algorithm>
#include <set>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool in_name(char c) {
  return begins_name(c) || (c >= '0' && c <= '9');
}
// Whether "name=" begins at `at`: a comma before it divides, any other is part of a value.
bool pair_begins(std::string_view cell, std::size_t at) {
  while (at < cell.size() && cell[at] == ' ') ++at;
  if (at >= cell.size() || !begins_name(cell[at])) return false;
  while (at < cell.size() && in_name(cell[at])) ++at;
  return at < cell.size() && cell[at] == '=';
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

// "a=1,b=x, y,c=\"z, \"\"q\"\"\"": values with commas stand in quotes, or as they are where the export had none.
Pairs pairs_of(std::string_view cell) {
  Pairs out;
  std::size_t at = 0;
  while (at < cell.size()) {
    const std::size_t is = cell.find('=', at);
    if (is == std::string_view::npos) break;
    auto& [name, value] = out.emplace_back(std::string(trim(cell.substr(at, is - at))), std::string());
    at = is + 1;
    if (at < cell.size() && cell[at] == '"') {
      for (++at; at < cell.size(); ++at) {
        if (cell[at] == '"' && (at + 1 >= cell.size() || cell[at + 1] != '"')) break;
        if (cell[at] == '"') ++at;
        value.push_back(cell[at]);
      }
      at = std::min(cell.find(',', at), cell.size());
    } else {
      std::size_t end = at;
      while (end < cell.size() && !(cell[end] == ',' && pair_begins(cell, end + 1))) ++end;
      value = trim(cell.substr(at, end - at));
      at = end;
    }
    ++at;
  }
  return out;
}

// "Cool|Indoor" is several values.
json::Value value_of(const std::string& text) {
  if (text.find('|') == std::string::npos) return text;
  json::Value out = json::Value::array();
  for (std::string& one : list_of(text, '|')) out.push(std::move(one));
  return out;
}

// The language of a store view: its code as a locale, or one of the names that shops give such views.
std::optional<std::string> language_of(std::string_view code) {
  if (const auto locale = locale_in(code)) return locale;
  std::string folded = lower_ascii(code);
  if (folded.size() == 5 && (folded[2] == '_' || folded[2] == '-'))  // nl_nl
    if (auto locale = catalog::parse_locale(folded); locale.ok()) return *std::move(locale);
  constexpr std::pair<std::string_view, const char*> kNames[] = {
      {"english", "en"},    {"dutch", "nl"},      {"german", "de"},  {"french", "fr"}, {"spanish", "es"},
      {"italian", "it"},    {"portuguese", "pt"}, {"polish", "pl"},  {"danish", "da"}, {"swedish", "sv"},
      {"nederlands", "nl"}, {"deutsch", "de"},    {"francais", "fr"}};
  for (const auto& [name, locale] : kNames)
    if (folded == name) return locale;
  return std::nullopt;
}

class MagentoProducts final : public Party {
 public:
  explicit MagentoProducts(const Header& header) {
    static const std::set<std::string, std::less<>> fields{"sku",
                                                           "store_view_code",
                                                           "attribute_set_code",
                                                           "categories",
                                                           "name",
                                                           "description",
                                                           "cost",
                                                           "product_online",
                                                           "price",
                                                           "qty",
                                                           "special_price",
                                                           "additional_attributes"};
    for (std::size_t i = 0; i < header.names().size(); ++i) {
      const std::string folded = lower_ascii(header.names()[i]);
      if (!folded.empty() && !fields.contains(folded) && !kind_of_links(folded) && folded != "base_image" &&
          folded != "additional_images")
        others_.push_back(i);
    }
  }
  std::string name() const override { return "magento products"; }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    ProductItem item;
    item.line = row.line;
    item.sku = row.cell("sku");
    if (item.sku.empty())
      item.faults.push_back({"sku", "required", "is empty: the product cannot be told from others"});
    const auto view = row.cell("store_view_code");
    if (view.empty() || equals_ignoring_case(view, "default") || equals_ignoring_case(view, "admin") ||
        equals_ignoring_case(view, "all"))
      put_product(row, item);
    else
      put_translation(row, view, item);
    products.push_back(std::move(item));
  }

  // Variants stand before their parent, whose row names them; so when all rows are there.
  void flush(std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    for (ProductItem& variant : variants_) products.push_back(std::move(variant));
    variants_.clear();
  }

 private:
  static const char* kind_of_links(std::string_view folded) {
    if (folded == "related_skus") return "RELATED";
    if (folded == "crosssell_skus") return "X_SELL";
    if (folded == "upsell_skus") return "UPSELL";
    return nullptr;
  }

  void put_product(const Row& row, ProductItem& item) {
    catalog::ProductChange& change = item.change;
    if (const auto title = row.cell("name"); !title.empty()) change.title = title;
    const auto text = row.cell("description"), brief = row.cell("short_description");
    if (!text.empty() || !brief.empty()) change.description = text.empty() ? brief : text;
    if (const auto family = row.cell("attribute_set_code"); !family.empty()) change.family = family;
    if (const auto cell = row.cell("categories"); !cell.empty()) change.categories = list_of(cell);
    if (const auto online = row.cell("product_online"); !online.empty()) change.enabled = online == "1";
    put_pictures(row, item);
    for (const std::size_t i : others_)
      if (const auto value = row.cell(i); !value.empty())
        change.attributes.emplace_back(row.header->names()[i], std::string(value));
    for (auto& [name, value] : pairs_of(row.cell("additional_attributes")))
      if (!name.empty() && !value.empty()) change.attributes.emplace_back(name, value_of(value));
    for (const char* column : {"related_skus", "crosssell_skus", "upsell_skus"}) {
      const auto skus = list_of(row.cell(column));
      if (skus.empty()) continue;
      json::Value links = json::Value::array();
      for (const std::string& sku : skus) links.push(json::Value::object({{"sku", sku}}));
      change.associations.emplace_back(kind_of_links(column), std::move(links));
    }
    // A special price that has days is one price today and another tomorrow: it stays an attribute, as the days do.
    const auto price = row.cell("price"), special = row.cell("special_price");
    const bool dated = !row.cell("special_price_from_date").empty() || !row.cell("special_price_to_date").empty();
    const bool sold_for_it = !special.empty() && !dated;
    put_price(item, sold_for_it ? special : price, catalog::PriceKind::sell_price, catalog::kListCurrency,
              sold_for_it ? "special_price" : "price");
    if (sold_for_it) put_price(item, price, catalog::PriceKind::base_price, catalog::kListCurrency, "price");
    if (!special.empty() && dated) change.attributes.emplace_back("special_price", std::string(special));
    put_price(item, row.cell("cost"), catalog::PriceKind::cost_price, catalog::kListCurrency, "cost");
    // A parent has no pieces of its own, whatever its row says.
    if (row.cell("configurable_variations").empty()) put_stock(item, row.cell("qty"), "qty");
    name_variants(row, item);
  }

  static void put_pictures(const Row& row, ProductItem& item) {
    std::vector<std::string> images;
    const auto base = row.cell("base_image"), more = row.cell("additional_images");
    if (!base.empty()) images.emplace_back(base);
    for (std::string& one : list_of(more))
      if (std::ranges::find(images, one) == images.end()) images.push_back(std::move(one));
    const bool all = std::ranges::all_of(images, [](const auto& image) { return catalog::check_image(image).ok(); });
    if (all && !images.empty()) item.change.images = std::move(images);
    if (all) return;
    // Paths of the other shop's disk; with the pictures in the same ZIP they would have become uploads.
    for (const char* column : {"base_image", "additional_images"})
      if (const auto cell = row.cell(column); !cell.empty())
        item.change.attributes.emplace_back(column, std::string(cell));
  }

  // "sku=A-XS,size=XS,color=Black|sku=A-S,size=S,color=Black"
  void name_variants(const Row& row, const ProductItem& parent) {
    for (const std::string& one : list_of(row.cell("configurable_variations"), '|')) {
      ProductItem variant;
      variant.line = row.line;
      variant.is_row = false;
      variant.must_exist = true;
      variant.change.parent = parent.sku;
      for (auto& [name, value] : pairs_of(one)) {
        if (lower_ascii(name) == "sku")
          variant.sku = value;
        else if (!value.empty())
          variant.change.attributes.emplace_back(name, value);
      }
      if (!variant.sku.empty() && !parent.sku.empty()) variants_.push_back(std::move(variant));
    }
  }

  void put_translation(const Row& row, std::string_view view, ProductItem& item) const {
    static const std::set<std::string, std::less<>> texts{"short_description",  "url_key",
                                                          "meta_title",         "meta_keywords",
                                                          "meta_description",   "base_image_label",
                                                          "small_image_label",  "thumbnail_image_label",
                                                          "swatch_image_label", "additional_image_labels"};
    const auto locale = language_of(view);
    if (!locale) {
      item.faults.push_back({"store_view_code", "locale",
                             "names a store view whose language is not known; write a locale such as nl-NL there"});
      return;
    }
    item.locale = *locale;
    if (const auto title = row.cell("name"); !title.empty()) item.change.title = title;
    if (const auto text = row.cell("description"); !text.empty()) item.change.description = text;
    json::Members translated;
    std::string left;
    for (std::size_t i = 0; i < row.header->names().size(); ++i) {
      const std::string& column = row.header->names()[i];
      const std::string folded = lower_ascii(column);
      const auto value = row.cell(i);
      // What every row of the product repeats says nothing of the view.
      if (value.empty() || folded == "sku" || folded == "store_view_code" || folded == "attribute_set_code" ||
          folded == "product_type" || folded == "product_websites" || folded == "name" || folded == "description")
        continue;
      if (texts.contains(folded))
        translated.emplace_back(column, std::string(value));
      else if (folded == "additional_attributes")
        for (auto& [name, text] : pairs_of(value)) translated.emplace_back(name, value_of(text));
      else
        left += (left.empty() ? "" : ", ") + column;
    }
    if (!translated.empty()) item.change.texts.emplace_back(*locale, std::move(translated));
    if (!left.empty())
      item.notices.push_back({"store_view_code", "left",
                              "gives values of its own for this view to " + left +
                                  "; only texts have languages here, so the product's own stay"});
  }

  std::vector<std::size_t> others_;
  std::vector<ProductItem> variants_;
};

}  // namespace

std::unique_ptr<Party> magento_products(const Header& header) {
  const bool views = header.has("store_view_code"), sets = header.has("attribute_set_code"),
             types = header.has("product_type"), more = header.has("additional_attributes");
  if (!header.has("sku") || views + sets + types + more < 2) return nullptr;
  return std::make_unique<MagentoProducts>(header);
}

}  // namespace pf::exchange
