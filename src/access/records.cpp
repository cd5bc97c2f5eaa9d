// Records on disk and the values they stand for.
#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "access/access_impl.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::access {

std::optional<Time> time_in(const json::Value& record, std::string_view name) {
  const auto time = parse_time(text_in(record, name));
  return time.ok() ? std::optional<Time>(*time) : std::nullopt;
}
bool flag_in(const json::Value& record, std::string_view name) {
  const json::Value* value = record.find(name);
  return value != nullptr && value->as_bool() != nullptr && *value->as_bool();
}
std::vector<std::string> list_in(const json::Value& record, std::string_view name) {
  std::vector<std::string> out;
  if (const json::Value* list = record.find(name); list != nullptr && list->as_array() != nullptr)
    for (const json::Value& item : *list->as_array())
      if (item.as_string() != nullptr) out.push_back(*item.as_string());
  return out;
}
json::Value list_of(const std::vector<std::string>& list) {
  json::Value out = json::Value::array();
  for (const std::string& item : list) out.push(item);
  return out;
}

json::Value limits_value(const Limits& limits) {
  return json::Value::object({{"channels", list_of(limits.channels)},
                              {"categories", list_of(limits.categories)},
                              {"locales", list_of(limits.locales)},
                              {"personal", list_of(limits.personal)}});
}
Limits limits_in(const json::Value& record) {
  const json::Value* limits = record.find("limits");
  if (limits == nullptr) return {};
  return {list_in(*limits, "channels"), list_in(*limits, "categories"), list_in(*limits, "locales"),
          list_in(*limits, "personal")};
}

void check_limits(const Limits& limits, Faults& faults) {
  constexpr std::size_t kEntriesMax = 200, kEntryBytesMax = 200;
  const auto check = [&](const std::vector<std::string>& list, const char* field) {
    if (list.size() > kEntriesMax || std::ranges::any_of(list, [](const std::string& one) {
          return trim(one).empty() || one.size() > kEntryBytesMax || first_bad_utf8(one).has_value();
        }))
      faults.add(field, "length", "must be at most 200 names of 1 to 200 characters");
  };
  check(limits.channels, "limits.channels");
  check(limits.categories, "limits.categories");
  check(limits.locales, "limits.locales");
  for (const std::string& field : limits.personal)
    if (std::ranges::find(kPersonalFields, field) == std::end(kPersonalFields))
      faults.add("limits.personal", "unknown",
                 "must name shipping_customer, billing_customer, email, phone_number, comment or extra");
}

std::string typed_code() {
  // Without l and o, 0 and 1. 32 of them, so that each byte gives five even bits.
  constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";
  static_assert(kLetters.size() == 32);
  constexpr std::size_t kLength = 10;
  std::string code;
  for (const char c : crypto::random_bytes(kLength)) code.push_back(kLetters[static_cast<unsigned char>(c) % 32]);
  return code;
}
std::string with_dash(std::string_view typed_code) {
  return std::string(typed_code.substr(0, 5)) + "-" + std::string(typed_code.substr(5));
}

Result<std::optional<json::Value>> record_at(const storage::Reader& read, storage::FamilyRef family,
                                             std::string_view key) {
  PF_LET(const auto bytes, read.get(family, key));
  if (!bytes) return std::optional<json::Value>{};
  PF_LET(auto value, json::parse(*bytes));
  return std::optional<json::Value>(std::move(value));
}

std::string_view state_name(Account::State state) {
  switch (state) {
    case Account::State::invited:
      return "invited";
    case Account::State::active:
      return "active";
    case Account::State::stopped:
      return "stopped";
  }
  return "";
}

