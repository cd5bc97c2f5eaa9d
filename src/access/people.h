// The nouns of access: people, their factors and devices, programs, the shop's settings. Plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/actor.h"
#include "access/roles.h"
#include "json/json.h"
#include "productflow/clock.h"

namespace pf::access {

struct Passkey {
  std::string id{};  // of its record: hex, not the credential's own
  std::string name{}, rp_id{};
  bool alone = false;  // knows its person by PIN or finger, so it signs in without a password
  Time created_at{};
  std::optional<Time> last_used_at{};
};

// Somewhere that a person signed in for the first time; shown until he has said that it was he.
struct Notice {
  Time at{};
  std::string address{}, agent{};
};

struct Account {
  std::string id{}, email{}, name{}, role{};
  enum class State { invited, active, stopped } state = State::active;
  Time created_at{};
  Limits limits{};  // of this person, beside the role's
  std::optional<Time> invited_until{}, last_sign_in_at{}, password_at{};
  bool password = false, totp = false;
  std::size_t recovery_codes = 0;  // that are left
  std::vector<Passkey> passkeys{};
  std::vector<Notice> notices{};
  bool has_second_factor() const { return totp || !passkeys.empty(); }
};
std::string_view state_name(Account::State state);

// As it stands in records, the log and answers.
json::Value limits_value(const Limits& limits);

struct NewPerson {
  std::string email, name, role;
  Limits limits{};
};
// What is absent stays.
struct PersonChange {
  std::optional<std::string> name{}, role{};
  std::optional<Limits> limits{};
  std::optional<bool> stopped{};  // an account that sleeps: its sessions and tokens end, its work stays
};

// One place where a person is signed in.
struct Device {
  std::string id{};  // of the session, not its secret
  std::string address{}, agent{};
  std::string factors{};  // "password", "password+totp", "passkey"
  Time started_at{}, seen_at{}, ends_at{};
};

// A program's token, or its certificate.
struct Token {
  std::string id{}, name{};
  std::vector<std::string> scopes{};  // permission names, or "all"
  Time created_at{};
  std::optional<Time> expires_at{}, last_used_at{};
  std::string user{};  // whoever made it: it can do no more than he, and ends with him; empty: the machine
  std::vector<std::string> ranges{};  // addresses that it may come from: "192.0.2.0/24"; none: from anywhere
  bool certificate = false;
  std::string last_address{};
};
struct NewToken {
  std::string name;
  std::vector<std::string> scopes;
  std::optional<Time> expires_at{};
  std::vector<std::string> ranges{};
};

struct ShopSettings {
  std::string shop_name = "My shop", company_number = "1", currency = "EUR", time_zone = "Europe/Amsterdam";
};

// How people prove who they are. amazon_dpp is what Amazon asks of whoever holds its buyers' data (DPP 1.4).
enum class PasswordPolicy { nist_asvs, amazon_dpp };
std::string_view policy_name(PasswordPolicy policy);  // "nist-asvs"
std::optional<PasswordPolicy> policy_named(std::string_view name);
struct SignInPolicy {
  PasswordPolicy passwords = PasswordPolicy::nist_asvs;
  bool second_factor_for_all = false;  // always with amazon_dpp
  bool asks_everybody() const { return second_factor_for_all || passwords == PasswordPolicy::amazon_dpp; }
};

}  // namespace pf::access
