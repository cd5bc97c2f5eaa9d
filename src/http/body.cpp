#include "http/body.h"

#include <algorithm>

#include "http/limits.h"

namespace pf::http {

bool BodyReader::take_size() {
  std::size_t digits = 0;
  left_ = 0;
  for (; digits < line_.size(); ++digits) {
    const char c = line_[digits];
    const int value = c >= '0' && c <= '9'                     ? c - '0'
                      : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                               : -1;
    if (value < 0) break;
    if (digits >= 15) return false;  // more than any body may be
    left_ = left_ * 16 + static_cast<std::uint64_t>(value);
  }
  return digits > 0 && (digits == line_.size() || line_[digits] == ';');
}

std::size_t BodyReader::feed(std::string_view received, std::string& out) {
  std::size_t used = 0;
  while (used < received.size() && state_ != State::done && state_ != State::broken) {
    if (state_ == State::data) {
      const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, received.size() - used));
      out.append(received.substr(used, take));
      used += take;
      left_ -= take;
      if (left_ == 0) state_ = chunked_ ? State::after_chunk : State::done;
      continue;
    }
    // The other states read a line that ends in CR LF.
    const char c = received[used++];
    line_.push_back(c);
    if (state_ == State::trailer) ++trailer_bytes_;
    if (line_.size() > kChunkLineBytesMax || trailer_bytes_ > kTrailerBytesMax) {
      state_ = State::broken;
    } else if (c == '\n') {
      if (!line_.ends_with("\r\n")) {
        state_ = State::broken;
        break;
      }
      line_.resize(line_.size() - 2);
      if (state_ == State::size_line)
        state_ = !take_size() ? State::broken : left_ == 0 ? State::trailer : State::data;
      else if (state_ == State::after_chunk)
        state_ = line_.empty() ? State::size_line : State::broken;
      else if (line_.empty())
        state_ = State::done;
      line_.clear();
    }
  }
  return used;
}

}  // namespace pf::http
