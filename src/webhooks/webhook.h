// The nouns: hosts, hooks, deliveries. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "productflow/clock.h"

namespace pf::webhooks {

// Where the shop may send to. Nothing that is not named here is ever connected to.
struct Host {
  std::string place;             // "hooks.example.com" or "hooks.example.com:8443"
  bool private_network = false;  // may be in the owner's own network, or on this machine
  std::string authority{};       // PEM: the only one whose certificates are trusted there; empty: the machine's
  std::string by{};
  Time at{};
};

struct Hook {
  std::string id;  // a UUID
  std::string url, description;
  std::vector<std::string> types;  // none: all
  bool enabled = true;
  std::string disabled_because{};       // a sentence, when nobody has switched it off
  std::uint64_t from = 0;               // the first event that it is told
  std::optional<Time> failing_since{};  // nothing has arrived since then
  std::optional<Time> old_secret_until{};
  std::string by{};
  Time created_at{}, updated_at{};
};

struct Attempt {
  Time at{};
  int status = 0;  // of the answer; 0: there was none
  milliseconds took{};
  std::string answer{};  // its beginning, or why there was none
};

// pending -> delivered, or failed after the last attempt; replayed: pending again.
enum class DeliveryStatus { pending, delivered, failed };
std::string_view status_name(DeliveryStatus status);

struct Delivery {
  std::uint64_t number = 0;  // of the hook
  std::uint64_t event = 0;   // its number; 0: a test
  std::string type;
  Time event_at{}, created_at{};
  DeliveryStatus status = DeliveryStatus::pending;
  std::uint32_t tries = 0;  // since it was last asked for
  std::optional<Time> next_at{};
  std::vector<Attempt> attempts{};  // the newest kAttemptsKept, oldest first
};

}  // namespace pf::webhooks
