#include <brotli/decode.h>

#include <cstdlib>

#include "formats/true_type.h"
#include "productflow/bytes.h"

// Made by src/formats/pack_font.mjs: the unpacked size in four bytes, then brotli's.
asm(".section .rodata\n"
    ".balign 8\n"
    "pf_font_plain: .incbin \"" PF_FONT_PLAIN
    "\"\n"
    "pf_font_plain_end:\n"
    ".balign 8\n"
    "pf_font_bold: .incbin \"" PF_FONT_BOLD
    "\"\n"
    "pf_font_bold_end:\n"
    ".previous\n");
extern "C" const char pf_font_plain[], pf_font_plain_end[], pf_font_bold[], pf_font_bold_end[];

namespace pf::formats {
namespace {

// It is our own executable's: damaged, it is no executable that should go on.
TrueType unpacked_font(std::string_view packed) {
  std::string bytes(get_be32(packed), '\0');
  std::size_t size = bytes.size();
  packed.remove_prefix(4);
  if (BrotliDecoderDecompress(packed.size(), reinterpret_cast<const std::uint8_t*>(packed.data()), &size,
                              reinterpret_cast<std::uint8_t*>(bytes.data())) != BROTLI_DECODER_RESULT_SUCCESS)
    std::abort();
  auto font = TrueType::read(std::move(bytes));
  if (!font.ok()) std::abort();
  return *std::move(font);
}

}  // namespace

const TrueType& plain_font() {
  static const TrueType font = unpacked_font({pf_font_plain, pf_font_plain_end});
  return font;
}
const TrueType& bold_font() {
  static const TrueType font = unpacked_font({pf_font_bold, pf_font_bold_end});
  return font;
}

}  // namespace pf::formats
