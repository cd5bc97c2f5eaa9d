// The front door. Our own listener: one epoll thread accepts, shakes hands, reads whole heads and small bodies under
// deadlines and byte budgets; a worker is taken only for a complete request, which then goes through cpp-httplib's
// process_request. Idle connections cost no thread. When full, the connection that has waited longest is dropped.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "http/message.h"

namespace pf::http {

using Handler = std::function<Response(const Request&)>;

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                       // 0: any free one
  std::filesystem::path certificate, key;       // PEM files
  std::filesystem::path admin_socket{};         // empty: none. Mode 0600, plain HTTP, Peer::local_user set
  Handler handler;
};

struct ServerFigures { std::uint64_t requests = 0, refused = 0, dropped = 0; std::size_t connections = 0; };

class Server {
 public:
  // Listens at once; answers requests after start().
  static Result<std::unique_ptr<Server>> open(ServerOptions options);
  ~Server();  // stops
  void start();
  void stop();  // lets running requests end, for at most ten seconds
  Result<> reload_certificate();
  std::uint16_t port() const;
  ServerFigures figures() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::http
