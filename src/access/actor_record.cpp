#include "access/actor_record.h"

#include "json/members.h"

namespace pf::access {

void put_actor(json::Value& record, const Actor& by, std::string_view name) {
  record.set("by_kind", static_cast<std::uint64_t>(by.kind));
  record.set("by_id", by.id);
  record.set(name, by.name);
  record.set("by_user", by.user);
}

Actor actor_in(const json::Value& record, std::string_view name) {
  Actor out;
  const auto kind = json::number_in(record, "by_kind");
  if (kind > 0 && kind <= static_cast<std::int64_t>(Actor::Kind::system)) out.kind = static_cast<Actor::Kind>(kind);
  out.id = json::text_in(record, "by_id");
  out.name = json::text_in(record, name);
  out.user = json::text_in(record, "by_user");
  return out;
}

}  // namespace pf::access