Account account_of(const json::Value& record) {
  Account account{.id = text_in(record, "id"),
                  .email = text_in(record, "email"),
                  .name = text_in(record, "name"),
                  .role = text_in(record, "role"),
                  .created_at = time_in(record, "created_at").value_or(Time{}),
                  .limits = limits_in(record),
                  .last_sign_in_at = time_in(record, "last_sign_in_at"),
                  .password_at = time_in(record, "password_at")};
  account.password = !text_in(record, "password").empty();
  account.totp = !text_in(record, "totp").empty();
  account.recovery_codes = list_in(record, "recovery").size();
  if (const json::Value* invitation = record.find("invitation"); invitation != nullptr)
    account.invited_until = time_in(*invitation, "until");
  if (const json::Value* keys = record.find("passkeys"); keys != nullptr && keys->as_array() != nullptr)
    for (const json::Value& key : *keys->as_array())
      account.passkeys.push_back({text_in(key, "id"), text_in(key, "name"), text_in(key, "rp_id"),
                                  flag_in(key, "alone"), time_in(key, "created_at").value_or(Time{}),
                                  time_in(key, "last_used_at")});
  if (const json::Value* notices = record.find("notices"); notices != nullptr && notices->as_array() != nullptr)
    for (const json::Value& one : *notices->as_array())
      account.notices.push_back({time_in(one, "at").value_or(Time{}), text_in(one, "address"), text_in(one, "agent")});
  const std::string state = text_in(record, "state");
  account.state = state == "invited"   ? Account::State::invited
                  : state == "stopped" ? Account::State::stopped
                                       : Account::State::active;  // also of accounts that older versions made
  return account;
}

Role role_of(const json::Value& record) {
  Role role{.name = text_in(record, "name"),
            .title = text_in(record, "title"),
            .limits = limits_in(record),
            .second_factor = flag_in(record, "second_factor")};
  for (const std::string& name : list_in(record, "permissions"))
    if (const auto permission = permission_named(name)) role.may.set(static_cast<std::size_t>(*permission));
  role.may = with_implied(role.may);
  return role;
}

Token token_of(const json::Value& record) {
  return {.id = text_in(record, "id"),
          .name = text_in(record, "name"),
          .scopes = list_in(record, "scopes"),
          .created_at = time_in(record, "created_at").value_or(Time{}),
          .expires_at = time_in(record, "expires_at"),
          .last_used_at = time_in(record, "last_used_at"),
          .user = text_in(record, "user"),
          .ranges = list_in(record, "ranges"),
          .certificate = flag_in(record, "certificate"),
          .last_address = text_in(record, "last_address")};
}
json::Value token_record(const Token& token) {
  json::Value record = json::Value::object({{"id", token.id},
                                            {"name", token.name},
                                            {"scopes", list_of(token.scopes)},
                                            {"created_at", rfc3339(token.created_at)}});
  if (token.expires_at) record.set("expires_at", rfc3339(*token.expires_at));
  if (token.last_used_at) record.set("last_used_at", rfc3339(*token.last_used_at));
  if (!token.user.empty()) record.set("user", token.user);
  if (!token.ranges.empty()) record.set("ranges", list_of(token.ranges));
  if (token.certificate) record.set("certificate", true);
  if (!token.last_address.empty()) record.set("last_address", token.last_address);
  return record;
}

json::Value session_record(const Session& s) {
  return json::Value::object({{"id", s.id},
                              {"user", s.user},
                              {"email", s.email},
                              {"started_at", rfc3339(s.started)},
                              {"seen_at", rfc3339(s.seen)},
                              {"fresh_at", rfc3339(s.fresh)},
                              {"browser", hex(s.browser)},
                              {"agent", s.agent},
                              {"address", s.address},
                              {"factors", s.factors}});
}
Session session_of_record(const json::Value& record) {
  Session session{.id = text_in(record, "id"),
                  .user = text_in(record, "user"),
                  .email = text_in(record, "email"),
                  .browser = unhex(text_in(record, "browser")).value_or(""),
                  .agent = text_in(record, "agent"),
                  .address = text_in(record, "address"),
                  .factors = text_in(record, "factors"),
                  .started = time_in(record, "started_at").value_or(Time{}),
                  .seen = time_in(record, "seen_at").value_or(Time{}),
                  .fresh = time_in(record, "fresh_at").value_or(Time{})};
  session.written = session.seen;
  return session;
}

