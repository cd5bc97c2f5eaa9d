// Code 128 (ISO/IEC 15417): a text as bars that every scanner reads. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pf::formats {

inline constexpr std::size_t kCode128LettersMax = 80;  // longer ones fit no paper
inline constexpr int kCode128QuietModules = 10;        // that must be white on either side

// The widths of bars and gaps in turn, in modules, as digits from '1' to '4'; begins and ends with a bar. Code sets B
// and C, and the check symbol. Nothing for the empty text, for one that is too long, and for letters other than the
// printable ones of ASCII.
std::optional<std::string> code128(std::string_view text);

}  // namespace pf::formats
