// The passwords that are tried first: 30,000 from published leaks, and the commonest words and names (zxcvbn's lists,
// third_party/README.md). In the executable compressed, 220 kB instead of 790; in memory from the first question on.
#pragma once

#include <cstddef>
#include <string_view>

namespace pf::access {

bool is_common_password(std::string_view small_letters);  // as a whole
std::size_t common_passwords();                           // how many there are

}  // namespace pf::access
