// The vault's state and the audit log over HTTP.
#pragma once

#include <vector>

#include "audit/audit.h"
#include "gate/route.h"
#include "vault/vault.h"

namespace pf::api {

std::vector<gate::Row> vault_routes(storage::Store& store, vault::Vault& vault, audit::Audit& audit);
std::vector<gate::Row> vault_key_routes(storage::Store& store, vault::Vault& vault);

}  // namespace pf::api
