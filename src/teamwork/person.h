// Who did something, by the name that he had then, so that it stays readable when his account is gone. Plain values.
#pragma once

#include <string>

#include "access/actor.h"
#include "json/members.h"
#include "productflow/clock.h"

namespace pf::teamwork {

struct Person {
  std::string id{}, name{};  // of the account or token
  bool program = false;      // a token: a program, which is nobody
  friend bool operator==(const Person&, const Person&) = default;
};
inline Person person_of(const access::Actor& by) {
  return {by.id, by.name, by.kind == access::Actor::Kind::token};
}

// In this room's records. Stored on disk: do not rename a member; "pg" stands there for programs alone, and lacks in
// records from before it was kept.
inline json::Value stored_person(const Person& person) {
  json::Value out = json::Value::object({{"id", person.id}, {"n", person.name}});
  if (person.program) out.set("pg", true);
  return out;
}
inline Person person_in(const json::Value& in, std::string_view name) {
  const json::Value* value = in.find(name);
  return value != nullptr ? Person{json::text_in(*value, "id"), json::text_in(*value, "n"), json::flag_in(*value, "pg")}
                          : Person{};
}
inline json::Value stored_moment(Time time) {
  return json::Value(static_cast<std::int64_t>(time.time_since_epoch().count()));
}
inline Time moment_in(const json::Value& in, std::string_view name) {
  return Time(milliseconds(json::number_in(in, name)));
}

}  // namespace pf::teamwork
