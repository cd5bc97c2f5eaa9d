// One connection: a socket, TLS on it or not, what was received and not yet used, what is still to be sent. One thread
// at a time.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "http/body.h"
#include "http/head.h"
#include "http/live_wire.h"

namespace pf::http {

using Moment = std::chrono::steady_clock::time_point;
inline Moment now() {
  return std::chrono::steady_clock::now();
}

struct FreeSsl {
  void operator()(SSL* p) const { SSL_free(p); }
};

enum class Io { done, again_read, again_write, closed };

class Connection {
 public:
  enum class Stage {
    peek,  // nothing came yet: TLS or plain?
    handshake,
    head,   // also idle, between two requests
    body,   // a small one
    write,  // the answer, as fast as the peer takes it
    live,   // an answer that stays open: what its wire brings is sent, what the peer says is overlooked
    drain,  // the last answer is out; wait for the peer to close, so that it is read before a reset
    gone,   // nothing more to do
  };

  Connection(int socket, Peer from, bool is_admin) : peer(std::move(from)), admin(is_admin), socket_(socket) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int socket() const { return socket_; }
  void start_tls(SSL_CTX* context);
  bool tls() const { return ssl_ != nullptr; }
  Io handshake();
  // Reads what is there into `received`, at most `want` bytes.
  Io receive(std::size_t want);
  // Bytes that were taken from the socket, but not yet by receive(): no event of the socket will tell of them.
  bool holds_more() const { return ssl_ != nullptr && SSL_has_pending(ssl_.get()) == 1; }
  // Sends what it can of `outgoing`; done when all of it went.
  Io flush();
  // Says goodbye in TLS and TCP; what still comes is for discard().
  void half_close();
  // Throws away what came, at most `bytes`: done when there may be more, closed at its end.
  Io discard(std::size_t bytes);
  // Ready for the next request.
  void start_over();

  // For a worker that may wait, with deadlines: false when the peer is gone or too slow.
  bool send_all(std::string_view bytes);
  Io receive_waiting(std::size_t want, Moment deadline);
  bool peer_is_there() const;
  // Wakes the worker that waits in one of these; from any thread that knows that the connection lives.
  void cut() const;

  Peer peer;
  const bool admin;
  bool plain = false;  // HTTP without TLS on the TLS port: gets a redirect
  Stage stage = Stage::peek;
  Moment deadline{}, waiting_since{}, write_until{};
  std::string received;
  HeadScanner scanner;
  std::optional<Head> head;
  std::optional<BodyReader> body_reader;
  std::string body, outgoing;
  std::size_t sent = 0;      // of `outgoing`
  bool close_after = false;  // `outgoing`
  bool watched = false;      // by epoll, on its way back to the door
  std::uint64_t discarded = 0;
  std::shared_ptr<LiveWire> live{};  // shared with whoever writes to it

 private:
  Io send(std::string_view bytes, std::size_t& written);

  int socket_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
};

}  // namespace pf::http
