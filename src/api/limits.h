// What a limited person or program finds of products and orders: only what lies within the limits.
#pragma once

#include <functional>

#include "catalog/products.h"
#include "gate/route.h"
#include "orders/orders.h"

namespace pf::api {

using ObjectCheck = std::function<Result<>(const gate::Call&)>;
// For rows with {sku}: not_found for a product outside the categories. One that is not there is the row's to answer.
ObjectCheck own_product(storage::Store& store, const catalog::Products& products);
// For rows with {id}: not_found for an order of another channel.
ObjectCheck own_order(storage::Store& store, const orders::Orders& orders);

// Leaves in a list's question only what is within.
template <class Condition, class Operator>
void confine(std::vector<Condition>& where, const char* column, Operator in, const std::vector<std::string>& to) {
  if (!to.empty()) where.push_back({column, in, to});
}

// Whether a product may become so, and its texts be written in `locale` and `more`: forbidden, for the unit of work. By
// `model` an attribute of the call may be a text of its locale too.
Result<> may_write_product(const access::Limits& limits, const catalog::Model& model,
                           const std::vector<std::string>& categories, std::string_view locale,
                           const catalog::ProductChange& change);

}  // namespace pf::api
