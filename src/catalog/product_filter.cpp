#include "catalog/product_filter.h"

#include <algorithm>

#include "catalog/inherited_entry.h"
#include "catalog/near_words.h"
#include "catalog/normal_value.h"
#include "catalog/product.h"
#include "catalog/search_entry.h"
#include "catalog/value_texts.h"
#include "productflow/money.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

using search::Filter;

constexpr std::int64_t kFromNowDaysMax = 36'500;  // of now-7d: a century, so that no time overflows

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
Result<std::string> key_of(const Condition& condition, const ListColumn& column, const std::string& value) {
  switch (column.kind) {
    case ListColumn::Kind::time: {
      auto time = parse_time(value);
      if (!time.ok())
        return bad_condition(condition, "time", "\"" + value + "\" is not a time such as 2026-11-24T12:00:00Z.");
      return time_key(*time);
    }
    case ListColumn::Kind::price: {
      auto currency = Currency::parse(std::string_view(column.sorted).substr(6));
      if (!currency.ok())
        return bad_condition(condition, "currency", column.sorted.substr(6) + " is not a currency such as EUR.");
      auto money = parse_money(value, *currency);
      if (!money.ok()) return bad_condition(condition, "amount", "\"" + value + "\" is not an amount such as 19.95.");
      return money_key(money->minor);
    }
    case ListColumn::Kind::exact:
      return column.field == "family" ? value_key(value) : value;
    default:
      return value_key(value);
  }
}

std::string just_after(std::string key) {
  return key += '\0';
}

// Of terms as they are kept; a SKU stands in its column alone, unless that holds no more than a part of it.
Filter one_of(const ListColumn& column, std::vector<std::string> terms) {
  if (column.field != "sku") return search::any_of(column.field, std::move(terms));
  std::vector<Filter> any;
  for (std::string& sku : terms)
    any.push_back(sku.size() < kKeyBytesMax ? search::in_range(column.sorted, sku, just_after(sku))
                                            : search::any_of(column.field, {std::move(sku)}));
  return any.empty() ? no_product() : one_or_all(std::move(any), search::either);
}

