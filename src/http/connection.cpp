#include "http/connection.h"

#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "http/limits.h"
#include "http/tls.h"

namespace pf::http {
namespace {

constexpr std::size_t kTlsRecordBytes = 16u << 10;

Io of_ssl(SSL* ssl, int result) {
  switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_WANT_READ:
      return Io::again_read;
    case SSL_ERROR_WANT_WRITE:
      return Io::again_write;
    default:
      return Io::closed;
  }
}

bool wait_for(int socket, short events, Moment deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  if (left <= 0) return false;
  pollfd waited{socket, events, 0};
  const int ready = ::poll(&waited, 1, static_cast<int>(std::min<long>(left, 60'000)));
  return ready > 0 || (ready < 0 && errno == EINTR);
}

}  // namespace

Connection::~Connection() {
  if (live) live->lose();
  ssl_.reset();
  ::close(socket_);
}

void Connection::start_tls(SSL_CTX* context) {
  ssl_.reset(SSL_new(context));
  if (ssl_) {
    SSL_set_fd(ssl_.get(), socket_);
    SSL_set_accept_state(ssl_.get());
  }
}

Io Connection::handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result != 1) return of_ssl(ssl_.get(), result);
  peer.client_certificate = client_certificate_of(ssl_.get());
  return Io::done;
}

Io Connection::receive(std::size_t want) {
  char piece[kTlsRecordBytes];  // not in place: growing a string would write every byte twice
  want = std::min(want, sizeof piece);
  std::size_t got = 0;
  Io outcome = Io::done;
  if (ssl_) {
    ERR_clear_error();
    const int result = SSL_read_ex(ssl_.get(), piece, want, &got);
    if (result != 1) outcome = of_ssl(ssl_.get(), result);
  } else {
    const ssize_t result = ::recv(socket_, piece, want, MSG_DONTWAIT);
    if (result > 0)
      got = static_cast<std::size_t>(result);
    else
      outcome = result < 0 && (errno == EAGAIN || errno == EINTR) ? Io::again_read : Io::closed;
  }
  received.append(piece, got);
  return outcome;
}

Io Connection::send(std::string_view bytes, std::size_t& written) {
  written = 0;
  if (ssl_) {
    ERR_clear_error();
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written);
    return result == 1 ? Io::done : of_ssl(ssl_.get(), result);
  }
  const ssize_t result = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (result >= 0) {
    written = static_cast<std::size_t>(result);
    return Io::done;
  }
  return errno == EAGAIN || errno == EINTR ? Io::again_write : Io::closed;
}

bool Connection::send_all(std::string_view bytes) {
  Moment limit = std::chrono::steady_clock::now() + kWriteStallTime;
  while (!bytes.empty()) {
    std::size_t written = 0;
    const Io outcome = send(bytes, written);
    if (outcome == Io::closed) return false;
    if (written > 0) {
      bytes.remove_prefix(written);
      limit = std::chrono::steady_clock::now() + kWriteStallTime;
    } else if (!wait_for(socket_, outcome == Io::again_read ? POLLIN : POLLOUT, limit)) {
      return false;
    }
  }
  return true;
}

Io Connection::receive_waiting(std::size_t want, Moment limit) {
  for (;;) {
    const Io outcome = receive(want);
    if (outcome == Io::done || outcome == Io::closed) return outcome;
    if (!wait_for(socket_, outcome == Io::again_write ? POLLOUT : POLLIN, limit)) return Io::closed;
  }
}

bool Connection::peer_is_there() const {
  pollfd asked{socket_, POLLRDHUP, 0};
  return ::poll(&asked, 1, 0) == 0;
}

void Connection::cut() const {
  ::shutdown(socket_, SHUT_RDWR);
}

Io Connection::flush() {
  while (sent < outgoing.size()) {
    std::size_t written = 0;
    const Io outcome = send(std::string_view(outgoing).substr(sent), written);
    sent += written;
    if (outcome != Io::done) return outcome;
  }
  return Io::done;
}

void Connection::half_close() {
  if (ssl_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  ::shutdown(socket_, SHUT_WR);
}

Io Connection::discard(std::size_t bytes) {
  char sink[65536];
  for (std::size_t got = 0; got < bytes;) {
    const ssize_t result = ::recv(socket_, sink, sizeof sink, MSG_DONTWAIT);
    if (result < 0 && (errno == EAGAIN || errno == EINTR)) return Io::again_read;
    if (result <= 0) return Io::closed;
    got += static_cast<std::size_t>(result);
    discarded += static_cast<std::uint64_t>(result);
  }
  return Io::done;
}

void Connection::start_over() {
  stage = Stage::head;
  scanner = {};
  head.reset();
  body_reader.reset();
  body.clear();
  outgoing.clear();
  outgoing.shrink_to_fit();
  sent = 0;
}

}  // namespace pf::http
