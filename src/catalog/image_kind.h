// What kind of picture some bytes are, by what they are and not by what they are called. Looks at headers alone and
// decodes no pixel. Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pf::catalog {

struct ImageKind {
  std::string_view content_type{};  // "image/png", "image/jpeg", "image/gif", "image/webp"
  std::string_view extension{};     // "png"
  std::uint32_t width = 0, height = 0;
};

// Nothing when the bytes are none of the four, or their header is cut off or names no size.
std::optional<ImageKind> image_kind(std::string_view bytes);

}  // namespace pf::catalog
