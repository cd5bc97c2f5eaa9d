// Who acts, and what they may do. Every business function that changes something takes the Actor first.
#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "access/limits.h"

namespace pf::access {

// Stored on disk by name (permission_name), so order is free; names are the scopes of tokens.
enum class Permission : std::uint8_t {
  none,       // no actor needed
  signed_in,  // anybody with an account or token
  catalog_read,
  catalog_write,
  catalog_propose,  // drafts of changes, comments and tasks; who may write may propose too: with_implied()
  stock_read,
  stock_write,
  orders_read,
  orders_write,
  buyer_reveal,  // see a buyer in the clear
  imports,
  exports,
  settings_read,
  settings_write,
  tokens,
  users,
  vault_manage,  // purge, key ring
  audit_read,
  archive_read,  // open a document of the sealed archive
  metrics,
  kCount,
};
std::string_view permission_name(Permission permission);  // "catalog.read"
std::optional<Permission> permission_named(std::string_view name);

using Permissions = std::bitset<static_cast<std::size_t>(Permission::kCount)>;
Permissions all_permissions();  // scope "all"
// With those that others hold in themselves: roles and tokens from before there were proposals may make them.
Permissions with_implied(Permissions may);

struct Actor {
  enum class Kind { nobody, user, token, local_admin, system } kind = Kind::nobody;
  std::string id{};    // user or token id; "system" for the product itself
  std::string name{};  // shown in history and audit: account e-mail, token name, "system"
  Permissions may{};
  std::string session{};  // id (not the secret) of the browser session, else empty
  bool fresh = false;     // signed in or re-authenticated within the sudo window; tokens and local admins are
  std::string user{};     // the id of whoever answers for it: oneself, or who made the token; empty: the machine
  std::shared_ptr<const Limits> limits{};  // what that person is confined to, as of the same moment; null: nothing
  bool can(Permission permission) const {
    return permission == Permission::none || (kind != Kind::nobody && (permission == Permission::signed_in ||
                                                                       may.test(static_cast<std::size_t>(permission))));
  }
};
const Actor& system_actor();
std::string_view actor_kind_name(Actor::Kind kind);  // "user", "token"; stands in the audit log and in histories

}  // namespace pf::access
