// What a variant has from those above it: a value that it lacks itself is that of the nearest product above. Worked out
// when somebody asks, from at most kLevelsMax records, so a parent's change writes no variant's record for it; what the
// search index has of it is kept (inherited_entry.h).
//
// What belongs to one article alone is not inherited: SKU, EAN, attributes that are unique, whether it is for sale.
// Lists (categories, images, several choices) are one value each: a list of its own replaces the one above. A text in
// the language asked for, anywhere in the line, goes before one in the shop's first language, as completeness counts
// it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "catalog/model.h"
#include "catalog/record.h"

namespace pf::catalog {

// Whether a value's JSON bytes are more than an empty text, list or object.
bool says_something(std::string_view json_bytes);
bool is_inherited(const Model& model, std::string_view attribute);  // not unique

// The product with what it has from above in the place of what it lacks, in every language by itself; what belongs to
// it alone (SKU, EAN, links, ...) is its own.
Record with_inherited(const Model& model, std::span<const Record* const> line);
// That alone: only what the product lacks and has from above.
Record inherited_only(const Model& model, std::span<const Record* const> line);
// Whether variants have the same from a product that was so and is so.
bool passes_on_the_same(const Record& before, const Record& after);

// `{"brand":{"value":"Acme","from":"P","overridden":false},"attributes":{"color":{...}}}`: what the product would have
// from above, and whether it has its own instead. `line`: the product, its parent, the parent's parent.
// `locales`: the reader's, and those that lend to it (languages.h).
std::string inherited_json(const Model& model, std::span<const Record* const> line,
                           std::span<const std::string> locales);

}  // namespace pf::catalog
