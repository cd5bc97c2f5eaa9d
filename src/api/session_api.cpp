#include "api/session_api.h"

#include "api/people_api.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

struct SessionRooms {
  access::Access& access;
  const Clock& clock;
};

// Bytes as base64url, as navigator.credentials gives them in JSON.
struct PasskeyBody {
  std::string id, client_data, authenticator_data, signature;
  template <class V>
  void fields(V& visit) {
    visit("id", id, "The credential's id, base64url.");
    visit("client_data", client_data, "clientDataJSON, base64url.");
    visit("authenticator_data", authenticator_data, "authenticatorData, base64url.");
    visit("signature", signature, "signature, base64url.");
  }
};
struct SignInBody {
  std::string email, password;
  std::optional<std::string> code;
  template <class V>
  void fields(V& visit) {
    visit("email", email, "The account's e-mail.");
    visit("password", password, "Its password.");
    visit("code", code, "The second factor's code, when it is known already.");
  }
};
struct FactorBody {
  std::string ticket;
  std::optional<std::string> code;
  std::optional<PasskeyBody> passkey;
  template <class V>
  void fields(V& visit) {
    visit("ticket", ticket, "As the first step gave it.");
    visit("code", code, "The app's six digits, or a recovery code.");
    visit("passkey", passkey, "Or what the passkey answered.");
  }
};
struct ConfirmBody {
  std::optional<std::string> password, ticket;
  std::optional<PasskeyBody> passkey;
  template <class V>
  void fields(V& visit) {
    visit("password", password, "The account's password.");
    visit("ticket", ticket, "Or the ticket of POST /session/reauthenticate/passkey,");
    visit("passkey", passkey, "and what the passkey answered.");
  }
};
struct NewPasswordBody {
  std::string current_password, password;
  template <class V>
  void fields(V& visit) {
    visit("current_password", current_password, "The password until now.");
    visit("password", password, "The new one.");
  }
};
struct CodeBody {
  std::string code;
  template <class V>
  void fields(V& visit) {
    visit("code", code, "The six digits that the app shows now.");
  }
};
struct NewPasskeyBody {
  std::string name, ticket, client_data, attestation;
  template <class V>
  void fields(V& visit) {
    visit("name", name, "What its owner calls it.");
    visit("ticket", ticket, "As POST /passkey/question gave it.");
    visit("client_data", client_data, "clientDataJSON, base64url.");
    visit("attestation", attestation, "attestationObject, base64url.");
  }
};

json::Value session_value(const access::SignedIn& session, const Clock& clock) {
  json::Value permissions = json::Value::array(), notices = json::Value::array();
  for (std::size_t i = 1; i < session.may.size(); ++i) {
    const auto one = static_cast<Permission>(i);
    if (session.may.test(i) || one == Permission::signed_in) permissions.push(access::permission_name(one));
  }
  for (const auto& notice : session.account.notices)
    notices.push(
        json::Value::object({{"at", rfc3339(notice.at)}, {"address", notice.address}, {"agent", notice.agent}}));
  return json::Value::object({{"user", json::Value::object({{"id", session.account.id},
                                                            {"email", session.account.email},
                                                            {"name", session.account.name},
                                                            {"role", session.account.role}})},
                              {"csrf", session.csrf},
                              {"permissions", std::move(permissions)},
                              {"limits", access::limits_value(session.limits)},
                              {"must_enrol", session.must_enrol},
                              {"must_change_password", session.must_change_password},
                              {"notices", std::move(notices)},
                              {"now", rfc3339(clock.now())},
                              {"idle_expires_at", rfc3339(session.idle_expires_at)},
                              {"expires_at", rfc3339(session.expires_at)}});
}

std::string cookie(std::string_view name, const std::string& value, std::int64_t max_age) {
  return std::string(name) + "=" + value + "; Path=/; Secure; HttpOnly; SameSite=Strict" +
         (max_age >= 0 ? "; Max-Age=" + std::to_string(max_age) : "");
}
http::Headers without_session() {
  return {{"set-cookie", cookie(access::kSessionCookie, "", 0)}};
}

Answer signed_in(const access::SignedIn& session, const Clock& clock) {
  Answer answer{.body = data(session_value(session, clock)),
                .headers = {{"set-cookie", cookie(access::kSessionCookie, session.cookie, -1)}}};
  if (!session.device.empty())
    answer.headers.emplace_back(
        "set-cookie", cookie(access::kDeviceCookie, session.device,
                             std::chrono::duration_cast<std::chrono::seconds>(access::kDeviceCookieLife).count()));
  answer.headers.emplace_back("cache-control", "no-store");
  return answer;
}

