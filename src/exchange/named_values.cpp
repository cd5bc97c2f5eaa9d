#include "exchange/named_values.h"

#include <algorithm>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {

std::optional<NamedValue> named_value(const json::Value& one) {
  const auto* members = one.as_object();
  if (members == nullptr) return std::nullopt;
  NamedValue out;
  for (const auto& [key, value] : *members) {
    const std::string folded = lower_ascii(key);
    const auto is = [&](std::initializer_list<std::string_view> names) {
      return std::ranges::find(names, std::string_view(folded)) != names.end();
    };
    const std::string* text = value.as_string();
    if (text == nullptr) return std::nullopt;
    if (is({"name", "param_name", "fname", "attribute_name", "g:attribute_name", "key", "label"}))
      out.name = text;
    else if (is({"value", "val", "fvalue", "attribute_value", "g:attribute_value", "text"}))
      out.value = text;
    else if (is({"unit", "funit"}))
      out.unit = text;
    else if (!is({"id", "forder", "fdescr", "lang", "g:section_name", "section_name"}))
      return std::nullopt;
  }
  return out.name != nullptr && !trim(*out.name).empty() ? std::optional(out) : std::nullopt;
}

bool scales_prices(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos) name.remove_prefix(dot + 1);
  return equals_ignoring_case(name, "price_quantity") || equals_ignoring_case(name, "price_factor");
}
bool is_one(std::string_view number) {
  number = trim(number);
  if (!number.starts_with('1')) return false;
  number.remove_prefix(1);
  return number.empty() ||
         (number.find_first_of(".,") == 0 && number.find_first_not_of('0', 1) == std::string_view::npos);
}

std::optional<ListedPrice> listed_price(const json::Value& one) {
  const auto* members = one.as_object();
  if (members == nullptr) return std::nullopt;
  ListedPrice out;
  for (const auto& [key, value] : *members) {
    const std::string* text = value.as_string();
    if (scales_prices(key) && (text == nullptr || (!trim(*text).empty() && !is_one(*text)))) out.scaled = true;
    if (text == nullptr) continue;
    if (equals_ignoring_case(key, "price_type")) out.kind = *text;
    if (equals_ignoring_case(key, "price_amount")) out.amount = *text;
    if (equals_ignoring_case(key, "price_currency")) out.currency = *text;
    if (equals_ignoring_case(key, "lower_bound")) out.from = whole_pieces(*text).value_or(1);
  }
  return out.kind.empty() || out.amount.empty() ? std::nullopt : std::optional(out);
}

}  // namespace pf::exchange
