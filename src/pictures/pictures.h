// Small pictures (thumbnails) of PNG, JPEG, GIF and WebP. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cell/cell.h"
#include "cell/task.h"
#include "productflow/result.h"

namespace pf::pictures {

// The longest side, in pixels: a row of a list or a command palette on a fine screen, and a page's own picture.
inline constexpr std::uint32_t kSmall = 128, kLarge = 512;
inline constexpr std::uint64_t kPixelsMax = 50'000'000;
inline constexpr std::size_t kSmallPictureBytesMax = 2u
                                                     << 20;  // of one; 512 by 512 with noise and transparency is less

struct SmallPicture {
  std::uint32_t width = 0, height = 0;
  std::string content_type{};  // "image/jpeg" or "image/webp"
  std::string bytes{};
};
struct SmallPictures {
  SmallPicture small{}, large{};
};

// In this process. `invalid` for what is damaged, `too_large` above kPixelsMax, `unsupported` for another kind, each
// saying why.
Result<SmallPictures> shrink(std::string_view picture);

// In a cell: the same, for pictures that somebody sent. Its Errors too.
Result<SmallPictures> shrink_in_cell(std::string_view picture);
Result<SmallPictures> shrink_in_cell_of(std::string_view picture, const std::string& program);
void shrink_for_house(cell::House& house);  // what the cell does, for main()
inline constexpr cell::Task kShrinkTask{"shrink-picture", shrink_for_house};

}  // namespace pf::pictures
