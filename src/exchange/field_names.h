// What sellers call the fields of a product in the head of a plain table, in the languages of our channels.
#pragma once

#include <string_view>
#include <vector>

#include "exchange/product_columns.h"

namespace pf::exchange {

struct FieldNames {
  ProductColumn::Kind kind;
  std::vector<std::string_view> names;  // folded; the first that a header has is meant, the others stay attributes
};
// One for each field that may be called otherwise than by its own name.
const std::vector<FieldNames>& names_of_fields();

}  // namespace pf::exchange
