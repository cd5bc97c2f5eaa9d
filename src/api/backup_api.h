// Backups and the ring's escrow, for the box's own command line: what they hold is not for the network.
#pragma once

#include <filesystem>
#include <string>

#include "archive/archive.h"
#include "audit/audit.h"
#include "gate/route.h"
#include "vault/vault.h"

namespace pf::api {

std::vector<gate::Row> backup_routes(storage::Store& store, vault::Vault& vault, audit::Audit& audit,
                                     archive::Archive& archive, std::filesystem::path folder, std::string version);

}  // namespace pf::api
