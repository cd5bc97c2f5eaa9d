#include "door.h"

#include "access/common_passwords.h"
#include "access/passwords.h"
#include "access/pepper.h"

using namespace pf;
using namespace pf::access;
using pf::test::Door;
using pf::test::kOwner;
using pf::test::kPassword;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// ---- first run

TEST_CASE("set-up: the printed code lets somebody in, whatever its case, for an hour") {
  Door door;
  const std::string code = door.access->new_set_up_code();
  CHECK(code.size() == 11);
  CHECK(door.access->use_set_up_code(code).ok());
  CHECK(door.access->use_set_up_code("  " + code + "\n").ok());
  std::string upper = code;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  CHECK(door.access->use_set_up_code(upper).ok());
  door.clock.pass(kSetUpCodeLife);
  const auto late = door.access->use_set_up_code(code);
  REQUIRE_FALSE(late.ok());
  CHECK(late.error().faults[0].field == "code");
}

TEST_CASE("set-up: a new code replaces the old one, and ten wrong tries end any") {
  Door door;
  CHECK_FALSE(door.access->use_set_up_code("").ok());  // none was made
  const std::string first = door.access->new_set_up_code();
  const std::string second = door.access->new_set_up_code();
  CHECK(first != second);
  CHECK_FALSE(door.access->use_set_up_code(first).ok());
  for (int i = 0; i < kSetUpTriesMax; ++i) static_cast<void>(door.access->use_set_up_code("aaaaa-bbbbb"));
  CHECK_FALSE(door.access->use_set_up_code(second).ok());
  CHECK(door.access->use_set_up_code(door.access->new_set_up_code()).ok());
}

TEST_CASE("set-up: a shop has one owner, and every fault of the first is named at once") {
  Door door;
  CHECK_FALSE(*door.access->has_owner());
  const auto wrong = door.make_owner("no mail", "short");
  REQUIRE_FALSE(wrong.ok());
  REQUIRE(wrong.error().faults.size() == 2);
  CHECK(wrong.error().faults[0].field == "email");
  CHECK(wrong.error().faults[1].field == "password");
  CHECK_FALSE(*door.access->has_owner());
  const auto made = door.make_owner();
  REQUIRE(made.ok());
  CHECK(made->role == "owner");
  CHECK(*door.access->has_owner());
  const auto second = door.make_owner("other@example.com");
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().code == ErrorCode::conflict);
  CHECK(door.access->accounts().size() == 1);
}

// ---- passwords

TEST_CASE("passwords: short, common, counted, repeated and own names are refused, with what to do") {
  for (const char* weak : {"short", "elevenchars", "password1234", "Passwort!2026", "wachtwoord123", "qwertyuiop12",
                           "123456789012", "abcdefghijkl", "aaaaaaaaaaaa", "abababababab", "owner-of-shop",
                           "welcomewelcome1", "adminadmin123", "\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe"}) {
    const auto fault = password_fault(weak, "owner@example.com", PasswordPolicy::nist_asvs);
    CHECK_MESSAGE(fault.has_value(), weak);
  }
  for (const char* good :
       {"quiet harbour lantern 42", "пароль-и-ещё-слова", "correcthorsebatterystaple", "T9#k!vQ2pLz0"})
    CHECK_MESSAGE(!password_fault(good, "owner@example.com", PasswordPolicy::nist_asvs), good);
  CHECK(password_fault(std::string(kPasswordBytesMax + 1, 'x') + "yz", "a@b.c", PasswordPolicy::nist_asvs));
}

