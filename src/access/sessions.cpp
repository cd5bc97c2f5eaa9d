// Who is it: sessions and tokens, found by the hash of their secret.
#include <unistd.h>

#include <algorithm>

#include "access/access_impl.h"
#include "productflow/text.h"

namespace pf::access {
namespace {

constexpr std::chrono::minutes kSeenEvery{1};   // how exactly a session's last use is written down
constexpr std::chrono::hours kUsedEvery{1};     // and a token's, which is for people who tidy up
constexpr std::chrono::minutes kMovedEvery{1};  // and its address: two machines may share a token, and take turns

Permissions permissions_of(const Token& token) {
  Permissions may;
  for (const std::string& scope : token.scopes) {
    if (scope == "all") return all_permissions();
    if (const auto permission = permission_named(scope)) may.set(static_cast<std::size_t>(*permission));
  }
  return with_implied(may);
}

std::string bearer_of(const http::Request& request) {
  const std::string* header = http::find_header(request.headers, "authorization");
  constexpr std::string_view kScheme = "bearer ";
  if (header == nullptr || !lower_ascii(std::string_view(*header).substr(0, kScheme.size())).starts_with(kScheme))
    return {};
  return std::string(trim(std::string_view(*header).substr(kScheme.size())));
}

}  // namespace

// Of the session, not of its secret, which changes under an open page whenever its person confirms himself.
std::string Access::Impl::csrf_of(std::string_view session_id) const {
  return keyed_hash("csrf", session_id);
}

bool Access::Impl::alive(const Session& session) const {
  const Time now = clock.now();
  return now < session.seen + kIdleMax && now < session.started + kSessionMax &&
         now + std::chrono::minutes{1} >= session.seen;
}

Result<std::optional<Session>> Access::Impl::session_by(const std::string& hash) {
  std::uint64_t before = 0;
  {
    const std::lock_guard lock(cache_mutex);
    before = endings;
    if (const auto found = sessions.find(hash); found != sessions.end()) return std::optional<Session>(found->second);
  }
  PF_LET(const auto record, record_at(store.read(), family, session_key(hash)));
  if (!record) return std::optional<Session>{};
  Session session = session_of_record(*record);
  const std::lock_guard lock(cache_mutex);
  if (sessions.size() >= kCacheMax) sessions.clear();
  if (before == endings) sessions[hash] = session;
  return std::optional<Session>(session);
}

// Even when the disk is full: reading goes on then, and so does its session.
Result<> Access::Impl::note_seen(const std::string& hash, Time seen) {
  return store.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(auto kept, record_at(work, family, session_key(hash)));
    if (!kept) return not_signed_in();  // ended meanwhile
    kept->set("seen_at", rfc3339(seen));
    put(work, session_key(hash), *kept);
    work.after_commit([this, hash, seen] {
      const std::lock_guard lock(cache_mutex);
      if (const auto found = sessions.find(hash); found != sessions.end())
        found->second.seen = found->second.written = seen;
    });
    return {};
  });
}

void Access::Impl::erase_session(storage::Write& work, const std::string& hash) {
  work.erase(family, session_key(hash));
  work.after_commit([this, hash] {
    const std::lock_guard lock(cache_mutex);
    ++endings;
    sessions.erase(hash);
  });
}

Result<> Access::Impl::end_session(const std::string& hash) {
  return store.write_even_when_full([&](storage::Write& work) -> Result<> {
    erase_session(work, hash);
    return {};
  });
}

Result<> Access::Impl::end_sessions(storage::Write& work, std::string_view user, std::string_view spared) {
  for (auto row = work.scan_prefix(family, "s"); row.valid(); row.next()) {
    PF_LET(const auto record, json::parse(row.value()));
    if (text_in(record, "user") == user && text_in(record, "id") != spared) work.erase(family, row.key());
  }
  work.after_commit([this, gone = std::string(user), kept = std::string(spared)] {
    forget_sessions([&](const auto& entry) { return entry.second.user == gone && entry.second.id != kept; });
    tickets.drop_of(gone);
  });
  return {};
}

