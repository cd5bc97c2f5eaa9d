// Turns a question to the product list into a filter of the index, and its documents back into products.
#include "catalog/product_list.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <span>

#include "catalog/catalog_keys.h"
#include "catalog/inherited_entry.h"
#include "catalog/near_words.h"
#include "catalog/normal_value.h"
#include "catalog/products.h"
#include "catalog/search_entry.h"
#include "catalog/value_texts.h"
#include "productflow/money.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

constexpr std::size_t kCountsMax = 10'000;  // categories, families or brands listed at once
// Different values of one column that are looked into for a part of them: a tenth of a second's work.
constexpr std::size_t kLookedIntoMax = 200'000;
constexpr std::int64_t kFromNowDaysMax = 36'500;  // of now-7d: a century, so that no time overflows

using search::Filter;

// What a column of a question is in the index.
struct Column {
  enum class Kind { exact, name, words, flag, time, price, number } kind = Kind::exact;
  std::string field{};   // terms
  std::string sorted{};  // column, empty if it has none
  std::string words{};   // field of its words, empty if it has none
  std::string has{};     // term of "has"; empty: always filled in
};

Column column_of(const std::string& name, const std::string& locale) {
  using Kind = Column::Kind;
  if (name == "sku") return {Kind::exact, "sku", "sku", "w.sku", ""};
  if (name == "ean") return {Kind::exact, "ean", "ean", "", "ean"};
  if (name == "family") return {Kind::exact, "family", "family", "", "family"};
  if (name == "parent") return {Kind::exact, "parent", "", "", "parent"};
  if (name == "category" || name == "categories") return {Kind::exact, "category", "", "", "categories"};
  if (name == "brand") return {Kind::name, "brand", "brand", "w.brand", "brand"};
  if (name == "title") return {Kind::words, "", "title@" + locale, "w.title", "title@" + locale};
  if (name == "description") return {Kind::words, "", "", "d", "description@" + locale};
  if (name == "images" || name == "image") return {Kind::words, "", "", "", "images"};
  if (name == "offer") return {Kind::words, "", "", "", "offer"};
  if (name == "completeness" || name.starts_with("completeness.")) return {Kind::number, "", name, "", "completeness"};
  if (name == "hint") return {Kind::exact, "hint", "", "", "hint"};
  if (name == "enabled") return {Kind::flag, "enabled", "", "", ""};
  if (name == "created_at" || name == "updated_at") return {Kind::time, "", name, "", ""};
  if (name == "price" || (name.starts_with("price.") && name.size() == 9)) {
    const std::string key = "price." + (name == "price" ? std::string(kListCurrency) : name.substr(6));
    return {Kind::price, "", key, "", key};
  }
  std::string attribute = "a." + (name.starts_with("attributes.") ? name.substr(11) : name);
  std::string terms = attribute;
  // "attributes.fabric@nl-NL" sorts by that locale's value; its terms and presence are those of the attribute.
  if (const auto at = terms.rfind('@');
      at != std::string::npos && parse_locale(std::string_view(terms).substr(at + 1)).ok())
    terms.resize(at);
  return {Kind::name, terms, attribute, "", terms};
}

Filter nothing() {
  return search::any_of("sku", {});
}

Filter one_or_all(std::vector<Filter> parts, Filter (*combine)(std::vector<Filter>)) {
  return parts.size() == 1 ? std::move(parts.front()) : combine(std::move(parts));
}

// What a word may mean besides.
using AlsoMeant = std::function<Result<std::vector<Filter>>(const std::string& word)>;

// A word in one of the fields; the last one of a text by its beginning.
Result<Filter> word_filter(std::span<const std::string_view> fields, const std::string& word, bool last,
                           const AlsoMeant& also) {
  std::vector<Filter> any;
  for (const std::string_view name : fields) {
    std::string field(name);
    any.push_back(last ? search::prefix(std::move(field), word) : search::any_of(std::move(field), {word}));
  }
  if (also) {
    PF_LET(auto more, also(word));
    for (auto& filter : more) any.push_back(std::move(filter));
  }
  return one_or_all(std::move(any), search::either);
}

