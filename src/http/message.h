// What a request and an answer are to the rooms above: plain values, no library in sight. Header names are lower case.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "productflow/result.h"

namespace pf::http {

using Headers = std::vector<std::pair<std::string, std::string>>;
const std::string* find_header(const Headers& headers, std::string_view lower_case_name);  // the first, or null

// Pulls the next piece of a large body; an empty piece is the end. Fails with too_large, or unavailable on a deadline.
using BodySource = std::function<Result<std::string>()>;
// Writes one piece of a streamed answer; false when the peer has gone.
using BodySink = std::function<bool(std::string_view)>;

struct Peer {
  std::string address{};                      // "127.0.0.1"; empty on the admin socket
  std::optional<std::uint32_t> local_user{};  // SO_PEERCRED uid, only on the admin socket
  std::string client_certificate{};           // DER of the verified client certificate, else empty
};

struct Request {
  std::string method{};  // upper case token
  std::string target{};  // as sent: path and query
  std::string path{};    // before '?', still percent-encoded
  std::string query{};   // after '?', still encoded
  Headers headers{};
  std::string body{};        // whole, when it was small enough to collect (Limits of the route)
  BodySource body_source{};  // set instead of `body` for the large lane
  Peer peer{};
  std::string id{};  // request id, also in X-Request-Id and in every error
};

// The writing end of an answer that stays open and holds no thread: server-sent events. Any thread; whoever has it may
// keep it for as long as he likes.
class Live {
 public:
  virtual ~Live() = default;
  // Goes out as soon as the reader takes it. False when nobody reads any more, or too slowly.
  virtual bool send(std::string_view bytes) = 0;
  virtual std::size_t waiting() const = 0;  // bytes that the reader has not taken yet
  virtual void end() = 0;                   // after what was sent
};

struct Response {
  int status = 200;
  Headers headers{};
  std::string body{};
  // When set, streamed after the headers (chunked), and `body` is ignored. Runs in a thread of its own, which may wait.
  // An exception cuts the answer short, so that the peer sees that it is not whole.
  std::function<void(const BodySink&)> stream{};
  // Where a download that was cut off goes on (RFC 9110 section 14): of what `stream` writes, so many bytes are left
  // out at the front. It runs twice, first to count, and must write the same both times; the answer becomes 206 with
  // its Content-Range, or 416 where there is nothing behind.
  std::optional<std::uint64_t> from_byte{};
  // When set, the answer stays open after its headers, and `body` and `stream` are ignored. Called once, and must not
  // wait. A reader that goes shows in Live::send().
  std::function<void(std::shared_ptr<Live>)> live{};
};

}  // namespace pf::http
