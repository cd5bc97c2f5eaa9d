// Stored on disk: do not change. Family "rules":
//   "v"             -> be64 version of all rules: counts up with every change of one
//   "n"             -> be64 last id; one is never given twice, since histories name it
//   "r" be64 id     -> format, then the JSON of stored_rule()
//   "c" be64 id     -> be64 matched, changed, failed: sums; written by merges of the same three
//   "f" be64 id     -> JSON of the last thing that the rule could not do
#pragma once

#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::rules {

inline constexpr std::string_view kRulesFamily = "rules";
inline constexpr char kRuleFormat = 1;  // first byte of a rule's record
inline std::string rule_key(char mark, std::uint64_t id) {
  std::string key(1, mark);
  put_be64(key, id);
  return key;
}

}  // namespace pf::rules
