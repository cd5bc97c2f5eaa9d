#include "http/client.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "http/body.h"
#include "http/limits.h"
#include "productflow/text.h"

namespace pf::http {
namespace {

class Socket {
 public:
  explicit Socket(int raw) : raw_(raw) {}
  ~Socket() { if (raw_ >= 0) ::close(raw_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(raw_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  bool receive(std::string& to) {
    char piece[65536];
    const ssize_t got = ::recv(raw_, piece, sizeof piece, 0);
    if (got > 0) to.append(piece, static_cast<std::size_t>(got));
    return got > 0;
  }
  int raw() const { return raw_; }

 private:
  int raw_;
};

}  // namespace

Result<Response> ask(const std::filesystem::path& path, const Request& request, const BodySink& sink) {
  const Error lost = error(ErrorCode::unavailable, "The running ProductFlow did not answer through " + path.string() + ".");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.string().size() >= sizeof address.sun_path) return lost;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.raw(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return lost;

  std::string head = request.method + " " + request.target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
  for (const auto& [name, value] : request.headers) head += name + ": " + value + "\r\n";
  if (request.body_source) head += "Transfer-Encoding: chunked\r\n";
  else if (!request.body.empty() || request.method != "GET") head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  bool sent = socket.send(head + "\r\n" + request.body);
  while (sent && request.body_source) {  // an early refusal breaks the sending; the answer is read all the same
    PF_LET(const std::string piece, request.body_source());
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    sent = socket.send(size + piece + "\r\n");
    if (piece.empty()) break;
  }

  std::string received;
  std::optional<std::size_t> end;
  while (!(end = end_of_head(received)))
    if (!socket.receive(received)) return lost;
  Response response;
  const std::string_view text = std::string_view(received).substr(0, *end);
  if (!text.starts_with("HTTP/1.1 ")) return lost;
  response.status = static_cast<int>(parse_int(text.substr(9, 3)).value_or(0));
  Head answer_head;
  for (std::string_view line : split(text.substr(text.find("\r\n") + 2), '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    response.headers.emplace_back(lower_ascii(line.substr(0, colon)), trim(line.substr(colon + 1)));
  }
  if (const auto* length = find_header(response.headers, "content-length")) answer_head.content_length = static_cast<std::uint64_t>(parse_int(*length).value_or(0));
  if (const auto* encoding = find_header(response.headers, "transfer-encoding")) answer_head.chunked = *encoding == "chunked";
  if (response.status == 100) return lost;  // we never ask for it
  BodyReader reader(answer_head);
  received.erase(0, *end);
  for (;;) {
    std::string piece;
    received.erase(0, reader.feed(received, piece));
    if (sink && !piece.empty()) {
      if (!sink(piece)) return error(ErrorCode::unavailable, "The output was closed.");
    } else {
      response.body += piece;
    }
    if (reader.done()) return response;
    if (reader.broken() || !socket.receive(received)) return lost;
  }
}

}  // namespace pf::http
