// What every file of rows uses: the lower rooms' names, the small parts of answers, and handlers that know their rooms.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gate/route.h"
#include "productflow/text.h"

namespace pf::api {

using access::Permission;
using gate::Answer;
using gate::BodyKind;
using gate::Call;
using gate::Method;
using gate::Row;

// {"data": value}
inline json::Value data(json::Value value) {
  return json::Value::object({{"data", std::move(value)}});
}
inline json::Value texts(const std::vector<std::string>& list) {
  json::Value out = json::Value::array();
  for (const std::string& one : list) out.push(one);
  return out;
}
// RFC 3339, or null.
inline json::Value moment(const std::optional<Time>& time) {
  return time ? json::Value(rfc3339(*time)) : json::Value(nullptr);
}
// A request's header, or nothing.
inline std::string header(const Call& call, std::string_view name) {
  const auto* value = http::find_header(call.request.headers, name);
  return value != nullptr ? *value : std::string();
}

// The number that {name} of the path must be, from 1; not_found with "There is no such <what>.".
inline Result<std::uint64_t> path_number(const Call& call, std::string_view name, std::string_view what) {
  const auto number = parse_int(call.path_value(name));
  if (!number || *number < 1) return error(ErrorCode::not_found, "There is no such " + std::string(what) + ".");
  return static_cast<std::uint64_t>(*number);
}
// "a, b, c"
inline std::string in_words(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) out.append(out.empty() ? "" : ", ").append(name);
  return out;
}

// Makes handlers of functions that are given the rooms too. A file names its rooms by a type of its own, so that
// several files may each have a `list` and a `show`.
template <class Rooms>
auto handlers_with(Rooms rooms) {
  return [rooms](Result<Answer> (*function)(const Rooms&, const Call&)) -> gate::Handler {
    return [rooms, function](const Call& call) { return function(rooms, call); };
  };
}

}  // namespace pf::api
