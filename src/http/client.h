// A small client: for commands that speak to the running server through its admin socket, and for speaking to a server
// whose authority we know. One request, one connection; blocks.
#pragma once

#include <filesystem>
#include <string>

#include "http/message.h"

namespace pf::http {

struct TlsEndpoint {
  std::string host;  // a name or an address; the certificate must say it
  std::uint16_t port = 0;
  std::filesystem::path ca;  // PEM: the only authority that is trusted
};

// Gets an answer's status and headers before its body; an Error ends it.
using HeadSink = std::function<Result<>(const Response&)>;

// `unavailable` when nobody listens there, and when the answer was cut off before its end. A body is sent from
// `request.body`, or piece by piece from its `body_source`. The whole answer is in `body` unless `sink` is given, which
// then gets it piece by piece; a refusal (status from 400) is in `body` always.
Result<Response> ask(const std::filesystem::path& admin_socket, const Request& request, const BodySink& sink = {},
                     const HeadSink& heads = {});
Result<Response> ask(const TlsEndpoint& endpoint, const Request& request, const BodySink& sink = {},
                     const HeadSink& heads = {});

// The file as a body, read while it is sent.
Result<BodySource> body_of_file(const std::filesystem::path& file);

}  // namespace pf::http
