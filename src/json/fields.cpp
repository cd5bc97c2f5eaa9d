#include "json/fields.h"

namespace pf::json::detail {

bool is_decimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto digits = [](std::string_view part) {
    if (part.empty()) return false;
    for (char c : part)
      if (c < '0' || c > '9') return false;
    return true;
  };
  const std::size_t dot = text.find('.');
  return digits(text.substr(0, dot)) && (dot == std::string_view::npos || digits(text.substr(dot + 1)));
}

void add_fault(Error& faults, const std::string& path, const char* code, std::string message) {
  constexpr std::size_t kFaultsMax = 100;  // enough for a form; a hostile body shall not make a huge answer
  if (faults.faults.size() < kFaultsMax)
    faults.faults.push_back({path.empty() ? "body" : path, code, std::move(message)});
}

std::string at(const std::string& path, std::string_view name) {
  constexpr std::size_t kNameShownMax = 100;  // names of unknown fields come from the caller
  std::string out = path.empty() ? "" : path + ".";
  return out.append(name.substr(0, kNameShownMax));
}

std::string at(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

}  // namespace pf::json::detail
