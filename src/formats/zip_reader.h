// Reads ZIP archives (PKWARE APPNOTE 6.3) entry by entry through minizip, without unpacking to disk. What it refuses:
// encrypted entries, names that lead outside, archives that swell beyond the limits below. One thread.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "formats/source.h"

namespace pf::formats {

inline constexpr std::size_t kZipEntriesMax = 100'000;  // pictures of a catalogue; an entry of the list takes 150 bytes
// What all entries that are read may come to. A million products of 40 columns are some 3 GiB as a sheet's XML.
inline constexpr std::uint64_t kUnpackedBytesMax = 16ull << 30;
// Sheets shrink to a tenth or, with many empty cells, to a fiftieth; bombs to a thousandth, which is deflate's end.
inline constexpr std::uint64_t kUnpackRatioMax = 200;
inline constexpr std::uint64_t kUnpackFreeBytes = 64u << 20;  // of an entry, to which the ratio does not apply

struct ZipEntry {
  std::string name;
  std::uint64_t packed_bytes = 0, bytes = 0;  // as the archive says, which may be wrong
  unsigned method = 0;                        // 0: as it is, 8: deflate; others are not read
  bool encrypted = false, folder = false;
};

class ZipReader {
 public:
  // REQUIRES: source outlives it. `invalid` for what is no whole archive, `too_large` above a limit.
  static Result<ZipReader> open(Source& source);
  ~ZipReader();
  ZipReader(ZipReader&&) noexcept;
  ZipReader& operator=(ZipReader&&) noexcept;

  const std::vector<ZipEntry>& entries() const;
  const ZipEntry* find(std::string_view name) const;  // as it stands, without a / in front

  // One entry at a time, piece by piece: "" at its end, after its sum was found right. It may be left before that.
  Result<> open_entry(const ZipEntry& entry);
  Result<std::string> next_piece();

  enum class Go { on, enough };
  // The entry's bytes in pieces, until their end or `enough`; checks their sum against the archive's at the end.
  Result<> read(const ZipEntry& entry, const std::function<Result<Go>(std::string_view)>& piece);
  // Whole, for small ones; too_large above `bytes_max`.
  Result<std::string> read_all(const ZipEntry& entry, std::size_t bytes_max);

 private:
  struct Impl;
  explicit ZipReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::formats