TEST_CASE("passwords: those that leaked most are refused, also dressed up to the length that is asked for") {
  CHECK(common_passwords() > 80'000);
  for (const char* listed : {"123456", "password", "butterfly", "chocolate", "contortionist"})
    CHECK_MESSAGE(is_common_password(listed), listed);
  for (const char* none :
       {"", "\n", "123456\npassword", "chocolat\n", "quiet harbour lantern 42", "~", "zzzzzzzzzzzzzzzzzzz"})
    CHECK_FALSE_MESSAGE(is_common_password(none), none);
  for (const auto policy : {PasswordPolicy::nist_asvs, PasswordPolicy::amazon_dpp})
    for (const char* weak :
         {"contortionist", "Counterstrike", "1qaz2wsx3edc", "Butterfly-2026", "!!Chocolate99!", "liverpoolliverpool"}) {
      const auto fault = password_fault(weak, "owner@example.com", policy);
      CHECK_MESSAGE((fault && fault->find("guessed") != std::string::npos), weak);
    }
  for (const char* good : {"butterfly harbour kiln", "9471 butterfly 8820 3391", "liverpool winter ferry"})
    CHECK_MESSAGE(!password_fault(good, "owner@example.com", PasswordPolicy::nist_asvs), good);
}

TEST_CASE("passwords: only an Argon2id hash is on disk, never the password, cookie or token") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto signed_in = door.sign_in();
  const auto token = *door.token("warehouse", {"orders.read"});
  REQUIRE(door.store->flush_all().ok());
  door.access.reset();
  door.store.reset();
  const std::string files = door.files();
  CHECK(files.find(kPassword) == std::string::npos);
  CHECK(files.find(signed_in.cookie) == std::string::npos);
  CHECK(files.find(token.first) == std::string::npos);
  CHECK(files.find("$argon2id$v=19$") != std::string::npos);
}

// ---- sign-in

TEST_CASE("sign-in: the right password comes in; a wrong one and an unknown e-mail get the same answer") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto signed_in = door.try_in("OWNER@example.com", kPassword, "192.0.2.1");
  REQUIRE(signed_in.ok());
  CHECK(signed_in->account.email == kOwner);
  CHECK(door.comes_in(*signed_in));
  const auto wrong = door.try_in(kOwner, kPassword + "x", "192.0.2.2");
  const auto unknown = door.try_in("nobody@example.com", kPassword, "192.0.2.2");
  REQUIRE_FALSE(wrong.ok());
  REQUIRE_FALSE(unknown.ok());
  CHECK(wrong.error().code == ErrorCode::unauthenticated);
  CHECK(wrong.error().message == unknown.error().message);
  CHECK_FALSE(door.try_in(kOwner, "", "192.0.2.2").ok());
  CHECK_FALSE(door.try_in(kOwner, std::string(1'000'000, 'x'), "192.0.2.2").ok());
}

TEST_CASE("sign-in: who keeps guessing waits, longer each time; others do not wait for him") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto guess = [&](const char* from) { return door.try_in(kOwner, "wrong password here", from); };
  for (int i = 0; i < 5; ++i) CHECK(guess("203.0.113.9").error().code == ErrorCode::unauthenticated);
  const auto held = door.try_in(kOwner, kPassword, "203.0.113.9");  // even the right one, now
  REQUIRE_FALSE(held.ok());
  CHECK(held.error().code == ErrorCode::too_many);
  CHECK(held.error().message.find("wait") != std::string::npos);
  CHECK(door.try_in(kOwner, kPassword, "192.0.2.1").ok());
  seconds waited{0};
  int tries = 0;
  for (; waited < minutes{5}; waited += seconds{1}) {
    door.clock.pass(seconds{1});
    tries += guess("203.0.113.9").error().code == ErrorCode::unauthenticated;
  }
  CHECK(tries < 12);
  CHECK(tries > 3);
  door.clock.pass(minutes{16});
  CHECK(door.try_in(kOwner, kPassword, "203.0.113.9").ok());
  for (int i = 0; i < 4; ++i) static_cast<void>(guess("203.0.113.9"));
  CHECK(door.try_in(kOwner, kPassword, "203.0.113.9").ok());  // success forgives
}