// All words of the text.
Result<Filter> words_filter(std::span<const std::string_view> fields, std::string_view text, const AlsoMeant& also) {
  const auto words = search::words_of(text);
  if (words.empty()) return nothing();
  std::vector<Filter> all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    PF_LET(auto filter, word_filter(fields, words[i], i + 1 == words.size(), also));
    all.push_back(std::move(filter));
  }
  return one_or_all(std::move(all), search::both);
}

// Words of titles, brands and SKUs that are one typing error away from it, and those that begin so.
Filter near_filter(const std::string& word) {
  std::vector<Filter> any;
  for (const std::string& near : near_words(word))
    for (const char* field : {"w.title", "w.sku", "w.brand"})
      any.push_back(near.size() < kNearLettersMin ? search::any_of(field, {near}) : search::prefix(field, near));
  return any.empty() ? nothing() : one_or_all(std::move(any), search::either);
}

std::string_view without_wildcards(std::string_view text) {
  while (!text.empty() && (text.front() == '%' || text.front() == '*')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '%' || text.back() == '*')) text.remove_suffix(1);
  return text;
}

std::optional<bool> truth(std::string_view text) {
  if (text == "1" || text == "true") return true;
  if (text == "0" || text == "false") return false;
  return std::nullopt;
}

Error bad_condition(const Condition& condition, std::string code, std::string message) {
  return invalid(condition.column, std::move(code), std::move(message));
}

// The value as the column's sort key.
Result<std::string> key_of(const Condition& condition, const Column& column, const std::string& value) {
  switch (column.kind) {
    case Column::Kind::time: {
      auto time = parse_time(value);
      if (!time.ok())
        return bad_condition(condition, "time", "\"" + value + "\" is not a time such as 2026-11-24T12:00:00Z.");
      return time_key(*time);
    }
    case Column::Kind::price: {
      auto currency = Currency::parse(std::string_view(column.sorted).substr(6));
      if (!currency.ok())
        return bad_condition(condition, "currency", column.sorted.substr(6) + " is not a currency such as EUR.");
      auto money = parse_money(value, *currency);
      if (!money.ok()) return bad_condition(condition, "amount", "\"" + value + "\" is not an amount such as 19.95.");
      return money_key(money->minor);
    }
    case Column::Kind::exact:
      return column.field == "family" ? value_key(value) : value;
    default:
      return value_key(value);
  }
}

std::string just_after(std::string key) {
  return key += '\0';
}

// Of terms as they are kept; a SKU stands in its column alone, unless that holds no more than a part of it.
Filter one_of(const Column& column, std::vector<std::string> terms) {
  if (column.field != "sku") return search::any_of(column.field, std::move(terms));
  std::vector<Filter> any;
  for (std::string& sku : terms)
    any.push_back(sku.size() < kKeyBytesMax ? search::in_range(column.sorted, sku, just_after(sku))
                                            : search::any_of(column.field, {std::move(sku)}));
  return any.empty() ? nothing() : one_or_all(std::move(any), search::either);
}

Result<Filter> equal(const Condition& condition, const Column& column) {
  std::vector<Filter> any;
  switch (column.kind) {
    case Column::Kind::exact:
      return one_of(column, condition.values);
    case Column::Kind::name:
      for (const auto& value : condition.values) {
        any.push_back(search::prefix(column.field, name_term_start(value)));
        if (number_key(value) && canonical_number(value) != value)
          any.push_back(search::prefix(column.field, name_term_start(canonical_number(value))));
      }
      break;
    case Column::Kind::flag: {
      std::vector<std::string> flags;
      for (const auto& value : condition.values) {
        const auto flag = truth(value);
        if (!flag) return bad_condition(condition, "boolean", condition.column + " is true or false.");
        flags.emplace_back(*flag ? "1" : "0");
      }
      return search::any_of(column.field, std::move(flags));
    }
    default:
      if (column.sorted.empty())
        return bad_condition(condition, "operator", condition.column + " can be asked for with like and empty only.");
      for (const auto& value : condition.values) {
        PF_LET(auto key, key_of(condition, column, value));
        any.push_back(search::in_range(column.sorted, key, just_after(key)));
      }
  }
  if (any.empty()) return nothing();
  return one_or_all(std::move(any), search::either);
}

