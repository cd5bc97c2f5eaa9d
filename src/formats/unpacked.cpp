#include "formats/unpacked.h"

#include <zlib.h>

namespace pf::formats {
namespace {

constexpr std::size_t kGzipPieceBytes = 64u << 10;

}  // namespace

Result<std::string> Unpacked::read(std::uint64_t at, std::size_t count) {
  if (!begun_ || at < piece_at_) {
    PF_TRY(restart());
    begun_ = true;
    ended_ = false;
    piece_at_ = 0;
    piece_.clear();
  }
  while (!ended_ && at >= piece_at_ + piece_.size()) {
    piece_at_ += piece_.size();
    PF_LET(piece_, next());
    ended_ = piece_.empty();
  }
  return ended_ ? std::string() : piece_.substr(static_cast<std::size_t>(at - piece_at_), count);
}

struct UnpackedGzip::Impl {
  explicit Impl(Source& source) : packed(source) {}
  Source& packed;
  z_stream inflater{};
  std::string in;
  std::uint64_t at = 0, bytes = 0;
  bool inside = false;  // a member has begun that has not ended

  static Error damaged() {
    return error(ErrorCode::invalid, "The compressed file is damaged or cut off. Send it again, or pack it anew.");
  }
};

UnpackedGzip::UnpackedGzip(Source& packed) : Unpacked(packed.size()), impl_(std::make_unique<Impl>(packed)) {
  inflateInit2(&impl_->inflater, 15 + 16);  // 16: gzip's head and sum
}
UnpackedGzip::~UnpackedGzip() {
  inflateEnd(&impl_->inflater);
}
void UnpackedGzip::packed_passes(unsigned times) {
  impl_->packed.passes(times);
}
Result<> UnpackedGzip::restart() {
  inflateReset(&impl_->inflater);
  impl_->in.clear();
  impl_->inflater.avail_in = 0;
  impl_->at = impl_->bytes = 0;
  impl_->inside = false;
  return {};
}
Result<std::string> UnpackedGzip::next() {
  Impl& gzip = *impl_;
  std::string out(kGzipPieceBytes, '\0');
  gzip.inflater.next_out = reinterpret_cast<Bytef*>(out.data());
  gzip.inflater.avail_out = static_cast<uInt>(out.size());
  while (gzip.inflater.avail_out == out.size()) {
    if (gzip.inflater.avail_in == 0) {
      PF_LET(gzip.in, gzip.packed.read(gzip.at, kGzipPieceBytes));
      gzip.at += gzip.in.size();
      if (gzip.in.empty()) {
        if (gzip.inside) return Impl::damaged();
        return std::string();
      }
      gzip.inflater.next_in = reinterpret_cast<Bytef*>(gzip.in.data());
      gzip.inflater.avail_in = static_cast<uInt>(gzip.in.size());
    }
    gzip.inside = true;
    const int done = inflate(&gzip.inflater, Z_NO_FLUSH);
    if (done == Z_STREAM_END) {  // another member may follow
      gzip.inside = false;
      inflateReset(&gzip.inflater);
    } else if (done != Z_OK && done != Z_BUF_ERROR) {
      return Impl::damaged();
    }
  }
  out.resize(out.size() - gzip.inflater.avail_out);
  gzip.bytes += out.size();
  if (gzip.bytes > kUnpackedBytesMax || (gzip.bytes > kUnpackFreeBytes && gzip.bytes / kUnpackRatioMax > gzip.at))
    return error(ErrorCode::too_large,
                 "The file swells to more than can be right when it is unpacked. It was not read to its end.");
  return out;
}

}  // namespace pf::formats
