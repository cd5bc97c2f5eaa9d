// A change's values of described attributes, each in its normal form (normal_value.h) and in its place: a language of
// its own, a cell per channel or currency (description-webshop, price-EUR). Pure functions, any thread.
#pragma once

#include <string>
#include <vector>

#include "catalog/model.h"
#include "catalog/product.h"

namespace pf::catalog {

// Whether check_values() could find anything to do.
bool names_described(const Model& model, const ProductChange& change);
// Takes what the change says of described attributes into normal form and into its place (a language of its own, a cell
// per channel or currency), and adds a fault for what cannot be. `locale` is that of the call's texts.
void check_values(const Model& model, const std::string& locale, ProductChange& change,
                  std::vector<FieldFault>& faults);

}  // namespace pf::catalog