Result<access::FactorAnswer> factor_of(const std::optional<std::string>& code,
                                       const std::optional<PasskeyBody>& passkey) {
  access::FactorAnswer out{.code = code.value_or("")};
  if (!passkey) {
    if (!code || code->empty()) return invalid("code", "required", "A code or a passkey is needed.");
    return out;
  }
  const auto bytes = [](const std::string& text, std::string& to) {
    auto decoded = unbase64url(text);
    if (decoded) to = *std::move(decoded);
    return decoded.has_value() || text.empty();
  };
  if (!bytes(passkey->id, out.passkey_id) || !bytes(passkey->client_data, out.client_data) ||
      !bytes(passkey->authenticator_data, out.authenticator_data) || !bytes(passkey->signature, out.signature) ||
      out.passkey_id.empty())
    return invalid("passkey", "format", "The passkey's answer must be base64url.");
  return out;
}

Result<Answer> sign_in(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<SignInBody>(call.body));
  PF_LET(const auto step,
         rooms.access.sign_in(body.email, body.password, body.code.value_or(""), access::caller_of(call.request)));
  if (step.done) return signed_in(*step.done, rooms.clock);
  json::Value factors = json::Value::array();
  if (step.ticket.passkey) factors.push("passkey");
  if (step.ticket.totp) factors.push("totp");
  if (step.ticket.recovery) factors.push("recovery");
  return Answer{
      .status = 202,
      .body = data(json::Value::object(
          {{"ticket", step.ticket.secret}, {"factors", std::move(factors)}, {"question", step.ticket.question}})),
      .headers = {{"cache-control", "no-store"}}};
}

Result<Answer> second_step(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<FactorBody>(call.body));
  PF_LET(const auto answer, factor_of(body.code, body.passkey));
  PF_LET(const auto session, rooms.access.second_step(body.ticket, answer, access::caller_of(call.request)));
  return signed_in(session, rooms.clock);
}

Answer question(const access::Ticket& ticket) {
  return {.body = data(json::Value::object({{"ticket", ticket.secret}, {"question", ticket.question}})),
          .headers = {{"cache-control", "no-store"}}};
}
Result<Answer> ask_passkey(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto ticket, rooms.access.ask_passkey(access::caller_of(call.request)));
  return question(ticket);
}
Result<Answer> ask_passkey_again(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto ticket, rooms.access.ask_passkey_again(call.actor, access::caller_of(call.request)));
  return question(ticket);
}

Result<Answer> show_session(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto session, rooms.access.session_of(call.request));
  if (!session) return error(ErrorCode::unauthenticated, "Please sign in.");
  return Answer{.body = data(session_value(*session, rooms.clock))};
}

Result<Answer> sign_out(const SessionRooms& rooms, const Call& call) {
  PF_TRY(rooms.access.sign_out(call.request));
  Answer answer{.headers = without_session()};
  answer.headers.emplace_back("clear-site-data",
                              "\"cache\", \"storage\"");  // the device cookie stays: it is no secret of the shop
  return answer;
}

Result<Answer> reauthenticate(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<ConfirmBody>(call.body));
  if (call.actor.session.empty()) return error(ErrorCode::forbidden, "Only a signed-in person can confirm.");
  const auto caller = access::caller_of(call.request);
  if (body.passkey) {
    PF_LET(const auto answer, factor_of(std::nullopt, body.passkey));
    PF_LET(const auto session, rooms.access.confirm_passkey(call.actor, body.ticket.value_or(""), answer, caller));
    return signed_in(session, rooms.clock);
  }
  PF_LET(const auto session, rooms.access.confirm_password(call.actor, body.password.value_or(""), caller));
  return signed_in(session, rooms.clock);
}

Result<Answer> change_password(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<NewPasswordBody>(call.body));
  if (call.actor.kind != access::Actor::Kind::user)
    return error(ErrorCode::forbidden, "Only a signed-in person has a password to change.");
  PF_TRY(rooms.access.change_password(call.actor, body.current_password, body.password));
  return Answer{.headers = without_session()};
}

// ---- one's own account

Result<Answer> show_account(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto account, rooms.access.account(call.actor.id));
  return Answer{.body = data(person_value(account))};
}

