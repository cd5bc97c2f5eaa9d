#include "formats/cell_messages.h"

#include <set>

#include "productflow/text.h"

namespace pf::formats::message {
namespace {

enum class Packed : std::uint8_t { null, no, yes, number, text, list, object };

// RFC 8259, section 6, with an exponent that json::parse takes as well.
bool is_json_number(const std::string_view whole) {
  std::string_view text = whole;
  const auto take = [&](char c) {
    const bool there = text.starts_with(c);
    text.remove_prefix(there ? 1 : 0);
    return there;
  };
  const auto digits = [&] {
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(end);
    return end > 0;
  };
  take('-');
  if (!take('0') && !digits()) return false;
  if (take('.') && !digits()) return false;
  const bool exponent = take('e') || take('E');
  if (exponent) {
    if (!take('+')) take('-');
    if (!digits()) return false;
  }
  return text.empty() && (!exponent || json::parse(whole).ok());
}

}  // namespace

void pack_value(cell::Packer& out, const json::Value& value) {
  const auto kind = [&](Packed one) -> cell::Packer& { return out.byte(static_cast<std::uint8_t>(one)); };
  if (const bool* flag = value.as_bool()) {
    kind(*flag ? Packed::yes : Packed::no);
  } else if (const json::Number* number = value.as_number()) {
    kind(Packed::number).text(number->text);
  } else if (const std::string* text = value.as_string()) {
    kind(Packed::text).text(*text);
  } else if (const json::Array* list = value.as_array()) {
    kind(Packed::list).number(list->size());
    for (const json::Value& one : *list) pack_value(out, one);
  } else if (const json::Members* members = value.as_object()) {
    kind(Packed::object).number(members->size());
    for (const auto& [name, member] : *members) pack_value(out.text(name), member);
  } else {
    kind(Packed::null);
  }
}

bool unpack_value(cell::Unpacker& in, int depth, std::size_t& values, json::Value& out) {
  const std::uint8_t kind = in.byte();
  if (in.failed() || kind > static_cast<std::uint8_t>(Packed::object) || values == 0) return false;
  --values;
  switch (static_cast<Packed>(kind)) {
    case Packed::null:
      out = json::Value();
      return true;
    case Packed::no:
    case Packed::yes:
      out = json::Value(kind == static_cast<std::uint8_t>(Packed::yes));
      return true;
    case Packed::number: {
      const std::string_view text = in.text();
      if (in.failed() || !is_json_number(text)) return false;
      out = json::Value(json::Number{std::string(text)});
      return true;
    }
    case Packed::text: {
      const std::string_view text = in.text();
      if (in.failed() || first_bad_utf8(text)) return false;
      out = json::Value(text);
      return true;
    }
    case Packed::list: {
      const std::size_t count = in.count(values);
      if (in.failed() || depth == 0) return false;  // an empty one is a level, too
      json::Array list(count);
      for (json::Value& one : list)
        if (!unpack_value(in, depth - 1, values, one)) return false;
      out = json::Value(std::move(list));
      return true;
    }
    case Packed::object: {
      const std::size_t count = in.count(values);
      if (in.failed() || depth == 0) return false;  // an empty one is a level, too
      json::Members members;
      members.reserve(count);
      for (std::size_t i = 0; i < count; ++i) {
        const std::string_view name = in.text();
        if (in.failed() || first_bad_utf8(name)) return false;
        if (!unpack_value(in, depth - 1, values, members.emplace_back(std::string(name), json::Value()).second))
          return false;
      }
      constexpr std::size_t kFewMembers = 16;  // below this, comparing each with each is quicker than a set
      if (count <= kFewMembers) {
        for (std::size_t i = 1; i < count; ++i)
          for (std::size_t k = 0; k < i; ++k)
            if (members[i].first == members[k].first) return false;
      } else {
        std::set<std::string_view> seen;
        for (const auto& member : members)
          if (!seen.insert(member.first).second) return false;
      }
      out = json::Value(std::move(members));
      return true;
    }
  }
  return false;
}

}  // namespace pf::formats::message
