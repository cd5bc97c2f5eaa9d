#include "formats/zip_reader.h"

#include <minizip/unzip.h>

#include <unordered_map>
#include <utility>

#include "productflow/text.h"

namespace pf::formats {
namespace {

constexpr std::size_t kZipPieceBytes = 64u << 10;
constexpr std::size_t kZipNameBytesMax = 1'000;

constexpr const char* kDamagedArchive =
    "The archive is damaged or cut off: it cannot be read to its end. Send it again, or save it anew.";

// What minizip calls the file. It knows no errors but "fewer bytes", so the source's own is kept here.
struct Stream {
  Source* source = nullptr;
  std::uint64_t at = 0;
  Result<> failed{};
};

voidpf open_stream(voidpf opaque, const void*, int) {
  return opaque;
}
uLong read_stream(voidpf, voidpf handle, void* to, uLong count) {
  auto& stream = *static_cast<Stream*>(handle);
  uLong done = 0;
  while (done < count && stream.failed.ok()) {
    auto piece = stream.source->read(stream.at, count - done);
    if (!piece.ok()) {
      stream.failed = std::move(piece).error();
      break;
    }
    if (piece->empty()) break;
    const std::size_t size = piece->copy(static_cast<char*>(to) + done, count - done);  // a source may give more
    done += size;
    stream.at += size;
  }
  return done;
}
uLong write_stream(voidpf, voidpf, const void*, uLong) {
  return 0;
}
ZPOS64_T tell_stream(voidpf, voidpf handle) {
  return static_cast<Stream*>(handle)->at;
}
long seek_stream(voidpf, voidpf handle, ZPOS64_T offset, int origin) {
  auto& stream = *static_cast<Stream*>(handle);
  const std::uint64_t size = stream.source->size();
  const std::uint64_t from = origin == ZLIB_FILEFUNC_SEEK_CUR ? stream.at : origin == ZLIB_FILEFUNC_SEEK_END ? size : 0;
  if (offset > size || from > size - offset) return -1;
  stream.at = from + offset;
  return 0;
}
int close_stream(voidpf, voidpf) {
  return 0;
}
int stream_error(voidpf, voidpf handle) {
  return static_cast<Stream*>(handle)->failed.ok() ? 0 : 1;
}

bool leads_outside(std::string_view name) {
  if (name.starts_with('/') || name.starts_with('\\') || (name.size() > 1 && name[1] == ':')) return true;
  std::string slashes(name);
  for (char& c : slashes)
    if (c == '\\') c = '/';
  for (const std::string_view part : split(slashes, '/'))
    if (part == "..") return true;
  return false;
}

}  // namespace

struct ZipReader::Impl {
  Stream stream;
  unzFile file = nullptr;
  std::vector<ZipEntry> entries;
  std::vector<unz64_file_pos> places;
  std::unordered_map<std::string_view, std::size_t> by_name;  // views of the entries' names
  std::uint64_t unpacked = 0;                                 // of all that was read
  std::uint64_t entry_bytes = 0, entry_packed = 0;            // of the one that is open
  bool entry_open = false;

  void close_entry() {
    if (std::exchange(entry_open, false)) unzCloseCurrentFile(file);
  }
  ~Impl() {
    close_entry();
    if (file != nullptr) unzClose(file);
  }
  Error damaged() const {
    return stream.failed.ok() ? error(ErrorCode::invalid, kDamagedArchive) : stream.failed.error();
  }

