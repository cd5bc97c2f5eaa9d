#include "json/json.h"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <set>

#include "productflow/text.h"

namespace pf::json {
namespace {

namespace bj = boost::json;

// Builds our values from the library's events. Numbers are kept as the text that was read; the library has already
// checked their grammar.
class Builder {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  Value root;
  std::string duplicate;  // the name that stood twice in one object

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_object_begin(bj::error_code&) {
    open_.emplace_back(Value(Members{}));
    return true;
  }
  bool on_object_end(std::size_t, bj::error_code& fault) {
    Value done = close();
    if (!names_are_distinct(*done.as_object())) {
      fault = bj::error::syntax;
      return false;
    }
    add(std::move(done));
    return true;
  }
  bool on_array_begin(bj::error_code&) {
    open_.emplace_back(Value(Array{}));
    return true;
  }
  bool on_array_end(std::size_t, bj::error_code&) {
    add(close());
    return true;
  }
  bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_key(bj::string_view part, std::size_t, bj::error_code&) {
    text_.append(part.data(), part.size());
    open_.back().name = std::move(text_);
    text_.clear();
    return true;
  }
  bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_string(bj::string_view part, std::size_t, bj::error_code&) {
    text_.append(part.data(), part.size());
    add(Value(std::move(text_)));
    text_.clear();
    return true;
  }
  bool on_number_part(bj::string_view part, bj::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t, bj::string_view part, bj::error_code&) { return add_number(part); }
  bool on_uint64(std::uint64_t, bj::string_view part, bj::error_code&) { return add_number(part); }
  bool on_double(double, bj::string_view part, bj::error_code&) { return add_number(part); }
  bool on_bool(bool v, bj::error_code&) {
    add(Value(v));
    return true;
  }
  bool on_null(bj::error_code&) {
    add(Value(nullptr));
    return true;
  }
  bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
  bool on_comment(bj::string_view, bj::error_code&) { return true; }

 private:
  struct Open {
    Value value;
    std::string name{};
    explicit Open(Value v) : value(std::move(v)) {}
  };

  bool add_number(bj::string_view part) {
    text_.append(part.data(), part.size());
    add(Value(Number{std::move(text_)}));
    text_.clear();
    return true;
  }
  Value close() {
    Value done = std::move(open_.back().value);
    open_.pop_back();
    return done;
  }
  void add(Value value) {
    if (open_.empty()) {
      root = std::move(value);
    } else if (Array* items = open_.back().value.as_array()) {
      items->push_back(std::move(value));
    } else {
      open_.back().value.as_object()->emplace_back(std::move(open_.back().name), std::move(value));
      open_.back().name.clear();
    }
  }
  bool names_are_distinct(const Members& members) {
    constexpr std::size_t kFewNames = 16;  // below this, comparing each with each is quicker than a set
    if (members.size() <= kFewNames) {
      for (std::size_t i = 1; i < members.size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
          if (members[i].first == members[k].first) {
            duplicate = members[i].first;
            return false;
          }
      return true;
    }
    std::set<std::string_view> seen;
    for (const auto& [name, value] : members)
      if (!seen.insert(name).second) {
        duplicate = name;
        return false;
      }
    return true;
  }

  std::vector<Open> open_;
  std::string text_;
};

Error fault_at(std::string_view text, std::size_t offset, std::string_view what) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t last = before.rfind('\n');
  const std::size_t column = 1 + before.size() - (last == std::string_view::npos ? 0 : last + 1);
  return error(ErrorCode::invalid, "the JSON is not valid at line " + std::to_string(line) + ", column " +
                                       std::to_string(column) + ": " + std::string(what));
}

}  // namespace

Value::Value(Array v) : state_(std::move(v)) {}
Value::Value(Members v) : state_(std::move(v)) {}

Value Value::object(std::initializer_list<std::pair<std::string, Value>> members) {
  return Value(Members(members));
}

std::optional<std::int64_t> Value::as_int() const {
  const Number* number = as_number();
  return number == nullptr ? std::nullopt : parse_int(number->text);
}

const Value* Value::find(std::string_view name) const {
  if (const Members* members = as_object())
    for (const auto& [key, value] : *members)
      if (key == name) return &value;
  return nullptr;
}

Value& Value::set(std::string_view name, Value value) {
  if (is_null()) state_ = Members{};
  Members* members = as_object();
  assert(members != nullptr);
  for (auto& [key, old] : *members)
    if (key == name) return old = std::move(value);
  return members->emplace_back(std::string(name), std::move(value)).second;
}

void Value::push(Value value) {
  if (is_null()) state_ = Array{};
  assert(as_array() != nullptr);
  as_array()->push_back(std::move(value));
}

bool Value::erase(std::string_view name) {
  Members* members = as_object();
  return members != nullptr && std::erase_if(*members, [&](const auto& member) { return member.first == name; }) > 0;
}

bool operator==(const Value& a, const Value& b) {
  if (a.state_.index() != b.state_.index()) return false;
  if (const Number* number = a.as_number()) return number->text == b.as_number()->text;
  if (const Members* members = a.as_object()) {  // order does not matter, names are distinct
    const Members& others = *b.as_object();
    return members->size() == others.size() && std::ranges::all_of(*members, [&](const auto& member) {
             const Value* other = b.find(member.first);
             return other != nullptr && *other == member.second;
           });
  }
  if (const Array* items = a.as_array()) return *items == *b.as_array();
  if (const bool* yes = a.as_bool()) return *yes == *b.as_bool();
  if (const std::string* text = a.as_string()) return *text == *b.as_string();
  return true;  // both null
}

Result<Value> parse(std::string_view text, int depth_max) {
  bj::parse_options strict;
  strict.max_depth = static_cast<std::size_t>(depth_max);
  bj::basic_parser<Builder> parser(strict);
  bj::error_code fault;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), fault);
  if (!parser.handler().duplicate.empty())
    return error(ErrorCode::invalid,
                 "the JSON has the name \"" + parser.handler().duplicate.substr(0, 100) + "\" twice in one object");
  if (fault == bj::error::incomplete) return fault_at(text, text.size(), "it ends too early");
  if (fault) return fault_at(text, read, fault == bj::error::too_deep ? "it is nested too deeply" : fault.message());
  for (std::size_t i = read; i < text.size(); ++i)
    if (std::string_view(" \t\r\n").find(text[i]) == std::string_view::npos)
      return fault_at(text, i, "something follows the value");
  return std::move(parser.handler().root);
}