// Days are terms and in no ordered column, so those after (or before) one are told by how they begin: after 2026-11-27
// are 2026-11-28 and -29, 2026-11-3, 2026-12, 2027 to 2029, 203 and so on.
Filter days(const std::string& field, const std::string& day, Operator op) {
  std::vector<Filter> any;
  const bool after = op == Operator::gt || op == Operator::gte;
  for (std::size_t i = 0; i < day.size(); ++i) {
    if (day[i] == '-') continue;
    for (char digit = after ? static_cast<char>(day[i] + 1) : '0'; digit <= (after ? '9' : day[i] - 1); ++digit)
      any.push_back(search::prefix(field, day.substr(0, i) + digit));
  }
  if (op == Operator::gte || op == Operator::lte) any.push_back(search::prefix(field, name_term_start(day)));
  return any.empty() ? nothing() : one_or_all(std::move(any), search::either);
}

Result<Filter> range(const Condition& condition, const Column& column) {
  if (condition.days) {
    const auto day = iso_date(condition.values.front());
    if (!day)
      return bad_condition(condition, "date", "\"" + condition.values.front() + "\" is not a day such as 2026-01-31.");
    return days(column.field, *day, condition.op);
  }
  if (column.sorted.empty())
    return bad_condition(condition, "operator",
                         condition.column + " has no order; use eq, neq, in, nin, like or empty.");
  PF_LET(auto key, key_of(condition, column, condition.values.front()));
  std::optional<std::string> from, to;
  if (column.kind == Column::Kind::name && column.field != "brand" && key[0] != kNumberMark)
    return bad_condition(condition, "number",
                         "An attribute is compared with a number; \"" + condition.values.front() + "\" is none.");
  switch (condition.op) {
    case Operator::gt:
      from = just_after(std::move(key));
      break;
    case Operator::gte:
      from = std::move(key);
      break;
    case Operator::lt:
      to = std::move(key);
      break;
    default:
      to = just_after(std::move(key));
      break;
  }
  return search::in_range(column.sorted, std::move(from), std::move(to));
}

// The terms of a column that hold such a text.
using Holding = std::function<Result<std::vector<std::string>>(const Condition&, const Column&, std::string_view)>;

// A text that is known by its words alone: the first one asked for may begin within a word, the last one may end so.
Result<Filter> part_of_words(const Condition& condition, const Column& column, std::string_view text,
                             const Holding& holding) {
  const auto words = search::words_of(text);
  if (words.empty()) return nothing();
  Column of_words = column;
  of_words.field = column.words;
  PF_LET(auto terms, holding(condition, of_words, words.front()));
  if (words.size() > 1) std::erase_if(terms, [&](const std::string& term) { return !term.ends_with(words.front()); });
  std::vector<Filter> all;
  all.push_back(search::any_of(of_words.field, std::move(terms)));
  for (std::size_t i = 1; i < words.size(); ++i)
    all.push_back(i + 1 == words.size() ? search::prefix(of_words.field, words[i])
                                        : search::any_of(of_words.field, {words[i]}));
  return one_or_all(std::move(all), search::both);
}

Result<Filter> like(const Condition& condition, const Column& column, const Holding& holding) {
  std::vector<Filter> any;
  for (const auto& value : condition.values) {
    const auto text = without_wildcards(value);
    const bool in_part = !text.empty() && (value.front() == '*' || value.front() == '%');
    if (in_part && !column.field.empty()) {
      PF_LET(auto terms, holding(condition, column, text));
      any.push_back(one_of(column, std::move(terms)));
    } else if (in_part && !column.words.empty()) {
      PF_LET(auto part, part_of_words(condition, column, text, holding));
      any.push_back(std::move(part));
    } else if (!column.words.empty()) {
      const std::string_view field = column.words;
      PF_LET(auto words, words_filter(std::span(&field, 1), text, {}));
      any.push_back(std::move(words));
    } else if (column.kind == Column::Kind::name) {
      auto start = name_term_start(text);
      start.pop_back();
      any.push_back(search::prefix(column.field, std::move(start)));
    } else if (column.kind == Column::Kind::exact) {
      any.push_back(search::prefix(column.field, std::string(text)));
    } else {
      return bad_condition(condition, "operator", condition.column + " has no words to look for.");
    }
  }
  if (any.empty()) return nothing();
  return one_or_all(std::move(any), search::either);
}

