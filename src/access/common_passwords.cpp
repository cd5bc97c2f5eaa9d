#include "access/common_passwords.h"

#include <brotli/decode.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "productflow/bytes.h"

// Made by src/access/pack_passwords.mjs: the unpacked size in four bytes, then brotli's; unpacked, sorted lines.
asm(".section .rodata\n"
    ".balign 8\n"
    "pf_common_passwords: .incbin \"" PF_COMMON_PASSWORDS
    "\"\n"
    "pf_common_passwords_end:\n"
    ".previous\n");
extern "C" const char pf_common_passwords[], pf_common_passwords_end[];

namespace pf::access {
namespace {

// It is our own executable's: damaged, it is no executable that should go on.
std::string unpacked_lines(std::string_view packed) {
  std::string lines(get_be32(packed), '\0');
  std::size_t size = lines.size();
  packed.remove_prefix(4);
  if (BrotliDecoderDecompress(packed.size(), reinterpret_cast<const std::uint8_t*>(packed.data()), &size,
                              reinterpret_cast<std::uint8_t*>(lines.data())) != BROTLI_DECODER_RESULT_SUCCESS)
    std::abort();
  return lines;
}

std::string_view all_lines() {
  static const std::string lines = unpacked_lines({pf_common_passwords, pf_common_passwords_end});
  return lines;
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
