// Writes a ZIP archive as a stream: nothing is gone back to, sizes and sums stand behind each entry (PKWARE
// APPNOTE 6.3, 4.3.9). The same content gives the same bytes: every entry is dated 1980-01-01. One thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "productflow/result.h"

namespace pf::formats {

// Of an entry and of the archive. More needs ZIP64, which Excel does not read from a stream.
inline constexpr std::uint64_t kZipBytesMax = 0xffff'0000;

class ZipWriter {
 public:
  using Sink = std::function<bool(std::string_view)>;  // false: nobody reads any more, which ends as `unavailable`
  explicit ZipWriter(Sink sink);
  ~ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;

  // REQUIRES: the entry before has ended; name is a relative path of ASCII.
  Result<> begin(std::string_view name);
  // too_large when the entry or the archive comes above kZipBytesMax.
  Result<> write(std::string_view bytes);
  Result<> end();
  Result<> finish();
  std::uint64_t entry_bytes() const;  // of the entry under way, before packing

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::formats
