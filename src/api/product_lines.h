// Many products as lines of JSON: the bulk write of the products' door.
#pragma once

#include <string>

#include "catalog/products.h"
#include "gate/route.h"
#include "storage/store.h"

namespace pf::api {

// Reads the call's body line by line, some thousand rows a unit of work, and gives one answer line for each:
// {"line", "sku", "status": created, changed, unchanged or refused, "errors"?}. Blank lines are skipped. What was
// answered is on disk; an Error (a body that breaks off, a line that is too long) leaves the units before it.
Result<std::string> write_product_lines(storage::Store& store, catalog::Products& products, const gate::Call& call,
                                        catalog::WriteMode mode);

}  // namespace pf::api
