#include "search/pattern.h"

#include <re2/re2.h>

#include "search/pattern_size.h"

namespace pf::search {
namespace {

RE2::Options options() {
  RE2::Options out(RE2::Quiet);
  out.set_max_mem(static_cast<std::int64_t>(kPatternMemoryBytesMax));
  out.set_dot_nl(true);
  return out;
}

}  // namespace

struct Pattern::Impl {
  explicit Impl(std::string_view text) : re(re2::StringPiece(text.data(), text.size()), options()) {}
  const RE2 re;
};

Result<Pattern> Pattern::compile(std::string_view text) {
  if (text.size() > kPatternBytesMax)
    return invalid("pattern", "too_long", "A pattern has at most " + std::to_string(kPatternBytesMax) + " bytes.");
  auto impl = std::make_shared<const Impl>(text);
  if (!impl->re.ok())
    return invalid("pattern", "pattern",
                   "This is not a pattern that can be checked: " + impl->re.error() +
                       ". Write it as [A-Z]{2}-\\d+; what looks ahead or back is not offered.");
  return Pattern(std::move(impl));
}

std::size_t pattern_size(std::string_view text) {
  const RE2 re(re2::StringPiece(text.data(), text.size()), options());
  return static_cast<std::size_t>(std::max(re.ProgramSize(), 1));
}

bool Pattern::matches(std::string_view text) const {
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), impl_->re);
}

std::optional<std::string> Pattern::found_in(std::string_view text) const {
  const int groups = impl_->re.NumberOfCapturingGroups() > 0 ? 2 : 1;
  re2::StringPiece found[2];
  const re2::StringPiece whole(text.data(), text.size());
  if (!impl_->re.Match(whole, 0, whole.size(), RE2::UNANCHORED, found, groups)) return std::nullopt;
  return found[groups - 1].ToString();
}

}  // namespace pf::search
