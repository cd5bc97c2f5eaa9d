// What a word that nobody wrote may have been meant as: the words one typing error away. Pure function, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pf::catalog {

inline constexpr std::size_t kNearLettersMin = 4;   // a shorter word is one error away from too many others
inline constexpr std::size_t kNearLettersMax = 24;  // a longer one has more neighbours than a list should look for

// One letter less, more, another, or two that changed places. `word`: one of search::words_of, so folded. Nothing for a
// number, in which no digit is a slip of the other.
std::vector<std::string> near_words(std::string_view word);

}  // namespace pf::catalog
