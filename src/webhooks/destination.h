// Where a webhook goes. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "productflow/result.h"

namespace pf::webhooks {

inline constexpr std::size_t kUrlBytesMax = 2'000;

struct Destination {
  std::string host;  // lower case; an address without brackets
  std::uint16_t port = 443;
  std::string target;         // path and query
  std::string place() const;  // "hooks.example.com", or with its port where that is not 443: what the owner allows
};
// https alone, no user, no fragment, no control characters; a name in ASCII (punycode) or an address. Faults name
// "url"; that of a user has a code of its own, since who asks may be told elsewhere.
inline constexpr std::string_view kHoldsUser = "user";
Result<Destination> destination_of(std::string_view url);
// Where a server that was asked for `from` sends us: what it answered as Location, which may leave out what stays the
// same (RFC 3986, section 5; the dots of "../x" are left to that server). Faults as above.
Result<Destination> redirected(const Destination& from, std::string_view location);
// "hooks.example.com", "hooks.example.com:8443", "[fd00::1]:8443": faults name "host".
Result<Destination> place_of(std::string_view text);

}  // namespace pf::webhooks
