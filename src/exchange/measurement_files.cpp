// Families of units as other systems have them: Akeneo's JSON (units in an object, steps under the name
// "convert_from_standard", which are those into the standard unit), and our own answers.
#include "exchange/json_meaning.h"
#include "json/fields.h"
#include "json/members.h"

namespace pf::exchange {
namespace {

const json::Value* member(const json::Value& of, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const json::Value* found = of.find(name); found != nullptr) return found;
  return nullptr;
}

// {"nl_NL": null} is how Akeneo says that there is no label.
json::Value labels_in(const json::Value& of) {
  json::Value out{json::Members{}};
  const json::Value* said = of.find("labels");
  if (said == nullptr || said->as_object() == nullptr) return out;  // an empty list, where PHP has no labels
  for (const auto& [locale, text] : *said->as_object())
    if (!text.is_null()) out.set(locale, text);
  return out;
}

json::Value unit_of(const json::Value& said, const std::string& code) {
  json::Value out = json::Value::object({{"code", code}, {"labels", labels_in(said)}});
  if (const json::Value* own = said.find("code"); own != nullptr && !own->is_null()) out.set("code", *own);
  if (const json::Value* symbol = said.find("symbol"); symbol != nullptr && !symbol->is_null())
    out.set("symbol", *symbol);
  if (const json::Value* steps = member(said, {"convert_from_standard", "to_standard"})) out.set("to_standard", *steps);
  return out;
}

}  // namespace

std::optional<DescribingItem> measurement_family_in(const json::Value& value) {
  const json::Value *code = value.find("code"), *units = value.find("units");
  const json::Value* standard = member(value, {"standard_unit_code", "standard_unit"});
  if (code == nullptr || code->as_string() == nullptr || units == nullptr || standard == nullptr ||
      (units->as_array() == nullptr && units->as_object() == nullptr))
    return std::nullopt;
  json::Value list = json::Value::array();
  if (units->as_object() != nullptr)
    for (const auto& [name, unit] : *units->as_object()) list.push(unit_of(unit, name));
  else
    for (const json::Value& unit : *units->as_array()) list.push(unit_of(unit, ""));
  DescribingItem item;
  item.kind = catalog::ModelKind::measurement_family;
  item.code = *code->as_string();
  auto said = json::read_fields<catalog::MeasurementFamily>(json::Value::object({{"code", item.code},
                                                                                 {"labels", labels_in(value)},
                                                                                 {"standard_unit", *standard},
                                                                                 {"units", std::move(list)},
                                                                                 {"built_in", false}}));
  if (!said.ok()) {
    item.faults = said.error().faults;
    return item;
  }
  for (std::string& text : catalog::fit_to_built_in(*said)) item.told.emplace_back(0, std::move(text));
  item.body = json::write_fields(*said);
  item.body.erase("code");
  return item;
}

}  // namespace pf::exchange
