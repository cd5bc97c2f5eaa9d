// Who asks for a file whose server wants to know: a user name and a password, sent as HTTP Basic (RFC 7617), and how
// the password is sealed. Pure functions, but for a seal's nonce.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/crypto.h"
#include "http/outbound.h"
#include "productflow/faults.h"

namespace pf::jobs {

inline constexpr std::size_t kFeedUserBytesMax = 255;        // more than an e-mail address has
inline constexpr std::size_t kFeedPasswordBytesMax = 2'000;  // tokens are given as passwords; a head has 8 KiB

// Faults name "username" and "password".
void check_login(Faults& faults, std::string_view username, std::string_view password);
// The header's value. Secret.
std::string basic_authorization(std::string_view username, std::string_view password);

// A seal opens for the schedule and the place alone that it was made for: whoever alters records cannot have a password
// sent elsewhere. REQUIRES: key of crypto::kGcmKeyBytes, id of one length always.
std::string sealed_password(std::string_view key, std::string_view id, std::string_view place,
                            std::string_view password);
std::optional<crypto::SecretBytes> opened_password(std::string_view key, std::string_view id, std::string_view place,
                                                   std::string_view sealed);

struct Asked {
  bool signed_in = false;  // with user name or password
  std::string elsewhere;   // the place that another server sent us to, which gets neither; empty: the schedule's own
  std::string home;        // the schedule's own place
};
// Why a server did not let us in, and what to do; nothing when it is about something else.
std::optional<Error> not_let_in(const http::OutboundAnswer& answer, const Asked& asked);

}  // namespace pf::jobs
