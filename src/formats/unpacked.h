// What is packed, as a Source: a gzip file (RFC 1952) or one entry of a ZIP. Reading on is cheap, reading from the
// start again unpacks again; nothing is kept but the piece at hand. The limits of zip_reader.h hold. One thread.
#pragma once

#include <memory>

#include "formats/zip_reader.h"

namespace pf::formats {

class Unpacked : public Source {
 public:
  std::uint64_t size() const override { return size_; }  // of what is packed
  Result<std::string> read(std::uint64_t at, std::size_t count) override;
  void passes(unsigned times) override { packed_passes(times); }

 protected:
  explicit Unpacked(std::uint64_t size) : size_(size) {}
  virtual Result<> restart() = 0;
  virtual Result<std::string> next() = 0;  // "" at the end
  virtual void packed_passes(unsigned) {}

 private:
  const std::uint64_t size_;
  std::uint64_t piece_at_ = 0;
  std::string piece_;
  bool begun_ = false, ended_ = false;
};

// REQUIRES: what it reads from outlives it.
class UnpackedGzip final : public Unpacked {
 public:
  explicit UnpackedGzip(Source& packed);
  ~UnpackedGzip() override;
  UnpackedGzip(const UnpackedGzip&) = delete;
  UnpackedGzip& operator=(const UnpackedGzip&) = delete;

 private:
  Result<> restart() override;
  Result<std::string> next() override;
  void packed_passes(unsigned times) override;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class UnpackedEntry final : public Unpacked {
 public:
  UnpackedEntry(ZipReader& archive, const ZipEntry& entry)
      : Unpacked(entry.packed_bytes), archive_(archive), entry_(entry) {}

 private:
  Result<> restart() override { return archive_.open_entry(entry_); }
  Result<std::string> next() override { return archive_.next_piece(); }
  ZipReader& archive_;
  const ZipEntry& entry_;
};

}  // namespace pf::formats
