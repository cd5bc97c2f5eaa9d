#include "orders/list_filter.h"

#include <algorithm>
#include <span>

#include "orders/order_record.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

using catalog::Condition;
using catalog::Operator;
using search::Filter;

// Different values of one column that are looked into for a part of them: a tenth of a second's work.
constexpr std::size_t kLookedIntoMax = 200'000;

const ListColumn* column_named(const ListColumns& list, std::string_view name) {
  const auto found = std::ranges::find(list.columns, name, &ListColumn::name);
  return found == list.columns.end() ? nullptr : &*found;
}
bool has_terms(const ListColumn& column) {
  return column.kind == ColumnKind::term || column.kind == ColumnKind::text || column.kind == ColumnKind::flag ||
         column.kind == ColumnKind::any || column.kind == ColumnKind::either;
}

// The operator's own name would need the gate; these are its words for a person.
std::string operators_of(const ListColumn& column) {
  if (column.kind == ColumnKind::text)
    return std::string("eq, neq, in, nin, starts, like and nlike") + (column.may_lack ? ", empty, in_or_empty" : "");
  if (has_terms(column)) return "eq, neq, in and nin";
  return std::string("eq, gt, gte, lt, lte, between and nbetween") + (column.may_lack ? ", and empty" : "");
}

class Conditions {
 public:
  Conditions(const ListColumns& list, const TermsOf& terms_of) : list_(list), terms_of_(terms_of) {}
  // Every fault at once, named as the caller wrote the column.
  Result<Filter> filter_of(std::string_view text, const std::vector<Condition>& where,
                           std::string_view without_field) && {
    std::vector<Filter> parts;
    const auto words = search::words_of(text);
    for (std::size_t i = 0; i < words.size(); ++i)
      parts.push_back(i + 1 == words.size() ? search::prefix("q", words[i]) : search::any_of("q", {words[i]}));
    for (const Condition& condition : where) {
      const ListColumn* column = column_named(list_, condition.column);
      if (column == nullptr)
        fault(condition, "unknown",
              "\"" + condition.column.substr(0, 60) + "\" is no column of the " + std::string(list_.list) + ".");
      else if (!without_field.empty() && column->field == without_field)
        continue;
      else if (has_terms(*column))
        add_terms(condition, *column, parts);
      else
        add_range(condition, *column, parts);
    }
    if (faults_.faults.empty()) return search::both(std::move(parts));
    faults_.message = faults_.faults.front().message;
    return std::move(faults_);
  }

 private:
  const ListColumns& list_;
  const TermsOf& terms_of_;
  void fault(const Condition& condition, const char* code, std::string message) {
    faults_.faults.push_back({condition.column.substr(0, 60), code, std::move(message)});
  }
  void no_operator(const Condition& condition, const ListColumn& column) {
    fault(condition, "operator", condition.column + " is asked by " + operators_of(column) + ".");
  }

  void add_terms(const Condition& condition, const ListColumn& column, std::vector<Filter>& parts) {
    if (column.kind == ColumnKind::text && add_text(condition, column, parts)) return;
    const bool plain = condition.op == Operator::eq || condition.op == Operator::in;
    const bool negated = condition.op == Operator::neq || condition.op == Operator::nin;
    if (!plain && !negated) return no_operator(condition, column);
    std::vector<std::string> values = condition.values;
    if (column.kind == ColumnKind::flag || column.kind == ColumnKind::any)
      for (std::string& value : values) {
        if (value == "1") value = "true";
        if (value == "0") value = "false";
        if (value != "true" && value != "false")
          return fault(condition, "boolean", condition.column + " is true or false.");
      }
    if (column.kind == ColumnKind::either)
      for (const std::string& value : values)
        if (std::ranges::find(column.known, value) == column.known.end())
          return fault(
              condition, "value",
              condition.column + " is " + std::string(column.known[0]) + " or " + std::string(column.known[1]) + ".");
    Filter any = column.kind == ColumnKind::any ? unless_none(column, column.known, values, "true", "false")
                 : column.kind == ColumnKind::either
                     ? unless_none(column, column.known.subspan(1), values, column.known[1], column.known[0])
                     : search::any_of(std::string(column.field), std::move(values));
    parts.push_back(negated ? search::without(std::move(any)) : std::move(any));
  }

  // What texts are asked by besides; false for another operator. `like` finds how they begin, with '*' or '%' in front
  // any part of them.
  bool add_text(const Condition& condition, const ListColumn& column, std::vector<Filter>& parts) {
    const std::string field(column.field);
    const auto any_value = [&] { return search::prefix(field, ""); };
    if (condition.op == Operator::empty && column.may_lack) {
      const bool empty = !condition.values.empty() && condition.values.front() == "1";
      parts.push_back(empty ? search::without(any_value()) : any_value());
      return true;
    }
    if (condition.op == Operator::in_or_empty && column.may_lack) {
      parts.push_back(search::either({search::any_of(field, condition.values), search::without(any_value())}));
      return true;
    }
    const bool starts = condition.op == Operator::starts;
    if (!starts && condition.op != Operator::like && condition.op != Operator::nlike) return false;
    std::vector<Filter> any;
    for (const std::string& value : condition.values) {
      std::string_view part = value;
      const auto is_wild = [](char c) { return c == '*' || c == '%'; };
      const bool anywhere = !starts && !part.empty() && is_wild(part.front());
      while (!starts && !part.empty() && is_wild(part.front())) part.remove_prefix(1);
      while (!starts && !part.empty() && is_wild(part.back())) part.remove_suffix(1);
      if (anywhere && terms_of_) {
        auto terms = terms_of_(field, kLookedIntoMax + 1);
        if (terms.size() > kLookedIntoMax) {
          fault(condition, "too_many",
                condition.column + " has more than " + std::to_string(kLookedIntoMax) +
                    " different values, which are not all looked into; ask for how it begins.");
          return true;
        }
        const std::string wanted = search::folded(part);
        std::erase_if(terms,
                      [&](const std::string& term) { return search::folded(term).find(wanted) == std::string::npos; });
        any.push_back(search::any_of(field, std::move(terms)));
      } else {
        any.push_back(search::prefix(field, std::string(part)));
      }
    }
    Filter found = search::either(std::move(any));
    parts.push_back(condition.op == Operator::nlike ? search::without(std::move(found)) : std::move(found));
    return true;
  }

