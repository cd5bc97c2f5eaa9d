// What a limited person may make of a product, whichever way: one by one, or many by a bulk edit. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/limits.h"
#include "catalog/model.h"
#include "catalog/product.h"

namespace pf::catalog {

// Whether a product may become so, with these categories, and its texts be written in `locale` (the call's) and in
// those that the change names: forbidden, with the field. By `model` an attribute of the call may be a text of its
// locale too.
Result<> may_become(const access::Limits& limits, const Model& model, const std::vector<std::string>& categories,
                    std::string_view locale, const ProductChange& change);
// Of an undo, what whoever is limited may not take back.
FieldFault beyond_limits(std::string field);

}  // namespace pf::catalog
