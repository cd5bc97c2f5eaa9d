// The shop's rules over HTTP: keeping them, trying them on products and orders, and following them for many at once.
#pragma once

#include <vector>

#include "gate/route.h"
#include "jobs/edits.h"

namespace pf::api {

struct RuleRooms {
  storage::Store& store;
  catalog::Products& products;
  orders::Orders& orders;
  rules::Rules& rules;
  jobs::Edits& edits;
};
std::vector<gate::Row> rules_routes(const RuleRooms& rooms);

}  // namespace pf::api
