#include "pictures/encode.h"

#include <webp/encode.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include <jpeglib.h>

namespace pf::pictures {
namespace {

constexpr int kJpegQuality = 82;  // no difference to be seen at these sizes
constexpr float kWebpQuality = 82;

bool is_opaque(const Pixels& pixels) {
  for (std::size_t i = 3; i < pixels.rgba.size(); i += 4)
    if (pixels.rgba[i] != 255) return false;
  return true;
}

std::string jpeg_of(const Pixels& pixels) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr faults{};
  jpeg.err = jpeg_std_error(&faults);  // which ends the process: pixels of ours have no fault but want of memory
  jpeg_create_compress(&jpeg);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &buffer, &size);
  jpeg.image_width = pixels.width;
  jpeg.image_height = pixels.height;
  jpeg.input_components = 4;
  jpeg.in_color_space = JCS_EXT_RGBX;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, kJpegQuality, TRUE);
  jpeg.optimize_coding = TRUE;
  jpeg_start_compress(&jpeg, TRUE);
  while (jpeg.next_scanline < jpeg.image_height) {
    auto* row = const_cast<std::uint8_t*>(pixels.rgba.data()) + std::size_t{jpeg.next_scanline} * pixels.width * 4;
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  std::string out(reinterpret_cast<const char*>(buffer), size);
  std::free(buffer);
  return out;
}

}  // namespace

Result<SmallPicture> encode(const Pixels& pixels) {
  SmallPicture out{pixels.width, pixels.height, "image/jpeg", {}};
  if (is_opaque(pixels)) {
    out.bytes = jpeg_of(pixels);
    return out;
  }
  out.content_type = "image/webp";
  std::uint8_t* made = nullptr;
  const std::size_t size =
      WebPEncodeRGBA(pixels.rgba.data(), static_cast<int>(pixels.width), static_cast<int>(pixels.height),
                     static_cast<int>(pixels.width * 4), kWebpQuality, &made);
  if (size == 0) return error(ErrorCode::too_large, "The picture needs more memory than there is.");
  out.bytes.assign(reinterpret_cast<const char*>(made), size);
  WebPFree(made);
  return out;
}

}  // namespace pf::pictures
