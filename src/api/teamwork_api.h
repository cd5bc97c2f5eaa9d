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
  teamwork::Mentions& mentions;
  teamwork::Tasks& tasks;
  const access::Access& access;
  const Clock& clock;
};
// Whoever may change products decides what others proposed of them, and tidies what they say.
inline bool may_review(const gate::Call& call) {
  return call.actor.can(access::Permission::catalog_write);
}
inline json::Value text_or_none(const std::string& text) {
  return text.empty() ? json::Value(nullptr) : json::Value(text);
}
std::vector<gate::Row> teamwork_routes(const TeamRooms& rooms);
// Who can be named in a comment, or given a task: accounts that can do something about it.
std::vector<access::Account> colleagues(const TeamRooms& rooms);
std::vector<teamwork::Nameable> nameable(const TeamRooms& rooms);
// Whose mentions these are: those of whoever answers for a program.
const std::string& person_asking(const gate::Call& call);
// Parts of them, in files of their own.
std::vector<gate::Row> comments_routes(const TeamRooms& rooms);
std::vector<gate::Row> mentions_routes(const TeamRooms& rooms);
std::vector<gate::Row> tasks_routes(const TeamRooms& rooms);

}  // namespace pf::api