Result<Filter> equal(const Condition& condition, const ListColumn& column) {
  std::vector<Filter> any;
  switch (column.kind) {
    case ListColumn::Kind::exact:
      if (column.field != "hint") return one_of(column, condition.values);
      for (const auto& value : condition.values) {
        any.push_back(search::any_of(column.field, {value}));
        if (value.find('@') == std::string::npos) any.push_back(search::prefix(column.field, value + '@'));
      }
      break;
    case ListColumn::Kind::name:
      for (const auto& value : condition.values) {
        any.push_back(search::prefix(column.field, name_term_start(value)));
        if (number_key(value) && canonical_number(value) != value)
          any.push_back(search::prefix(column.field, name_term_start(canonical_number(value))));
      }
      break;
    case ListColumn::Kind::flag: {
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
  if (any.empty()) return no_product();
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
  return any.empty() ? no_product() : one_or_all(std::move(any), search::either);
}

Result<Filter> range(const Condition& condition, const ListColumn& column) {
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
  if (column.kind == ListColumn::Kind::name && column.field != "brand" && key[0] != kNumberMark)
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

// A text that is known by its words alone: the first one asked for may begin within a word, the last one may end so.
Result<Filter> part_of_words(const Condition& condition, const ListColumn& column, std::string_view text,
                             const Holding& holding) {
  const auto words = search::words_of(text);
  if (words.empty()) return no_product();
  ListColumn of_words = column;
  of_words.field = column.words;
  PF_LET(auto first, holding(condition, of_words, words.front(), words.size() > 1));
  std::vector<Filter> all;
  all.push_back(std::move(first));
  for (std::size_t i = 1; i < words.size(); ++i)
    all.push_back(i + 1 == words.size() ? search::prefix(of_words.field, words[i])
                                        : search::any_of(of_words.field, {words[i]}));
  return one_or_all(std::move(all), search::both);
}

Result<Filter> like(const Condition& condition, const ListColumn& column, const Holding& holding) {
  std::vector<Filter> any;
  for (const auto& value : condition.values) {
    const auto text = without_wildcards(value);
    const bool in_part = !text.empty() && (value.front() == '*' || value.front() == '%');
    if (in_part && !column.field.empty()) {
      PF_LET(auto part, holding(condition, column, text, false));
      any.push_back(std::move(part));
    } else if (in_part && !column.words.empty()) {
      PF_LET(auto part, part_of_words(condition, column, text, holding));
      any.push_back(std::move(part));
    } else if (!column.words.empty()) {
      const std::string_view field = column.words;
      PF_LET(auto words, words_filter(std::span(&field, 1), text, {}));
      any.push_back(std::move(words));
    } else if (column.kind == ListColumn::Kind::name) {
      auto start = name_term_start(text);
      start.pop_back();
      any.push_back(search::prefix(column.field, std::move(start)));
    } else if (column.kind == ListColumn::Kind::exact) {
      any.push_back(search::prefix(column.field, std::string(text)));
    } else {
      return bad_condition(condition, "operator", condition.column + " has no words to look for.");
    }
  }
  if (any.empty()) return no_product();
  return one_or_all(std::move(any), search::either);
}

// What begins with these bytes; kept keys are cut.
Filter starting(const std::string& column, std::string key) {
  if (key.size() > kKeyBytesMax) key.resize(kKeyBytesMax);
  std::string end = key;
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) ++end.back();
  return search::in_range(column, std::move(key), end.empty() ? std::nullopt : std::optional(std::move(end)));
}

Result<Filter> starts(const Condition& condition, const ListColumn& column) {
  std::vector<Filter> any;
  for (const auto& value : condition.values) {
    if (column.field == "sku") {
      any.push_back(starting(column.sorted, value));
    } else if (column.kind == ListColumn::Kind::name) {
      auto start = name_term_start(value);
      start.pop_back();
      any.push_back(search::prefix(column.field, std::move(start)));
    } else if (column.kind == ListColumn::Kind::exact && !column.field.empty()) {
      any.push_back(search::prefix(column.field, value));
    } else if (column.kind == ListColumn::Kind::words && !column.sorted.empty()) {
      any.push_back(starting(column.sorted, kTextMark + search::folded(value)));
      // A title that is a number, such as 1984, stands among numbers.
      if (std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; }))
        any.push_back(
            search::both({starting(column.sorted, std::string(1, kNumberMark)), search::prefix(column.words, value)}));
    } else {
      return bad_condition(condition, "operator", condition.column + " is no text that begins with something.");
    }
  }
  return any.empty() ? no_product() : one_or_all(std::move(any), search::either);
}

// In a category itself, and not merely in those below: who is below one has its term too, and who is in both has
// another.
Result<Filter> directly(const Condition& condition, const ListColumn& column) {
  if (column.field != "category")
    return bad_condition(condition, "operator",
                         "direct, ndirect and direct_or_empty are asked of categories; use in, nin or in_or_empty.");
  std::vector<Filter> any;
  for (const auto& path : condition.values) {
    any.push_back(search::both(
        {search::any_of(column.field, {path}), search::without(search::prefix(column.field, path + '/'))}));
    any.push_back(search::any_of(std::string(kOwnCategoryField), {path}));
  }
  return any.empty() ? no_product() : search::either(std::move(any));
}

bool is_direct(Operator op) {
  return op == Operator::direct || op == Operator::ndirect || op == Operator::direct_or_empty;
}

Result<Filter> condition_filter(const Condition& condition, const std::string& locale, const Holding& holding) {
  const ListColumn column = list_column(condition.column, locale);
  const bool may_have_none = row_of(condition.op).takes == OperatorTakes::several;
  if (condition.values.empty() && !may_have_none)
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
    case Operator::direct:
      return directly(condition, column);
    case Operator::ndirect: {
      PF_LET(auto filter, directly(condition, column));
      return search::without(std::move(filter));
    }
    case Operator::in_or_empty:
    case Operator::direct_or_empty: {
      PF_LET(auto filter,
             condition.op == Operator::in_or_empty ? equal(condition, column) : directly(condition, column));
      if (column.has.empty()) return filter;
      return search::either({std::move(filter), search::without(search::any_of("has", {column.has}))});
    }
    case Operator::starts:
      return starts(condition, column);
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
      if (column.has.empty()) return *flag ? no_product() : search::everything();
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
  return op == Operator::like || op == Operator::nlike || op == Operator::starts;
}

