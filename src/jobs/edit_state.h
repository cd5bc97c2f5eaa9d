// What the sources of bulk edits, runs of rules and undos share: a job as it is worked on, and its keys. Only for this
// room.
#pragma once

#include "jobs/edits.h"
#include "productflow/bytes.h"

namespace pf::jobs {

struct Edits::State : Edit {
  static constexpr std::uint64_t kWholeTrail = UINT32_MAX;
  // Without rights; `by` is his name. With what that person was confined to when it began: a job takes minutes, so it
  // is not asked again.
  access::Actor begun{};
  std::uint64_t place = 0, at = 0;  // record of the selection or of what was touched, and product in it
  // Of an undo. Products that collided with another of it wait, and are tried again in the next pass, once all were
  // tried: in records of the selection, of which those below `until` are of this pass, and the next is number `next`.
  std::uint64_t pass = 1, waiting = 0, next = 0, until = 0;
  bool progressed = false;  // in this pass something was taken back
  bool last = false;        // of the passes: what collides in it stays, and is told
  Time unit_ended{};        // of an undo: when what it takes back ended
  // Of the undo of an import: what is in the house, products, what describes them. Stored on disk: do not renumber.
  enum class Stage : std::uint8_t { house, products, model } stage = Stage::products;
  std::uint64_t trail = kWholeTrail,
                trail_at = 0;  // what is below this record of the trail, but for the last `trail_at`
  std::uint64_t rows = 0;      // of the report
  const access::Actor& actor() const { return begun; }
  catalog::Origin origin() const {
    return {is_undo ? catalog::Origin::Kind::undo : catalog::Origin::Kind::bulk, id, 0};
  }
  void begun_by(const access::Actor& actor_now, Time now) {
    by = actor_now.name;
    begun = {};
    begun.kind = actor_now.kind;
    begun.id = actor_now.id;
    begun.name = actor_now.name;
    begun.user = actor_now.user;
    begun.limits = actor_now.limits;
    by_id = begun.id;
    by_user = begun.user;
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
