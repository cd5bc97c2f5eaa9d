// The directory, secrets, roles, set-up and settings.
#include "access/access.h"

#include <algorithm>

#include "access/access_impl.h"
#include "access/passwords.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::access {

Access::Impl::Impl(storage::Store& s, const Clock& c, const Clock& b, std::string_view p, Journal j,
                   const crypto::PasswordCost& k)
    : store(s),
      clock(c),
      box(b),
      family(s.family(kAccessFamily)),
      pepper(crypto::SecretBytes::copy_of(p)),
      sealing_key(crypto::hkdf_sha256(p, "", "pf/v1/factors", crypto::kGcmKeyBytes)),
      journal(std::move(j)),
      cost(k) {
  reload();
}

std::vector<storage::Family> Access::families() {
  return {{.name = std::string(kAccessFamily)}};
}
Access::Access(storage::Store& store, const Clock& clock, const Clock& box, std::string_view pepper, Journal journal,
               const crypto::PasswordCost& cost)
    : impl_(std::make_unique<Impl>(store, clock, box, pepper, std::move(journal), cost)) {}
Access::~Access() = default;

// ---- directory

const Role* Directory::role(std::string_view name) const {
  const auto found = std::ranges::find(roles, name, &Role::name);
  return found == roles.end() ? nullptr : &*found;
}

std::shared_ptr<const Directory> Access::Impl::now_known() const {
  const std::lock_guard lock(directory_mutex);
  return directory;
}

void Access::Impl::changes_directory(storage::Write& work) {
  work.after_commit([this] { reload(); });
}

// A record that cannot be read makes nothing laxer: a person or an own role is left out, so whoever it stood for has no
// right; a built-in role asks for a second factor, and so does the policy, of everybody.
void Access::Impl::reload() {
  const std::lock_guard one_at_a_time(reload_mutex);
  auto made = std::make_shared<Directory>();
  const auto read = store.read();
  if (const auto record = record_at(read, family, setting_key("sign_in")); !record.ok()) {
    made->policy = {PasswordPolicy::amazon_dpp, true};
  } else if (*record) {
    made->policy.passwords = policy_named(text_in(**record, "passwords")).value_or(PasswordPolicy::amazon_dpp);
    made->policy.second_factor_for_all = flag_in(**record, "second_factor_for_all");
  }
  made->roles = built_in_roles();
  for (auto row = read.scan_prefix(family, "r"); row.valid(); row.next()) {
    const auto record = json::parse(row.value());
    const auto built_in = std::ranges::find(made->roles, row.key().substr(1), &Role::name);
    if (built_in != made->roles.end())
      built_in->second_factor = !record.ok() || role_of(*record).second_factor;
    else if (record.ok())
      made->roles.push_back(role_of(*record));
  }
  for (auto row = read.scan_prefix(family, "u"); row.valid(); row.next()) {
    const auto record = json::parse(row.value());
    if (!record.ok()) continue;
    Directory::Person person{.account = account_of(*record), .may = {}, .limits = nullptr};
    if (const Role* role = made->role(person.account.role); role != nullptr) {
      person.may = role->may;
      if (Limits limits = both(role->limits, person.account.limits); limits.any())
        person.limits = std::make_shared<const Limits>(std::move(limits));
      person.must_enrol = (role->second_factor || made->policy.asks_everybody()) && !person.account.has_second_factor();
    }
    made->people.emplace(person.account.id, std::move(person));
  }
  const std::lock_guard lock(directory_mutex);
  directory = std::move(made);
}

bool Access::Impl::must_change_password(const Account& account, const Directory& known) const {
  return known.policy.passwords == PasswordPolicy::amazon_dpp && account.password &&
         clock.now() >= account.password_at.value_or(account.created_at) + kPasswordAgeMax;
}

// ---- records

void Access::Impl::put(storage::Write& work, std::string_view key, const json::Value& record) const {
  work.put(family, key, json::write(record));
}

Result<std::optional<json::Value>> Access::Impl::account_by_mail(const storage::Reader& read,
                                                                 std::string_view email) const {
  PF_LET(const auto id, read.get(family, mail_key(lower_ascii(email))));
  if (!id) return std::optional<json::Value>{};
  return record_at(read, family, account_key(*id));
}

Result<json::Value> Access::Impl::account_record(const storage::Reader& read, std::string_view id) const {
  PF_LET(auto record, record_at(read, family, account_key(id)));
  if (!record) return error(ErrorCode::not_found, "There is no such person; the account may have been removed.");
  return *std::move(record);
}

Result<> Access::Impl::change_record(std::string_view id,
                                     const std::function<Result<>(storage::Write&, json::Value&)>& how) {
  return store.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(auto record, account_record(work, id));
    PF_TRY(how(work, record));
    put(work, account_key(id), record);
    changes_directory(work);
    return {};
  });
}