Result<Filter> condition_filter(const Condition& condition, const std::string& locale, const Holding& holding) {
  const Column column = column_of(condition.column, locale);
  if (condition.values.empty() && condition.op != Operator::in && condition.op != Operator::nin)
    return bad_condition(condition, "required", "Say what " + condition.column + " is compared with.");
  switch (condition.op) {
    case Operator::eq:
    case Operator::in:
      return equal(condition, column);
    case Operator::neq:
    case Operator::nin: {
      PF_LET(auto filter, equal(condition, column));
      return search::without(std::move(filter));
    }
    case Operator::like:
      return like(condition, column, holding);
    case Operator::nlike: {
      PF_LET(auto filter, like(condition, column, holding));
      return search::without(std::move(filter));
    }
    case Operator::between:
    case Operator::nbetween: {
      if (condition.values.size() != 2)
        return bad_condition(condition, "value", condition.column + " is between two values, such as 10,20.");
      const bool within = condition.op == Operator::between;
      std::vector<Filter> ends;
      for (const bool first : {true, false}) {
        Condition end = condition;
        end.op = within ? (first ? Operator::gte : Operator::lte) : (first ? Operator::lt : Operator::gt);
        end.values = {condition.values[first ? 0 : 1]};
        PF_LET(auto filter, range(end, column));
        ends.push_back(std::move(filter));
      }
      return within ? search::both(std::move(ends)) : search::either(std::move(ends));
    }
    case Operator::empty: {
      const auto flag = truth(condition.values.front());
      if (!flag) return bad_condition(condition, "boolean", "empty takes true or false.");
      if (column.has.empty()) return *flag ? nothing() : search::everything();
      auto has = search::any_of("has", {column.has});
      return *flag ? search::without(std::move(has)) : std::move(has);
    }
    default:
      return range(condition, column);
  }
}

// What people write for a value ("Rood", "yes", "31-12-2026") as it is stored; what is none stays, and is not found.
void put_as_stored(const KnownAttribute& attribute, std::string& value) {
  std::vector<FieldFault> faults;
  const auto normal = normal_value(attribute, *built_in_units(), value, {}, {}, {}, faults);
  if (!normal || !faults.empty()) return;
  const auto* items = normal->as_array();
  const json::Value& one = items != nullptr && items->size() == 1 ? items->front() : *normal;
  if (const auto* text = one.as_string())
    value = *text;
  else if (const auto* yes = one.as_bool())
    value = *yes ? "true" : "false";
  else if (const auto* number = one.as_number())
    value = number->text;
}

bool is_of_words(Operator op) {
  return op == Operator::like || op == Operator::nlike;
}

// What a person asks in units of the attribute is asked of the index in standard units; a described category means
// those below it too.
Condition by_model(const Model& model, Condition condition, Time now) {
  if (condition.op == Operator::empty) return condition;
  if (condition.column == "created_at" || condition.column == "updated_at") {
    for (auto& value : condition.values)
      if (const auto time = time_from_now(value, now)) value = rfc3339(*time);
    return condition;
  }
  if (condition.column == "category" || condition.column == "categories") {
    if (condition.as_written || is_of_words(condition.op) || model.categories.empty()) return condition;
    std::vector<std::string> all;
    for (const auto& value : condition.values)
      for (auto& path : model.with_those_below(value)) all.push_back(std::move(path));
    condition.values = std::move(all);
    return condition;
  }
  const std::string_view column = condition.column;
  const auto cell = model.cell(column.starts_with("attributes.") ? column.substr(11) : column);
  if (cell.attribute == nullptr) return condition;
  const AttributeType type = cell.attribute->type;
  if (type == AttributeType::measurement) {
    for (auto& value : condition.values)
      if (auto standard = measured(cell.attribute->said, *model.units, value)) value = *std::move(standard);
    return condition;
  }
  condition.days = type == AttributeType::date;
  if (is_of_words(condition.op)) return condition;
  for (auto& value : condition.values) {
    if (condition.days)
      if (const auto time = time_from_now(value, now)) value = rfc3339(*time);
    if (type == AttributeType::date) {
      if (auto day = iso_date(value)) value = *std::move(day);
    } else if (type == AttributeType::yes_no || type == AttributeType::choice || type == AttributeType::choices ||
               type == AttributeType::identifier || type == AttributeType::number || type == AttributeType::decimal) {
      put_as_stored(*cell.attribute, value);
    }
  }
  return condition;
}

