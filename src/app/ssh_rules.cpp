#include "app/ssh_rules.h"

#include <algorithm>

#include "productflow/text.h"

namespace pf::app {

SshRules::SshRules(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    std::string users;  // a block ends with its file
    for (std::string_view line : split(file, '\n')) {
      line = trim(line);
      const std::size_t end = line.find_first_of(" \t=");
      if (line.empty() || line[0] == '#' || end == std::string_view::npos) continue;
      const std::string keyword = lower_ascii(line.substr(0, end));
      std::string_view value = trim(line.substr(end));
      if (value.starts_with('=')) value = trim(value.substr(1));
      if (keyword != "match") {
        lines_.push_back({users, keyword, std::string(value)});
        continue;
      }
      const std::size_t blank = value.find_first_of(" \t");
      const bool by_user = equals_ignoring_case(value.substr(0, blank), "user") && blank != std::string_view::npos;
      const std::string_view names = by_user ? trim(value.substr(blank)) : "";
      const bool everybody = equals_ignoring_case(value, "all");
      users = everybody ? "*" : names.empty() || names.find_first_of(" \t") != std::string_view::npos ? "?" : names;
    }
  }
}

std::string SshRules::setting(std::string_view keyword, std::string_view otherwise) const {
  return lower_ascii(setting_of("", keyword, otherwise));
}

std::string SshRules::setting_of(std::string_view user, std::string_view keyword, std::string_view otherwise) const {
  const std::string folded = lower_ascii(keyword);
  // What a block says overrides what is said outside, also when that comes first.
  for (const bool of_block : {true, false})
    for (const Line& line : lines_) {
      if (line.keyword != folded || line.users.empty() == of_block) continue;
      const auto names = split(line.users, ',');
      if (!of_block || std::ranges::any_of(names, [&](std::string_view name) { return name == user || name == "*"; }))
        return line.value;
    }
  return std::string(otherwise);
}

}  // namespace pf::app
