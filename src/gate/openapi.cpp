#include "gate/openapi.h"

#include <algorithm>

#include "gate/router.h"
#include "productflow/text.h"

namespace pf::gate {
namespace {

json::Value content(std::string_view type, json::Value schema) {
  json::Value media{json::Members{}};
  media.set("schema", std::move(schema));
  json::Value out{json::Members{}};
  out.set(type, std::move(media));
  return out;
}

// "POST /api/v1/order/{id}/shipment" -> "post_order_id_shipment"
std::string operation_id(const Row& row) {
  std::string id = lower_ascii(method_name(row.method));
  for (std::string_view segment : split(row.path, '/')) {
    if (segment.empty() || segment == "api" || segment == "v1") continue;
    id += '_';
    for (char c : segment)
      if (c != '{' && c != '}') id += (c == '-' || c == '.') ? '_' : c;
  }
  return id;
}

// Text or bytes of another kind than JSON (OpenAPI 3.1, "Considerations for File Uploads": no type).
json::Value bytes_schema() {
  return json::Value::object({{"description", "The file as it is."}});
}

json::Value operation(const Row& row) {
  json::Value out = json::Value::object({{"operationId", operation_id(row)}, {"summary", row.summary}});
  const auto path = split(row.path, '/');
  out.set("tags", json::Value(json::Array{json::Value(path.size() > 3 ? path[3] : std::string_view("service"))}));
  json::Value parameters = json::Value::array();
  for (std::string_view segment : path)
    if (segment.starts_with('{'))
      parameters.push(json::Value::object({{"name", segment.substr(1, segment.size() - 2)},
                                           {"in", "path"},
                                           {"required", true},
                                           {"schema", json::Value::object({{"type", "string"}})}}));
  for (const auto& [name, summary] : row.query)
    parameters.push(json::Value::object({{"name", name},
                                         {"in", "query"},
                                         {"description", summary},
                                         {"schema", json::Value::object({{"type", "string"}})}}));
  if (!parameters.as_array()->empty()) out.set("parameters", std::move(parameters));

  const json::Value any{json::Members{}};
  if (row.accepts != BodyKind::none) {
    json::Value body{json::Members{}};
    const json::Value schema = row.body_schema.is_null() ? any : row.body_schema;
    switch (row.accepts) {
      case BodyKind::json: {
        json::Value media = content("application/json", schema);
        media.set("application/x-www-form-urlencoded", json::Value::object({{"schema", schema}}));
        body.set("content", std::move(media));
        break;
      }
      case BodyKind::ndjson:
        body.set("content", content("application/x-ndjson", schema));
        break;
      case BodyKind::multipart:
        body.set("content", content("multipart/form-data", schema));
        break;
      case BodyKind::none:
        break;
    }
    out.set("requestBody", std::move(body));
  }
  json::Value done = json::Value::object({{"description", row.summary}});
  if (!row.answer_types.empty()) {
    json::Value types{json::Members{}};
    // The schema is that of lines (NDJSON) where the row has them, else of the JSON that there is beside the others.
    const auto of_json = [](std::string_view type) { return type.find("json") != std::string_view::npos; };
    const bool described = !row.answer_schema.is_null();
    if (described && std::ranges::none_of(row.answer_types, of_json))
      types.set("application/json", json::Value::object({{"schema", row.answer_schema}}));
    for (const std::string& type : row.answer_types)
      types.set(type,
                json::Value::object({{"schema", described && of_json(type) ? row.answer_schema : bytes_schema()}}));
    done.set("content", std::move(types));
  } else if (row.success != 204) {
    done.set("content", content("application/json", row.answer_schema.is_null() ? any : row.answer_schema));
  }
  json::Value responses{json::Members{}};
  responses.set(std::to_string(row.success), done);
  if (row.other_success != 0) responses.set(std::to_string(row.other_success), std::move(done));
  for (const char* failed : {"4XX", "5XX"})
    responses.set(failed, json::Value::object({{"$ref", "#/components/responses/Problem"}}));
  out.set("responses", std::move(responses));
  if (row.permission == access::Permission::none)
    out.set("security", json::Value::array());
  else
    out.set("x-permission", access::permission_name(row.permission));
  return out;
}

}  // namespace

json::Value openapi(const std::vector<Row>& rows, std::string_view version) {
  json::Value paths{json::Members{}};
  for (const Row& row : rows) {
    json::Value item = paths.find(row.path) != nullptr ? *paths.find(row.path) : json::Value(json::Members{});
    item.set(lower_ascii(method_name(row.method)), operation(row));
    paths.set(row.path, std::move(item));
  }
  const auto text = [](const char* description) {
    return json::Value::object({{"type", "string"}, {"description", description}});
  };
  json::Value problem = json::Value::object(
      {{"type", "object"},
       {"properties", json::Value::object(
                          {{"type", text("A stable name of the kind of problem.")},
                           {"title", text("The kind in words.")},
                           {"status", json::Value::object({{"type", "integer"}})},
                           {"detail", text("What happened and what to do.")},
                           {"message", text("The same sentence.")},
                           {"request_id", text("To be named when asking for help.")},
                           {"errors", json::Value::object({{"type", "array"},
                                                           {"items", json::Value::object({{"type", "object"}})}})}})}});
  json::Value failed =
      json::Value::object({{"description", "What went wrong, as RFC 9457 problem details."},
                           {"content", content("application/problem+json",
                                               json::Value::object({{"$ref", "#/components/schemas/Problem"}}))}});
  json::Value bearer = json::Value::object({{"type", "http"}, {"scheme", "bearer"}});
  json::Value cookie = json::Value::object({{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-session"}});
  return json::Value::object(
      {{"openapi", "3.1.0"},
       {"info", json::Value::object(
                    {{"title", "ProductFlow"},
                     {"version", version},
                     {"summary", "Product content and order fulfilment on your own box."},
                     {"license", json::Value::object({{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}})}})},
       {"servers", json::Value(json::Array{json::Value::object({{"url", "/"}})})},
       {"security", json::Value(json::Array{json::Value::object({{"bearer", json::Value::array()}}),
                                            json::Value::object({{"session", json::Value::array()}})})},
       {"paths", std::move(paths)},
       {"components", json::Value::object(
                          {{"schemas", json::Value::object({{"Problem", std::move(problem)}})},
                           {"responses", json::Value::object({{"Problem", std::move(failed)}})},
                           {"securitySchemes",
                            json::Value::object({{"bearer", std::move(bearer)}, {"session", std::move(cookie)}})}})}});
}

}  // namespace pf::gate
