// Lists of categories as shops and merchandise systems write them: each with a number or a key of its own, the one of
// its parent, and its name, in one language or several. Here a category is its path of names.
#include <algorithm>
#include <map>
#include <span>

#include "exchange/party.h"
#include "exchange/product_columns.h"
#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kListedCategoriesMax = 200'000;  // rows, which wait for the file's end

constexpr std::string_view kCategoryKeys[] = {
    "category id",  "category_id",   "categoryid",    "category key", "category_key", "category code", "category_code",
    "categorycode", "kategorie-id",  "kategorieid",   "categorie id", "categorie-id", "cat_id",        "externalid",
    "external id",  "category name", "category_name", "id",           "key",          "code"};
constexpr std::string_view kCategoryParents[] = {"parent_id",
                                                 "parentid",
                                                 "parent id",
                                                 "parent_category_id",
                                                 "parent category id",
                                                 "parentcategoryid",
                                                 "parent_category",
                                                 "parent category",
                                                 "parent category name",
                                                 "category parent name",
                                                 "parent_category_key",
                                                 "parentkey",
                                                 "parent_key",
                                                 "parent key",
                                                 "parent_code",
                                                 "parent",
                                                 "oberkategorie",
                                                 "übergeordnete kategorie",
                                                 "hoofdcategorie",
                                                 "bovenliggende categorie",
                                                 "catégorie parente",
                                                 "parent categorie"};
constexpr std::string_view kCategoryNames[] = {
    "name",        "name *", "category name", "category_name", "categoryname",  "title",     "naam",
    "bezeichnung", "nom",    "kategoriename", "category",      "categorienaam", "kategorie", "description"};

// What else such a list says of a category.
bool is_of_category(std::string_view folded) {
  constexpr std::string_view kOthers[] = {"id",
                                          "key",
                                          "code",
                                          "externalid",
                                          "external id",
                                          "slug",
                                          "url",
                                          "url_key",
                                          "url key",
                                          "position",
                                          "sort",
                                          "sort_order",
                                          "sort order",
                                          "order",
                                          "rank",
                                          "level",
                                          "depth",
                                          "path",
                                          "active",
                                          "is_active",
                                          "enabled",
                                          "status",
                                          "visible",
                                          "locale",
                                          "language",
                                          "lang",
                                          "description",
                                          "image",
                                          "image_url",
                                          "meta_title",
                                          "meta title",
                                          "meta_description",
                                          "meta description",
                                          "meta_keywords",
                                          "meta keywords",
                                          "created_at",
                                          "updated_at",
                                          "root",
                                          "naam",
                                          "bezeichnung",
                                          "nom",
                                          "omschrijving",
                                          "beschreibung",
                                          "positie",
                                          "reihenfolge",
                                          "volgorde",
                                          "aktiv",
                                          "actief"};
  const std::size_t end = folded.find_first_of("-@[.");  // "name-en_US", "slug.en"
  return std::ranges::find(kOthers, folded) != std::end(kOthers) ||
         std::ranges::find(kOthers, folded.substr(0, end)) != std::end(kOthers) || folded.substr(0, end) == "name" ||
         folded.substr(0, end) == "title";
}

std::optional<std::size_t> first_named(const Header& header, std::span<const std::string_view> names) {
  for (const std::string_view name : names)
    if (const auto at = header.find(name)) return at;
  return std::nullopt;
}

struct ListedCategory {
  std::vector<std::uint64_t> lines{};
  std::string key{}, parent{}, name{};
  json::Value labels{json::Members{}};
};

