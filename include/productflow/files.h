// Files whose bytes must be there after a crash. Any thread.
#pragma once

#include <filesystem>
#include <string_view>

#include "productflow/result.h"

namespace pf {

// Makes or replaces `path` whole or not at all: written beside it as PATH.new, synced, renamed, and the folder synced.
// `mode`: as of chmod(2). `unavailable` with what to look at when that fails.
Result<> replace_file(const std::filesystem::path& path, std::string_view bytes, unsigned mode);
// Makes durable which names are in the folder.
bool sync_folder(const std::filesystem::path& folder);

}  // namespace pf
