// JSON values, read strictly (RFC 8259: no comments, trailing commas, duplicate names, bad UTF-8; kDepthMax) and
// written compactly. Numbers keep their text, so that 19.90 and 12345678901234567890 survive untouched and money never
// meets a float. The JSON library itself is seen only by json.cpp. Values, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "productflow/result.h"

namespace pf::json {

inline constexpr int kDepthMax = 32;  // deeper than any shape of ours; a bound for the stack

class Value;
struct Number {
  std::string text;
};  // as it was written
using Array = std::vector<Value>;
using Members = std::vector<std::pair<std::string, Value>>;  // in the order written; small, so searched in line

class Value {
 public:
  Value() : state_(nullptr) {}
  Value(std::nullptr_t) : state_(nullptr) {}
  Value(bool v) : state_(v) {}
  Value(int v) : state_(Number{std::to_string(v)}) {}
  Value(std::int64_t v) : state_(Number{std::to_string(v)}) {}
  Value(std::uint64_t v) : state_(Number{std::to_string(v)}) {}
  Value(std::uint32_t v) : state_(Number{std::to_string(v)}) {}
  Value(Number v) : state_(std::move(v)) {}
  Value(std::string v) : state_(std::move(v)) {}
  Value(std::string_view v) : state_(std::string(v)) {}
  Value(const char* v) : state_(std::string(v)) {}
  Value(Array v);
  Value(Members v);
  static Value object(std::initializer_list<std::pair<std::string, Value>> members);
  static Value array() { return Value(Array{}); }

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(state_); }
  const bool* as_bool() const { return std::get_if<bool>(&state_); }  // null pointer if it is something else
  const Number* as_number() const { return std::get_if<Number>(&state_); }
  const std::string* as_string() const { return std::get_if<std::string>(&state_); }
  const Array* as_array() const { return std::get_if<Array>(&state_); }
  Array* as_array() { return std::get_if<Array>(&state_); }
  const Members* as_object() const { return std::get_if<Members>(&state_); }
  Members* as_object() { return std::get_if<Members>(&state_); }
  std::optional<std::int64_t> as_int() const;  // a whole number that fits

  const Value* find(std::string_view name) const;  // null pointer if absent or no object
  Value& set(std::string_view name, Value value);  // REQUIRES: object or null (becomes one)
  void push(Value value);                          // REQUIRES: array or null (becomes one)
  bool erase(std::string_view name);

  friend bool operator==(const Value&, const Value&);  // numbers by their text: 1 and 1.0 differ

 private:
  std::variant<std::nullptr_t, bool, Number, std::string, Array, Members> state_;
};

// The message names line and column. `max_bytes` is the caller's limit.
Result<Value> parse(std::string_view text, int depth_max = kDepthMax);
std::string write(const Value& value);
void write(const Value& value, std::string& out);
// `text` with quotes, escaped; U+2028/2029 and '<' too, so that it may stand inside HTML.
void write_string(std::string_view text, std::string& out);

}  // namespace pf::json
