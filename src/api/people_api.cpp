#include "api/people_api.h"

#include "api/rows.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "gate/shape.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using access::Access;

struct LimitsBody {
  std::vector<std::string> channels, categories, locales, personal;
  template <class V>
  void fields(V& visit) {
    visit("channels", channels, "Orders of these channels alone; all when empty.");
    visit("categories", categories, "Products in and below these categories alone.");
    visit("locales", locales, "Texts of these languages alone may be written.");
    visit("personal", personal,
          "Of a buyer, these fields alone: shipping_customer, billing_customer, email, phone_number, comment, extra.");
  }
};
struct InviteBody {
  std::string email, role;
  std::optional<std::string> name;
  std::optional<LimitsBody> limits;
  template <class V>
  void fields(V& visit) {
    visit("email", email, "Whose account it is; one person, one account.");
    visit("role", role, "Such as packer.");
    visit("name", name, "How colleagues call the person.");
    visit("limits", limits, "What the person is confined to, beside the role's limits.");
  }
};
struct PersonBody {
  std::optional<std::string> name, role;
  std::optional<LimitsBody> limits;
  std::optional<bool> stopped;
  template <class V>
  void fields(V& visit) {
    visit("name", name, "How colleagues call the person.");
    visit("role", role, "Such as packer.");
    visit("limits", limits, "What the person is confined to.");
    visit("stopped", stopped, "true: the account sleeps, its sessions and tokens end at once.");
  }
};
struct InviteAgainBody {
  std::optional<bool> drop_factors;
  template <class V>
  void fields(V& visit) {
    visit("drop_factors", drop_factors, "true: the second factors are lost too.");
  }
};
struct JoinBody {
  std::string code, password;
  template <class V>
  void fields(V& visit) {
    visit("code", code, "Of the invitation.");
    visit("password", password, "The one that the account shall have.");
  }
};
struct RoleBody {
  std::optional<std::string> name, title;
  std::vector<std::string> permissions;
  std::optional<LimitsBody> limits;
  std::optional<bool> second_factor;
  template <class V>
  void fields(V& visit) {
    visit("name", name, "Small letters, digits and _, such as weekend_packer; it does not change later.");
    visit("title", title, "As people read it.");
    visit("permissions", permissions, "Such as orders.read.");
    visit("limits", limits, "What everybody with this role is confined to.");
    visit("second_factor", second_factor, "true: nobody works under this role without one.");
  }
};
struct PolicyBody {
  std::optional<std::string> passwords;
  std::optional<bool> second_factor_for_all;
  template <class V>
  void fields(V& visit) {
    visit("passwords", passwords, "nist-asvs, or amazon-dpp for sellers on Amazon.");
    visit("second_factor_for_all", second_factor_for_all, "true: nobody works without one; always with amazon-dpp.");
  }
};

access::Limits limits_of(const LimitsBody& body) {
  return {body.channels, body.categories, body.locales, body.personal};
}

json::Value role_value(const access::Role& role) {
  json::Value permissions = json::Value::array();
  for (std::size_t i = 1; i < role.may.size(); ++i)
    if (const auto one = static_cast<Permission>(i); role.may.test(i) && one != Permission::signed_in)
      permissions.push(access::permission_name(one));
  return json::Value::object({{"name", role.name},
                              {"title", role.title},
                              {"permissions", std::move(permissions)},
                              {"second_factor", role.second_factor},
                              {"built_in", role.built_in},
                              {"limits", access::limits_value(role.limits)}});
}

// ---- people

Result<Answer> list_people(Access& access, const Call& call) {
  json::Value list = json::Value::array();
  for (const auto& account : access.accounts()) list.push(person_value(account));
  return small_list(call, std::move(list));
}

Answer invited(const std::pair<std::string, access::Account>& made) {
  json::Value value = person_value(made.second);
  value.set("code", made.first);
  return {.body = data(std::move(value)), .headers = {{"cache-control", "no-store"}}};
}
Result<Answer> invite(Access& access, const Call& call) {
  PF_LET(const auto body, json::read_fields<InviteBody>(call.body));
  PF_LET(const auto made, access.invite(call.actor, {body.email, body.name.value_or(""), body.role,
                                                     body.limits ? limits_of(*body.limits) : access::Limits{}}));
  return invited(made);
}
Result<Answer> invite_again(Access& access, const Call& call) {
  PF_LET(const auto body,
         json::read_fields<InviteAgainBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body));
  PF_LET(const auto made, access.invite_again(call.actor, call.path_value("id"), body.drop_factors.value_or(false)));
  return invited(made);
}
Result<Answer> join(Access& access, const Call& call) {
  PF_LET(const auto body, json::read_fields<JoinBody>(call.body));
  PF_LET(const auto account, access.accept_invitation(trim(body.code), body.password, access::caller_of(call.request)));
  return Answer{.body = data(json::Value::object({{"id", account.id}, {"email", account.email}}))};
}

