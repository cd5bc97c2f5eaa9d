#include "formats/gzip_writer.h"

#include <zlib.h>

#include <algorithm>
#include <string>

namespace pf::formats {
namespace {

constexpr int kGzipLevel = 3;  // a feed of a million products is a tenth larger than at 6, in half the time
constexpr std::size_t kGzipOutBytes = 64u << 10, kGzipInBytesMax = 1u << 30;  // zlib counts in 32 bits

}  // namespace

struct GzipWriter::Impl {
  Sink sink;
  z_stream deflater{};
  std::string out;

  Result<> pack(std::string_view piece, int flush) {
    deflater.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    deflater.avail_in = static_cast<uInt>(piece.size());
    for (;;) {
      out.resize(kGzipOutBytes);
      deflater.next_out = reinterpret_cast<Bytef*>(out.data());
      deflater.avail_out = static_cast<uInt>(out.size());
      const int done = deflate(&deflater, flush);
      const std::size_t got = out.size() - deflater.avail_out;
      if (got > 0 && !sink(std::string_view(out).substr(0, got)))
        return error(ErrorCode::unavailable, "The reader of the file has gone.");
      if (done == Z_STREAM_END || (flush == Z_NO_FLUSH && deflater.avail_out > 0)) return {};
    }
  }
};

GzipWriter::GzipWriter(Sink sink) : impl_(std::make_unique<Impl>()) {
  impl_->sink = std::move(sink);
  deflateInit2(&impl_->deflater, kGzipLevel, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);  // 16: gzip's head and sum
}
GzipWriter::~GzipWriter() {
  deflateEnd(&impl_->deflater);
}

Result<> GzipWriter::write(std::string_view bytes) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), kGzipInBytesMax)))
    PF_TRY(impl_->pack(bytes.substr(0, kGzipInBytesMax), Z_NO_FLUSH));
  return {};
}
Result<> GzipWriter::finish() {
  return impl_->pack({}, Z_FINISH);
}

}  // namespace pf::formats
