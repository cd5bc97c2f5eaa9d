// How large a pattern is, for those who give it long texts: the time that it takes is at most in proportion to this
// times the text's bytes. Beside pattern.h, which half of the house reads.
#pragma once

#include <cstddef>
#include <string_view>

namespace pf::search {

// Steps of its program. REQUIRES: Pattern::compile() takes it
std::size_t pattern_size(std::string_view text);

}  // namespace pf::search
