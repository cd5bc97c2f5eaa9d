// Who did something, by the name that he had then, so that it stays readable when his account is gone. Plain values.
#pragma once

#include <string>

#include "access/actor.h"
#include "json/members.h"
#include "productflow/clock.h"

namespace pf::teamwork {

struct Person {
  std::string id{}, name{};  // of the account or token
  friend bool operator==(const Person&, const Person&) = default;
};
inline Person person_of(const access::Actor& by) {
  return {by.id, by.name};
}

// In this room's records. Stored on disk: do not rename a member.
inline json::Value stored_person(const Person& person) {
  return json::Value::object({{"id", person.id}, {"n", person.name}});
}
inline Person person_in(const json::Value& in, std::string_view name) {
  const json::Value* value = in.find(name);
  return value != nullptr ? Person{json::text_in(*value, "id"), json::text_in(*value, "n")} : Person{};
}
inline json::Value stored_moment(Time time) {
  return json::Value(static_cast<std::int64_t>(time.time_since_epoch().count()));
}
inline Time moment_in(const json::Value& in, std::string_view name) {
  return Time(milliseconds(json::number_in(in, name)));
}

}  // namespace pf::teamwork