TEST_CASE("sign-in: setting the wall clock forward does not shorten the wait") {
  Door door;
  REQUIRE(door.make_owner().ok());
  for (int i = 0; i < 5; ++i) static_cast<void>(door.try_in(kOwner, "wrong password here", "203.0.113.9"));
  door.clock.set_wall(door.clock.now() + hours{5});
  CHECK(door.try_in(kOwner, kPassword, "203.0.113.9").error().code == ErrorCode::too_many);
}

// ---- sessions

TEST_CASE("sessions: 15 minutes without activity end one; activity prolongs it up to 12 hours") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto idle = door.sign_in();
  CHECK(idle.idle_expires_at == door.clock.now() + kIdleMax);
  door.clock.pass(kIdleMax - milliseconds{1});
  CHECK(door.comes_in(idle));
  door.clock.pass(kIdleMax);
  CHECK_FALSE(door.comes_in(idle));
  CHECK_FALSE(door.comes_in(idle));  // for good

  const auto busy = door.sign_in();
  for (int i = 0; i < 12 * 6 - 1; ++i) {
    door.clock.pass(minutes{10});
    REQUIRE(door.comes_in(busy));
  }
  door.clock.pass(minutes{10});
  CHECK_FALSE(door.comes_in(busy));
}

TEST_CASE("sessions: looking without acting does not prolong one") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto signed_in = door.sign_in();
  for (int i = 0; i < 14; ++i) {
    door.clock.pass(minutes{1});
    REQUIRE(door.comes_in(signed_in, false));
  }
  door.clock.pass(minutes{1});
  CHECK_FALSE(door.comes_in(signed_in, false));
}

TEST_CASE("sessions: one survives a restart of the product with its limits, and a sign-out ends it everywhere") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto signed_in = door.sign_in();
  door.clock.pass(minutes{10});
  CHECK(door.comes_in(signed_in));
  door.open();
  door.clock.pass(minutes{14});
  CHECK(door.comes_in(signed_in));
  REQUIRE(door.access->sign_out(Door::with_cookie(signed_in.cookie)).ok());
  CHECK_FALSE(door.comes_in(signed_in));
  door.open();
  CHECK_FALSE(door.comes_in(signed_in));
}

TEST_CASE("sessions: a new password ends all of them, and the old one does not come in any more") {
  Door door;
  const auto owner = *door.make_owner();
  const auto one = door.sign_in(), two = door.sign_in();
  CHECK(one.cookie != two.cookie);
  const auto wrong = door.access->change_password(door.person(owner), "not the password", "another lantern in port 7");
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().faults[0].field == "current_password");
  CHECK_FALSE(door.access->change_password(door.person(owner), kPassword, "short").ok());
  CHECK(door.comes_in(one));
  REQUIRE(door.access->change_password(door.person(owner), kPassword, "another lantern in port 7").ok());
  CHECK_FALSE(door.comes_in(one));
  CHECK_FALSE(door.comes_in(two));
  CHECK_FALSE(door.try_in(kOwner, kPassword, "192.0.2.1").ok());
  CHECK(door.try_in(kOwner, "another lantern in port 7", "192.0.2.1").ok());
}

