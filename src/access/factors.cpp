// Second factors of one's own: the app's codes, passkeys, and the codes for a lost phone.
#include <algorithm>

#include "access/access_impl.h"
#include "access/passkey.h"
#include "access/totp.h"
#include "productflow/text.h"

namespace pf::access {
namespace {

Result<> is_person(const Actor& by) {
  if (by.kind == Actor::Kind::user) return {};
  return error(ErrorCode::forbidden, "Only a signed-in person has factors of his own.");
}

std::string user_handle(std::string_view id) {
  return base64url(id);  // no personal data (WebAuthn section 14.6.1)
}

}  // namespace

std::vector<std::string> Access::Impl::make_recovery_codes(json::Value& account) const {
  std::vector<std::string> codes, hashes;
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    const std::string code = typed_code();
    codes.push_back(with_dash(code));
    hashes.push_back(keyed_hash("recovery", code));
  }
  account.set("recovery", list_of(hashes));
  return codes;
}

Result<Access::NewTotp> Access::begin_totp(const Actor& by, std::string_view shop_name) {
  PF_TRY(is_person(by));
  const std::string secret = crypto::random_bytes(kTotpSecretBytes);
  PF_TRY(impl_->change_record(by.id, [&](storage::Write&, json::Value& record) -> Result<> {
    record.set("totp_wanted", impl_->seal(by.id, secret));
    return {};
  }));
  return NewTotp{base32(secret), totp_uri(secret, shop_name, by.name)};
}

Result<std::vector<std::string>> Access::finish_totp(const Actor& by, std::string_view code) {
  PF_TRY(is_person(by));
  PF_TRY(impl_->by_account.count("e:" + by.id, impl_->clock.since_boot()));
  std::vector<std::string> codes;
  bool wrong = false;
  auto done = impl_->change_record(by.id, [&](storage::Write& work, json::Value& record) -> Result<> {
    const std::string sealed = text_in(record, "totp_wanted");
    const auto secret = sealed.empty() ? std::nullopt : impl_->open(by.id, sealed);
    if (!secret) return error(ErrorCode::conflict, "Begin with a new QR code first.");
    std::string plain;
    for (const char c : code.substr(0, 40))
      if (c != ' ') plain.push_back(c);
    const auto step = totp_step(*secret, plain, impl_->box.now(), 0);
    wrong = !step;
    if (wrong)
      return invalid("code", "wrong",
                     "This code is not right. Check that the clock of your phone is, and that of the machine that runs "
                     "ProductFlow, and try again.");
    record.erase("totp_wanted");
    record.set("totp", sealed);
    record.set("totp_step", *step);
    if (list_in(record, "recovery").empty()) codes = impl_->make_recovery_codes(record);
    return impl_->tell(work, by, "factor.add", person_object(by.id), json::Value::object({{"factor", "totp"}}));
  });
  if (!wrong) impl_->by_account.take_back("e:" + by.id);
  PF_TRY(std::move(done));
  return codes;
}

Result<> Access::remove_totp(const Actor& by) {
  PF_TRY(is_person(by));
  return impl_->change_record(by.id, [&](storage::Write& work, json::Value& record) -> Result<> {
    if (!record.erase("totp")) return error(ErrorCode::not_found, "There is no app to remove.");
    record.erase("totp_step");
    if (!account_of(record).has_second_factor()) record.erase("recovery");
    return impl_->tell(work, by, "factor.remove", person_object(by.id), json::Value::object({{"factor", "totp"}}));
  });
}

Result<std::vector<std::string>> Access::new_recovery_codes(const Actor& by) {
  PF_TRY(is_person(by));
  std::vector<std::string> codes;
  PF_TRY(impl_->change_record(by.id, [&](storage::Write& work, json::Value& record) -> Result<> {
    if (!account_of(record).has_second_factor())
      return error(ErrorCode::conflict,
                   "Recovery codes replace a lost second factor. Set up an app or a passkey first.");
    codes = impl_->make_recovery_codes(record);
    return impl_->tell(work, by, "factor.recovery_codes", person_object(by.id));
  }));
  return codes;
}

