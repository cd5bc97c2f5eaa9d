// People: who they are, what role they have, how they come and go.
#include <algorithm>

#include "access/access_impl.h"
#include "access/passwords.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::access {
namespace {

constexpr std::size_t kEmailBytesMax = 254;  // RFC 5321 section 4.5.3.1
constexpr std::size_t kNameBytesMax = 100;

bool looks_like_mail(std::string_view email) {
  const std::size_t at = email.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < email.size() &&
         email.find('@', at + 1) == std::string_view::npos &&
         email.find_first_of(" \t\r\n<>\"") == std::string_view::npos && email.size() <= kEmailBytesMax &&
         !first_bad_utf8(email);
}

}  // namespace

json::Value without_secrets(const Account& account) {
  return json::Value::object(
      {{"role", account.role}, {"state", state_name(account.state)}, {"limits", limits_value(account.limits)}});
}

Result<bool> Access::has_owner() const {
  return !impl_->now_known()->people.empty();
}

Result<Account> Access::create_owner(storage::Write& work, std::string_view email, std::string_view password) {
  auto row = work.scan_prefix(impl_->family, "u");
  if (row.valid()) return error(ErrorCode::conflict, "This shop has an owner already.");
  email = trim(email);
  Faults faults;
  if (!looks_like_mail(email)) faults.add("email", "format", "must look like name@example.com");
  if (auto fault = password_fault(password, email, impl_->now_known()->policy.passwords))
    faults.add("password", "weak", *fault);
  PF_TRY(std::move(faults).checked());
  const std::string id = hex(crypto::random_bytes(8));
  json::Value record = json::Value::object({{"id", id},
                                            {"email", email},
                                            {"role", kOwnerRole},
                                            {"state", "active"},
                                            {"created_at", rfc3339(impl_->clock.now())}});
  PF_TRY(impl_->set_password(record, password));
  impl_->put(work, account_key(id), record);
  work.put(impl_->family, mail_key(lower_ascii(email)), id);
  impl_->changes_directory(work);
  return account_of(record);
}

std::vector<Account> Access::accounts() const {
  std::vector<Account> all;
  for (const auto& [id, person] : impl_->now_known()->people) all.push_back(person.account);
  std::ranges::sort(all, {}, &Account::email);
  return all;
}

Result<Account> Access::account(std::string_view id) const {
  const auto known = impl_->now_known();
  const auto found = known->people.find(id);
  if (found == known->people.end())
    return error(ErrorCode::not_found, "There is no such person; the account may have been removed.");
  return found->second.account;
}

Result<> Access::Impl::owner_stays(const storage::Reader& read, std::string_view id) const {
  for (auto row = read.scan_prefix(family, "u"); row.valid(); row.next()) {
    PF_LET(const auto record, json::parse(row.value()));
    const Account other = account_of(record);
    if (other.id != id && other.role == kOwnerRole && other.state == Account::State::active) return {};
  }
  return error(ErrorCode::conflict, "A shop needs an owner. Make somebody else owner first.");
}

// A fresh invitation in the record; its code goes to the person by hand, since the appliance sends no mail.
Result<std::pair<std::string, Account>> Access::Impl::invite_record(storage::Write& work, json::Value record) const {
  std::string code = base64url(crypto::random_bytes(16));  // 128 bits
  const std::string id = text_in(record, "id");
  record.set("invitation", json::Value::object({{"hash", keyed_hash("invitation", code)},
                                                {"until", rfc3339(clock.now() + kInvitationLife)}}));
  put(work, account_key(id), record);
  return std::pair(id + "." + code, account_of(record));  // the id finds the record, the code opens it
}

Result<std::pair<std::string, Account>> Access::invite(const Actor& by, const NewPerson& person) {
  const std::string_view email = trim(person.email), name = trim(person.name);
  const auto known = impl_->now_known();
  const Role* role = known->role(person.role);
  Faults faults;
  if (!looks_like_mail(email)) faults.add("email", "format", "must look like name@example.com");
  if (name.size() > kNameBytesMax || first_bad_utf8(name))
    faults.add("name", "length", "must have at most 100 characters");
  if (role == nullptr) faults.add("role", "unknown", "must be a role of this shop");
  check_limits(person.limits, faults);
  PF_TRY(std::move(faults).checked());
  PF_TRY(impl_->may_give(by, *known, person.role, person.limits));
  std::pair<std::string, Account> made;
  PF_TRY(impl_->store.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto there, work.get(impl_->family, mail_key(lower_ascii(email))));
    if (there) {
      Error taken = error(ErrorCode::conflict, "Somebody with this e-mail is here already.");
      taken.faults.push_back({"email", "taken", taken.message});
      return taken;
    }
    std::size_t count = 0;
    for (auto row = work.scan_prefix(impl_->family, "u"); row.valid(); row.next()) ++count;
    if (count >= kPeopleMax) return error(ErrorCode::conflict, "There are 1,000 people already. Remove who has left.");
    const std::string id = hex(crypto::random_bytes(8));
    json::Value record = json::Value::object({{"id", id},
                                              {"email", email},
                                              {"name", name},
                                              {"role", person.role},
                                              {"state", "invited"},
                                              {"limits", limits_value(person.limits)},
                                              {"created_at", rfc3339(impl_->clock.now())}});
    work.put(impl_->family, mail_key(lower_ascii(email)), id);
    PF_LET(made, impl_->invite_record(work, std::move(record)));
    impl_->changes_directory(work);
    return impl_->tell(work, by, "user.invite", person_object(id), without_secrets(made.second));
  }));
  return made;
}

