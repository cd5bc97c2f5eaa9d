// Inside the room: a formula as a tree. Nodes refer to each other by their place in one vector, the root is the last.
#pragma once

#include "expression/formula.h"
#include "search/pattern.h"

namespace pf::expression {

enum class Function {
  choose,  // if
  first,
  lookup,
  empty,
  upper,
  lower,
  trim,
  length,
  left,
  right,
  mid,
  replace,
  split,
  contains,
  starts,
  ends,
  matches,
  extract,
  number,
  round,
  floor,
  ceil,
  abs,
  min,
  max,
  date,
  convert
};

struct Node {
  enum class Kind {
    text,
    number,
    yes,
    no,
    empty,
    value,   // the cell that the formula stands for
    column,  // `at` in columns
    call,    // `function` of `children`
    minus,   // of one child
    opposite,
    // of two children
    join,
    add,
    subtract,
    multiply,
    divide,
    remainder,
    equal,
    unequal,
    less,
    at_most,
    more,
    at_least,
    both,
    either
  } kind = Kind::empty;
  std::string text{};  // of a text, of a number as it was written
  std::size_t at = 0;
  std::size_t height = 1;
  Function function{};
  std::vector<std::size_t> children{};
  std::optional<search::Pattern> pattern{};  // of matches and extract
  std::size_t pattern_size = 0;              // its steps for each byte of a text
};

struct Formula::Tree {
  std::vector<Node> nodes;
  std::vector<std::string> columns;
};

}  // namespace pf::expression