Result<> Access::Impl::end_tokens(storage::Write& work, std::string_view user) {
  for (auto row = work.scan_prefix(family, "t"); row.valid(); row.next()) {
    PF_LET(const auto record, json::parse(row.value()));
    if (text_in(record, "user") == user) work.erase(family, row.key());
  }
  work.after_commit([this, gone = std::string(user)] {
    forget_tokens([&](const auto& entry) { return entry.second.token.user == gone; });
  });
  return {};
}

Result<> Access::Impl::make_room(storage::Write& work, std::string_view user) {
  std::vector<std::pair<Time, std::string>> open;
  for (auto row = work.scan_prefix(family, "s"); row.valid(); row.next()) {
    PF_LET(const auto record, json::parse(row.value()));
    if (text_in(record, "user") == user) open.emplace_back(session_of_record(record).started, row.key().substr(1));
  }
  if (open.size() < kSessionsMax) return {};
  std::ranges::sort(open);  // the oldest go first
  open.resize(open.size() - kSessionsMax + 1);
  for (const auto& [started, hash] : open) erase_session(work, hash);
  return {};
}

Result<std::size_t> Access::tidy_sessions() {
  // A record is up to kSeenEvery behind the session's last use.
  const auto over = [&](const json::Value& record) {
    const Session session = session_of_record(record);
    const Time now = impl_->clock.now();
    return now >= session.seen + kIdleMax + kSeenEvery || now >= session.started + kSessionMax;
  };
  std::vector<std::string> hashes;
  {
    const auto read = impl_->store.read();
    for (auto row = read.scan_prefix(impl_->family, "s"); row.valid(); row.next())
      if (const auto record = json::parse(row.value()); !record.ok() || over(*record))
        hashes.emplace_back(row.key().substr(1));
  }
  if (hashes.empty()) return std::size_t{0};
  PF_TRY(impl_->store.write_even_when_full([&](storage::Write& work) -> Result<> {
    for (const std::string& hash : hashes) impl_->erase_session(work, hash);
    return {};
  }));
  return hashes.size();
}

Result<Actor> Access::Impl::actor_of(const Session& session) const {
  const auto known = now_known();
  const auto person = known->people.find(session.user);
  if (person == known->people.end() || person->second.account.state != Account::State::active) return not_signed_in();
  const auto& [account, may, limits, must_enrol] = person->second;
  const bool held = must_enrol || must_change_password(account, *known);
  return Actor{Actor::Kind::user, session.user,
               account.email,     held ? Permissions() : may,
               session.id,        clock.now() < session.fresh + kSudoWindow,
               session.user,      limits};
}

Result<Actor> Access::Impl::by_cookie(const std::string& cookie, const http::Request& request, bool prolong) {
  const std::string hash = crypto::sha256(cookie);
  PF_LET(auto session, session_by(hash));
  if (!session) return not_signed_in();
  if (!alive(*session)) {
    PF_TRY(end_session(hash));
    return not_signed_in();
  }
  auto actor = actor_of(*session);
  if (!actor.ok()) {
    PF_TRY(end_session(hash));
    return actor.error();
  }
  // Bound to the browser that it was opened in: a copied cookie ends the session for both.
  if (!crypto::same_bytes(session->browser, crypto::sha256(agent_of(request)))) {
    PF_TRY(end_session(hash));
    PF_TRY(tell_alone(*actor, "session.stolen", person_object(session->user),
                      json::Value::object({{"address", request.peer.address}, {"session", session->id}})));
    return not_signed_in();
  }
  const Time now = clock.now();
  if (prolong && now > session->seen) {
    session->seen = now;
    if (now - session->written >= kSeenEvery) {
      PF_TRY(note_seen(hash, now));
    } else {
      const std::lock_guard lock(cache_mutex);
      if (const auto found = sessions.find(hash); found != sessions.end()) found->second.seen = now;
    }
  }
  return actor;
}

