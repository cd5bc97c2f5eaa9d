// Reads multipart/form-data (RFC 7578) part by part from a body that may be large. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace pf::gate {

inline constexpr std::size_t kPartHeadBytesMax = 8u << 10;
inline constexpr std::size_t kPartsMax = 100;

struct Part {
  std::string name, filename, content_type;
};

class Multipart {
 public:
  // Invalid when the content type is not multipart/form-data with a boundary.
  static Result<Multipart> open(const http::Request& request);
  // The next part, or nothing at the end. What was not read of the one before is skipped.
  Result<std::optional<Part>> next();
  // The next piece of the current part; empty at its end.
  Result<std::string> read();
  // A short part whole; too_large above `bytes_max`.
  Result<std::string> read_all(std::size_t bytes_max);

 private:
  Multipart(std::string delimiter, std::string body, http::BodySource source)
      : delimiter_(std::move(delimiter)),
        buffer_("\r\n" + std::move(body)),
        source_(std::move(source)),
        ended_(!source_) {}
  Result<bool> fill();  // false at the end of the body
  Error cut_off() const;

  std::string delimiter_;  // CR LF -- boundary
  std::string buffer_;
  http::BodySource source_;
  bool ended_;  // the source has no more
  bool in_part_ = false, finished_ = false;
  std::size_t parts_ = 0;
};

}  // namespace pf::gate