// What is asked of each of a channel's languages is asked of one after the other.
std::vector<Condition> in_each_language(const Reading& reading, const Condition& condition) {
  const std::string& column = condition.column;
  if (!column.starts_with("completeness.") || !column.ends_with(kInEachLanguage)) return {condition};
  const std::string without = column.substr(0, column.size() - kInEachLanguage.size());
  const auto channel = reading.model.channels.find(std::string_view(without).substr(13));
  const bool says = channel != reading.model.channels.end() && !channel->second->said.locales.empty();
  std::vector<Condition> out;
  for (const auto& locale : says ? channel->second->said.locales : reading.languages.locales) {
    out.push_back(condition);
    out.back().column = without + '@' + locale;
  }
  return out;
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
    if (condition.as_written || is_of_words(condition.op) || is_direct(condition.op) || model.categories.empty())
      return condition;
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
  if (type == AttributeType::measurement && condition.op != Operator::starts) {
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

}  // namespace

bool is_of_variants(std::string_view column) {
  return column == "variants" || column.starts_with("variants.");
}

bool compares_descriptions(const Condition& condition) {
  using Op = Operator;
  const auto whole = {Op::eq, Op::neq, Op::in, Op::nin, Op::in_or_empty, Op::starts};
  return condition.column == "description" && std::ranges::find(whole, condition.op) != whole.end();
}

ListColumn list_column(const std::string& name, const std::string& locale) {
  using Kind = ListColumn::Kind;
  if (name == "sku") return {Kind::exact, "sku", "sku", "w.sku", ""};
  if (name == "ean") return {Kind::exact, "ean", "ean", "", "ean"};
  if (name == "family") return {Kind::exact, "family", "family", "", "family"};
  if (name == "parent") return {Kind::exact, "parent", "", "", "parent"};
  if (is_of_variants(name)) return {Kind::exact, "", "", "", ""};      // asked of those who know them
  if (name == "ancestor") return {Kind::exact, "", "", "", "parent"};  // asked as parents, by those who know them
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

Filter no_product() {
  return search::any_of("sku", {});
}

Filter one_or_all(std::vector<Filter> parts, Filter (*combine)(std::vector<Filter>)) {
  return parts.size() == 1 ? std::move(parts.front()) : combine(std::move(parts));
}

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

Result<Filter> words_filter(std::span<const std::string_view> fields, std::string_view text, const AlsoMeant& also) {
  const auto words = search::words_of(text);
  if (words.empty()) return no_product();
  std::vector<Filter> all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    PF_LET(auto filter, word_filter(fields, words[i], i + 1 == words.size(), also));
    all.push_back(std::move(filter));
  }
  return one_or_all(std::move(all), search::both);
}

Filter near_filter(const std::string& word) {
  std::vector<Filter> any;
  for (const std::string& near : near_words(word))
    for (const char* field : {"w.title", "w.sku", "w.brand"})
      any.push_back(near.size() < kNearLettersMin ? search::any_of(field, {near}) : search::prefix(field, near));
  return any.empty() ? no_product() : one_or_all(std::move(any), search::either);
}

Result<Filter> filter_of(const Reading& reading, const ProductQuery& query, const std::optional<Filter>& words) {
  std::vector<Filter> all;
  if (words) all.push_back(*words);
  Error faults{ErrorCode::invalid, {}, {}};
  for (const auto& condition : query.where) {
    std::vector<Filter> each;
    Result<Filter> filter = no_product();
    for (const auto& one : in_each_language(reading, condition)) {
      if (is_of_variants(one.column))
        filter = reading.of_variants(one);
      else if (compares_descriptions(one) && reading.of_description)
        filter = reading.of_description(one);
      else if (one.column == kStock && reading.of_stock)
        filter = reading.of_stock(one);
      else
        filter = condition_filter(by_model(reading.model, one, reading.now), reading.locale, reading.holding);
      if (!filter.ok()) break;
      each.push_back(*std::move(filter));
    }
    if (filter.ok()) filter = one_or_all(std::move(each), search::both);
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

std::optional<Time> time_from_now(std::string_view value, Time now) {
  if (!value.starts_with("now")) return {};
  value.remove_prefix(3);
  if (value.empty()) return now;
  if (value.size() < 3 || value.back() != 'd' || (value.front() != '+' && value.front() != '-')) return {};
  const auto count = parse_int(value.substr(1, value.size() - 2));
  if (!count || *count < 0 || *count > kFromNowDaysMax) return {};
  return now + std::chrono::days(value.front() == '-' ? -*count : *count);
}

}  // namespace pf::catalog
