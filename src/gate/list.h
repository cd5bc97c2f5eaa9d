// The question that a list's address asks: filters, sorting, page or cursor. Free of business words: a room's list says
// which columns it has. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gate/route.h"
#include "productflow/operators.h"

namespace pf::gate {

inline constexpr std::uint64_t kPerPageDefault = 15,
                               kPerPageMax = 200;         // the hosted service's default; one screen's worth
inline constexpr std::uint64_t kPageMax = 1'000'000'000;  // so that page * per_page cannot overflow
inline constexpr std::size_t kSortKeysMax = 5;            // of one list: each reads a value of every document of a page
inline constexpr std::size_t kConditionsMax = 50;         // of one list: each costs an intersection
inline constexpr std::size_t kConditionValuesMax = 1'000;  // of one "in": a page of SKUs pasted from a file

// As many values as its operator takes (operators.h). Several mean one of them, or none of them; two the first and the
// last one meant, or the last one below and the first one above.
struct Condition {
  std::string column{};
  Operator op = Operator::eq;
  std::vector<std::string> values{};
};
struct SortKey {
  std::string column{};
  bool descending = false;
};

struct ListQuestion {
  std::uint64_t page = 1, per_page = kPerPageDefault;
  std::string cursor{};            // when not empty, `page` is 1 and does not count
  std::string text{};              // q=
  std::vector<Condition> where{};  // all hold
  std::vector<SortKey> sort{};
  std::vector<std::string> facets{}, fields{};
  std::uint64_t offset() const { return (page - 1) * per_page; }
};

// What a list knows. An empty `columns` takes any column, for lists whose columns are data (attributes).
struct ListRules {
  std::vector<std::string_view> columns{};     // for filters
  std::vector<std::string_view> sortable{};    // empty: as columns
  std::vector<std::string_view> parameters{};  // plain parameters that the handler reads by itself
};

// column[op]=value, column[]=value (one of), sort=-a,b or sort[]=, q=, page=, per_page=, cursor=, facets=, fields=.
// Every fault at once, with the parameter's name.
Result<ListQuestion> list_question(const Call& call, const ListRules& rules);

// The rows' query column for such a list, for OpenAPI; add to it what is special.
std::vector<std::pair<std::string, std::string>> list_parameters();

}  // namespace pf::gate
