// Attributes that a list shows as columns, because whoever looks chose them: for each product the value of each, own or
// from a product above it, in the language of the column, with the words that people know codes by. Read from the
// segments as they are stored, so that a page costs some reads at once, whatever else its products hold. Any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/languages.h"
#include "catalog/products.h"

namespace pf::catalog {

inline constexpr std::size_t kValueColumnsMax = 30;  // of one list; wider tables are read in a file

struct ValueColumn {
  std::string said{};    // as it was asked for, and is answered: "attributes.material@nl"
  std::string name{};    // of the values: color, description-web, price-EUR
  std::string locale{};  // whose values; empty: of the list's language
};

// "attributes.NAME" and "attributes.NAME@LOCALE", one of the shop's languages; the same twice is once. Every fault at
// once, of the field `columns`. Whether there is such an attribute is told by who reads its values.
Result<std::vector<ValueColumn>> value_columns(std::span<const std::string> said, const Languages& languages);

// For each product `{"attributes.color":{"value":"blue","label":"Blue","from":"P","locale":"en"}}`: of each column that
// has a value. `from`: the product above that it is inherited from, by the rules of inheritance.h; `locale`: of another
// language, which lends it. `label`: of a choice, reference record or measurement what people read for its code, of
// several a list. Invalid for a name that nobody described and no product has.
Result<std::vector<std::string>> column_jsons(const storage::Store& store, const Products& products,
                                              const storage::Reader& reader, std::span<const std::string> skus,
                                              std::span<const ValueColumn> columns, std::string_view locale);

}  // namespace pf::catalog
