// A benchmark in one process, from its folder to its exit code.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "productflow/result.h"
#include "table.h"

namespace pf::bench {

// Prints the machine, measures in a folder of its own below `folder` and takes that away again. The exit code.
int in_throw_away_folder(const std::string& program, const std::string& folder,
                         const std::function<Result<>(const std::filesystem::path& inside, Table& table)>& measure);

}  // namespace pf::bench
