#include "access/access.h"

#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "access/access_keys.h"
#include "access/passwords.h"
#include "crypto/crypto.h"
#include "productflow/text.h"

namespace pf::access {
namespace {

constexpr std::string_view kTokenPrefix = "pf_";  // recognisable to secret scanners
constexpr std::chrono::minutes kSeenEvery{1};     // how exactly the last use is written down
constexpr std::size_t kEmailBytesMax = 254;       // RFC 5321 section 4.5.3.1

std::string text_in(const json::Value& record, std::string_view name) {
  const json::Value* value = record.find(name);
  return value != nullptr && value->as_string() != nullptr ? *value->as_string() : std::string();
}
std::optional<Time> time_in(const json::Value& record, std::string_view name) {
  const auto time = parse_time(text_in(record, name));
  return time.ok() ? std::optional<Time>(*time) : std::nullopt;
}

Result<std::optional<json::Value>> record_at(const storage::Reader& read, storage::FamilyRef family,
                                             std::string_view key) {
  PF_LET(const auto bytes, read.get(family, key));
  if (!bytes) return std::optional<json::Value>{};
  PF_LET(auto value, json::parse(*bytes));
  return std::optional<json::Value>(std::move(value));
}

Account account_of(const json::Value& record) {
  return {text_in(record, "id"), text_in(record, "email"), text_in(record, "role"),
          time_in(record, "created_at").value_or(Time{})};
}

Token token_of(const json::Value& record) {
  Token token{
      text_in(record, "id"),         text_in(record, "name"),        {}, time_in(record, "created_at").value_or(Time{}),
      time_in(record, "expires_at"), time_in(record, "last_used_at")};
  if (const json::Value* scopes = record.find("scopes"); scopes != nullptr && scopes->as_array() != nullptr)
    for (const json::Value& scope : *scopes->as_array())
      if (scope.as_string() != nullptr) token.scopes.push_back(*scope.as_string());
  return token;
}

Permissions permissions_of(const Token& token) {
  Permissions may;
  for (const std::string& scope : token.scopes) {
    if (scope == "all") return all_permissions();
    if (const auto permission = permission_named(scope)) may.set(static_cast<std::size_t>(*permission));
  }
  return may;
}

std::string cookie_of(const http::Request& request) {
  const std::string* header = http::find_header(request.headers, "cookie");
  if (header == nullptr) return {};
  for (std::string_view part : split(*header, ';')) {
    part = trim(part);
    if (part.starts_with(kSessionCookie) && part.substr(kSessionCookie.size()).starts_with('='))
      return std::string(part.substr(kSessionCookie.size() + 1));
  }
  return {};
}

std::string bearer_of(const http::Request& request) {
  const std::string* header = http::find_header(request.headers, "authorization");
  constexpr std::string_view kScheme = "bearer ";
  if (header == nullptr || !lower_ascii(std::string_view(*header).substr(0, kScheme.size())).starts_with(kScheme))
    return {};
  return std::string(trim(std::string_view(*header).substr(kScheme.size())));
}

bool looks_like_mail(std::string_view email) {
  const std::size_t at = email.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < email.size() &&
         email.find('@', at + 1) == std::string_view::npos &&
         email.find_first_of(" \t\r\n<>\"") == std::string_view::npos && email.size() <= kEmailBytesMax &&
         !first_bad_utf8(email);
}

// Slows down who keeps guessing, by address, so that guessing from elsewhere does not hold up the owner. Bounded:
// forgets the oldest when full.
class Guesses {
 public:
  Result<> may_try(const std::string& who, milliseconds now) {
    const std::lock_guard lock(mutex_);
    const auto found = failures_.find(who);
    if (found == failures_.end() || now >= found->second.open_at) return {};
    const auto seconds = (found->second.open_at - now).count() / 1000 + 1;
    return error(ErrorCode::too_many,
                 "Too many failed attempts from here. Please wait " + std::to_string(seconds) + " seconds.");
  }
  void failed(const std::string& who, milliseconds now) {
    const std::lock_guard lock(mutex_);
    if (failures_.size() >= kWhoMax)
      failures_.erase(std::ranges::min_element(failures_, {}, [](const auto& entry) { return entry.second.last; }));
    Failure& failure = failures_[who];
    if (now - failure.last > kForgiveAfter) failure.count = 0;
    failure.last = now;
    ++failure.count;
    if (failure.count >= kFreeTries)
      failure.open_at =
          now + std::min<milliseconds>(std::chrono::seconds{1} * (1 << std::min(failure.count - kFreeTries, 6)),
                                       std::chrono::minutes{1});
  }
  void succeeded(const std::string& who) {
    const std::lock_guard lock(mutex_);
    failures_.erase(who);
  }

