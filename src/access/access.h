// Who may come in, and as whom: people and their roles, factors and sessions, programs' tokens and certificates, and
// the set-up of a new shop. Secrets are stored hashed, those that must be read again are sealed. Every change is told
// to the journal in its own unit of work, so none is without its entry. Any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "access/people.h"
#include "access/review.h"
#include "crypto/crypto.h"
#include "http/message.h"
#include "json/json.h"
#include "productflow/clock.h"
#include "storage/store.h"

namespace pf::access {

// Defaults of ASVS 5.0 7.3 and NIST 800-63B AAL3, as the hosted service promises.
inline constexpr std::chrono::minutes kIdleMax{15};
inline constexpr std::chrono::hours kSessionMax{12};
inline constexpr std::chrono::minutes kSudoWindow{5};      // after a password or passkey, for dangerous actions
inline constexpr std::size_t kSessionsMax = 20;            // of one person: a few browsers, and what was left open
inline constexpr std::chrono::minutes kTicketLife{5};      // between the password and the second factor
inline constexpr int kTicketTriesMax = 5;                  // codes for one password
inline constexpr std::chrono::hours kInvitationLife{72};   // over a weekend
inline constexpr std::chrono::minutes kSetUpCodeLife{60};  // the code that serve prints on first run
inline constexpr int kSetUpTriesMax = 10;
inline constexpr std::size_t kPasswordCharsMin = 12, kPasswordBytesMax = 256;  // Amazon DPP 1.4; ASVS 6.2.9
inline constexpr std::chrono::days kPasswordAgeMin{1}, kPasswordAgeMax{365};   // Amazon DPP 1.4, that policy alone
inline constexpr std::size_t kTokensMax = 1'000, kPeopleMax = 1'000, kPasskeysMax = 20;
inline constexpr std::size_t kRecoveryCodes = 10;
inline constexpr std::string_view kSessionCookie = "__Host-session";
inline constexpr std::string_view kDeviceCookie = "__Host-device";  // tells a browser that was here before
inline constexpr std::chrono::days kDeviceCookieLife{400};          // the longest that browsers keep one
inline constexpr std::size_t kDevicesMax = 20;                      // remembered of one person, the newest

// Where somebody comes from, as far as it can be told.
struct Caller {
  std::string address{}, agent{}, device{};  // agent: User-Agent, cut to 200 bytes; device: the cookie's value
  std::string host{};                        // that the browser asked for: "shop.local:8443"
  std::string session{};                     // the cookie's value, where there is one
};
Caller caller_of(const http::Request& request);

struct SignedIn {
  std::string cookie{};  // the secret, for Set-Cookie; shown once
  std::string device{};  // for the device cookie; empty when the browser has one
  std::string csrf{};    // for the header X-CSRF-Token
  Account account{};
  Permissions may{};
  Limits limits{};
  bool must_enrol = false, must_change_password = false;  // until then `may` is empty
  Time idle_expires_at{}, expires_at{};
};
// A password was right, and a second factor is asked for.
struct Ticket {
  std::string secret{};
  bool totp = false, passkey = false, recovery = false;
  json::Value question{};  // for navigator.credentials.get, where there is a passkey for this address
};
struct SignInStep {
  std::optional<SignedIn> done{};
  Ticket ticket{};  // when not done
};
// One of them is given. Bytes, not base64.
struct FactorAnswer {
  std::string code{};  // of the app, or a recovery code
  std::string passkey_id{}, client_data{}, authenticator_data{}, signature{};
};

// Tells what happened, within the unit of work that does it; an Error undoes it.
using Journal = std::function<Result<>(storage::Write& work, const Actor& by, std::string_view action,
                                       std::string_view object, json::Value details)>;

class Access {
 public:
  static std::vector<storage::Family> families();  // "access"
  // `clock` ages sessions, tickets and tokens, and may stay ahead of the real time; `box` is what the machine shows,
  // which the codes of a phone are compared with. `pepper`: at least 32 secret bytes that are not in the store:
  // load_pepper().
  Access(storage::Store& store, const Clock& clock, const Clock& box, std::string_view pepper, Journal journal,
         const crypto::PasswordCost& cost = {});
  ~Access();

  // ---- who is it
  // Cookie, bearer token, client certificate, or the admin socket's user (ours or root). Kind::nobody without any of
  // them; unauthenticated for one that is wrong, expired or removed. `prolong` false looks without counting as
  // activity.
  Result<Actor> authenticate(const http::Request& request, bool prolong = true);
  Result<> check_csrf(const Actor& actor, const http::Request& request) const;
  // What the web interface needs to know about its own session; nothing for other actors.
  Result<std::optional<SignedIn>> session_of(const http::Request& request) const;

