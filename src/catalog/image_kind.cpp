#include "catalog/image_kind.h"

#include "productflow/bytes.h"

namespace pf::catalog {
namespace {

std::uint32_t byte_at(std::string_view in, std::size_t i) {
  return static_cast<unsigned char>(in[i]);
}
std::uint32_t le16(std::string_view in, std::size_t i) {
  return byte_at(in, i) | (byte_at(in, i + 1) << 8);
}
std::uint32_t le24(std::string_view in, std::size_t i) {
  return le16(in, i) | (byte_at(in, i + 2) << 16);
}

std::optional<ImageKind> sized(std::string_view type, std::string_view extension, std::uint32_t width,
                               std::uint32_t height) {
  if (width == 0 || height == 0) return std::nullopt;
  return ImageKind{type, extension, width, height};
}

std::optional<ImageKind> png(std::string_view in) {
  if (in.size() < 33 || in.substr(12, 4) != "IHDR") return std::nullopt;
  return sized("image/png", "png", get_be32(in.substr(16)), get_be32(in.substr(20)));
}

std::optional<ImageKind> gif(std::string_view in) {
  if (in.size() < 13) return std::nullopt;
  return sized("image/gif", "gif", le16(in, 6), le16(in, 8));
}

// Segments up to the first start of frame: marker, length, precision, height, width.
std::optional<ImageKind> jpeg(std::string_view in) {
  std::size_t at = 2;
  while (at + 4 <= in.size()) {
    if (byte_at(in, at) != 0xff) return std::nullopt;
    const auto marker = byte_at(in, at + 1);
    if (marker == 0xff) {  // fill byte
      ++at;
      continue;
    }
    if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {  // no length
      at += 2;
      continue;
    }
    const std::size_t length = get_be16(in.substr(at + 2));
    if (length < 2 || marker == 0xd9 || marker == 0xda) return std::nullopt;
    const bool frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (frame) {
      if (at + 9 > in.size()) return std::nullopt;
      return sized("image/jpeg", "jpg", get_be16(in.substr(at + 7)), get_be16(in.substr(at + 5)));
    }
    at += 2 + length;
  }
  return std::nullopt;
}

std::optional<ImageKind> webp(std::string_view in) {
  if (in.size() < 30) return std::nullopt;
  const auto chunk = in.substr(12, 4);
  if (chunk == "VP8X") return sized("image/webp", "webp", le24(in, 24) + 1, le24(in, 27) + 1);
  if (chunk == "VP8L" && byte_at(in, 20) == 0x2f) {
    const auto bits = le16(in, 21) | (le16(in, 23) << 16);
    return sized("image/webp", "webp", (bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1);
  }
  if (chunk == "VP8 " && in.substr(23, 3) == "\x9d\x01\x2a")
    return sized("image/webp", "webp", le16(in, 26) & 0x3fff, le16(in, 28) & 0x3fff);
  return std::nullopt;
}

}  // namespace

std::optional<ImageKind> image_kind(std::string_view in) {
  if (in.starts_with("\x89PNG\r\n\x1a\n")) return png(in);
  if (in.starts_with("GIF87a") || in.starts_with("GIF89a")) return gif(in);
  if (in.starts_with("\xff\xd8\xff")) return jpeg(in);
  if (in.size() > 12 && in.starts_with("RIFF") && in.substr(8, 4) == "WEBP") return webp(in);
  return std::nullopt;
}

}  // namespace pf::catalog
