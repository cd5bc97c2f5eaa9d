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
// 0, which nothing has, for what is no number.
std::uint64_t number_of(const std::string& text);
std::vector<gate::Row> rules_routes(const RuleRooms& rooms);
// What orders' rules would do to one, field by field.
json::Value acts_value(const orders::Order& order, const std::vector<orders::OrderAct>& acts,
                       const std::vector<stock::Location>& locations);
gate::Row rule_trial_route(const RuleRooms& rooms);  // in a file of its own

}  // namespace pf::api
