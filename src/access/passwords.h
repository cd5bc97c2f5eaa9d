// What a password must be: long enough, not common, not made of the account's own name (NIST SP 800-63B, ASVS 5.0 6.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pf::access {

// What is wrong with it, as a sentence; nothing if it will do.
std::optional<std::string> password_fault(std::string_view password, std::string_view email);

}  // namespace pf::access
