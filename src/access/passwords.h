// What a password must be: long enough, not common, not made of the account's own name (NIST SP 800-63B, ASVS 5.0 6.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/people.h"

namespace pf::access {

// amazon_dpp wants letters of both cases, a digit and a sign on top, which NIST and ASVS advise against: its own
// choice. What is wrong with it, as a sentence; nothing if it will do.
std::optional<std::string> password_fault(std::string_view password, std::string_view email, PasswordPolicy policy);

}  // namespace pf::access
