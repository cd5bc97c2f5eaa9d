// Whether a change would leave a product as it is, told from its stored bytes without taking them apart: most rows of a
// file that is imported every day change nothing.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/product.h"

namespace pf::catalog {

struct StoredProduct {
  std::string common{};
  std::vector<std::pair<std::string, std::string>> texts{};  // by locale
};

// True only if apply() would give the same content; false when it is not plain to see, and apply() must tell. `locale`
// is the locale of the call's texts. Never true for WriteMode::replace. REQUIRES: locales_of(stored.common) is not an
// error.
bool leaves_unchanged(const StoredProduct& stored, const ProductChange& change, WriteMode mode,
                      const std::string& locale);

}  // namespace pf::catalog
