// The way in: password, then a second factor where there is one; or a passkey alone. Every failed factor is told.
#include <arpa/inet.h>

#include <algorithm>

#include "access/access_impl.h"
#include "access/passkey.h"
#include "access/totp.h"
#include "productflow/text.h"

namespace pf::access {
namespace {

constexpr std::size_t kEmailBytesMax = 254, kNoticesMax = 10;

Error wrong_code() {
  return invalid(
      "code", "wrong",
      "This code is not right, or was used already. Wait for the next one. When that is refused too, the clock "
      "of the phone or of the machine that runs ProductFlow is wrong.");
}
Error ticket_over() {
  return error(ErrorCode::unauthenticated, "That took too long or was tried too often. Please sign in again.");
}

std::string without_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const bool port = colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos &&
                    (host.front() == '[' || host.find(':') == colon);
  return std::string(port ? host.substr(0, colon) : host);
}

json::Value* member(json::Value& object, std::string_view name) {
  if (object.as_object() == nullptr) return nullptr;
  for (auto& [key, value] : *object.as_object())
    if (key == name) return &value;
  return nullptr;
}

}  // namespace

// ---- guesses

Result<Access::Impl::Guess> Access::Impl::guess(const Caller& caller, const std::string& account_name,
                                                const json::Value* account) {
  Guess made{.address = caller.address, .network = network_of(caller.address), .who = {}};
  PF_LET(made.address_waits, by_address.count(made.network, clock.since_boot()));
  if (account_name.empty()) return made;
  const std::string device = caller.device.empty() ? "" : keyed_hash("device", caller.device);
  const auto devices = account == nullptr ? std::vector<std::string>() : list_in(*account, "devices");
  const bool known = !device.empty() && std::ranges::find(devices, device) != devices.end();
  made.who = known ? "d:" + device : "a:" + account_name;
  auto counted = by_account.count(made.who, clock.since_boot());
  if (!counted.ok()) {
    by_address.take_back(made.network);
    return counted.error();
  }
  made.account_waits = *counted;
  return made;
}

Result<> Access::Impl::guess_failed(const Guess& guess, std::string_view object, std::string_view factor) {
  return tell_alone(Actor{}, "session.refused", object,
                    json::Value::object({{"address", guess.address},
                                         {"factor", factor},
                                         {"address_waits", guess.address_waits},
                                         {"account_waits", guess.account_waits}}));
}

void Access::Impl::guess_right(const Guess& guess) {
  by_address.succeeded(guess.network);
  if (!guess.who.empty()) by_account.succeeded(guess.who);
}

// ---- factors in use

Result<std::string> Access::Impl::use_code(json::Value& account, std::string_view code) const {
  std::string plain;
  for (const char c : lower_ascii(code.substr(0, 40)))
    if (c != ' ' && c != '-') plain.push_back(c);
  if (const std::string sealed = text_in(account, "totp"); !sealed.empty() && plain.size() == kTotpDigits) {
    const auto secret = open(text_in(account, "id"), sealed);
    if (!secret)
      return error(ErrorCode::unavailable,
                   "The app's secret cannot be read: access.key is not the one it was sealed with.");
    const json::Value* last = account.find("totp_step");
    const auto step = totp_step(*secret, plain, box.now(), last == nullptr ? 0 : last->as_int().value_or(0));
    if (!step) return wrong_code();
    account.set("totp_step", *step);
    return std::string("totp");
  }
  auto codes = list_in(account, "recovery");
  if (std::erase(codes, keyed_hash("recovery", plain)) == 0) return wrong_code();
  account.set("recovery", list_of(codes));
  return std::string("recovery");
}

