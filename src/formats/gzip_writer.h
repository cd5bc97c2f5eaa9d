// Compresses a stream as gzip (RFC 1952). The same bytes in give the same bytes out: no time, no name. One thread.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "productflow/result.h"

namespace pf::formats {

class GzipWriter {
 public:
  using Sink = std::function<bool(std::string_view)>;  // false: nobody reads any more, which ends as `unavailable`
  explicit GzipWriter(Sink sink);
  ~GzipWriter();
  GzipWriter(const GzipWriter&) = delete;
  GzipWriter& operator=(const GzipWriter&) = delete;

  Result<> write(std::string_view bytes);
  Result<> finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::formats
