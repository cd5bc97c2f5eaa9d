// What a variant adds to the search index for what it has from above (inheritance.h): kept beside its record, term by
// term, since it follows from other records and from the model, which may be others when it is taken out again.
//
// On disk (family "products", catalog_keys.h; numbers are LEB128 varints):
//   format, fields, then per field: bytes, name, terms, then per term: bytes, term
//   columns, then per column: bytes, name, bytes, value
// Everything in ascending order, so that the same entry has the same bytes.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "catalog/model.h"
#include "catalog/record.h"
#include "search/index.h"

namespace pf::catalog {

// Of a product whose categories are those of a product above it, and none its own: the term "category" of this field.
inline constexpr std::string_view kInheritedField = "inherited";

// What the product says beyond `own`, its search_entry(), for what it lacks itself. `line` as in inheritance.h.
search::Entry inherited_entry(const Model& model, std::span<const Record* const> line, const search::Entry& own);

std::string encode_inherited(const search::Entry& entry);  // REQUIRES: as inherited_entry() made it. Empty: nothing
Result<search::Entry> decode_inherited(std::string_view bytes);  // of no bytes: nothing
void add_entry(search::Entry& to, const search::Entry& more);

}  // namespace pf::catalog
