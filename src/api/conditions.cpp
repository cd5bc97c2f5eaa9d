#include "api/conditions.h"

namespace pf::api {

std::vector<catalog::Condition> conditions(const gate::ListQuestion& question) {
  std::vector<catalog::Condition> out;
  for (const auto& condition : question.where) out.push_back({condition.column, condition.op, condition.values});
  return out;
}

std::vector<catalog::SortKey> sort_keys(const gate::ListQuestion& question) {
  std::vector<catalog::SortKey> out;
  for (const auto& key : question.sort) out.push_back({key.column, key.descending});
  return out;
}

}  // namespace pf::api
