// Stored on disk: do not change. Family "access"; values are JSON, so that fields can be added.
//   "u" user id                -> account: email, password (Argon2id encoded), created_at, role
//   "m" folded e-mail          -> user id
//   "t" SHA-256 of the token   -> token: id, name, scopes, created_at, expires_at, last_used_at
//   "s" SHA-256 of the cookie  -> session: id, user, started_at, seen_at, fresh_at
//   "c" name                   -> setting
#pragma once

#include <string>
#include <string_view>

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
inline std::string setting_key(std::string_view name) {
  return "c" + std::string(name);
}

}  // namespace pf::access
