// What the files of Access share. Not for other rooms.
//
// 1. The store is the truth. The directory (people, roles, policy) is a copy of it, made anew after every unit of work
//    that changed one of them and before that unit is acknowledged; so a right that was taken is gone with the answer.
// 2. A session or token is asked for its person on every request; whoever is not in the directory, or sleeps, is out.
// 3. Sessions and tokens are cached by the hash of their secret, so that a request costs no parse and no write.
#pragma once

#include <map>
#include <mutex>
#include <unordered_map>

#include "access/access.h"
#include "access/access_keys.h"
#include "access/guesses.h"
#include "access/tickets.h"
#include "crypto/crypto.h"
#include "productflow/faults.h"

namespace pf::access {

inline std::string text_in(const json::Value& record, std::string_view name) {
  const json::Value* value = record.find(name);
  return value != nullptr && value->as_string() != nullptr ? *value->as_string() : std::string();
}
std::optional<Time> time_in(const json::Value& record, std::string_view name);
bool flag_in(const json::Value& record, std::string_view name);
std::vector<std::string> list_in(const json::Value& record, std::string_view name);
json::Value list_of(const std::vector<std::string>& list);
Limits limits_in(const json::Value& record);
Result<std::optional<json::Value>> record_at(const storage::Reader& read, storage::FamilyRef family,
                                             std::string_view key);
Account account_of(const json::Value& record);
Role role_of(const json::Value& record);
Token token_of(const json::Value& record);
json::Value token_record(const Token& token);
std::string cookie_of(const http::Request& request, std::string_view name);
std::string agent_of(const http::Request& request);  // as Caller has it
Error not_signed_in();
// Adds what is wrong with the lists as faults of "limits.channels" and so on.
void check_limits(const Limits& limits, Faults& faults);
// Ten letters and digits that are not mistaken for others, 50 bits: for codes that people read and type.
std::string typed_code();
std::string with_dash(std::string_view typed_code);   // "abcde-fghij", as it is shown
std::string person_object(std::string_view id);       // "user:..."
json::Value without_secrets(const Account& account);  // what the log says of it
bool address_within(std::string_view address, const std::vector<std::string>& ranges);
// What one household or office comes from: an IPv4 address, or 64 bits of IPv6, of which one machine has all (RFC
// 6177).
std::string network_of(std::string_view address);
std::optional<std::string> range_fault(std::string_view range);

struct Session {
  std::string id, user, email, browser, agent, address, factors;
  Time started{}, seen{}, fresh{}, written{};
};
json::Value session_record(const Session& session);
Session session_of_record(const json::Value& record);

// Who may do what, as of the last change.
struct Directory {
  struct Person {
    Account account;
    Permissions may;
    std::shared_ptr<const Limits> limits;  // null: none
    bool must_enrol = false;
  };
  std::map<std::string, Person, std::less<>> people;  // by id
  std::vector<Role> roles;
  SignInPolicy policy;
  const Role* role(std::string_view name) const;
};

struct Access::Impl {
  Impl(storage::Store& s, const Clock& c, const Clock& b, std::string_view pepper, Journal j,
       const crypto::PasswordCost& cost);

  storage::Store& store;
  const Clock& clock;  // ages what ends by itself; never goes back, so it may stay ahead
  const Clock& box;    // what the machine shows: phones count their codes by the real time
  const storage::FamilyRef family;
  const crypto::SecretBytes pepper, sealing_key;
  const Journal journal;
  std::function<Result<>(storage::Write& work, std::string_view id)> also_gone;  // what else goes with an account
  const crypto::PasswordCost cost;
  mutable std::once_flag nobody_once;
  mutable std::string nobody;  // a hash to try passwords against of accounts that do not exist; made when first needed

  Guesses by_address{Guesses::kByAddress}, by_account{Guesses::kByAccount};

  std::mutex set_up_mutex;  // guards the three below
  std::string set_up_hash;
  Time set_up_until{};
  int set_up_tries = 0;

  // ---- directory (invariant 1)
  std::mutex reload_mutex;  // one at a time, so that an older copy does not replace a newer one
  mutable std::mutex directory_mutex;
  std::shared_ptr<const Directory> directory;  // shared: a request reads one while the next is made
  std::shared_ptr<const Directory> now_known() const;
  void reload();
  // Must be called in every unit of work that changes an account, a role or the policy.
  void changes_directory(storage::Write& work);
  bool must_change_password(const Account& account, const Directory& known) const;

  // ---- caches (invariant 3)
  struct KnownToken {
    Token token;
    Time written;
  };
  mutable std::mutex cache_mutex;
  std::unordered_map<std::string, Session> sessions;
  std::unordered_map<std::string, KnownToken> known_tokens;
  std::uint64_t endings = 0;  // whoever read a record before one ended must not put it into a cache after
  // In a unit of work: the session under that hash of a secret ends. Its cache goes with the commit.
  void erase_session(storage::Write& work, const std::string& hash);
  template <class Which>
  void forget_sessions(const Which& which) {
    const std::lock_guard lock(cache_mutex);
    ++endings;
    std::erase_if(sessions, which);
  }
  template <class Which>
  void forget_tokens(const Which& which) {
    const std::lock_guard lock(cache_mutex);
    ++endings;
    std::erase_if(known_tokens, which);
  }
  static constexpr std::size_t kCacheMax = 10'000;

