#include "exchange/description_cells.h"

#include <algorithm>

#include "json/members.h"

namespace pf::exchange {
namespace {

using catalog::ModelKind;

std::string plain_in(const json::Value& value, std::string_view name) {
  const json::Value* found = value.find(name);
  if (found == nullptr) return {};
  if (const auto* number = found->as_number()) return number->text;
  return found->as_string() != nullptr ? *found->as_string() : std::string();
}
void put_filled(Cells& cells, const char* column, std::string cell) {
  if (!cell.empty()) cells.insert_or_assign(column, std::move(cell));
}
std::string one_or_zero(bool yes) {
  return yes ? "1" : "0";
}

const char* akeneo_type(std::string_view type, bool of_kind) {
  constexpr std::pair<std::string_view, const char*> kTypes[] = {
      {"identifier", "pim_catalog_identifier"}, {"rich_text", "pim_catalog_textarea"},
      {"number", "pim_catalog_number"},         {"decimal", "pim_catalog_number"},
      {"yes_no", "pim_catalog_boolean"},        {"date", "pim_catalog_date"},
      {"choice", "pim_catalog_simpleselect"},   {"choices", "pim_catalog_multiselect"},
      {"measurement", "pim_catalog_metric"},    {"price", "pim_catalog_price_collection"},
      {"image", "pim_catalog_image"},           {"file", "pim_catalog_file"},
      {"table", "pim_catalog_table"},           {"references", "akeneo_reference_entity_collection"}};
  if (type == "reference") return of_kind ? "akeneo_reference_entity" : "pim_reference_data_simpleselect";
  for (const auto& [ours, theirs] : kTypes)
    if (ours == type) return theirs;
  return "pim_catalog_text";
}

Cells attribute_cells(const json::Value& value) {
  Cells out;
  const std::string type = json::text_in(value, "type"), kind = json::text_in(value, "reference_kind");
  put_filled(out, "type", akeneo_type(type, !kind.empty()));
  put_filled(out, "group", json::text_in(value, "group"));
  put_filled(out, "sort_order", plain_in(value, "position"));
  put_filled(out, "localizable", one_or_zero(json::flag_in(value, "localisable")));
  put_filled(out, "scopable", one_or_zero(json::flag_in(value, "per_channel")));
  put_filled(out, "unique", one_or_zero(json::flag_in(value, "unique")));
  put_filled(out, "reference_data_name", kind);
  if (type == "measurement") {
    put_filled(out, "metric_family", json::text_in(value, "unit_family"));
    put_filled(out, "default_metric_unit", json::text_in(value, "unit"));
  }
  if (type == "rich_text") put_filled(out, "wysiwyg_enabled", "1");
  const json::Value* rules = value.find("validation");
  if (rules == nullptr || rules->as_object() == nullptr) return out;
  put_filled(out, "max_characters", plain_in(*rules, "length_max"));
  const std::string least = plain_in(*rules, "number_min");
  const bool none_below_zero = least == "0" && type != "price";
  if (!none_below_zero) put_filled(out, "number_min", least);
  put_filled(out, "number_max", plain_in(*rules, "number_max"));
  if (type == "number" || type == "decimal" || type == "measurement") {
    put_filled(out, "negative_allowed", one_or_zero(!none_below_zero));
    put_filled(out, "decimals_allowed",
               one_or_zero(type == "decimal" || (type == "measurement" && plain_in(*rules, "decimals_max") != "0")));
  }
  put_filled(out, "date_min", plain_in(*rules, "date_min"));
  put_filled(out, "date_max", plain_in(*rules, "date_max"));
  if (const std::string pattern = plain_in(*rules, "pattern"); !pattern.empty()) {
    put_filled(out, "validation_rule", "regexp");
    put_filled(out, "validation_regexp", "/^" + pattern + "$/");
  }
  if (const json::Value* ends = rules->find("extensions")) put_filled(out, "allowed_extensions", cell_of_codes(*ends));
  return out;
}

Cells family_cells(const json::Value& value) {
  Cells out;
  put_filled(out, "attribute_as_label", json::text_in(value, "label_attribute"));
  put_filled(out, "attribute_as_image", json::text_in(value, "image_attribute"));
  json::Value all = json::Value::array();
  std::map<std::string, json::Value> required;  // by channel
  for (const json::Value& one : *value.find("attributes")->as_array()) {
    const std::string code = json::text_in(one, "code");
    all.push(code);
    for (const json::Value& channel : *one.find("required")->as_array()) required[*channel.as_string()].push(code);
  }
  put_filled(out, "attributes", cell_of_codes(all));
  for (const auto& [channel, codes] : required) out.insert_or_assign("requirements-" + channel, cell_of_codes(codes));
  return out;
}

Cells channel_cells(const json::Value& value) {
  Cells out;
  std::string locales = cell_of_codes(*value.find("locales"));
  std::ranges::replace(locales, '-', '_');
  put_filled(out, "locales", std::move(locales));
  put_filled(out, "currencies", cell_of_codes(*value.find("currencies")));
  put_filled(out, "tree", json::text_in(value, "category"));
  return out;
}

}  // namespace

std::string cell_of_codes(const json::Value& codes) {
  std::string out;
  for (const json::Value& code : *codes.as_array()) {
    if (!out.empty()) out += ',';
    for (const char c : *code.as_string()) {
      if (c == ',') out += '\\';
      out += c;
    }
  }
  return out;
}

void put_labels(Cells& cells, const json::Value& labels) {
  for (const auto& [locale, text] : *labels.as_object()) {
    std::string column = "label-" + locale;
    std::ranges::replace(column.begin() + 6, column.end(), '-', '_');
    cells.insert_or_assign(std::move(column), *text.as_string());
  }
}

Cells akeneo_cells(ModelKind kind, const json::Value& value) {
  Cells out;
  switch (kind) {
    case ModelKind::attribute:
      out = attribute_cells(value);
      break;
    case ModelKind::family:
      out = family_cells(value);
      break;
    case ModelKind::channel:
      out = channel_cells(value);
      break;
    case ModelKind::group:
      put_filled(out, "sort_order", plain_in(value, "position"));
      break;
    case ModelKind::category:
      put_filled(out, "parent", json::text_in(value, "parent"));
      put_filled(out, kPositionColumn.data(), plain_in(value, "position"));
      break;
    case ModelKind::association_type:
      put_filled(out, "is_two_way", one_or_zero(json::flag_in(value, "two_way")));
      put_filled(out, "is_quantified", one_or_zero(json::flag_in(value, "quantified")));
      break;
    case ModelKind::reference_kind:
      put_filled(out, kKindAttributes.data(), json::write(*value.find("attributes")));
      break;
    case ModelKind::measurement_family: {
      json::Value units = *value.find("units");
      for (json::Value& unit : *units.as_array()) unit.erase("built_in");  // which is told by the code
      put_filled(out, "standard_unit", json::text_in(value, "standard_unit"));
      put_filled(out, kFamilyUnits.data(), json::write(units));
      break;
    }
  }
  put_filled(out, "code", json::text_in(value, kind == ModelKind::category ? "path" : "code"));
  put_labels(out, *value.find("labels"));
  return out;
}

std::optional<json::Value> patch_between(const json::Value& from, const json::Value& to) {
  if (from.as_object() == nullptr || to.as_object() == nullptr) return from == to ? std::nullopt : std::optional(to);
  json::Value out{json::Members{}};
  for (const auto& [name, value] : *to.as_object()) {
    const json::Value* before = from.find(name);
    if (before == nullptr) {
      if (!value.is_null()) out.set(name, value);
    } else if (auto part = patch_between(*before, value)) {
      out.set(name, *std::move(part));
    }
  }
  for (const auto& [name, value] : *from.as_object())
    if (!value.is_null() && to.find(name) == nullptr) out.set(name, nullptr);
  return out.as_object()->empty() ? std::nullopt : std::optional(std::move(out));
}

void compose_patch(json::Value& patch, const json::Value& later) {
  if (patch.as_object() == nullptr || later.as_object() == nullptr) {
    patch = later;
    return;
  }
  for (const auto& [name, value] : *later.as_object()) {
    const json::Value* before = patch.find(name);
    if (before == nullptr || before->as_object() == nullptr || value.as_object() == nullptr) {
      patch.set(name, value);
      continue;
    }
    json::Value part = *before;
    compose_patch(part, value);
    patch.set(name, std::move(part));
  }
}

}  // namespace pf::exchange
