#include "exchange/feed_surroundings.h"

#include <algorithm>

#include "catalog/product.h"
#include "exchange/mapping.h"
#include "exchange/price_names.h"
#include "exchange/product_columns.h"
#include "json/json.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// Without a prefix, and without what divides words: "g:parent_id" is "parentid".
std::string bare_name(std::string_view name) {
  std::string out = lower_ascii(name.substr(name.find(':') == std::string_view::npos ? 0 : name.find(':') + 1));
  std::erase_if(out, [](char c) { return c == '_' || c == '-' || c == ' '; });
  return out;
}
// `names`: between blanks.
bool is_one_of(const std::string& name, std::string_view names) {
  return !name.empty() && names.find(" " + name + " ") != std::string_view::npos;
}

bool is_category_table(std::string_view name) {
  return is_one_of(bare_name(name),
                   " category categories categorie kategorie kategorien kategoria categoria productcategory "
                   "productcategories shopcategory ");
}
bool is_category_number(std::string_view name) {
  return is_one_of(bare_name(name),
                   " categoryid categoryids categoriesid categorieid kategorieid kategoriaid categoriaid catid "
                   "idcategory productcategoryid ");
}

bool is_own_number(std::string_view name) {  // of a category; an attribute has @ in front
  if (name.starts_with('@')) name.remove_prefix(1);
  return is_one_of(bare_name(name), " id categoryid catid ");
}

bool is_within(const std::vector<formats::XmlPath>& paths, std::size_t path, std::size_t around) {
  for (; path != 0; path = paths[path].parent)
    if (path == around) return true;
  return false;
}

bool names_column(const Mapping& mapping, std::string_view name) {
  return std::ranges::any_of(mapping.columns, [&](const MappedColumn& one) {
    if (equals_ignoring_case(one.column, name)) return true;
    return one.as && std::ranges::any_of(one.as->columns(),
                                         [&](const std::string& used) { return equals_ignoring_case(used, name); });
  });
}
bool makes(const Mapping& mapping, ProductColumn::Kind kind) {
  return std::ranges::any_of(mapping.columns, [&](const MappedColumn& one) {
    return !one.to.empty() && product_columns(Header({one.to}))[0].kind == kind;
  });
}

// The items of a cell: a list, or the one that it is.
std::vector<std::string> items_in(std::string_view cell) {
  std::vector<std::string> out;
  const auto parsed = cell.starts_with('[') ? json::parse(cell) : Result<json::Value>(json::Value());
  if (parsed.ok() && parsed->as_array() != nullptr) {
    for (const json::Value& one : *parsed->as_array()) {
      const json::Value* value = one.as_object() != nullptr ? one.find("value") : &one;
      if (value == nullptr || value->as_string() == nullptr) return {};
      out.emplace_back(trim(*value->as_string()));
    }
    return out;
  }
  if (!trim(cell).empty()) out.emplace_back(trim(cell));
  return out;
}

// "https://www.shop.cz/mug" is of "cz".
std::string_view country_of_address(std::string_view address) {
  const std::size_t start = address.find("://");
  if (start == std::string_view::npos) return {};
  address.remove_prefix(start + 3);
  address = address.substr(0, address.find_first_of("/?#:"));
  const std::size_t dot = address.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : address.substr(dot + 1);
}

constexpr std::string_view kAddedCategory = "category", kAddedCurrency = "currency";

}  // namespace

Result<std::unique_ptr<FeedSurroundings>> FeedSurroundings::of(formats::FileReading& file,
                                                               const formats::XmlTables& found, std::size_t path,
                                                               std::vector<std::string>& names,
                                                               const Mapping* mapping) {
  auto out = std::make_unique<FeedSurroundings>();
  PF_TRY(out->find_categories(file, found, path, names, mapping));
  out->find_currency(found, path, names, mapping);
  out->columns_ = names.size();
  return out;
}

Result<> FeedSurroundings::find_categories(formats::FileReading& file, const formats::XmlTables& found,
                                           std::size_t path, std::vector<std::string>& names, const Mapping* mapping) {
  std::size_t table = 0;
  for (std::size_t at = 1; at < found.paths.size() && table == 0; ++at)
    if (is_category_table(found.paths[at].name) &&
        std::ranges::any_of(found.paths[at].children, [](const auto& child) { return is_own_number(child.first); }) &&
        !is_within(found.paths, at, path) && !is_within(found.paths, path, at))
      table = at;
  if (table == 0 || found.paths[table].count > kFeedCategoriesMax) return {};
  std::optional<std::size_t> number, category;
  const auto columns = product_columns(Header(names));
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!category && columns[i].kind == ProductColumn::Kind::categories) category = i;
    if (!number && columns[i].kind == ProductColumn::Kind::attribute && is_category_number(names[i])) number = i;
  }
  if (category)
    number = category;  // whatever it says
  else if (!number || (mapping != nullptr && makes(*mapping, ProductColumn::Kind::categories) &&
                       !names_column(*mapping, kAddedCategory)))
    return {};

  PF_LET(const formats::XmlTable listed, file.xml_table(table));
  std::optional<std::size_t> id, parent, name;
  for (std::size_t i = 0; i < listed.columns.size(); ++i) {
    if (listed.columns[i].list) continue;
    std::string called = bare_name(listed.columns[i].name);
    called = called.substr(0, called.find('@'));  // in some language
    if (!id && is_own_number(called)) id = i;
    if (!parent && is_one_of(called, " parentid parent parentcategoryid idparent ")) parent = i;
    if (!name && is_one_of(called, " name title value categoryname naam ")) name = i;
  }
  if (!id || !name) return {};
  table_ = table;
  id_ = *id;
  name_ = *name;
  parent_ = parent;
  listed_ = found.paths[table].count;
  number_ = number;
  category_ = category ? *category : names.size();
  keep_number_ = mapping != nullptr && names_column(*mapping, names[*number]);
  if (!category) names.emplace_back(kAddedCategory);
  return {};
}

