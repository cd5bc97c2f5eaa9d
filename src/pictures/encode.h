// Pixels as files. The inside of shrink.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "pictures/pictures.h"

namespace pf::pictures {

struct Pixels {
  std::uint32_t width = 0, height = 0;
  std::vector<std::uint8_t> rgba{};
};

// JPEG, or WebP when any pixel lets something shine through.
Result<SmallPicture> encode(const Pixels& pixels);

}  // namespace pf::pictures
