#include "formats/zip_writer.h"

#include <zlib.h>

namespace pf::formats {
namespace {

constexpr int kZipLevel = 3;  // sheets come out a fifth larger than at 6, in half the time
constexpr std::size_t kZipOutBytes = 64u << 10;
constexpr unsigned kZipVersion = 20;               // deflate
constexpr unsigned kZipFlags = 0x0808;             // sizes behind the data; names in UTF-8
constexpr unsigned kZipTime = 0, kZipDate = 0x21;  // 1980-01-01 00:00

struct WrittenEntry {
  std::string name;
  std::uint32_t crc = 0, packed = 0, bytes = 0, at = 0;
};

void put_le16(std::string& out, unsigned number) {
  out.push_back(static_cast<char>(number & 0xff));
  out.push_back(static_cast<char>(number >> 8 & 0xff));
}
void put_le32(std::string& out, std::uint32_t number) {
  put_le16(out, number & 0xffff);
  put_le16(out, number >> 16);
}

// What the local and the central header have in common, from the version on.
void put_description(std::string& out, const WrittenEntry& entry) {
  put_le16(out, kZipVersion);
  put_le16(out, kZipFlags);
  put_le16(out, Z_DEFLATED);
  put_le16(out, kZipTime);
  put_le16(out, kZipDate);
  put_le32(out, entry.crc);
  put_le32(out, entry.packed);
  put_le32(out, entry.bytes);
  put_le16(out, static_cast<unsigned>(entry.name.size()));
  put_le16(out, 0);  // no extra field
}

}  // namespace

struct ZipWriter::Impl {
  Sink sink;
  std::vector<WrittenEntry> entries;
  z_stream deflater{};
  std::uint64_t at = 0, bytes = 0, packed = 0;
  std::string out;

  Result<> send(std::string_view piece) {
    at += piece.size();
    if (at > kZipBytesMax) return too_large();
    if (!sink(piece)) return error(ErrorCode::unavailable, "The reader of the file has gone.");
    return {};
  }
  static Error too_large() {
    return error(ErrorCode::too_large, "This is more than a workbook can hold (4 GiB). Take CSV or NDJSON instead.");
  }
  Result<> pack(std::string_view piece, int flush) {
    // zlib counts in 32 bits; nobody writes 4 GiB at once, and above kZipBytesMax write() has refused.
    deflater.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    deflater.avail_in = static_cast<uInt>(piece.size());
    for (;;) {
      out.resize(kZipOutBytes);
      deflater.next_out = reinterpret_cast<Bytef*>(out.data());
      deflater.avail_out = static_cast<uInt>(out.size());
      const int done = deflate(&deflater, flush);
      const std::size_t got = out.size() - deflater.avail_out;
      packed += got;
      if (got > 0) PF_TRY(send(std::string_view(out).substr(0, got)));
      if (done == Z_STREAM_END || (flush == Z_NO_FLUSH && deflater.avail_out > 0)) return {};
    }
  }
};

ZipWriter::ZipWriter(Sink sink) : impl_(std::make_unique<Impl>()) {
  impl_->sink = std::move(sink);
  // -15: raw deflate, without zlib's own head.
  deflateInit2(&impl_->deflater, kZipLevel, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}
ZipWriter::~ZipWriter() {
  deflateEnd(&impl_->deflater);
}

Result<> ZipWriter::begin(std::string_view name) {
  WrittenEntry entry{.name = std::string(name), .at = static_cast<std::uint32_t>(impl_->at)};
  std::string head("PK\x03\x04");
  put_description(head, entry);
  head += name;
  entry.crc = static_cast<std::uint32_t>(crc32(0, nullptr, 0));
  impl_->entries.push_back(std::move(entry));
  impl_->bytes = impl_->packed = 0;
  deflateReset(&impl_->deflater);
  return impl_->send(head);
}

Result<> ZipWriter::write(std::string_view bytes) {
  if (bytes.empty()) return {};
  impl_->bytes += bytes.size();
  if (impl_->bytes > kZipBytesMax) return Impl::too_large();
  std::uint32_t& crc = impl_->entries.back().crc;
  crc = static_cast<std::uint32_t>(
      crc32(crc, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
  return impl_->pack(bytes, Z_NO_FLUSH);
}

Result<> ZipWriter::end() {
  PF_TRY(impl_->pack({}, Z_FINISH));
  WrittenEntry& entry = impl_->entries.back();
  entry.bytes = static_cast<std::uint32_t>(impl_->bytes);
  entry.packed = static_cast<std::uint32_t>(impl_->packed);
  std::string behind("PK\x07\x08");
  put_le32(behind, entry.crc);
  put_le32(behind, entry.packed);
  put_le32(behind, entry.bytes);
  return impl_->send(behind);
}

Result<> ZipWriter::finish() {
  const std::uint64_t start = impl_->at;
  std::string list;
  for (const WrittenEntry& entry : impl_->entries) {
    list += "PK\x01\x02";
    put_le16(list, kZipVersion);
    put_description(list, entry);
    put_le16(list, 0);  // no comment
    put_le16(list, 0);  // first disk
    put_le16(list, 0);  // internal and external attributes
    put_le32(list, 0);
    put_le32(list, entry.at);
    list += entry.name;
  }
  const auto size = static_cast<std::uint32_t>(list.size());
  const auto count = static_cast<unsigned>(impl_->entries.size());
  list += "PK\x05\x06";
  put_le16(list, 0);
  put_le16(list, 0);
  put_le16(list, count);
  put_le16(list, count);
  put_le32(list, size);
  put_le32(list, static_cast<std::uint32_t>(start));
  put_le16(list, 0);
  return impl_->send(list);
}

std::uint64_t ZipWriter::entry_bytes() const {
  return impl_->bytes;
}

}  // namespace pf::formats
