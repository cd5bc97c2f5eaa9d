// In which category a product is sold: asked for every line of every order that is placed, so it reads no more of the
// product than that.
#pragma once

#include <string>
#include <string_view>

#include "storage/store.h"

namespace pf::catalog {

// The first of its categories; empty for none, and for a SKU that is no product's. `products`: family kProducts.
Result<std::string> first_category(const storage::Reader& read, storage::FamilyRef products, std::string_view sku);

}  // namespace pf::catalog