 private:
  static constexpr int kFreeTries = 5;
  static constexpr std::size_t kWhoMax = 10'000;
  static constexpr std::chrono::minutes kForgiveAfter{15};
  struct Failure {
    int count = 0;
    milliseconds last{}, open_at{};
  };
  std::mutex mutex_;
  std::unordered_map<std::string, Failure> failures_;
};

Error not_signed_in() {
  return error(ErrorCode::unauthenticated, "Your session has ended. Please sign in again.");
}

}  // namespace

struct Access::Impl {
  Impl(storage::Store& s, const Clock& c) : store(s), clock(c), family(s.family(kAccessFamily)) {}
  storage::Store& store;
  const Clock& clock;
  const storage::FamilyRef family;
  Guesses guesses;

  std::mutex set_up_mutex;  // guards the three below
  std::string set_up_hash;
  Time set_up_until{};
  int set_up_tries = 0;

  // Browser sessions and tokens by the hash of their secret, so that a request costs no parse and no write.
  struct Session {
    std::string id, user, email;
    Time started, seen, fresh, written;
  };
  struct Known {
    Token token;
    Time written;
  };
  std::mutex cache_mutex;
  std::unordered_map<std::string, Session> sessions;
  std::unordered_map<std::string, Known> known_tokens;
  static constexpr std::size_t kCacheMax = 10'000;

  Result<> put(storage::Write& work, std::string_view key, const json::Value& record) {
    work.put(family, key, json::write(record));
    return {};
  }
  static json::Value session_record(const Session& s) {
    return json::Value::object({{"id", s.id},
                                {"user", s.user},
                                {"email", s.email},
                                {"started_at", rfc3339(s.started)},
                                {"seen_at", rfc3339(s.seen)},
                                {"fresh_at", rfc3339(s.fresh)}});
  }
  static json::Value token_record(const Token& token) {
    json::Value scopes = json::Value::array();
    for (const std::string& scope : token.scopes) scopes.push(scope);
    json::Value record = json::Value::object({{"id", token.id},
                                              {"name", token.name},
                                              {"scopes", std::move(scopes)},
                                              {"created_at", rfc3339(token.created_at)}});
    if (token.expires_at) record.set("expires_at", rfc3339(*token.expires_at));
    if (token.last_used_at) record.set("last_used_at", rfc3339(*token.last_used_at));
    return record;
  }

  bool alive(const Session& session) const {
    const Time now = clock.now();
    return now < session.seen + kIdleMax && now < session.started + kSessionMax &&
           now + std::chrono::minutes{1} >= session.seen;
  }

  Result<std::optional<Session>> session_by(const std::string& hash) {
    {
      const std::lock_guard lock(cache_mutex);
      if (const auto found = sessions.find(hash); found != sessions.end()) return std::optional<Session>(found->second);
    }
    PF_LET(const auto record, record_at(store.read(), family, session_key(hash)));
    if (!record) return std::optional<Session>{};
    Session session{text_in(*record, "id"),
                    text_in(*record, "user"),
                    text_in(*record, "email"),
                    time_in(*record, "started_at").value_or(Time{}),
                    time_in(*record, "seen_at").value_or(Time{}),
                    time_in(*record, "fresh_at").value_or(Time{}),
                    {}};
    session.written = session.seen;
    const std::lock_guard lock(cache_mutex);
    if (sessions.size() >= kCacheMax) sessions.clear();
    sessions[hash] = session;
    return std::optional<Session>(session);
  }

