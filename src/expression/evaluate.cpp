#include <algorithm>
#include <boost/multiprecision/cpp_dec_float.hpp>
#include <cstring>
#include <variant>

#include "expression/syntax.h"
#include "productflow/text.h"
#include "search/letters.h"

namespace pf::expression {
namespace {

// Decimal digits of a number: IEEE 754's decimal128. More than any price, weight or count needs.
constexpr unsigned kDigits = 34;
using Decimal =
    boost::multiprecision::number<boost::multiprecision::cpp_dec_float<kDigits>, boost::multiprecision::et_off>;

// Of one row: bytes that patterns look at, times the steps of each pattern's program, which take some 8 ns.
constexpr std::size_t kPatternStepsMax = 100'000'000;

struct Empty {};
using Value = std::variant<Empty, std::string, Decimal, bool>;

Error wrong(std::string what) {
  return invalid("formula", "value", std::move(what));
}

// "19.95", "19,95", "-3", "1.045,99", "1,045.99": a plain decimal. Nothing for what is none or could be two.
std::optional<std::string> plain_number(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > kNumberBytesMax) return std::nullopt;
  std::string out;
  if (text.front() == '-' || text.front() == '+') {
    if (text.front() == '-') out = "-";
    text.remove_prefix(1);
  }
  const auto dots = std::ranges::count(text, '.'), commas = std::ranges::count(text, ',');
  char point = dots > 0 ? '.' : ',', between = 0;
  if (dots > 0 && commas > 0) {
    point = text.rfind('.') > text.rfind(',') ? '.' : ',';
    between = point == '.' ? ',' : '.';
  } else if (dots > 1 || commas > 1) {
    between = dots > 1 ? '.' : ',';
    point = 0;
  } else if (commas == 1 && text.size() - text.find(',') == 4 && text.find(',') <= 3 && text.find(',') > 0 &&
             text.front() != '0') {
    return std::nullopt;  // 1,234
  }
  const std::size_t end = point == 0 ? text.size() : std::min(text.rfind(point), text.size());
  const std::string_view whole = text.substr(0, end);
  std::size_t digits = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (whole[i] == between && between != 0) {
      if (i == 0 || (whole.size() - i) % 4 != 0) return std::nullopt;
      continue;
    }
    if (whole[i] < '0' || whole[i] > '9') return std::nullopt;
    out += whole[i];
    ++digits;
  }
  if (end < text.size()) {
    if (digits == 0) out += '0';
    out += '.';
    for (const char c : text.substr(end + 1)) {
      if (c < '0' || c > '9') return std::nullopt;
      out += c;
      ++digits;
    }
    if (out.back() == '.') return std::nullopt;
  }
  return digits == 0 ? std::nullopt : std::optional(out);
}

// Half away from zero, to so many digits behind the point.
Decimal rounded(const Decimal& x, int digits) {
  const Decimal scale = pow(Decimal(10), digits), half("0.5");
  const Decimal whole = x < 0 ? Decimal(ceil(x * scale - half)) : Decimal(floor(x * scale + half));
  return whole / scale;
}

std::string plain(const Decimal& x) {
  constexpr int kShownDigits = 12;  // behind the point: a third of 10 is 3.333333333333
  std::string out = rounded(x, kShownDigits).str(kShownDigits, std::ios_base::fixed);
  while (out.ends_with('0')) out.pop_back();
  if (out.ends_with('.')) out.pop_back();
  return out == "-0" ? "0" : out;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}
// As text.find(part, from). That compares anew at each place, which two cells of half a MiB make a minute of; this
// takes no more steps than they have bytes.
std::size_t found_in(std::string_view text, std::string_view part, std::size_t from = 0) {
  if (part.empty()) return from;
  const void* const at = ::memmem(text.data() + from, text.size() - from, part.data(), part.size());
  return at == nullptr ? std::string_view::npos : static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}
