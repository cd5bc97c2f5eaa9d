#include "expression/syntax.h"

#include <algorithm>

#include "productflow/text.h"
#include "search/pattern_size.h"

namespace pf::expression {
namespace {

constexpr std::size_t kMany = 200;  // arguments of one call
// Names as README.md has them, with how many things each takes.
struct Signature {
  std::string_view name;
  Function function;
  std::size_t least, most;
};
constexpr Signature kSignatures[] = {
    {"if", Function::choose, 2, 3},     {"first", Function::first, 1, kMany},   {"lookup", Function::lookup, 3, kMany},
    {"empty", Function::empty, 1, 1},   {"upper", Function::upper, 1, 1},       {"lower", Function::lower, 1, 1},
    {"trim", Function::trim, 1, 1},     {"length", Function::length, 1, 1},     {"left", Function::left, 2, 2},
    {"right", Function::right, 2, 2},   {"mid", Function::mid, 3, 3},           {"replace", Function::replace, 3, 3},
    {"split", Function::split, 3, 3},   {"contains", Function::contains, 2, 2}, {"starts", Function::starts, 2, 2},
    {"ends", Function::ends, 2, 2},     {"matches", Function::matches, 2, 2},   {"extract", Function::extract, 2, 2},
    {"number", Function::number, 1, 1}, {"round", Function::round, 1, 2},       {"floor", Function::floor, 1, 1},
    {"ceil", Function::ceil, 1, 1},     {"abs", Function::abs, 1, 1},           {"min", Function::min, 1, kMany},
    {"max", Function::max, 1, kMany},   {"date", Function::date, 2, 2},         {"convert", Function::convert, 3, 3},
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Precedence climbing over the text itself; there is no list of tokens to keep.
class Parser {
 public:
  Parser(std::string_view text, std::vector<Node>& nodes, std::vector<std::string>& columns)
      : text_(text), nodes_(nodes), columns_(columns) {}

  Result<> whole() {
    PF_TRY(weak(0, 0));
    blanks();
    return at_ == text_.size() ? Result<>() : wrong("an operator or the end is expected here");
  }

 private:
  using Kind = Node::Kind;
  struct Operator {
    std::string_view sign;
    Kind kind;
    int strength;
  };
  static constexpr Operator kOperators[] = {
      {"or", Kind::either, 1},   {"and", Kind::both, 2},   {"<>", Kind::unequal, 4}, {"<=", Kind::at_most, 4},
      {">=", Kind::at_least, 4}, {"=", Kind::equal, 4},    {"<", Kind::less, 4},     {">", Kind::more, 4},
      {"&", Kind::join, 5},      {"+", Kind::add, 6},      {"-", Kind::subtract, 6}, {"*", Kind::multiply, 7},
      {"/", Kind::divide, 7},    {"%", Kind::remainder, 7}};
  static constexpr int kNot = 3, kSign = 8;

  Error wrong(const std::string& what) const {
    std::size_t place = 1;  // in characters
    for (std::size_t i = 0; i < at_ && i < text_.size(); ++i)
      if ((static_cast<unsigned char>(text_[i]) & 0xc0) != 0x80) ++place;
    return invalid("formula", "syntax",
                   "The formula cannot be read at character " + std::to_string(place) + ": " + what + ".");
  }
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  bool sign(std::string_view wanted) {
    blanks();
    if (!text_.substr(at_).starts_with(wanted)) return false;
    at_ += wanted.size();
    return true;
  }
  std::string_view word() const {  // the one that begins here, or nothing
    std::size_t end = at_;
    if (end < text_.size() && is_letter(text_[end]))
      while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    return text_.substr(at_, end - at_);
  }
  const Operator* next_operator() {
    blanks();
    const std::string_view name = word();
    for (const Operator& one : kOperators)
      if (is_letter(one.sign[0]) ? equals_ignoring_case(name, one.sign) : text_.substr(at_).starts_with(one.sign))
        return &one;
    return nullptr;
  }
  Result<std::size_t> add(Node node) {
    for (const std::size_t child : node.children) node.height = std::max(node.height, nodes_[child].height + 1);
    if (node.height > kDepthMax) return too_deep();
    nodes_.push_back(std::move(node));
    return nodes_.size() - 1;
  }
  Error too_deep() const {
    return wrong("it is nested more than " + std::to_string(kDepthMax) +
                 " deep; of a long row of operators, put a half in brackets");
  }

  // What binds stronger than `than`.
  Result<std::size_t> weak(int than, std::size_t depth) {
    if (depth > kDepthMax) return too_deep();
    blanks();
    Result<std::size_t> left = [&]() -> Result<std::size_t> {
      if (equals_ignoring_case(word(), "not")) {
        at_ += 3;
        PF_LET(const std::size_t of, weak(kNot, depth + 1));
        return add({.kind = Kind::opposite, .children = {of}});
      }
      if (sign("-")) {
        PF_LET(const std::size_t of, weak(kSign, depth + 1));
        return add({.kind = Kind::minus, .children = {of}});
      }
      return strong(depth);
    }();
    while (left.ok()) {
      const Operator* one = next_operator();
      if (one == nullptr || one->strength <= than) break;
      at_ += one->sign.size();
      PF_LET(const std::size_t right, weak(one->strength, depth + 1));
      left = add({.kind = one->kind, .children = {*left, right}});
    }
    return left;
  }

  Result<std::size_t> strong(std::size_t depth) {
    blanks();
    if (at_ == text_.size()) return wrong("a value is missing");
    const char c = text_[at_];
    if (c == '(') {
      ++at_;
      PF_LET(const std::size_t inside, weak(0, depth + 1));
      return sign(")") ? Result<std::size_t>(inside) : wrong("a ) is missing");
    }
    if (c == '"' || c == '\'') return quoted(c);
    if (c == '[') return column();
    if (is_digit(c) || c == '.') return number();
    const std::string_view name = word();
    if (name.empty()) return wrong("a value is expected here; texts stand in quotes, columns in [brackets]");
    const std::size_t begin = at_;
    at_ += name.size();
    if (sign("(")) return call(name, begin, depth);
    at_ = begin;
    const std::string folded = lower_ascii(name);
    const auto word_for = [&]() -> std::optional<Kind> {
      if (folded == "value") return Kind::value;
      if (folded == "yes" || folded == "true") return Kind::yes;
      if (folded == "no" || folded == "false") return Kind::no;
      if (folded == "empty") return Kind::empty;
      return std::nullopt;
    }();
    if (!word_for)
      return wrong("\"" + std::string(name.substr(0, 40)) +
                   "\" is no word of this language; texts stand in quotes, columns in [brackets]");
    at_ += name.size();
    return add({.kind = *word_for});
  }

  Result<std::size_t> quoted(char quote) {
    std::string out;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        ++at_;
        if (at_ == text_.size() || text_[at_] != quote) return add({.kind = Kind::text, .text = std::move(out)});
      }
      out += text_[at_];
    }
    return wrong("a quote is missing");
  }
  Result<std::size_t> column() {
    std::string name;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == ']') {
        ++at_;
        if (at_ == text_.size() || text_[at_] != ']') {
          name = trim(name);
          const auto known = std::ranges::find(columns_, name);
          const auto place = static_cast<std::size_t>(known - columns_.begin());
          if (known == columns_.end()) {
            if (columns_.size() >= kColumnsOfFormulaMax) return wrong("it names too many columns");
            columns_.push_back(name);
          }
          return add({.kind = Kind::column, .at = place});
        }
      }
      name += text_[at_];
    }
    return wrong("a ] is missing");
  }
  Result<std::size_t> number() {
    std::size_t end = at_;
    while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '.')) ++end;
    const std::string_view digits = text_.substr(at_, end - at_);
    if (std::ranges::count(digits, '.') > 1 || digits.ends_with('.') || digits.size() > kNumberBytesMax)
      return wrong("this is no number; write it as 12.5");
    at_ = end;
    return add({.kind = Kind::number, .text = std::string(digits)});
  }
  Result<std::size_t> call(std::string_view name, std::size_t begin, std::size_t depth) {
    const auto known =
        std::ranges::find_if(kSignatures, [&](const Signature& one) { return equals_ignoring_case(one.name, name); });
    if (known == std::end(kSignatures)) {
      at_ = begin;
      return wrong("there is no function " + std::string(name.substr(0, 40)));
    }
    Node node{.kind = Kind::call, .function = known->function};
    if (!sign(")")) {
      do {
        PF_LET(const std::size_t of, weak(0, depth + 1));
        node.children.push_back(of);
      } while (node.children.size() <= known->most && sign(","));
      if (node.children.size() <= known->most && !sign(")")) return wrong("a , or ) is missing");
    }
    if (node.children.size() < known->least || node.children.size() > known->most) {
      at_ = begin;
      return wrong(std::string(known->name) + " takes " + std::to_string(known->least) +
                   (known->most == known->least ? ""
                    : known->most == kMany      ? " or more"
                                                : " or " + std::to_string(known->most)) +
                   (known->most == 1 ? " value" : " values") + " in its brackets");
    }
    if (known->function == Function::matches || known->function == Function::extract) {
      const Node& pattern = nodes_[node.children[1]];
      if (pattern.kind != Kind::text) return wrong("the pattern must be a text in quotes");
      auto compiled = search::Pattern::compile(pattern.text);
      if (!compiled.ok()) return wrong(compiled.error().message);
      node.pattern = *std::move(compiled);
      node.pattern_size = search::pattern_size(pattern.text);
    }
    return add(std::move(node));
  }

  const std::string_view text_;
  std::vector<Node>& nodes_;
  std::vector<std::string>& columns_;
  std::size_t at_ = 0;
};

}  // namespace

Result<Formula> Formula::parse(std::string_view text) {
  if (text.size() > kFormulaBytesMax)
    return invalid("formula", "too_long", "A formula has at most " + std::to_string(kFormulaBytesMax) + " bytes.");
  if (first_bad_utf8(text)) return invalid("formula", "encoding", "The formula holds bytes that are no text in UTF-8.");
  auto tree = std::make_shared<Tree>();
  PF_TRY(Parser(text, tree->nodes, tree->columns).whole());
  return Formula(std::move(tree));
}

const std::vector<std::string>& Formula::columns() const {
  return tree_->columns;
}

}  // namespace pf::expression
