// SKUs as people and programs write them, who do not mind capitals.
#pragma once

#include "catalog/products.h"

namespace pf::catalog {

// SKUs that are this one but for the case of ASCII letters, at most so many, by name. All in capitals and all in small
// letters are always looked at; the others as far as `looks` go, each of some microseconds, of which those that it took
// are taken off. Where they do not go all the way, one SKU in mixed case alone is none: it may have a twin.
Result<std::vector<std::string>> skus_in_any_case(const Products& products, const storage::Reader& reader,
                                                  std::string_view sku, std::size_t at_most, std::size_t& looks);

}  // namespace pf::catalog
