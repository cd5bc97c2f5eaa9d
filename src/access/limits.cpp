#include "access/limits.h"

#include <algorithm>

namespace pf::access {
namespace {

// "clothing/shirts" lies within "clothing".
bool within(std::string_view path, std::string_view of) {
  return path == of || (path.size() > of.size() && path.starts_with(of) && path[of.size()] == '/');
}
bool holds(const std::vector<std::string>& list, std::string_view name) {
  return list.empty() || std::ranges::find(list, name) != list.end();
}
// No name is empty, so a list of one empty name lets nothing in.
std::vector<std::string> in_both(const std::vector<std::string>& one, const std::vector<std::string>& other,
                                 bool (*lies)(std::string_view, std::string_view)) {
  if (one.empty()) return other;
  if (other.empty()) return one;
  std::vector<std::string> out;
  for (const std::string& name : one)
    if (std::ranges::any_of(other, [&](const std::string& wide) { return lies(name, wide); })) out.push_back(name);
  for (const std::string& name : other)
    if (std::ranges::find(out, name) == out.end() &&
        std::ranges::any_of(one, [&](const std::string& wide) { return lies(name, wide); }))
      out.push_back(name);
  if (out.empty()) out.emplace_back();
  return out;
}
bool list_within(const std::vector<std::string>& inner, const std::vector<std::string>& outer,
                 bool (*lies)(std::string_view, std::string_view)) {
  if (outer.empty()) return true;
  return !inner.empty() && std::ranges::all_of(inner, [&](const std::string& name) {
    return name.empty() || std::ranges::any_of(outer, [&](const std::string& wide) { return lies(name, wide); });
  });
}
bool same(std::string_view one, std::string_view other) {
  return one == other;
}

}  // namespace

bool Limits::channel(std::string_view name) const {
  return holds(channels, name);
}
bool Limits::category(const std::vector<std::string>& of_product) const {
  return categories.empty() || std::ranges::any_of(of_product, [&](const std::string& path) {
           return std::ranges::any_of(categories, [&](const std::string& of) { return within(path, of); });
         });
}
bool Limits::locale(std::string_view tag) const {
  return holds(locales, tag);
}
bool Limits::field(std::string_view name) const {
  return holds(personal, name);
}

Limits both(const Limits& one, const Limits& other) {
  return {in_both(one.channels, other.channels, same), in_both(one.categories, other.categories, within),
          in_both(one.locales, other.locales, same), in_both(one.personal, other.personal, same)};
}
bool lies_within(const Limits& inner, const Limits& outer) {
  return list_within(inner.channels, outer.channels, same) && list_within(inner.categories, outer.categories, within) &&
         list_within(inner.locales, outer.locales, same) && list_within(inner.personal, outer.personal, same);
}

}  // namespace pf::access
