// A file that can be read at any place, wherever it lies: in memory, on disk, sealed in pieces. Readers of archives go
// to their end first; readers of text go through from the start. One thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "productflow/result.h"

namespace pf::formats {

class Source {
 public:
  virtual ~Source() = default;
  virtual std::uint64_t size() const = 0;
  // At least one byte and at most `count`, fewer at the end; empty beyond it. Its Error ends the reading.
  virtual Result<std::string> read(std::uint64_t at, std::size_t count) = 0;
  // The reader will go through the file so many times, which is for whoever shows how far it is.
  virtual void passes(unsigned) {}
};

// REQUIRES: the bytes outlive it.
class MemorySource final : public Source {
 public:
  explicit MemorySource(std::string_view bytes, std::size_t piece = std::string_view::npos)
      : bytes_(bytes), piece_(piece) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<std::string> read(std::uint64_t at, std::size_t count) override {
    if (at >= bytes_.size()) return std::string();
    return std::string(bytes_.substr(static_cast<std::size_t>(at), std::min(count, piece_)));
  }

 private:
  std::string_view bytes_;
  std::size_t piece_;  // the most that one read gives
};

}  // namespace pf::formats
