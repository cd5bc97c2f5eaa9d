// Who may come in: accounts with passwords, browser sessions, programs' tokens, and the set-up of a new shop. Secrets
// are stored hashed only. Any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "http/message.h"
#include "json/json.h"
#include "productflow/clock.h"
#include "storage/store.h"

namespace pf::access {

// Defaults of ASVS 5.0 7.3 and NIST 800-63B AAL3, as the hosted service promises.
inline constexpr std::chrono::minutes kIdleMax{15};
inline constexpr std::chrono::hours kSessionMax{12};
inline constexpr std::chrono::minutes kSudoWindow{5};      // after a password, for dangerous actions
inline constexpr std::chrono::minutes kSetUpCodeLife{60};  // the code that serve prints on first run
inline constexpr int kSetUpTriesMax = 10;
inline constexpr std::size_t kPasswordCharsMin = 12, kPasswordBytesMax = 256;  // Amazon DPP 1.4; ASVS 6.2.9
inline constexpr std::size_t kTokensMax = 1'000;
inline constexpr std::string_view kSessionCookie = "__Host-session";

struct Account {
  std::string id, email, role;
  Time created_at{};
};
struct Token {
  std::string id, name;
  std::vector<std::string> scopes;  // permission names, or "all"
  Time created_at{};
  std::optional<Time> expires_at{}, last_used_at{};
};
struct SignedIn {
  std::string cookie;  // the secret, for Set-Cookie; shown once
  std::string csrf;    // for the header X-CSRF-Token
  Account account;
  Time idle_expires_at{}, expires_at{};
};
struct ShopSettings {
  std::string shop_name = "My shop", company_number = "1", currency = "EUR", time_zone = "Europe/Amsterdam";
};

class Access {
 public:
  static std::vector<storage::Family> families();  // "access"
  Access(storage::Store& store, const Clock& clock);
  ~Access();

  // ---- who is it
  // Cookie, bearer token, or the admin socket's user (ours or root). Kind::nobody without any of them; unauthenticated
  // for one that is wrong, expired or removed. `prolong` false looks without counting as activity.
  Result<Actor> authenticate(const http::Request& request, bool prolong = true);
  Result<> check_csrf(const Actor& actor, const http::Request& request) const;
  // What the web interface needs to know about its own session; nothing for other actors.
  Result<std::optional<SignedIn>> session_of(const http::Request& request) const;

  // ---- accounts
  Result<bool> has_owner() const;
  // Faults name "email" and "password".
  Result<Account> create_owner(storage::Write& work, std::string_view email, std::string_view password);
  Result<> change_password(std::string_view user, std::string_view current, std::string_view next);
  // For the local admin and the demo: no current password asked; ends all sessions.
  Result<> reset_owner_password(std::string_view password);
  Result<std::vector<Account>> accounts() const;

  // ---- sessions
  // The same answer and about the same time for an unknown e-mail and a wrong password. too_many while this address has
  // failed too often; other addresses are not held up by it.
  Result<SignedIn> sign_in(std::string_view email, std::string_view password, std::string_view address);
  Result<> confirm_password(const Actor& actor, std::string_view password, std::string_view address);
  Result<> sign_out(const http::Request& request);

  // ---- tokens
  // The secret, shown once.
  Result<std::pair<std::string, Token>> create_token(std::string_view name, const std::vector<std::string>& scopes,
                                                     std::optional<Time> expires_at);
  Result<std::vector<Token>> tokens() const;
  Result<> remove_token(std::string_view id);

  // ---- first run
  std::string new_set_up_code();                    // replaces an earlier one
  Result<> use_set_up_code(std::string_view code);  // once; limited tries

  // ---- settings
  Result<ShopSettings> settings() const;
  Result<> save_settings(storage::Write& work, const ShopSettings& settings);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::access