  // ---- records
  void put(storage::Write& work, std::string_view key, const json::Value& record) const;
  Result<std::optional<json::Value>> account_by_mail(const storage::Reader& read, std::string_view email) const;
  Result<json::Value> account_record(const storage::Reader& read, std::string_view id) const;  // not_found
  // Reads, changes and writes one account, and tells it.
  Result<> change_record(std::string_view id, const std::function<Result<>(storage::Write&, json::Value&)>& how);
  Result<> tell(storage::Write& work, const Actor& by, std::string_view action, std::string_view object,
                json::Value details = json::Value(json::Members{})) const {
    return journal(work, by, action, object, std::move(details));
  }
  Result<> tell_alone(const Actor& by, std::string_view action, std::string_view object, json::Value details);

  // ---- secrets
  std::string seasoned(std::string_view password) const;  // with the pepper, for Argon2id
  bool password_holds(const json::Value& account, std::string_view password) const;
  // Checks it against the policy. Takes a tenth of a second, so it is for a copy outside of any unit of work;
  // take_password() then brings it into the record.
  Result<> set_password(json::Value& account, std::string_view password) const;
  static void take_password(json::Value& record, const json::Value& hashed);
  std::string keyed_hash(std::string_view purpose, std::string_view secret) const;
  std::string seal(std::string_view user, std::string_view secret) const;
  std::optional<std::string> open(std::string_view user, std::string_view sealed) const;

  // ---- sessions
  bool alive(const Session& session) const;
  std::string csrf_of(std::string_view session_id) const;
  Result<std::optional<Session>> session_by(const std::string& hash);
  Result<> note_seen(const std::string& hash, Time seen);
  Result<> end_session(const std::string& hash);
  // In a unit of work: all sessions of a person but the one with the id `spared`. Their cache goes with the commit, and
  // so does whatever waits for a second factor of his.
  Result<> end_sessions(storage::Write& work, std::string_view user, std::string_view spared = {});
  Result<> end_tokens(storage::Write& work, std::string_view user);
  // The account sleeps; who may do so was asked before, and the record is still to be put.
  Result<> stop_record(storage::Write& work, json::Value& record);
  Result<> remove_program(storage::Write& work, const Actor& by, std::string_view key, const json::Value& record);
  Result<Actor> actor_of(const Session& session) const;
  Result<Actor> by_cookie(const std::string& cookie, const http::Request& request, bool prolong);
  Result<Actor> by_token(const std::string& secret, const http::Request& request);
  // What the session's own page is told.
  SignedIn facts_of(const Session& session, const Directory& known) const;

  // ---- signing in
  Tickets tickets;
  // A try that was counted before it is checked.
  struct Guess {
    std::string address, network, who;  // `who` as by_account counts it; empty for what nobody can guess
    bool address_waits = false, account_waits = false;
  };
  // too_many while the address, or `account_name` from strange browsers, has to wait.
  Result<Guess> guess(const Caller& caller, const std::string& account_name, const json::Value* account);
  Result<> guess_failed(const Guess& guess, std::string_view object, std::string_view factor);
  void guess_right(const Guess& guess);
  Result<SignedIn> open_session(const json::Value& account, const Caller& caller, std::string_view factors,
                                const std::function<Result<>(storage::Write&, json::Value&)>& use_factor);
  // Marks the code as used in `account`; Error when it is not right, too old or used.
  Result<std::string> use_code(json::Value& account, std::string_view code) const;  // "totp" or "recovery"
  Result<std::string> use_passkey(json::Value& account, const Pending& asked, const FactorAnswer& answer,
                                  bool alone) const;
  json::Value passkey_question(const json::Value* account, Pending& asked, const Caller& caller) const;
  Result<SignedIn> renew_session(const Actor& actor, const Caller& caller);
  // In a unit of work: what gives way to a new session of `user`.
  Result<> make_room(storage::Write& work, std::string_view user);
  std::vector<std::string> make_recovery_codes(json::Value& account) const;

  // ---- rights
  // Nobody hands out, or takes, what he does not have himself: rights, nor a sight beyond his own limits.
  Result<> may_give(const Actor& by, const Permissions& rights, const Limits& limits, std::string_view field) const;
  // The same for a person's role with the person's own limits; a role that is gone gives nothing.
  Result<> may_give(const Actor& by, const Directory& known, const std::string& role, const Limits& limits) const;
  Result<> owner_stays(const storage::Reader& read, std::string_view id) const;
  Result<std::pair<std::string, Account>> invite_record(storage::Write& work, json::Value record) const;
};

}  // namespace pf::access
