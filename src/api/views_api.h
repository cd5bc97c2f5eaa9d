// Saved views of lists over HTTP, and the parameter view= of the lists themselves.
#pragma once

#include <vector>

#include "catalog/products.h"
#include "gate/route.h"
#include "orders/orders.h"
#include "teamwork/views.h"

namespace pf::api {

struct ViewRooms {
  storage::Store& store;
  const catalog::Products& products;
  const orders::Orders& orders;
  teamwork::Views& views;
  const Clock& clock;
};
std::vector<gate::Row> views_routes(const ViewRooms& rooms);
// Makes the rows of lists that can be saved, and of their export, understand view=.
void follow_views(std::vector<gate::Row>& rows, const ViewRooms& rooms);

}  // namespace pf::api
