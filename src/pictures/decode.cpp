#include "pictures/decode.h"

#include <gif_lib.h>
#include <png.h>
#include <webp/decode.h>

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include <jerror.h>
#include <jpeglib.h>

#include "pictures/pictures.h"
#include "productflow/bytes.h"

namespace pf::pictures {
namespace {

constexpr int kScansMax = 100;
constexpr std::size_t kPngChunkBytesMax = 8u << 20;  // of what stands beside the pixels

Error damaged_picture(const std::string& how) {
  return error(ErrorCode::invalid, "The picture is damaged: " + how + ".");
}
Result<> check_size(std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0) return damaged_picture("it says that it has no size");
  if (width * height > kPixelsMax)
    return error(ErrorCode::too_large, "The picture has " + std::to_string(width) + " by " + std::to_string(height) +
                                           " pixels; a small one is made of at most 50 million.");
  return {};
}

// EXIF (JEITA CP-3451) in a JPEG's APP1: a TIFF whose first directory may have the tag 0x0112.
int exif_orientation(std::string_view in) {
  if (in.size() < 14 || !in.starts_with(std::string_view("Exif\0\0", 6))) return 1;
  in.remove_prefix(6);
  const bool little = in.starts_with("II");
  const auto at16 = [&](std::size_t at) -> std::uint32_t {
    if (at + 2 > in.size()) return 0;
    const std::uint16_t v = get_be16(in.substr(at));
    return little ? static_cast<std::uint16_t>(v << 8 | v >> 8) : v;
  };
  const auto at32 = [&](std::size_t at) -> std::size_t {
    return little ? at16(at) | at16(at + 2) << 16 : at16(at) << 16 | at16(at + 2);
  };
  const std::size_t directory = at32(4);
  if (directory > in.size()) return 1;
  const std::uint32_t count = at16(directory);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t entry = directory + 2 + std::size_t{i} * 12;
    if (entry + 12 > in.size()) break;
    if (at16(entry) != 0x0112) continue;
    const std::uint32_t value = at16(entry + 8);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

// --- JPEG. The library leaves by longjmp: nothing that has a destructor is made between setjmp and the last call.

struct JpegReader {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr faults{};
  jpeg_progress_mgr progress{};
  jmp_buf leave{};
  char message[JMSG_LENGTH_MAX] = {};
  bool cut_off = false;
  std::vector<std::uint8_t> row{};  // here, where the library's calls see it, or longjmp would not find it as it is

  static JpegReader& of(j_common_ptr jpeg) { return *static_cast<JpegReader*>(jpeg->client_data); }
  [[noreturn]] static void fail(j_common_ptr jpeg) {
    (*jpeg->err->format_message)(jpeg, of(jpeg).message);
    std::longjmp(of(jpeg).leave, 1);
  }
  static void tell(j_common_ptr jpeg, int level) {
    if (level < 0 && (jpeg->err->msg_code == JWRN_JPEG_EOF || jpeg->err->msg_code == JWRN_HIT_MARKER))
      of(jpeg).cut_off = true;
  }
  static void keep_quiet(j_common_ptr) {}
  static void look(j_common_ptr jpeg) {
    if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number <= kScansMax) return;
    std::snprintf(of(jpeg).message, JMSG_LENGTH_MAX, "it has more than %d scans", kScansMax);
    std::longjmp(of(jpeg).leave, 1);
  }
  ~JpegReader() { jpeg_destroy_decompress(&jpeg); }
};

void rgba_of_cmyk(std::uint8_t* pixels, std::uint32_t count, bool inverted) {
  for (std::uint8_t* at = pixels; count > 0; --count, at += 4) {
    const unsigned key = inverted ? at[3] : 255u - at[3];
    for (int c = 0; c < 3; ++c) {
      const unsigned ink = inverted ? at[c] : 255u - at[c];
      at[c] = static_cast<std::uint8_t>(ink * key / 255);
    }
    at[3] = 255;
  }
}

Result<> decode_jpeg(std::string_view picture, std::uint32_t side, const RowSink& sink) {
  JpegReader reader;
  jpeg_decompress_struct& jpeg = reader.jpeg;
  jpeg.client_data = &reader;
  jpeg.err = jpeg_std_error(&reader.faults);
  reader.faults.error_exit = JpegReader::fail;
  reader.faults.emit_message = JpegReader::tell;
  reader.faults.output_message = JpegReader::keep_quiet;
  Result<> sized;
  PictureHead head;
  if (setjmp(reader.leave) != 0) return damaged_picture(reader.message);
  jpeg_create_decompress(&jpeg);
  jpeg.client_data = &reader;  // which it may have cleared
  jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(picture.data()), picture.size());
  jpeg_save_markers(&jpeg, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header(&jpeg, TRUE);
  sized = check_size(jpeg.image_width, jpeg.image_height);
  if (!sized.ok()) return sized;
  for (auto* marker = jpeg.marker_list; marker != nullptr && head.orientation == 1; marker = marker->next)
    head.orientation =
        exif_orientation({reinterpret_cast<const char*>(marker->data), static_cast<std::size_t>(marker->data_length)});
  reader.progress.progress_monitor = JpegReader::look;
  jpeg.progress = &reader.progress;
  const std::uint32_t longer = std::max(jpeg.image_width, jpeg.image_height);
  jpeg.scale_num = 1;
  jpeg.scale_denom = longer / 8 >= side ? 8 : longer / 4 >= side ? 4 : longer / 2 >= side ? 2 : 1;
  const bool cmyk = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
  jpeg.out_color_space = cmyk ? JCS_CMYK : JCS_EXT_RGBA;
  jpeg_start_decompress(&jpeg);
  head.width = jpeg.output_width;
  head.height = jpeg.output_height;
  sized = sink.begin(head);
  if (!sized.ok()) return sized;
  reader.row.resize(std::size_t{jpeg.output_width} * 4);
  while (jpeg.output_scanline < jpeg.output_height) {
    std::uint8_t* to = reader.row.data();
    jpeg_read_scanlines(&jpeg, &to, 1);
    if (reader.cut_off) return error(ErrorCode::invalid, "The picture is cut off.");
    if (cmyk) rgba_of_cmyk(to, jpeg.output_width, jpeg.saw_Adobe_marker);
    sink.row(to);
  }
  return {};
}

// --- PNG, as above.

struct PngReader {
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::string_view rest{};
  char message[200] = {};
  std::vector<std::uint8_t> pixels{};