TEST_CASE("sessions: an invented, altered or empty cookie is a stranger, not an error") {
  Door door;
  REQUIRE(door.make_owner().ok());
  auto signed_in = door.sign_in();
  for (const std::string& cookie : {std::string("invented"), std::string(), signed_in.cookie + "x",
                                    signed_in.cookie.substr(1), std::string(10'000, 'x')})
    CHECK(door.actor(Door::with_cookie(cookie)).kind == Actor::Kind::nobody);
  http::Request wrong_name{.method = "GET", .target = "/", .path = "/"};
  wrong_name.headers.emplace_back("cookie", "session=" + signed_in.cookie);
  CHECK(door.actor(wrong_name).kind == Actor::Kind::nobody);
}

TEST_CASE("sessions: dangerous actions need a password within the last five minutes") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto signed_in = door.sign_in();
  const auto request = Door::with_cookie(signed_in.cookie);
  CHECK(door.actor(request).fresh);
  door.clock.pass(kSudoWindow);
  CHECK_FALSE(door.actor(request).fresh);
  const Caller here{.address = "192.0.2.1", .session = signed_in.cookie};
  const auto wrong = door.access->confirm_password(door.actor(request), "not the password", here);
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().code == ErrorCode::unauthenticated);
  CHECK_FALSE(door.actor(request).fresh);
  const auto confirmed = door.access->confirm_password(door.actor(request), kPassword, here);
  REQUIRE(confirmed.ok());
  CHECK(door.actor(*confirmed).fresh);
  door.open();  // remembered across a restart, and no longer
  CHECK(door.actor(*confirmed).fresh);
  door.clock.pass(kSudoWindow);
  CHECK_FALSE(door.actor(*confirmed).fresh);
}

TEST_CASE("sessions: each proof of who one is makes a new secret and ends the one before") {
  Door door;
  const auto owner = *door.make_owner();
  const auto first = door.sign_in();
  const std::string id = door.actor(first).session;
  const auto confirmed =
      *door.access->confirm_password(door.actor(first), kPassword, {.address = "192.0.2.1", .session = first.cookie});
  CHECK_FALSE(door.comes_in(first));  // whoever had set or seen that secret has nothing
  CHECK(door.actor(confirmed).session == id);
  CHECK(confirmed.csrf == first.csrf);  // so that the other tabs go on
  CHECK(confirmed.expires_at == first.expires_at);
  // A cookie of another session renews nothing.
  const auto second = door.sign_in();
  CHECK_FALSE(
      door.access
          ->confirm_password(door.actor(confirmed), kPassword, {.address = "192.0.2.1", .session = second.cookie})
          .ok());
  CHECK(door.comes_in(second));
  // Signing in again in the same browser leaves no session behind.
  const auto again = *door.access->sign_in(kOwner, kPassword, "", {.address = "192.0.2.1", .session = second.cookie});
  CHECK(door.comes_in(*again.done));
  CHECK_FALSE(door.comes_in(second));
  CHECK(door.access->devices(owner.id)->size() == 2);
}

TEST_CASE("sessions: a person has twenty, the oldest gives way, and those of others stay") {
  Door door;
  const auto owner = *door.make_owner();
  door.join("ann@example.com", "packer");
  const auto hers = door.sign_in("ann@example.com");
  std::vector<SignedIn> all;
  for (std::size_t i = 0; i < kSessionsMax + 2; ++i) {
    all.push_back(door.sign_in());
    door.clock.pass(seconds{1});
  }
  CHECK(door.access->devices(owner.id)->size() == kSessionsMax);
  CHECK_FALSE(door.comes_in(all[0]));
  CHECK_FALSE(door.comes_in(all[1]));
  CHECK(door.comes_in(all[2]));
  CHECK(door.comes_in(all.back()));
  CHECK(door.comes_in(hers));
}

TEST_CASE("sessions: what has run out is forgotten, what is in use stays") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto kept = [&] {
    std::size_t count = 0;
    const auto read = door.store->read();
    for (auto row = read.scan_prefix(door.store->family("access"), "s"); row.valid(); row.next()) ++count;
    return count;
  };
  const auto idle = door.sign_in(), busy = door.sign_in();
  CHECK(*door.access->tidy_sessions() == 0);
  door.clock.pass(minutes{10});
  CHECK(door.comes_in(busy));
  door.clock.pass(minutes{6});
  CHECK(*door.access->tidy_sessions() == 1);
  CHECK(kept() == 1);
  CHECK(door.comes_in(busy));
  door.clock.pass(kSessionMax);
  CHECK(*door.access->tidy_sessions() == 1);
  CHECK(kept() == 0);
  CHECK_FALSE(door.comes_in(idle));
}