Result<std::pair<std::string, Account>> Access::invite_again(const Actor& by, std::string_view id, bool drop_factors) {
  std::pair<std::string, Account> made;
  PF_TRY(impl_->store.write([&](storage::Write& work) -> Result<> {
    PF_LET(auto record, impl_->account_record(work, id));
    PF_TRY(impl_->may_give(by, *impl_->now_known(), text_in(record, "role"), limits_in(record)));
    if (text_in(record, "state") == "stopped")
      return error(ErrorCode::conflict, "This account is stopped. Let it work again first.");
    record.erase("password");
    if (drop_factors)
      for (const char* factor : {"totp", "totp_step", "recovery", "passkeys"}) record.erase(factor);
    PF_TRY(impl_->end_sessions(work, id));
    PF_LET(made, impl_->invite_record(work, std::move(record)));
    impl_->changes_directory(work);
    return impl_->tell(work, by, "user.invite_again", person_object(id),
                       json::Value::object({{"factors_dropped", drop_factors}}));
  }));
  return made;
}

Result<Account> Access::accept_invitation(std::string_view code, std::string_view password, const Caller& caller) {
  const Error wrong = invalid("code", "wrong",
                              "This invitation is not right, used, or older than 72 hours. Ask whoever invited you for "
                              "another one.");
  PF_TRY(impl_->by_address.count(network_of(caller.address), impl_->clock.since_boot()));
  const std::size_t dot = code.find('.');
  const std::string_view id = code.substr(0, dot);
  const std::string_view secret = dot == std::string_view::npos ? "" : code.substr(dot + 1);
  Account account;
  bool was_wrong = false;
  const auto invited = [&](const storage::Reader& read) -> Result<json::Value> {
    PF_LET(auto record, record_at(read, impl_->family, account_key(id.substr(0, 64))));
    const json::Value* invitation = record ? record->find("invitation") : nullptr;
    was_wrong = invitation == nullptr ||
                !crypto::same_bytes(text_in(*invitation, "hash"), impl_->keyed_hash("invitation", secret)) ||
                impl_->clock.now() >= time_in(*invitation, "until").value_or(Time{}) ||
                text_in(*record, "state") == "stopped";
    if (was_wrong) return wrong;
    return *std::move(record);
  };
  auto done = [&]() -> Result<> {
    PF_LET(auto hashed, invited(impl_->store.read()));
    PF_TRY(impl_->set_password(hashed, password));
    return impl_->store.write([&](storage::Write& work) -> Result<> {
      PF_LET(auto record, invited(work));  // once more: somebody may have used the code, or ended it, meanwhile
      impl_->take_password(record, hashed);
      record.erase("invitation");
      record.set("state", "active");
      impl_->put(work, account_key(id), record);
      impl_->changes_directory(work);
      account = account_of(record);
      const Actor by{Actor::Kind::user, account.id, account.email, {}, "", false, account.id};
      return impl_->tell(work, by, "user.join", person_object(id), json::Value::object({{"address", caller.address}}));
    });
  }();
  if (was_wrong)
    PF_TRY(impl_->tell_alone(Actor{}, "invitation.refused", "", json::Value::object({{"address", caller.address}})));
  else
    impl_->by_address.take_back(network_of(caller.address));
  PF_TRY(std::move(done));
  return account;
}

Result<> Access::Impl::stop_record(storage::Write& work, json::Value& record) {
  record.set("state", "stopped");
  record.erase("invitation");
  return end_sessions(work, text_in(record, "id"));
}

