// What a person or a program of his is confined to. Plain values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pf::access {

// What a person, role or program is confined to. Nothing in a list: no limit of that kind.
struct Limits {
  std::vector<std::string> channels{};    // of orders: "bol"
  std::vector<std::string> categories{};  // of products: "clothing" holds what lies below it too
  std::vector<std::string> locales{};     // of product texts that may be written: "nl-NL"
  std::vector<std::string> personal{};    // fields of a buyer that may be revealed: kPersonalFields
  bool any() const { return !channels.empty() || !categories.empty() || !locales.empty() || !personal.empty(); }
  bool channel(std::string_view name) const;
  bool category(const std::vector<std::string>& of_product) const;  // one of them lies within
  bool locale(std::string_view tag) const;
  bool field(std::string_view name) const;
  friend bool operator==(const Limits&, const Limits&) = default;
};
// As the vault names a buyer's fields.
inline constexpr std::string_view kPersonalFields[] = {"shipping_customer", "billing_customer", "email",
                                                       "phone_number",      "comment",          "extra"};
// Both hold: what is in neither list is left out; a kind that has nothing in common lets nothing in.
Limits both(const Limits& one, const Limits& other);
// Whether whoever has `inner` finds nothing that `outer` keeps from him.
bool lies_within(const Limits& inner, const Limits& outer);

}  // namespace pf::access
