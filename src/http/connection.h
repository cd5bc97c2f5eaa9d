// One connection: a socket, TLS on it or not, and what was received and not yet used. One thread at a time.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "http/body.h"
#include "http/head.h"

namespace pf::http {

using Moment = std::chrono::steady_clock::time_point;

struct FreeSsl { void operator()(SSL* p) const { SSL_free(p); } };

enum class Io { done, again_read, again_write, closed };

class Connection {
 public:
  enum class Stage { peek, handshake, redirect, head, body };

  Connection(int socket, Peer from, bool is_admin) : socket_(socket), peer(std::move(from)), admin(is_admin) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int socket() const { return socket_; }
  void start_tls(SSL_CTX* context);
  bool tls() const { return ssl_ != nullptr; }
  Io handshake();
  // Reads what is there into `received`, at most `want` bytes.
  Io receive(std::size_t want);
  // Non-blocking; `written` says how much went.
  Io send(std::string_view bytes, std::size_t& written);
  // Blocks a worker, with deadlines: false when the peer is gone or too slow.
  bool send_all(std::string_view bytes);
  Io receive_waiting(std::size_t want, Moment deadline);
  // Says goodbye and reads a little of what still comes, so that the answer arrives before the reset.
  void close_gently();

 private:
  int socket_;
  std::unique_ptr<SSL, FreeSsl> ssl_;

 public:
  Peer peer;
  const bool admin;
  Stage stage = Stage::peek;
  Moment deadline{}, waiting_since{};
  std::string received;
  std::optional<Head> head;
  std::optional<BodyReader> body_reader;
  std::string body;
};

}  // namespace pf::http
