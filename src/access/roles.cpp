#include "access/roles.h"

namespace pf::access {
namespace {

Permissions of(std::initializer_list<Permission> list) {
  Permissions may;
  for (const Permission one : list) may.set(static_cast<std::size_t>(one));
  return with_implied(may);
}

}  // namespace

const std::vector<Role>& built_in_roles() {
  using P = Permission;
  static const std::vector<Role> roles{
      {.name = "owner", .may = all_permissions(), .built_in = true},
      // Runs the shop, but neither decides who may do what nor destroys data.
      {.name = "manager",
       .may = of({P::catalog_read, P::catalog_write, P::stock_read, P::stock_write, P::orders_read, P::orders_write,
                  P::buyer_reveal, P::imports, P::exports, P::settings_read, P::settings_write, P::audit_read,
                  P::metrics}),
       .built_in = true},
      {.name = "catalogue_editor", .may = of({P::catalog_read, P::catalog_write, P::stock_read}), .built_in = true},
      // Changes nothing by himself: an agency, a supplier, a new colleague. Others approve what he proposes.
      {.name = "contributor", .may = of({P::catalog_read, P::catalog_propose}), .built_in = true},
      {.name = "order_clerk",
       .may = of({P::orders_read, P::orders_write, P::buyer_reveal, P::catalog_read, P::stock_read, P::stock_write}),
       .built_in = true},
      // Needs where the parcel goes, and nothing else about the buyer.
      {.name = "packer",
       .may = of({P::orders_read, P::orders_write, P::buyer_reveal, P::catalog_read, P::stock_read}),
       .limits = {.personal = {"shipping_customer", "phone_number"}},
       .built_in = true},
      {.name = "auditor", .may = of({P::audit_read, P::settings_read, P::metrics}), .built_in = true},
      {.name = "read_only",
       .may = of({P::catalog_read, P::stock_read, P::orders_read, P::settings_read}),
       .built_in = true},
  };
  return roles;
}

}  // namespace pf::access
