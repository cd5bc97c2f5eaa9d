// Turns "sorted by this attribute" into an order of the index (search::Terms): what the index has of a value, and what
// a product says of it when it is asked. Nothing is kept for it: what filters by attributes need is enough.
#include <algorithm>
#include <map>

#include "catalog/above.h"
#include "catalog/catalog_keys.h"
#include "catalog/fragments.h"
#include "catalog/inheritance.h"
#include "catalog/inherited_entry.h"
#include "catalog/known_terms.h"
#include "catalog/products.h"
#include "catalog/search_entry.h"
#include "productflow/sentence.h"

namespace pf::catalog {
namespace {

// The value of an attribute, or of a field, in what stands behind a segment's head.
std::optional<std::string_view> value_in(std::string_view rest, std::string_view quoted_name, bool is_field) {
  std::vector<Fragment> fields, attributes;
  if (!take_fragments(rest, fields) || !take_fragments(rest, attributes)) return std::nullopt;
  const Fragment* found = find_fragment(is_field ? fields : attributes, quoted_name);
  return found == nullptr ? std::nullopt : std::optional(found->value());
}

bool has_no_order(AttributeType type) {
  using Type = AttributeType;
  return type == Type::rich_text || type == Type::image || type == Type::file || type == Type::table;
}

// The label that a reader sees, else the code.
std::string label_for(const Choice& choice, std::span<const std::string> locales) {
  for (const std::string& locale : locales)
    for (const auto& [name, text] : choice.labels)
      if (name == locale && !text.empty()) return text;
  return choice.code;
}

constexpr std::string_view kCategory = "category";

// As the index has them, with those above.
void add_categories(search::Entry& entry, std::string_view json_bytes) {
  Record record;
  const auto list = json::parse(json_bytes);
  if (!list.ok() || list->as_array() == nullptr) return;
  for (const json::Value& path : *list->as_array())
    if (path.as_string() != nullptr) record.categories.push_back(*path.as_string());
  add_shared(entry, record);
}

// By the title that a reader sees: in the first of these languages that has one.
search::Sort title_order(const std::vector<std::string>& locales, bool descending) {
  std::string name = "title";
  auto terms = std::make_shared<search::Terms>();
  terms->has_field = "has";
  terms->has_term = "title";
  terms->own = false;
  terms->in_turn = true;
  for (const std::string& locale : locales) {
    name += "@" + locale;
    terms->columns.push_back("title@" + locale);
  }
  if (locales.size() == 1) terms = nullptr;
  return {std::move(name), descending, {}, std::move(terms)};
}

}  // namespace

struct Products::AttributeOrder {
  std::string name, quoted_name;
  std::vector<std::string> locales;  // of values by language, the first that has one counts; empty: there are none
  bool descending;
  std::function<std::string(std::string_view term)> key_of;
  bool is_field = false;  // of the product itself
  bool inherits = true;   // a variant has it from above
  bool numbers = false;   // a text that is none has no place among them
  std::shared_ptr<const Units> units{};

