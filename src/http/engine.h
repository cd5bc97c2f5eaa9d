// Turns answers into bytes: whole ones by itself, streamed ones with cpp-httplib. The only file that includes
// httplib.h.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/connection.h"
#include "http/message.h"

namespace pf::http {

class Engine {
 public:
  Engine();
  ~Engine();
  // The whole answer; its `stream` is not run, and of one that stays open this is the head. A header whose value holds
  // a line end is left out. `keep` false says "Connection: close"; so does every status from 400.
  std::string bytes_of(std::string_view method, Response response, bool keep);
  // Runs the `stream` of an answer to a GET onto the connection, blocking. False when it did not end well: the
  // connection must go.
  bool stream(Connection& connection, Response response, bool keep);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::http
