// A product as a program sends it, read into a change. What is wrong with it (a type, a field that is none) goes with
// the change (ProductChange::wrong), so that it is told beside what the catalogue finds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "catalog/product.h"

namespace pf::catalog {

enum class BodyStyle {
  json,         // POST and PUT: attributes are set whole
  merge_patch,  // RFC 7396: objects merge member by member, null removes
  form,  // texts only; a name that is no field of a product is an attribute, as the hosted product's clients send it
};

// What an answer adds to a product may come back in a body: `sku` and `version` are then compared by the caller,
// `locale` says whose texts these are, the times and completeness are overlooked. So what GET gave can be edited and
// PUT.
struct ProductBody {
  ProductChange change{};
  std::optional<std::string> sku{}, locale{};
  std::optional<std::uint64_t> version{};
};

// Invalid only for what is no object.
Result<ProductBody> product_body_of(const json::Value& body, BodyStyle style);
json::Value product_body_schema();    // JSON Schema of what product_body_of() reads
json::Value product_answer_schema();  // and of what Products::product_json() gives

}  // namespace pf::catalog
