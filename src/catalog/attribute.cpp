#include "catalog/attribute.h"

#include <algorithm>
#include <unordered_set>

#include "catalog/measurement.h"
#include "catalog/product.h"
#include "catalog/search_entry.h"
#include "catalog/value_texts.h"
#include "productflow/money.h"
#include "productflow/text.h"
#include "search/pattern.h"

namespace pf::catalog {
namespace {

constexpr std::string_view kTypeNames[] = {"text",   "rich_text", "number",      "decimal",    "yes_no",    "date",
                                           "choice", "choices",   "measurement", "price",      "image",     "file",
                                           "link",   "table",     "reference",   "identifier", "references"};

using Type = AttributeType;
using FaultList = std::vector<FieldFault>;

bool is_any_of(Type type, std::initializer_list<Type> of) {
  return std::ranges::find(of, type) != of.end();
}

void check_validation(Attribute& a, Type type, FaultList& faults) {
  Validation& v = a.validation;
  const auto belongs = [&](bool set, const char* name, std::initializer_list<Type> to) {
    if (!set || is_any_of(type, to)) return;
    faults.push_back({std::string("validation.") + name, "not_for_type",
                      std::string(name) + " means nothing for the type " + a.type + "; leave it out."});
  };
  const std::initializer_list<Type> kTexts = {Type::text, Type::rich_text, Type::identifier, Type::reference};
  const std::initializer_list<Type> kNumbers = {Type::number, Type::decimal, Type::measurement, Type::price};
  belongs(v.length_min.has_value(), "length_min", kTexts);
  belongs(v.length_max.has_value(), "length_max", kTexts);
  belongs(v.number_min.has_value(), "number_min", kNumbers);
  belongs(v.number_max.has_value(), "number_max", kNumbers);
  belongs(v.decimals_max.has_value(), "decimals_max", {Type::decimal, Type::measurement});
  belongs(v.date_min.has_value(), "date_min", {Type::date});
  belongs(v.date_max.has_value(), "date_max", {Type::date});
  belongs(v.pattern.has_value(), "pattern", {Type::text, Type::identifier, Type::reference});
  belongs(!v.extensions.empty(), "extensions", {Type::image, Type::file});
  const auto not_negative = [&](const std::optional<std::int64_t>& n, const char* name) {
    if (n && *n < 0)
      faults.push_back({std::string("validation.") + name, "range", "This cannot be less than nothing."});
  };
  not_negative(v.length_min, "length_min");
  not_negative(v.length_max, "length_max");
  not_negative(v.decimals_max, "decimals_max");
  const auto in_order = [&](bool wrong, const char* name) {
    if (wrong)
      faults.push_back({std::string("validation.") + name, "order", "The smallest is larger than the largest."});
  };
  in_order(v.length_min && v.length_max && *v.length_min > *v.length_max, "length_min");
  if (v.number_min && v.number_max) {
    const auto min = number_key(v.number_min->text), max = number_key(v.number_max->text);
    in_order(min && max && *min > *max, "number_min");
  }
  for (auto* date : {&v.date_min, &v.date_max}) {
    if (!*date) continue;
    if (auto day = iso_date(**date))
      **date = *std::move(day);
    else
      faults.push_back({date == &v.date_min ? "validation.date_min" : "validation.date_max", "date",
                        "This is not a day such as 2026-01-31."});
  }
  in_order(v.date_min && v.date_max && *v.date_min > *v.date_max, "date_min");
  if (v.pattern)
    if (const auto pattern = search::Pattern::compile(*v.pattern); !pattern.ok())
      faults.push_back({"validation.pattern", "pattern", pattern.error().message});
  if (v.extensions.size() > kExtensionsMax)
    faults.push_back({"validation.extensions", "too_many",
                      "At most " + std::to_string(kExtensionsMax) + " kinds of files can be named."});
  for (auto& extension : v.extensions) {
    if (extension.starts_with('.')) extension.erase(0, 1);
    extension = lower_ascii(extension);
  }
}

void check_choices(Attribute& a, bool of_choice, FaultList& faults) {
  if (!of_choice) {
    if (!a.choices.empty())
      faults.push_back({"choices", "not_for_type", "Only choice and choices have choices; this is " + a.type + "."});
    return;
  }
  if (a.choices.size() > kChoicesMax) {
    faults.push_back({"choices", "too_many", "An attribute has at most " + std::to_string(kChoicesMax) + " choices."});
    return;
  }
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < a.choices.size(); ++i) {
    const std::string at = "choices[" + std::to_string(i) + "]";
    Choice& choice = a.choices[i];
    if (const auto good = check_code(choice.code, "code"); !good.ok())
      faults.push_back({at + ".code", good.error().faults[0].code, good.error().message});
    else if (!seen.insert(choice.code).second)
      faults.push_back({at + ".code", "repeated", "The choice \"" + choice.code + "\" is there twice."});
    check_labels(choice.labels, at + ".labels", faults);
  }
}

void check_units(Attribute& a, bool of_measurement, const Units* units, FaultList& faults) {
  if (!of_measurement) {
    if (!a.unit_family.empty() || !a.unit.empty())
      faults.push_back({"unit", "not_for_type", "Only a measurement has a unit; this is " + a.type + "."});
    return;
  }
  const Units& known = units != nullptr ? *units : *built_in_units();
  const auto* family = known.family(a.unit_family);
  if (family == nullptr) {
    if (units == nullptr) return;
    std::string all;
    for (const auto& one : known.families()) all.append(all.empty() ? "" : ", ").append(one.code);
    faults.push_back({"unit_family", "unknown", "A measurement's family of units is one of " + all + "."});
    return;
  }
  a.unit_family = family->code;
  if (a.unit.empty()) a.unit = family->units.front().code;
  if (const auto* unit = family->unit(a.unit))
    a.unit = unit->code;
  else if (units != nullptr)
    faults.push_back({"unit", "unknown", "A unit of " + a.unit_family + " is one of " + family->known() + "."});
}

void check_columns(Attribute& a, bool of_table, FaultList& faults) {
  if (!of_table) {
    if (!a.columns.empty())
      faults.push_back({"columns", "not_for_type", "Only a table has columns; this is " + a.type + "."});
    return;
  }
  if (a.columns.empty()) faults.push_back({"columns", "required", "A table needs at least one column."});
  if (a.columns.size() > kTableColumnsMax)
    faults.push_back({"columns", "too_many", "A table has at most " + std::to_string(kTableColumnsMax) + " columns."});
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < a.columns.size(); ++i) {
    TableColumn& column = a.columns[i];
    const std::string at = "columns[" + std::to_string(i) + "]";
    if (const auto good = check_code(column.code, "code"); !good.ok())
      faults.push_back({at + ".code", good.error().faults[0].code, good.error().message});
    else if (!seen.insert(column.code).second)
      faults.push_back({at + ".code", "repeated", "The column \"" + column.code + "\" is there twice."});
    if (column.type != "text" && column.type != "number" && column.type != "yes_no")
      faults.push_back({at + ".type", "unknown", "A column holds text, number or yes_no."});
    check_labels(column.labels, at + ".labels", faults);
  }
}

}  // namespace