Result<> Access::Impl::tell_alone(const Actor& by, std::string_view action, std::string_view object,
                                  json::Value details) {
  return store.write_even_when_full(
      [&](storage::Write& work) { return tell(work, by, action, object, std::move(details)); });
}

// ---- secrets

std::string Access::Impl::seasoned(std::string_view password) const {
  return base64url(crypto::hmac_sha256(pepper.bytes(), password));
}

bool Access::Impl::password_holds(const json::Value& account, std::string_view password) const {
  const std::string hash = text_in(account, "password");
  const std::string_view tried = password.substr(0, kPasswordBytesMax + 1);
  if (hash.empty()) {
    // Costs the same and fails. To make the hash costs as much as to try it, so the first one is made and not tried.
    bool made = false;
    std::call_once(nobody_once, [&] {
      if (auto fresh = crypto::hash_password("nobody", cost); fresh.ok()) nobody = *std::move(fresh);
      made = true;
    });
    if (!made) static_cast<void>(crypto::password_matches(nobody, seasoned(tried)));
    return false;
  }
  return crypto::password_matches(hash, flag_in(account, "peppered") ? seasoned(tried) : tried);
}

Result<> Access::Impl::set_password(json::Value& account, std::string_view password) const {
  if (const auto fault = password_fault(password, text_in(account, "email"), now_known()->policy.passwords))
    return invalid("password", "weak", "The password " + *fault + ".");
  PF_LET(auto hash, crypto::hash_password(seasoned(password), cost));
  account.set("password", std::move(hash));
  account.set("peppered", true);
  account.set("password_at", rfc3339(clock.now()));
  return {};
}

void Access::Impl::take_password(json::Value& record, const json::Value& hashed) {
  for (const char* field : {"password", "peppered", "password_at"}) record.set(field, *hashed.find(field));
}

std::string Access::Impl::keyed_hash(std::string_view purpose, std::string_view secret) const {
  return base64url(crypto::hmac_sha256(pepper.bytes(), std::string(purpose) + '\0' + std::string(secret)));
}

std::string Access::Impl::seal(std::string_view user, std::string_view secret) const {
  const std::string nonce = crypto::random_bytes(crypto::kGcmNonceBytes);
  return base64url(nonce + crypto::gcm_seal(sealing_key.bytes(), nonce, user, secret));
}

std::optional<std::string> Access::Impl::open(std::string_view user, std::string_view sealed) const {
  const auto bytes = unbase64url(sealed);
  if (!bytes || bytes->size() < crypto::kGcmNonceBytes + crypto::kGcmTagBytes) return std::nullopt;
  const std::string_view whole = *bytes;
  const auto secret = crypto::gcm_open(sealing_key.bytes(), whole.substr(0, crypto::kGcmNonceBytes), user,
                                       whole.substr(crypto::kGcmNonceBytes));
  if (!secret) return std::nullopt;
  return std::string(secret->bytes());
}

// ---- roles

std::vector<Role> Access::roles() const {
  return impl_->now_known()->roles;
}

SignInPolicy Access::policy() const {
  return impl_->now_known()->policy;
}

Result<> Access::save_policy(const Actor& by, const SignInPolicy& policy) {
  return impl_->store.write([&](storage::Write& work) -> Result<> {
    impl_->put(work, setting_key("sign_in"),
               json::Value::object({{"passwords", policy_name(policy.passwords)},
                                    {"second_factor_for_all", policy.second_factor_for_all}}));
    impl_->changes_directory(work);
    return impl_->tell(work, by, "policy.change", "",
                       json::Value::object({{"passwords", policy_name(policy.passwords)},
                                            {"second_factor_for_all", policy.second_factor_for_all}}));
  });
}

Result<> Access::Impl::may_give(const Actor& by, const Permissions& rights, const Limits& limits,
                                std::string_view field) const {
  const Permissions more = rights & ~by.may;
  if (more.none() && by.limits && !lies_within(limits, *by.limits)) {
    Error refused =
        error(ErrorCode::forbidden, "Your account is limited to a part of the shop, and this reaches beyond it.");
    refused.faults.push_back({std::string(field), "limits", refused.message});
    return refused;
  }
  if (more.none()) return {};
  std::string names;
  for (std::size_t i = 0; i < more.size(); ++i)
    if (more.test(i)) names += (names.empty() ? "" : ", ") + std::string(permission_name(static_cast<Permission>(i)));
  Error refused = error(ErrorCode::forbidden, "You cannot give rights that you do not have yourself: " + names + ".");
  refused.faults.push_back({std::string(field), "rights", refused.message});
  return refused;
}

Result<> Access::Impl::may_give(const Actor& by, const Directory& known, const std::string& role,
                                const Limits& limits) const {
  const Role* found = known.role(role);
  return found == nullptr ? Result<>() : may_give(by, found->may, both(found->limits, limits), "role");
}

