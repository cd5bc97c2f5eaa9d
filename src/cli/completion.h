// Completion scripts for shells, from the commands themselves. Pure.
#pragma once

#include <string>

#include "cli/command.h"

namespace pf::cli {

enum class Shell { bash, zsh, fish };
std::string completion_script(const CommandNames& all, Shell shell);

}  // namespace pf::cli