// ---- CSRF

TEST_CASE("csrf: a session's change needs its own token, from its own pages") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto one = door.sign_in(), two = door.sign_in();
  auto request = Door::with_cookie(one.cookie);
  const Actor actor = door.actor(request);
  CHECK_FALSE(door.access->check_csrf(actor, request).ok());
  request.headers.emplace_back("x-csrf-token", two.csrf);  // another session's
  CHECK(door.access->check_csrf(actor, request).error().code == ErrorCode::forbidden);
  request.headers.back().second = one.csrf + "x";
  CHECK_FALSE(door.access->check_csrf(actor, request).ok());
  request.headers.back().second = one.csrf;
  CHECK(door.access->check_csrf(actor, request).ok());
  request.headers.emplace_back("sec-fetch-site", "cross-site");
  CHECK_FALSE(door.access->check_csrf(actor, request).ok());
  request.headers.back().second = "same-site";
  CHECK_FALSE(door.access->check_csrf(actor, request).ok());
  request.headers.back().second = "same-origin";
  CHECK(door.access->check_csrf(actor, request).ok());
  CHECK((*door.access->session_of(request))->csrf == one.csrf);
}

// ---- tokens

TEST_CASE("tokens: one may do what its scopes say and nothing else, until it ends or is removed") {
  Door door;
  const auto [secret, token] = *door.token("warehouse", {"orders.read", "orders.write"}, door.clock.now() + hours{24});
  CHECK(secret.starts_with("pf_"));
  const Actor actor = door.actor(Door::with_token(secret));
  CHECK(actor.kind == Actor::Kind::token);
  CHECK(actor.name == "warehouse");
  CHECK(actor.can(Permission::orders_read));
  CHECK(actor.can(Permission::signed_in));
  CHECK_FALSE(actor.can(Permission::buyer_reveal));
  CHECK_FALSE(actor.can(Permission::vault_manage));
  CHECK_FALSE(actor.can(Permission::tokens));
  CHECK(door.access->check_csrf(actor, Door::with_token(secret)).ok());  // a browser does not send it by itself
  door.clock.pass(hours{24} - milliseconds{1});
  CHECK(door.access->authenticate(Door::with_token(secret)).ok());
  door.clock.pass(milliseconds{1});
  CHECK(door.access->authenticate(Door::with_token(secret)).error().code == ErrorCode::unauthenticated);

  const auto all = *door.token("all", {"all"});
  CHECK(door.actor(Door::with_token(all.first)).can(Permission::vault_manage));
  REQUIRE(door.access->remove_token(system_actor(), all.second.id).ok());
  CHECK_FALSE(door.access->authenticate(Door::with_token(all.first)).ok());
  CHECK(door.access->remove_token(system_actor(), all.second.id).error().code == ErrorCode::not_found);
}

TEST_CASE("tokens: an invented one is refused, also when a good cookie is sent beside it") {
  Door door;
  REQUIRE(door.make_owner().ok());
  auto request = Door::with_cookie(door.sign_in().cookie);
  request.headers.emplace_back("authorization", "Bearer pf_invented");
  const auto refused = door.access->authenticate(request);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::unauthenticated);
}

TEST_CASE("tokens: every fault of a new one is named; its last use is kept to the hour") {
  Door door;
  const auto refused = door.token(" ", {"orders.read", "everything"}, door.clock.now());
  REQUIRE_FALSE(refused.ok());
  REQUIRE(refused.error().faults.size() == 3);
  CHECK(refused.error().faults[0].field == "name");
  CHECK(refused.error().faults[1].field == "scopes[1]");
  CHECK(refused.error().faults[2].field == "expires_at");
  CHECK_FALSE(door.token("x", {}).ok());
  CHECK_FALSE(door.token("x", {"none"}).ok());

  const auto made = *door.token("x", {"orders.read"});
  CHECK_FALSE((*door.access->tokens())[0].last_used_at);
  REQUIRE(door.access->authenticate(Door::with_token(made.first)).ok());
  CHECK((*door.access->tokens())[0].last_used_at == door.clock.now());
  const Time first = door.clock.now();
  door.clock.pass(minutes{59});
  REQUIRE(door.access->authenticate(Door::with_token(made.first)).ok());
  CHECK((*door.access->tokens())[0].last_used_at == first);
  door.clock.pass(minutes{1});
  REQUIRE(door.access->authenticate(Door::with_token(made.first)).ok());
  CHECK((*door.access->tokens())[0].last_used_at == door.clock.now());
}