Result<Answer> show_person(Access& access, const Call& call) {
  PF_LET(const auto account, access.account(call.path_value("id")));
  return Answer{.body = data(person_value(account))};
}
Result<Answer> change_person(Access& access, const Call& call) {
  PF_LET(const auto body, json::read_fields<PersonBody>(call.body));
  access::PersonChange change{.name = body.name, .role = body.role, .limits = {}, .stopped = body.stopped};
  if (body.limits) change.limits = limits_of(*body.limits);
  PF_LET(const auto account, access.change_account(call.actor, call.path_value("id"), change));
  return Answer{.body = data(person_value(account))};
}
Result<Answer> remove_person(Access& access, const Call& call) {
  PF_TRY(access.remove_account(call.actor, call.path_value("id")));
  return Answer{};
}
Result<Answer> sign_out_person(Access& access, const Call& call) {
  PF_LET(const auto account, access.account(call.path_value("id")));
  PF_TRY(access.end_devices(call.actor, account.id));
  return Answer{};
}

// ---- roles

Result<Answer> list_roles(Access& access, const Call& call) {
  json::Value list = json::Value::array();
  for (const auto& role : access.roles()) list.push(role_value(role));
  return small_list(call, std::move(list));
}

Result<access::Role> role_of(const RoleBody& body, std::string name) {
  access::Role role{.name = std::move(name),
                    .title = body.title.value_or(""),
                    .may = {},
                    .limits = body.limits ? limits_of(*body.limits) : access::Limits{},
                    .second_factor = body.second_factor.value_or(false)};
  Faults faults;
  for (std::size_t i = 0; i < body.permissions.size(); ++i) {
    const auto permission = access::permission_named(body.permissions[i]);
    if (permission)
      role.may.set(static_cast<std::size_t>(*permission));
    else
      faults.add("permissions[" + std::to_string(i) + "]", "unknown",
                 "\"" + body.permissions[i].substr(0, 40) + "\" is not a permission");
  }
  PF_TRY(std::move(faults).checked());
  return role;
}
Result<Answer> create_role(Access& access, const Call& call) {
  PF_LET(const auto body, json::read_fields<RoleBody>(call.body));
  PF_LET(const auto wanted, role_of(body, body.name.value_or("")));
  PF_LET(const auto role, access.save_role(call.actor, wanted, true));
  return Answer{.body = data(role_value(role))};
}
Result<Answer> change_role(Access& access, const Call& call) {
  PF_LET(const auto body, json::read_fields<RoleBody>(call.body));
  PF_LET(const auto wanted, role_of(body, call.path_value("name")));
  PF_LET(const auto role, access.save_role(call.actor, wanted, false));
  return Answer{.body = data(role_value(role))};
}
Result<Answer> remove_role(Access& access, const Call& call) {
  PF_TRY(access.remove_role(call.actor, call.path_value("name")));
  return Answer{};
}

// ---- policy

json::Value policy_value(const access::SignInPolicy& policy) {
  return json::Value::object(
      {{"passwords", access::policy_name(policy.passwords)}, {"second_factor_for_all", policy.asks_everybody()}});
}
Result<Answer> show_policy(Access& access, const Call&) {
  return Answer{.body = data(policy_value(access.policy()))};
}
Result<Answer> change_policy(Access& access, const Call& call) {
  PF_LET(const auto body, json::read_fields<PolicyBody>(call.body));
  access::SignInPolicy policy = access.policy();
  if (body.passwords) {
    const auto named = access::policy_named(*body.passwords);
    if (!named) return invalid("passwords", "unknown", "passwords must be nist-asvs or amazon-dpp");
    policy.passwords = *named;
  }
  if (body.second_factor_for_all) policy.second_factor_for_all = *body.second_factor_for_all;
  PF_TRY(access.save_policy(call.actor, policy));
  return show_policy(access, call);
}

}  // namespace

json::Value person_value(const access::Account& account) {
  json::Value passkeys = json::Value::array();
  for (const auto& key : account.passkeys)
    passkeys.push(json::Value::object({{"id", key.id},
                                       {"name", key.name},
                                       {"site", key.rp_id},
                                       {"alone", key.alone},
                                       {"created_at", rfc3339(key.created_at)},
                                       {"last_used_at", moment(key.last_used_at)}}));
  return json::Value::object({{"id", account.id},
                              {"email", account.email},
                              {"name", account.name},
                              {"role", account.role},
                              {"state", access::state_name(account.state)},
                              {"created_at", rfc3339(account.created_at)},
                              {"limits", access::limits_value(account.limits)},
                              {"invited_until", moment(account.invited_until)},
                              {"last_sign_in_at", moment(account.last_sign_in_at)},
                              {"password_at", moment(account.password_at)},
                              {"totp", account.totp},
                              {"recovery_codes", static_cast<std::uint64_t>(account.recovery_codes)},
                              {"passkeys", std::move(passkeys)}});
}

