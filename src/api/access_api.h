// Health, set-up and settings over HTTP.
#pragma once

#include <vector>

#include "access/access.h"
#include "audit/audit.h"
#include "audit/checkpoints.h"
#include "catalog/products.h"
#include "gate/route.h"
#include "vault/vault.h"

namespace pf::api {

struct Figure {
  const char *name, *help;
  std::uint64_t value;
};
// `more`: what rooms that are not named here add to /metrics.
std::vector<gate::Row> access_routes(storage::Store& store, access::Access& access, audit::Audit& audit,
                                     catalog::Products& products, const vault::Vault& vault,
                                     const audit::Checkpoints& checkpoints, const Clock& clock,
                                     std::function<std::vector<Figure>()> more = {});

}  // namespace pf::api
