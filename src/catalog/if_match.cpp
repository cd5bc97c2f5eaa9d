#include "catalog/if_match.h"

#include "productflow/text.h"

namespace pf::catalog {
namespace {

// If-Match of RFC 9110; a weak mark, which proxies add when they compress, is overlooked.
bool matches(std::string_view if_match, std::string_view etag) {
  for (auto part : split(if_match, ',')) {
    part = trim(part);
    if (part.starts_with("W/")) part.remove_prefix(2);
    if (part == "*" || part == etag) return true;
  }
  return false;
}

}  // namespace

std::string etag_of(const Stamp& stamp) {
  return '"' + std::to_string(stamp.version) + '-' + std::to_string(stamp.document) + '"';
}

std::optional<Stamp> stamp_if(const Record* record) {
  if (record == nullptr) return std::nullopt;
  return Stamp{record->document, record->version};
}

Error stale(bool there) {
  Error out = error(ErrorCode::conflict,
                    there ? "Somebody changed this product after you read it. Load it again and repeat your change."
                          : "This product is no longer there.");
  out.faults.push_back({"If-Match", "stale", out.message});
  return out;
}

Result<> check_if_match(std::string_view if_match, const std::optional<Stamp>& stamp) {
  if (trim(if_match).empty() || (stamp && matches(if_match, etag_of(*stamp)))) return {};
  return stale(stamp.has_value());
}

std::uint64_t version_read(std::string_view if_match, std::optional<std::uint64_t> read_version,
                           std::uint32_t document) {
  auto part = trim(if_match);
  if (part.empty()) return read_version.value_or(0);
  if (part.starts_with("W/")) part.remove_prefix(2);
  const auto dash = part.find('-');
  if (part.size() < 5 || part.front() != '"' || part.back() != '"' || dash == std::string_view::npos) return 0;
  const auto version = parse_int(part.substr(1, dash - 1)).value_or(0);
  const auto of = parse_int(part.substr(dash + 1, part.size() - dash - 2)).value_or(-1);
  return version < 1 || of != std::int64_t{document} ? 0 : static_cast<std::uint64_t>(version);
}

}  // namespace pf::catalog
