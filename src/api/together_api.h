// Orders in one parcel, in parts, and from a chosen place; marks that a person takes off.
#pragma once

#include "api/order_answers.h"

namespace pf::api {

std::vector<gate::Row> together_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                       catalog::Products& products);

}  // namespace pf::api
