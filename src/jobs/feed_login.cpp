#include "jobs/feed_login.h"

#include <algorithm>

#include "productflow/text.h"
#include "webhooks/signing.h"

namespace pf::jobs {
namespace {

// RFC 7617 section 2 forbids them, and a line end would begin another header.
bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

std::string seal_bound_to(std::string_view id, std::string_view place) {
  return std::string(id).append(place);
}

// A server that names ways to sign in, and Basic is none of them.
bool wants_another_way(const http::Headers& headers) {
  bool named = false;
  for (const auto& [name, value] : headers) {
    if (lower_ascii(name) != "www-authenticate") continue;
    if (lower_ascii(value).find("basic") != std::string::npos) return false;
    named = true;
  }
  return named;
}

}  // namespace

void check_login(Faults& faults, std::string_view username, std::string_view password) {
  if (username.size() > kFeedUserBytesMax || username.find(':') != std::string_view::npos ||
      has_control_character(username))
    faults.add("username", "format", "must have at most 255 bytes, no colon and no control character");
  if (password.size() > kFeedPasswordBytesMax || has_control_character(password))
    faults.add("password", "format", "must have at most 2,000 bytes and no control character");
}

std::string basic_authorization(std::string_view username, std::string_view password) {
  std::string both = std::string(username).append(":").append(password);
  std::string out = "Basic " + webhooks::base64(both);
  crypto::wipe(both);
  return out;
}

std::string sealed_password(std::string_view key, std::string_view id, std::string_view place,
                            std::string_view password) {
  const std::string nonce = crypto::random_bytes(crypto::kGcmNonceBytes);
  return nonce + crypto::gcm_seal(key, nonce, seal_bound_to(id, place), password);
}

std::optional<crypto::SecretBytes> opened_password(std::string_view key, std::string_view id, std::string_view place,
                                                   std::string_view sealed) {
  if (sealed.size() < crypto::kGcmNonceBytes) return std::nullopt;
  return crypto::gcm_open(key, sealed.substr(0, crypto::kGcmNonceBytes), seal_bound_to(id, place),
                          sealed.substr(crypto::kGcmNonceBytes));
}

std::optional<Error> not_let_in(const http::OutboundAnswer& answer, const Asked& asked) {
  const auto because = [](std::string why) { return error(ErrorCode::unavailable, std::move(why)); };
  switch (answer.status) {
    case 401:
      if (wants_another_way(answer.headers))
        return because(
            "The server wants another way of signing in (401) than a user name and a password by HTTP Basic, which is "
            "the only one that is spoken. Ask whoever runs it for that, or for an address that holds a token of its "
            "own.");
      if (asked.elsewhere == asked.home)
        return because(
            "Another server sends us back to " + asked.home +
            ", which wants a user name and a password (401). Whoever was sent there by another does not sign "
            "in. Give the schedule the address where the file is at last.");
      if (!asked.elsewhere.empty())
        return because("The server sends us on to " + asked.elsewhere +
                       ", which wants a user name and a password (401). Those of a schedule go to the server of its "
                       "own address alone. Give the schedule the address there.");
      return because(asked.signed_in
                         ? "The server refuses the user name or the password (401). Enter both anew in the schedule, "
                           "as whoever runs the server gave them."
                         : "The server wants a user name and a password (401). Enter them in the schedule, as whoever "
                           "runs the server gave them.");
    case 403:
      if (!asked.elsewhere.empty())
        return because("The server sends us on to " + asked.elsewhere +
                       ", which refuses the file (403); no user name and password go there. Ask whoever runs it for an "
                       "address that holds.");
      return because(asked.signed_in
                         ? "The server refuses this file to the user of the schedule (403). Ask whoever runs it to "
                           "allow it, or look whether the address is right."
                         : "The server refuses the file (403). If it wants a user name and a password, enter them in "
                           "the schedule; else ask whoever runs it.");
    case 407:
      return because(
          "The server answers as a proxy that wants to know who asks (407), and none is used here. Ask whoever runs it "
          "for the file's own address.");
    default:
      return std::nullopt;
  }
}

}  // namespace pf::jobs
