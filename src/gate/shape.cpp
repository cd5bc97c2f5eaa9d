#include "gate/shape.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace pf::gate {
namespace {

[[noreturn]] void mistaken(std::string_view text) {
  std::fprintf(stderr, "productflow: a shape is written wrongly: %.*s\n", static_cast<int>(text.size()), text.data());
  std::abort();
}

json::Value schema_of(const json::Value& notation);

json::Value of_kind(std::string_view kind) {
  const bool nullable = kind.ends_with('?');
  if (nullable) kind.remove_suffix(1);
  if (kind == "any") return json::Value(json::Members{});
  const bool time = kind == "time";
  const std::string_view type = kind == "text" || time ? "string"
                                : kind == "bool"       ? "boolean"
                                : kind == "count"      ? "integer"
                                : kind == "number"     ? "number"
                                                       : "";
  if (type.empty()) mistaken(kind);
  json::Value schema{json::Members{}};
  if (nullable)
    schema.set("type", json::Value(json::Array{json::Value(type), json::Value("null")}));
  else
    schema.set("type", type);
  if (time) schema.set("format", "date-time");
  return schema;
}

json::Value of_object(const json::Members& members) {
  json::Value properties{json::Members{}}, required = json::Value::array();
  json::Value schema = json::Value::object({{"type", "object"}});
  for (const auto& [name, value] : members) {
    if (name == "*") {
      schema.set("additionalProperties", schema_of(value));
    } else if (name.ends_with('?')) {
      properties.set(name.substr(0, name.size() - 1), schema_of(value));
    } else {
      properties.set(name, schema_of(value));
      required.push(name);
    }
  }
  if (!properties.as_object()->empty()) schema.set("properties", std::move(properties));
  if (!required.as_array()->empty()) schema.set("required", std::move(required));
  return schema;
}

json::Value schema_of(const json::Value& notation) {
  if (const std::string* kind = notation.as_string()) return of_kind(*kind);
  if (const json::Members* members = notation.as_object()) return of_object(*members);
  if (const json::Array* items = notation.as_array(); items != nullptr && items->size() == 1)
    return json::Value::object({{"type", "array"}, {"items", schema_of(items->front())}});
  mistaken(json::write(notation));
}

json::Value array_of(json::Value item) {
  return json::Value::object({{"type", "array"}, {"items", std::move(item)}});
}

// An object with just these members, all of them always there.
json::Value object_of(json::Members members) {
  json::Value required = json::Value::array();
  for (const auto& [name, schema] : members) required.push(name);
  return json::Value::object(
      {{"type", "object"}, {"properties", json::Value(std::move(members))}, {"required", std::move(required)}});
}

}  // namespace

json::Value shape(std::string_view text) {
  const auto notation = json::parse(text);
  if (!notation.ok()) mistaken(text);
  return schema_of(*notation);
}

json::Value data_shape(std::string_view text) {
  return object_of({{"data", shape(text)}});
}

json::Value list_shape(std::string_view text) {
  return list_schema(shape(text));
}

json::Value list_schema(json::Value item) {
  json::Value schema = object_of(
      {{"data", array_of(std::move(item))},
       {"meta",
        shape(
            R"({"current_page":"count?","per_page":"count","total":"count","last_page":"count","next_cursor":"text?"})")},
       {"links", shape(R"({"first":"text","prev":"text?","next":"text?","last":"text"})")}});
  json::Value properties = *schema.find("properties");
  properties.set("facets", shape(R"({"*":"any"})"));  // when asked for
  properties.set("similar", shape(R"("bool")"));  // of products: nothing has these words, these are one error away
  schema.set("properties", std::move(properties));
  return schema;
}

json::Value page_shape(std::string_view text) {
  return object_of({{"data", array_of(shape(text))},
                    {"meta", shape(R"({"per_page":"count","next_cursor":"text?"})")},
                    {"links", shape(R"({"first":"text","prev":"text?","next":"text?","last":"text?"})")}});
}

}  // namespace pf::gate