std::vector<Row> people_routes(Access& access) {
  const auto with = [&access](Result<Answer> (*function)(Access&, const Call&)) -> gate::Handler {
    return [&access, function](const Call& call) { return function(access, call); };
  };
  using P = Permission;
  std::vector<Row> rows = {
      {.method = Method::get,
       .path = "/api/v1/user",
       .permission = P::audit_read,
       .summary = "List people",
       .answer_schema = gate::list_shape(shapes::kPerson),
       .handler = with(list_people),
       .query = small_list_parameters()},
      {.method = Method::post,
       .path = "/api/v1/user",
       .permission = P::users,
       .summary = "Invite somebody; the one-time code is shown once",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<InviteBody>(),
       .answer_schema = gate::data_shape(shapes::kInvited),
       .handler = with(invite),
       .fresh_sign_in = true},
      {.method = Method::get,
       .path = "/api/v1/user/{id}",
       .permission = P::audit_read,
       .summary = "Show a person",
       .answer_schema = gate::data_shape(shapes::kPerson),
       .handler = with(show_person)},
      {.method = Method::patch,
       .path = "/api/v1/user/{id}",
       .permission = P::users,
       .summary = "Change a person's role and limits, or stop the account",
       .accepts = BodyKind::json,
       .body_schema = json::schema<PersonBody>(),
       .answer_schema = gate::data_shape(shapes::kPerson),
       .handler = with(change_person),
       .fresh_sign_in = true},
      {.method = Method::del,
       .path = "/api/v1/user/{id}",
       .permission = P::users,
       .summary = "Remove a person; sessions and tokens end at once",
       .success = 204,
       .handler = with(remove_person),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/user/{id}/invitation",
       .permission = P::users,
       .summary = "Another one-time code, for whoever lost the password",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<InviteAgainBody>(),
       .answer_schema = gate::data_shape(shapes::kInvited),
       .handler = with(invite_again),
       .fresh_sign_in = true},
      {.method = Method::del,
       .path = "/api/v1/user/{id}/device",
       .permission = P::users,
       .summary = "Sign a person out everywhere",
       .success = 204,
       .handler = with(sign_out_person)},
      {.method = Method::post,
       .path = "/api/v1/invitation",
       .permission = P::none,
       .summary = "Accept an invitation with its one-time code",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<JoinBody>(),
       .answer_schema = gate::data_shape(shapes::kAccount),
       .handler = with(join)},
      {.method = Method::get,
       .path = "/api/v1/role",
       .permission = P::audit_read,
       .summary = "List roles and what each may do",
       .answer_schema = gate::list_shape(shapes::kRole),
       .handler = with(list_roles),
       .query = small_list_parameters()},
      {.method = Method::post,
       .path = "/api/v1/role",
       .permission = P::users,
       .summary = "Make a role",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<RoleBody>(),
       .answer_schema = gate::data_shape(shapes::kRole),
       .handler = with(create_role),
       .fresh_sign_in = true},
      {.method = Method::put,
       .path = "/api/v1/role/{name}",
       .permission = P::users,
       .summary = "Change a role; of a built-in one, whether it asks for a second factor",
       .accepts = BodyKind::json,
       .body_schema = json::schema<RoleBody>(),
       .answer_schema = gate::data_shape(shapes::kRole),
       .handler = with(change_role),
       .fresh_sign_in = true},
      {.method = Method::del,
       .path = "/api/v1/role/{name}",
       .permission = P::users,
       .summary = "Remove a role that nobody has",
       .success = 204,
       .handler = with(remove_role),
       .fresh_sign_in = true},
      {.method = Method::get,
       .path = "/api/v1/policy",
       .permission = P::audit_read,
       .summary = "How people must prove who they are",
       .answer_schema = gate::data_shape(shapes::kPolicy),
       .handler = with(show_policy)},
      {.method = Method::put,
       .path = "/api/v1/policy",
       .permission = P::users,
       .summary = "Choose the password policy, and whether everybody needs a second factor",
       .accepts = BodyKind::json,
       .body_schema = json::schema<PolicyBody>(),
       .answer_schema = gate::data_shape(shapes::kPolicy),
       .handler = with(change_policy),
       .fresh_sign_in = true},
  };
  return rows;
}

}  // namespace pf::api
