// The front door. Our own listener: one epoll thread accepts, shakes hands, reads whole heads and small bodies under
// deadlines and byte budgets, and sends what a slow reader did not take at once; a worker is taken only for a complete
// request and never waits for a peer. Answers are written by cpp-httplib's process_request. Large bodies and streamed
// answers run in lanes of their own. Idle connections cost no thread. When full, the connection that has waited longest
// is dropped.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "http/message.h"
#include "productflow/clock.h"

namespace pf::http {

// Called by many threads at once. What it throws becomes a 500.
using Handler = std::function<Response(const Request&)>;

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  int listener = -1;       // a listening socket opened by somebody else, instead of address and port; taken over
  std::filesystem::path certificate, key;  // PEM files
  std::filesystem::path client_ca{};       // PEM; callers may then show a certificate of it: Peer::client_certificate
  std::filesystem::path admin_socket{};    // empty: none. Mode 0600, plain HTTP, Peer::local_user set
  Handler handler;
  const Clock* clock = &system_clock();  // for Date
};

struct ServerFigures {
  std::uint64_t requests = 0;   // given to the handler
  std::uint64_t refused = 0;    // malformed, too slow, too much; never reached the handler
  std::uint64_t dropped = 0;    // to make room
  std::size_t connections = 0;  // open now
};

class Server {
 public:
  // Listens at once; answers requests after start().
  static Result<std::unique_ptr<Server>> open(ServerOptions options);
  ~Server();  // stops
  void start();
  void stop();  // lets running requests end, for at most kStopTime; then cuts their connections
  // Reads the files again; connections that stand keep the old certificate. An Error leaves everything as it was.
  Result<> reload_certificate();
  std::uint16_t port() const;
  ServerFigures figures() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::http
