#include "http/negotiation.h"

#include "productflow/text.h"

namespace pf::http {

bool takes_coding(std::string_view accept_encoding, std::string_view coding) {
  bool any = false;
  for (const std::string_view part : split(accept_encoding, ',')) {
    const std::string_view name = trim(part.substr(0, part.find(';')));
    if (name != coding && name != "*") continue;
    const std::size_t q = part.find("q=");
    const bool taken =
        q == std::string_view::npos || part.substr(q + 2).find_first_of("123456789") != std::string_view::npos;
    if (name == coding) return taken;  // goes before what is said of all
    any = taken;
  }
  return any;
}

bool names_etag(std::string_view if_none_match, std::string_view etag) {
  const auto without_mark = [](std::string_view tag) {
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    return tag;
  };
  for (const std::string_view part : split(if_none_match, ','))
    if (const auto tag = trim(part); tag == "*" || without_mark(tag) == without_mark(etag)) return true;
  return false;
}

std::optional<std::uint64_t> resumes_at(std::string_view range, std::string_view if_range, std::string_view etag) {
  constexpr std::string_view kBytes = "bytes=";
  if (trim(if_range) != etag) return std::nullopt;
  range = trim(range);
  if (!range.starts_with(kBytes) || !range.ends_with('-')) return std::nullopt;
  const auto first = parse_int(range.substr(kBytes.size(), range.size() - kBytes.size() - 1));
  return first && *first > 0 ? std::optional(static_cast<std::uint64_t>(*first)) : std::nullopt;
}

}  // namespace pf::http
