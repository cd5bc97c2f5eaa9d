#include "http/sockets.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "http/limits.h"

namespace pf::http {
namespace {

std::string text_of(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
  } else if (address.ss_family == AF_INET6) {
    const in6_addr& six = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&six))
      inet_ntop(AF_INET, six.s6_addr + 12, text, sizeof text);  // one caller, one name, on a socket for both
    else
      inet_ntop(AF_INET6, &six, text, sizeof text);
  }
  return text;
}

void set(int socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof value);
}

}  // namespace

Result<int> listen_on(const std::string& address, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICHOST;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address == "localhost" ? "127.0.0.1" : address.c_str(), std::to_string(port).c_str(), &wanted,
                  &found) != 0)
    return error(ErrorCode::invalid,
                 "\"" + address + "\" is not an address to listen on. Use one such as 127.0.0.1, 0.0.0.0 or ::1.");
  const int socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  set(socket, SOL_SOCKET, SO_RCVBUF, kReceiveBufferBytes);  // accepted ones inherit it
  set(socket, IPPROTO_TCP, TCP_DEFER_ACCEPT, 5);            // seconds: who says nothing never reaches us
  const bool listening =
      socket >= 0 && ::bind(socket, found->ai_addr, found->ai_addrlen) == 0 && ::listen(socket, kBacklog) == 0;
  const int fault = errno;
  freeaddrinfo(found);
  if (listening) return socket;
  if (socket >= 0) ::close(socket);
  std::string hint =
      fault == EADDRINUSE
          ? " Another program, perhaps another ProductFlow, listens there; stop it or choose another port."
      : fault == EACCES        ? " Ports below 1024 need more rights; choose a higher one."
      : fault == EADDRNOTAVAIL ? " No network card of this machine has that address."
                               : "";
  return error(ErrorCode::unavailable,
               "Cannot listen on " + address + ":" + std::to_string(port) + ": " + std::strerror(fault) + "." + hint);
}

Result<int> listen_at(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.string().size() >= sizeof address.sun_path)
    return error(ErrorCode::invalid, "The data folder's path is too long for its admin socket " + path.string() +
                                         "; at most 107 characters fit.");
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  ::unlink(path.c_str());  // left by a process that was killed
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const mode_t before = ::umask(0177);
  const bool listening = socket >= 0 && ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                         ::listen(socket, kBacklog) == 0;
  ::umask(before);
  if (listening) return socket;
  if (socket >= 0) ::close(socket);
  return error(ErrorCode::unavailable, "Cannot make the admin socket " + path.string() + ".");
}

std::uint16_t port_of(int listener) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(listener, reinterpret_cast<sockaddr*>(&bound), &size);
  return ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(bound).sin6_port
                                           : reinterpret_cast<sockaddr_in&>(bound).sin_port);
}

Accepted accept_from(int listener, bool is_admin) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  Accepted out;
  out.socket = ::accept4(listener, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (out.socket < 0) return out;
  if (is_admin) {
    ucred who{};
    socklen_t who_size = sizeof who;
    if (getsockopt(out.socket, SOL_SOCKET, SO_PEERCRED, &who, &who_size) == 0) out.peer.local_user = who.uid;
  } else {
    set(out.socket, IPPROTO_TCP, TCP_NODELAY, 1);
    set(out.socket, IPPROTO_TCP, TCP_USER_TIMEOUT,
        static_cast<int>(std::chrono::milliseconds(kWriteStallTime).count()));
    out.peer.address = text_of(address);
  }
  return out;
}

std::string source_of(const Peer& peer) {
  in6_addr six{};
  if (inet_pton(AF_INET6, peer.address.c_str(), &six) != 1) return peer.address;
  return std::string(reinterpret_cast<const char*>(six.s6_addr), 8);
}

}  // namespace pf::http
