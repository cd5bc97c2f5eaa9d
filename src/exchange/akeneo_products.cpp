// Akeneo's product and product model files (CSV). Lossless: every filled cell is kept, as it is, under its column's
// name; a locale in the name makes it a text of that locale. Title, description, brand, EAN and prices are filled from
// the columns that mean them besides, so that a fresh import can be searched and sold at once. X_SELL-products and
// X_SELL-product_models, with their -quantity columns, become associations; links to groups stay attributes.
#include <algorithm>
#include <set>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

struct Column {
  enum class Kind { attribute, sku, categories, enabled, family, parent, links, quantities } kind = Kind::attribute;
  std::string name{}, locale{};             // "description-ecommerce" in "en-US" for description-en_US-ecommerce
  std::string currency{};                   // of price-EUR
  std::optional<std::size_t> quantities{};  // of links: the column that says how many
};

bool is_currency(std::string_view part) {
  return Currency::parse(part).ok();
}

Column column_of(const std::string& name) {
  const std::string folded = lower_ascii(name);
  using Kind = Column::Kind;
  if (folded == "sku" || folded == "identifier" || folded == "code") return {.kind = Kind::sku, .name = name};
  if (folded == "categories") return {.kind = Kind::categories, .name = name};
  if (folded == "enabled") return {.kind = Kind::enabled, .name = name};
  if (folded == "family") return {.kind = Kind::family, .name = name};
  if (folded == "parent") return {.kind = Kind::parent, .name = name};
  const auto parts = split(name, '-');
  Column out{.name = name};
  for (std::size_t i = 1; i < parts.size() && out.locale.empty(); ++i) {
    if (parts[i].find('_') == std::string_view::npos) continue;  // a bare "en" may well be a channel or a unit
    const auto locale = locale_in(parts[i]);
    if (!locale) continue;
    out.locale = *locale;
    out.name.clear();
    for (std::size_t k = 0; k < parts.size(); ++k)
      if (k != i) out.name += (k == 0 ? "" : "-") + std::string(parts[k]);
  }
  if (parts.size() > 1 && parts[0] == "price" && is_currency(parts.back())) out.currency = parts.back();
  return out;
}

class AkeneoProducts final : public Party {
 public:
  AkeneoProducts(std::vector<Column> columns, bool models) : columns_(std::move(columns)), models_(models) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string folded = lower_ascii(columns_[i].name);
      if (columns_[i].kind != Column::Kind::attribute) continue;
      if (folded == "name")
        names_.push_back(i);
      else if (folded == "description" || folded.starts_with("description-"))
        descriptions_.push_back(i);
      else if (folded == "ean")
        ean_ = i;
      else if (folded == "brand")
        brand_ = i;
      if (!columns_[i].locale.empty() &&
          (locale_.empty() || (columns_[i].locale.starts_with("en") && !locale_.starts_with("en"))))
        locale_ = columns_[i].locale;
    }
    // A description for all channels before one for a single channel.
    std::ranges::stable_sort(descriptions_, {}, [&](std::size_t i) { return columns_[i].name.size() > 11; });
  }
  std::string name() const override { return models_ ? "akeneo product models" : "akeneo products"; }
  std::string locale() const override { return locale_; }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    ProductItem item;
    item.line = row.line;
    catalog::ProductChange& change = item.change;
    for (std::size_t i = 0; i < columns_.size() && i < row.cells.size(); ++i) {
      const Column& column = columns_[i];
      const std::string& value = row.cells[i];
      if (value.empty()) continue;
      switch (column.kind) {
        case Column::Kind::sku:
          item.sku = value;
          break;
        case Column::Kind::categories:
          change.categories = list_of(value);
          break;
        case Column::Kind::enabled:
          change.enabled = yes_or_no(value);
          if (!change.enabled) item.faults.push_back({column.name, "type", "must be 1 or 0"});
          break;
        case Column::Kind::family:
          change.family = value;
          break;
        case Column::Kind::parent:
          change.parent = value;
          break;
        case Column::Kind::links:
          put_links(item, row, i);
          break;
        case Column::Kind::quantities:
          break;  // read with their links
        case Column::Kind::attribute:
          if (column.locale.empty())
            change.attributes.emplace_back(column.name, value);
          else
            texts_of(item, column.locale).emplace_back(column.name, value);
          if (!column.currency.empty())
            put_price(item, value, catalog::PriceKind::sell_price, column.currency, row.header->names()[i]);
      }
    }
    for (const std::size_t i : names_) fill(item, row, i, "title");
    for (const std::size_t i : descriptions_) fill(item, row, i, "description");
    if (const auto ean = row.cell(ean_); !ean.empty()) put_ean(item, ean, row.header->names()[*ean_]);
    if (const auto brand = row.cell(brand_); !brand.empty() && columns_[*brand_].locale.empty()) change.brand = brand;
    if (item.sku.empty())
      item.faults.push_back({"sku", "required", "is empty: the product cannot be told from others"});
    products.push_back(std::move(item));
  }

 private:
  // "A,B" and, in the column of quantities, "1|2". Products and models of a kind make one list.
  void put_links(ProductItem& item, const Row& row, std::size_t at) const {
    std::vector<std::string> quantities;
    if (const auto with = columns_[at].quantities; with && *with < row.cells.size())
      quantities = list_of(row.cells[*with], '|');
    const auto known =
        std::ranges::find(item.change.associations, columns_[at].name, &std::pair<std::string, json::Value>::first);
    auto& links = known != item.change.associations.end()
                      ? known->second
                      : item.change.associations.emplace_back(columns_[at].name, json::Value::array()).second;
    const auto skus = list_of(row.cells[at]);
    for (std::size_t i = 0; i < skus.size(); ++i) {
      json::Value link = json::Value::object({{"sku", skus[i]}});
      if (i < quantities.size()) {
        if (const auto pieces = parse_int(quantities[i]))
          link.set("quantity", *pieces);
        else
          link.set("quantity", quantities[i]);  // told as a fault
      }
      links.push(std::move(link));
    }
  }

  static json::Members& texts_of(ProductItem& item, const std::string& locale) {
    for (auto& [name, members] : item.change.texts)
      if (name == locale) return members;
    return item.change.texts.emplace_back(locale, json::Members{}).second;
  }
  // The first filled column gives the field.
  void fill(ProductItem& item, const Row& row, std::size_t i, const char* field) const {
    if (i >= row.cells.size() || row.cells[i].empty()) return;
    const std::string& value = row.cells[i];
    if (columns_[i].locale.empty()) {
      auto& to = std::string_view(field) == "title" ? item.change.title : item.change.description;
      if (!to) to = value;
      return;
    }
    json::Members& members = texts_of(item, columns_[i].locale);
    if (std::ranges::find(members, field, &json::Members::value_type::first) != members.end()) {
      // "description" without a channel is the field itself already.
      return;
    }
    members.emplace_back(field, value);
  }

  const std::vector<Column> columns_;
  const bool models_;
  std::vector<std::size_t> names_, descriptions_;
  std::optional<std::size_t> ean_, brand_;
  std::string locale_;
};