Result<> FeedSurroundings::read(formats::FileReading& file) {
  if (table_ == 0) return {};
  std::size_t bytes = 0;
  std::uint64_t rows = 0;
  const auto end = file.xml_rows(table_, [&](formats::TableRow&& row) -> Result<formats::ZipReader::Go> {
    if (row.fault.empty() && !row.cells[id_].empty() && !row.cells[name_].empty()) {
      bytes += row.cells[id_].size() + row.cells[name_].size();
      categories_.emplace(
          std::move(row.cells[id_]),
          Category{std::move(row.cells[name_]), parent_ ? std::move(row.cells[*parent_]) : std::string()});
    }
    const bool on = ++rows < listed_ && bytes <= kFeedCategoryBytesMax;
    return on ? formats::ZipReader::Go::on : formats::ZipReader::Go::enough;
  });
  if (!end.ok() && end.error().code != ErrorCode::invalid) return end;  // one that is cut off is told with its rows
  if (bytes > kFeedCategoryBytesMax) categories_.clear();               // then they stay numbers
  return {};
}

// Where they go in a circle, or deeper than is kept, the path begins within.
std::string FeedSurroundings::path_of(const std::string& id) const {
  std::string path;
  std::size_t levels = 0;
  for (auto one = categories_.find(id); one != categories_.end() && levels < catalog::kCategoryLevelsMax; ++levels) {
    path = levels == 0 ? one->second.name : one->second.name + "/" + path;
    one = categories_.find(one->second.parent);
  }
  return path;
}

void FeedSurroundings::name_categories(std::vector<std::string>& cells) const {
  const std::vector<std::string> ids = items_in(cells[*number_]);
  json::Value paths = json::Value::array();
  std::size_t named = 0;
  for (const std::string& id : ids)
    if (std::string path = path_of(id); !path.empty()) {
      paths.push(std::move(path));
      ++named;
    }
  if (named == 0 || (number_ == category_ && named < ids.size())) return;
  // What names none of them stays as it is, beside.
  if (named == ids.size() && !keep_number_) cells[*number_].clear();
  cells[*category_] = json::write(paths);
}

void FeedSurroundings::find_currency(const formats::XmlTables& found, std::size_t path, std::vector<std::string>& names,
                                     const Mapping* mapping) {
  const Header header(names);
  const bool priced = std::ranges::any_of(product_columns(header), [](const ProductColumn& column) {
    return column.kind == ProductColumn::Kind::price && column.currency.empty();
  });
  if (!priced || currency_column(header)) return;
  // Whoever says what a price becomes says in which currency.
  if (mapping != nullptr && makes(*mapping, ProductColumn::Kind::price) && !names_column(*mapping, kAddedCurrency))
    return;
  const std::string records = bare_name(found.paths[path].name);
  if (records == "shopitem")
    portal_ = Portal::heureka;
  else if (records == "o" && bare_name(found.root) == "offers" && header.has("url") &&
           (header.has("cat") || header.has("avail")))
    portal_ = Portal::ceneo;
  if (portal_ == Portal::none) return;
  address_ = header.find("url");
  portal_category_ = header.find("categorytext");
  currency_ = names.size();
  names.emplace_back(kAddedCurrency);
}

// Ceneo is Polish; Heureka is Czech or Slovak, which the categories or the shop's address tell.
std::string FeedSurroundings::currency_of(const std::vector<std::string>& cells) const {
  if (portal_ == Portal::ceneo) return "PLN";
  if (portal_category_) {
    const std::string category = lower_ascii(cells[*portal_category_]);
    if (category.starts_with("heureka.cz")) return "CZK";
    if (category.starts_with("heureka.sk")) return "EUR";
  }
  const std::string country = address_ ? lower_ascii(country_of_address(cells[*address_])) : std::string();
  return country == "cz" ? "CZK" : country == "sk" ? "EUR" : "";
}

void FeedSurroundings::put_into(std::vector<std::string>& cells) {
  cells.resize(columns_);
  if (number_) name_categories(cells);
  if (!currency_) return;
  cells[*currency_] = currency_of(cells);
  if (cells[*currency_].empty()) ++unsure_;
}

}  // namespace pf::exchange
