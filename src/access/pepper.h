// The secret beside the database: whoever has the records alone can neither try passwords nor read an app's secret.
#pragma once

#include <filesystem>

#include "crypto/crypto.h"
#include "storage/store.h"

namespace pf::access {

inline constexpr std::size_t kPepperBytes = 32;

// From folder/access.key (0600), made on first use. It goes into sealed backups: without it nobody could sign in again.
// So `unavailable`, with what to do, when it is gone and a record in `store` was made with it: another one would make
// every password wrong.
Result<crypto::SecretBytes> load_pepper(const std::filesystem::path& folder, const storage::Store& store);

}  // namespace pf::access
