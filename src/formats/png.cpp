#include "formats/png.h"

#include <zlib.h>

#include <cassert>
#include <vector>

#include "productflow/bytes.h"

namespace pf::formats {
namespace {

void put_chunk(std::string& out, std::string_view type, std::string_view data) {
  put_be32(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t start = out.size();
  out.append(type).append(data);
  put_be32(out, static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(out.data() + start),
                                                 static_cast<uInt>(out.size() - start))));
}

}  // namespace

std::string write_png(std::uint32_t width, std::uint32_t height, std::span<const std::uint8_t> rgb) {
  const std::size_t row = std::size_t{width} * 3;
  assert(width > 0 && height > 0 && rgb.size() == row * height);

  std::string filtered;  // every row after its filter byte; 2 = "up", which suits flat drawings
  filtered.reserve((row + 1) * height);
  for (std::size_t y = 0; y < height; ++y) {
    filtered.push_back(2);
    for (std::size_t x = 0; x < row; ++x) {
      const std::uint8_t above = y == 0 ? std::uint8_t{0} : rgb[(y - 1) * row + x];
      filtered.push_back(static_cast<char>(rgb[y * row + x] - above));
    }
  }
  uLongf packed_size = compressBound(static_cast<uLong>(filtered.size()));
  std::string packed(packed_size, '\0');
  const int fault = compress2(reinterpret_cast<Bytef*>(packed.data()), &packed_size,
                              reinterpret_cast<const Bytef*>(filtered.data()), static_cast<uLong>(filtered.size()), 6);
  assert(fault == Z_OK);  // the bound was asked for, so only memory could lack
  static_cast<void>(fault);
  packed.resize(packed_size);

  std::string header;
  put_be32(header, width);
  put_be32(header, height);
  header += std::string("\x08\x02\x00\x00\x00", 5);  // 8 bits a channel, RGB, deflate, standard filters, no interlace
  std::string out = "\x89PNG\r\n\x1a\n";
  put_chunk(out, "IHDR", header);
  put_chunk(out, "IDAT", packed);
  put_chunk(out, "IEND", "");
  return out;
}

}  // namespace pf::formats