// `words`: what the query's text comes to; nothing when it has none.
Result<Filter> filter_of(const Model& model, const ProductQuery& query, const std::string& locale,
                         const std::optional<Filter>& words, Time now, const Holding& holding) {
  std::vector<Filter> all;
  if (words) all.push_back(*words);
  Error faults{ErrorCode::invalid, {}, {}};
  for (const auto& condition : query.where) {
    auto filter = condition_filter(by_model(model, condition, now), locale, holding);
    if (filter.ok() && condition.as_written)  // its own alone
      filter = search::both(
          {*std::move(filter), search::without(search::any_of(std::string(kInheritedField), {"category"}))});
    if (filter.ok())
      all.push_back(*std::move(filter));
    else
      faults.faults.insert(faults.faults.end(), filter.error().faults.begin(), filter.error().faults.end());
  }
  if (!faults.faults.empty()) {
    faults.message = faults.faults.front().message;
    return faults;
  }
  if (all.empty()) return search::everything();
  return one_or_all(std::move(all), search::both);
}

}  // namespace

std::optional<Time> time_from_now(std::string_view value, Time now) {
  if (!value.starts_with("now")) return {};
  value.remove_prefix(3);
  if (value.empty()) return now;
  if (value.size() < 3 || value.back() != 'd' || (value.front() != '+' && value.front() != '-')) return {};
  const auto count = parse_int(value.substr(1, value.size() - 2));
  if (!count || *count < 0 || *count > kFromNowDaysMax) return {};
  return now + std::chrono::days(value.front() == '-' ? -*count : *count);
}

std::optional<Operator> operator_named(std::string_view name) {
  constexpr std::pair<std::string_view, Operator> kNames[] = {{"eq", Operator::eq},
                                                              {"neq", Operator::neq},
                                                              {"gt", Operator::gt},
                                                              {"gte", Operator::gte},
                                                              {"lt", Operator::lt},
                                                              {"lte", Operator::lte},
                                                              {"in", Operator::in},
                                                              {"nin", Operator::nin},
                                                              {"like", Operator::like},
                                                              {"empty", Operator::empty},
                                                              {"nlike", Operator::nlike},
                                                              {"between", Operator::between},
                                                              {"nbetween", Operator::nbetween}};
  for (const auto& [text, op] : kNames)
    if (text == name) return op;
  return std::nullopt;
}

// A name that is neither a field nor an attribute that somebody described or some product has is a slip, which would
// find nothing, or everything. Under "attributes." any name may be asked for: products that have it may still come.
Result<> Products::check_columns(const storage::Reader& read, const Model& model, const ProductQuery& query) const {
  Error faults{ErrorCode::invalid, {}, {}};
  const auto check = [&](const std::string& name, const std::string& field) -> Result<> {
    if (name.starts_with("completeness.")) {
      const std::string channel = name.substr(13, name.find('@') - 13);
      if (!model.channels.contains(channel))
        faults.faults.push_back({field, "unknown",
                                 "There is no channel \"" + channel.substr(0, 100) +
                                     "\"; write completeness.<channel>, or completeness.<channel>@<locale>."});
      return {};
    }
    const auto column = column_of(name, {});
    if (!column.field.starts_with("a.") || name.starts_with("attributes.")) return {};
    const std::string attribute = column.field.substr(2);
    if (model.cell(attribute).attribute != nullptr) return {};
    PF_LET(const auto uses, index_.count(read, search::any_of("has", {column.field})));
    if (uses == 0)
      faults.faults.push_back({field, "unknown",
                               "\"" + attribute.substr(0, 100) +
                                   "\" is neither a field of products nor an attribute that one of them has."});
    return {};
  };
  for (const auto& condition : query.where) PF_TRY(check(condition.column, condition.column));
  for (const auto& key : query.sort) PF_TRY(check(key.column, "sort"));
  for (const auto& name : query.facets) PF_TRY(check(name, "facets"));
  if (faults.faults.empty()) return {};
  faults.message = faults.faults.front().message;
  return faults;
}

