#include "api/programs_api.h"

#include "api/rows.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "crypto/certificate.h"
#include "gate/shape.h"
#include "http/local_ca.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

constexpr std::int64_t kOverlapHoursMax = 24 * 30, kOverlapHours = 24;  // both secrets of a rotated token work so long
constexpr std::int64_t kClientDays = 365, kClientDaysMax = 397;         // as long as the server's own at most

struct ProgramRooms {
  access::Access& access;
  std::filesystem::path tls;
  const Clock& clock;
};

struct TokenBody {
  std::string name;
  std::vector<std::string> scopes;
  std::optional<std::string> expires_at;
  std::vector<std::string> ranges;
  template <class V>
  void fields(V& visit) {
    visit("name", name, "What it is for.");
    visit("scopes", scopes, "Permissions such as orders.read, or all.");
    visit("expires_at", expires_at, "RFC 3339; never when absent.");
    visit("ranges", ranges, "Where it may come from, such as 192.0.2.0/24; anywhere when empty.");
  }
};
struct RotateBody {
  std::optional<std::int64_t> overlap_hours;
  template <class V>
  void fields(V& visit) {
    visit("overlap_hours", overlap_hours, "How long the old secret works on: 24 when absent, at most 720.");
  }
};
struct ClientBody {
  std::string name;
  std::vector<std::string> scopes;
  std::optional<std::int64_t> days;
  std::vector<std::string> ranges;
  std::optional<std::string> password;
  template <class V>
  void fields(V& visit) {
    visit("name", name, "What it is for.");
    visit("scopes", scopes, "Permissions such as orders.read, or all.");
    visit("days", days, "How long the certificate holds: 365 when absent, at most 397.");
    visit("ranges", ranges, "Where it may come from, such as 192.0.2.0/24; anywhere when empty.");
    visit("password", password, "Of the PKCS#12 bundle, at least 12 characters; without one there is none.");
  }
};

json::Value token_value(const access::Token& token) {
  return json::Value::object({{"id", token.id},
                              {"name", token.name},
                              {"scopes", texts(token.scopes)},
                              {"created_at", rfc3339(token.created_at)},
                              {"expires_at", moment(token.expires_at)},
                              {"last_used_at", moment(token.last_used_at)},
                              {"last_address", token.last_address},
                              {"user", token.user},
                              {"ranges", texts(token.ranges)},
                              {"kind", token.certificate ? "certificate" : "token"}});
}

Result<Answer> list_tokens(const ProgramRooms& rooms, const Call& call) {
  PF_LET(const auto tokens, rooms.access.tokens());
  json::Value list = json::Value::array();
  for (const auto& token : tokens) list.push(token_value(token));
  return small_list(call, std::move(list));
}

Answer with_secret(const std::pair<std::string, access::Token>& made) {
  json::Value value = token_value(made.second);
  value.set("token", made.first);
  return {.body = data(std::move(value))};
}

Result<Answer> create_token(const ProgramRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<TokenBody>(call.body));
  access::NewToken wanted{.name = body.name, .scopes = body.scopes, .expires_at = {}, .ranges = body.ranges};
  if (body.expires_at) {
    const auto time = parse_time(*body.expires_at);
    if (!time.ok()) return invalid("expires_at", "format", "expires_at must be a time such as 2027-01-01T00:00:00Z");
    wanted.expires_at = *time;
  }
  PF_LET(const auto made, rooms.access.create_token(call.actor, wanted));
  return with_secret(made);
}

Result<Answer> rotate_token(const ProgramRooms& rooms, const Call& call) {
  PF_LET(const auto body,
         json::read_fields<RotateBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body));
  const std::int64_t overlap = body.overlap_hours.value_or(kOverlapHours);
  if (overlap < 0 || overlap > kOverlapHoursMax)
    return invalid("overlap_hours", "range", "overlap_hours must be from 0 to 720");
  PF_LET(const auto made, rooms.access.rotate_token(call.actor, call.path_value("id"), std::chrono::hours{overlap}));
  return with_secret(made);
}

Result<Answer> remove_token(const ProgramRooms& rooms, const Call& call) {
  PF_TRY(rooms.access.remove_token(call.actor, call.path_value("id")));
  return Answer{};
}

// The key is made here, handed over once and kept nowhere.
Result<Answer> create_client(const ProgramRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<ClientBody>(call.body));
  const std::int64_t days = body.days.value_or(kClientDays);
  if (days < 1 || days > kClientDaysMax) return invalid("days", "range", "days must be from 1 to 397");
  if (body.password && body.password->size() < access::kPasswordCharsMin)
    return invalid("password", "weak", "The bundle's password must have at least 12 characters.");
  const std::string name(trim(body.name));
  access::NewToken wanted{.name = name, .scopes = body.scopes, .expires_at = {}, .ranges = body.ranges};
  PF_TRY(rooms.access.may_create(call.actor, wanted));  // keys and the bundle's password cost a second
  const Time now = rooms.clock.now();
  PF_LET(const auto authority, http::client_authority(rooms.tls, now));
  PF_LET(const auto made, crypto::issue_client(authority, name, std::chrono::days{days}, now));
  PF_LET(const auto der, crypto::der_of(made.certificate_pem));
  PF_LET(wanted.expires_at, crypto::expires_at(made.certificate_pem));
  std::string bundle;
  if (body.password) {
    PF_LET(bundle, crypto::bundle(made, authority.certificate_pem, name, *body.password));
  }
  PF_LET(const auto token, rooms.access.register_certificate(call.actor, wanted, der));
  PF_LET(const auto server, http::authority_text(rooms.tls));
  json::Value value = token_value(token);
  value.set("certificate", made.certificate_pem);
  value.set("key", made.key_pem);
  value.set("authority", server);
  value.set("pkcs12", base64url(bundle));
  return Answer{.body = data(std::move(value)), .headers = {{"cache-control", "no-store"}}};
}

}  // namespace

std::vector<Row> programs_routes(access::Access& access, const std::filesystem::path& tls, const Clock& clock) {
  const ProgramRooms rooms{access, tls, clock};
  const auto with = handlers_with(rooms);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/token",
       .permission = P::tokens,
       .summary = "List programs: tokens and certificates",
       .answer_schema = gate::list_shape(shapes::kToken),
       .handler = with(list_tokens),
       .query = small_list_parameters()},
      {.method = Method::post,
       .path = "/api/v1/token",
       .permission = P::tokens,
       .summary = "Make a token; it is shown once",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<TokenBody>(),
       .answer_schema = gate::data_shape(shapes::kNewToken),
       .handler = with(create_token),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/token/{id}/rotate",
       .permission = P::tokens,
       .summary = "A new secret with the same rights; the old one works on for a while",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<RotateBody>(),
       .answer_schema = gate::data_shape(shapes::kNewToken),
       .handler = with(rotate_token),
       .fresh_sign_in = true},
      {.method = Method::del,
       .path = "/api/v1/token/{id}",
       .permission = P::tokens,
       .summary = "Remove a token or certificate; it ends at once",
       .success = 204,
       .handler = with(remove_token),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/client",
       .permission = P::tokens,
       .summary = "Make a program's certificate and key; the key is shown once",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<ClientBody>(),
       .answer_schema = gate::data_shape(shapes::kNewClient),
       .handler = with(create_client),
       .fresh_sign_in = true},
  };
}

}  // namespace pf::api