Result<Account> Access::change_account(const Actor& by, std::string_view id, const PersonChange& change) {
  const auto known = impl_->now_known();
  Faults faults;
  if (change.role && known->role(*change.role) == nullptr) faults.add("role", "unknown", "must be a role of this shop");
  if (change.name && (change.name->size() > kNameBytesMax || first_bad_utf8(*change.name)))
    faults.add("name", "length", "must have at most 100 characters");
  if (change.limits) check_limits(*change.limits, faults);
  PF_TRY(std::move(faults).checked());
  Account after;
  PF_TRY(impl_->change_record(id, [&](storage::Write& work, json::Value& record) -> Result<> {
    const Account before = account_of(record);
    // Whoever has more rights than `by` is out of reach, and so are more rights.
    PF_TRY(impl_->may_give(by, *known, before.role, before.limits));
    PF_TRY(impl_->may_give(by, *known, change.role.value_or(before.role), change.limits.value_or(before.limits)));
    if (id == by.user && (change.role || change.limits || change.stopped))
      return error(ErrorCode::conflict, "Nobody changes his own rights. Ask another owner.");
    const bool leaves = (change.role && *change.role != kOwnerRole) || change.stopped.value_or(false);
    if (before.role == kOwnerRole && before.state == Account::State::active && leaves)
      PF_TRY(impl_->owner_stays(work, id));
    if (change.name) record.set("name", trim(*change.name));
    if (change.role) record.set("role", *change.role);
    if (change.limits) record.set("limits", limits_value(*change.limits));
    if (change.stopped.value_or(false)) PF_TRY(impl_->stop_record(work, record));
    if (change.stopped && !*change.stopped)
      record.set("state", text_in(record, "password").empty() ? "invited" : "active");
    after = account_of(record);
    return impl_->tell(work, by, "user.change", person_object(id),
                       json::Value::object({{"before", without_secrets(before)}, {"after", without_secrets(after)}}));
  }));
  return after;
}

Result<> Access::remove_account(const Actor& by, std::string_view id) {
  if (id == by.user) return error(ErrorCode::conflict, "Nobody removes himself. Ask another owner.");
  return impl_->store.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(const auto record, impl_->account_record(work, id));
    const Account account = account_of(record);
    PF_TRY(impl_->may_give(by, *impl_->now_known(), account.role, account.limits));
    if (account.role == kOwnerRole && account.state == Account::State::active) PF_TRY(impl_->owner_stays(work, id));
    work.erase(impl_->family, account_key(id));
    work.erase(impl_->family, mail_key(lower_ascii(account.email)));
    PF_TRY(impl_->end_sessions(work, id));
    PF_TRY(impl_->end_tokens(work, id));
    if (impl_->also_gone) PF_TRY(impl_->also_gone(work, id));
    impl_->changes_directory(work);
    return impl_->tell(work, by, "user.remove", person_object(id), json::Value::object({{"role", account.role}}));
  });
}

void Access::on_account_gone(std::function<Result<>(storage::Write&, std::string_view)> also) {
  impl_->also_gone = std::move(also);
}

Result<> Access::change_password(const Actor& by, std::string_view current, std::string_view next) {
  PF_LET(const auto before, impl_->account_record(impl_->store.read(), by.id));
  PF_TRY(impl_->by_account.count("p:" + by.id, impl_->clock.since_boot()));
  if (!impl_->password_holds(before, current)) {
    PF_TRY(
        impl_->tell_alone(by, "factor.refused", person_object(by.id), json::Value::object({{"factor", "password"}})));
    return invalid("current_password", "wrong", "The current password is not right.");
  }
  impl_->by_account.succeeded("p:" + by.id);
  if (impl_->now_known()->policy.passwords == PasswordPolicy::amazon_dpp &&
      impl_->clock.now() < time_in(before, "password_at").value_or(Time{}) + kPasswordAgeMin)
    return invalid("password", "young", "This password is not a day old yet. Change it tomorrow.");
  if (impl_->password_holds(before, next)) return invalid("password", "same", "The new password is the old one.");
  json::Value hashed = before;
  PF_TRY(impl_->set_password(hashed, next));
  return impl_->change_record(by.id, [&](storage::Write& work, json::Value& record) -> Result<> {
    impl_->take_password(record, hashed);
    PF_TRY(impl_->end_sessions(work, by.id));
    return impl_->tell(work, by, "password.change", person_object(by.id));
  });
}

Result<> Access::reset_owner_password(std::string_view password) {
  const auto known = impl_->now_known();
  const auto owner = std::ranges::find_if(known->people, [](const auto& entry) {
    return entry.second.account.role == kOwnerRole && entry.second.account.state == Account::State::active;
  });
  if (owner == known->people.end()) return error(ErrorCode::not_found, "There is no owner yet.");
  PF_LET(auto hashed, impl_->account_record(impl_->store.read(), owner->first));
  PF_TRY(impl_->set_password(hashed, password));
  return impl_->change_record(owner->first, [&](storage::Write& work, json::Value& record) -> Result<> {
    impl_->take_password(record, hashed);
    for (const char* factor : {"totp", "totp_step", "recovery", "passkeys"}) record.erase(factor);
    PF_TRY(impl_->end_sessions(work, owner->first));
    return impl_->tell(work, system_actor(), "password.reset", person_object(owner->first));
  });
}

Result<> Access::dismiss_notices(const Actor& by) {
  return impl_->change_record(by.id, [&](storage::Write&, json::Value& record) -> Result<> {
    record.erase("notices");
    return {};
  });
}

}  // namespace pf::access