std::optional<AttributeType> attribute_type(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kTypeNames); ++i)
    if (kTypeNames[i] == name) return static_cast<AttributeType>(i);
  return std::nullopt;
}
std::string_view attribute_type_name(AttributeType type) {
  return kTypeNames[static_cast<std::size_t>(type)];
}

Result<> check_code(std::string_view code, const char* field) {
  if (code.empty()) return invalid(field, "required", "A code is needed: a short name without blanks at its ends.");
  if (code.size() > kNameBytesMax)
    return invalid(field, "too_long", "A code has at most " + std::to_string(kNameBytesMax) + " bytes.");
  if (first_bad_utf8(code)) return invalid(field, "encoding", "This code is not valid UTF-8.");
  const bool control = std::ranges::any_of(code, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
  if (control || trim(code).size() != code.size() || code.find('@') != std::string_view::npos)
    return invalid(field, "characters", "A code holds no '@', no line breaks, and no blanks at its ends.");
  return {};
}

void check_labels(Labels& labels, const std::string& field, std::vector<FieldFault>& faults) {
  Labels out;
  for (auto& [name, text] : labels) {
    const auto locale = parse_locale(name);
    if (!locale.ok())
      faults.push_back({field + "." + name, "locale", locale.error().message});
    else if (text.size() > kLabelBytesMax)
      faults.push_back(
          {field + "." + name, "too_long", "A label has at most " + std::to_string(kLabelBytesMax) + " bytes."});
    else if (first_bad_utf8(text))
      faults.push_back({field + "." + name, "encoding", "This label is not valid UTF-8."});
    else if (!trim(text).empty())
      out.emplace_back(*locale, std::move(text));
  }
  labels = std::move(out);
}

void check_foreign(const Foreign& foreign, std::vector<FieldFault>& faults) {
  if (foreign.size() > kForeignMax)
    faults.push_back(
        {"foreign", "too_many", "At most " + std::to_string(kForeignMax) + " facts of another system are kept."});
  for (const auto& [name, text] : foreign) {
    if (const auto good = check_code(name, "foreign"); !good.ok())
      faults.push_back({"foreign", good.error().faults[0].code, good.error().message});
    else if (text.size() > kForeignBytesMax)
      faults.push_back({"foreign." + name, "too_long",
                        "A fact of another system has at most " + std::to_string(kForeignBytesMax) + " bytes."});
    else if (first_bad_utf8(text))
      faults.push_back({"foreign." + name, "encoding", "This is not valid UTF-8."});
  }
}

std::vector<FieldFault> check_attribute(Attribute& a, const Units* units) {
  FaultList faults;
  check_foreign(a.foreign, faults);
  if (const auto good = check_code(a.code, "code"); !good.ok())
    for (const FieldFault& fault : good.error().faults) faults.push_back(fault);
  check_labels(a.labels, "labels", faults);
  if (!a.group.empty())
    if (const auto good = check_code(a.group, "group"); !good.ok())
      faults.insert(faults.end(), good.error().faults.begin(), good.error().faults.end());
  const auto type = attribute_type(a.type);
  if (!type) {
    std::string known;
    for (const auto name : kTypeNames) known += (known.empty() ? "" : ", ") + std::string(name);
    faults.push_back({"type", "unknown", "The type of an attribute is one of " + known + "."});
    return faults;
  }
  check_validation(a, *type, faults);
  check_choices(a, is_any_of(*type, {Type::choice, Type::choices}), faults);
  check_units(a, *type == Type::measurement, units, faults);
  check_columns(a, *type == Type::table, faults);
  if (!a.currencies.empty() && *type != Type::price)
    faults.push_back({"currencies", "not_for_type", "Only a price has currencies; this is " + a.type + "."});
  for (std::size_t i = 0; i < a.currencies.size(); ++i)
    if (!Currency::parse(a.currencies[i]).ok())
      faults.push_back({"currencies[" + std::to_string(i) + "]", "currency", "This is not a currency such as EUR."});
  if (!a.reference_kind.empty() && !is_any_of(*type, {Type::reference, Type::references}))
    faults.push_back({"reference_kind", "not_for_type",
                      "Only reference and references name records of a kind; this is " + a.type + "."});
  else if (a.reference_kind.empty() && *type == Type::references)
    faults.push_back({"reference_kind", "required", "Say the kind of the records that it holds."});
  if (!a.check.empty() && *type != Type::identifier)
    faults.push_back({"check", "not_for_type", "Only an identifier is checked as one; this is " + a.type + "."});
  else if (!a.check.empty() && a.check != "gtin" && a.check != "isbn")
    faults.push_back({"check", "unknown", "An identifier is checked as gtin or isbn, or not at all."});
  if (a.unique && !is_any_of(*type, {Type::text, Type::number, Type::decimal, Type::identifier, Type::date}))
    faults.push_back({"unique", "not_for_type",
                      "Only text, number, decimal, date and identifier can be unique; this is " + a.type + "."});
  if (a.unique && (a.localisable || a.per_channel))
    faults.push_back({"unique", "not_for_type", "What is unique has one value, for all languages and channels."});
  return faults;
}

std::string label_of(const Labels& labels, std::string_view code, std::string_view locale) {
  const auto language = locale.substr(0, locale.find('-'));
  for (const auto& [name, text] : labels)
    if (name == locale) return text;
  for (const auto& [name, text] : labels)
    if (std::string_view(name).substr(0, name.find('-')) == language) return text;
  return '[' + std::string(code) + ']';
}

}  // namespace pf::catalog
