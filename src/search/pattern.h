// Patterns that a whole text must match, as a person wrote them: RE2's syntax (no look-around, no back-references), so
// that the time is linear in the text and the memory bounded, whatever the pattern. Values, any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "productflow/result.h"

namespace pf::search {

inline constexpr std::size_t kPatternBytesMax = 1'000;           // longer ones are written by no person
inline constexpr std::size_t kPatternMemoryBytesMax = 1u << 20;  // of one pattern's automaton

class Pattern {
 public:
  // Invalid (field "pattern") for what is no pattern, with the reason.
  static Result<Pattern> compile(std::string_view text);
  bool matches(std::string_view text) const;  // the whole of it
  // The first place in the text that the pattern means: what its first group holds, or all of it when it has none.
  // Nothing when there is no such place.
  std::optional<std::string> found_in(std::string_view text) const;

 private:
  struct Impl;
  explicit Pattern(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;  // shared: a pattern never changes, and copies of a model keep it
};

}  // namespace pf::search
