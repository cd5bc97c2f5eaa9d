#include "rules/condition.h"

#include <algorithm>
#include <charconv>

#include "productflow/faults.h"
#include "productflow/text.h"
#include "search/index.h"

namespace pf::rules {
namespace {

// Thresholds are far from the 15 digits that a double keeps.
std::optional<double> number_of(std::string_view text) {
  double out = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (wrong != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

// "a" and "A" are one, accents do not count. Most texts are ASCII, and those need no copy.
bool is_folded_as(std::string_view text, std::string_view folded) {
  bool ascii = true;
  for (const char c : text) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  if (!ascii) return search::folded(text) == folded;
  return text.size() == folded.size() && std::ranges::equal(text, folded, [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b;
         });
}

bool is_direct(Operator op) {
  return op == Operator::direct || op == Operator::ndirect || op == Operator::direct_or_empty;
}

std::string joined(const Values& values) {
  std::string out;
  for (const auto& one : values) out.append(out.empty() ? "" : ", ").append(one);
  return out;
}

std::optional<std::string> text_of(const json::Value& value) {
  if (const auto* text = value.as_string()) return *text;
  if (const auto* number = value.as_number()) return number->text;
  if (const auto* flag = value.as_bool()) return *flag ? "yes" : "no";
  return std::nullopt;
}

}  // namespace

Result<FieldFormula> FieldFormula::parse(std::string_view text, const std::string& field, const CellNamed& cell_named) {
  auto formula = expression::Formula::parse(text);
  if (!formula.ok()) return invalid(field, "formula", formula.error().message);
  std::vector<std::size_t> cells;
  for (std::string_view column : formula->columns()) {
    // "title (nl-NL)", as people see it in histories.
    std::string_view locale;
    if (const auto open = column.rfind(" ("); open != std::string_view::npos && column.ends_with(')')) {
      locale = column.substr(open + 2, column.size() - open - 3);
      column = column.substr(0, open);
    }
    const auto cell = cell_named(column, locale);
    if (!cell.ok()) return invalid(field, "unknown", "[" + std::string(column) + "] " + cell.error().message);
    cells.push_back(*cell);
  }
  return FieldFormula(*std::move(formula), std::move(cells));
}

Result<std::string> FieldFormula::work_out(const Subject& subject, std::string_view value) const {
  std::vector<std::string> texts(cells_.size());
  std::vector<std::string_view> cells(cells_.size());
  Values values;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    values.clear();
    PF_TRY(subject.values(cells_[i], values));
    texts[i] = values.size() == 1 ? std::move(values[0]) : joined(values);
    cells[i] = texts[i];
  }
  return formula_.work_out(cells, value, [&](std::string_view amount, std::string_view from, std::string_view to) {
    return subject.units().converted(amount, from, to);
  });
}

Condition Condition::compile(const WhenSaid& said, const CellNamed& cell_named, Faults& faults) {
  Condition out;
  const std::string match = said.match.value_or("all");
  if (match != "all" && match != "any") faults.add("when.match", "value", "is all or any");
  out.any_ = match == "any";
  if (said.conditions.size() > kConditionsMax)
    faults.add("when.conditions", "count",
               "A rule has at most " + std::to_string(kConditionsMax) + " conditions; use a formula, or two rules.");
  for (std::size_t i = 0; i < std::min(said.conditions.size(), kConditionsMax); ++i) {
    const auto& one = said.conditions[i];
    const std::string at = "when.conditions[" + std::to_string(i) + "].";
    Row row;
    const auto op = operator_named(one.op);
    if (!op) faults.add(at + "operator", "unknown", "is one of " + operators_in_words());
    row.op = op.value_or(Operator::eq);
    const OperatorTakes takes = row_of(row.op).takes;
    const auto cell = cell_named(one.field, one.locale.value_or(""));
    if (!cell.ok()) faults.add(at + "field", "unknown", cell.error().message);
    row.cell = cell.ok() ? *cell : 0;
    row.below = one.field == "categories";
    if (is_direct(row.op) && !row.below)
      faults.add(at + "operator", "operator",
                 "direct, ndirect and direct_or_empty are asked of categories; use in, nin or in_or_empty.");
    row.below = row.below && !is_direct(row.op);
    if (takes == OperatorTakes::flag) {
      if (const auto* flag = one.value.as_bool())
        row.wanted = *flag;
      else if (!one.value.is_null())
        faults.add(at + "value", "type", "is true (nothing filled in) or false");
    } else {
      const bool is_span = takes == OperatorTakes::two;
      const bool listed = takes != OperatorTakes::one;
      const bool is_part = row.op == Operator::like || row.op == Operator::nlike;
      const bool is_begun = is_part || row.op == Operator::starts;
      const json::Array one_value{one.value};
      const json::Array& values = listed && one.value.as_array() != nullptr ? *one.value.as_array() : one_value;
      if (is_span && values.size() != 2)
        faults.add(at + "value", "count",
                   "is a list of two values, the first and the last that are between them: [10, 20]");
      else if (values.empty() || values.size() > kConditionValuesMax)
        faults.add(at + "value", "count", "is a list of one to " + std::to_string(kConditionValuesMax) + " values");
      for (const auto& value : values) {
        const auto text = text_of(value);
        if (!text) {
          faults.add(at + "value", "type",
                     listed ? "is a list of texts or numbers" : "is a text, a number, true or false");
          break;
        }
        std::string_view plain = trim(*text);
        if (row.op == Operator::starts && plain.starts_with('*')) row.op = Operator::like;  // as a list takes it
        if (is_part || row.op == Operator::like)
          while (!plain.empty() && (plain.front() == '%' || plain.front() == '*')) plain.remove_prefix(1);
        if (is_begun)
          while (!plain.empty() && (plain.back() == '%' || plain.back() == '*')) plain.remove_suffix(1);
        if (plain.empty())
          faults.add(at + "value", "required", "Give what it is compared with; empty asks for no value.");
        row.folded.push_back(search::folded(plain));
        row.numbers.push_back(number_of(plain));
      }
    }
    out.rows_.push_back(std::move(row));
  }
  if (said.formula && !trim(*said.formula).empty()) {
    auto formula = FieldFormula::parse(*said.formula, "when.formula", cell_named);
    if (formula.ok())
      out.formula_ = *std::move(formula);
    else
      faults.take(formula.error());
  }
  return out;
}

bool Condition::row_holds(const Row& row, const Values& values) {
  const auto same = [&](const std::string& value) {
    const auto number = number_of(value);
    for (std::size_t i = 0; i < row.folded.size(); ++i) {
      if (number && row.numbers[i] ? *number == *row.numbers[i] : is_folded_as(value, row.folded[i])) return true;
      const std::size_t size = row.folded[i].size();
      if (row.below && value.size() > size && value[size] == '/' &&
          is_folded_as(std::string_view(value).substr(0, size), row.folded[i]))
        return true;
    }
    return false;
  };
  // Numbers when both are, else texts in their order: so are days.
  const auto ordered = [&](const std::string& value, auto fits, std::size_t with = 0) {
    const auto number = number_of(value);
    const auto& other = row.numbers[with];
    if (number && other) return fits(*number < *other ? -1 : *number > *other ? 1 : 0);
    if (other) return false;  // "blue" is neither more nor less than 3
    const int order = search::folded(value).compare(row.folded[with]);
    return fits(order);
  };
  const auto at_least = [](int order) { return order >= 0; };
  const auto at_most = [](int order) { return order <= 0; };
  const auto has_part = [&](const std::string& value) {
    return search::folded(value).find(row.folded[0]) != std::string::npos;
  };
  switch (row.op) {
    case Operator::eq:
    case Operator::in:
    case Operator::direct:
      return std::ranges::any_of(values, same);
    case Operator::neq:
    case Operator::nin:
    case Operator::ndirect:
      return std::ranges::none_of(values, same);
    case Operator::in_or_empty:
    case Operator::direct_or_empty:
      return values.empty() || std::ranges::any_of(values, same);
    case Operator::starts:
      return std::ranges::any_of(values, [&](const auto& v) { return search::folded(v).starts_with(row.folded[0]); });
    case Operator::gt:
      return std::ranges::any_of(values, [&](const auto& v) { return ordered(v, [](int o) { return o > 0; }); });
    case Operator::gte:
      return std::ranges::any_of(values, [&](const auto& v) { return ordered(v, at_least); });
    case Operator::lt:
      return std::ranges::any_of(values, [&](const auto& v) { return ordered(v, [](int o) { return o < 0; }); });
    case Operator::lte:
      return std::ranges::any_of(values, [&](const auto& v) { return ordered(v, at_most); });
    case Operator::between:
      return std::ranges::any_of(values, [&](const auto& v) { return ordered(v, at_least) && ordered(v, at_most, 1); });
    case Operator::nbetween:
      return std::ranges::any_of(values, [&](const auto& v) {
        return ordered(v, [](int o) { return o < 0; }) || ordered(
                                                              v, [](int o) { return o > 0; }, 1);
      });
    case Operator::like:
      return std::ranges::any_of(values, has_part);
    case Operator::nlike:
      return std::ranges::none_of(values, has_part);
    case Operator::empty:
      return values.empty() == row.wanted;
  }
  return false;
}

Result<bool> Condition::holds(const Subject& subject) const {
  Values values;
  bool rows = rows_.empty() || !any_;
  for (const Row& row : rows_) {
    values.clear();
    PF_TRY(subject.values(row.cell, values));
    const bool so = row_holds(row, values);
    if (so == any_) {
      rows = any_;
      break;
    }
  }
  if (!rows || !formula_) return rows;
  PF_LET(const std::string answer, formula_->work_out(subject, {}));
  if (answer == "yes") return true;
  if (answer.empty() || answer == "no") return false;
  return invalid("formula", "value", "The formula gives neither yes nor no.");
}

std::vector<std::size_t> Condition::cells() const {
  std::vector<std::size_t> out;
  for (const Row& row : rows_) out.push_back(row.cell);
  if (formula_) out.insert(out.end(), formula_->cells().begin(), formula_->cells().end());
  return out;
}

}  // namespace pf::rules
