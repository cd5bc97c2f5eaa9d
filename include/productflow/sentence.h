// Texts as parts of a sentence for people. Pure functions, any thread. Apart from text.h, which nearly every file has.
#pragma once

#include <span>
#include <string>

namespace pf {

// "a", "a and b", "a, b and c"; nothing for none.
std::string in_sentence(std::span<const std::string> names);

}  // namespace pf
