// The 32 bytes that the ring's keys are wrapped under: folder/master.key, mode 0600.
#pragma once

#include <filesystem>

#include "crypto/crypto.h"
#include "productflow/result.h"

namespace pf::vault {

// `make` when there is no ring yet: an absent or half-written key is made (anew), durable when this returns.
Result<crypto::SecretBytes> master_key(const std::filesystem::path& folder, bool make);
// The entries of a folder reach the disk.
bool sync_folder(const std::filesystem::path& folder);

}  // namespace pf::vault
