#include "gate/form.h"

#include <algorithm>

#include "productflow/text.h"

namespace pf::gate {
namespace {

// "prices[EUR][sell_price]" -> prices, EUR, sell_price; nothing when brackets do not fit.
std::optional<std::vector<std::string>> name_parts(std::string_view name) {
  std::vector<std::string> parts;
  const std::size_t open = name.find('[');
  parts.emplace_back(name.substr(0, open));
  if (parts[0].empty()) return std::nullopt;
  std::string_view rest = open == std::string_view::npos ? std::string_view{} : name.substr(open);
  while (!rest.empty()) {
    const std::size_t close = rest.find(']');
    if (rest.front() != '[' || close == std::string_view::npos || parts.size() >= kFormDepthMax) return std::nullopt;
    parts.emplace_back(rest.substr(1, close - 1));
    rest.remove_prefix(close + 1);
  }
  return parts;
}

bool put(json::Value& at, const std::vector<std::string>& parts, std::size_t next, std::string value) {
  if (next == parts.size()) {
    at = json::Value(std::move(value));
    return true;
  }
  if (!at.is_null() && at.as_object() == nullptr) return false;
  const std::string name =
      !parts[next].empty() ? parts[next] : std::to_string(at.as_object() != nullptr ? at.as_object()->size() : 0);
  if (const json::Value* there = at.find(name); there == nullptr) at.set(name, json::Value());
  for (auto& [key, member] : *at.as_object())
    if (key == name) return put(member, parts, next + 1, std::move(value));
  return false;
}

// Objects whose names count 0, 1, 2 ... are lists.
void make_lists(json::Value& value) {
  json::Members* members = value.as_object();
  if (members == nullptr) return;
  bool counts = !members->empty();
  for (std::size_t i = 0; i < members->size(); ++i) {
    make_lists((*members)[i].second);
    counts = counts && (*members)[i].first == std::to_string(i);
  }
  if (!counts) return;
  json::Array items;
  for (auto& [name, member] : *members) items.push_back(std::move(member));
  value = json::Value(std::move(items));
}

}  // namespace

Result<std::vector<std::pair<std::string, std::string>>> decode_pairs(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (text.empty()) return pairs;
  for (std::string_view part : split(text, '&')) {
    if (part.empty()) continue;
    if (pairs.size() >= kPairsMax) return error(ErrorCode::too_large, "There are more than 2,000 parameters.");
    const std::size_t equals = part.find('=');
    auto name = form_decode(part.substr(0, equals));
    auto value = form_decode(equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1));
    if (!name || !value || first_bad_utf8(*name) || first_bad_utf8(*value))
      return error(ErrorCode::invalid, "A parameter is not percent-encoded UTF-8.");
    pairs.emplace_back(*std::move(name), *std::move(value));
  }
  return pairs;
}

Result<json::Value> decode_form(std::string_view text) {
  PF_LET(auto pairs, decode_pairs(text));
  json::Value form{json::Members{}};
  for (auto& [name, value] : pairs) {
    const auto parts = name_parts(name);
    if (!parts || !put(form, *parts, 0, std::move(value)))
      return invalid(name.substr(0, 100), "name",
                     "The form's field names do not fit together; write them as prices[EUR][sell_price].");
  }
  for (auto& [name, member] : *form.as_object()) make_lists(member);
  return form;
}

}  // namespace pf::gate
