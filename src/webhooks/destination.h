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
// "url".
Result<Destination> destination_of(std::string_view url);
// "hooks.example.com", "hooks.example.com:8443", "[fd00::1]:8443": faults name "host".
Result<Destination> place_of(std::string_view text);

}  // namespace pf::webhooks
