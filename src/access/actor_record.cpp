#include "access/actor_record.h"

#include "access/access_impl.h"

namespace pf::access {

void put_actor(json::Value& record, const Actor& by, std::string_view name) {
  record.set("by_kind", static_cast<std::uint64_t>(by.kind));
  record.set("by_id", by.id);
  record.set(name, by.name);
  record.set("by_user", by.user);
}

Actor actor_in(const json::Value& record, std::string_view name) {
  Actor out;
  const json::Value* stored = record.find("by_kind");
  const std::int64_t kind = stored != nullptr ? stored->as_int().value_or(0) : 0;
  if (kind > 0 && kind <= static_cast<std::int64_t>(Actor::Kind::system)) out.kind = static_cast<Actor::Kind>(kind);
  out.id = text_in(record, "by_id");
  out.name = text_in(record, name);
  out.user = text_in(record, "by_user");
  return out;
}

}  // namespace pf::access
