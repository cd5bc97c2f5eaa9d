// The head of a request, read strictly (RFC 9112): what is doubtful is refused, so that no two readers disagree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace pf::http {

struct Head {
  std::string method, target, path, query;
  Headers headers;                              // lower-case names
  std::optional<std::uint64_t> content_length;  // of the body to come
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

// Looks for the head's end in what has come so far; each byte is looked at once.
class HeadScanner {
 public:
  enum class Found { nothing_yet, end, fault };
  // `received` grows between calls. A bare CR or LF, a NUL or another control character is a fault at once.
  Found scan(std::string_view received);
  std::size_t end() const { return at_; }  // after the empty line

 private:
  std::size_t at_ = 0;
};

struct Refusal {
  int status;
  std::string reason;
};
// `text` is everything up to and with the empty line. One of the two is set.
struct ParsedHead {
  std::optional<Head> head;
  Refusal refusal{0, {}};
};
ParsedHead parse_head(std::string_view text);

}  // namespace pf::http