  [[noreturn]] static void fail(png_structp png, png_const_charp why) {
    auto& reader = *static_cast<PngReader*>(png_get_error_ptr(png));
    std::snprintf(reader.message, sizeof reader.message, "%s", why);
    png_longjmp(png, 1);
  }
  static void keep_quiet(png_structp, png_const_charp) {}
  static void read(png_structp png, png_bytep to, std::size_t count) {
    auto& reader = *static_cast<PngReader*>(png_get_io_ptr(png));
    if (count > reader.rest.size()) png_error(png, "it is cut off");
    std::memcpy(to, reader.rest.data(), count);
    reader.rest.remove_prefix(count);
  }
  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }
};

Result<> decode_png(std::string_view picture, const RowSink& sink) {
  PngReader reader;
  reader.rest = picture;
  Result<> sized;
  PictureHead head;
  reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, PngReader::fail, PngReader::keep_quiet);
  if (reader.png == nullptr) return damaged_picture("it cannot be read");
  if (setjmp(png_jmpbuf(reader.png)) != 0) return damaged_picture(reader.message);
  reader.info = png_create_info_struct(reader.png);
  png_set_read_fn(reader.png, &reader, PngReader::read);
  png_set_user_limits(reader.png, 1'000'000, 1'000'000);  // pixels are counted below
  png_set_chunk_malloc_max(reader.png, kPngChunkBytesMax);
  png_read_info(reader.png, reader.info);
  head.width = png_get_image_width(reader.png, reader.info);
  head.height = png_get_image_height(reader.png, reader.info);
  sized = check_size(head.width, head.height);
  if (!sized.ok()) return sized;
  png_set_expand(reader.png);
  png_set_scale_16(reader.png);
  png_set_gray_to_rgb(reader.png);
  png_set_add_alpha(reader.png, 0xff, PNG_FILLER_AFTER);
  const bool interlaced = png_set_interlace_handling(reader.png) > 1;
  png_read_update_info(reader.png, reader.info);
  sized = sink.begin(head);
  if (!sized.ok()) return sized;
  const std::size_t row = png_get_rowbytes(reader.png, reader.info);
  if (row != std::size_t{head.width} * 4) return damaged_picture("its rows are not as long as it says");
  reader.pixels.resize(interlaced ? row * head.height : row);
  if (interlaced) {
    for (int pass = 0; pass < 7; ++pass)
      for (std::uint32_t y = 0; y < head.height; ++y) png_read_row(reader.png, &reader.pixels[y * row], nullptr);
    for (std::uint32_t y = 0; y < head.height; ++y) sink.row(&reader.pixels[y * row]);
    return {};
  }
  for (std::uint32_t y = 0; y < head.height; ++y) {
    png_read_row(reader.png, reader.pixels.data(), nullptr);
    sink.row(reader.pixels.data());
  }
  return {};
}