json::Value Access::Impl::passkey_question(const json::Value* account, Pending& asked, const Caller& caller) const {
  asked.rp_id = without_port(caller.host);
  asked.origin = "https://" + caller.host;
  asked.challenge = base64url(crypto::random_bytes(32));
  json::Value allowed = json::Value::array();
  if (account != nullptr) {
    const json::Value* keys = account->find("passkeys");
    if (keys != nullptr && keys->as_array() != nullptr)
      for (const json::Value& key : *keys->as_array())
        if (text_in(key, "rp_id") == asked.rp_id)
          allowed.push(json::Value::object({{"type", "public-key"}, {"id", text_in(key, "credential")}}));
    if (allowed.as_array() == nullptr || allowed.as_array()->empty()) return {};
  }
  return json::Value::object({{"challenge", asked.challenge},
                              {"rpId", asked.rp_id},
                              {"timeout", 300'000},
                              {"userVerification", account == nullptr ? "required" : "preferred"},
                              {"allowCredentials", std::move(allowed)}});
}

Result<std::string> Access::Impl::use_passkey(json::Value& account, const Pending& asked, const FactorAnswer& answer,
                                              bool alone) const {
  const std::string credential = base64url(answer.passkey_id);
  json::Value* keys = member(account, "passkeys");
  if (keys != nullptr && keys->as_array() != nullptr)
    for (json::Value& key : *keys->as_array()) {
      if (text_in(key, "credential") != credential || text_in(key, "rp_id") != asked.rp_id) continue;
      const json::Value* count = key.find("count");
      PF_LET(const auto used,
             check_passkey({asked.challenge, asked.origin, asked.rp_id}, unbase64url(text_in(key, "key")).value_or(""),
                           static_cast<std::uint32_t>(count == nullptr ? 0 : count->as_int().value_or(0)),
                           answer.client_data, answer.authenticator_data, answer.signature));
      if (alone && !used.verified)
        return invalid("passkey", "unverified",
                       "This passkey did not check that it is you, so it cannot replace the password. Sign in with the "
                       "password; the passkey serves as second factor.");
      key.set("count", used.count);
      key.set("last_used_at", rfc3339(clock.now()));
      return std::string("passkey");
    }
  return invalid("passkey", "unknown", "This passkey is not known here, or was removed.");
}

// ---- the session

// All in one unit of work, so that a code or counter counts once even for two at the same moment.
Result<SignedIn> Access::Impl::open_session(const json::Value& account, const Caller& caller, std::string_view factors,
                                            const std::function<Result<>(storage::Write&, json::Value&)>& use_factor) {
  SignedIn signed_in;
  signed_in.cookie = base64url(crypto::random_bytes(32));  // 256 bits; ASVS 7.2.3 asks for 128
  const Time now = clock.now();
  Session session{.id = hex(crypto::random_bytes(8)),
                  .user = text_in(account, "id"),
                  .email = text_in(account, "email"),
                  .browser = crypto::sha256(caller.agent),
                  .agent = caller.agent,
                  .address = caller.address,
                  .factors = std::string(factors),
                  .started = now,
                  .seen = now,
                  .fresh = now};
  std::string device;  // a new device cookie, where this browser is new
  PF_TRY(change_record(session.user, [&](storage::Write& work, json::Value& record) -> Result<> {
    if (text_in(record, "state") == "stopped" || text_in(record, "state") == "invited") return not_signed_in();
    // The password may have been changed since it was checked.
    if (text_in(record, "password") != text_in(account, "password")) return not_signed_in();
    PF_TRY(use_factor(work, record));
    auto devices = list_in(record, "devices");
    const std::string hash = caller.device.empty() ? "" : keyed_hash("device", caller.device);
    const bool first_ever = !record.find("last_sign_in_at");
    const auto place = std::ranges::find(devices, hash);
    const bool is_new = hash.empty() || place == devices.end();
    if (is_new) {
      device = base64url(crypto::random_bytes(16));
      devices.push_back(keyed_hash("device", device));
    } else {
      std::rotate(place, place + 1, devices.end());  // the newest last
    }
    if (devices.size() > kDevicesMax) devices.erase(devices.begin());
    record.set("devices", list_of(devices));
    record.set("last_sign_in_at", rfc3339(now));
    if (is_new && !first_ever) {
      json::Value notices = record.find("notices") != nullptr ? *record.find("notices") : json::Value::array();
      notices.push(json::Value::object({{"at", rfc3339(now)}, {"address", caller.address}, {"agent", caller.agent}}));
      while (notices.as_array()->size() > kNoticesMax) notices.as_array()->erase(notices.as_array()->begin());
      record.set("notices", std::move(notices));
    }
    if (!caller.session.empty()) erase_session(work, crypto::sha256(caller.session));
    PF_TRY(make_room(work, session.user));
    put(work, session_key(crypto::sha256(signed_in.cookie)), session_record(session));
    const Actor by{Actor::Kind::user, session.user, session.email, {}, session.id, false};
    return tell(work, by, "session.open", person_object(session.user),
                json::Value::object(
                    {{"address", caller.address}, {"factors", factors}, {"new_device", is_new && !first_ever}}));
  }));
  SignedIn facts = facts_of(session, *now_known());
  facts.cookie = signed_in.cookie;
  facts.device = std::move(device);
  return facts;
}

Result<SignInStep> Access::sign_in(std::string_view email, std::string_view password, std::string_view code,
                                   const Caller& caller) {
  const std::string folded = lower_ascii(trim(email.substr(0, kEmailBytesMax)));
  PF_LET(const auto record, impl_->account_by_mail(impl_->store.read(), folded));
  PF_LET(const auto guess, impl_->guess(caller, folded, record ? &*record : nullptr));
  const json::Value nobody{json::Members{}};
  const bool right =
      impl_->password_holds(record ? *record : nobody, password) && record && text_in(*record, "state") != "stopped";
  const std::string object = record ? person_object(text_in(*record, "id")) : "";
  if (!right) {
    PF_TRY(impl_->guess_failed(guess, object, "password"));
    return error(ErrorCode::unauthenticated, "The e-mail or the password is not right.");
  }
  const Account account = account_of(*record);
  SignInStep step;
  if (!account.has_second_factor()) {
    impl_->guess_right(guess);
    PF_LET(step.done,
           impl_->open_session(*record, caller, "password", [](storage::Write&, json::Value&) { return Result<>(); }));
    return step;
  }
  impl_->by_address.succeeded(guess.network);
  impl_->by_account.take_back(guess.who);  // wrong codes are not forgiven for a password that was right
  Pending asked{.what = Pending::For::sign_in, .user = account.id, .password = text_in(*record, "password")};
  step.ticket.question = impl_->passkey_question(&*record, asked, caller);
  step.ticket.totp = account.totp;
  step.ticket.recovery = account.recovery_codes > 0;
  step.ticket.passkey = !step.ticket.question.is_null();
  step.ticket.secret = impl_->tickets.keep(std::move(asked), caller, impl_->clock.now());
  if (code.empty()) return step;
  PF_LET(step.done, second_step(step.ticket.secret, {.code = std::string(code)}, caller));
  return step;
}

Result<Ticket> Access::ask_passkey(const Caller& caller) {
  Pending asked{.what = Pending::For::passkey};
  Ticket ticket;
  ticket.passkey = true;
  ticket.question = impl_->passkey_question(nullptr, asked, caller);
  ticket.secret = impl_->tickets.keep(std::move(asked), caller, impl_->clock.now());
  return ticket;
}

Result<SignedIn> Access::second_step(std::string_view ticket, const FactorAnswer& answer, const Caller& caller) {
  const bool by_passkey = !answer.passkey_id.empty();
  auto asked = impl_->tickets.take_try(ticket, Pending::For::sign_in, caller, impl_->clock.now());
  const bool alone = !asked && by_passkey;
  if (alone) asked = impl_->tickets.take_try(ticket, Pending::For::passkey, caller, impl_->clock.now());
  if (!asked) return ticket_over();
  std::optional<json::Value> account;
  const auto read = impl_->store.read();
  if (!alone) {
    PF_LET(account, record_at(read, impl_->family, account_key(asked->user)));
  } else {
    const std::string credential = base64url(answer.passkey_id);
    for (auto row = read.scan_prefix(impl_->family, "u"); row.valid() && !account; row.next()) {
      PF_LET(auto record, json::parse(row.value()));
      const json::Value* keys = record.find("passkeys");
      if (keys == nullptr || keys->as_array() == nullptr) continue;
      if (std::ranges::any_of(*keys->as_array(),
                              [&](const json::Value& key) { return text_in(key, "credential") == credential; }))
        account = std::move(record);
    }
  }
  const bool known = account && text_in(*account, "state") != "stopped";
  const std::string id = known ? text_in(*account, "id") : "";
  // Codes are guessable, passkeys are not: only codes slow an account down.
  PF_LET(const auto guess, impl_->guess(caller, by_passkey || !known ? "" : "f:" + id, known ? &*account : nullptr));
  if (!known) {
    PF_TRY(impl_->guess_failed(guess, "", "passkey"));
    return invalid("passkey", "unknown", "This passkey is not known here, or was removed.");
  }
  bool wrong = false;
  const std::string factor = by_passkey ? "passkey" : "code";
  // The password that came before is the one that must still be there.
  if (!alone) account->set("password", asked->password);
  auto done = impl_->open_session(*account, caller, alone ? "passkey" : "password+" + factor,
                                  [&](storage::Write&, json::Value& record) -> Result<> {
                                    auto used = by_passkey ? impl_->use_passkey(record, *asked, answer, alone)
                                                           : impl_->use_code(record, answer.code);
                                    wrong = !used.ok();
                                    if (wrong) return used.error();
                                    return {};
                                  });
  if (wrong) PF_TRY(impl_->guess_failed(guess, person_object(id), factor));
  if (done.ok()) {
    impl_->guess_right(guess);
    impl_->tickets.drop(ticket);
  }
  return done;
}

// ---- once more, for dangerous actions

Result<SignedIn> Access::Impl::renew_session(const Actor& actor, const Caller& caller) {
  const std::string before = crypto::sha256(caller.session);
  std::string cookie = base64url(crypto::random_bytes(32));
  Session session;
  PF_TRY(store.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(const auto record, record_at(work, family, session_key(before)));
    if (!record || text_in(*record, "id") != actor.session) return not_signed_in();  // ended meanwhile
    session = session_of_record(*record);
    session.fresh = session.seen = clock.now();
    erase_session(work, before);
    put(work, session_key(crypto::sha256(cookie)), session_record(session));
    return {};
  }));
  SignedIn facts = facts_of(session, *now_known());
  facts.cookie = std::move(cookie);
  return facts;
}