namespace {

// Bytes that stand in a text as they are; 0xe2 may begin a line's end of JavaScript.
constexpr auto kCopied = [] {
  std::array<bool, 256> copied{};
  for (std::size_t c = 0x20; c < copied.size(); ++c)
    copied[c] = c != '"' && c != '\\' && c != '<' && c != 0x7f && c != 0xe2;
  return copied;
}();

}  // namespace

void write_string(std::string_view text, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out.push_back('"');
  std::size_t clean = 0;  // start of what can be copied as it is
  const auto flush = [&](std::size_t end) { out.append(text.substr(clean, end - clean)); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (kCopied[c]) continue;
    if (c == 0xe2) {  // U+2028 and U+2029 end a line in JavaScript
      if (i + 2 >= text.size() || text[i + 1] != '\x80' || (text[i + 2] != '\xa8' && text[i + 2] != '\xa9')) continue;
      flush(i);
      out += text[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
      clean = i + 1;
      continue;
    }
    flush(i);
    clean = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += "\\u00";
        out.push_back(kDigits[c >> 4]);
        out.push_back(kDigits[c & 15]);
    }
  }
  flush(text.size());
  out.push_back('"');
}

void write(const Value& value, std::string& out) {
  if (const std::string* text = value.as_string()) {
    write_string(*text, out);
  } else if (const Number* number = value.as_number()) {
    out += number->text;
  } else if (const bool* yes = value.as_bool()) {
    out += *yes ? "true" : "false";
  } else if (const Array* items = value.as_array()) {
    out.push_back('[');
    bool first = true;
    for (const Value& item : *items) {
      if (!first) out.push_back(',');
      first = false;
      write(item, out);
    }
    out.push_back(']');
  } else if (const Members* members = value.as_object()) {
    out.push_back('{');
    bool first = true;
    for (const auto& [name, item] : *members) {
      if (!first) out.push_back(',');
      first = false;
      write_string(name, out);
      out.push_back(':');
      write(item, out);
    }
    out.push_back('}');
  } else {
    out += "null";
  }
}

std::string write(const Value& value) {
  std::string out;
  write(value, out);
  return out;
}

}  // namespace pf::json
