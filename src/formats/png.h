// Writes PNG (ISO/IEC 15948): 8-bit RGB, no interlace. Pure, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace pf::formats {

// REQUIRES: rgb.size() == width * height * 3, both above zero.
std::string write_png(std::uint32_t width, std::uint32_t height, std::span<const std::uint8_t> rgb);

}  // namespace pf::formats