// From character `from` on (the first is 0), so many.
std::string_view part_of(std::string_view text, std::size_t from, std::size_t count) {
  std::size_t at = 0, seen = 0, begin = text.size(), end = text.size();
  for (; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) continue;
    if (seen == from) begin = at;
    if (count < text.size() && seen == from + count) {
      end = at;
      break;
    }
    ++seen;
  }
  return begin >= end ? std::string_view() : text.substr(begin, end - begin);
}

// "26-11-2026" by "DD-MM-YYYY" -> "2026-11-26". Nothing when it is not so, or no such day is.
std::optional<std::string> date_by(std::string_view text, std::string_view pattern) {
  std::string year, month, day, hour, minute = "00", second = "00";
  struct Part {
    std::string_view sign;
    std::string& into;
  };
  const Part parts[] = {{"YYYY", year}, {"MM", month}, {"DD", day}, {"hh", hour}, {"mm", minute}, {"ss", second}};
  while (!pattern.empty()) {
    const auto* const part =
        std::ranges::find_if(parts, [&](const Part& one) { return pattern.starts_with(one.sign); });
    if (part == std::end(parts)) {
      if (text.empty() || text.front() != pattern.front()) return std::nullopt;
      text.remove_prefix(1);
      pattern.remove_prefix(1);
      continue;
    }
    // "6" where two digits are meant, when no digit comes behind it.
    std::size_t size = 0;
    while (size < part->sign.size() && size < text.size() && text[size] >= '0' && text[size] <= '9') ++size;
    if (size == 0 || (size < part->sign.size() && part->sign == "YYYY")) return std::nullopt;
    part->into = std::string(size < part->sign.size() ? 1 : 0, '0') + std::string(text.substr(0, size));
    text.remove_prefix(size);
    pattern.remove_prefix(part->sign.size());
  }
  if (!text.empty() || year.empty() || month.empty() || day.empty()) return std::nullopt;
  const std::string date = year + "-" + month + "-" + day;
  const std::string whole = hour.empty() ? date : date + "T" + hour + ":" + minute + ":" + second + "Z";
  return parse_time(whole).ok() ? std::optional(whole) : std::nullopt;
}

class Worker {
 public:
  Worker(const std::vector<Node>& nodes, std::span<const std::string_view> cells, std::string_view value,
         const Convert& convert)
      : nodes_(nodes), cells_(cells), value_(value), convert_(convert) {}

  Result<Value> of(std::size_t at) {
    const Node& node = nodes_[at];
    switch (node.kind) {
      case Kind::text:
        return made(node.text);
      case Kind::number:
        return Value(Decimal(node.text));
      case Kind::yes:
        return Value(true);
      case Kind::no:
        return Value(false);
      case Kind::empty:
        return Value(Empty());
      case Kind::value:
        return cell(value_);
      case Kind::column:
        return cell(cells_[node.at]);
      case Kind::call:
        return call(node);
      case Kind::both:
      case Kind::either: {
        PF_LET(const bool left, condition(node.children[0]));
        if (left == (node.kind == Kind::either)) return Value(left);
        PF_LET(const bool right, condition(node.children[1]));
        return Value(right);
      }
      case Kind::opposite: {
        PF_LET(const bool so, condition(node.children[0]));
        return Value(!so);
      }
      case Kind::minus: {
        PF_LET(const auto x, number(node.children[0]));
        return x ? Value(Decimal(-*x)) : Value(Empty());
      }
      case Kind::join: {
        PF_LET(std::string left, text(node.children[0]));
        PF_LET(const std::string right, text(node.children[1]));
        return made(left + right);
      }
      case Kind::add:
      case Kind::subtract:
      case Kind::multiply:
      case Kind::divide:
      case Kind::remainder:
        return arithmetic(node);
      case Kind::equal:
      case Kind::unequal:
      case Kind::less:
      case Kind::at_most:
      case Kind::more:
      case Kind::at_least:
        break;
    }
    return compared(node);
  }

