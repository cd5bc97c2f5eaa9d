// What the lists of this room have in common: conditions on columns of the index, by name. For the rooms above too.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "catalog/product_list.h"
#include "search/index.h"

namespace pf::orders {

// What an ordered column holds.
std::string sortable(Time time);
std::string sortable(std::int64_t number);

// term: exact values; text: the same, which people also know by a part; flag: true or false; time, amount, number:
// ordered columns.
// any: true or false, whether the field has any of `known`, since what has none is not written.
// either: known[0] or known[1], of which only the second is written.
enum class ColumnKind { term, text, flag, any, either, time, amount, number };
struct ListColumn {
  std::string_view name, field;  // as asked for, as indexed
  ColumnKind kind;
  // An ordered column, or a text of few different values, that some documents do not have: may be asked by `empty`.
  bool may_lack = false;
  std::span<const std::string_view> known{};
};
struct ListColumns {
  std::string_view list;  // "order list", in messages
  std::span<const ListColumn> columns;
  std::string_view sorted;  // the ordered columns, in messages
  std::string_view newest;  // by which a list that is not sorted is sorted, descending
};

// The first terms of a field in their order, at most so many; for parts of texts.
using TermsOf = std::function<std::vector<std::string>(std::string_view field, std::size_t limit)>;

// `text`: words, the last may be a beginning. Conditions on the field `without_field` are left out. Every fault at
// once, named as the caller wrote the column.
Result<search::Filter> list_filter(const ListColumns& list, std::string_view text,
                                   const std::vector<catalog::Condition>& where, std::string_view without_field = {},
                                   const TermsOf& terms_of = {});
Result<search::Sort> list_sort(const ListColumns& list, const std::vector<catalog::SortKey>& sort);

}  // namespace pf::orders
