#include "access/actor.h"

#include <array>
#include <utility>

namespace pf::access {
namespace {

// The names are scopes of tokens and stand in the audit log: do not rename.
constexpr std::array<std::pair<Permission, std::string_view>, 19> kNames{{
    {Permission::signed_in, "signed_in"},
    {Permission::catalog_read, "catalog.read"},
    {Permission::catalog_write, "catalog.write"},
    {Permission::catalog_propose, "catalog.propose"},
    {Permission::stock_read, "stock.read"},
    {Permission::stock_write, "stock.write"},
    {Permission::orders_read, "orders.read"},
    {Permission::orders_write, "orders.write"},
    {Permission::buyer_reveal, "buyer.reveal"},
    {Permission::imports, "imports"},
    {Permission::exports, "exports"},
    {Permission::settings_read, "settings.read"},
    {Permission::settings_write, "settings.write"},
    {Permission::tokens, "tokens"},
    {Permission::users, "users"},
    {Permission::vault_manage, "vault.manage"},
    {Permission::audit_read, "audit.read"},
    {Permission::archive_read, "archive.read"},
    {Permission::metrics, "metrics"},
}};
static_assert(kNames.size() + 1 == static_cast<std::size_t>(Permission::kCount));  // all but `none`

}  // namespace

std::string_view permission_name(Permission permission) {
  for (const auto& [known, name] : kNames)
    if (known == permission) return name;
  return "none";
}

std::optional<Permission> permission_named(std::string_view name) {
  for (const auto& [permission, known] : kNames)
    if (known == name) return permission;
  return std::nullopt;
}

Permissions all_permissions() {
  return Permissions().set();
}

Permissions with_implied(Permissions may) {
  if (may.test(static_cast<std::size_t>(Permission::catalog_write)))
    may.set(static_cast<std::size_t>(Permission::catalog_propose));
  return may;
}

const Actor& system_actor() {
  static const Actor system{Actor::Kind::system, "system", "system", all_permissions(), "", true};
  return system;
}

// The names stand in the audit log and in histories: do not rename.
std::string_view actor_kind_name(Actor::Kind kind) {
  switch (kind) {
    case Actor::Kind::nobody:
      return "nobody";
    case Actor::Kind::user:
      return "user";
    case Actor::Kind::token:
      return "token";
    case Actor::Kind::local_admin:
      return "local_admin";
    case Actor::Kind::system:
      return "system";
  }
  return "";
}

}  // namespace pf::access
