// A struct names its fields once; reader, writer and schema are visitors of that one list, so the OpenAPI document
// cannot drift from the code. For bodies and answers of the doors; records on disk are written by their own rooms.
//
//   struct ShipmentBody {
//     std::string identifier; std::optional<std::string> method;
//     template <class V> void fields(V& visit) {
//       visit("identifier", identifier, "The parcel's own name, such as PACK01.");
//       visit("method", method, "Carrier or service.");
//     }
//   };
//   PF_LET(auto body, json::read_fields<ShipmentBody>(value));   // every fault at once, with its path
//
// Field types: std::string (a number is taken as it is written), bool, integers, json::Value (anything),
// std::optional<T> (may be absent or null), std::vector<T>, json::Map<T> (an object with free names), json::Decimal (a
// number or numeric string, its text kept), and structs with fields(). A field that is not optional, a vector or a map
// is required. Unknown names are refused.
#pragma once

#include <type_traits>

#include "json/json.h"

namespace pf::json {

template <class T>
using Map = std::vector<std::pair<std::string, T>>;
struct Decimal {
  std::string text;
};  // matches -?digits[.digits]; exponents are refused

namespace detail {
template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_map : std::false_type {};
template <class T>
struct is_map<std::vector<std::pair<std::string, T>>> : std::true_type {};
struct AnyVisitor {
  template <class... A>
  void operator()(A&&...) {}
};
template <class T>
concept HasFields = requires(T t, AnyVisitor v) {
  t.fields(v);
};
bool is_decimal(std::string_view text);
void add_fault(Error& faults, const std::string& path, const char* code, std::string message);
std::string at(const std::string& path, std::string_view name);
std::string at(const std::string& path, std::size_t index);

template <class T>
void read_into(const Value& in, T& out, const std::string& path, Error& faults);

struct ReadVisitor {
  const Value& in;
  const std::string& path;
  Error& faults;
  std::vector<std::string_view> known{};
  template <class T>
  void operator()(const char* name, T& out, const char* /*summary*/) {
    known.push_back(name);
    const Value* value = in.find(name);
    if (value == nullptr) {
      if constexpr (!is_optional<T>::value && !is_vector<T>::value && !is_map<T>::value && !std::is_same_v<T, Value>)
        add_fault(faults, at(path, name), "required", "is required");
      return;
    }
    read_into(*value, out, at(path, name), faults);
  }
};

template <class T>
void read_into(const Value& in, T& out, const std::string& path, Error& faults) {
  if constexpr (is_optional<T>::value) {
    if (in.is_null()) {
      out.reset();
      return;
    }
    out.emplace();
    read_into(in, *out, path, faults);
  } else if constexpr (std::is_same_v<T, Value>) {
    out = in;
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (const auto* s = in.as_string())
      out = *s;
    else if (const auto* n = in.as_number())
      out = n->text;  // house and order numbers arrive so from other systems; taken digit for digit
    else
      add_fault(faults, path, "type", "must be a text");
  } else if constexpr (std::is_same_v<T, bool>) {
    if (const auto* b = in.as_bool())
      out = *b;
    else if (const auto* s = in.as_string(); s != nullptr && (*s == "1" || *s == "true"))
      out = true;  // form bodies
    else if (s != nullptr && (*s == "0" || *s == "false"))
      out = false;
    else
      add_fault(faults, path, "type", "must be true or false");
  } else if constexpr (std::is_same_v<T, Decimal>) {
    if (const auto* n = in.as_number(); n != nullptr && is_decimal(n->text))
      out.text = n->text;
    else if (const auto* s = in.as_string(); s != nullptr && is_decimal(*s))
      out.text = *s;
    else
      add_fault(faults, path, "type", "must be a decimal number such as 19.95");
  } else if constexpr (std::is_integral_v<T>) {
    auto whole = in.as_int();
    if (const auto* s = in.as_string(); !whole && s != nullptr) whole = Value(Number{*s}).as_int();  // form bodies
    if (!whole)
      add_fault(faults, path, "type", "must be a whole number");
    else if (!std::in_range<T>(*whole))
      add_fault(faults, path, "range", "is out of range");
    else
      out = static_cast<T>(*whole);
  } else if constexpr (is_map<T>::value) {
    const auto* members = in.as_object();
    if (members == nullptr) {
      add_fault(faults, path, "type", "must be an object");
      return;
    }
    for (const auto& [name, value] : *members) {
      out.emplace_back(name, typename T::value_type::second_type{});
      read_into(value, out.back().second, at(path, name), faults);
    }
  } else if constexpr (is_vector<T>::value) {
    const auto* items = in.as_array();
    if (items == nullptr) {
      add_fault(faults, path, "type", "must be a list");
      return;
    }
    for (std::size_t i = 0; i < items->size(); ++i) {
      out.emplace_back();
      read_into((*items)[i], out.back(), at(path, i), faults);
    }
  } else {
    static_assert(HasFields<T>, "give the struct a fields() function");
    const auto* members = in.as_object();
    if (members == nullptr) {
      add_fault(faults, path, "type", "must be an object");
      return;
    }
    ReadVisitor visit{in, path, faults};
    out.fields(visit);
    for (const auto& [name, value] : *members) {
      bool found = false;
      for (auto k : visit.known) found = found || k == name;
      if (!found) add_fault(faults, at(path, name), "unknown", "is not a field of this request");
    }
  }
}

template <class T>
Value to_value(const T& in);

struct WriteVisitor {
  Value& out;
  template <class T>
  void operator()(const char* name, T& in, const char*) {
    out.set(name, to_value(in));
  }
};

template <class T>
Value to_value(const T& in) {
  if constexpr (is_optional<T>::value)
    return in ? to_value(*in) : Value(nullptr);
  else if constexpr (std::is_same_v<T, Decimal>)
    return Value(Number{in.text});
  else if constexpr (std::is_same_v<T, Value> || std::is_same_v<T, std::string> || std::is_same_v<T, bool>)
    return Value(in);
  else if constexpr (std::is_unsigned_v<T>)
    return Value(static_cast<std::uint64_t>(in));
  else if constexpr (std::is_integral_v<T>)
    return Value(static_cast<std::int64_t>(in));
  else if constexpr (is_map<T>::value) {
    Value out{Members{}};
    for (const auto& [name, value] : in) out.set(name, to_value(value));
    return out;
  } else if constexpr (is_vector<T>::value) {
    Value out = Value::array();
    for (const auto& item : in) out.push(to_value(item));
    return out;
  } else {
    Value out{Members{}};
    WriteVisitor visit{out};
    const_cast<T&>(in).fields(visit);  // fields() is one list for reading and writing; a writer changes nothing
    return out;
  }
}

template <class T>
Value schema_of();

struct SchemaVisitor {
  Value& properties;
  Value& required;
  template <class T>
  void operator()(const char* name, T&, const char* summary) {
    Value s = schema_of<T>();
    s.set("description", summary);
    properties.set(name, std::move(s));
    if constexpr (!is_optional<T>::value && !is_vector<T>::value && !is_map<T>::value && !std::is_same_v<T, Value>)
      required.push(name);
  }
};

template <class T>
Value schema_of() {
  if constexpr (is_optional<T>::value) {
    Value s = schema_of<typename T::value_type>();
    if (const Value* type = s.find("type"); type != nullptr && type->as_string() != nullptr)
      s.set("type", Value(Array{*type, "null"}));
    return s;
  } else if constexpr (std::is_same_v<T, Value>)
    return Value(Members{});
  else if constexpr (std::is_same_v<T, std::string>)
    return Value::object({{"type", "string"}});
  else if constexpr (std::is_same_v<T, bool>)
    return Value::object({{"type", "boolean"}});
  else if constexpr (std::is_same_v<T, Decimal>)
    return Value::object({{"type", Value(Array{"number", "string"})}});
  else if constexpr (std::is_integral_v<T>)
    return Value::object({{"type", "integer"}});
  else if constexpr (is_map<T>::value)
    return Value::object(
        {{"type", "object"}, {"additionalProperties", schema_of<typename T::value_type::second_type>()}});
  else if constexpr (is_vector<T>::value)
    return Value::object({{"type", "array"}, {"items", schema_of<typename T::value_type>()}});
  else {
    Value properties{Members{}}, required = Value::array();
    T blank{};
    SchemaVisitor visit{properties, required};
    blank.fields(visit);
    Value s = Value::object({{"type", "object"}, {"properties", std::move(properties)}});
    if (!required.as_array()->empty()) s.set("required", std::move(required));
    return s;
  }
}
}  // namespace detail

// Every fault at once; Error{invalid} with paths such as "lines[0].quantity".
template <class T>
Result<T> read_fields(const Value& in) {
  T out{};
  Error faults{ErrorCode::invalid, "", {}};
  detail::read_into(in, out, "", faults);
  if (faults.faults.empty()) return out;
  faults.message = faults.faults.size() == 1 ? faults.faults[0].field + " " + faults.faults[0].message
                                             : std::to_string(faults.faults.size()) + " fields need attention";
  return faults;
}
template <class T>
Value write_fields(const T& in) {
  return detail::to_value(in);
}
template <class T>
Value schema() {
  return detail::schema_of<T>();
}  // JSON Schema 2020-12, as OpenAPI 3.1 uses

}  // namespace pf::json
