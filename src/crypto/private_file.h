// Files that nobody else may read, a secret's among them.
#pragma once

#include <filesystem>
#include <string_view>

#include "crypto/crypto.h"
#include "productflow/result.h"

namespace pf::crypto {

// Makes or replaces `path` (0600) whole or not at all: written beside it, synced, renamed, and the folder synced.
// `unavailable` with what to look at when that fails.
Result<> write_private_file(const std::filesystem::path& path, std::string_view bytes);
// `unavailable` when it cannot be read or is shorter than `size` bytes.
Result<SecretBytes> read_secret_file(const std::filesystem::path& path, std::size_t size);

}  // namespace pf::crypto
