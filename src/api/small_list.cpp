#include "api/small_list.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "api/list_page.h"
#include "gate/list.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

// What of a value can be compared: a list is any of its elements, null is nothing.
std::vector<std::string> texts_of(const json::Value* value) {
  std::vector<std::string> out;
  if (value == nullptr) return out;
  if (const auto* list = value->as_array()) {
    for (const json::Value& one : *list)
      for (std::string& part : texts_of(&one)) out.push_back(std::move(part));
  } else if (const auto* text = value->as_string()) {
    if (!text->empty()) out.push_back(*text);
  } else if (const auto* number = value->as_number()) {
    out.push_back(number->text);
  } else if (const auto* flag = value->as_bool()) {
    out.push_back(*flag ? "true" : "false");
  } else if (const auto* object = value->as_object()) {
    for (const auto& [name, member] : *object)
      for (std::string& part : texts_of(&member)) out.push_back(std::move(part));
  }
  return out;
}

std::optional<double> number_in(std::string_view text) {
  double out = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  return fault == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

// Numbers by value, all else by letters, where case does not count; times are written so that this is their order.
int compared(std::string_view a, std::string_view b) {
  const auto left = number_in(a), right = number_in(b);
  if (left && right) return *left < *right ? -1 : *left > *right ? 1 : 0;
  return lower_ascii(a).compare(lower_ascii(b));
}

// '*' is any text; without one it may stand anywhere.
bool is_like(std::string_view text, std::string_view pattern) {
  const std::string in = lower_ascii(text);
  if (pattern.find('*') == std::string_view::npos) return in.find(lower_ascii(pattern)) != std::string::npos;
  const std::string wanted = lower_ascii(pattern);
  const auto parts = split(wanted, '*');
  std::size_t at = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool first = i == 0, last = i + 1 == parts.size();
    const std::size_t found =
        last && !first ? (in.size() < at + parts[i].size() || !in.ends_with(parts[i]) ? std::string::npos
                                                                                      : in.size() - parts[i].size())
                       : in.find(parts[i], at);
    if (found == std::string::npos || (first && found != 0)) return false;
    at = found + parts[i].size();
  }
  return true;
}

// That tell a category from those below it.
bool is_of_trees(pf::Operator op) {
  return op == pf::Operator::direct || op == pf::Operator::ndirect || op == pf::Operator::direct_or_empty;
}

bool holds(const json::Value& item, const gate::Condition& condition) {
  using pf::Operator;
  const auto texts = texts_of(item.find(condition.column));
  const auto any = [&](auto fits) {
    return std::ranges::any_of(texts, [&](const std::string& text) {
      return std::ranges::any_of(condition.values, [&](const std::string& value) { return fits(text, value); });
    });
  };
  const auto equal = [](const std::string& a, const std::string& b) { return compared(a, b) == 0; };
  switch (condition.op) {
    case Operator::eq:
    case Operator::in:
      return any(equal);
    case Operator::in_or_empty:
      return texts.empty() || any(equal);
    case Operator::starts:
      return any([](const auto& a, const auto& b) { return lower_ascii(a).starts_with(lower_ascii(b)); });
    case Operator::neq:
    case Operator::nin:
      return !any(equal);
    case Operator::gt:
      return any([](const auto& a, const auto& b) { return compared(a, b) > 0; });
    case Operator::gte:
      return any([](const auto& a, const auto& b) { return compared(a, b) >= 0; });
    case Operator::lt:
      return any([](const auto& a, const auto& b) { return compared(a, b) < 0; });
    case Operator::lte:
      return any([](const auto& a, const auto& b) { return compared(a, b) <= 0; });
    case Operator::like:
      return any([](const auto& a, const auto& b) { return is_like(a, b); });
    case Operator::nlike:
      return !any([](const auto& a, const auto& b) { return is_like(a, b); });
    case Operator::between:
    case Operator::nbetween:
      return std::ranges::any_of(texts, [&](const std::string& text) {
        const bool within = compared(text, condition.values[0]) >= 0 && compared(text, condition.values[1]) <= 0;
        return within == (condition.op == Operator::between);
      });
    case Operator::empty:
      return texts.empty() == (condition.values.front() == "1");
    case Operator::direct:
    case Operator::ndirect:
    case Operator::direct_or_empty:
      break;  // refused: is_of_trees()
  }
  return false;
}

