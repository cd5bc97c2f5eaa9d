// Takes a body out of received bytes: by Content-Length or by chunks (RFC 9112 section 7.1; trailers are dropped).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/head.h"

namespace pf::http {

class BodyReader {
 public:
  explicit BodyReader(const Head& head) : chunked_(head.chunked), left_(head.content_length.value_or(0)) {
    if (!chunked_ && left_ == 0) state_ = State::done;
  }
  // Appends what `received` holds of the body to `out` and returns how many bytes of `received` were used.
  // After broken() nothing more is read.
  std::size_t feed(std::string_view received, std::string& out);
  bool done() const { return state_ == State::done; }
  bool broken() const { return state_ == State::broken; }

 private:
  enum class State { data, size_line, after_chunk, trailer, done, broken };
  bool chunked_;
  std::uint64_t left_;  // of the body, or of the chunk
  State state_ = chunked_ ? State::size_line : State::data;
  std::string line_;
  std::size_t trailer_bytes_ = 0;
  bool take_size();
};

}  // namespace pf::http