// A bearer token's secret, or a certificate's DER: both are known by their hash.
Result<Actor> Access::Impl::by_token(const std::string& secret, const http::Request& request) {
  const Error unknown = error(ErrorCode::unauthenticated,
                              "This token is unknown, expired or removed. Make a new one under Settings, Programs.");
  const std::string hash = crypto::sha256(secret);
  std::optional<KnownToken> found_token;
  std::uint64_t before = 0;
  {
    const std::lock_guard lock(cache_mutex);
    before = endings;
    if (const auto found = known_tokens.find(hash); found != known_tokens.end()) found_token = found->second;
  }
  const bool was_cached = found_token.has_value();
  if (!found_token) {
    PF_LET(const auto record, record_at(store.read(), family, token_key(hash)));
    if (!record) return unknown;
    found_token = KnownToken{token_of(*record), {}};
    found_token->written = found_token->token.last_used_at.value_or(Time{});
  }
  Token& token = found_token->token;
  const Time now = clock.now();
  if (token.expires_at && now >= *token.expires_at) return unknown;
  const std::string& address = request.peer.address;
  if (!address_within(address, token.ranges))
    return error(ErrorCode::forbidden, "The token \"" + token.name + "\" may not be used from this address.");
  Permissions may = permissions_of(token);
  std::shared_ptr<const Limits> limits;
  if (!token.user.empty()) {
    const auto known = now_known();
    const auto person = known->people.find(token.user);
    if (person == known->people.end() || person->second.account.state != Account::State::active) return unknown;
    may &= person->second.may;
    limits = person->second.limits;
  }
  const auto unwritten = now - found_token->written;
  const bool write = unwritten >= kUsedEvery || (unwritten >= kMovedEvery && token.last_address != address);
  if (write) {
    bool ended = false;
    PF_TRY(store.write_even_when_full([&](storage::Write& work) -> Result<> {
      PF_LET(auto kept, record_at(work, family, token_key(hash)));
      ended = !kept || (time_in(*kept, "expires_at").value_or(Time::max()) <= now);
      if (ended) return {};
      // These two alone: the rest may have been changed since it was read.
      kept->set("last_used_at", rfc3339(now));
      kept->set("last_address", address);
      put(work, token_key(hash), *kept);
      *found_token = {token_of(*kept), now};
      return {};
    }));
    if (ended) return unknown;  // removed or rotated meanwhile
  }
  if (write || !was_cached) {
    const std::lock_guard lock(cache_mutex);
    if (known_tokens.size() >= kCacheMax) known_tokens.clear();
    if (before == endings) known_tokens[hash] = *found_token;
  }
  return Actor{Actor::Kind::token, token.id, token.name, may, "", true, token.user, std::move(limits)};
}

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
  if (const std::string token = bearer_of(request); !token.empty()) return impl_->by_token(token, request);
  if (const std::string cookie = cookie_of(request, kSessionCookie); !cookie.empty()) {
    auto actor = impl_->by_cookie(cookie, request, prolong);
    // A stale cookie must not keep anybody from signing in.
    if (!actor.ok() && actor.error().code == ErrorCode::unauthenticated) return Actor{};
    return actor;
  }
  if (!request.peer.client_certificate.empty()) return impl_->by_token(request.peer.client_certificate, request);
  return Actor{};
}

Result<> Access::check_csrf(const Actor& actor, const http::Request& request) const {
  if (actor.session.empty()) return {};
  const Error refused = error(ErrorCode::forbidden,
                              "This request did not come from ProductFlow's own pages. Reload the page and try again.");
  if (const std::string* site = http::find_header(request.headers, "sec-fetch-site");
      site != nullptr && *site != "same-origin" && *site != "none")
    return refused;
  const std::string* sent = http::find_header(request.headers, "x-csrf-token");
  if (sent == nullptr || !crypto::same_bytes(*sent, impl_->csrf_of(actor.session))) return refused;
  return {};
}

