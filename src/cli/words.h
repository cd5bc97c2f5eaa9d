// A typed line as its words. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "productflow/result.h"

namespace pf::cli {

// Blanks divide; 'single' and "double" quotes hold words together, and nothing else has a meaning: no variables, no
// pipes, no other programs. `invalid` for a quote that does not end.
Result<std::vector<std::string>> words_of(std::string_view line);

}  // namespace pf::cli