namespace {

Permissions without_signed_in(Permissions may) {
  may.reset(static_cast<std::size_t>(Permission::none));
  may.reset(static_cast<std::size_t>(Permission::signed_in));
  return may;
}

json::Value role_record(const Role& role) {
  json::Value permissions = json::Value::array();
  for (std::size_t i = 0; i < role.may.size(); ++i)
    if (role.may.test(i)) permissions.push(permission_name(static_cast<Permission>(i)));
  return json::Value::object({{"name", role.name},
                              {"title", role.title},
                              {"permissions", std::move(permissions)},
                              {"limits", limits_value(role.limits)},
                              {"second_factor", role.second_factor}});
}

}  // namespace

Result<Role> Access::save_role(const Actor& by, const Role& wanted, bool create) {
  Faults faults;
  Role role = wanted;
  role.title = std::string(trim(role.title));
  role.may = without_signed_in(role.may);
  constexpr std::size_t kNameBytesMax = 60, kTitleBytesMax = 100;
  const bool plain =
      !role.name.empty() && role.name.size() <= kNameBytesMax && std::ranges::all_of(role.name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      });
  if (!plain) faults.add("name", "format", "must be small letters, digits and _ such as weekend_packer");
  const auto& built_in = built_in_roles();
  const auto kept = std::ranges::find(built_in, role.name, &Role::name);
  role.built_in = kept != built_in.end();
  if (role.built_in) {
    if (create) return error(ErrorCode::conflict, "There is a role of that name already.");
    role.title.clear();
    role.may = kept->may;
    role.limits = kept->limits;
  } else if (role.title.empty() || role.title.size() > kTitleBytesMax || first_bad_utf8(role.title)) {
    faults.add("title", "length", "must have 1 to 100 characters");
  }
  check_limits(role.limits, faults);
  PF_TRY(std::move(faults).checked());
  if (!role.built_in) PF_TRY(impl_->may_give(by, role.may, role.limits, "permissions"));
  PF_TRY(impl_->store.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto before, record_at(work, impl_->family, role_key(role.name)));
    if (create && before) return error(ErrorCode::conflict, "There is a role of that name already.");
    if (!create && !before && !role.built_in) return error(ErrorCode::not_found, "There is no such role.");
    if (before && !role.built_in) {
      const Role was = role_of(*before);
      PF_TRY(impl_->may_give(by, was.may, was.limits, "name"));
      PF_LET(const auto self, record_at(work, impl_->family, account_key(by.user)));
      if (self && text_in(*self, "role") == role.name)
        return error(ErrorCode::conflict, "Nobody changes his own rights. Ask somebody with another role.");
    }
    std::size_t count = 0;
    for (auto row = work.scan_prefix(impl_->family, "r"); row.valid(); row.next()) ++count;
    if (count >= kRolesMax) return error(ErrorCode::conflict, "There are 100 roles already. Remove unused ones.");
    json::Value record = role_record(role);
    impl_->put(work, role_key(role.name), record);
    impl_->changes_directory(work);
    return impl_->tell(work, by, create ? "role.create" : "role.change", "role:" + role.name,
                       json::Value::object({{"before", before ? *before : json::Value(nullptr)}, {"after", record}}));
  }));
  return role;
}

Result<> Access::remove_role(const Actor& by, std::string_view name) {
  return impl_->store.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(const auto record, record_at(work, impl_->family, role_key(name)));
    const bool built_in = std::ranges::find(built_in_roles(), name, &Role::name) != built_in_roles().end();
    if (built_in) return error(ErrorCode::conflict, "A built-in role stays.");
    if (!record) return error(ErrorCode::not_found, "There is no such role.");
    const Role was = role_of(*record);
    PF_TRY(impl_->may_give(by, was.may, was.limits, "name"));
    for (auto row = work.scan_prefix(impl_->family, "u"); row.valid(); row.next()) {
      PF_LET(const auto account, json::parse(row.value()));
      if (text_in(account, "role") == name)
        return error(ErrorCode::conflict, "Somebody has this role. Give them another one first.");
    }
    work.erase(impl_->family, role_key(name));
    impl_->changes_directory(work);
    return impl_->tell(work, by, "role.remove", "role:" + std::string(name));
  });
}

// ---- first run

std::string Access::new_set_up_code() {
  std::string code = with_dash(typed_code());  // 50 bits, with ten tries
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

// ---- settings

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
  impl_->put(work, setting_key("shop"),
             json::Value::object({{"shop_name", settings.shop_name},
                                  {"company_number", settings.company_number},
                                  {"currency", settings.currency},
                                  {"time_zone", settings.time_zone}}));
  return {};
}

}  // namespace pf::access
