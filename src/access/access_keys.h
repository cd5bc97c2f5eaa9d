// Stored on disk: do not change. Family "access"; values are JSON, so that fields can be added.
//   "u" user id                -> account: id, email, name, role, state, limits, created_at, password (encoded
//   Argon2id,
//                                 of the peppered password where `peppered`), password_at, last_sign_in_at,
//                                 invitation {hash, until}, totp (sealed secret), totp_step (last used),
//                                 recovery [keyed hashes], passkeys [{id, credential, key, count, name, rp_id, alone,
//                                 created_at, last_used_at}], devices [hashes of device cookies], notices
//   "m" folded e-mail          -> user id
//   "t" SHA-256 of the token   -> token: id, name, scopes, created_at, expires_at, last_used_at, last_address, user,
//       or of a certificate       ranges, certificate
//   "s" SHA-256 of the cookie  -> session: id, user, email, started_at, seen_at, fresh_at, browser (hash of the
//                                 User-Agent), agent, address, factors
//   "r" role name              -> role: name, title, permissions, limits, second_factor
//   "v" be64 milliseconds      -> access review: text as it was signed, signature
//   "c" name                   -> setting: "shop", "sign_in"
#pragma once

#include <string>
#include <string_view>

#include "productflow/bytes.h"
#include "productflow/clock.h"

namespace pf::access {

inline constexpr std::string_view kAccessFamily = "access";
inline std::string account_key(std::string_view id) {
  return "u" + std::string(id);
}
inline std::string mail_key(std::string_view folded) {
  return "m" + std::string(folded);
}
inline std::string token_key(std::string_view hash) {
  return "t" + std::string(hash);
}
inline std::string session_key(std::string_view hash) {
  return "s" + std::string(hash);
}
inline std::string role_key(std::string_view name) {
  return "r" + std::string(name);
}
inline std::string setting_key(std::string_view name) {
  return "c" + std::string(name);
}
inline std::string review_key(Time at) {
  std::string key = "v";
  put_be64(key, static_cast<std::uint64_t>(at.time_since_epoch().count()));
  return key;
}
inline Time review_time(std::string_view review_key) {
  return Time{milliseconds{static_cast<std::int64_t>(get_be64(review_key.substr(1)))}};
}

}  // namespace pf::access