Result<search::Sort> Products::sort_of(const storage::Reader& read, const Model& model, const Languages& langs,
                                       const ProductQuery& query, const std::string& locale) const {
  if (query.sort.empty()) return search::Sort{"created_at", true};
  std::vector<search::Sort> keys;
  for (const auto& key : query.sort) {
    const auto column = column_of(key.column, locale);
    if (column.field.starts_with("a.")) {
      PF_LET(auto by_attribute, attribute_order(read, model, langs, key, locale));
      keys.push_back(std::move(by_attribute));
      continue;
    }
    if (auto by_field = field_order(read, model, key)) {
      keys.push_back(*std::move(by_field));
      continue;
    }
    if (column.sorted.empty())
      return invalid("sort", "column",
                     "Products cannot be sorted by " + key.column +
                         "; use sku, title, brand, family, parent, ean, enabled, created_at, updated_at, price, "
                         "completeness or an attribute.");
    keys.push_back({column.sorted, key.descending});
  }
  search::Sort first = std::move(keys.front());
  first.then.assign(std::move_iterator(keys.begin() + 1), std::move_iterator(keys.end()));
  return first;
}

Result<ProductPage> Products::list(const storage::Reader& read, const ProductQuery& query) const {
  PF_LET(const auto langs, languages(read));
  ProductPage out;
  out.locale = langs.for_reading(query.locale);
  PF_LET(const auto model, models_.known(read));
  // The label of a record is a word of the products that name it, where not too many are called so.
  AlsoMeant also;
  ProductQuery meant;
  if (!model->references.empty()) {
    meant = query;
    PF_TRY(mean_references(read, *model, meant));
    also = [&](const std::string& word) -> Result<std::vector<Filter>> {
      constexpr std::size_t kLabelledMax = 1'000;  // a word that more have in common tells no product apart
      std::vector<Filter> any;
      std::map<std::string_view, std::vector<std::string>> of_kind;
      for (const auto& attribute : model->references) {
        const std::string& kind = attribute->said.reference_kind;
        auto known = of_kind.find(kind);
        if (known == of_kind.end()) {
          PF_LET(auto codes, references_.codes_like(read, kind, word, kLabelledMax));
          if (codes.size() > kLabelledMax) codes.clear();
          for (auto& code : codes) code = name_term(code);
          known = of_kind.emplace(kind, std::move(codes)).first;
        }
        const auto& terms = known->second;
        if (terms.empty()) continue;
        for (const auto& cell : model->cells_of(attribute->said)) any.push_back(search::any_of("a." + cell, terms));
      }
      return any;
    };
  }
  PF_TRY(check_columns(read, *model, query));
  const Holding holding = [&](const Condition& condition, const Column& column,
                              std::string_view text) -> Result<std::vector<std::string>> {
    auto terms = index_.terms(read, column.field, kLookedIntoMax + 1);
    if (column.field == "sku")
      for (auto& sku : index_.values(read, column.sorted, kLookedIntoMax + 1)) terms.push_back(std::move(sku));
    if (terms.size() > kLookedIntoMax)
      return bad_condition(condition, "too_many",
                           condition.column + " has more than " + std::to_string(kLookedIntoMax) +
                               " different values, which are not all looked into; ask for how it begins.");
    const std::string part = search::folded(text);
    std::vector<std::string> some;
    for (const auto& term : terms)
      if (search::folded(std::string_view(term).substr(0, term.find('\x01'))).find(part) != std::string::npos)
        some.push_back(term);
    return some;
  };
  const ProductQuery& asked = also ? meant : query;
  std::optional<Filter> words;
  if (!trim(query.text).empty()) {
    PF_LET(words, words_filter(kWordFields, query.text, also));
  }
  PF_LET(auto filter, filter_of(*model, asked, out.locale, words, clock_.now(), holding));
  PF_LET(const auto sort, sort_of(read, *model, langs, query, out.locale));
  const auto page_of = [&] {
    return index_.page(read, filter, sort, std::min(query.count, kListMax), query.cursor, query.offset);
  };
  PF_LET(auto page, page_of());
  if (words && page.total == 0 && !query.skus_only) {
    // A word that no product has may be one that was mistyped; those that some have mean what they say. For a person
    // who looks: what is edited or exported is what was asked for.
    const auto all = search::words_of(query.text);
    std::vector<Filter> meant_words;
    for (std::size_t i = 0; i < all.size(); ++i) {
      PF_LET(auto one, word_filter(kWordFields, all[i], i + 1 == all.size(), also));
      PF_LET(const auto count, index_.count(read, one));
      out.similar = out.similar || count == 0;
      meant_words.push_back(count == 0 ? near_filter(all[i]) : std::move(one));
    }
    if (out.similar) {
      words = one_or_all(std::move(meant_words), search::both);
      PF_LET(filter, filter_of(*model, asked, out.locale, words, clock_.now(), holding));
      PF_LET(page, page_of());
      out.similar = page.total > 0;
    }
  }
  out.total = page.total;
  out.next_cursor = std::move(page.next_cursor);

  std::vector<std::string> wanted;
  wanted.reserve(page.documents.size());
  for (const auto document : page.documents) wanted.push_back(keys::document(document));
  PF_LET(auto skus, read.get_many(products_, wanted));
  for (auto& sku : skus)
    if (sku) out.skus.push_back(*std::move(sku));
  if (query.skus_only) return out;
  PF_LET(auto products, product_jsons(read, out.skus, out.locale));
  for (std::size_t i = 0; i < products.size(); ++i) {
    if (!products[i])
      return error(ErrorCode::internal,
                   "The search index names the product \"" + out.skus[i] + "\", which is not there.");
    out.products.push_back(*std::move(products[i]));
  }
  if (query.facets.size() > kFacetsMax)
    return invalid("facets", "too_many", "A list counts at most " + std::to_string(kFacetsMax) + " facets at once.");
  std::vector<Column> columns;
  std::vector<std::string> fields;
  for (const auto& name : query.facets) {
    columns.push_back(column_of(name, out.locale));
    if (columns.back().field.empty()) return invalid("facets", "column", "Products cannot be counted by " + name + ".");
    fields.push_back(columns.back().field);
  }
  PF_LET(auto facets, index_.facets(read, filter, fields, kFacetTermsMax));
  for (std::size_t i = 0; i < facets.size(); ++i) {
    for (auto& [term, count] : facets[i]) {
      if (columns[i].kind == Column::Kind::name)
        term = name_of_term(term);
      else if (columns[i].kind == Column::Kind::flag)
        term = term == "1" ? "true" : "false";
    }
    out.facets.push_back({query.facets[i], std::move(facets[i])});
  }
  return out;
}

Result<std::vector<std::pair<std::string, std::uint64_t>>> Products::attribute_uses(const storage::Reader& read) const {
  PF_LET(const auto has, index_.facet(read, search::everything(), "has", kCountsMax));
  std::vector<std::pair<std::string, std::uint64_t>> out;
  for (const auto& [term, count] : has)
    if (term.starts_with("a.")) out.emplace_back(term.substr(2), count);
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::uint64_t> Products::count_in(const storage::Reader& read, std::vector<std::string> categories) const {
  return index_.count(read, search::any_of("category", std::move(categories)));
}

Result<std::vector<std::pair<std::string, std::uint64_t>>> Products::counts(const storage::Reader& read,
                                                                            std::string_view name) const {
  const auto column = column_of(std::string(name), {});
  if (column.field.empty())
    return invalid("column", "column", "Products cannot be counted by " + std::string(name) + ".");
  PF_LET(auto counts, index_.facet(read, search::everything(), column.field, kCountsMax));
  if (column.kind == Column::Kind::name)
    for (auto& [term, count] : counts) term = name_of_term(term);
  std::sort(counts.begin(), counts.end());
  return counts;
}

}  // namespace pf::catalog