  static std::string shown(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* number = std::get_if<Decimal>(&value)) return plain(*number);
    if (const auto* so = std::get_if<bool>(&value)) return *so ? "yes" : "no";
    return {};
  }

 private:
  using Kind = Node::Kind;

  Result<Value> made(std::string text) {
    text_bytes_ += text.size();
    if (text_bytes_ > kTextBytesMax)
      return wrong("The formula makes more than " + std::to_string(kTextBytesMax >> 20) + " MiB of text.");
    return text.empty() ? Value(Empty()) : Value(std::move(text));
  }
  // A pattern with large counts ("(a|b){900}") takes each byte of a text through all of it.
  Result<> search_through(std::string_view subject, const Node& node) {
    pattern_steps_ += (subject.size() + 1) * node.pattern_size;
    if (pattern_steps_ > kPatternStepsMax)
      return wrong("The formula's patterns are too large for texts of this length. Write them with smaller counts.");
    return {};
  }
  Result<Value> cell(std::string_view raw) { return made(std::string(pf::trim(raw))); }

  Result<std::string> text(std::size_t at) {
    PF_LET(const Value value, of(at));
    return shown(value);
  }
  // Nothing for empty.
  Result<std::optional<Decimal>> number(std::size_t at) {
    PF_LET(const Value value, of(at));
    return as_number(value);
  }
  static Result<std::optional<Decimal>> as_number(const Value& value) {
    if (std::holds_alternative<Empty>(value)) return std::optional<Decimal>();
    if (const auto* number = std::get_if<Decimal>(&value)) return std::optional(*number);
    if (const auto* text = std::get_if<std::string>(&value))
      if (const auto digits = plain_number(*text)) return std::optional(Decimal(*digits));
    return wrong(
        "A number is needed where the row has something else, or something that could be two numbers (1,234).");
  }
  Result<std::int64_t> count(std::size_t at, std::int64_t most) {
    PF_LET(const auto x, number(at));
    if (!x || *x > most || *x < -most || floor(*x) != *x)
      return wrong("A whole number of at most " + std::to_string(most) + " is needed.");
    return x->convert_to<std::int64_t>();
  }
  Result<bool> condition(std::size_t at) {
    PF_LET(const Value value, of(at));
    if (const auto* so = std::get_if<bool>(&value)) return *so;
    if (std::holds_alternative<Empty>(value)) return false;
    const std::string folded = lower_ascii(shown(value));
    if (folded == "yes" || folded == "true" || folded == "1") return true;
    if (folded == "no" || folded == "false" || folded == "0") return false;
    return wrong("Yes or no is needed where the row has something else.");
  }

  Result<Value> arithmetic(const Node& node) {
    PF_LET(const auto left, number(node.children[0]));
    PF_LET(const auto right, number(node.children[1]));
    if (!left || !right) return Value(Empty());
    Decimal out;
    if (node.kind == Kind::add) out = *left + *right;
    if (node.kind == Kind::subtract) out = *left - *right;
    if (node.kind == Kind::multiply) out = *left * *right;
    if (node.kind == Kind::divide || node.kind == Kind::remainder) {
      if (*right == 0) return wrong("The formula divides by zero.");
      out = node.kind == Kind::divide ? Decimal(*left / *right) : Decimal(fmod(*left, *right));
    }
    return sized(std::move(out));
  }
  // No number of a shop is larger, and digits behind the point would be lost.
  static Result<Value> sized(Decimal x) {
    static const Decimal kMost("1e20");
    if (!(abs(x) <= kMost)) return wrong("The formula makes a number above 1 followed by 20 zeros.");
    return Value(std::move(x));
  }

  // Numbers when one of them is a number, else texts as they are written.
  Result<Value> compared(const Node& node) {
    PF_LET(const Value left, of(node.children[0]));
    PF_LET(const Value right, of(node.children[1]));
    const bool is_empty[] = {std::holds_alternative<Empty>(left), std::holds_alternative<Empty>(right)};
    if (is_empty[0] || is_empty[1]) {  // nothing is less or more than empty
      const bool same = is_empty[0] && is_empty[1];
      return Value(node.kind == Kind::equal ? same : node.kind == Kind::unequal && !same);
    }
    int order = 0;
    if (std::holds_alternative<Decimal>(left) || std::holds_alternative<Decimal>(right)) {
      const bool exact = node.kind == Kind::equal || node.kind == Kind::unequal;
      const auto x = as_number(left), y = as_number(right);
      if (exact && (!x.ok() || !y.ok())) return Value(node.kind == Kind::unequal);  // "blue" is not 3
      if (!x.ok()) return x.error();
      if (!y.ok()) return y.error();
      order = (*x)->compare(**y);
    } else {
      order = shown(left).compare(shown(right));
    }
    switch (node.kind) {
      case Kind::equal:
        return Value(order == 0);
      case Kind::unequal:
        return Value(order != 0);
      case Kind::less:
        return Value(order < 0);
      case Kind::at_most:
        return Value(order <= 0);
      case Kind::more:
        return Value(order > 0);
      default:
        return Value(order >= 0);
    }
  }

  Result<Value> call(const Node& node) {
    const auto& arguments = node.children;
    constexpr std::int64_t kCharactersMax = std::int64_t{kTextBytesMax};
    switch (node.function) {
      case Function::choose: {
        PF_LET(const bool so, condition(arguments[0]));
        if (so) return of(arguments[1]);
        return arguments.size() == 3 ? of(arguments[2]) : Result<Value>(Value(Empty()));
      }
      case Function::first:
        for (const std::size_t at : arguments) {
          PF_LET(Value value, of(at));
          if (!std::holds_alternative<Empty>(value)) return value;
        }
        return Value(Empty());
      case Function::lookup: {
        PF_LET(const std::string wanted, text(arguments[0]));
        std::size_t at = 1;
        for (; at + 1 < arguments.size(); at += 2) {
          PF_LET(const std::string one, text(arguments[at]));
          if (one == wanted) return of(arguments[at + 1]);
        }
        return at < arguments.size() ? of(arguments[at]) : Result<Value>(Value(Empty()));
      }
      case Function::empty: {
        PF_LET(const Value value, of(arguments[0]));
        return Value(std::holds_alternative<Empty>(value));
      }
      case Function::number: {
        PF_LET(const auto x, number(arguments[0]));
        return x ? Value(*x) : Value(Empty());
      }
      case Function::round:
      case Function::floor:
      case Function::ceil:
      case Function::abs: {
        constexpr std::int64_t kRoundDigitsMax = 12;
        PF_LET(const auto x, number(arguments[0]));
        std::int64_t digits = 0;
        if (arguments.size() == 2) {
          PF_LET(digits, count(arguments[1], kRoundDigitsMax));
        }
        if (!x) return Value(Empty());
        if (node.function == Function::abs) return Value(Decimal(abs(*x)));
        if (node.function == Function::floor) return Value(Decimal(floor(*x)));
        if (node.function == Function::ceil) return Value(Decimal(ceil(*x)));
        return Value(rounded(*x, static_cast<int>(std::max<std::int64_t>(0, digits))));
      }
      case Function::min:
      case Function::max: {
        std::optional<Decimal> best;
        for (const std::size_t at : arguments) {
          PF_LET(const auto x, number(at));
          if (x && (!best || (node.function == Function::min ? *x < *best : *x > *best))) best = x;
        }
        return best ? Value(*best) : Value(Empty());
      }
      default:
        break;
    }
    // The others are about a text.
    PF_LET(const std::string subject, text(arguments[0]));
    const auto second = [&] { return text(arguments[1]); };
    switch (node.function) {
      case Function::upper:
        return made(search::upper(subject));
      case Function::lower:
        return made(search::lower(subject));
      case Function::trim:
        return made(std::string(pf::trim(subject)));
      case Function::length:
        return Value(Decimal(characters(subject)));
      case Function::left:
      case Function::right:
      case Function::mid: {
        PF_LET(const std::int64_t n, count(arguments.back(), kCharactersMax));
        const auto all = static_cast<std::int64_t>(characters(subject));
        std::int64_t from = 0;
        if (node.function == Function::right) from = std::max<std::int64_t>(0, all - n);
        if (node.function == Function::mid) {
          PF_LET(from, count(arguments[1], kCharactersMax));
          from = std::max<std::int64_t>(1, from) - 1;
        }
        if (n <= 0) return Value(Empty());
        return made(std::string(part_of(subject, static_cast<std::size_t>(from), static_cast<std::size_t>(n))));
      }
      case Function::replace: {
        PF_LET(const std::string from, second());
        PF_LET(const std::string to, text(arguments[2]));
        if (from.empty()) return made(subject);
        std::string out;
        std::size_t at = 0;
        for (std::size_t next = found_in(subject, from); next != std::string::npos;
             next = found_in(subject, from, at)) {
          out.append(subject, at, next - at).append(to);
          at = next + from.size();
          if (out.size() > kTextBytesMax) break;  // made() refuses it
        }
        return made(out.append(subject, at));
      }
      case Function::split: {
        PF_LET(const std::string separator, second());
        PF_LET(std::int64_t n, count(arguments[2], kCharactersMax));
        std::vector<std::string_view> parts;
        std::string_view rest = subject;
        for (std::size_t next; !separator.empty() && (next = found_in(rest, separator)) != std::string_view::npos;) {
          parts.push_back(rest.substr(0, next));
          rest.remove_prefix(next + separator.size());
        }
        parts.push_back(rest);
        if (n < 0) n += static_cast<std::int64_t>(parts.size()) + 1;
        if (n < 1 || n > static_cast<std::int64_t>(parts.size())) return Value(Empty());
        return made(std::string(pf::trim(parts[static_cast<std::size_t>(n - 1)])));
      }
      case Function::contains: {
        PF_LET(const std::string part, second());
        return Value(found_in(subject, part) != std::string::npos);
      }
      case Function::starts: {
        PF_LET(const std::string part, second());
        return Value(subject.starts_with(part));
      }
      case Function::ends: {
        PF_LET(const std::string part, second());
        return Value(subject.ends_with(part));
      }
      case Function::matches:
        PF_TRY(search_through(subject, node));
        return Value(node.pattern->matches(subject));
      case Function::extract:
        PF_TRY(search_through(subject, node));
        return made(node.pattern->found_in(subject).value_or(""));
      case Function::date: {
        if (subject.empty()) return Value(Empty());
        PF_LET(const std::string pattern, second());
        const auto date = date_by(subject, pattern);
        return date ? made(*date) : Result<Value>(wrong("The row has no date of the form that the formula names."));
      }
      default:
        break;
    }
    // convert
    if (subject.empty()) return Value(Empty());
    PF_LET(const std::string from, second());
    PF_LET(const std::string to, text(arguments[2]));
    const auto digits = plain_number(subject);
    const auto amount = digits && convert_ ? convert_(*digits, from, to) : std::nullopt;
    if (!amount) return wrong("The amount cannot be converted: it is no number, or there is no way between the units.");
    const auto back = plain_number(*amount);
    return back ? sized(Decimal(*back)) : Result<Value>(wrong("The converted amount is too large."));
  }

  const std::vector<Node>& nodes_;
  const std::span<const std::string_view> cells_;
  const std::string_view value_;
  const Convert& convert_;
  std::size_t text_bytes_ = 0, pattern_steps_ = 0;
};

}  // namespace

Result<std::string> Formula::work_out(std::span<const std::string_view> cells, std::string_view value,
                                      const Convert& convert) const {
  Worker worker(tree_->nodes, cells, value, convert);
  PF_LET(const Value out, worker.of(tree_->nodes.size() - 1));
  return Worker::shown(out);
}

}  // namespace pf::expression