Result<json::Value> Access::begin_passkey(const Actor& by, const Caller& caller, std::string_view shop_name) {
  PF_TRY(is_person(by));
  PF_LET(const auto record, impl_->account_record(impl_->store.read(), by.id));
  Pending asked{.what = Pending::For::enrol, .user = by.id, .session = by.session};
  static_cast<void>(impl_->passkey_question(nullptr, asked, caller));  // challenge, origin and the site's name
  json::Value known = json::Value::array();
  if (const json::Value* keys = record.find("passkeys"); keys != nullptr && keys->as_array() != nullptr)
    for (const json::Value& key : *keys->as_array())
      if (text_in(key, "rp_id") == asked.rp_id)
        known.push(json::Value::object({{"type", "public-key"}, {"id", text_in(key, "credential")}}));
  json::Value kinds = json::Value::array();
  for (const int alg : {-7, -8, -257})  // ES256, EdDSA, RS256
    kinds.push(json::Value::object({{"type", "public-key"}, {"alg", alg}}));
  json::Value options = json::Value::object(
      {{"challenge", asked.challenge},
       {"rp", json::Value::object({{"id", asked.rp_id}, {"name", shop_name}})},
       {"user", json::Value::object({{"id", user_handle(by.id)}, {"name", by.name}, {"displayName", by.name}})},
       {"pubKeyCredParams", std::move(kinds)},
       {"timeout", 300'000},
       {"attestation", "none"},
       {"excludeCredentials", std::move(known)},
       {"authenticatorSelection",
        json::Value::object({{"residentKey", "preferred"}, {"userVerification", "preferred"}})}});
  return json::Value::object({{"ticket", impl_->tickets.keep(std::move(asked), caller, impl_->clock.now())},
                              {"question", std::move(options)}});
}

Result<std::vector<std::string>> Access::finish_passkey(const Actor& by, std::string_view name, std::string_view ticket,
                                                        std::string_view client_data, std::string_view attestation,
                                                        const Caller& caller) {
  PF_TRY(is_person(by));
  const auto asked = impl_->tickets.take_try(ticket, Pending::For::enrol, caller, impl_->clock.now());
  if (!asked || asked->user != by.id || asked->session != by.session)
    return error(ErrorCode::conflict, "That took too long. Please begin again.");
  const std::string_view title = trim(name);
  constexpr std::size_t kNameBytesMax = 100;
  if (title.empty() || title.size() > kNameBytesMax || first_bad_utf8(title))
    return invalid("name", "length", "name must have 1 to 100 characters");
  PF_LET(const auto made, read_new_passkey({asked->challenge, asked->origin, asked->rp_id}, client_data, attestation));
  const std::string credential = base64url(made.id);
  std::vector<std::string> codes;
  PF_TRY(impl_->change_record(by.id, [&](storage::Write& work, json::Value& record) -> Result<> {
    for (auto row = work.scan_prefix(impl_->family, "u"); row.valid(); row.next()) {
      PF_LET(const auto other, json::parse(row.value()));
      const json::Value* keys = other.find("passkeys");
      if (keys != nullptr && keys->as_array() != nullptr &&
          std::ranges::any_of(*keys->as_array(),
                              [&](const json::Value& key) { return text_in(key, "credential") == credential; }))
        return error(ErrorCode::conflict, "This passkey is here already.");
    }
    json::Value keys = record.find("passkeys") != nullptr ? *record.find("passkeys") : json::Value::array();
    if (keys.as_array()->size() >= kPasskeysMax)
      return error(ErrorCode::conflict, "There are 20 passkeys already. Remove those that are not used any more.");
    const std::string id = hex(crypto::random_bytes(8));
    keys.push(json::Value::object({{"id", id},
                                   {"credential", credential},
                                   {"key", base64url(made.key)},
                                   {"count", made.count},
                                   {"name", title},
                                   {"rp_id", asked->rp_id},
                                   {"alone", made.verified},
                                   {"created_at", rfc3339(impl_->clock.now())}}));
    record.set("passkeys", std::move(keys));
    if (list_in(record, "recovery").empty()) codes = impl_->make_recovery_codes(record);
    return impl_->tell(work, by, "factor.add", person_object(by.id),
                       json::Value::object({{"factor", "passkey"}, {"passkey", id}}));
  }));
  impl_->tickets.drop(ticket);
  return codes;
}

Result<> Access::remove_passkey(const Actor& by, std::string_view id) {
  PF_TRY(is_person(by));
  return impl_->change_record(by.id, [&](storage::Write& work, json::Value& record) -> Result<> {
    json::Value keys = record.find("passkeys") != nullptr ? *record.find("passkeys") : json::Value::array();
    if (std::erase_if(*keys.as_array(), [&](const json::Value& key) { return text_in(key, "id") == id; }) == 0)
      return error(ErrorCode::not_found, "There is no such passkey.");
    record.set("passkeys", std::move(keys));
    if (!account_of(record).has_second_factor()) record.erase("recovery");
    return impl_->tell(work, by, "factor.remove", person_object(by.id),
                       json::Value::object({{"factor", "passkey"}, {"passkey", id}}));
  });
}

}  // namespace pf::access
