// Hands a complete request to cpp-httplib and its answer to the connection. The only file that includes httplib.h for
// serving (client.cpp does for asking).
#pragma once

#include "http/connection.h"
#include "http/message.h"
#include "http/server.h"

namespace pf::http {

class Engine {
 public:
  explicit Engine(Handler handler);
  ~Engine();
  // Answers `request` on `connection`. False when the connection must be closed.
  bool answer(Connection& connection, const Request& request, bool keep_alive);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::http
