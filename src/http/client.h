// A small client: for commands that speak to the running server through its admin socket.
#pragma once

#include <filesystem>

#include "http/message.h"

namespace pf::http {

// One request over the unix socket at `socket`. `unavailable` when nobody listens there. The whole answer is in `body`
// unless `sink` is given, which then gets it piece by piece.
Result<Response> ask(const std::filesystem::path& socket, const Request& request, const BodySink& sink = {});

}  // namespace pf::http