constexpr std::string_view kLinkEnds[] = {"-products", "-product_models"};

// X_SELL-products becomes links of the kind X_SELL; X_SELL-products-quantity says how many of each.
void find_links(std::vector<Column>& columns, const Header& header) {
  for (std::size_t i = 0; i < columns.size(); ++i)
    for (const std::string_view end : kLinkEnds) {
      const std::string& name = header.names()[i];
      if (name.size() <= end.size() || !name.ends_with(end)) continue;
      columns[i] = {.kind = Column::Kind::links, .name = name.substr(0, name.size() - end.size())};
      for (const char* quantity : {"-quantity", "-quantities"})
        if (const auto at = header.find(name + quantity)) {
          columns[*at] = {.kind = Column::Kind::quantities, .name = name + quantity};
          columns[i].quantities = at;
        }
    }
}

// A column whose base has locales must name one; a price must name a currency. A typing error there would otherwise
// become an attribute that nobody finds.
Result<> check(const std::vector<Column>& columns, const Header& header) {
  std::set<std::string_view, std::less<>> localised;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (!columns[i].locale.empty()) localised.insert(split(header.names()[i], '-')[0]);
  Error bad{ErrorCode::invalid, "", {}};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string& name = header.names()[i];
    const auto parts = split(name, '-');
    if (parts.size() < 2 || !columns[i].locale.empty()) continue;
    if (localised.contains(parts[0]))
      bad.faults.push_back(
          {name, "locale", "names no locale such as en_US, as other columns of " + std::string(parts[0]) + " do"});
    else if (parts[0] == "price" && columns[i].currency.empty())
      bad.faults.push_back({name, "currency", "names no currency such as EUR"});
  }
  if (bad.faults.empty()) return {};
  for (const FieldFault& fault : bad.faults)
    bad.message +=
        (bad.message.empty() ? "" : "; ") + ("the column " + fault.field.substr(0, 100)) + " " + fault.message;
  bad.message = "The header cannot be right: " + bad.message + ". Nothing was imported.";
  return bad;
}

}  // namespace

Result<std::unique_ptr<Party>> akeneo_products(const Header& header) {
  std::vector<Column> columns;
  bool localised = false;
  for (const std::string& name : header.names()) {
    columns.push_back(column_of(name));
    localised |= !columns.back().locale.empty();
  }
  const bool models = header.has("code") && header.has("family_variant") && header.has("parent");
  // Families, categories and even groups are everybody's words; a title is a word that Akeneo does not use.
  const bool products = (header.has("sku") || header.has("identifier")) && !header.has("title") &&
                        ((header.has("family") && header.has("groups")) || localised);
  if (!models && !products) return std::unique_ptr<Party>();
  PF_TRY(check(columns, header));
  // `identifier` and `uuid` come with newer exports; the SKU stays what it was.
  if (header.has("sku") && header.has("identifier")) columns[*header.find("identifier")].kind = Column::Kind::attribute;
  find_links(columns, header);
  if (!models && header.has("code")) columns[*header.find("code")].kind = Column::Kind::attribute;
  return std::unique_ptr<Party>(std::make_unique<AkeneoProducts>(std::move(columns), models));
}

}  // namespace pf::exchange
