// What a shop says about an attribute: its type, labels, choices and rules. Describing is opt-in: an attribute that
// nobody described is free, any JSON value under any name. Plain values; what they mean for a product's values is in
// normal_value.h.
//
// The JSON of these structs is what the API reads and answers and what is stored (catalog_keys.h): do not rename a
// field or a type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/fields.h"
#include "productflow/result.h"

namespace pf::catalog {

enum class AttributeType {
  text,
  rich_text,
  number,
  decimal,
  yes_no,
  date,
  choice,
  choices,
  measurement,
  price,
  image,
  file,
  link,
  table,
  reference,
  identifier,
  references
};
std::optional<AttributeType> attribute_type(std::string_view name);
std::string_view attribute_type_name(AttributeType type);

inline constexpr std::size_t kChoicesMax = 10'000;   // of one attribute: every brand of a wholesaler
inline constexpr std::size_t kTableColumnsMax = 50;  // more fit no screen
inline constexpr std::size_t kTableRowsMax = 1'000;  // of one value
inline constexpr std::size_t kLabelBytesMax = 500;   // of one text for people
inline constexpr std::size_t kNumberBytesMax = 40;   // digits of a number; no unit of ours needs more
inline constexpr std::size_t kExtensionsMax = 50;
inline constexpr std::size_t kForeignMax = 50;              // facts of another system; Akeneo's attributes have 30
inline constexpr std::size_t kForeignBytesMax = 64u << 10;  // of one: a family's variants are together in one

using Labels = json::Map<std::string>;  // locale -> text
// What another system says of a thing that has no meaning here, by the name of its column: it goes back with an export,
// and is read by nobody else.
using Foreign = json::Map<std::string>;

struct Choice {
  std::string code{};
  Labels labels{};
  template <class V>
  void fields(V& visit) {
    visit("code", code, "What is stored.");
    visit("labels", labels, "What people see, by locale.");
  }
};

struct TableColumn {
  std::string code{}, type{};
  Labels labels{};
  template <class V>
  void fields(V& visit) {
    visit("code", code, "The name of the column's cells.");
    visit("type", type, "text, number or yes_no.");
    visit("labels", labels, "What people see, by locale.");
  }
};

struct Validation {
  std::optional<std::int64_t> length_min{}, length_max{};
  std::optional<json::Decimal> number_min{}, number_max{};
  std::optional<std::int64_t> decimals_max{};
  std::optional<std::string> date_min{}, date_max{}, pattern{};
  std::vector<std::string> extensions{};
  template <class V>
  void fields(V& visit) {
    visit("length_min", length_min, "Fewest characters of a text.");
    visit("length_max", length_max, "Most characters of a text.");
    visit("number_min", number_min, "The smallest number; of a measurement in the attribute's unit.");
    visit("number_max", number_max, "The largest number; of a measurement in the attribute's unit.");
    visit("decimals_max", decimals_max, "Most digits behind the point.");
    visit("date_min", date_min, "The first day, such as 2026-01-31.");
    visit("date_max", date_max, "The last day.");
    visit("pattern", pattern, "What the whole text must match (RE2's syntax), such as [A-Z]{2}-\\d+.");
    visit("extensions", extensions, "The ends of a file's name that are taken, such as pdf.");
  }
};

struct Attribute {
  std::string code{};
  std::string type{"text"};
  Labels labels{};
  std::string group{};
  std::int64_t position = 0;
  bool localisable = false, per_channel = false, unique = false;
  Validation validation{};
  std::vector<Choice> choices{};
  std::string unit_family{}, unit{};
  std::vector<std::string> currencies{};
  std::string check{};
  std::vector<TableColumn> columns{};
  std::string reference_kind{};
  Foreign foreign{};
  template <class V>
  void fields(V& visit) {
    visit("code", code, "The attribute's name in products; describing a product's own field (title, ean) adds rules.");
    visit("type", type,
          "text, rich_text, number, decimal, yes_no, date, choice, choices, measurement, price, image, file, link, "
          "table, reference, references or identifier.");
    visit("labels", labels, "What people see, by locale.");
    visit("group", group, "The group that it is shown in.");
    visit("position", position, "Its place within the group, from the smallest.");
    visit("localisable", localisable, "Whether each language has its own value.");
    visit("per_channel", per_channel, "Whether each channel has its own value, named <code>-<channel>.");
    visit("unique", unique, "Whether no two products may have the same value.");
    visit("validation", validation, "What a value must be like.");
    visit("choices", choices, "Of choice and choices, in their order.");
    visit("unit_family", unit_family, "Of a measurement: Weight, Length, Volume and so on.");
    visit("unit", unit, "Of a measurement that names none, such as GRAM; empty: the family's standard unit.");
    visit("currencies", currencies, "Of a price: those that are taken; none: any.");
    visit("check", check, "Of an identifier: gtin, isbn or nothing.");
    visit("columns", columns, "Of a table.");
    visit("reference_kind", reference_kind,
          "Of reference and references: the kind of the records whose codes it holds; a reference without is a text.");
    visit("foreign", foreign, "What another system said of it that has no meaning here, kept for its way back.");
  }
};

// A code of the model: an attribute's, a family's, a channel's. Written by people and other systems, so any text that a
// name may be; no control characters, no blanks at the ends, no '@', which divides a locale off.
Result<> check_code(std::string_view code, const char* field);
// Locales as parse_locale() mends them. Every fault at once, with its path.
void check_labels(Labels& labels, const std::string& field, std::vector<FieldFault>& faults);
// Names and sizes of what another system said. Every fault at once, with its path.
void check_foreign(const Foreign& foreign, std::vector<FieldFault>& faults);
// What must hold of an attribute by itself; mends what can be mended (locales, cases of units). Every fault at once.
// `units`: those of the shop; null takes what names a unit as it stands where it is none that is built in.
class Units;
std::vector<FieldFault> check_attribute(Attribute& attribute, const Units* units);

// The label in `locale`, else in its language, else the code in brackets.
std::string label_of(const Labels& labels, std::string_view code, std::string_view locale);

}  // namespace pf::catalog
