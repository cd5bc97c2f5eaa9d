// What the sources of bulk edits, runs of rules and undos share: a job as it is worked on, and its keys. Only for this
// room.
#pragma once

#include "jobs/edits.h"
#include "productflow/bytes.h"

namespace pf::jobs {

struct Edits::State : Edit {
  access::Actor::Kind by_kind{};
  // What that person was confined to when it began; null: nothing. A job takes minutes, so it is not asked again.
  std::shared_ptr<const access::Limits> by_limits{};
  std::uint64_t place = 0, at = 0;      // record of the selection or of what was touched, and product in it
  std::uint64_t pass = 1, waiting = 0;  // of an undo: parents that wait for their variants
  Time unit_ended{};                    // of an undo: when what it takes back ended
  std::uint64_t rows = 0;               // of the report
  access::Actor actor() const {
    access::Actor out;
    out.kind = by_kind;
    out.id = by_id;
    out.name = by;
    out.user = by_user;
    out.limits = by_limits;
    return out;
  }
  catalog::Origin origin() const {
    return {is_undo ? catalog::Origin::Kind::undo : catalog::Origin::Kind::bulk, id, 0};
  }
  void begun_by(const access::Actor& actor_now, Time now) {
    by = actor_now.name;
    by_kind = actor_now.kind;
    by_id = actor_now.id;
    by_user = actor_now.user;
    by_limits = actor_now.limits;
    created_at = now;
  }
};

inline std::string edit_key(char mark, std::uint64_t id) {
  std::string key(1, mark);
  put_be64(key, id);
  return key;
}
inline std::string undo_key(const catalog::Origin& unit) {
  std::string key{'u', static_cast<char>(unit.kind)};
  put_be64(key, unit.id);
  return key;
}
inline std::string selection_key(std::uint64_t id, std::uint64_t number) {
  auto key = edit_key('s', id);
  put_be32(key, static_cast<std::uint32_t>(number));
  return key;
}

inline std::string touched_order_key(std::uint64_t id, std::uint64_t order) {
  auto key = edit_key('t', id);
  put_be64(key, order);
  return key;
}

}  // namespace pf::jobs
