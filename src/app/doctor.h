// `productflow doctor`: what may go wrong on this machine with this data folder, before it does. Reads only, but for
// opening the shop as every command does. Each check says what it found, what that means and what to do.
#pragma once

#include <functional>

#include "cli/cli.h"

namespace pf::app {

class SshRules;

std::vector<cli::Finding> examine(const std::filesystem::path& data, const Clock& clock,
                                  const std::function<Result<std::unique_ptr<cli::Gateway>>()>& open);

// Its parts. `server` is the running server's process, or 0.
void examine_host(std::vector<cli::Finding>& findings, const std::filesystem::path& data, int server);
// Whether whoever comes in by SSH as the data folder's owner needs a key and a second factor, and finds our commands
// alone.
cli::Finding ssh_finding(const SshRules& rules, const std::string& owner);
void examine_folder(std::vector<cli::Finding>& findings, const std::filesystem::path& data, Time now);

}  // namespace pf::app