TEST_CASE("permissions: every one has a name that leads back to it, and nobody has any") {
  for (int i = 1; i < static_cast<int>(Permission::kCount); ++i) {
    const auto permission = static_cast<Permission>(i);
    CHECK(permission_named(permission_name(permission)) == permission);
    CHECK_FALSE(Actor{}.can(permission));
    CHECK(system_actor().can(permission));
  }
  CHECK_FALSE(permission_named("none"));
  CHECK_FALSE(permission_named(""));
  CHECK(Actor{}.can(Permission::none));
}

TEST_CASE("admin socket: the product's own user and root come in, others do not") {
  Door door;
  http::Request request{.method = "GET", .target = "/", .path = "/"};
  request.peer.local_user = ::getuid();
  CHECK(door.actor(request).kind == Actor::Kind::local_admin);
  request.peer.local_user = ::getuid() + 12'345;
  CHECK(door.access->authenticate(request).error().code == ErrorCode::unauthenticated);
  request.peer.local_user = 0;
  CHECK(door.actor(request).can(Permission::vault_manage));
}

TEST_CASE("settings: they are kept as saved, with defaults for what never was") {
  Door door;
  CHECK(door.access->settings()->currency == "EUR");
  REQUIRE(door.store
              ->write([&](storage::Write& work) {
                return door.access->save_settings(work, {.shop_name = "Harbour", .company_number = "7"});
              })
              .ok());
  door.open();
  CHECK(door.access->settings()->shop_name == "Harbour");
  CHECK(door.access->settings()->company_number == "7");
}

TEST_CASE("access.key: it is made for a new shop, and never anew while a password was made with it") {
  Door door;
  const auto first = load_pepper(door.folder.path(), *door.store);
  REQUIRE(first.ok());
  REQUIRE(door.make_owner().ok());
  const auto again = load_pepper(door.folder.path(), *door.store);
  REQUIRE(again.ok());
  CHECK(again->bytes() == first->bytes());
  REQUIRE(std::filesystem::remove(door.folder.path() / "access.key"));
  const auto gone = load_pepper(door.folder.path(), *door.store);
  REQUIRE_FALSE(gone.ok());
  CHECK(gone.error().code == ErrorCode::unavailable);
  CHECK(gone.error().message.find("backup") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(door.folder.path() / "access.key"));
}

TEST_CASE("settings: a policy or built-in role that cannot be read is the strictest, not the laxest") {
  Door door;
  REQUIRE(door.make_owner().ok());
  CHECK(door.access->policy().passwords == PasswordPolicy::nist_asvs);
  const auto spoil = [&](const char* key) {
    REQUIRE(door.store
                ->write([&](storage::Write& work) -> Result<> {
                  work.put(door.store->family("access"), key, "{\"second_fac");
                  return {};
                })
                .ok());
    door.open();
  };
  spoil("rowner");
  CHECK(door.access->roles()[0].name == "owner");
  CHECK(door.access->roles()[0].second_factor);
  CHECK(door.try_in(kOwner, kPassword, "192.0.2.1")->must_enrol);
  spoil("csign_in");
  CHECK(door.access->policy().passwords == PasswordPolicy::amazon_dpp);
  CHECK(door.access->policy().second_factor_for_all);
}