Result<Answer> list_devices(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto devices, rooms.access.devices(call.actor.id));
  json::Value list = json::Value::array();
  for (const auto& device : devices)
    list.push(json::Value::object({{"id", device.id},
                                   {"address", device.address},
                                   {"agent", device.agent},
                                   {"factors", device.factors},
                                   {"current", device.id == call.actor.session},
                                   {"started_at", rfc3339(device.started_at)},
                                   {"seen_at", rfc3339(device.seen_at)},
                                   {"ends_at", rfc3339(device.ends_at)}}));
  return small_list(call, std::move(list));
}
Result<Answer> end_device(const SessionRooms& rooms, const Call& call) {
  PF_TRY(rooms.access.end_device(call.actor, call.actor.id, call.path_value("id")));
  return Answer{};
}
Result<Answer> end_devices(const SessionRooms& rooms, const Call& call) {
  PF_TRY(rooms.access.end_devices(call.actor, call.actor.id));
  return Answer{};
}
Result<Answer> dismiss_notices(const SessionRooms& rooms, const Call& call) {
  PF_TRY(rooms.access.dismiss_notices(call.actor));
  return Answer{};
}

Answer recovery_codes(const std::vector<std::string>& codes) {
  return {.body = data(json::Value::object({{"recovery_codes", texts(codes)}})),
          .headers = {{"cache-control", "no-store"}}};
}

Result<Answer> begin_totp(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto settings, rooms.access.settings());
  PF_LET(const auto made, rooms.access.begin_totp(call.actor, settings.shop_name));
  return Answer{.body = data(json::Value::object({{"secret", made.secret}, {"uri", made.uri}})),
                .headers = {{"cache-control", "no-store"}}};
}
Result<Answer> finish_totp(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<CodeBody>(call.body));
  PF_LET(const auto codes, rooms.access.finish_totp(call.actor, body.code));
  return recovery_codes(codes);
}
Result<Answer> remove_totp(const SessionRooms& rooms, const Call& call) {
  PF_TRY(rooms.access.remove_totp(call.actor));
  return Answer{};
}
Result<Answer> new_codes(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto codes, rooms.access.new_recovery_codes(call.actor));
  return recovery_codes(codes);
}

Result<Answer> begin_passkey(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto settings, rooms.access.settings());
  PF_LET(auto asked, rooms.access.begin_passkey(call.actor, access::caller_of(call.request), settings.shop_name));
  return Answer{.body = data(std::move(asked)), .headers = {{"cache-control", "no-store"}}};
}
Result<Answer> finish_passkey(const SessionRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<NewPasskeyBody>(call.body));
  const auto client_data = unbase64url(body.client_data), attestation = unbase64url(body.attestation);
  if (!client_data || !attestation)
    return invalid("attestation", "format", "client_data and attestation must be base64url.");
  PF_LET(const auto codes, rooms.access.finish_passkey(call.actor, body.name, body.ticket, *client_data, *attestation,
                                                       access::caller_of(call.request)));
  return recovery_codes(codes);
}
Result<Answer> remove_passkey(const SessionRooms& rooms, const Call& call) {
  PF_TRY(rooms.access.remove_passkey(call.actor, call.path_value("id")));
  return Answer{};
}

}  // namespace

