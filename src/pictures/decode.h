// Pictures as rows of pixels, from the top, none of them kept. The inside of shrink.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "productflow/result.h"

namespace pf::pictures {

struct PictureHead {
  std::uint32_t width = 0, height = 0;  // of the rows that follow, which a decoder may have halved
  int orientation = 1;                  // EXIF's: 1 as it lies, 6 to be turned right, ...
};
// Four bytes a pixel: red, green, blue, opacity.
struct RowSink {
  std::function<Result<>(const PictureHead&)> begin;
  std::function<void(const std::uint8_t* row)> row;
};

// Rows of at least `side` pixels on the longer side, where the picture has as many.
Result<> decode(std::string_view picture, std::uint32_t side, const RowSink& sink);

}  // namespace pf::pictures
