// Reading secrets and showing answers.
#pragma once

#include <string>
#include <string_view>

#include "json/json.h"

namespace pf::cli {

// From a terminal without echo, after a prompt on standard error; from a pipe one line. Without its line end.
std::string read_secret(const std::string& prompt);
// Objects as "name: value" lines, lists of objects as a table; for people.
void show(const json::Value& value);

}  // namespace pf::cli
