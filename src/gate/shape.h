// JSON Schemas of answers, from a short notation: what an answer looks like, with the kind of each value in its place.
//   {"id": "text", "placed_at": "time", "paid": "bool", "total": "number", "pieces": "count", "ship_by": "time?",
//    "lines": [{"sku": "text"}], "attributes": {"*": "any"}}
// "?" may be null; "*" is any name; a name that ends in "?" may be missing. Plain functions.
#pragma once

#include <string_view>

#include "json/json.h"

namespace pf::gate {

// REQUIRES: the notation above; a mistake ends the process at its start, so that no test can miss it.
json::Value shape(std::string_view text);
// {"data": ...}, as every answer about one thing is.
json::Value data_shape(std::string_view text);
// {"data": [...], "meta", "links"}, as api/list_answer.h writes it.
json::Value list_shape(std::string_view text);
json::Value list_schema(json::Value item);  // the same of a schema
// {"data": [...], "meta"} of lists that have a next page, but no numbers.
json::Value page_shape(std::string_view text);

}  // namespace pf::gate