std::vector<Row> session_routes(access::Access& access, const Clock& clock) {
  const SessionRooms rooms{access, clock};
  const auto with = handlers_with(rooms);
  using P = Permission;
  std::vector<Row> rows = {
      {.method = Method::post,
       .path = "/api/v1/session",
       .permission = P::none,
       .summary = "Sign in; 202 where a second factor is asked for",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<SignInBody>(),
       .answer_schema = gate::data_shape(shapes::kSignIn),
       .handler = with(sign_in),
       .other_success = 202},
      {.method = Method::post,
       .path = "/api/v1/session/passkey",
       .permission = P::none,
       .summary = "Ask for a passkey, to sign in by it alone",
       .answer_schema = gate::data_shape(shapes::kQuestion),
       .handler = with(ask_passkey)},
      {.method = Method::post,
       .path = "/api/v1/session/factor",
       .permission = P::none,
       .summary = "Sign in, second step: a code or a passkey",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<FactorBody>(),
       .answer_schema = gate::data_shape(shapes::kSession),
       .handler = with(second_step)},
      {.method = Method::get,
       .path = "/api/v1/session",
       .permission = P::signed_in,
       .summary = "Who is signed in, and until when",
       .answer_schema = gate::data_shape(shapes::kSession),
       .handler = with(show_session)},
      {.method = Method::del,
       .path = "/api/v1/session",
       .permission = P::signed_in,
       .summary = "Sign out",
       .success = 204,
       .handler = with(sign_out)},
      {.method = Method::post,
       .path = "/api/v1/session/reauthenticate",
       .permission = P::signed_in,
       .summary = "Confirm by password or passkey, for dangerous actions",
       .accepts = BodyKind::json,
       .body_schema = json::schema<ConfirmBody>(),
       .answer_schema = gate::data_shape(shapes::kSession),
       .handler = with(reauthenticate)},
      {.method = Method::post,
       .path = "/api/v1/session/reauthenticate/passkey",
       .permission = P::signed_in,
       .summary = "Ask for one's passkey, to confirm by it",
       .answer_schema = gate::data_shape(shapes::kQuestion),
       .handler = with(ask_passkey_again)},
      {.method = Method::post,
       .path = "/api/v1/password",
       .permission = P::signed_in,
       .summary = "Change one's own password; ends all sessions",
       .success = 204,
       .accepts = BodyKind::json,
       .body_schema = json::schema<NewPasswordBody>(),
       .handler = with(change_password)},
      {.method = Method::get,
       .path = "/api/v1/account",
       .permission = P::signed_in,
       .summary = "One's own account and factors",
       .answer_schema = gate::data_shape(shapes::kPerson),
       .handler = with(show_account)},
      {.method = Method::get,
       .path = "/api/v1/device",
       .permission = P::signed_in,
       .summary = "Where one is signed in",
       .answer_schema = gate::list_shape(shapes::kDevice),
       .handler = with(list_devices),
       .query = small_list_parameters()},
      {.method = Method::del,
       .path = "/api/v1/device",
       .permission = P::signed_in,
       .summary = "Sign out everywhere but here",
       .success = 204,
       .handler = with(end_devices)},
      {.method = Method::del,
       .path = "/api/v1/device/{id}",
       .permission = P::signed_in,
       .summary = "Sign out on one device",
       .success = 204,
       .handler = with(end_device)},
      {.method = Method::del,
       .path = "/api/v1/notice",
       .permission = P::signed_in,
       .summary = "The new devices were mine: do not show them again",
       .success = 204,
       .handler = with(dismiss_notices)},
      {.method = Method::post,
       .path = "/api/v1/totp",
       .permission = P::signed_in,
       .summary = "Begin with an authenticator app: its secret and QR text, shown once",
       .success = 201,
       .answer_schema = gate::data_shape(shapes::kTotp),
       .handler = with(begin_totp),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/totp/confirm",
       .permission = P::signed_in,
       .summary = "Turn the app on with its first code",
       .accepts = BodyKind::json,
       .body_schema = json::schema<CodeBody>(),
       .answer_schema = gate::data_shape(shapes::kRecoveryCodes),
       .handler = with(finish_totp)},
      {.method = Method::del,
       .path = "/api/v1/totp",
       .permission = P::signed_in,
       .summary = "Do without the app",
       .success = 204,
       .handler = with(remove_totp),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/recovery-code",
       .permission = P::signed_in,
       .summary = "Ten new recovery codes, shown once; the old ones end",
       .success = 201,
       .answer_schema = gate::data_shape(shapes::kRecoveryCodes),
       .handler = with(new_codes),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/passkey/question",
       .permission = P::signed_in,
       .summary = "Begin with a new passkey",
       .answer_schema = gate::data_shape(shapes::kQuestion),
       .handler = with(begin_passkey),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/passkey",
       .permission = P::signed_in,
       .summary = "Keep a new passkey",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<NewPasskeyBody>(),
       .answer_schema = gate::data_shape(shapes::kRecoveryCodes),
       .handler = with(finish_passkey),
       .fresh_sign_in = true},
      {.method = Method::del,
       .path = "/api/v1/passkey/{id}",
       .permission = P::signed_in,
       .summary = "Remove a passkey",
       .success = 204,
       .handler = with(remove_passkey),
       .fresh_sign_in = true},
  };
  for (Row& row : rows) row.keeps = gate::kKeepsAll;  // all about oneself
  return rows;
}

}  // namespace pf::api
