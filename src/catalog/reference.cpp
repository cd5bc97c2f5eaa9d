#include "catalog/reference.h"

#include <algorithm>
#include <unordered_set>

namespace pf::catalog {

namespace {

constexpr std::string_view kReferenceTypes[] = {"text", "number", "yes_no", "choice", "image", "reference"};

bool is_nothing(const json::Value& value) {
  if (value.is_null()) return true;
  if (const auto* text = value.as_string()) return text->empty();
  if (const auto* by_locale = value.as_object())
    return std::ranges::all_of(*by_locale, [](const auto& one) { return is_nothing(one.second); });
  return false;
}

}  // namespace

std::vector<FieldFault> check_reference_kind(ReferenceKind& kind) {
  std::vector<FieldFault> faults;
  if (const auto good = check_code(kind.code, "code"); !good.ok()) faults = good.error().faults;
  check_labels(kind.labels, "labels", faults);
  if (kind.attributes.size() > kReferenceAttributesMax) {
    faults.push_back({"attributes", "too_many",
                      "A kind has at most " + std::to_string(kReferenceAttributesMax) + " attributes of its own."});
    return faults;
  }
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < kind.attributes.size(); ++i) {
    auto& attribute = kind.attributes[i];
    const std::string at = "attributes[" + std::to_string(i) + "]";
    if (const auto good = check_code(attribute.code, "code"); !good.ok())
      faults.push_back({at + ".code", good.error().faults[0].code, good.error().message});
    else if (!seen.insert(attribute.code).second)
      faults.push_back({at + ".code", "repeated", "The attribute \"" + attribute.code + "\" is there twice."});
    if (std::ranges::find(kReferenceTypes, attribute.type) == std::end(kReferenceTypes)) {
      faults.push_back({at + ".type", "unknown", "is text, number, yes_no, choice, image or reference"});
      continue;
    }
    check_labels(attribute.labels, at + ".labels", faults);
    attribute.localisable = attribute.is_localisable();
    attribute.required = attribute.is_required();
    const bool names_none = attribute.reference_kind.value_or("").empty();
    if (names_none) attribute.reference_kind = "";
    if (attribute.is_localisable() && attribute.type != "text")
      faults.push_back({at + ".localisable", "not_for_type", "Only a text has a value for each language."});
    if ((attribute.type == "reference") == names_none)
      faults.push_back(
          {at + ".reference_kind", names_none ? "required" : "not_for_type",
           names_none ? "Say the kind of the records that it names." : "Only a reference names records of a kind."});
    Attribute whole = as_attribute(attribute);
    for (auto& fault : check_attribute(whole, nullptr))
      if (fault.field.starts_with("choices")) faults.push_back({at + "." + fault.field, fault.code, fault.message});
    attribute.choices = std::move(whole.choices);
  }
  return faults;
}

Attribute as_attribute(const ReferenceAttribute& attribute) {
  Attribute out;
  out.code = attribute.code;
  out.type = attribute.type;
  out.choices = attribute.choices;
  out.reference_kind = attribute.reference_kind.value_or("");
  return out;
}

std::vector<std::string> missing_of(const ReferenceKind& kind, const ReferenceRecord& record) {
  std::vector<std::string> out;
  for (const auto& attribute : kind.attributes) {
    const auto* value = record.values.find(attribute.code);
    if (attribute.is_required() && (value == nullptr || is_nothing(*value))) out.push_back(attribute.code);
  }
  return out;
}

}  // namespace pf::catalog
