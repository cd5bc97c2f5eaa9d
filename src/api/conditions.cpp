#include "api/conditions.h"

namespace pf::api {
namespace {

// Both enumerations name the same operators; a room below the gate has its own.
catalog::Operator operator_of(gate::Operator op) {
  switch (op) {
    case gate::Operator::eq:
      return catalog::Operator::eq;
    case gate::Operator::neq:
      return catalog::Operator::neq;
    case gate::Operator::gt:
      return catalog::Operator::gt;
    case gate::Operator::gte:
      return catalog::Operator::gte;
    case gate::Operator::lt:
      return catalog::Operator::lt;
    case gate::Operator::lte:
      return catalog::Operator::lte;
    case gate::Operator::in:
      return catalog::Operator::in;
    case gate::Operator::nin:
      return catalog::Operator::nin;
    case gate::Operator::like:
      return catalog::Operator::like;
    case gate::Operator::empty:
      return catalog::Operator::empty;
    case gate::Operator::nlike:
      return catalog::Operator::nlike;
    case gate::Operator::between:
      return catalog::Operator::between;
    case gate::Operator::nbetween:
      return catalog::Operator::nbetween;
    case gate::Operator::starts:
      return catalog::Operator::starts;
    case gate::Operator::in_or_empty:
      return catalog::Operator::in_or_empty;
  }
  return catalog::Operator::eq;
}

}  // namespace

std::vector<catalog::Condition> conditions(const gate::ListQuestion& question) {
  std::vector<catalog::Condition> out;
  for (const auto& condition : question.where)
    out.push_back({condition.column, operator_of(condition.op), condition.values});
  return out;
}

std::vector<catalog::SortKey> sort_keys(const gate::ListQuestion& question) {
  std::vector<catalog::SortKey> out;
  for (const auto& key : question.sort) out.push_back({key.column, key.descending});
  return out;
}

}  // namespace pf::api
