// What is described as the API shows it: one, all of a kind in the order in which people see them, and the schema.
#include <algorithm>

#include "catalog/models_kinds.h"

namespace pf::catalog {

Result<json::Value> as_described(ModelKind kind, std::string_view code, const json::Value& body) {
  return for_kind(kind, [&]<class T>() -> Result<json::Value> {
    std::string name(code);
    if constexpr (Of<T>::kind == ModelKind::category) {
      PF_LET(name, parse_category(code));
    }
    PF_LET(auto said, read_over<T>(json::write_fields(T{}), body, name));
    if (auto faults = Of<T>::check(said, nullptr); !faults.empty()) return invalid_for(std::move(faults));
    return json::write_fields(said);
  });
}

std::optional<Described> described(const Model& model, ModelKind kind, std::string_view code) {
  return for_kind(kind, [&]<class T>() -> std::optional<Described> {
    const auto& all = Of<T>::all(model);
    const auto at = all.find(code);
    if (at != all.end()) return shown<T>(*at->second);
    if constexpr (std::is_same_v<T, MeasurementFamily>)
      if (const auto* family = built_in_units()->family(code); family != nullptr && family->code == code)
        return Described{.value = shown_family(nullptr, family)};
    return std::nullopt;
  });
}

json::Value described_all(const Model& model, ModelKind kind) {
  return for_kind(kind, [&]<class T>() {
    if constexpr (std::is_same_v<T, MeasurementFamily>) {
      // In the order of the table: those that are built in, then the shop's own.
      json::Value families = json::Value::array();
      for (const UnitFamily& family : model.units->families()) {
        const auto at = model.measurement_families.find(family.code);
        families.push(shown_family(at != model.measurement_families.end() ? &at->second->said : nullptr,
                                   built_in_units()->family(family.code)));
      }
      return families;
    }
    std::vector<const T*> order;
    for (const auto& [name, known] : Of<T>::all(model)) order.push_back(&known->said);
    std::ranges::sort(order, [&](const T* a, const T* b) {
      if constexpr (requires { a->position; }) {
        if constexpr (std::is_same_v<T, Attribute>) {
          const auto group = [&](const T* one) {
            const auto at = model.groups.find(one->group);
            const auto place = at == model.groups.end() ? INT64_MAX : at->second->said.position;
            return std::pair(place, std::string_view(one->group));
          };
          if (group(a) != group(b)) return group(a) < group(b);
        }
        if (a->position != b->position) return a->position < b->position;
      }
      return Of<T>::name(const_cast<T&>(*a)) < Of<T>::name(const_cast<T&>(*b));  // name() only looks
    });
    json::Value out = json::Value::array();
    for (const T* one : order) {
      json::Value value;
      if constexpr (std::is_same_v<T, Attribute>) {
        Attribute light = *one;
        light.choices.clear();
        value = json::write_fields(light);
        value.erase("choices");
        value.set("choices_count", static_cast<std::uint64_t>(one->choices.size()));
      } else {
        value = json::write_fields(*one);
      }
      out.push(std::move(value));
    }
    return out;
  });
}

json::Value model_schema(ModelKind kind) {
  return for_kind(kind, [&]<class T>() {
    json::Value schema = json::schema<T>();
    schema.erase("required");
    if constexpr (std::is_same_v<T, Attribute>) {
      // A decimal is a number or a text, and these may be missing.
      json::Value properties = *schema.find("properties");
      json::Value validation = *properties.find("validation");
      json::Value rules = *validation.find("properties");
      for (const char* name : {"number_min", "number_max"}) {
        json::Value rule = *rules.find(name);
        rule.set("type", json::Value(json::Array{"number", "string", "null"}));
        rules.set(name, std::move(rule));
      }
      validation.set("properties", std::move(rules));
      properties.set("validation", std::move(validation));
      schema.set("properties", std::move(properties));
    }
    return schema;
  });
}

}  // namespace pf::catalog
