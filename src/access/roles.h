// Roles: what somebody may do by the work he does. Eight are built in; a shop makes its own from fine permissions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "access/limits.h"

namespace pf::access {

inline constexpr std::size_t kRolesMax = 100;  // of a shop's own
inline constexpr std::string_view kOwnerRole = "owner";

struct Role {
  std::string name{};   // "order_clerk": stored with each account, so never renamed
  std::string title{};  // of an own role, as its maker wrote it; empty for built-in ones, which the pages name
  Permissions may{};
  Limits limits{};
  bool second_factor = false;  // nobody works under this role without one
  bool built_in = false;
};

// Least rights that do the work; order is the order in which pages show them.
const std::vector<Role>& built_in_roles();

}  // namespace pf::access
