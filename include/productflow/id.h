// Ids of different kinds do not mix and do not turn into numbers by themselves. Values, any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace pf {

// using OrderId = Id<struct OrderIdTag, std::uint64_t>;
template <class Tag, class Raw>
class Id {
 public:
  Id() = default;
  explicit Id(Raw raw) : raw_(std::move(raw)) {}
  const Raw& raw() const { return raw_; }
  friend auto operator<=>(const Id&, const Id&) = default;
  friend bool operator==(const Id&, const Id&) = default;

 private:
  Raw raw_{};
};

}  // namespace pf

template <class Tag, class Raw>
struct std::hash<pf::Id<Tag, Raw>> {
  std::size_t operator()(const pf::Id<Tag, Raw>& id) const { return std::hash<Raw>{}(id.raw()); }
};
