#include "pictures/pictures.h"

#include <doctest/doctest.h>
#include <png.h>
#include <webp/encode.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <vector>

#include <jpeglib.h>

#include "pictures/decode.h"

using namespace pf;
using namespace pf::pictures;

namespace {

using Paint = std::function<std::uint32_t(std::uint32_t x, std::uint32_t y)>;  // 0xRRGGBBAA

struct Raw {
  std::uint32_t width, height;
  std::vector<std::uint8_t> rgba{};
  std::uint32_t at(std::uint32_t x, std::uint32_t y) const {
    const std::uint8_t* p = &rgba[(std::size_t{y} * width + x) * 4];
    return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
  }
};
Raw painted(std::uint32_t width, std::uint32_t height, const Paint& paint) {
  Raw out{width, height};
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x)
      for (int shift = 24; shift >= 0; shift -= 8) out.rgba.push_back(static_cast<std::uint8_t>(paint(x, y) >> shift));
  return out;
}
std::string jpeg_of(const Raw& raw, const std::string& app1 = {}, bool progressive = false) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr faults{};
  jpeg.err = jpeg_std_error(&faults);
  jpeg_create_compress(&jpeg);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &buffer, &size);
  jpeg.image_width = raw.width;
  jpeg.image_height = raw.height;
  jpeg.input_components = 4;
  jpeg.in_color_space = JCS_EXT_RGBX;
  jpeg_set_defaults(&jpeg);
  if (progressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  if (!app1.empty())
    jpeg_write_marker(&jpeg, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(app1.data()),
                      static_cast<unsigned>(app1.size()));
  while (jpeg.next_scanline < raw.height) {
    auto* row = const_cast<std::uint8_t*>(raw.rgba.data()) + std::size_t{jpeg.next_scanline} * raw.width * 4;
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  std::string out(reinterpret_cast<char*>(buffer), size);
  std::free(buffer);
  return out;
}
std::string png_of(const Raw& raw) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = raw.width;
  image.height = raw.height;
  image.format = PNG_FORMAT_RGBA;
  png_alloc_size_t size = 0;
  REQUIRE(png_image_write_to_memory(&image, nullptr, &size, 0, raw.rgba.data(), 0, nullptr) != 0);
  std::string out(size, '\0');
  REQUIRE(png_image_write_to_memory(&image, out.data(), &size, 0, raw.rgba.data(), 0, nullptr) != 0);
  out.resize(size);
  return out;
}
std::string webp_of(const Raw& raw) {
  std::uint8_t* made = nullptr;
  const std::size_t size = WebPEncodeRGBA(raw.rgba.data(), static_cast<int>(raw.width), static_cast<int>(raw.height),
                                          static_cast<int>(raw.width * 4), 90, &made);
  std::string out(reinterpret_cast<char*>(made), size);
  WebPFree(made);
  return out;
}
// Two pixels wide, one high, on a canvas of three by one: red, then what shines through.
const std::string kGif(
    "GIF89a\x03\0\x01\0\x80\0\0\xff\0\0\0\0\xff!\xf9\x04\x01\0\0\x01\0,\0\0\0\0\x02\0\x01\0\0\x02\x02\x44\x0a\0;", 44);

Raw pixels_of(const std::string& picture) {
  Raw out{0, 0};
  const auto done = decode(
      picture, kLarge,
      {[&](const PictureHead& head) -> Result<> {
         out.width = head.width;
         out.height = head.height;
         return {};
       },
       [&](const std::uint8_t* row) { out.rgba.insert(out.rgba.end(), row, row + std::size_t{out.width} * 4); }});
  REQUIRE_MESSAGE(done.ok(), done.error().message);
  return out;
}
bool near(std::uint32_t a, std::uint32_t b) {
  for (int shift = 0; shift < 32; shift += 8)
    if (std::abs(static_cast<int>(a >> shift & 0xff) - static_cast<int>(b >> shift & 0xff)) > 24) return false;
  return true;
}
constexpr std::uint32_t kRed = 0xff0000ff, kBlue = 0x0000ffff;
Raw half_red(std::uint32_t width, std::uint32_t height) {
  return painted(width, height, [&](std::uint32_t x, std::uint32_t) { return x < width / 2 ? kRed : kBlue; });
}
// EXIF with an orientation, and a place that nobody shall read.
std::string exif(char orientation, bool little) {
  const std::string tag = little ? std::string("\x12\x01\x03\0\x01\0\0\0", 8) + orientation + std::string(3, '\0')
                                 : std::string("\x01\x12\0\x03\0\0\0\x01\0", 9) + orientation + std::string(2, '\0');
  return std::string("Exif\0\0", 6) +
         (little ? std::string("II*\0\x08\0\0\0\x01\0", 10) : std::string("MM\0*\0\0\0\x08\0\x01", 10)) + tag +
         std::string(4, '\0') + "GPS 52.37 N 4.89 E";
}

}  // namespace