// --- WebP.

// The first picture of an animation: the chunks of its first ANMF, as a file of their own (RIFF container,
// "Animation").
std::string first_frame(std::string_view picture) {
  const auto size_at = [&](std::size_t at) {
    std::uint32_t size = 0;
    for (std::size_t i = 4; i-- > 0;) size = size << 8 | static_cast<unsigned char>(picture[at + i]);
    return std::size_t{size};
  };
  for (std::size_t at = 12; at + 8 <= picture.size();) {
    const std::size_t size = size_at(at + 4);
    if (size > picture.size() - at - 8) return {};
    if (picture.substr(at, 4) == "ANMF" && size > 16) {
      const std::string_view chunks = picture.substr(at + 8 + 16, size - 16);
      // Opacity in a chunk of its own needs the extended head, which names the frame's size.
      const bool opacity = chunks.starts_with("ALPH");
      std::string body = "WEBP";
      const auto le32 = [](std::size_t value) {
        std::string out;
        for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
        return out;
      };
      if (opacity)
        body += "VP8X" + le32(10) + std::string("\x10\0\0\0", 4) + std::string(picture.substr(at + 8 + 6, 6));
      body += chunks;
      return "RIFF" + le32(body.size()) + body;
    }
    at += 8 + size + size % 2;
  }
  return {};
}

Result<> decode_webp(std::string_view picture, std::uint32_t side, const RowSink& sink) {
  const auto bytes = [](std::string_view in) { return reinterpret_cast<const std::uint8_t*>(in.data()); };
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0 ||
      WebPGetFeatures(bytes(picture), picture.size(), &config.input) != VP8_STATUS_OK)
    return damaged_picture("its head cannot be read");
  std::string frame;
  if (config.input.has_animation != 0) {
    frame = first_frame(picture);
    picture = frame;
    if (WebPGetFeatures(bytes(picture), picture.size(), &config.input) != VP8_STATUS_OK ||
        config.input.has_animation != 0)
      return damaged_picture("its first picture cannot be read");
  }
  const auto width = static_cast<std::uint32_t>(config.input.width),
             height = static_cast<std::uint32_t>(config.input.height);
  PF_TRY(check_size(width, height));
  PictureHead head{width, height};
  if (const std::uint32_t longer = std::max(width, height); longer > side * 2) {
    head.width = std::max(1u, static_cast<std::uint32_t>(std::uint64_t{width} * side * 2 / longer));
    head.height = std::max(1u, static_cast<std::uint32_t>(std::uint64_t{height} * side * 2 / longer));
    config.options.use_scaling = 1;
    config.options.scaled_width = static_cast<int>(head.width);
    config.options.scaled_height = static_cast<int>(head.height);
  }
  config.output.colorspace = MODE_RGBA;
  const VP8StatusCode done = WebPDecode(bytes(picture), picture.size(), &config);
  const std::unique_ptr<WebPDecBuffer, void (*)(WebPDecBuffer*)> freed(&config.output, WebPFreeDecBuffer);
  if (done == VP8_STATUS_SUSPENDED || done == VP8_STATUS_NOT_ENOUGH_DATA)
    return error(ErrorCode::invalid, "The picture is cut off.");
  if (done == VP8_STATUS_OUT_OF_MEMORY)
    return error(ErrorCode::too_large, "It needs more memory to be read than a picture may take.");
  if (done != VP8_STATUS_OK) return damaged_picture("its pixels cannot be read");
  PF_TRY(sink.begin(head));
  for (std::uint32_t y = 0; y < head.height; ++y)
    sink.row(config.output.u.RGBA.rgba + std::size_t{y} * static_cast<std::size_t>(config.output.u.RGBA.stride));
  return {};
}

// --- GIF: its first picture, on the canvas that it says it has.

int read_gif(GifFileType* gif, GifByteType* to, int count) {
  auto& rest = *static_cast<std::string_view*>(gif->UserData);
  const std::size_t given = std::min(rest.size(), static_cast<std::size_t>(std::max(count, 0)));
  std::memcpy(to, rest.data(), given);
  rest.remove_prefix(given);
  return static_cast<int>(given);
}

