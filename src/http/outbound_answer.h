// What somebody else's server answers, read from its bytes. Only for this room.
#pragma once

#include <functional>
#include <string>

#include "http/outbound.h"

namespace pf::http {

using Receive = std::function<Result<bool>(std::string& to)>;  // appends some bytes; false at the end

// `sink` null: what matters is the status, so a body that is long or comes to no end is cut.
Result<OutboundAnswer> read_answer(const Receive& receive, const BodySink* sink);

}  // namespace pf::http