Result<SignedIn> Access::confirm_password(const Actor& actor, std::string_view password, const Caller& caller) {
  PF_LET(const auto record, record_at(impl_->store.read(), impl_->family, account_key(actor.id)));
  if (!record) return not_signed_in();
  PF_LET(const auto guess, impl_->guess(caller, "c:" + actor.id, &*record));
  if (!impl_->password_holds(*record, password)) {
    PF_TRY(impl_->guess_failed(guess, person_object(actor.id), "password"));
    return error(ErrorCode::unauthenticated, "The password is not right.");
  }
  impl_->guess_right(guess);
  return impl_->renew_session(actor, caller);
}

Result<Ticket> Access::ask_passkey_again(const Actor& actor, const Caller& caller) {
  PF_LET(const auto record, impl_->account_record(impl_->store.read(), actor.id));
  Pending asked{.what = Pending::For::confirm, .user = actor.id, .session = actor.session};
  Ticket ticket;
  ticket.question = impl_->passkey_question(&record, asked, caller);
  ticket.passkey = !ticket.question.is_null();
  if (!ticket.passkey) return error(ErrorCode::conflict, "There is no passkey of yours for this address.");
  ticket.secret = impl_->tickets.keep(std::move(asked), caller, impl_->clock.now());
  return ticket;
}

Result<SignedIn> Access::confirm_passkey(const Actor& actor, std::string_view ticket, const FactorAnswer& answer,
                                         const Caller& caller) {
  const auto asked = impl_->tickets.take_try(ticket, Pending::For::confirm, caller, impl_->clock.now());
  if (!asked || asked->user != actor.id || asked->session != actor.session) return ticket_over();
  PF_LET(const auto guess, impl_->guess(caller, "", nullptr));
  bool wrong = false;
  auto done = impl_->change_record(actor.id, [&](storage::Write&, json::Value& record) -> Result<> {
    auto used = impl_->use_passkey(record, *asked, answer, false);
    wrong = !used.ok();
    if (wrong) return used.error();
    return {};
  });
  if (wrong) PF_TRY(impl_->guess_failed(guess, person_object(actor.id), "passkey"));
  PF_TRY(std::move(done));
  impl_->guess_right(guess);
  impl_->tickets.drop(ticket);
  return impl_->renew_session(actor, caller);
}

}  // namespace pf::access
