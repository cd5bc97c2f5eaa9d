// A file that ProductFlow makes while it is sent, fetched whole or not at all: where the server goes meanwhile it is
// waited for, and what is missing is asked for with what the file's ETag names (api/resumable.h). One thread.
#pragma once

#include <chrono>
#include <string>

#include "cli/cli.h"

namespace pf::cli {

inline constexpr std::chrono::seconds kServerReturnsIn{120};  // since the last byte: opening a large shop takes seconds

// Into `out`, written beside it as `out`.part, synced and renamed; nothing of it stays where that fails. Without a name
// to standard output, which can only go on while nothing was changed. How many bytes it has.
Result<std::uint64_t> download(Gateway& gateway, const std::string& address, const std::string& out);

}  // namespace pf::cli
