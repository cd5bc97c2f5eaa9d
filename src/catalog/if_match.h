// Which version of a product somebody read: ETags, and what they are asked by. Pure functions, any thread. Only for
// this room.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/record.h"
#include "productflow/result.h"

namespace pf::catalog {

std::string etag_of(const Stamp& stamp);
std::optional<Stamp> stamp_if(const Record* record);
// A conflict whose first fault is "stale".
Error stale(bool there);
// RFC 9110 section 13.1.1: a list of ETags, "*", or nothing; `stamp` is what is there now. Else stale().
Result<> check_if_match(std::string_view if_match, const std::optional<Stamp>& stamp);
// The version of this very product that a change was made from: the ETag's, or the body's; 0: not known.
std::uint64_t version_read(std::string_view if_match, std::optional<std::uint64_t> read_version,
                           std::uint32_t document);

}  // namespace pf::catalog