  // For what is written only where it is there: `yes` is having one of these terms, `no` is having none.
  static Filter unless_none(const ListColumn& column, std::span<const std::string_view> written,
                            const std::vector<std::string>& values, std::string_view yes, std::string_view no) {
    const Filter there =
        search::any_of(std::string(column.field), std::vector<std::string>(written.begin(), written.end()));
    const bool with = std::ranges::count(values, yes) > 0, without = std::ranges::count(values, no) > 0;
    return with && without ? search::everything() : with ? there : search::without(there);
  }

  // The value's key in the column, and the one just after it: an amount has the currency's digits, so it is written as
  // people do and compared in the list's currency.
  std::optional<std::pair<std::string, std::string>> keys_of(const Condition& condition, const ListColumn& column,
                                                             bool last = false) {
    const std::string value = condition.values.empty() ? "" : last ? condition.values.back() : condition.values.front();
    std::int64_t number = 0;
    if (column.kind == ColumnKind::time) {
      const auto time = parse_time(value);
      if (!time.ok()) {
        fault(condition, "time", condition.column + " is a time such as 2026-11-24T12:00:00Z.");
        return std::nullopt;
      }
      number = static_cast<std::int64_t>(time->time_since_epoch().count());
    } else if (column.kind == ColumnKind::amount) {
      const auto currency = Currency::parse(catalog::kListCurrency);
      const auto amount = parse_money(value, *currency);
      if (!amount.ok()) {
        fault(condition, "amount", condition.column + " is an amount such as 19.95.");
        return std::nullopt;
      }
      number = amount->minor;
    } else {
      const auto whole = parse_int(value);
      if (!whole) {
        fault(condition, "number", condition.column + " is a whole number.");
        return std::nullopt;
      }
      number = *whole;
    }
    return std::pair(sortable(number), sortable(number) + '\0');
  }

  void add_range(const Condition& condition, const ListColumn& column, std::vector<Filter>& parts) {
    const std::string field(column.field);
    if (condition.op == Operator::empty && column.may_lack) {
      Filter there = search::in_range(field, std::nullopt, std::nullopt);
      const bool empty = !condition.values.empty() && condition.values.front() == "1";
      return parts.push_back(empty ? search::without(std::move(there)) : std::move(there));
    }
    if (condition.op == Operator::between || condition.op == Operator::nbetween) {
      if (condition.values.size() != 2)
        return fault(condition, "value", condition.column + " is between two values, such as 10,20.");
      const auto from = keys_of(condition, column), to = keys_of(condition, column, true);
      if (!from || !to) return;
      return parts.push_back(condition.op == Operator::between
                                 ? search::in_range(field, from->first, to->second)
                                 : search::either({search::in_range(field, std::nullopt, from->first),
                                                   search::in_range(field, to->second, std::nullopt)}));
    }
    const bool known = condition.op == Operator::eq || condition.op == Operator::gt || condition.op == Operator::gte ||
                       condition.op == Operator::lt || condition.op == Operator::lte;
    if (!known) return no_operator(condition, column);
    const auto keys = keys_of(condition, column);
    if (!keys) return;
    const auto& [at, after] = *keys;
    switch (condition.op) {
      case Operator::gt:
        return parts.push_back(search::in_range(field, after, std::nullopt));
      case Operator::gte:
        return parts.push_back(search::in_range(field, at, std::nullopt));
      case Operator::lt:
        return parts.push_back(search::in_range(field, std::nullopt, at));
      case Operator::lte:
        return parts.push_back(search::in_range(field, std::nullopt, after));
      default:
        return parts.push_back(search::in_range(field, at, after));
    }
  }

  Error faults_{ErrorCode::invalid, {}, {}};
};

}  // namespace

Result<Filter> list_filter(const ListColumns& list, std::string_view text, const std::vector<Condition>& where,
                           std::string_view without_field, const TermsOf& terms_of) {
  return Conditions(list, terms_of).filter_of(text, where, without_field);
}

Result<search::Sort> list_sort(const ListColumns& list, const std::vector<catalog::SortKey>& sort) {
  for (const auto& key : sort) {
    const ListColumn* column = column_named(list, key.column);
    if (column == nullptr || has_terms(*column))
      return invalid("sort", "unknown",
                     "The " + std::string(list.list) + " is sorted by " + std::string(list.sorted) +
                         ", with - in front for descending.");
  }
  if (sort.empty()) return search::Sort{std::string(list.newest), true};
  search::Sort by{sort.front().column, sort.front().descending, {}};
  for (const auto& key : std::span(sort).subspan(1)) by.then.push_back({key.column, key.descending, {}});
  return by;
}

}  // namespace pf::orders
