// Who the product is when it seals an invoice with its buyer into the archive (src/archive): nobody sees what is
// revealed to it, so a shop that makes many invoices in an hour is not stopped. Each is an audit entry all the same.
#pragma once

#include "access/actor.h"

namespace pf::vault {

inline constexpr std::string_view kArchivistId = "archive";
inline access::Actor archivist() {
  access::Actor actor = access::system_actor();
  actor.id = actor.name = kArchivistId;
  return actor;
}
inline bool is_archivist(const access::Actor& actor) {
  return actor.kind == access::Actor::Kind::system && actor.id == kArchivistId;
}

}  // namespace pf::vault