SignedIn Access::Impl::facts_of(const Session& session, const Directory& known) const {
  SignedIn facts;
  facts.csrf = csrf_of(session.id);
  facts.idle_expires_at = std::min(session.seen + kIdleMax, session.started + kSessionMax);
  facts.expires_at = session.started + kSessionMax;
  const auto person = known.people.find(session.user);
  if (person == known.people.end()) return facts;
  facts.account = person->second.account;
  facts.must_enrol = person->second.must_enrol;
  facts.must_change_password = must_change_password(facts.account, known);
  if (!facts.must_enrol && !facts.must_change_password) facts.may = person->second.may;
  if (person->second.limits) facts.limits = *person->second.limits;
  return facts;
}

Result<std::optional<SignedIn>> Access::session_of(const http::Request& request) const {
  const std::string cookie = cookie_of(request, kSessionCookie);
  if (cookie.empty()) return std::optional<SignedIn>{};
  PF_LET(const auto session, impl_->session_by(crypto::sha256(cookie)));
  if (!session || !impl_->alive(*session) || !impl_->actor_of(*session).ok()) return std::optional<SignedIn>{};
  return std::optional<SignedIn>(impl_->facts_of(*session, *impl_->now_known()));
}

Result<> Access::sign_out(const http::Request& request) {
  const std::string cookie = cookie_of(request, kSessionCookie);
  if (cookie.empty()) return {};
  const std::string hash = crypto::sha256(cookie);
  PF_LET(const auto session, impl_->session_by(hash));
  if (!session) return {};
  PF_TRY(impl_->end_session(hash));
  const Actor by{Actor::Kind::user, session->user, session->email, {}, session->id, false};
  return impl_->tell_alone(by, "session.close", person_object(session->user), json::Value(json::Members{}));
}

Result<std::vector<Device>> Access::devices(std::string_view user) const {
  std::vector<Device> all;
  const auto read = impl_->store.read();
  for (auto row = read.scan_prefix(impl_->family, "s"); row.valid(); row.next()) {
    PF_LET(const auto record, json::parse(row.value()));
    Session session = session_of_record(record);
    if (session.user != user) continue;
    {  // the cache knows the last use to the second
      const std::lock_guard lock(impl_->cache_mutex);
      if (const auto found = impl_->sessions.find(std::string(row.key().substr(1))); found != impl_->sessions.end())
        session = found->second;
    }
    if (!impl_->alive(session)) continue;
    all.push_back({session.id, session.address, session.agent, session.factors, session.started, session.seen,
                   session.started + kSessionMax});
  }
  std::ranges::sort(all, [](const Device& a, const Device& b) { return a.seen_at > b.seen_at; });
  return all;
}

Result<> Access::end_device(const Actor& by, std::string_view user, std::string_view id) {
  return impl_->store.write_even_when_full([&](storage::Write& work) -> Result<> {
    for (auto row = work.scan_prefix(impl_->family, "s"); row.valid(); row.next()) {
      PF_LET(const auto record, json::parse(row.value()));
      if (text_in(record, "user") != user || text_in(record, "id") != id) continue;
      impl_->erase_session(work, std::string(row.key().substr(1)));
      return impl_->tell(work, by, "session.end", person_object(user), json::Value::object({{"session", id}}));
    }
    return error(ErrorCode::not_found, "There is no such session; it may have ended already.");
  });
}

Result<> Access::end_devices(const Actor& by, std::string_view user) {
  return impl_->store.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_TRY(impl_->end_sessions(work, user, by.id == user ? by.session : ""));
    return impl_->tell(work, by, "session.end_all", person_object(user));
  });
}

}  // namespace pf::access
