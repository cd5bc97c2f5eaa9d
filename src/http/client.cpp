#include "http/client.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>

#include "http/body.h"
#include "http/connection.h"
#include "http/limits.h"
#include "http/tls.h"
#include "productflow/text.h"

namespace pf::http {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;
constexpr std::size_t kInterimMax = 8;  // 1xx answers before the real one

// A blocking socket, with TLS on it or not.
class Wire {
 public:
  explicit Wire(int socket) : socket_(socket) {}
  ~Wire() {
    ssl_.reset();
    if (socket_ >= 0) ::close(socket_);
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  bool start_tls(SSL_CTX* context, const std::string& host) {
    ssl_.reset(SSL_new(context));
    if (!ssl_ || SSL_set_fd(ssl_.get(), socket_) != 1) return false;
    // The certificate must name the host: as an address or as a name.
    const bool named =
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str()) == 1 ||
        (SSL_set1_host(ssl_.get(), host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) == 1);
    const bool safe = named && SSL_connect(ssl_.get()) == 1;
    ERR_clear_error();
    return safe;
  }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      std::size_t sent = 0;
      if (ssl_) {
        if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) != 1) {
          ERR_clear_error();
          return false;
        }
      } else {
        const ssize_t result = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (result <= 0) return false;
        sent = static_cast<std::size_t>(result);
      }
      bytes.remove_prefix(sent);
    }
    return true;
  }
  bool receive(std::string& to) {
    const std::size_t before = to.size();
    to.resize(before + kPieceBytes);
    std::size_t got = 0;
    if (ssl_) {
      if (SSL_read_ex(ssl_.get(), to.data() + before, kPieceBytes, &got) != 1) ERR_clear_error();
    } else {
      const ssize_t result = ::recv(socket_, to.data() + before, kPieceBytes, 0);
      got = result > 0 ? static_cast<std::size_t>(result) : 0;
    }
    to.resize(before + got);
    return got > 0;
  }
  int socket() const { return socket_; }

 private:
  int socket_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
};

Result<Response> exchange(Wire& wire, const std::string& host, const Request& request, const BodySink& sink,
                          const HeadSink& heads, const Error& lost) {
  std::string head = request.method + " " + request.target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n";
  for (const auto& [name, value] : request.headers) head += name + ": " + value + "\r\n";
  if (request.body_source)
    head += "Transfer-Encoding: chunked\r\n";
  else if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD"))
    head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  bool sent = wire.send(head + "\r\n" + request.body);
  while (sent && request.body_source) {  // an early refusal breaks the sending; the answer is read all the same
    PF_LET(const std::string piece, request.body_source());
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    sent = wire.send(size + piece + "\r\n");
    if (piece.empty()) break;
  }

  std::string received;
  Response response;
  Head answer_head;
  for (std::size_t interim = 0;; ++interim) {
    HeadScanner scanner;
    HeadScanner::Found found;
    while ((found = scanner.scan(received)) == HeadScanner::Found::nothing_yet)
      if (received.size() > kHeadBytesMax || !wire.receive(received)) return lost;
    const std::string text = received.substr(0, scanner.end());
    if (found == HeadScanner::Found::fault || !text.starts_with("HTTP/1.1 ") || text.size() < 12 ||
        interim > kInterimMax)
      return lost;
    received.erase(0, scanner.end());
    response.status = static_cast<int>(parse_int(text.substr(9, 3)).value_or(0));
    if (response.status < 200) continue;  // 100 Continue
    for (std::string_view line : split(std::string_view(text).substr(text.find("\r\n") + 2), '\n')) {
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      response.headers.emplace_back(lower_ascii(line.substr(0, colon)), trim(line.substr(colon + 1)));
    }
    break;
  }
  if (const auto* length = find_header(response.headers, "content-length"))
    answer_head.content_length = static_cast<std::uint64_t>(parse_int(*length).value_or(0));
  if (const auto* encoding = find_header(response.headers, "transfer-encoding"))
    answer_head.chunked = *encoding == "chunked";
  if (heads) PF_TRY(heads(response));
  if (request.method == "HEAD") return response;
  BodyReader reader(answer_head);
  for (;;) {
    std::string piece;
    received.erase(0, reader.feed(received, piece));
    if (sink && !piece.empty() && response.status < 400) {
      if (!sink(piece)) return error(ErrorCode::unavailable, "The output was closed.");
    } else {
      response.body += piece;
    }
    if (reader.done()) return response;
    if (reader.broken() || !wire.receive(received)) return lost;
  }
}

}  // namespace

Result<Response> ask(const std::filesystem::path& admin_socket, const Request& request, const BodySink& sink,
                     const HeadSink& heads) {
  const Error lost =
      error(ErrorCode::unavailable, "The running ProductFlow did not answer through " + admin_socket.string() + ".");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (admin_socket.string().size() >= sizeof address.sun_path) return lost;
  std::strncpy(address.sun_path, admin_socket.c_str(), sizeof address.sun_path - 1);
  Wire wire(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(wire.socket(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return lost;
  return exchange(wire, "localhost", request, sink, heads, lost);
}

Result<Response> ask(const TlsEndpoint& endpoint, const Request& request, const BodySink& sink, const HeadSink& heads) {
  const std::string where = endpoint.host + ":" + std::to_string(endpoint.port);
  const Error lost = error(ErrorCode::unavailable, "No answer came from " + where + ".");
  PF_LET(const auto context, client_context(endpoint.ca));
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &wanted, &found) != 0)
    return error(ErrorCode::unavailable, "The address of " + endpoint.host + " is not known.");
  int socket = -1;
  for (const addrinfo* one = found; one != nullptr && socket < 0; one = one->ai_next) {
    socket = ::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket >= 0 && ::connect(socket, one->ai_addr, one->ai_addrlen) != 0) {
      ::close(socket);
      socket = -1;
    }
  }
  freeaddrinfo(found);
  if (socket < 0) return lost;
  Wire wire(socket);
  if (!wire.start_tls(context.get(), endpoint.host))
    return error(ErrorCode::unavailable, where + " does not show a certificate for this name from the authority in " +
                                             endpoint.ca.string() + ".");
  return exchange(wire, where, request, sink, heads, lost);
}

Result<BodySource> body_of_file(const std::filesystem::path& file) {
  auto in = std::make_shared<std::ifstream>(file, std::ios::binary);
  if (!*in || std::filesystem::is_directory(file))
    return error(ErrorCode::not_found, "The file " + file.string() + " cannot be read.");
  return BodySource([in, name = file.string()]() -> Result<std::string> {
    std::string piece(kPieceBytes, '\0');
    in->read(piece.data(), static_cast<std::streamsize>(piece.size()));
    if (in->bad()) return error(ErrorCode::unavailable, "The file " + name + " could not be read to its end.");
    piece.resize(static_cast<std::size_t>(in->gcount()));
    return piece;
  });
}

}  // namespace pf::http
