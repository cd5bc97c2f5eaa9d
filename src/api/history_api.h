// What happened to a product, over HTTP: its history, what differs between two of its versions, and giving values back.
#pragma once

#include <vector>

#include "catalog/products.h"
#include "gate/route.h"
#include "storage/store.h"

namespace pf::api {

std::vector<gate::Row> history_routes(storage::Store& store, catalog::Products& products);  // among products_routes()

// Whether a limited account may write these fields, and keep a product in these categories; forbidden.
Result<> may_write_fields(const access::Limits& limits, const std::vector<std::string>& categories,
                          const std::vector<catalog::FieldChange>& changes);
// 412 with what two people made of the same fields: {"conflicts": [{"field", "locale", "was", "theirs", "mine"}]}
// beside what every problem has.
gate::Answer clash_answer(const Error& stale, const std::vector<catalog::Clash>& clashes, const std::string& etag,
                          const std::string& request_id);
// The same of conflicts that are no fields of a product; `etag` may be empty.
gate::Answer conflicts_answer(const Error& stale, json::Value conflicts, const std::string& etag,
                              const std::string& request_id);

}  // namespace pf::api
