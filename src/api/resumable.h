// A file that is made while it is sent, as an answer that goes on where it broke off (RFC 9110 section 14): with the
// very bytes that were on their way while those are kept (kept_exports.h), later by making it again as long as nothing
// in it has changed. Never with the rest of another file: who names no ETag is refused unless only one can be meant,
// since wget passes over the beginning of a whole answer and glues the rest to what it has.
#pragma once

#include <functional>
#include <string>

#include "api/kept_exports.h"
#include "gate/route.h"

namespace pf::api {

struct MadeFile {
  std::string content_type{}, name{};
  std::function<Result<std::string>()> mark{};  // another one whenever what is in it may be another
  KeptExports::Write write{};
};

// conflict (412) for a Range that begins further on and names no ETag.
Result<> check_range_is_named(const gate::Call& call);
Result<gate::Answer> resumable(KeptExports& kept, const gate::Call& call, MadeFile file);

}  // namespace pf::api