  // ---- people. `by` can give no right that he does not have. The last owner stays.
  Result<bool> has_owner() const;
  // Faults name "email" and "password".
  Result<Account> create_owner(storage::Write& work, std::string_view email, std::string_view password);
  std::vector<Account> accounts() const;  // by e-mail
  Result<Account> account(std::string_view id) const;
  // The one-time code, shown once; nobody knows it afterwards.
  Result<std::pair<std::string, Account>> invite(const Actor& by, const NewPerson& person);
  // Another code for whoever lost his way in. His password, sessions and, if asked, factors end now.
  Result<std::pair<std::string, Account>> invite_again(const Actor& by, std::string_view id, bool drop_factors);
  Result<Account> accept_invitation(std::string_view code, std::string_view password, const Caller& caller);
  Result<Account> change_account(const Actor& by, std::string_view id, const PersonChange& change);
  Result<> remove_account(const Actor& by, std::string_view id);  // sessions and tokens die in the same unit of work
  // What else goes with an account, in that unit of work. Set once, before anybody is served.
  void on_account_gone(std::function<Result<>(storage::Write& work, std::string_view id)> also);
  Result<> change_password(const Actor& by, std::string_view current, std::string_view next);
  // For the local admin and the demo: no current password asked; ends all sessions and factors.
  Result<> reset_owner_password(std::string_view password);
  Result<> dismiss_notices(const Actor& by);

  // ---- roles
  std::vector<Role> roles() const;                                         // built-in ones first
  Result<Role> save_role(const Actor& by, const Role& role, bool create);  // of built-in ones, `second_factor` alone
  Result<> remove_role(const Actor& by, std::string_view name);            // conflict while somebody has it
  SignInPolicy policy() const;
  Result<> save_policy(const Actor& by, const SignInPolicy& policy);

  // ---- signing in
  // The same answer and about the same time for an unknown e-mail and a wrong password. too_many while this address, or
  // this account from strange browsers, has failed too often; a browser that was here before is not held up.
  Result<SignInStep> sign_in(std::string_view email, std::string_view password, std::string_view code,
                             const Caller& caller);
  Result<Ticket> ask_passkey(const Caller& caller);  // to come in by a passkey alone
  Result<SignedIn> second_step(std::string_view ticket, const FactorAnswer& answer, const Caller& caller);
  // Signing in, or once more, makes a new secret and ends the one that came with the request (ASVS 7.2.4). Confirming
  // keeps the session and its CSRF token.
  Result<SignedIn> confirm_password(const Actor& actor, std::string_view password, const Caller& caller);
  Result<Ticket> ask_passkey_again(const Actor& actor, const Caller& caller);
  Result<SignedIn> confirm_passkey(const Actor& actor, std::string_view ticket, const FactorAnswer& answer,
                                   const Caller& caller);
  Result<> sign_out(const http::Request& request);

  // ---- sessions
  Result<std::vector<Device>> devices(std::string_view user) const;
  Result<> end_device(const Actor& by, std::string_view user, std::string_view id);
  Result<> end_devices(const Actor& by, std::string_view user);  // all but the one that `by` uses now
  Result<std::size_t> tidy_sessions();  // forgets those that have run out; how many. For a timer, about once an hour

  // ---- factors of one's own
  struct NewTotp {
    std::string secret, uri;  // base32; otpauth://
  };
  Result<NewTotp> begin_totp(const Actor& by, std::string_view shop_name);
  // Takes effect with a right code. The recovery codes, when there were none yet.
  Result<std::vector<std::string>> finish_totp(const Actor& by, std::string_view code);
  Result<> remove_totp(const Actor& by);
  Result<std::vector<std::string>> new_recovery_codes(const Actor& by);
  Result<json::Value> begin_passkey(const Actor& by, const Caller& caller, std::string_view shop_name);
  Result<std::vector<std::string>> finish_passkey(const Actor& by, std::string_view name, std::string_view ticket,
                                                  std::string_view client_data, std::string_view attestation,
                                                  const Caller& caller);
  Result<> remove_passkey(const Actor& by, std::string_view id);

  // ---- programs
  // The secret, shown once.
  Result<std::pair<std::string, Token>> create_token(const Actor& by, const NewToken& token);
  // The same rights under a new secret; the old one ends after `overlap`.
  Result<std::pair<std::string, Token>> rotate_token(const Actor& by, std::string_view id, std::chrono::hours overlap);
  // Whether `by` may have such a token or certificate, before something dear is made for it.
  Result<> may_create(const Actor& by, const NewToken& token) const;
  Result<Token> register_certificate(const Actor& by, const NewToken& token, std::string_view der);
  Result<std::vector<Token>> tokens() const;
  Result<> remove_token(const Actor& by, std::string_view id);

  // ---- the quarter's access review
  // Every person and program must be decided. Those who lose their access lose it in the same unit of work that keeps
  // the signed record. By a person alone.
  Result<Review> sign_review(const Actor& by, const ReviewDraft& draft, const Signer& sign);
  Result<std::vector<Review>> reviews(std::size_t count) const;  // newest first; content is null where text is damaged
  Result<Time> review_due() const;

  // ---- first run
  std::string new_set_up_code();  // replaces an earlier one
  // Limited tries. A right one may come again until the owner is made, so that a fault in a form costs no restart.
  Result<> use_set_up_code(std::string_view code);

  // ---- settings
  Result<ShopSettings> settings() const;
  Result<> save_settings(storage::Write& work, const ShopSettings& settings);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::access