TEST_CASE("a picture is shrunk to fit, upright, without its metadata; a smaller one keeps its size") {
  for (const bool progressive : {false, true}) {
    const auto made = shrink(jpeg_of(half_red(2'100, 1'050), exif(1, true), progressive));
    REQUIRE_MESSAGE(made.ok(), made.error().message);
    CHECK(made->large.width == 512);
    CHECK(made->large.height == 256);
    CHECK(made->small.width == 128);
    CHECK(made->small.height == 64);
    for (const auto* one : {&made->small, &made->large}) {
      CHECK(one->content_type == "image/jpeg");
      CHECK(one->bytes.find("GPS") == std::string::npos);
      CHECK(one->bytes.find("Exif") == std::string::npos);
      const Raw raw = pixels_of(one->bytes);
      CHECK(raw.width == one->width);
      CHECK(near(raw.at(raw.width / 4, 5), kRed));
      CHECK(near(raw.at(raw.width * 3 / 4, raw.height - 5), kBlue));
    }
  }
  for (const bool little : {false, true}) {
    const auto turned =
        shrink(jpeg_of(half_red(300, 100), exif(6, little)));  // to be turned right: what was left is up
    REQUIRE(turned.ok());
    CHECK(turned->large.width == 100);
    CHECK(turned->large.height == 300);
    CHECK(near(pixels_of(turned->large.bytes).at(50, 20), kRed));
    CHECK(near(pixels_of(turned->large.bytes).at(50, 280), kBlue));
  }
  CHECK(near(pixels_of(shrink(jpeg_of(half_red(300, 100), exif(3, true)))->large.bytes).at(20, 50), kBlue));
  CHECK(near(pixels_of(shrink(jpeg_of(half_red(300, 100), exif(8, true)))->large.bytes).at(50, 20), kBlue));
  CHECK(shrink(png_of(half_red(40, 20)))->large.width == 40);
}

TEST_CASE("what shines through stays so, in every format that has it") {
  const Raw raw = painted(600, 600, [](std::uint32_t x, std::uint32_t) { return x < 300 ? 0x00ff00ffu : 0xffffff00u; });
  for (const std::string& file : {png_of(raw), webp_of(raw)}) {
    const auto made = shrink(file);
    REQUIRE_MESSAGE(made.ok(), made.error().message);
    CHECK(made->small.content_type == "image/webp");
    const Raw small = pixels_of(made->small.bytes);
    CHECK(near(small.at(10, 64), 0x00ff00ff));
    CHECK((small.at(120, 64) & 0xff) == 0);
  }
  const auto gif = shrink(kGif);
  REQUIRE_MESSAGE(gif.ok(), gif.error().message);
  const Raw dots = pixels_of(gif->large.bytes);
  CHECK(dots.width == 3);
  CHECK((dots.at(0, 0) & 0xff) == 0xff);
  CHECK((dots.at(2, 0) & 0xff) == 0);
}

TEST_CASE("bombs, damage and other files are refused with the reason") {
  std::string bomb = png_of(half_red(8, 8));
  bomb.replace(16, 8, std::string("\0\0\xea\x60\0\0\xea\x60", 8));  // says 60,000 by 60,000; its sum is wrong as well
  CHECK_FALSE(shrink(bomb).ok());
  std::string wide = jpeg_of(half_red(64, 64));
  const auto frame = wide.find("\xff\xc0");
  REQUIRE(frame != std::string::npos);
  wide.replace(frame + 5, 4, "\xea\x60\xea\x60");
  CHECK(shrink(wide).error().code == ErrorCode::too_large);
  for (const std::string& whole :
       {jpeg_of(half_red(400, 400)), png_of(half_red(400, 400)), webp_of(half_red(400, 400))})
    CHECK(shrink(std::string_view(whole).substr(0, whole.size() / 2)).error().code == ErrorCode::invalid);
  CHECK(shrink("<svg xmlns='http://www.w3.org/2000/svg'/>").error().code == ErrorCode::unsupported);
  CHECK(shrink("").error().code == ErrorCode::unsupported);
  // A page behind a picture is not part of what comes out.
  const auto clean = shrink(png_of(half_red(200, 200)) + "<script>alert(1)</script>");
  REQUIRE(clean.ok());
  CHECK(clean->large.bytes.find("script") == std::string::npos);
}

TEST_CASE("any damage ends in a picture or a reason") {
  std::mt19937 random(11);
  const Raw raw = painted(40, 30, [](std::uint32_t x, std::uint32_t y) { return x * y * 0x01030507u | 0x80u; });
  for (const std::string& whole : {jpeg_of(raw), jpeg_of(raw, exif(5, false), true), png_of(raw), webp_of(raw), kGif})
    for (int i = 0; i < 60; ++i) {
      std::string broken = whole;
      for (int j = 0; j < 3; ++j) broken[random() % broken.size()] = static_cast<char>(random());
      const auto made = shrink(broken);
      if (!made.ok()) CHECK_FALSE(made.error().message.empty());
    }
}

TEST_CASE("a cell makes the same of a picture, and says why it makes none") {
  const std::string picture = jpeg_of(half_red(900, 700));
  const auto here = shrink(picture), there = shrink_in_cell_of(picture, PF_CELL_PROBE);
  REQUIRE_MESSAGE(there.ok(), there.error().message);
  CHECK(there->large.bytes == here->large.bytes);
  CHECK(there->small.bytes == here->small.bytes);
  // Everything that the libraries call is among what a cell may.
  std::mt19937 random(3);
  const Raw noise =
      painted(300, 300, [&](std::uint32_t, std::uint32_t) { return static_cast<std::uint32_t>(random()); });
  for (const std::string& file : {png_of(noise), webp_of(noise), jpeg_of(noise, {}, true), kGif}) {
    const auto made = shrink_in_cell_of(file, PF_CELL_PROBE);
    CHECK_MESSAGE(made.ok(), made.error().message);
  }
  CHECK(shrink_in_cell_of(picture.substr(0, 2'000), PF_CELL_PROBE).error().message == "The picture is cut off.");
}