  // Even when the disk is full: reading goes on then, and so does its session.
  Result<> save_session(const std::string& hash, Session session) {
    session.written = session.seen;
    {
      const std::lock_guard lock(cache_mutex);
      sessions[hash] = session;
    }
    return store.write_even_when_full(
        [&](storage::Write& work) { return put(work, session_key(hash), session_record(session)); });
  }
  Result<> end_session(const std::string& hash) {
    {
      const std::lock_guard lock(cache_mutex);
      sessions.erase(hash);
    }
    return store.write_even_when_full([&](storage::Write& work) -> Result<> {
      work.erase(family, session_key(hash));
      return {};
    });
  }
  Result<> end_all_sessions() {
    {
      const std::lock_guard lock(cache_mutex);
      sessions.clear();
    }
    return store.write_even_when_full([&](storage::Write& work) -> Result<> {
      for (auto row = work.scan_prefix(family, "s"); row.valid(); row.next()) work.erase(family, row.key());
      return {};
    });
  }

  Result<Actor> by_cookie(const std::string& cookie, bool prolong) {
    const std::string hash = crypto::sha256(cookie);
    PF_LET(auto session, session_by(hash));
    if (!session) return not_signed_in();
    if (!alive(*session)) {
      PF_TRY(end_session(hash));
      return not_signed_in();
    }
    const Time now = clock.now();
    if (prolong && now > session->seen) {
      session->seen = now;
      if (now - session->written >= kSeenEvery) {
        PF_TRY(save_session(hash, *session));
      } else {
        const std::lock_guard lock(cache_mutex);
        if (const auto found = sessions.find(hash); found != sessions.end()) found->second.seen = now;
      }
    }
    return Actor{Actor::Kind::user, session->user, session->email,
                 all_permissions(), session->id,   now < session->fresh + kSudoWindow};
  }

  Result<Actor> by_token(const std::string& secret) {
    const Error unknown = error(ErrorCode::unauthenticated,
                                "This token is unknown, expired or removed. Make a new one under Settings, Tokens.");
    const std::string hash = crypto::sha256(secret);
    std::optional<Known> known;
    {
      const std::lock_guard lock(cache_mutex);
      if (const auto found = known_tokens.find(hash); found != known_tokens.end()) known = found->second;
    }
    if (!known) {
      PF_LET(const auto record, record_at(store.read(), family, token_key(hash)));
      if (!record) return unknown;
      known = Known{token_of(*record), {}};
      known->written = known->token.last_used_at.value_or(Time{});
    }
    const Time now = clock.now();
    if (known->token.expires_at && now >= *known->token.expires_at) return unknown;
    constexpr std::chrono::hours kUsedEvery{1};  // "last used" is for people who tidy up
    if (now - known->written >= kUsedEvery) {
      known->token.last_used_at = known->written = now;
      PF_TRY(store.write_even_when_full([&](storage::Write& work) -> Result<> {
        PF_LET(const auto there, work.get(family, token_key(hash)));
        if (!there) return {};  // removed meanwhile
        return put(work, token_key(hash), token_record(known->token));
      }));
    }
    const std::lock_guard lock(cache_mutex);
    if (known_tokens.size() >= kCacheMax) known_tokens.clear();
    known_tokens[hash] = *known;
    return Actor{Actor::Kind::token, known->token.id, known->token.name, permissions_of(known->token), "", true};
  }

  Result<std::optional<json::Value>> account_by_mail(std::string_view email) const {
    const auto read = store.read();
    PF_LET(const auto id, read.get(family, mail_key(lower_ascii(email))));
    if (!id) return std::optional<json::Value>{};
    return record_at(read, family, account_key(*id));
  }

