// Formulas over the cells of a row (README.md has the language). A formula is a value that never changes: any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "productflow/result.h"

namespace pf::expression {

inline constexpr std::size_t kFormulaBytesMax = 4'000;
inline constexpr std::size_t kDepthMax = 100;           // of the tree, so that working it out needs a bounded stack
inline constexpr std::size_t kTextBytesMax = 1u << 20;  // that one row may make in all
inline constexpr std::size_t kNumberBytesMax = 60;      // of a text that is read as a number; longer ones are codes
inline constexpr std::size_t kColumnsOfFormulaMax = 200;

// `amount` (a plain decimal) of the unit `from` in the unit `to`; nothing when there is no such way.
using Convert =
    std::function<std::optional<std::string>(std::string_view amount, std::string_view from, std::string_view to)>;

// There are no loops: a part is worked out at most once a row, so the steps are bounded by the bytes.
class Formula {
 public:
  // Invalid (field "formula") with the reason and the place, counted in characters from 1.
  static Result<Formula> parse(std::string_view text);

  // The names in [brackets], each once, in the order in which they come.
  const std::vector<std::string>& columns() const;

  // `cells` in the order of columns(), `value` the cell that the formula stands for. Yes and no come out as "yes" and
  // "no", numbers plainly ("1200.5"), empty as "". Invalid with a sentence that repeats no cell.
  Result<std::string> work_out(std::span<const std::string_view> cells, std::string_view value,
                               const Convert& convert) const;

 private:
  struct Tree;
  explicit Formula(std::shared_ptr<const Tree> tree) : tree_(std::move(tree)) {}
  std::shared_ptr<const Tree> tree_;
};

}  // namespace pf::expression
