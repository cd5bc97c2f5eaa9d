#include "json/stream.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <optional>

namespace pf::json {
namespace {

// Passes the library's events on, and keeps the Error that ended them.
class Teller {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  using Fault = boost::json::error_code;
  using Text = boost::json::string_view;

  explicit Teller(Listener* listener) : listener_(listener) {}
  std::optional<Error> ended{};

  bool on_document_begin(Fault&) { return true; }
  bool on_document_end(Fault&) { return true; }
  bool on_object_begin(Fault& fault) { return told(listener_->begin_object(), fault); }
  bool on_object_end(std::size_t, Fault& fault) { return told(listener_->end_object(), fault); }
  bool on_array_begin(Fault& fault) { return told(listener_->begin_array(), fault); }
  bool on_array_end(std::size_t, Fault& fault) { return told(listener_->end_array(), fault); }
  bool on_key_part(Text part, std::size_t, Fault& fault) { return grow(part, fault); }
  bool on_key(Text part, std::size_t, Fault& fault) {
    if (!grow(part, fault)) return false;
    const bool on = told(listener_->name(name_), fault);
    name_.clear();
    return on;
  }
  bool on_string_part(Text part, std::size_t, Fault& fault) { return piece(part, false, fault); }
  bool on_string(Text part, std::size_t, Fault& fault) { return piece(part, true, fault); }
  bool on_number_part(Text part, Fault& fault) { return piece(part, false, fault); }
  bool on_int64(std::int64_t, Text part, Fault& fault) { return piece(part, true, fault); }
  bool on_uint64(std::uint64_t, Text part, Fault& fault) { return piece(part, true, fault); }
  bool on_double(double, Text part, Fault& fault) { return piece(part, true, fault); }
  bool on_bool(bool v, Fault& fault) { return piece(v ? "true" : "false", true, fault); }
  bool on_null(Fault& fault) { return piece("", true, fault); }
  bool on_comment_part(Text, Fault&) { return true; }
  bool on_comment(Text, Fault&) { return true; }

 private:
  bool told(Result<> result, Fault& fault) {
    if (result.ok()) return true;
    ended = std::move(result).error();
    fault = boost::json::error::syntax;
    return false;
  }
  bool piece(Text part, bool last, Fault& fault) {
    return told(listener_->scalar({part.data(), part.size()}, last), fault);
  }
  bool grow(Text part, Fault& fault) {
    name_.append(part.data(), part.size());
    if (name_.size() <= kStreamNameBytesMax) return true;
    return told(error(ErrorCode::too_large, "The JSON holds a name of more than 1,000 bytes."), fault);
  }
  Listener* listener_;
  std::string name_;
};

boost::json::parse_options strict_to(int depth_max) {
  boost::json::parse_options out;
  out.max_depth = static_cast<std::size_t>(depth_max);
  return out;
}

}  // namespace

struct Stream::Impl {
  Impl(Listener& l, int depth) : listener(l), depth_max(depth) { begin(); }
  void begin() {
    parser.emplace(strict_to(depth_max), &listener);
    open = false;
  }
  Error invalid_at(std::uint64_t at, std::string_view why) const {
    return error(ErrorCode::invalid, "line " + std::to_string(at) + ": the JSON is not valid: " + std::string(why));
  }
  // Reads on in `rest` as far as one value goes.
  Result<> value(std::string_view& rest);

  Listener& listener;
  const int depth_max;
  std::optional<boost::json::basic_parser<Teller>> parser;
  bool open = false;      // a value is under way
  bool skipping = false;  // to the next line: of a line that is broken
  std::uint64_t line = 1, value_line = 1, values = 0;
  bool first_in_line = true;  // the value under way is the first of its line
  bool blank_line = true;     // nothing stood in this line so far
};

Result<> Stream::Impl::value(std::string_view& rest) {
  boost::json::error_code fault;
  const std::size_t read = parser->write_some(true, rest.data(), rest.size(), fault);
  const std::string_view taken = rest.substr(0, read);
  line += static_cast<std::uint64_t>(std::ranges::count(taken, '\n'));
  rest.remove_prefix(read);
  if (parser->handler().ended) return *parser->handler().ended;
  if (fault && fault != boost::json::error::incomplete) {
    const std::string why = fault == boost::json::error::too_deep ? "it is nested too deeply" : fault.message();
    if ((values == 0 && line != value_line) || !first_in_line) return invalid_at(line, why);
    PF_TRY(listener.broken(value_line, why));
    // A line end inside of a value that spans lines was read already: the next one begins behind it.
    skipping = line == value_line;
    if (!skipping) blank_line = true;
    begin();
    return {};
  }
  if (parser->done()) {
    ++values;
    begin();
    blank_line = taken.ends_with('\n');
  }
  return {};
}

Stream::Stream(Listener& listener, int depth_max) : impl_(std::make_unique<Impl>(listener, depth_max)) {}
Stream::~Stream() = default;
std::uint64_t Stream::line() const {
  return impl_->open ? std::max(impl_->line, impl_->value_line) : impl_->line;
}

Result<> Stream::feed(std::string_view rest) {
  Impl& in = *impl_;
  while (!rest.empty()) {
    if (in.skipping) {
      const std::size_t end = rest.find('\n');
      if (end == std::string_view::npos) return {};
      rest.remove_prefix(end);
      in.skipping = false;
    }
    if (!in.open) {
      const char c = rest.front();
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        if (c == '\n') {
          ++in.line;
          in.blank_line = true;
        }
        rest.remove_prefix(1);
        continue;
      }
      in.open = true;
      in.value_line = in.line;
      in.first_in_line = in.blank_line;
      in.blank_line = false;
    }
    PF_TRY(in.value(rest));
  }
  return {};
}

Result<> Stream::finish() {
  Impl& in = *impl_;
  if (!in.open || in.skipping) return {};
  boost::json::error_code fault;
  in.parser->write_some(false, "", 0, fault);  // a number ends with the file
  if (in.parser->handler().ended) return *in.parser->handler().ended;
  if (!fault) return {};
  const Error cut =
      error(ErrorCode::invalid, "line " + std::to_string(in.value_line) +
                                    ": the file ends inside a value that begins here; it seems to be cut off");
  return in.values > 0 && in.first_in_line ? in.listener.broken(in.value_line, "it ends too early") : Result<>(cut);
}

}  // namespace pf::json