  Result<> set_password(json::Value record, std::string_view password) {
    if (const auto fault = password_fault(password, text_in(record, "email")))
      return invalid("password", "weak", "The password " + *fault + ".");
    PF_LET(auto hash, crypto::hash_password(password));
    record.set("password", std::move(hash));
    PF_TRY(store.write([&](storage::Write& work) { return put(work, account_key(text_in(record, "id")), record); }));
    return end_all_sessions();
  }
};

std::vector<storage::Family> Access::families() {
  return {{.name = std::string(kAccessFamily)}};
}
Access::Access(storage::Store& store, const Clock& clock) : impl_(std::make_unique<Impl>(store, clock)) {}
Access::~Access() = default;

Result<Actor> Access::authenticate(const http::Request& request, bool prolong) {
  if (request.peer.local_user) {
    if (*request.peer.local_user != ::getuid() && *request.peer.local_user != 0)
      return error(ErrorCode::unauthenticated,
                   "Only the user who runs ProductFlow, and root, may use its admin socket.");
    return Actor{Actor::Kind::local_admin,
                 "uid:" + std::to_string(*request.peer.local_user),
                 "local administrator",
                 all_permissions(),
                 "",
                 true};
  }
  if (const std::string token = bearer_of(request); !token.empty()) return impl_->by_token(token);
  if (const std::string cookie = cookie_of(request); !cookie.empty()) {
    auto actor = impl_->by_cookie(cookie, prolong);
    // A stale cookie must not keep anybody from signing in.
    if (!actor.ok() && actor.error().code == ErrorCode::unauthenticated) return Actor{};
    return actor;
  }
  return Actor{};
}

namespace {
std::string csrf_of(std::string_view cookie) {
  return base64url(crypto::hmac_sha256(cookie, "pf/v1/csrf"));
}
}  // namespace

Result<> Access::check_csrf(const Actor& actor, const http::Request& request) const {
  if (actor.session.empty()) return {};
  const Error refused = error(ErrorCode::forbidden,
                              "This request did not come from ProductFlow's own pages. Reload the page and try again.");
  if (const std::string* site = http::find_header(request.headers, "sec-fetch-site");
      site != nullptr && *site != "same-origin" && *site != "none")
    return refused;
  const std::string* sent = http::find_header(request.headers, "x-csrf-token");
  if (sent == nullptr || !crypto::same_bytes(*sent, csrf_of(cookie_of(request)))) return refused;
  return {};
}

Result<std::optional<SignedIn>> Access::session_of(const http::Request& request) const {
  const std::string cookie = cookie_of(request);
  if (cookie.empty()) return std::optional<SignedIn>{};
  PF_LET(const auto session, impl_->session_by(crypto::sha256(cookie)));
  if (!session || !impl_->alive(*session)) return std::optional<SignedIn>{};
  PF_LET(const auto record, record_at(impl_->store.read(), impl_->family, account_key(session->user)));
  if (!record) return std::optional<SignedIn>{};
  return std::optional<SignedIn>(SignedIn{"", csrf_of(cookie), account_of(*record),
                                          std::min<Time>(session->seen + kIdleMax, session->started + kSessionMax),
                                          session->started + kSessionMax});
}

Result<bool> Access::has_owner() const {
  const auto read = impl_->store.read();
  return read.scan_prefix(impl_->family, "u").valid();
}

Result<Account> Access::create_owner(storage::Write& work, std::string_view email, std::string_view password) {
  if (work.scan_prefix(impl_->family, "u").valid())
    return error(ErrorCode::conflict, "This shop has an owner already. Sign in instead.");
  Error faults{ErrorCode::invalid, "", {}};
  if (!looks_like_mail(email))
    faults.faults.push_back({"email", "format", "must be an e-mail address such as you@example.com"});
  if (const auto fault = password_fault(password, email)) faults.faults.push_back({"password", "weak", *fault});
  if (!faults.faults.empty()) {
    faults.message = faults.faults[0].field == "email" ? "The e-mail " + faults.faults[0].message
                                                       : "The password " + faults.faults[0].message;
    return faults;
  }
  PF_LET(auto hash, crypto::hash_password(password));
  const std::string id = hex(crypto::random_bytes(8));
  json::Value record = json::Value::object({{"id", id},
                                            {"email", email},
                                            {"role", "owner"},
                                            {"password", std::move(hash)},
                                            {"created_at", rfc3339(impl_->clock.now())}});
  PF_TRY(impl_->put(work, account_key(id), record));
  work.put(impl_->family, mail_key(lower_ascii(email)), id);
  return account_of(record);
}

Result<> Access::change_password(std::string_view user, std::string_view current, std::string_view next) {
  PF_LET(auto record, record_at(impl_->store.read(), impl_->family, account_key(user)));
  if (!record) return not_signed_in();
  if (!crypto::password_matches(text_in(*record, "password"), current))
    return invalid("current_password", "wrong", "The current password is not right.");
  return impl_->set_password(*std::move(record), next);
}

Result<> Access::reset_owner_password(std::string_view password) {
  std::optional<json::Value> record;
  {
    const auto read = impl_->store.read();
    auto row = read.scan_prefix(impl_->family, "u");
    if (!row.valid()) return error(ErrorCode::not_found, "There is no owner yet.");
    PF_LET(record, json::parse(row.value()));
  }
  return impl_->set_password(*std::move(record), password);
}

Result<std::vector<Account>> Access::accounts() const {
  std::vector<Account> all;
  const auto read = impl_->store.read();
  for (auto row = read.scan_prefix(impl_->family, "u"); row.valid(); row.next()) {
    PF_LET(const auto record, json::parse(row.value()));
    all.push_back(account_of(record));
  }
  return all;
}

Result<SignedIn> Access::sign_in(std::string_view email, std::string_view password, std::string_view address) {
  const std::string who(address);
  PF_TRY(impl_->guesses.may_try(who, impl_->clock.since_boot()));
  PF_LET(const auto record, impl_->account_by_mail(email.substr(0, kEmailBytesMax)));
  const std::string_view tried = password.substr(0, kPasswordBytesMax + 1);
  bool right = false;
  if (record)
    right = crypto::password_matches(text_in(*record, "password"), tried);
  else
    crypto::pretend_to_check_password(tried);
  if (!right) {
    impl_->guesses.failed(who, impl_->clock.since_boot());
    return error(ErrorCode::unauthenticated, "The e-mail or the password is not right.");
  }
  impl_->guesses.succeeded(who);

  SignedIn signed_in;
  signed_in.cookie = base64url(crypto::random_bytes(32));  // 256 bits; ASVS 7.2.3 asks for 128
  signed_in.csrf = csrf_of(signed_in.cookie);
  signed_in.account = account_of(*record);
  const Time now = impl_->clock.now();
  signed_in.idle_expires_at = now + kIdleMax;
  signed_in.expires_at = now + kSessionMax;
  PF_TRY(impl_->save_session(crypto::sha256(signed_in.cookie), {hex(crypto::random_bytes(8)), signed_in.account.id,
                                                                signed_in.account.email, now, now, now, now}));
  return signed_in;
}

Result<> Access::confirm_password(const Actor& actor, std::string_view password, std::string_view address) {
  PF_TRY(impl_->guesses.may_try(std::string(address), impl_->clock.since_boot()));
  PF_LET(const auto record, record_at(impl_->store.read(), impl_->family, account_key(actor.id)));
  if (!record || !crypto::password_matches(text_in(*record, "password"), password.substr(0, kPasswordBytesMax + 1))) {
    impl_->guesses.failed(std::string(address), impl_->clock.since_boot());
    return error(ErrorCode::unauthenticated, "The password is not right.");
  }
  std::string hash;
  Impl::Session session;
  {
    const std::lock_guard lock(impl_->cache_mutex);
    for (auto& [key, candidate] : impl_->sessions)
      if (candidate.id == actor.session) {
        candidate.fresh = impl_->clock.now();
        hash = key;
        session = candidate;
      }
  }
  return hash.empty() ? Result<>(not_signed_in()) : impl_->save_session(hash, session);
}

Result<> Access::sign_out(const http::Request& request) {
  const std::string cookie = cookie_of(request);
  return cookie.empty() ? Result<>() : impl_->end_session(crypto::sha256(cookie));
}

Result<std::pair<std::string, Token>> Access::create_token(std::string_view name,
                                                           const std::vector<std::string>& scopes,
                                                           std::optional<Time> expires_at) {
  Error faults{ErrorCode::invalid, "", {}};
  const std::string_view plain = trim(name);
  if (plain.empty() || plain.size() > 100) faults.faults.push_back({"name", "length", "must have 1 to 100 characters"});
  if (scopes.empty()) faults.faults.push_back({"scopes", "required", "must name at least one permission, or all"});
  for (std::size_t i = 0; i < scopes.size(); ++i)
    if (scopes[i] != "all" && !permission_named(scopes[i]))
      faults.faults.push_back(
          {"scopes[" + std::to_string(i) + "]", "unknown",
           "\"" + scopes[i].substr(0, 40) + "\" is not a permission; use one such as orders.read, or all"});
  if (expires_at && *expires_at <= impl_->clock.now())
    faults.faults.push_back({"expires_at", "past", "must be in the future"});
  if (!faults.faults.empty()) {
    faults.message = faults.faults[0].field + " " + faults.faults[0].message;
    return faults;
  }
  std::string secret = std::string(kTokenPrefix) + base64url(crypto::random_bytes(32));
  const Token token{hex(crypto::random_bytes(8)), std::string(plain), scopes, impl_->clock.now(), expires_at, {}};
  PF_TRY(impl_->store.write([&](storage::Write& work) -> Result<> {
    std::size_t count = 0;
    for (auto row = work.scan_prefix(impl_->family, "t"); row.valid(); row.next()) ++count;
    if (count >= kTokensMax)
      return error(ErrorCode::conflict, "There are 1,000 tokens already. Remove those that are not used any more.");
    return impl_->put(work, token_key(crypto::sha256(secret)), Impl::token_record(token));
  }));
  return std::pair(std::move(secret), token);
}

Result<std::vector<Token>> Access::tokens() const {
  std::vector<Token> all;
  const auto read = impl_->store.read();
  for (auto row = read.scan_prefix(impl_->family, "t"); row.valid(); row.next()) {
    PF_LET(const auto record, json::parse(row.value()));
    all.push_back(token_of(record));
  }
  std::ranges::sort(all, {}, &Token::created_at);
  return all;
}

Result<> Access::remove_token(std::string_view id) {
  PF_TRY(impl_->store.write_even_when_full([&](storage::Write& work) -> Result<> {
    for (auto row = work.scan_prefix(impl_->family, "t"); row.valid(); row.next()) {
      PF_LET(const auto record, json::parse(row.value()));
      if (text_in(record, "id") != id) continue;
      work.erase(impl_->family, row.key());
      return {};
    }
    return error(ErrorCode::not_found, "There is no such token.");
  }));
  const std::lock_guard lock(impl_->cache_mutex);
  impl_->known_tokens.clear();
  return {};
}

std::string Access::new_set_up_code() {
  // 10 letters of 32: 50 bits, with ten tries.
  constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789z";
  std::string code;
  for (char c : crypto::random_bytes(10)) {
    if (code.size() == 5) code.push_back('-');
    code.push_back(kLetters[static_cast<unsigned char>(c) % kLetters.size()]);
  }
  const std::lock_guard lock(impl_->set_up_mutex);
  impl_->set_up_hash = crypto::sha256(code);
  impl_->set_up_until = impl_->clock.now() + kSetUpCodeLife;
  impl_->set_up_tries = 0;
  return code;
}

Result<> Access::use_set_up_code(std::string_view code) {
  const std::lock_guard lock(impl_->set_up_mutex);
  const Error wrong = invalid("code", "wrong",
                              "The set-up code is not right, or an hour old. The running productflow prints it when it "
                              "starts; restart it for a new one.");
  if (impl_->set_up_hash.empty() || impl_->clock.now() >= impl_->set_up_until || ++impl_->set_up_tries > kSetUpTriesMax)
    return wrong;
  if (!crypto::same_bytes(crypto::sha256(lower_ascii(trim(code))), impl_->set_up_hash)) return wrong;
  return {};
}

Result<ShopSettings> Access::settings() const {
  ShopSettings settings;
  PF_LET(const auto record, record_at(impl_->store.read(), impl_->family, setting_key("shop")));
  if (!record) return settings;
  const auto take = [&](std::string_view name, std::string& to) {
    if (auto text = text_in(*record, name); !text.empty()) to = std::move(text);
  };
  take("shop_name", settings.shop_name);
  take("company_number", settings.company_number);
  take("currency", settings.currency);
  take("time_zone", settings.time_zone);
  return settings;
}

Result<> Access::save_settings(storage::Write& work, const ShopSettings& settings) {
  return impl_->put(work, setting_key("shop"),
                    json::Value::object({{"shop_name", settings.shop_name},
                                         {"company_number", settings.company_number},
                                         {"currency", settings.currency},
                                         {"time_zone", settings.time_zone}}));
}

}  // namespace pf::access
