// Working together on the catalogue over HTTP: drafts that others approve, comments on products, tasks.
#pragma once

#include <vector>

#include "access/access.h"
#include "catalog/products.h"
#include "gate/route.h"
#include "teamwork/comments.h"
#include "teamwork/drafts.h"
#include "teamwork/tasks.h"

namespace pf::api {

struct TeamRooms {
  storage::Store& store;
  catalog::Products& products;
  teamwork::Drafts& drafts;
  teamwork::Comments& comments;
  teamwork::Tasks& tasks;
  const access::Access& access;
  const Clock& clock;
};
std::vector<gate::Row> teamwork_routes(const TeamRooms& rooms);
// A part of them, in a file of its own.
std::vector<gate::Row> tasks_routes(const TeamRooms& rooms);

}  // namespace pf::api