  // By what an entry says under this field.
  std::string key_in(const search::Entry& entry) const {
    const std::string field = is_field ? name : "a." + name;
    if (!key_of)
      for (const auto& [column, value] : entry.columns)
        if (column == field) return std::string(value);
    std::string key;
    for (const auto& [of, term] : entry.terms) {
      if (of != field || numbers || !is_key(term)) continue;
      std::string one = key_of ? key_of(term) : kTextMark + std::string(term);
      if (key.empty() || (descending ? one > key : one < key)) key = std::move(one);
    }
    return key;
  }
  // By language a number stands by its column alone, so that terms which are numbers need not be asked about: those of
  // lists of numbers have no order there.
  bool is_key(std::string_view term) const { return locales.empty() || key_of || !number_key(name_of_term(term)); }
  std::string key(std::string_view json_bytes) const {
    search::Entry entry;
    if (!is_field)
      add_value(entry, name, json_bytes, *units);
    else if (name == kCategory)
      add_categories(entry, json_bytes);
    else if (json_bytes == "true" || json_bytes == "false")
      entry.terms.emplace_back(name, json_bytes == "true" ? "1" : "0");
    else if (const auto value = json::parse(json_bytes); value.ok() && value->as_string() != nullptr)
      entry.terms.emplace_back(name, *value->as_string());
    return key_in(entry);
  }
};

Result<std::optional<search::Sort>> Products::field_order(const storage::Reader& read, const Model& model,
                                                          const Languages& langs, const SortKey& sort_key,
                                                          const std::string& locale) const {
  if (sort_key.column == "title") return std::optional(title_order(langs.lending(locale), sort_key.descending));
  const bool is_enabled = sort_key.column == "enabled";
  const bool is_category = sort_key.column == kCategory || sort_key.column == "categories";
  if (!is_enabled && !is_category && sort_key.column != "parent") return std::optional<search::Sort>();
  AttributeOrder order{.name = is_category ? std::string(kCategory) : sort_key.column,
                       .quoted_name = is_category ? "\"categories\"" : '"' + sort_key.column + '"',
                       .locales = {},
                       .descending = sort_key.descending,
                       .key_of = {},
                       .is_field = true,
                       .inherits = is_category,
                       .units = model.units};
  auto terms = std::make_shared<search::Terms>();
  terms->field = order.name;
  if (!is_enabled) terms->has_field = "has", terms->has_term = is_category ? "categories" : order.name;
  terms->mark = kTextMark;
  if (is_category) {
    terms->key_of = order.key_of = [descending = sort_key.descending](std::string_view path) {
      return category_key(path, descending);
    };
    PF_LET(terms->ranked, category_ranks_->of(read, sort_key.descending));
  }
  std::string order_name = order.name;
  terms->keys_of = [this, &read, &model, order = std::move(order)](std::span<const search::Document> documents) {
    return attribute_keys(read, model, order, documents);
  };
  return std::optional(search::Sort{order_name, sort_key.descending, {}, std::move(terms)});
}

Result<search::Sort> Products::attribute_order(const storage::Reader& read, const Model& model, const Languages& langs,
                                               const SortKey& sort_key, const std::string& locale) const {
  const std::string& column = sort_key.column;
  AttributeOrder order{.name = column.starts_with("attributes.") ? column.substr(11) : column,
                       .quoted_name = {},
                       .locales = langs.lending(locale),
                       .descending = sort_key.descending,
                       .key_of = {},
                       .units = model.units};
  if (const auto at = order.name.rfind('@'); at != std::string::npos)
    if (auto one = parse_locale(std::string_view(order.name).substr(at + 1)); one.ok()) {
      order.locales = {*std::move(one)};
      order.name.resize(at);
    }
  const auto refused = [&](std::string code, const std::string& why) {
    return invalid("sort", std::move(code), "Products cannot be sorted by " + column.substr(0, 200) + ": " + why);
  };
  const std::string field = "a." + order.name;
  const Cell cell = model.cell(order.name);
  if (cell.attribute == nullptr) {
    PF_LET(const auto uses, index_.count(read, search::any_of("has", {field})));
    if (uses == 0)
      return refused("unknown", "no attribute has that name, nor does any product have one that is called so.");
  } else if (!cell.is_unit) {
    const AttributeType type = cell.attribute->type;
    const auto& said = cell.attribute->said;
    if (has_no_order(type)) return refused("column", "it is of the type " + said.type + ", which has no order.");
    std::vector<std::string> names;
    if (said.per_channel && cell.channel.empty()) {
      names = model.cells_of(said);
    } else if (type == AttributeType::price && cell.currency.empty()) {
      for (const std::string& currency : said.currencies) names.push_back(order.name + "-" + currency);
      if (names.empty()) names.push_back(order.name + "-" + std::string(kListCurrency));
    }
    if (!names.empty()) return refused("column", "it has several values; say which: " + in_sentence(names) + ".");
    order.numbers = type == AttributeType::number || type == AttributeType::decimal ||
                    type == AttributeType::measurement || type == AttributeType::price;
    if (type == AttributeType::choice || type == AttributeType::choices)
      order.key_of = [known = cell.attribute, locales = langs.lending(locale)](std::string_view term) {
        const std::string code = name_of_term(term);
        const auto at = known->choice_named.find(code);
        const Choice* choice = at == known->choice_named.end() ? nullptr : &known->said.choices[at->second];
        const std::string label = choice != nullptr && choice->code == code ? label_for(*choice, locales) : code;
        return value_key(label).append(1, '\x01').append(term);
      };
  }
  json::write_string(order.name, order.quoted_name);
  PF_LET(const bool by_language, used_columns_.by_language(read, order.name));
  if (!by_language) order.locales.clear();

  auto terms = std::make_shared<search::Terms>();
  if (!order.numbers) terms->field = field;
  terms->has_field = "has";
  terms->has_term = field;
  terms->columns = {field};
  terms->mark = kTextMark;
  terms->key_of = order.key_of;
  if (by_language && !order.key_of)
    terms->is_key = [](std::string_view term) { return !number_key(name_of_term(term)); };
  terms->own = !by_language;
  terms->in_turn = by_language && order.numbers;  // which stand in columns alone
  std::string name = field;
  for (const std::string& one : order.locales) {
    terms->columns.push_back(field + "@" + one);
    name += "@" + one;
  }
  terms->keys_of = [this, &read, &model, order = std::move(order)](std::span<const search::Document> documents) {
    return attribute_keys(read, model, order, documents);
  };
  return search::Sort{std::move(name), sort_key.descending, {}, std::move(terms)};
}

Result<std::vector<std::string>> Products::attribute_keys(const storage::Reader& read, const Model& model,
                                                          const AttributeOrder& order,
                                                          std::span<const search::Document> documents) const {
  std::vector<std::string> out(documents.size()), wanted;
  for (const auto document : documents) wanted.push_back(keys::document(document));
  PF_LET(const auto skus, read.get_many(products_, wanted));
  const std::size_t each = 1 + order.locales.size();
  wanted.clear();
  for (const auto& sku : skus) {
    wanted.push_back(keys::common(sku.value_or(std::string())));
    for (const std::string& locale : order.locales) wanted.push_back(keys::texts(sku.value_or(std::string()), locale));
  }
  PF_LET(const auto segments, read.get_many(products_, wanted));

  std::vector<std::size_t> lacking;  // whom the index may know by what they have from above
  Above above;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const auto& common = segments[i * each];
    if (!common) continue;
    if (const auto value = value_in(fragments_of_common(*common), order.quoted_name, order.is_field))
      out[i] = order.key(*value);
    if (!out[i].empty() || !order.inherits) continue;
    PF_LET(const auto parent, parent_of(*common));
    if (order.locales.empty() && !parent.empty()) lacking.push_back(i);
    for (std::size_t k = 1; k < each && out[i].empty(); ++k) {
      // What is nearer in a language that lends comes after what is above in the reader's own.
      if (k == 2 && !parent.empty()) break;
      const auto& texts = segments[i * each + k];
      const auto value = texts ? value_in(fragments_of_texts(*texts), order.quoted_name, false) : std::nullopt;
      if (value) out[i] = order.key(*value);
    }
    if (order.locales.empty() || parent.empty() || !out[i].empty()) continue;
    PF_LET(const auto record, find(read, *skus[i]));
    if (!record) continue;
    PF_LET(const auto line, line_of(read, *record, above));
    const Record whole = pf::catalog::with_inherited(model, line);
    if (const auto* value = find_attribute(whole.attributes, order.name)) out[i] = order.key(*value);
    for (const std::string& locale : order.locales) {
      if (!out[i].empty()) break;
      const auto* texts = whole.texts_of(locale);
      const auto* value = texts != nullptr ? find_attribute(texts->attributes, order.name) : nullptr;
      if (value != nullptr) out[i] = order.key(*value);
    }
  }
  wanted.clear();
  for (const std::size_t i : lacking) wanted.push_back(keys::inherited(documents[i]));
  PF_LET(const auto inherited, read.get_many(products_, wanted));
  for (std::size_t k = 0; k < lacking.size(); ++k) {
    if (!inherited[k]) continue;
    PF_LET(const auto entry, decode_inherited(*inherited[k]));
    out[lacking[k]] = order.key_in(entry);
  }
  return out;
}

}  // namespace pf::catalog
