// Secrets that lie in files.
#pragma once

#include <filesystem>
#include <optional>

#include "crypto/crypto.h"
#include "productflow/result.h"

namespace pf::crypto {

// At most `limit` bytes of a regular file, and one more if it is longer; nothing if it cannot be read. Waits for
// nobody: a pipe or a link in its place is refused. Whoever copied it there may have left it open to others: it is
// closed to them.
std::optional<SecretBytes> read_at_most(const std::filesystem::path& path, std::size_t limit);
// `unavailable` when it cannot be read or has another size.
Result<SecretBytes> read_secret_file(const std::filesystem::path& path, std::size_t size);

}  // namespace pf::crypto
