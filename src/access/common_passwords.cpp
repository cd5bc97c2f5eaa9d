#include "access/common_passwords.h"

#include <algorithm>
#include <cstdint>

// Made by src/access/pack_passwords: sorted lines. Their bytes, and how many.
asm(".section .rodata\n"
    ".balign 8\n"
    "pf_common_passwords_size: .quad 2f - 1f\n"
    "pf_common_passwords:\n"
    "1:\n"
    ".incbin \"" PF_COMMON_PASSWORDS
    "\"\n"
    "2:\n"
    ".previous\n");
extern "C" const char pf_common_passwords[];
extern "C" const std::uint64_t pf_common_passwords_size;

namespace pf::access {
namespace {

std::string_view all_lines() {
  return {pf_common_passwords, pf_common_passwords_size};
}

}  // namespace

bool is_common_password(std::string_view small_letters) {
  // The lines from `low` on and before `high`, halved until none is left.
  const std::string_view lines = all_lines();
  std::size_t low = 0, high = lines.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const std::size_t before = middle == 0 ? std::string_view::npos : lines.rfind('\n', middle - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : std::max(low, before + 1);
    const std::size_t end = lines.find('\n', begin);
    const auto order = small_letters.compare(lines.substr(begin, end - begin));
    if (order == 0) return true;
    (order < 0 ? high : low) = order < 0 ? begin : end + 1;
  }
  return false;
}

std::size_t common_passwords() {
  const std::string_view lines = all_lines();
  return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
}

}  // namespace pf::access
