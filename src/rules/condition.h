// Whether something is so: rows of field, operator and value, and a formula; read once, asked often. Values, any
// thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/measurement.h"
#include "expression/formula.h"
#include "productflow/faults.h"
#include "productflow/operators.h"
#include "rules/rule.h"

namespace pf::rules {

using Values = std::vector<std::string>;  // of a field: none, one, or those of a list

// The number by which a Subject knows a field; invalid (with a sentence) for what it does not have. `locale`: empty for
// the subject's own.
using CellNamed = std::function<Result<std::size_t>(std::string_view field, std::string_view locale)>;

// What is asked: a product, an order.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual Result<> values(std::size_t cell, Values& out) const = 0;  // `out` is empty before
  virtual const catalog::Units& units() const = 0;                   // of the shop, in which formulas convert
};

// A formula and where its columns come from: [brand], [title (nl-NL)].
class FieldFormula {
 public:
  // Invalid, as `field`.
  static Result<FieldFormula> parse(std::string_view text, const std::string& field, const CellNamed& cell_named);
  // `value`: what `value` is in it.
  Result<std::string> work_out(const Subject& subject, std::string_view value) const;
  const std::vector<std::size_t>& cells() const { return cells_; }  // that it looks at

 private:
  FieldFormula(expression::Formula formula, std::vector<std::size_t> cells)
      : formula_(std::move(formula)), cells_(std::move(cells)) {}
  expression::Formula formula_;
  std::vector<std::size_t> cells_;
};

class Condition {
 public:
  // Adds every fault: when.conditions[0].value, when.formula.
  static Condition compile(const WhenSaid& said, const CellNamed& cell_named, Faults& faults);
  // Invalid with a sentence, such as for a text where the formula needs a number.
  Result<bool> holds(const Subject& subject) const;
  std::vector<std::size_t> cells() const;  // that it looks at; one may come twice

 private:
  struct Row {
    std::size_t cell = 0;
    Operator op = Operator::eq;
    bool wanted = true;  // of empty
    bool below = false;  // a category counts with those below it
    std::vector<std::string> folded{};
    std::vector<std::optional<double>> numbers{};
  };
  static bool row_holds(const Row& row, const Values& values);
  bool any_ = false;
  std::vector<Row> rows_{};
  std::optional<FieldFormula> formula_{};
};

}  // namespace pf::rules
