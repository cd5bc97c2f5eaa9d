// Turns a question to the order list into a filter of the index, and its documents back into orders.
#include "orders/order_list.h"

#include <algorithm>
#include <array>

#include "orders/order_keys.h"
#include "orders/order_record.h"
#include "orders/orders.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

using catalog::Condition;
using catalog::Operator;
using search::Filter;

enum class Kind { term, flag, any, time, amount, number };  // any: whether the field has a term at all
struct Column {
  std::string_view name, field;  // as asked for, as indexed
  Kind kind;
};
constexpr std::array<Column, 16> kColumns{{{"status", "status", Kind::term},
                                           {"channel", "channel", Kind::term},
                                           {"country_code", "country_code", Kind::term},
                                           {"sku", "sku", Kind::term},
                                           {"channel_order_id", "channel_order_id", Kind::term},
                                           {"name", "channel_order_id", Kind::term},
                                           {"accepted", "accepted", Kind::flag},
                                           {"backordered", "backordered", Kind::flag},
                                           {"hold", "hold", Kind::term},
                                           {"held", "hold", Kind::any},
                                           {"tag", "tag", Kind::term},
                                           {"placed_at", "placed_at", Kind::time},
                                           {"created_at", "created_at", Kind::time},
                                           {"ship_by", "ship_by", Kind::time},
                                           {"total", "total", Kind::amount},
                                           {"id", "id", Kind::number}}};
constexpr std::string_view kSorted = "placed_at, created_at, ship_by, total or id";

const Column* column_named(std::string_view name) {
  const auto found = std::ranges::find(kColumns, name, &Column::name);
  return found == kColumns.end() ? nullptr : found;
}
bool has_terms(const Column& column) {
  return column.kind == Kind::term || column.kind == Kind::flag || column.kind == Kind::any;
}
bool may_lack(const Column& column) {
  return column.name == "ship_by" || column.name == "total";
}

// The operator's own name would need the gate; these are its words for a person.
std::string operators_of(const Column& column) {
  if (has_terms(column)) return "eq, neq, in and nin";
  return std::string("eq, gt, gte, lt and lte") + (may_lack(column) ? ", and empty" : "");
}

class Conditions {
 public:
  // Every fault at once, named as the caller wrote the column.
  Result<Filter> filter_of(const OrderQuery& query, bool with_status) && {
    std::vector<Filter> parts;
    const auto words = search::words_of(query.text);
    for (std::size_t i = 0; i < words.size(); ++i)
      parts.push_back(i + 1 == words.size() ? search::prefix("q", words[i]) : search::any_of("q", {words[i]}));
    for (const Condition& condition : query.where) {
      const Column* column = column_named(condition.column);
      if (column == nullptr)
        fault(condition, "unknown", "\"" + condition.column.substr(0, 60) + "\" is no column of the order list.");
      else if (!with_status && column->field == "status")
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
  void fault(const Condition& condition, const char* code, std::string message) {
    faults_.faults.push_back({condition.column.substr(0, 60), code, std::move(message)});
  }
  void no_operator(const Condition& condition, const Column& column) {
    fault(condition, "operator", condition.column + " is asked by " + operators_of(column) + ".");
  }

  void add_terms(const Condition& condition, const Column& column, std::vector<Filter>& parts) {
    const bool plain = condition.op == Operator::eq || condition.op == Operator::in;
    const bool negated = condition.op == Operator::neq || condition.op == Operator::nin;
    if (!plain && !negated) return no_operator(condition, column);
    std::vector<std::string> values = condition.values;
    if (column.kind != Kind::term)
      for (std::string& value : values) {
        if (value == "1") value = "true";
        if (value == "0") value = "false";
        if (value != "true" && value != "false")
          return fault(condition, "boolean", condition.column + " is true or false.");
      }
    Filter any = column.kind == Kind::any ? has_any(column, values)
                                          : search::any_of(std::string(column.field), std::move(values));
    parts.push_back(negated ? search::without(std::move(any)) : std::move(any));
  }

  // Orders of before holds were known have no term that says they are not held.
  static Filter has_any(const Column& column, const std::vector<std::string>& values) {
    std::vector<std::string> names;
    for (const HoldReason reason : kHoldReasons) names.emplace_back(hold_reason_name(reason));
    const Filter there = search::any_of(std::string(column.field), std::move(names));
    const bool yes = std::ranges::count(values, "true") > 0, no = std::ranges::count(values, "false") > 0;
    return yes && no ? search::everything() : yes ? there : search::without(there);
  }

  // The value's key in the column, and the one just after it: an amount has the currency's digits, so it is written as
  // people do and compared in the list's currency.
  std::optional<std::pair<std::string, std::string>> keys_of(const Condition& condition, const Column& column) {
    const std::string value = condition.values.empty() ? "" : condition.values.front();
    std::int64_t number = 0;
    if (column.kind == Kind::time) {
      const auto time = parse_time(value);
      if (!time.ok()) {
        fault(condition, "time", condition.column + " is a time such as 2026-11-24T12:00:00Z.");
        return std::nullopt;
      }
      number = static_cast<std::int64_t>(time->time_since_epoch().count());
    } else if (column.kind == Kind::amount) {
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

  void add_range(const Condition& condition, const Column& column, std::vector<Filter>& parts) {
    const std::string field(column.field);
    if (condition.op == Operator::empty && may_lack(column)) {
      Filter there = search::in_range(field, std::nullopt, std::nullopt);
      const bool empty = !condition.values.empty() && condition.values.front() == "1";
      return parts.push_back(empty ? search::without(std::move(there)) : std::move(there));
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

Result<search::Sort> sort_of(const OrderQuery& query) {
  for (const auto& key : query.sort) {
    const Column* column = column_named(key.column);
    if (column == nullptr || has_terms(*column))
      return invalid("sort", "unknown",
                     "Orders are sorted by " + std::string(kSorted) + ", with - in front for descending.");
  }
  if (query.sort.empty()) return search::Sort{"placed_at", true};
  return search::Sort{query.sort.front().column, query.sort.front().descending};
}

}  // namespace

Result<std::uint64_t> Orders::count(const storage::Reader& read, const OrderQuery& query) const {
  PF_LET(const Filter filter, Conditions().filter_of(query, true));
  return index_.count(read, filter);
}

Result<OrderPage> Orders::list(const storage::Reader& read, const OrderQuery& query) const {
  PF_LET(const Filter filter, Conditions().filter_of(query, true));
  PF_LET(const search::Sort sort, sort_of(query));
  PF_LET(const auto found, index_.page(read, filter, sort, query.count, query.cursor, query.offset));
  OrderPage page;
  page.total = found.total;
  page.next_cursor = found.next_cursor;
  for (const search::Document document : found.documents) {
    // Orders are never removed and each gets the next document, so the number is the id.
    PF_LET(auto order, find(read, OrderId(kFirstOrderId + document)));
    page.orders.push_back(std::move(order));
  }
  if (query.with_status_counts) {
    PF_LET(const Filter any_status, Conditions().filter_of(query, false));
    PF_LET(page.status_counts, index_.facet(read, any_status, "status", 10));
  }
  if (query.with_tag_counts) {
    PF_LET(page.tag_counts, index_.facet(read, filter, "tag", kTagsCounted));
  }
  return page;
}

}  // namespace pf::orders