Result<> decode_gif(std::string_view picture, const RowSink& sink) {
  int fault = 0;
  const std::unique_ptr<GifFileType, void (*)(GifFileType*)> gif(DGifOpen(&picture, read_gif, &fault),
                                                                 [](GifFileType* open) {
                                                                   if (open != nullptr) DGifCloseFile(open, nullptr);
                                                                 });
  const auto broken = [&] { return damaged_picture("its first picture cannot be read"); };
  if (!gif) return broken();
  int transparent = NO_TRANSPARENT_COLOR;
  for (;;) {
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    if (DGifGetRecordType(gif.get(), &record) != GIF_OK || record == TERMINATE_RECORD_TYPE) return broken();
    if (record == IMAGE_DESC_RECORD_TYPE) break;
    if (record != EXTENSION_RECORD_TYPE) continue;
    int kind = 0;
    GifByteType* block = nullptr;
    if (DGifGetExtension(gif.get(), &kind, &block) != GIF_OK) return broken();
    if (kind == GRAPHICS_EXT_FUNC_CODE && block != nullptr) {
      GraphicsControlBlock control;
      if (DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK) transparent = control.TransparentColor;
    }
    while (block != nullptr)
      if (DGifGetExtensionNext(gif.get(), &block) != GIF_OK) return broken();
  }
  if (DGifGetImageDesc(gif.get()) != GIF_OK) return broken();
  const GifImageDesc& frame = gif->Image;
  const ColorMapObject* colours = frame.ColorMap != nullptr ? frame.ColorMap : gif->SColorMap;
  if (colours == nullptr) return damaged_picture("it has no colours");
  if (frame.Width <= 0 || frame.Height <= 0 || frame.Left < 0 || frame.Top < 0) return broken();
  const auto w = static_cast<std::uint32_t>(frame.Width), h = static_cast<std::uint32_t>(frame.Height),
             left = static_cast<std::uint32_t>(frame.Left), top = static_cast<std::uint32_t>(frame.Top);
  PictureHead head{std::max(static_cast<std::uint32_t>(std::max(gif->SWidth, 1)), left + w),
                   std::max(static_cast<std::uint32_t>(std::max(gif->SHeight, 1)), top + h)};
  PF_TRY(check_size(head.width, head.height));
  std::vector<GifByteType> indexes(std::size_t{w} * h);
  constexpr std::uint32_t kFirstOf[] = {0, 4, 2, 1}, kStepOf[] = {8, 8, 4, 2};  // rows as they come when interlaced
  for (int pass = 0; pass < (frame.Interlace ? 4 : 1); ++pass)
    for (std::uint32_t y = frame.Interlace ? kFirstOf[pass] : 0; y < h; y += frame.Interlace ? kStepOf[pass] : 1)
      if (DGifGetLine(gif.get(), &indexes[std::size_t{y} * w], frame.Width) != GIF_OK)
        return error(ErrorCode::invalid, "The picture is cut off.");
  PF_TRY(sink.begin(head));
  std::vector<std::uint8_t> row;
  for (std::uint32_t y = 0; y < head.height; ++y) {
    row.assign(std::size_t{head.width} * 4, 0);
    for (std::uint32_t x = 0; y >= top && y < top + h && x < w; ++x) {
      const int index = indexes[std::size_t{y - top} * w + x];
      if (index == transparent || index >= colours->ColorCount) continue;
      const GifColorType& colour = colours->Colors[index];
      std::uint8_t* to = &row[std::size_t{left + x} * 4];
      to[0] = colour.Red, to[1] = colour.Green, to[2] = colour.Blue, to[3] = 255;
    }
    sink.row(row.data());
  }
  return {};
}

}  // namespace

Result<> decode(std::string_view picture, std::uint32_t side, const RowSink& sink) {
  if (picture.starts_with("\xff\xd8\xff")) return decode_jpeg(picture, side, sink);
  if (picture.starts_with("\x89PNG\r\n\x1a\n")) return decode_png(picture, sink);
  if (picture.starts_with("GIF8")) return decode_gif(picture, sink);
  if (picture.size() > 12 && picture.starts_with("RIFF") && picture.substr(8, 4) == "WEBP")
    return decode_webp(picture, side, sink);
  return error(ErrorCode::unsupported, "This file is no PNG, JPEG, GIF or WebP image.");
}

}  // namespace pf::pictures
