// The appliance at work: the house behind its front door, until a signal ends it.
#pragma once

#include <functional>
#include <string>

#include "app/house.h"

namespace pf::app {

struct Listen {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8443;
};
Result<Listen> parse_listen(std::string_view text);  // "127.0.0.1:8443", "[::1]:0", ":8443"

// Serves until SIGINT or SIGTERM. `announce` gets the address once requests are answered.
Result<> serve(House& house, const Listen& listen, const std::function<void(const std::string& url)>& announce);

}  // namespace pf::app
