// Members of records that we wrote ourselves: what is not there, or of another type, is nothing. For what others send,
// fields.h tells every fault. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/json.h"

namespace pf::json {

inline std::string text_in(const Value& object, std::string_view name) {
  const Value* value = object.find(name);
  return value != nullptr && value->as_string() != nullptr ? *value->as_string() : std::string();
}
inline std::int64_t number_in(const Value& object, std::string_view name) {
  const Value* value = object.find(name);
  return value != nullptr ? value->as_int().value_or(0) : 0;
}
inline bool flag_in(const Value& object, std::string_view name) {
  const Value* value = object.find(name);
  return value != nullptr && value->as_bool() != nullptr && *value->as_bool();
}

}  // namespace pf::json
