#include "gate/list.h"

#include <algorithm>

#include "productflow/text.h"

namespace pf::gate {
namespace {

bool holds(const std::vector<std::string_view>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

std::vector<std::string> words(std::string_view list) {
  std::vector<std::string> out;
  for (const auto part : split(list, ','))
    if (!trim(part).empty()) out.emplace_back(trim(part));
  return out;
}

std::string joined(const std::vector<std::string_view>& list) {
  std::string out;
  for (const auto word : list) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

// What a stranger wrote, short enough to be repeated.
std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 60;
  std::size_t size = std::min(text.size(), kShown);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
    --size;  // whole characters
  return "\"" + std::string(text.substr(0, size)) + "\"";
}

// "brand[eq]" -> brand, eq; the last bracket counts, so that a column's name may hold one.
struct Name {
  std::string column{}, bracket{};
  bool bracketed = false;
};
Name split_name(const std::string& name) {
  const auto open = name.rfind('[');
  if (open == std::string::npos || open == 0 || name.back() != ']') return {name, "", false};
  return {name.substr(0, open), name.substr(open + 1, name.size() - open - 2), true};
}

// status[]=open and, as PHP's clients write a list, status[0]=open&status[1]=shipped.
bool is_index(std::string_view bracket) {
  return std::ranges::all_of(bracket, [](char c) { return c >= '0' && c <= '9'; });
}

class Questioner {
 public:
  explicit Questioner(const ListRules& rules) : rules_(rules) {}

  Result<ListQuestion> read(const Call& call) && {
    for (const auto& [name, value] : call.query) parameter(name, value);
    if (!out_.cursor.empty()) out_.page = 1;
    if (faults_.faults.empty()) return std::move(out_);
    faults_.message = faults_.faults.front().message;
    return std::move(faults_);
  }

 private:
  void fault(const std::string& field, const char* code, std::string message) {
    faults_.faults.push_back({field.substr(0, 100), code, std::move(message)});
  }

  void parameter(const std::string& whole, const std::string& value) {
    const Name name = split_name(whole);
    if (whole == "q")
      out_.text = value;
    else if (whole == "page")
      number(whole, value, kPageMax, out_.page);
    else if (whole == "per_page")
      number(whole, value, kPerPageMax, out_.per_page);
    else if (whole == "cursor")
      out_.cursor = value;
    else if (name.column == "sort")
      sort(whole, value);
    else if (whole == "facets")
      out_.facets = words(value);
    else if (whole == "fields")
      out_.fields = words(value);
    else if (holds(rules_.parameters, whole) || holds(rules_.parameters, name.column + "[]"))
      return;
    else if (!name.bracketed)
      fault(whole, "unknown",
            in_quotes(whole) + " is no parameter of this list; a filter is written column[eq]=value.");
    else if (!rules_.columns.empty() && !holds(rules_.columns, name.column))
      fault(whole, "unknown", in_quotes(name.column) + " cannot be filtered; " + joined(rules_.columns) + " can.");
    else if (const auto op = is_index(name.bracket) ? std::optional(Operator::in) : operator_named(name.bracket))
      condition(whole, name.column, *op, value);
    else
      fault(whole, "operator", in_quotes(name.bracket) + " is no operator; use " + operators_in_words() + ".");
  }

  void number(const std::string& name, const std::string& value, std::uint64_t most, std::uint64_t& out) {
    const auto whole = parse_int(value);
    if (!whole || *whole < 1 || static_cast<std::uint64_t>(*whole) > most)
      fault(name, "range", name + " is a number from 1 to " + std::to_string(most) + ".");
    else
      out = static_cast<std::uint64_t>(*whole);
  }

  void sort(const std::string& name, const std::string& value) {
    const auto& sortable = rules_.sortable.empty() ? rules_.columns : rules_.sortable;
    for (auto& word : words(value)) {
      const bool descending = word.starts_with('-');
      std::string column = descending ? word.substr(1) : word;
      if (!sortable.empty() && !holds(sortable, column))
        fault(name, "unknown",
              "The list cannot be sorted by " + in_quotes(column) + "; it can by " + joined(sortable) + ".");
      else if (out_.sort.size() == kSortKeysMax)
        return fault(name, "too_many", "A list is sorted by at most " + std::to_string(kSortKeysMax) + " columns.");
      else
        out_.sort.push_back({std::move(column), descending});
    }
  }

  // The same filter twice: both hold, but for those of several values, which add up
  // (status[]=open&status[]=accepted).
  void condition(const std::string& name, const std::string& column, Operator op, const std::string& value) {
    const OperatorTakes takes = row_of(op).takes;
    if (takes == OperatorTakes::flag && value != "0" && value != "1")
      return fault(name, "value", name + " is 1 (nothing filled in) or 0 (something filled in).");
    std::vector<std::string> values =
        takes == OperatorTakes::one || takes == OperatorTakes::flag ? std::vector{value} : words(value);
    if (takes == OperatorTakes::two && values.size() != 2)
      return fault(name, "value", name + " is two values divided by a comma, such as 10,20; both count.");
    auto at = out_.where.end();
    if (takes == OperatorTakes::several)
      at = std::ranges::find_if(out_.where, [&](const Condition& c) { return c.column == column && c.op == op; });
    if (at == out_.where.end()) {
      if (out_.where.size() >= kConditionsMax) return fault(name, "many", "A list takes at most 50 filters.");
      at = out_.where.insert(at, {column, op, {}});
    }
    for (auto& one : values) at->values.push_back(std::move(one));
    if (at->values.size() > kConditionValuesMax) fault(name, "many", "A filter takes at most 1,000 values.");
  }

  const ListRules& rules_;
  ListQuestion out_{};
  Error faults_{ErrorCode::invalid, {}, {}};
};

}  // namespace

Result<ListQuestion> list_question(const Call& call, const ListRules& rules) {
  return Questioner(rules).read(call);
}

std::vector<std::pair<std::string, std::string>> list_parameters() {
  return {{"q", "Words to look for; all must occur."},
          {"page", "The page, from 1."},
          {"per_page", "Items of a page: 1 to 200, by default 15."},
          {"cursor", "next_cursor of the page before: any depth at the same cost."},
          {"sort", "Columns, divided by commas; a '-' before one sorts it descending."},
          {"sort[]", "The same, as a list."},
          {"fields", "Only these fields, divided by commas."},
          {"*[op]", "A filter on a column: " + operators_in_words() +
                        "; column[]= is one of several. Not every column takes each; its refusal says which it does."}};
}

}  // namespace pf::gate