  Result<> list() {
    int at = unzGoToFirstFile(file);
    for (; at == UNZ_OK; at = unzGoToNextFile(file)) {
      if (entries.size() >= kZipEntriesMax)
        return error(ErrorCode::too_large, "The archive holds more than 100,000 files. Split it and send its parts.");
      unz_file_info64 info;
      char name[kZipNameBytesMax + 1] = {};
      unz64_file_pos place;
      if (unzGetCurrentFileInfo64(file, &info, name, kZipNameBytesMax, nullptr, 0, nullptr, 0) != UNZ_OK ||
          unzGetFilePos64(file, &place) != UNZ_OK)
        return damaged();
      if (info.size_filename >= kZipNameBytesMax)
        return error(ErrorCode::too_large, "The archive holds a file with a name of more than 1,000 bytes.");
      const std::string_view known(name);
      if (leads_outside(known))
        return error(ErrorCode::invalid,
                     "The archive holds a file that would be written outside of it (its name has .. or begins with a "
                     "slash). Such an archive is not read.");
      entries.push_back({std::string(known), info.compressed_size, info.uncompressed_size,
                         static_cast<unsigned>(info.compression_method), (info.flag & 1) != 0, known.ends_with('/')});
      places.push_back(place);
    }
    if (at != UNZ_END_OF_LIST_OF_FILE) return damaged();
    // Files that lie in one another make of a small archive as much as anybody likes.
    std::uint64_t packed = 0;
    for (const ZipEntry& entry : entries) {
      if (entry.packed_bytes > stream.source->size() - packed)
        return error(ErrorCode::invalid,
                     "The archive says of its files that they are larger than all of it. Such an archive is not read.");
      packed += entry.packed_bytes;
    }
    for (std::size_t i = 0; i < entries.size(); ++i) by_name.emplace(entries[i].name, i);
    return {};
  }
};

ZipReader::ZipReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZipReader::~ZipReader() = default;
ZipReader::ZipReader(ZipReader&&) noexcept = default;
ZipReader& ZipReader::operator=(ZipReader&&) noexcept = default;

Result<ZipReader> ZipReader::open(Source& source) {
  auto impl = std::make_unique<Impl>();
  impl->stream.source = &source;
  zlib_filefunc64_def calls{open_stream, read_stream,  write_stream, tell_stream,
                            seek_stream, close_stream, stream_error, &impl->stream};
  impl->file = unzOpen2_64("", &calls);
  if (impl->file == nullptr) return impl->damaged();
  PF_TRY(impl->list());
  return ZipReader(std::move(impl));
}

const std::vector<ZipEntry>& ZipReader::entries() const {
  return impl_->entries;
}
const ZipEntry* ZipReader::find(std::string_view name) const {
  const auto found = impl_->by_name.find(name);
  return found == impl_->by_name.end() ? nullptr : &impl_->entries[found->second];
}

Result<> ZipReader::open_entry(const ZipEntry& entry) {
  Impl& in = *impl_;
  in.close_entry();
  const auto index = static_cast<std::size_t>(&entry - in.entries.data());
  if (entry.encrypted)
    return error(ErrorCode::unsupported,
                 "The archive is protected by a password. Save it without one and send it again.");
  if (entry.method != 0 && entry.method != Z_DEFLATED)  // minizip would give bzip2 as it is, and call others damaged
    return error(ErrorCode::unsupported,
                 "The archive is packed in a way that is not read here. Save it as a plain ZIP (deflate).");
  if (unzGoToFilePos64(in.file, &in.places[index]) != UNZ_OK || unzOpenCurrentFile(in.file) != UNZ_OK)
    return in.damaged();
  in.entry_open = true;
  in.entry_bytes = 0;
  // What the archive says of itself is the attacker's to write; no entry takes more than the whole.
  in.entry_packed = std::min<std::uint64_t>(entry.packed_bytes, in.stream.source->size());
  return {};
}

Result<std::string> ZipReader::next_piece() {
  Impl& in = *impl_;
  if (!in.entry_open) return std::string();
  std::string buffer(kZipPieceBytes, '\0');
  const int got = unzReadCurrentFile(in.file, buffer.data(), static_cast<unsigned>(buffer.size()));
  if (got < 0 || !in.stream.failed.ok()) return in.damaged();
  buffer.resize(static_cast<std::size_t>(got));
  if (got == 0) {
    // At the end of a whole entry minizip compares the sums when it closes it.
    in.entry_open = false;
    if (unzCloseCurrentFile(in.file) == UNZ_CRCERROR) return in.damaged();
    return buffer;
  }
  in.unpacked += buffer.size();
  in.entry_bytes += buffer.size();
  if (in.unpacked > kUnpackedBytesMax ||
      (in.entry_bytes > kUnpackFreeBytes && in.entry_bytes / kUnpackRatioMax > in.entry_packed))
    return error(ErrorCode::too_large,
                 "The archive swells to more than can be right when it is unpacked. It was not read to its end.");
  return buffer;
}

Result<> ZipReader::read(const ZipEntry& entry, const std::function<Result<Go>(std::string_view)>& piece) {
  PF_TRY(open_entry(entry));
  for (;;) {
    PF_LET(const std::string bytes, next_piece());
    if (bytes.empty()) return {};
    PF_LET(const Go go, piece(bytes));
    if (go == Go::enough) return {};
  }
}

Result<std::string> ZipReader::read_all(const ZipEntry& entry, std::size_t bytes_max) {
  std::string out;
  PF_TRY(read(entry, [&](std::string_view piece) -> Result<Go> {
    if (out.size() + piece.size() > bytes_max)
      return error(ErrorCode::too_large, "A part of the archive is larger than " + std::to_string(bytes_max >> 20) +
                                             " MiB, which none of its kind is.");
    out += piece;
    return Go::on;
  }));
  return out;
}

}  // namespace pf::formats