class CategoryList final : public Party {
 public:
  CategoryList(const Header& header, std::size_t key, std::size_t parent) : key_(key), parent_(parent) {
    for (const std::string_view name : kCategoryKeys)
      if (const auto at = header.find(name); at && *at != parent) keys_.push_back(*at);
    const auto columns = product_columns(header);
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i].kind == ProductColumn::Kind::title && !columns[i].locale.empty())
        labels_.emplace_back(i, columns[i].locale);
    name_ = first_named(header, kCategoryNames);
    constexpr std::string_view kLocales[] = {"locale", "language", "lang"};
    locale_ = first_named(header, kLocales);
  }
  bool names() const { return name_ || !labels_.empty(); }
  std::string name() const override { return "categories"; }
  bool describes() const override { return true; }

  void row(const Row& row, std::vector<ProductItem>&, std::vector<OrderItem>&) override {
    ListedCategory one{{row.line}, std::string(visible(row.cell(key_))), std::string(visible(row.cell(parent_))), {}};
    for (const auto& [column, locale] : labels_)
      if (const auto label = row.cell(column); !label.empty()) one.labels.set(locale, label);
    one.name = visible(row.cell(name_));
    for (const auto& [column, locale] : labels_)
      if (one.name.empty()) one.name = visible(row.cell(column));
    if (listed_.size() >= kListedCategoriesMax)
      return refuse(row.line, "", "too_many",
                    "is beyond the " + std::to_string(kListedCategoriesMax) + " rows that one such file may have");
    if (one.key.empty() || one.name.empty())
      return refuse(row.line, row.header->names()[one.key.empty() ? key_ : name_.value_or(key_)], "required",
                    "is empty: it cannot be told from others");
    // So long paths are none, and a child's has all above it.
    if (const auto path = catalog::parse_category(step(one.name)); !path.ok())
      return refuse(row.line, row.header->names()[name_.value_or(key_)], "format", path.error().message);
    // A row for each language.
    if (const auto locale = locale_in(row.cell(locale_)); locale && !row.cell(name_).empty()) {
      const auto known = by_key_.find(one.key);
      (known == by_key_.end() ? one : listed_[known->second]).labels.set(*locale, row.cell(name_));
      if (known != by_key_.end()) return listed_[known->second].lines.push_back(row.line);
    }
    for (const std::size_t column : keys_)  // a parent may be named by any of them
      if (const auto key = visible(row.cell(column)); !key.empty())
        by_key_.try_emplace(std::string(key), listed_.size());
    by_name_.try_emplace(lower_ascii(one.name), listed_.size());
    listed_.push_back(std::move(one));
  }

  void flush(std::vector<ProductItem>&, std::vector<OrderItem>&) override {
    for (std::size_t i = 0; i < listed_.size(); ++i) {
      ListedCategory& one = listed_[i];
      DescribingItem& item = describing.emplace_back();
      item.lines = one.lines;
      item.kind = catalog::ModelKind::category;
      std::size_t at = i, levels = 0;
      std::string path = step(one.name);
      for (auto above = above_of(at); above && levels < catalog::kCategoryLevelsMax; above = above_of(at), ++levels) {
        at = *above;
        path = step(listed_[at].name) + "/" + path;
      }
      if (levels < catalog::kCategoryLevelsMax)
        item.code = std::move(path);
      else
        item.faults.push_back({"parent", "too_deep",
                               "leads to more than " + std::to_string(catalog::kCategoryLevelsMax) +
                                   " categories above it, or round to itself"});
      if (levels == 0 && !one.parent.empty() && one.parent != "0" && one.parent != one.key)
        item.told.emplace_back(one.lines.front(), "names a parent that is not in this file, and was put at the top");
      item.body = json::Value::object(
          {{"labels", std::move(one.labels)}, {"parent", std::string()}, {"position", static_cast<std::int64_t>(i)}});
    }
    listed_.clear();
  }

 private:
  void refuse(std::uint64_t line, const std::string& field, const char* code, std::string message) {
    DescribingItem& refused = describing.emplace_back();
    refused.lines.push_back(line);
    refused.kind = catalog::ModelKind::category;
    refused.faults.push_back({field, code, std::move(message)});
  }
  // A / would be a step of the path.
  static std::string step(std::string name) {
    std::ranges::replace(name, '/', '-');
    return name;
  }
  // By its key; PrestaShop has the name there.
  std::optional<std::size_t> above_of(std::size_t at) const {
    const ListedCategory& one = listed_[at];
    if (one.parent.empty() || one.parent == "0") return std::nullopt;
    if (const auto found = by_key_.find(one.parent); found != by_key_.end())
      return found->second != at ? std::optional(found->second) : std::nullopt;
    const auto named = by_name_.find(lower_ascii(one.parent));
    return named != by_name_.end() && named->second != at ? std::optional(named->second) : std::nullopt;
  }

  const std::size_t key_, parent_;
  std::vector<std::size_t> keys_;
  std::optional<std::size_t> name_, locale_;
  std::vector<std::pair<std::size_t, std::string>> labels_;  // columns, locales
  std::vector<ListedCategory> listed_;
  std::map<std::string, std::size_t, std::less<>> by_key_, by_name_;
};

}  // namespace

std::unique_ptr<Party> category_list(const Header& header, bool asked_for) {
  const auto key = first_named(header, kCategoryKeys), parent = first_named(header, kCategoryParents);
  if (!key || !parent || *key == *parent) return nullptr;
  bool about = asked_for, numbered = false;
  const auto columns = product_columns(header);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string folded = lower_ascii(header.names()[i]);
    const bool says = folded.find("categor") != std::string::npos || folded.find("kategor") != std::string::npos;
    about = about || (says && (i == *key || i == *parent));
    numbered = numbered || (i != *key && (folded == "id" || folded == "code" || folded == "key"));
    // Whatever else there is makes it a list of other things, which have a category or a parent too: products, people.
    if (i != *key && i != *parent && !says && columns[i].kind != ProductColumn::Kind::title && !is_of_category(folded))
      return nullptr;
  }
  // A number of its own beside a category's: a thing that stands in one.
  if (numbered) return nullptr;
  auto list = std::make_unique<CategoryList>(header, *key, *parent);
  return about && list->names() ? std::move(list) : nullptr;
}

}  // namespace pf::exchange