bool has_words(const json::Value& item, const std::string& words) {
  const auto texts = texts_of(&item);
  return std::ranges::all_of(split(words, ' '), [&](std::string_view word) {
    return trim(word).empty() || std::ranges::any_of(texts, [&](const std::string& text) {
             return lower_ascii(text).find(lower_ascii(trim(word))) != std::string::npos;
           });
  });
}

}  // namespace

Result<gate::Answer> small_list(const gate::Call& call, json::Value items, std::vector<std::string_view> parameters) {
  json::Array& all = *items.as_array();
  std::set<std::string> names;
  for (const json::Value& item : all)
    for (const auto& [name, member] : *item.as_object()) names.insert(name);
  const std::vector<std::string_view> columns(names.begin(), names.end());
  PF_LET(auto asked, gate::list_question(call, {.columns = columns, .parameters = std::move(parameters)}));
  for (const gate::Condition& one : asked.where)
    if (is_of_trees(one.op))
      return invalid(one.column, "operator", "The list has nothing that stands below another; ask with eq, in or nin.");
  for (const std::string& field : asked.fields)
    if (!columns.empty() && std::ranges::find(columns, field) == columns.end())
      return invalid("fields", "unknown", "The list has no field \"" + field.substr(0, 60) + "\".");

  std::erase_if(all, [&](const json::Value& item) {
    return !has_words(item, asked.text) ||
           !std::ranges::all_of(asked.where, [&](const gate::Condition& one) { return holds(item, one); });
  });
  if (!asked.sort.empty())
    std::ranges::stable_sort(all, [&](const json::Value& a, const json::Value& b) {
      for (const auto& key : asked.sort) {
        const auto left = texts_of(a.find(key.column)), right = texts_of(b.find(key.column));
        const int order = left.empty() || right.empty()
                              ? static_cast<int>(right.empty()) - static_cast<int>(left.empty())
                              : compared(left.front(), right.front());
        if (order != 0) return key.descending ? order > 0 : order < 0;
      }
      return false;
    });

  const std::size_t total = all.size();
  const bool paged = call.query_value("per_page") || call.query_value("page") || !asked.cursor.empty();
  Paging paging{
      .page = asked.page, .per_page = paged ? asked.per_page : std::max<std::size_t>(total, 1), .cursor = asked.cursor};
  std::size_t start = static_cast<std::size_t>(std::min<std::uint64_t>(paging.offset(), total));
  if (!asked.cursor.empty()) {
    const auto place = parse_int(unbase64url(asked.cursor).value_or(""));
    if (!place || *place < 0)
      return invalid("cursor", "invalid", "The cursor does not belong to this list. Start again from its first page.");
    start = std::min(static_cast<std::size_t>(*place), total);
  }
  const std::size_t end = std::min(start + static_cast<std::size_t>(paging.per_page), total);
  json::Value page = json::Value::array();
  for (std::size_t i = start; i < end; ++i) {
    if (asked.fields.empty()) {
      page.push(std::move(all[i]));
      continue;
    }
    json::Value part{json::Members{}};
    for (const std::string& field : asked.fields)
      if (const json::Value* value = all[i].find(field)) part.set(field, *value);
    page.push(std::move(part));
  }
  return gate::Answer{
      .body = list_body(call, std::move(page), paging, total, end < total ? base64url(std::to_string(end)) : "")};
}

std::vector<std::pair<std::string, std::string>> small_list_parameters() {
  auto out = gate::list_parameters();
  for (auto& [name, summary] : out) {
    if (name == "per_page") summary = "Items of a page: 1 to 200; all of them when no page is asked for.";
    if (name == "*[op]")
      summary = "A filter on any field: eq, neq, gt, gte, lt, lte, in, nin, like, empty; field[]= is one of several.";
  }
  return out;
}

}  // namespace pf::api
