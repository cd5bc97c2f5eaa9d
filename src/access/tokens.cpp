// Programs: tokens and certificates, each with what it may do, from where and until when.
#include <algorithm>

#include "access/access_impl.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::access {
namespace {

constexpr std::string_view kTokenPrefix = "pf_";  // recognisable to secret scanners

Result<Permissions> check_token(const NewToken& token, Time now) {
  Faults faults;
  constexpr std::size_t kNameBytesMax = 100, kRangesMax = 50;
  const std::string_view plain = trim(token.name);
  if (plain.empty() || plain.size() > kNameBytesMax) faults.add("name", "length", "must have 1 to 100 characters");
  if (token.scopes.empty()) faults.add("scopes", "required", "must name at least one permission, or all");
  Permissions may;
  for (std::size_t i = 0; i < token.scopes.size(); ++i) {
    const auto permission = permission_named(token.scopes[i]);
    if (token.scopes[i] == "all")
      may = all_permissions();
    else if (permission)
      may.set(static_cast<std::size_t>(*permission));
    else
      faults.add("scopes[" + std::to_string(i) + "]", "unknown",
                 "\"" + token.scopes[i].substr(0, 40) + "\" is not a permission; use one such as orders.read, or all");
  }
  if (token.expires_at && *token.expires_at <= now) faults.add("expires_at", "past", "must be in the future");
  if (token.ranges.size() > kRangesMax) faults.add("ranges", "length", "must be at most 50 ranges");
  for (std::size_t i = 0; i < token.ranges.size(); ++i)
    if (const auto fault = range_fault(token.ranges[i]))
      faults.add("ranges[" + std::to_string(i) + "]", "format", *fault);
  PF_TRY(std::move(faults).checked());
  return may;
}

json::Value token_details(const Token& token) {
  return json::Value::object(
      {{"name", token.name},
       {"scopes", list_of(token.scopes)},
       {"ranges", list_of(token.ranges)},
       {"certificate", token.certificate},
       {"expires_at", token.expires_at ? json::Value(rfc3339(*token.expires_at)) : json::Value()}});
}

Token new_token(const Actor& by, const NewToken& wanted, bool certificate, Time now) {
  return {.id = hex(crypto::random_bytes(8)),
          .name = std::string(trim(wanted.name)),
          .scopes = wanted.scopes,
          .created_at = now,
          .expires_at = wanted.expires_at,
          .last_used_at = {},
          .user = by.user,
          .ranges = wanted.ranges,
          .certificate = certificate,
          .last_address = {}};
}

// What a program of `user` is confined to; one of the machine's to nothing.
Limits limits_of(const Directory& known, std::string_view user) {
  const auto person = known.people.find(user);
  return person == known.people.end() || !person->second.limits ? Limits() : *person->second.limits;
}

Result<> room_for_one(const storage::Reader& read, storage::FamilyRef family) {
  std::size_t count = 0;
  for (auto row = read.scan_prefix(family, "t"); row.valid(); row.next()) ++count;
  if (count < kTokensMax) return {};
  return error(ErrorCode::conflict, "There are 1,000 programs already. Remove those that are not used any more.");
}

}  // namespace

Result<> Access::may_create(const Actor& by, const NewToken& wanted) const {
  PF_LET(const Permissions may, check_token(wanted, impl_->clock.now()));
  return impl_->may_give(by, may, limits_of(*impl_->now_known(), by.user), "scopes");
}

Result<std::pair<std::string, Token>> Access::create_token(const Actor& by, const NewToken& wanted) {
  PF_TRY(may_create(by, wanted));
  std::string secret = std::string(kTokenPrefix) + base64url(crypto::random_bytes(32));
  const Token token = new_token(by, wanted, false, impl_->clock.now());
  PF_TRY(impl_->store.write([&](storage::Write& work) -> Result<> {
    PF_TRY(room_for_one(work, impl_->family));
    impl_->put(work, token_key(crypto::sha256(secret)), token_record(token));
    return impl_->tell(work, by, "token.create", "token:" + token.id, token_details(token));
  }));
  return std::pair(std::move(secret), token);
}

Result<Token> Access::register_certificate(const Actor& by, const NewToken& wanted, std::string_view der) {
  PF_TRY(may_create(by, wanted));
  const Token token = new_token(by, wanted, true, impl_->clock.now());
  PF_TRY(impl_->store.write([&](storage::Write& work) -> Result<> {
    PF_TRY(room_for_one(work, impl_->family));
    impl_->put(work, token_key(crypto::sha256(der)), token_record(token));
    return impl_->tell(work, by, "token.create", "token:" + token.id, token_details(token));
  }));
  return token;
}

Result<std::pair<std::string, Token>> Access::rotate_token(const Actor& by, std::string_view id,
                                                           std::chrono::hours overlap) {
  std::string secret = std::string(kTokenPrefix) + base64url(crypto::random_bytes(32));
  Token fresh;
  PF_TRY(impl_->store.write([&](storage::Write& work) -> Result<> {
    const Time now = impl_->clock.now();
    for (auto row = work.scan_prefix(impl_->family, "t"); row.valid(); row.next()) {
      PF_LET(const auto record, json::parse(row.value()));
      if (text_in(record, "id") != id) continue;
      Token old = token_of(record);
      if (old.certificate)
        return error(ErrorCode::conflict, "A certificate is replaced by a new one: productflow client new.");
      PF_LET(const Permissions may, check_token({old.name, old.scopes, {}, old.ranges}, now));
      PF_TRY(impl_->may_give(by, may, limits_of(*impl_->now_known(), old.user), "scopes"));
      PF_TRY(room_for_one(work, impl_->family));
      fresh = old;
      fresh.id = hex(crypto::random_bytes(8));
      fresh.created_at = now;
      fresh.last_used_at = std::nullopt;
      fresh.last_address.clear();
      if (old.expires_at) fresh.expires_at = now + (*old.expires_at - old.created_at);  // as long as the old one had
      const Time ends = now + overlap;
      old.expires_at = old.expires_at ? std::min(*old.expires_at, ends) : ends;
      impl_->put(work, row.key(), token_record(old));
      impl_->put(work, token_key(crypto::sha256(secret)), token_record(fresh));
      work.after_commit([this, gone = old.id] {
        impl_->forget_tokens([&](const auto& entry) { return entry.second.token.id == gone; });
      });
      return impl_->tell(work, by, "token.rotate", "token:" + old.id, token_details(fresh));
    }
    return error(ErrorCode::not_found, "There is no such token.");
  }));
  return std::pair(std::move(secret), fresh);
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

Result<> Access::Impl::remove_program(storage::Write& work, const Actor& by, std::string_view key,
                                      const json::Value& record) {
  const std::string id = text_in(record, "id");
  work.erase(family, key);
  work.after_commit([this, id] { forget_tokens([&](const auto& entry) { return entry.second.token.id == id; }); });
  if (also_gone) PF_TRY(also_gone(work, id));  // what it made that answers to nobody
  return tell(work, by, "token.remove", "token:" + id, json::Value::object({{"name", text_in(record, "name")}}));
}

Result<> Access::remove_token(const Actor& by, std::string_view id) {
  return impl_->store.write_even_when_full([&](storage::Write& work) -> Result<> {
    for (auto row = work.scan_prefix(impl_->family, "t"); row.valid(); row.next()) {
      PF_LET(const auto record, json::parse(row.value()));
      if (text_in(record, "id") == id) return impl_->remove_program(work, by, row.key(), record);
    }
    return error(ErrorCode::not_found, "There is no such token.");
  });
}

}  // namespace pf::access
