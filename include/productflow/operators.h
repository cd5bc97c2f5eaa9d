// How a list's column is compared with what somebody asks for: brand[eq]=Acme. One table for whoever reads questions
// and whoever answers them: a new operator is a row here, and a case where it is answered. Pure.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pf {

enum class Operator : std::uint8_t {
  eq,
  neq,
  gt,
  gte,
  lt,
  lte,
  between,
  nbetween,
  in,
  nin,
  in_or_empty,
  direct,
  ndirect,
  direct_or_empty,
  starts,
  like,
  nlike,
  empty
};

enum class OperatorTakes : std::uint8_t {
  one,
  several,  // divided by commas; those of the same filter add up
  two,      // the same, the first and the last one meant
  flag      // "1" or "0"
};

struct OperatorRow {
  std::string_view name;  // part of the API, and stored by it
  Operator op;
  OperatorTakes takes;
};

// In the order in which they are told.
inline constexpr std::array kOperators{
    OperatorRow{"eq", Operator::eq, OperatorTakes::one},
    OperatorRow{"neq", Operator::neq, OperatorTakes::one},
    OperatorRow{"gt", Operator::gt, OperatorTakes::one},
    OperatorRow{"gte", Operator::gte, OperatorTakes::one},
    OperatorRow{"lt", Operator::lt, OperatorTakes::one},
    OperatorRow{"lte", Operator::lte, OperatorTakes::one},
    OperatorRow{"between", Operator::between, OperatorTakes::two},
    OperatorRow{"nbetween", Operator::nbetween, OperatorTakes::two},
    OperatorRow{"in", Operator::in, OperatorTakes::several},
    OperatorRow{"nin", Operator::nin, OperatorTakes::several},
    OperatorRow{"in_or_empty", Operator::in_or_empty, OperatorTakes::several},
    OperatorRow{"direct", Operator::direct, OperatorTakes::several},
    OperatorRow{"ndirect", Operator::ndirect, OperatorTakes::several},
    OperatorRow{"direct_or_empty", Operator::direct_or_empty, OperatorTakes::several},
    OperatorRow{"starts", Operator::starts, OperatorTakes::one},
    OperatorRow{"like", Operator::like, OperatorTakes::one},
    OperatorRow{"nlike", Operator::nlike, OperatorTakes::one},
    OperatorRow{"empty", Operator::empty, OperatorTakes::flag},
};

constexpr std::optional<Operator> operator_named(std::string_view name) {
  for (const OperatorRow& row : kOperators)
    if (row.name == name) return row.op;
  return std::nullopt;
}

constexpr const OperatorRow& row_of(Operator op) {
  return *std::find_if(kOperators.begin(), kOperators.end(), [&](const OperatorRow& row) { return row.op == op; });
}

// "eq, neq, gt and so on": all of them, in words.
inline std::string operators_in_words() {
  std::string out;
  for (const OperatorRow& row : kOperators) {
    const bool is_last = row.op == kOperators.back().op;
    out.append(out.empty() ? "" : is_last ? " and " : ", ").append(row.name);
  }
  return out;
}

}  // namespace pf