std::string_view policy_name(PasswordPolicy policy) {
  return policy == PasswordPolicy::amazon_dpp ? "amazon-dpp" : "nist-asvs";
}
std::optional<PasswordPolicy> policy_named(std::string_view name) {
  for (const auto policy : {PasswordPolicy::nist_asvs, PasswordPolicy::amazon_dpp})
    if (policy_name(policy) == name) return policy;
  return std::nullopt;
}

std::string cookie_of(const http::Request& request, std::string_view name) {
  const std::string* header = http::find_header(request.headers, "cookie");
  if (header == nullptr) return {};
  for (std::string_view part : split(*header, ';')) {
    part = trim(part);
    if (part.starts_with(name) && part.substr(name.size()).starts_with('='))
      return std::string(part.substr(name.size() + 1));
  }
  return {};
}

std::string agent_of(const http::Request& request) {
  constexpr std::size_t kAgentBytesMax = 200;
  const std::string* header = http::find_header(request.headers, "user-agent");
  std::string agent = header == nullptr ? "" : header->substr(0, kAgentBytesMax);
  if (first_bad_utf8(agent)) agent.clear();
  return agent;
}

Caller caller_of(const http::Request& request) {
  const std::string* host = http::find_header(request.headers, "host");
  return {request.peer.address, agent_of(request), cookie_of(request, kDeviceCookie),
          host == nullptr ? "" : lower_ascii(*host), cookie_of(request, kSessionCookie)};
}

Error not_signed_in() {
  return error(ErrorCode::unauthenticated, "Your session has ended. Please sign in again.");
}
std::string person_object(std::string_view id) {
  return "user:" + std::string(id);
}

namespace {

// 16 bytes; IPv4 as ::ffff:a.b.c.d, so that one comparison does for both.
std::optional<std::string> address_bytes(std::string_view text) {
  const std::string address(text);
  std::string bytes(16, '\0');
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return bytes;
  std::string four(4, '\0');
  if (inet_pton(AF_INET, address.c_str(), four.data()) != 1) return std::nullopt;
  return std::string(10, '\0') + "\xff\xff" + four;
}
struct Range {
  std::string bytes;
  unsigned bits = 0;
};
std::optional<Range> range_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  const auto bytes = address_bytes(address);
  if (!bytes) return std::nullopt;
  const unsigned most = address.find(':') == std::string_view::npos ? 32 : 128;
  unsigned bits = most;
  if (slash != std::string_view::npos) {
    const std::string_view number = text.substr(slash + 1);
    const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), bits);
    if (fault != std::errc() || end != number.data() + number.size() || bits > most) return std::nullopt;
  }
  return Range{*bytes, bits + (128 - most)};
}

}  // namespace

std::string network_of(std::string_view address) {
  const auto bytes = address_bytes(address);
  const bool four = bytes && bytes->starts_with(std::string(10, '\0') + "\xff\xff");
  return !bytes || four ? std::string(address) : bytes->substr(0, 8);
}

std::optional<std::string> range_fault(std::string_view range) {
  if (range_of(range)) return std::nullopt;
  return "\"" + std::string(range.substr(0, 60)) + "\" is no range of addresses such as 192.0.2.0/24 or 2001:db8::/32";
}

bool address_within(std::string_view address, const std::vector<std::string>& ranges) {
  if (ranges.empty()) return true;
  const auto bytes = address_bytes(address);
  return bytes && std::ranges::any_of(ranges, [&](const std::string& text) {
           const auto range = range_of(text);
           if (!range) return false;
           for (unsigned bit = 0; bit < range->bits; ++bit)
             if (((bytes->at(bit / 8) ^ range->bytes[bit / 8]) >> (7 - bit % 8) & 1) != 0) return false;
           return true;
         });
}

}  // namespace pf::access
